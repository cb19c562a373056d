// SPDX-License-Identifier: Apache-2.0

internal import CGMime
internal import Cryptography

/// The MIME tree of one mail, walked once. Source: RFC 2045, RFC 2046.
struct PartTree {
    private(set) var bodies: [BodyText] = []
    private(set) var attachments: [Attachment] = []
    private(set) var pdfs: [PDFAttachment] = []
    private(set) var inner: [Message] = []
    private(set) var innerRaw: [[UInt8]] = []
    private(set) var leftOut: [Message.LeftOut] = []
    private(set) var notes: Set<Message.Note> = []

    private let raw: [UInt8]
    private let block: HeaderBlock
    private let limits: MailLimits
    private let attachedDepth: Int
    /// How many mails may be attached from here on, at any depth.
    private var attachedMax: Int
    private var parts = 0
    private var form = FormPost()
    /// The last one of `inner` is what a service posted.
    private(set) var hasForm = false

    private typealias Node = UnsafeMutablePointer<GMimeObject>

    init(
        _ raw: [UInt8], _ block: HeaderBlock, _ limits: MailLimits, _ attachedDepth: Int,
        _ attachedMax: Int
    ) {
        self.raw = raw
        self.block = block
        self.limits = limits
        self.attachedDepth = attachedDepth
        self.attachedMax = attachedMax
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
        if let mail = form.mail {
            let others = inner.count
            read(attached: mail)
            hasForm = inner.count > others
        }
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
        let type = mediaType(node)
        if takeForm(node, type) { return }
        let name = fileName(node)
        var kind = Attachment.kind(type: type, name: name ?? "")
        if kind == .other, name == nil, type == "application/octet-stream", isMail(node) {
            kind = .mail
        }
        if kind == .encrypted, Attachment.isSigned(type: type, name: name ?? "") {
            kind = takeSigned(node)
        }
        let isText = type == "text/plain" || type == "text/html"
        let isAttached =
            !isText || kind == .mail
            || g_mime_object_get_disposition(node).map(Self.isAttachment) ?? false
        guard kind == .text || kind == .html || kind == .mail else {
            return takeFile(node, kind, name ?? "", type)
        }
        guard
            let bytes = kind == .mail
                ? decodedMail(node) : decoded(node, bytesMax: limits.bodyBytesMax)
        else { return }
        if isAttached {
            attachments.append(
                Attachment(name: name ?? "", type: type, sizeBytes: bytes.count, kind: kind))
        }
        if kind == .mail { return read(attached: bytes) }
        let source: BodyText.Source =
            isAttached
            ? .attachment(name: name ?? "", type: type) : kind == .html ? .html : .plain
        let charset = g_mime_object_get_content_type_parameter(node, "charset")
            .map { String(cString: $0) }
        take(bytes, charset, asHTML: kind == .html, source)
    }

    /// Whether the leaf belongs to a form that a service posted.
    private mutating func takeForm(_ node: Node, _ type: String) -> Bool {
        if type == "application/x-www-form-urlencoded" {
            if let bytes = decoded(node, bytesMax: limits.fileBytesMax) {
                form.take(encoded: bytes)
            }
            return true
        }
        guard let disposition = g_mime_object_get_disposition(node),
            String(cString: disposition).asciiLowercased() == "form-data",
            let name = g_mime_object_get_content_disposition_parameter(node, "name")
                .map({ String(cString: $0) }),
            FormPost.holds(name)
        else { return false }
        if let bytes = decoded(node, bytesMax: limits.fileBytesMax) { form.take(name, bytes) }
        return true
    }

