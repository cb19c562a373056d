// SPDX-License-Identifier: Apache-2.0

internal import CGMime

/// The MIME tree of one mail, walked once. Source: RFC 2045, RFC 2046.
struct PartTree {
    private(set) var bodies: [BodyText] = []
    private(set) var inner: [Message] = []
    private(set) var innerRaw: [[UInt8]] = []
    private(set) var notes: Set<Message.Note> = []

    private let raw: [UInt8]
    private let block: HeaderBlock
    private let limits: MailLimits
    private let attachedDepth: Int
    private var parts = 0

    private typealias Node = UnsafeMutablePointer<GMimeObject>

    init(_ raw: [UInt8], _ block: HeaderBlock, _ limits: MailLimits, _ attachedDepth: Int) {
        self.raw = raw
        self.block = block
        self.limits = limits
        self.attachedDepth = attachedDepth
    }

    mutating func read() throws(MailError) {
        let head = description()
        try checkCost(Self.boundaryCount(head, from: 0))
        let root = raw.withUnsafeBytes { bytes in
            let body = UnsafeRawBufferPointer(rebasing: bytes[block.bodyStart...])
            return mime_parse(head, head.count, body.baseAddress, body.count)
        }
        guard let root else {
            throw .broken("\(raw.count) bytes", "its MIME structure is unreadable")
        }
        defer { mime_free(root) }
        // What lies in the tree is counted from the beginning of `head`.
        try walk(root, within: nil, depth: 0, shift: block.bodyStart - head.count)
    }

    /// What the body would cost the MIME parser, which has no limits of its own.
    private func checkCost(_ headBoundaries: Int) throws(MailError) {
        var lines = 0
        var dashedLines = 0
        raw.withUnsafeBufferPointer { bytes in
            var start = block.bodyStart
            while let place = ASCII.place(of: ASCII.lineFeed, in: bytes, from: start) {
                lines += 1
                if place + 2 < bytes.count, bytes[place + 1] == 45, bytes[place + 2] == 45 {
                    dashedLines += 1
                }
                start = place + 1
            }
        }
        let boundaries = headBoundaries + Self.boundaryCount(raw, from: block.bodyStart)
        guard lines <= limits.linesMax, dashedLines <= limits.dashedLinesMax,
            boundaries <= limits.boundariesMax
        else {
            throw .tooLarge(
                "\(lines) lines, \(dashedLines) with dashes, \(boundaries) MIME boundaries",
                "more than the limit of \(limits.linesMax), \(limits.dashedLinesMax), "
                    + "\(limits.boundariesMax)")
        }
    }

    /// The fields that say how the body is to be read, and the empty line.
    private mutating func description() -> [UInt8] {
        let names: [StaticString] = [
            "content-type", "content-transfer-encoding", "content-disposition",
        ]
        var head: [UInt8] = []
        for name in names {
            let fields = block.all(name, in: raw)
            if fields.count > 1 { notes.insert(.malformed) }
            guard let field = fields.first else { continue }
            head += raw[field.whole]
            head += [ASCII.carriageReturn, ASCII.lineFeed]
        }
        return head + [ASCII.carriageReturn, ASCII.lineFeed]
    }

    private mutating func walk(
        _ node: Node, within multipart: Node?, depth: Int, shift: Int
    ) throws(MailError) {
        parts += 1
        guard depth <= limits.depthMax, parts <= limits.partsMax else {
            throw .tooLarge(
                "\(parts) MIME parts, \(depth) deep",
                "more than the limit of \(limits.partsMax) parts or \(limits.depthMax) levels")
        }
        switch mime_node_kind_of(node) {
        case MIME_NODE_MULTIPART:
            let count = mime_child_count(node)
            if count == 0 { notes.insert(.malformed) }
            for index in 0..<max(0, count) {
                guard let child = mime_child(node, index) else { continue }
                try walk(child, within: node, depth: depth + 1, shift: shift)
            }
        case MIME_NODE_LEAF: takeLeaf(node)
        case MIME_NODE_MAIL: takeMail(node, within: multipart, shift: shift)
        default: notes.insert(.malformed)
        }
    }

    // MARK: - Leaves

    private mutating func takeLeaf(_ node: Node) {
        let type = g_mime_object_get_content_type(node)
        func isType(_ major: String, _ minor: String) -> Bool {
            type.map { g_mime_content_type_is_type($0, major, minor) != 0 } ?? false
        }
        if isType("message", "rfc822") {
            if let bytes = decoded(node) { read(attached: bytes) }
            return
        }
        let isHTML = isType("text", "html")
        let isPlain = isType("text", "plain")
        let isUnknown = isType("application", "octet-stream")
        guard isHTML || isPlain || isUnknown else { return }
        let name = fileName(node)
        let looksHTML = name.map { Self.isHTMLName($0) } ?? false
        guard isHTML || isPlain || looksHTML, let bytes = decoded(node) else { return }
        let source: BodyText.Source
        if isUnknown || g_mime_object_get_disposition(node).map(Self.isAttachment) ?? false {
            let type = isHTML ? "text/html" : isPlain ? "text/plain" : "application/octet-stream"
            source = .attachment(name: name ?? "", type: type)
        } else {
            source = isHTML ? .html : .plain
        }
        let charset = g_mime_object_get_content_type_parameter(node, "charset")
            .map { String(cString: $0) }
        take(bytes, charset, asHTML: isHTML || looksHTML, source)
    }

