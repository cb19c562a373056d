// SPDX-License-Identifier: Apache-2.0

internal import CGMime
internal import FoundationEssentials

/// Bytes of a mail → `Message`.
///
/// The header is read from the same block that signatures are checked on; GMime is given nothing
/// but the fields that describe the body, and the body.
package enum MessageParser {
    /// GMime's own tables, made once for the process; a `static let` is run by one thread alone.
    private static let library: Void = g_mime_init()

    /// - Parameter raw: the mail as it was fetched; lines end in CRLF or LF.
    /// - Throws: `MailError` `.tooLarge` beyond a limit that makes the whole unreadable, `.broken`
    ///   when there is no header. Lesser faults are notes of the message.
    package static func parse(
        _ raw: [UInt8], limits: MailLimits = .standard
    ) throws(MailError) -> Message {
        try parse(raw, limits, attachedDepth: 0, attachedMax: limits.attachedMax)
    }

    /// Whom the mail says it is from, when that is one address; nothing else of it is read.
    package static func sender(_ raw: [UInt8]) -> MailAddress? {
        _ = library
        let block = HeaderBlock(raw, limits: .standard)
        var header = HeaderText(raw)
        let addresses = header.addresses(block.all("from", in: raw))
        return addresses.count == 1 ? addresses[0] : nil
    }

    static func parse(
        _ raw: [UInt8], _ limits: MailLimits, attachedDepth: Int, attachedMax: Int
    ) throws(MailError) -> Message {
        _ = library
        guard raw.count <= limits.sizeBytesMax else {
            throw .tooLarge(
                "\(raw.count) bytes", "larger than the limit of \(limits.sizeBytesMax) bytes")
        }
        let block = HeaderBlock(raw, limits: limits)
        guard block.isWhole else {
            throw .tooLarge(
                "\(block.fields.count) header fields",
                "header beyond the limit of "
                    + "\(limits.fieldsMax) fields or \(limits.headerBytesMax) bytes")
        }
        guard !block.fields.isEmpty else {
            throw .broken("\(raw.count) bytes", "no header fields at its beginning")
        }
        var header = HeaderText(raw)
        let senders = block.all("from", in: raw)
        let from = header.addresses(senders)
        let subject = header.line(block.first("subject", in: raw))
        var tree = PartTree(raw, block, limits, attachedDepth, attachedMax)
        try tree.read()
        if !block.isWellFormed { header.notes.insert(.malformed) }
        if header.isAnswer(block, subject: subject) { header.notes.insert(.answer) }
        // A form has no date of its own.
        let date =
            header.date(block.first("date", in: raw))
            ?? (tree.hasForm ? tree.inner.last?.date : nil)
        return Message(
            from: from, originalFrom: header.originalFrom(block),
            to: header.addresses(block.all("to", in: raw)),
            fromFieldCount: senders.count, subject: subject,
            date: date,
            messageID: header.messageID(block.first("message-id", in: raw)),
            bodies: tree.bodies, attachments: tree.attachments, pdfs: tree.pdfs,
            inner: tree.inner, innerRaw: tree.innerRaw, leftOut: tree.leftOut,
            notes: header.notes.union(tree.notes))
    }
}
