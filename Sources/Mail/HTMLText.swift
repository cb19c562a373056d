// SPDX-License-Identifier: Apache-2.0

internal import CLibXML

/// HTML → the text that a reader sees, in UTF-8; `TextNormalizer` folds it afterwards.
///
/// Rows and blocks end a line, cells are separated by a border, so that `label value` stays on one
/// line. An element that is closed inside a cell ends no line when the next thing is a cell.
///
///     <tr><td>01.02.2026</td><td></td><td>1.250,00</td><td>&nbsp;</td></tr>
///     01.02.2026 ¦ ¦ 1.250,00 ¦
///
/// An empty cell keeps its place, also the first and the last one of a row; a row without any text
/// leaves nothing. A cell that is not displayed is none. One that spans columns or rows is one
/// cell: its row has fewer of them than the others. Where a line ends inside of a row, by `<br>`
/// or a table within a cell, the next line begins with what is next, and has fewer as well.
struct HTMLText {
    /// Bytes of one style attribute that are looked at.
    private static let styleBytesMax = 4096
    /// Cells without text side by side; the widest statements have some dozens of columns.
    private static let emptyCellsMax = 500

    private(set) var notes: Set<Message.Note> = []
    private var isTruncated = false

    private enum Gap: UInt8 { case none, blank, line, row }

    private var out: [UInt8] = []
    private var gap = Gap.row
    /// Borders of cells since the last text, behind `gap`.
    private var borders = 0
    /// The next cell is the first one of its line.
    private var beginsRow = true
    private var frames: [Frame] = []
    private var frame = Frame()
    private var sheet = StyleSheet()
    private var path = StyleSheet.Path()
    /// Lines begun so far: only the first one of a box is indented.
    private var lines = 0
    /// A raised or lowered piece of text begins or ends here.
    private var isRaisedNext = false
    /// Text was left out for its colour.
    private var hidesByColour = false
    /// What came since may lie under it, or colour it.
    private var isColourDoubtful = false
    /// Valid while it reads.
    private var parser: htmlParserCtxtPtr?
    private let depthMax: Int
    private let bytesMax: Int

    /// libxml2's own tables. Two threads that make its first parser at once wait for ever, so one
    /// makes them alone.
    private static let library: Void = xmlInitParser()

    /// - Parameter seesColours: false when all text counts as seen, whatever its colour.
    private init(bytes: Int, limits: MailLimits, seesColours: Bool) {
        isColourDoubtful = !seesColours
        depthMax = limits.elementDepthMax
        // Blanks fold away later; four times what is kept is room enough for them.
        bytesMax = limits.textBytesMax * 4
        out.reserveCapacity(min(bytes, bytesMax))
    }

    /// The text of `html`, which is UTF-8 whatever a `<meta>` in it says.
    static func read(
        _ html: [UInt8], limits: MailLimits
    ) -> (text: [UInt8], notes: Set<Message.Note>) {
        _ = library
        let html = HTMLRepair.mended(html)
        var reader = HTMLText(bytes: html.count, limits: limits, seesColours: true)
        reader.read(html)
        // What decides about a colour may come behind it: then the text is kept.
        if reader.hidesByColour, reader.isColourDoubtful {
            reader = HTMLText(bytes: html.count, limits: limits, seesColours: false)
            reader.read(html)
        }
        return (reader.out, reader.notes)
    }

    private mutating func read(_ html: [UInt8]) {
        var handler = htmlSAXHandler()
        handler.startElement = { receiver, name, attributes in
            guard let name else { return }
            HTMLText.at(receiver)?.pointee.start(name, attributes)
        }
        handler.endElement = { receiver, _ in HTMLText.at(receiver)?.pointee.end() }
        handler.characters = { receiver, text, count in
            let text = UnsafeBufferPointer(start: text, count: Int(count))
            HTMLText.at(receiver)?.pointee.take(text)
        }
        handler.ignorableWhitespace = handler.characters
        html.withUnsafeBytes { bytes in
            parser = html_open(
                bytes.baseAddress?.assumingMemoryBound(to: CChar.self), Int32(clamping: bytes.count)
            )
            guard let parser else { return }
            withUnsafeMutablePointer(to: &self) { html_read(parser, &handler, $0) }
            html_close(parser)
        }
    }

    private static func at(
        _ receiver: UnsafeMutableRawPointer?
    ) -> UnsafeMutablePointer<HTMLText>? {
        receiver?.assumingMemoryBound(to: HTMLText.self)
    }

    // MARK: - Events

