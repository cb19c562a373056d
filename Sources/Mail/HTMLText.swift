// SPDX-License-Identifier: Apache-2.0

internal import CLibXML

/// HTML → the text that a reader sees, in UTF-8; `TextNormalizer` folds it afterwards.
///
/// Rows and blocks end a line, cells are separated by a tab, so that `label value` stays on one
/// line. An element that is closed inside a cell ends no line when the next thing is a cell.
struct HTMLText {
    /// Bytes of `<![if …]>`; real ones stay below 60.
    private static let conditionBytesMax = 200

    private(set) var hidesText = false
    private(set) var isTruncated = false

    private enum Gap: UInt8 { case none, blank, line, cell, row }

    /// What an element means for the text in it; inherited from the one around it.
    private struct Frame {
        var isSkipped = false
        var isUndisplayed = false
        var isInvisible = false
        var isTiny = false
        var isPreformatted = false
        var kind = Kind.inline

        var isHidden: Bool { isUndisplayed || isInvisible || isTiny }
    }

    private enum Kind { case inline, block, row, cell, lineBreak, skipped, preformatted }

    private var out: [UInt8] = []
    private var gap = Gap.none
    private var frames: [Frame] = []
    private var frame = Frame()
    /// Scratch for one style attribute: lower case, without blanks.
    private var style: [UInt8] = []
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
        func isMark(_ place: Int) -> Bool {
            html[place] == 60 && place + 2 < html.count && html[place + 1] == 33
                && html[place + 2] == 91
        }
        let holdsMark = html.withUnsafeBufferPointer { bytes in
            bytes.count > 2
                && (2..<bytes.count).contains {
                    bytes[$0] == 91 && bytes[$0 - 1] == 33 && bytes[$0 - 2] == 60
                }
        }
        guard holdsMark else { return html }
        var out: [UInt8] = []
        out.reserveCapacity(html.count)
        var index = 0
        while index < html.count {
            if isMark(index) {
                // A mark is short; one without an end is left as it is.
                let near = html[index..<min(html.count, index + conditionBytesMax)]
                // `<![endif]-->` also ends a comment, and that end is needed.
                if let end = near.firstIndex(of: 62), html[end - 1] == 93 {
                    index = end + 1
                    continue
                }
            }
            out.append(html[index])
            index += 1
        }
        return out
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
        frame.kind = Self.kinds[Self.key(name)] ?? .inline
        switch frame.kind {
        case .inline: break
        case .block, .lineBreak: widen(.line)
        case .row: widen(.row)
        case .cell: widen(.cell)
        case .skipped: frame.isSkipped = true
        case .preformatted:
            frame.isPreformatted = true
            widen(.line)
        }
        guard var attribute = attributes else { return }
        while let name = attribute[0] {
            if Self.key(name) == Self.styleKey, let value = attribute[1] {
                readStyle(value)
            } else if Self.key(name) == Self.hiddenKey {
                frame.isUndisplayed = true
            }
            attribute += 2
        }
    }

    private mutating func end() {
        let kind = frame.kind
        frame = frames.popLast() ?? Frame()
        switch kind {
        case .block, .preformatted: widen(.line)
        case .row: widen(.row)
        case .inline, .cell, .lineBreak, .skipped: break
        }
    }

    private mutating func take(_ text: UnsafeBufferPointer<UInt8>) {
        if isTruncated { return }
        if frame.isSkipped { return }
        if frame.isHidden {
            if !Self.isBlank(text) { hidesText = true }
            return
        }
        if frame.isPreformatted {
            flush()
            append(text)
            return
        }
        if Self.isBlank(text) {
            if gap == .none { gap = .blank }
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
            out.append(contentsOf: text)
            return
        }
        for byte in text { out.append(byte < 32 ? ASCII.blank : byte) }
    }

    private mutating func stop() {
        isTruncated = true
        xmlStopParser(parser)
    }

    /// A row always begins a line; a cell wins over the line that its neighbour's content ended.
    private mutating func widen(_ wish: Gap) {
        if wish.rawValue > gap.rawValue { gap = wish }
    }

    private mutating func flush() {
        switch gap {
        case .none: return
        case .blank: out.append(ASCII.blank)
        case .line, .row: out.append(ASCII.lineFeed)
        case .cell: out.append(ASCII.tab)
        }
        gap = .none
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
    private static let hiddenKey = key("hidden")

    private static let kinds: [UInt64: Kind] = {
        var kinds: [UInt64: Kind] = [1: .block, 2: .block]
        let blocks = [
            "address", "article", "aside", "body", "caption", "center", "dd", "dir", "div", "dl",
            "dt", "fieldset", "figure", "footer", "form", "h1", "h2", "h3", "h4", "h5", "h6",
            "header", "hr", "legend", "li", "main", "nav", "ol", "option", "p", "section",
            "summary", "tbody", "tfoot", "thead", "ul",
        ]
        for name in blocks { kinds[key(name)] = .block }
        for name in ["head", "style", "script", "title", "template", "object", "svg", "textarea"] {
            kinds[key(name)] = .skipped
        }
        for name in ["table", "tr"] { kinds[key(name)] = .row }
        for name in ["td", "th"] { kinds[key(name)] = .cell }
        kinds[key("br")] = .lineBreak
        kinds[key("pre")] = .preformatted
        return kinds
    }()
}

