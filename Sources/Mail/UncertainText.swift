// SPDX-License-Identifier: Apache-2.0

/// The bytes of a text whose charset the mail does not name, or names in a way that they do not
/// fit. Kept beside the best guess, for who knows how this sender writes.
struct UncertainText: Hashable, Sendable {
    let bytes: [UInt8]
    let isHTML: Bool
    let limits: MailLimits

    /// The text and what was noticed about it; nil when the bytes do not fit `charset` either.
    func text(as charset: String) -> (text: String, notes: Set<Message.Note>)? {
        guard let utf8 = Charset.exactly(bytes, as: charset) else { return nil }
        return NormalizedText.read(utf8, isHTML: isHTML, limits: limits)
    }
}

/// From UTF-8 to the form that patterns are written for.
enum NormalizedText {
    static func read(
        _ utf8: [UInt8], isHTML: Bool, limits: MailLimits
    ) -> (text: String, notes: Set<Message.Note>) {
        var notes: Set<Message.Note> = []
        var utf8 = utf8
        if isHTML {
            let page = HTMLText.read(utf8, limits: limits)
            notes = page.notes
            utf8 = page.text
        }
        var normalizer = TextNormalizer()
        let text = normalizer.normalize(utf8, bytesMax: limits.textBytesMax, hasCells: isHTML)
        return (text, notes.union(normalizer.notes))
    }
}

extension Message {
    /// The mail with its texts read in `charset` where the mail names none, or one that its bytes
    /// do not fit. ISO-8859-1 counts as none: mailers write it whatever the bytes are.
    ///
    /// What is surely UTF-8 stays so, and so does a text that does not fit `charset`.
    package func reading(uncertainTextsAs charset: String) -> Message {
        guard inner.contains(where: \.isUncertain) || isUncertain else { return self }
        var notes = self.notes
        let bodies = self.bodies.map { body in
            guard let read = body.uncertain?.text(as: charset) else { return body }
            notes.formUnion(read.notes)
            return BodyText(body.source, read.text, uncertain: body.uncertain)
        }
        return Message(
            from: from, to: to, fromFieldCount: fromFieldCount, subject: subject, date: date,
            messageID: messageID, bodies: bodies, attachments: attachments, pdfs: pdfs,
            inner: inner.map { $0.reading(uncertainTextsAs: charset) }, innerRaw: innerRaw,
            leftOut: leftOut, notes: notes)
    }

    private var isUncertain: Bool { bodies.contains { $0.uncertain != nil } }
}