    private mutating func start(
        _ name: UnsafePointer<UInt8>, _ attributes: UnsafeMutablePointer<UnsafePointer<UInt8>?>?
    ) {
        if isTruncated { return }
        guard frames.count < depthMax else {
            // Each end tag is looked for in all that is open: depth is what hostile pages pay with.
            stop()
            return
        }
        frames.append(frame)
        let around = frame.kind
        let key = Self.key(name)
        if key == Self.overrideKey { notes.insert(.bidirectionalControls) }
        frame.begin(Self.kinds[key], in: around)
        frame.isOfTable =
            frame.kind == .row || frame.kind == .cell || Self.groupKeys.contains(key)
        readAttributes(attributes, of: name, key)
        // What is not displayed takes no place in its row, and ends none.
        if frame.isUndisplayed { frame.kind = frame.kind.undisplayed }
        if frame.kind.isBox || frame.kind == .lineBreak || frame.beginsBox { lines += 1 }
        frame.beginLine(lines)
        frame.isRaised = key == Self.supKey || key == Self.subKey
        if frame.isRaised { isRaisedNext = true }
        switch frame.kind {
        case .inline, .link, .control: if frame.endsLines { widen(.line) }
        case .block, .lineBreak: widen(.line)
        case .row: beginRow()
        case .cell: beginCell()
        case .skipped: frame.isSkipped = true
        case .sheet: (frame.isSkipped, frame.isSheet) = (true, true)
        case .preformatted:
            frame.isPreformatted = true
            widen(.line)
        }
    }

    private mutating func readAttributes(
        _ attributes: UnsafeMutablePointer<UnsafePointer<UInt8>?>?,
        of element: UnsafePointer<UInt8>, _ key: UInt64
    ) {
        var style = DeclaredStyle()
        var own: UnsafePointer<UInt8>?
        var classes: UnsafePointer<UInt8>?
        var id: UnsafePointer<UInt8>?
        var media: UnsafePointer<UInt8>?
        var attribute = attributes
        while let pair = attribute, let name = pair[0] {
            switch Self.key(name) {
            case Self.styleKey: own = pair[1]
            case Self.classKey: classes = pair[1]
            case Self.idKey: id = pair[1]
            case Self.mediaKey: media = pair[1]
            case Self.hiddenKey: style.hide()
            case let name: Self.paint(&style, name, pair[1], of: key, frame.kind)
            }
            attribute = pair + 2
        }
        if frame.kind == .sheet { sheet.begin(media: media.map(Self.value)) }
        if key == Self.linkKey {
            // It may lead to a sheet.
            sheet.lose()
            isColourDoubtful = isColourDoubtful || hidesByColour
        }
        path.enter(
            StyleSheet.bytes(element), id: id.map(StyleSheet.bytes),
            classes: classes.map(StyleSheet.bytes))
        if !sheet.isEmpty {
            sheet.add(to: &style, in: path)
            if sheet.perhapsHides(path) { frame.isPerhapsHidden = true }
        }
        if let own {
            let text = Self.text(own)
            style.read(text)
            if text.count == Self.styleBytesMax { style.setEffects() }
        }
        if style.saysNothing { return }
        if style.turnsText { notes.insert(.bidirectionalControls) }
        frame.wear(style)
        let mayLieUnder = style.isMoved || key == Self.colKey && style.hasGround
        if mayLieUnder, !frame.isHidden { isColourDoubtful = true }
    }

    /// What elements say about colours without a style.
    private static func paint(
        _ style: inout DeclaredStyle, _ name: UInt64, _ value: UnsafePointer<UInt8>?,
        of element: UInt64, _ kind: Kind
    ) {
        guard let value, value[0] != 0 else { return }
        let isGround = kind == .row || kind == .cell || groundKeys.contains(element)
        switch name {
        case groundKey where isGround: style.setGround(attribute: Self.value(value))
        case pictureKey where isGround: style.setPicture()
        case colorKey where element == fontKey: style.setColor(attribute: Self.value(value))
        case textKey where element == bodyKey: style.setColor(attribute: Self.value(value))
        default: break
        }
    }

    private static func value(_ value: UnsafePointer<UInt8>) -> StyleValue {
        StyleValue(text(value)[...])
    }

    /// The beginning of a style attribute; real ones stay below 1,000 bytes.
    private static func text(_ value: UnsafePointer<UInt8>) -> UnsafeBufferPointer<UInt8> {
        var length = 0
        while length < styleBytesMax, value[length] != 0 { length += 1 }
        return UnsafeBufferPointer(start: value, count: length)
    }