    /// Reads what is signed and not encrypted, as a part of this mail: who signed it proves nothing
    /// here, the mail's own signature covers it.
    private mutating func takeSigned(_ node: Node) -> Attachment.Kind {
        guard let bytes = decoded(node, bytesMax: limits.fileBytesMax) else { return .other }
        switch SignedContent(bytes) {
        case .nothing: return .other
        case .sealed: return .encrypted
        case .plain(let content):
            guard attachedDepth < limits.attachedDepthMax,
                let mail = try? MessageParser.parse(
                    content, limits, attachedDepth: attachedDepth + 1, attachedMax: attachedMax)
            else { return .encrypted }
            bodies += mail.bodies
            attachments += mail.attachments
            pdfs += mail.pdfs.prefix(max(0, limits.pdfsMax - pdfs.count))
            inner += mail.inner
            innerRaw += mail.innerRaw
            leftOut += mail.leftOut
            notes.formUnion(mail.notes)
            attachedMax -= mail.attachedCount
            return .other
        }
    }

    /// An attachment whose text, if it has any, is not read here.
    private mutating func takeFile(
        _ node: Node, _ kind: Attachment.Kind, _ name: String, _ type: String
    ) {
        var size = 0
        var encoding = GMIME_CONTENT_ENCODING_DEFAULT
        _ = mime_leaf_bytes(node, &size, &encoding)
        TransferEncoding.findOut(&encoding, of: node)
        // Four letters of base64 are three bytes; the line ends are not worth the counting.
        if encoding == GMIME_CONTENT_ENCODING_BASE64 { size = size / 4 * 3 }
        if kind == .pdf, size > 0 {
            if size > limits.fileBytesMax || pdfs.count >= limits.pdfsMax {
                notes.insert(.truncated)
            } else if let bytes = decoded(node, bytesMax: limits.fileBytesMax) {
                pdfs.append(PDFAttachment(name: name, type: type, bytes: bytes))
                size = bytes.count
            }
        }
        switch kind {
        case .closedMail, .winmail, .encrypted: notes.insert(.attachedUnread)
        case .text, .html, .pdf, .mail, .other: break
        }
        attachments.append(Attachment(name: name, type: type, sizeBytes: size, kind: kind))
    }

    private func mediaType(_ node: Node) -> String {
        // Without a slash it is no type, and the part is a text (RFC 2045 §5.2).
        if let said = g_mime_object_get_header(node, "Content-Type"), strchr(said, 47) == nil {
            return "text/plain"
        }
        guard let type = g_mime_object_get_content_type(node),
            let text = g_mime_content_type_get_mime_type(type)
        else { return "text/plain" }
        defer { g_free(text) }
        return String(cString: text).asciiLowercased()
    }

    private mutating func take(
        _ bytes: [UInt8], _ charset: String?, asHTML: Bool, _ source: BodyText.Source
    ) {
        let (utf8, repaired) = Charset.utf8(bytes, named: charset)
        if repaired { notes.insert(.charsetRepaired) }
        let (text, found) = NormalizedText.read(utf8, isHTML: asHTML, limits: limits)
        notes.formUnion(found)
        guard !text.isEmpty else { return }
        let isUncertain = Charset.isUncertain(bytes, named: charset)
        bodies.append(
            BodyText(
                source, text,
                uncertain: isUncertain
                    ? UncertainText(bytes: bytes, isHTML: asHTML, limits: limits) : nil))
    }

    /// The bytes of a leaf with its transfer encoding undone; nil when it is empty.
    private mutating func decoded(_ node: Node, bytesMax: Int) -> [UInt8]? {
        var size = 0
        var encoding = GMIME_CONTENT_ENCODING_DEFAULT
        guard let bytes = mime_leaf_bytes(node, &size, &encoding), size > 0 else { return nil }
        TransferEncoding.findOut(&encoding, of: node)
        switch encoding {
        case GMIME_CONTENT_ENCODING_BASE64, GMIME_CONTENT_ENCODING_QUOTEDPRINTABLE,
            GMIME_CONTENT_ENCODING_UUENCODE:
            let encoded = UnsafeBufferPointer(start: bytes, count: capped(size, bytesMax * 3))
            if encoding == GMIME_CONTENT_ENCODING_BASE64, TransferEncoding.goesOn(encoded) {
                notes.insert(.malformed)
            }
            return TransferEncoding.undo(encoding, encoded)
        default:
            return Array(UnsafeBufferPointer(start: bytes, count: capped(size, bytesMax)))
        }
    }

