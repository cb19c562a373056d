// SPDX-License-Identifier: Apache-2.0

internal import Domain
internal import FoundationEssentials
internal import Mail
internal import Rules

/// A mail from which a rule is drafted, with what was found in it.
struct DraftMail {
    /// The most fitting text of the mail.
    struct Part {
        let source: BodyText.Source
        let text: String
        let sketch: NoticeSketch
        /// A sentence that tells of the payment, where labels leave something open.
        let sentence: SentenceSketch?

        var score: Int {
            let labels = sketch.labelled.count * 3 + (sketch.first(.amount) == nil ? 0 : 20)
            let values = (sentence?.values.count ?? 0) * 3 + (sentence == nil ? 0 : 15)
            let rows = sketch.table == nil ? 0 : 40
            if case .attachment = source { return labels + values + rows - 1 }
            return labels + values + rows
        }
    }

    let message: Message
    let sender: MailAddress
    /// Domains of signatures that belong to the sender's own domain.
    let signers: [String]
    let part: Part
    let subjectSentence: SentenceSketch?

    init(
        _ raw: [UInt8], number: Int, readPDF: (PDFAttachment) -> PDFText
    ) throws(DraftError) {
        let message: Message
        do throws(MailError) {
            message = try MessageParser.parse(raw).reading(pdfsWith: readPDF)
        } catch {
            throw DraftError(
                operation: "reading the mail", mail: number,
                cause: Wording(
                    "this is no mail: \(error.cause)", "bu bir e-posta değil: \(error.cause)"),
                hint: Wording(
                    "save the notice as an .eml file with all its headers",
                    "bildirimi bütün başlıklarıyla bir .eml dosyası olarak kaydedin"))
        }
        guard let sender = message.from.first, message.from.count == 1 else {
            throw DraftError(
                operation: "reading the sender", mail: number,
                cause: Wording(
                    "the mail has \(message.from.count) senders",
                    "e-postanın \(message.from.count) göndereni var"),
                hint: Wording(
                    "use the mail as the bank sent it",
                    "e-postayı bankanın gönderdiği gibi kullanın"))
        }
        try Self.refuseForwarded(message, sender, number)
        self.message = message
        self.sender = sender
        let owned = MailAnonymizer.owned(sender.domain)
        signers = Self.signers(raw).filter { MailAnonymizer.owned($0) == owned }
        let parts = message.bodies.map { body in
            let sketch = NoticeSketch(body.text)
            return Part(
                source: body.source, text: body.text, sketch: sketch,
                sentence: Self.sentence(sketch))
        }
        let empty = Part(source: .plain, text: "", sketch: NoticeSketch(""), sentence: nil)
        part =
            parts.enumerated().max {
                ($0.element.score, -$0.offset) < ($1.element.score, -$1.offset)
            }?
            .element ?? empty
        let subject = SentenceSketch(message.subject)
        subjectSentence = subject
        guard
            part.sketch.table != nil || part.sketch.first(.amount) != nil || part.sentence != nil
                || subject != nil
        else {
            throw Self.noAmount(message, number)
        }
    }

    /// The mails of other senders that came attached to a mail, or the mail itself.
    static func carried(by raw: [UInt8]) -> [[UInt8]] {
        guard let message = try? MessageParser.parse(raw) else { return [raw] }
        let owned = message.from.first.map { MailAnonymizer.owned($0.domain) }
        let others = zip(message.inner, message.innerRaw).filter { inner, _ in
            inner.from.first.map { MailAnonymizer.owned($0.domain) } != owned
        }
        return others.isEmpty ? [raw] : others.flatMap { carried(by: $0.1) }
    }

    /// A rule for the one who passed a notice on would believe whatever that person forwards.
    private static func refuseForwarded(
        _ message: Message, _ sender: MailAddress, _ number: Int
    ) throws(DraftError) {
        let isForwarded = message.bodies.contains { !ForwardedBlock.all(in: $0.text).isEmpty }
        guard isForwarded || MailAnonymizer.isFreeHost(sender.domain) else { return }
        throw DraftError(
            operation: "reading the sender", mail: number,
            cause: isForwarded
                ? Wording(
                    "the mail was forwarded by hand, so it is not as the bank sent it",
                    "e-posta elle iletilmiş, bankanın gönderdiği gibi değil")
                : Wording(
                    "the sender is a person's address (\(sender.domain)), no bank's",
                    "gönderen bir kişinin adresi (\(sender.domain)), bankanın değil"),
            hint: Wording(
                "save the bank's own mail where it first arrived, or forward it as an attachment",
                "bankanın e-postasını ilk geldiği posta kutusundan kaydedin ya da ek olarak iletin"
            ))
    }

    /// The sentence with the most values in it, of those that do not only repeat labels.
    private static func sentence(_ sketch: NoticeSketch) -> SentenceSketch? {
        let lines = sketch.lines.indices.filter {
            sketch.runTogether || !sketch.usedLines.contains($0)
        }.map { sketch.lines[$0] }
        guard sketch.table == nil else { return nil }
        let found = lines.compactMap { line -> SentenceSketch? in
            let head = sketch.runTogether ? String(line.prefix(400)) : line
            return SentenceSketch(head)
        }.filter { sketch.first(.amount) == nil || $0.values.count > 1 }
        return found.enumerated().max {
            ($0.element.values.count, -$0.offset) < ($1.element.values.count, -$1.offset)
        }?.element
    }

    private static func signers(_ raw: [UInt8]) -> [String] {
        var found: [String] = []
        for header in MailSource(raw[...]).headers where header.key == "dkim-signature" {
            for tag in String(decoding: header.value, as: UTF8.self).split(separator: ";") {
                let text = tag.filter { !$0.isWhitespace }
                if text.hasPrefix("d="), !found.contains(text.dropFirst(2).lowercased()) {
                    found.append(text.dropFirst(2).lowercased())
                }
            }
        }
        return found
    }

    private static func noAmount(_ message: Message, _ number: Int) -> DraftError {
        let isAttached = message.attachments.contains { $0.kind == .pdf }
        return DraftError(
            operation: "looking for the amount", mail: number,
            cause: Wording(
                isAttached
                    ? "no amount stands in the text, and its PDF says none"
                    : "no amount stands in the text of the mail",
                isAttached
                    ? "metinde tutar yok, PDF dosyasında da okunamıyor"
                    : "e-postanın metninde tutar yok"),
            hint: Wording(
                isAttached
                    ? "a PDF that is only a picture or needs a password cannot be read; is "
                        + "mutabik-pdf installed beside mutabik?"
                    : "use a notice of money that came in; what is only a picture cannot be read",
                isAttached
                    ? "yalnızca resim olan ya da şifre isteyen PDF okunamaz; mutabik-pdf, mutabik'in "
                        + "yanında kurulu mu?"
                    : "gelen para bildirimi kullanın; yalnızca resim olan okunamaz"))
    }

    /// All texts as rules compare them, for words that every mail holds.
    var flat: String { Self.flat(part.text) }
    var flatSubject: String { Self.flat(message.subject) }

    static func flat(_ text: String) -> String { text.turkishFolded() }
}