    private mutating func take(
        _ bytes: [UInt8], _ charset: String?, asHTML: Bool, _ source: BodyText.Source
    ) {
        var (text, repaired) = Charset.utf8(bytes, named: charset)
        if repaired { notes.insert(.charsetRepaired) }
        if asHTML {
            let page = HTMLText.read(text, limits: limits)
            if page.hidesText { notes.insert(.hiddenText) }
            if page.isTruncated { notes.insert(.truncated) }
            text = page.text
        }
        var normalizer = TextNormalizer()
        let normalized = normalizer.normalize(text, bytesMax: limits.textBytesMax)
        notes.formUnion(normalizer.notes)
        if !normalized.isEmpty { bodies.append(BodyText(source: source, text: normalized)) }
    }

    /// The bytes of a leaf with its transfer encoding undone; nil when it is empty.
    private mutating func decoded(_ node: Node) -> [UInt8]? {
        var size = 0
        var encoding = GMIME_CONTENT_ENCODING_DEFAULT
        guard let bytes = mime_leaf_bytes(node, &size, &encoding), size > 0 else { return nil }
        switch encoding {
        case GMIME_CONTENT_ENCODING_BASE64, GMIME_CONTENT_ENCODING_QUOTEDPRINTABLE,
            GMIME_CONTENT_ENCODING_UUENCODE:
            return undo(encoding, UnsafeBufferPointer(start: bytes, count: capped(size, 3)))
        default:
            return Array(UnsafeBufferPointer(start: bytes, count: capped(size, 1)))
        }
    }

    /// Encoded text is up to three times as long as what it holds.
    private mutating func capped(_ size: Int, _ growth: Int) -> Int {
        let most = limits.bodyBytesMax * growth
        if size > most { notes.insert(.truncated) }
        return min(size, most)
    }

    private func undo(
        _ encoding: GMimeContentEncoding, _ bytes: UnsafeBufferPointer<UInt8>
    ) -> [UInt8] {
        var state = GMimeEncoding()
        g_mime_encoding_init_decode(&state, encoding)
        let room = Int(g_mime_encoding_outlen(&state, bytes.count)) + 8
        return [UInt8](unsafeUninitializedCapacity: room) { out, count in
            bytes.withMemoryRebound(to: CChar.self) { input in
                out.withMemoryRebound(to: CChar.self) { output in
                    count = Int(
                        g_mime_encoding_flush(
                            &state, input.baseAddress, bytes.count, output.baseAddress))
                }
            }
        }
    }

    private func fileName(_ node: Node) -> String? {
        guard let name = mime_leaf_name(node) else { return nil }
        defer { g_free(name) }
        let bytes = Array(UnsafeRawBufferPointer(start: name, count: strlen(name)))
        var normalizer = TextNormalizer()
        return normalizer.normalizeLine(Charset.utf8(bytes, named: nil).bytes, bytesMax: 255)
    }

    private static func isHTMLName(_ name: String) -> Bool {
        let name = name.asciiLowercased()
        return name.hasSuffix(".html") || name.hasSuffix(".htm")
    }

    private static func isAttachment(_ disposition: UnsafePointer<CChar>) -> Bool {
        String(cString: disposition).asciiLowercased() == "attachment"
    }

    // MARK: - Attached mails

    /// An attached mail as it stands in the bytes: up to the boundary of what it is attached to.
    private mutating func takeMail(_ node: Node, within multipart: Node?, shift: Int) {
        let offset = Int(mime_mail_offset(node)) + shift
        guard offset >= block.bodyStart, offset < raw.count else {
            notes.insert(.malformed)
            return
        }
        var end = raw.count
        if let multipart, let boundary = mime_boundary(multipart) {
            end = endOfPart(from: offset, boundary: "\n--" + String(cString: boundary))
        }
        read(attached: Array(raw[offset..<end]))
    }

    private func endOfPart(from offset: Int, boundary: String) -> Int {
        let mark = Array(boundary.utf8)
        guard var end = Self.place(of: mark, in: raw, from: offset) else { return raw.count }
        if end > offset, raw[end - 1] == ASCII.carriageReturn { end -= 1 }
        return end
    }

    private mutating func read(attached bytes: [UInt8]) {
        guard attachedDepth < limits.attachedDepthMax, inner.count < limits.attachedMax else {
            notes.insert(.truncated)
            return
        }
        do throws(MailError) {
            let depth = attachedDepth + 1
            inner.append(try MessageParser.parse(bytes, limits, attachedDepth: depth))
            innerRaw.append(bytes)
        } catch {
            notes.insert(error.label == .tooLarge ? .truncated : .malformed)
        }
    }

    private static func place(of mark: [UInt8], in raw: [UInt8], from start: Int) -> Int? {
        var place = start
        while place + mark.count <= raw.count {
            if raw[place] == mark[0], raw[place..<place + mark.count].elementsEqual(mark) {
                return place
            }
            place += 1
        }
        return nil
    }

    /// How often `boundary=` or `boundary*` stands there, whatever its case.
    private static func boundaryCount(_ bytes: [UInt8], from start: Int) -> Int {
        let word: StaticString = "boundary"
        let length = word.utf8CodeUnitCount
        var count = 0
        for sign in [ASCII.equals, 42] {
            var from = start + length
            while let place = bytes.withUnsafeBufferPointer({
                ASCII.place(of: sign, in: $0, from: from)
            }) {
                if ASCII.equal(bytes, place - length..<place, word) { count += 1 }
                from = place + 1
            }
        }
        return count
    }
}