    private mutating func end() {
        let kind = frame.kind
        let endsLines = frame.endsLines
        if frame.isRaised { isRaisedNext = true }
        frame = frames.popLast() ?? Frame()
        path.leave()
        switch kind {
        case .block, .preformatted: widen(.line)
        case .row: endRow()
        case .sheet:
            sheet.read()
            isColourDoubtful = isColourDoubtful || hidesByColour
        case .inline, .link, .control: if endsLines { widen(.line) }
        case .cell, .lineBreak, .skipped: break
        }
        if kind.isBox { lines += 1 }
    }

    private mutating func beginRow() {
        gap = .row
        borders = 0
        beginsRow = true
    }

    private mutating func beginCell() {
        if beginsRow {
            beginsRow = false
            return
        }
        guard borders < Self.emptyCellsMax else {
            stop()
            return
        }
        borders += 1
        // The cell wins over the line that its neighbour's content ended.
        if gap != .row { gap = .none }
    }

    private mutating func endRow() {
        if gap != .row { writeBorders() }
        beginRow()
    }

    private mutating func take(_ text: UnsafeBufferPointer<UInt8>) {
        if isTruncated { return }
        if frame.isSkipped {
            if frame.isSheet { sheet.take(text) }
            return
        }
        if frame.isHidden || frame.isIndentedAway(in: lines) {
            if !Self.isBlank(text) { notes.insert(.hiddenText) }
            return
        }
        if frame.isUnseenByColour, frame.kind != .row, !isColourDoubtful, !Self.isBlank(text) {
            notes.insert(.hiddenText)
            hidesByColour = true
            return
        }
        if frame.isPerhapsHidden, !Self.isBlank(text) { notes.insert(.perhapsHiddenText) }
        if frame.isPreformatted {
            // The line that begins with the element is that of its cell.
            let text = borders == 0 ? text : Self.withoutLeadingBlanks(text)
            if text.isEmpty { return }
            flush()
            append(text)
            return
        }
        if Self.isBlank(text) {
            widen(.blank)
            return
        }
        keepApart(text)
        flush()
        append(text)
    }

    /// What is raised says something else than the number beside it: `50<sup>00</sup>` is not 5000.
    private mutating func keepApart(_ text: UnsafeBufferPointer<UInt8>) {
        guard isRaisedNext else { return }
        isRaisedNext = false
        func isDigit(_ byte: UInt8?) -> Bool { byte.map { (48...57).contains($0) } ?? false }
        if isDigit(out.last), isDigit(text.first) { widen(.blank) }
    }

    private mutating func append(_ text: UnsafeBufferPointer<UInt8>) {
        guard out.count + text.count <= bytesMax else {
            stop()
            return
        }
        if frame.isPreformatted {
            for byte in text { out.append(byte == ASCII.cellBorder ? ASCII.blank : byte) }
            return
        }
        for byte in text { out.append(byte < 32 ? ASCII.blank : byte) }
    }

    private mutating func stop() {
        isTruncated = true
        notes.insert(.truncated)
        borders = 0
        xmlStopParser(parser)
    }

    /// At the start of a cell nothing is between it and its border.
    private mutating func widen(_ wish: Gap) {
        if borders == 0, wish.rawValue > gap.rawValue { gap = wish }
    }

    private mutating func flush() {
        if gap == .none, borders == 0 { return }
        beginsRow = false
        switch gap {
        case .none: break
        case .blank: out.append(ASCII.blank)
        case .line, .row: out.append(ASCII.lineFeed)
        }
        gap = .none
        writeBorders()
    }

    private mutating func writeBorders() {
        // Of the borders too, no more is kept than of all text; what follows says that it is cut.
        let room = max(0, bytesMax - out.count)
        for _ in 0..<min(borders, room) { out.append(ASCII.cellBorder) }
        borders = 0
    }

    private static func withoutLeadingBlanks(
        _ text: UnsafeBufferPointer<UInt8>
    ) -> UnsafeBufferPointer<UInt8> {
        UnsafeBufferPointer(rebasing: text.drop { $0 <= ASCII.blank })
    }

    /// White space and no-break spaces: what makes an empty cell.
    private static func isBlank(_ text: UnsafeBufferPointer<UInt8>) -> Bool {
        var index = 0
        while index < text.count {
            if text[index] <= 32 {
                index += 1
            } else if text[index] == 0xC2, index + 1 < text.count, text[index + 1] == 0xA0 {
                index += 2
            } else {
                return false
            }
        }
        return true
    }
}