    /// Whether what has neither type nor name begins as mails do that came from somewhere.
    private mutating func isMail(_ node: Node) -> Bool {
        guard let bytes = decodedMail(node) else { return false }
        let block = HeaderBlock(bytes, limits: limits)
        return block.first("from", in: bytes) != nil && block.first("received", in: bytes) != nil
    }

    /// A mail that was attached in an encoding, which is not allowed for mails (RFC 2046 §5.2.1).
    /// Some programs only write the name of one: their mail is taken as it stands.
    private mutating func decodedMail(_ node: Node) -> [UInt8]? {
        var size = 0
        var encoding = GMIME_CONTENT_ENCODING_DEFAULT
        guard let bytes = mime_leaf_bytes(node, &size, &encoding), size > 0 else { return nil }
        TransferEncoding.findOut(&encoding, of: node)
        let plain = UnsafeBufferPointer(start: bytes, count: min(size, limits.fileBytesMax))
        guard encoding == GMIME_CONTENT_ENCODING_QUOTEDPRINTABLE,
            !TransferEncoding.isQuotedPrintable(plain)
        else { return decoded(node, bytesMax: limits.fileBytesMax) }
        if size > plain.count { notes.insert(.truncated) }
        return Array(plain)
    }

    /// Encoded text is up to three times as long as what it holds.
    private mutating func capped(_ size: Int, _ most: Int) -> Int {
        if size > most { notes.insert(.truncated) }
        return min(size, most)
    }

    private func fileName(_ node: Node) -> String? {
        guard let name = mime_leaf_name(node) else { return nil }
        defer { g_free(name) }
        let bytes = Array(UnsafeRawBufferPointer(start: name, count: strlen(name)))
        let utf8 = Charset.utf8(bytes, named: nil).bytes
        var normalizer = TextNormalizer()
        return normalizer.normalizeLine(EncodedWords.decode(utf8)?.text ?? utf8, bytesMax: 255)
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
        attachments.append(
            Attachment(
                name: fileName(node) ?? "", type: "message/rfc822", sizeBytes: end - offset,
                kind: .mail))
        read(attached: Array(raw[offset..<end]))
    }

    private func endOfPart(from offset: Int, boundary: String) -> Int {
        let mark = Array(boundary.utf8)
        guard var end = Self.place(of: mark, in: raw, from: offset) else { return raw.count }
        if end > offset, raw[end - 1] == ASCII.carriageReturn { end -= 1 }
        return end
    }

    private mutating func read(attached bytes: [UInt8]) {
        let isTooDeep = attachedDepth >= limits.attachedDepthMax
        guard !isTooDeep, attachedMax > 0 else { return leaveOut(bytes, isTooDeep: isTooDeep) }
        do throws(MailError) {
            let mail = try MessageParser.parse(
                bytes, limits, attachedDepth: attachedDepth + 1, attachedMax: attachedMax - 1)
            inner.append(mail)
            innerRaw.append(bytes)
            attachedMax -= 1 + mail.attachedCount
            leftOut += mail.leftOut
            if !mail.leftOut.isEmpty { notes.insert(.mailsLeftOut) }
        } catch {
            if error.label == .tooLarge { leaveOut(bytes, isTooDeep: false) }
            notes.insert(error.label == .tooLarge ? .truncated : .malformed)
        }
    }

    private mutating func leaveOut(_ bytes: [UInt8], isTooDeep: Bool) {
        notes.insert(.mailsLeftOut)
        leftOut.append(
            Message.LeftOut(sender: MessageParser.sender(bytes), isTooDeep: isTooDeep))
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

extension Message {
    /// How many mails are attached, at any depth.
    fileprivate var attachedCount: Int { inner.reduce(0) { $0 + 1 + $1.attachedCount } }
}
