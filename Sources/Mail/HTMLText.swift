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
    /// Bytes of `<![if …]>`; real ones stay below 60.
    private static let conditionBytesMax = 200
    /// Bytes of one style attribute that are looked at.
    private static let styleBytesMax = 4096
    /// Cells without text side by side; the widest statements have some dozens of columns.
    private static let emptyCellsMax = 500

    private(set) var hidesText = false
    private(set) var isTruncated = false

    private enum Gap: UInt8 { case none, blank, line, row }

    /// What an element means for the text in it; inherited from the one around it.
    fileprivate struct Frame {
        var isSkipped = false
        var isUndisplayed = false
        var isInvisible = false
        var isTiny = false
        var isTransparent = false
        /// The text is a style sheet.
        var isSheet = false
        var isPreformatted = false
        var kind = Kind.inline

        var isHidden: Bool { isUndisplayed || isInvisible || isTiny || isTransparent }
    }

    enum Kind {
        case inline, block, row, cell, lineBreak, skipped, sheet, preformatted

        var undisplayed: Kind { self == .row ? .block : self == .cell ? .inline : self }
    }

    private var out: [UInt8] = []
    private var gap = Gap.row
    /// Borders of cells since the last text, behind `gap`.
    private var borders = 0
    /// The next cell is the first one of its line.
    private var beginsRow = true
    private var frames: [Frame] = []
    private var frame = Frame()
    private var sheet = StyleSheet()
    /// Valid while it reads.
    private var parser: htmlParserCtxtPtr?
    private let depthMax: Int
    private let bytesMax: Int

    /// libxml2's own tables. Two threads that make its first parser at once wait for ever, so one
    /// makes them alone.
    private static let library: Void = xmlInitParser()

    private init(bytes: Int, limits: MailLimits) {
        depthMax = limits.elementDepthMax
        // Blanks fold away later; four times what is kept is room enough for them.
        bytesMax = limits.textBytesMax * 4
        out.reserveCapacity(min(bytes, bytesMax))
    }

    /// The text of `html`, which is UTF-8 whatever a `<meta>` in it says.
    static func read(
        _ html: [UInt8], limits: MailLimits
    ) -> (text: [UInt8], hidesText: Bool, isTruncated: Bool) {
        _ = library
        let html = withoutConditions(html)
        var reader = HTMLText(bytes: html.count, limits: limits)
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
            reader.parser = html_open(
                bytes.baseAddress?.assumingMemoryBound(to: CChar.self), Int32(clamping: bytes.count)
            )
            guard let parser = reader.parser else { return }
            withUnsafeMutablePointer(to: &reader) { html_read(parser, &handler, $0) }
            html_close(parser)
        }
        return (reader.out, reader.hidesText, reader.isTruncated)
    }

    /// Without `<![if …]>` and `<![endif]>`, which Outlook understands and libxml2 takes for text.
    private static func withoutConditions(_ html: [UInt8]) -> [UInt8] {
        html.withUnsafeBufferPointer { bytes in
            var out: [UInt8] = []
            var taken = 0
            var from = 2
            while let bracket = ASCII.place(of: 91, in: bytes, from: from) {
                from = bracket + 1
                guard bytes[bracket - 1] == 33, bytes[bracket - 2] == 60, bracket - 2 >= taken
                else { continue }
                // A mark is short; one without an end is left as it is.
                let near = bytes[bracket..<min(bytes.count, bracket - 2 + conditionBytesMax)]
                // `<![endif]-->` also ends a comment, and that end is needed.
                guard let end = near.firstIndex(of: 62), bytes[end - 1] == 93 else { continue }
                out.append(contentsOf: bytes[taken..<bracket - 2])
                taken = end + 1
                from = max(from, taken + 2)
            }
            return taken == 0 ? html : out + bytes[taken...]
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
        frame.kind = Self.kinds[Self.key(name)]
        if let attributes { readAttributes(attributes, of: name) }
        // What is not displayed takes no place in its row, and ends none.
        if frame.isUndisplayed { frame.kind = frame.kind.undisplayed }
        switch frame.kind {
        case .inline: break
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
        _ attributes: UnsafeMutablePointer<UnsafePointer<UInt8>?>, of element: UnsafePointer<UInt8>
    ) {
        var attribute = attributes
        var own: UnsafePointer<UInt8>?
        var classes: UnsafePointer<UInt8>?
        var isHidden = false
        while let name = attribute[0] {
            switch Self.key(name) {
            case Self.styleKey: own = attribute[1]
            case Self.classKey: classes = sheet.isEmpty ? nil : attribute[1]
            case Self.hiddenKey: isHidden = true
            default: break
            }
            attribute += 2
        }
        guard own != nil || classes != nil || isHidden else { return }
        var style = DeclaredStyle()
        if isHidden { style.hide() }
        if let classes { style.add(sheet.style(of: element, classes)) }
        if let own { style.read(Self.text(own)) }
        frame.wear(style)
    }

    /// The beginning of a style attribute; real ones stay below 1,000 bytes.
    private static func text(_ value: UnsafePointer<UInt8>) -> UnsafeBufferPointer<UInt8> {
        var length = 0
        while length < styleBytesMax, value[length] != 0 { length += 1 }
        return UnsafeBufferPointer(start: value, count: length)
    }

    private mutating func end() {
        let kind = frame.kind
        frame = frames.popLast() ?? Frame()
        switch kind {
        case .block, .preformatted: widen(.line)
        case .row: endRow()
        case .sheet: sheet.read()
        case .inline, .cell, .lineBreak, .skipped: break
        }
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
        if frame.isHidden {
            if !Self.isBlank(text) { hidesText = true }
            return
        }
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
        flush()
        append(text)
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

    // MARK: - Names

    /// The first eight letters of a name as one number, longer names as zero.
    private static func key(_ name: UnsafePointer<UInt8>) -> UInt64 {
        var key: UInt64 = 0
        var index = 0
        while name[index] != 0 {
            guard index < 8 else { return longKey(name) }
            key = key << 8 | UInt64(name[index])
            index += 1
        }
        return key
    }

    /// The three names of more than eight letters that matter; their own length keeps them apart.
    private static func longKey(_ name: UnsafePointer<UInt8>) -> UInt64 {
        switch String(cString: name) {
        case "blockquote": 1
        case "figcaption": 2
        default: 0
        }
    }

    private static func key(_ name: String) -> UInt64 {
        name.utf8.reduce(0) { $0 << 8 | UInt64($1) }
    }

    private static let styleKey = key("style")
    private static let classKey = key("class")
    private static let hiddenKey = key("hidden")

    private static let kinds: KindTable = {
        var kinds = KindTable()
        let blocks = [
            "address", "article", "aside", "body", "caption", "center", "dd", "dir", "div", "dl",
            "dt", "fieldset", "figure", "footer", "form", "h1", "h2", "h3", "h4", "h5", "h6",
            "header", "hr", "legend", "li", "main", "nav", "ol", "option", "p", "section",
            "summary", "tbody", "tfoot", "thead", "ul",
        ]
        for key in [1, 2] + blocks.map(key) { kinds.add(key, .block) }
        for name in ["head", "script", "title", "template", "object", "svg", "textarea"] {
            kinds.add(key(name), .skipped)
        }
        for name in ["table", "tr"] { kinds.add(key(name), .row) }
        for name in ["td", "th"] { kinds.add(key(name), .cell) }
        kinds.add(key("br"), .lineBreak)
        kinds.add(key("style"), .sheet)
        kinds.add(key("pre"), .preformatted)
        return kinds
    }()
}

extension HTMLText.Frame {
    /// Takes over what decides whether text is seen. What a parent hides for good stays hidden.
    fileprivate mutating func wear(_ style: DeclaredStyle) {
        if style.isUndisplayed { isUndisplayed = true }
        if style.isTransparent { isTransparent = true }
        if let own = style.isInvisible { isInvisible = own }
        if let own = style.isTiny { isTiny = own }
    }
}