// MARK: - Styles

extension HTMLText {
    /// Bytes of one style attribute that are looked at.
    private static let styleBytesMax = 4096

    /// Takes from a style attribute what decides whether text is seen.
    private mutating func readStyle(_ value: UnsafePointer<UInt8>) {
        style.removeAll(keepingCapacity: true)
        var index = 0
        while value[index] != 0, index < Self.styleBytesMax {
            if value[index] > 32 { style.append(ASCII.lower(value[index])) }
            index += 1
        }
        var start = 0
        while start < style.count {
            var end = start
            var colon: Int?
            while end < style.count, style[end] != ASCII.semicolon {
                if colon == nil, style[end] == ASCII.colon { colon = end }
                end += 1
            }
            if let colon {
                // What stands behind `!` is `important`.
                let value = style[colon + 1..<end].prefix { $0 != 33 }
                declare(start..<colon, value.startIndex..<value.endIndex)
            }
            start = end + 1
        }
    }

    private mutating func declare(_ name: Range<Int>, _ value: Range<Int>) {
        if ASCII.equal(style, name, "display") {
            if ASCII.equal(style, value, "none") { frame.isUndisplayed = true }
        } else if ASCII.equal(style, name, "visibility") {
            if ASCII.equal(style, value, "visible") {
                frame.isInvisible = false
            } else if ASCII.equal(style, value, "hidden") || ASCII.equal(style, value, "collapse") {
                frame.isInvisible = true
            }
        } else if ASCII.equal(style, name, "font-size") {
            declareFontSize(value)
        }
    }

    /// Layout cells are often given size zero and their content a real one again; a relative size
    /// of nothing stays nothing.
    private mutating func declareFontSize(_ value: Range<Int>) {
        var end = value.lowerBound
        var isZero = true
        while end < value.upperBound, (48...57).contains(style[end]) || style[end] == 46 {
            if style[end] != 48, style[end] != 46 { isZero = false }
            end += 1
        }
        if end > value.lowerBound, isZero {
            frame.isTiny = true
            return
        }
        let unit = end..<value.upperBound
        let isRelative =
            ASCII.equal(style, unit, "%") || ASCII.equal(style, unit, "em")
            || ASCII.equal(style, unit, "ex") || ASCII.equal(style, unit, "inherit")
            || ASCII.equal(style, unit, "smaller") || ASCII.equal(style, unit, "larger")
        if !isRelative { frame.isTiny = false }
    }
}
