// SPDX-License-Identifier: Apache-2.0

/// What the bank wrote in all texts of one mail, without the words of those who paid.
///
/// A bank that takes a transfer back may say so in one text only: what is denied in one of them is
/// denied in all. Each test is run once for the whole mail, however many texts there are.
final class BankWords {
    /// One text of the mail, and which variants may take it.
    struct Section {
        let reader: BodyReader
        let survey: BodyReader.Survey
    }

    private let file: RuleFile
    private let subject: VisibleText
    private let sections: [Section]
    private lazy var texts = sections.map { (part: $0.reader.part, $0.reader.bankWords($0.survey)) }
    private lazy var denied = file.deny.filter(holds)
    private var stops: [String: [TextTest]] = [:]
    private var bodyAnswers: [String: Bool] = [:]

    init(file: RuleFile, subject: FoldedText, sections: [Section], work: SearchWork) {
        self.file = file
        self.subject = VisibleText(subject, work)
        self.sections = sections
    }

    /// What comes of the texts that are meant, in their order.
    func results(_ isMeant: (MailPart) -> Bool) -> [BodyReader.Result] {
        sections.filter { isMeant($0.reader.part) }.map { $0.reader.read($0.survey, self) }
    }

    /// Whether `test` holds in the subject or in any text.
    func holds(_ test: TextTest) -> Bool {
        test.holds(in: subject) || texts.contains { test.holds(in: $0.1) }
    }

    /// The tests of the variant and, for money that came in, of the file that forbid to take it.
    func stops(of variant: Variant) -> [TextTest] {
        if let known = stops[variant.id] { return known }
        let own = (variant.directionOut + variant.deny).filter(holds)
        let all = own + (variant.outcome.isMoneyIn ? denied : [])
        stops[variant.id] = all
        return all
    }

    /// Whether a mail that `variant` would pass over says that money came in: by the file's words
    /// for that, or by the subject and the direction of a payment. A look-alike whose very text no
    /// payment may hold is surely none.
    func speakOfMoneyIn(despite variant: Variant) -> Bool {
        let denied = Set(file.deny.map(\.key))
        let isSure =
            variant.isLookAlike
            && variant.frame.any.contains { denied.contains($0.key) && holds($0) }
        guard !isSure else { return false }
        return file.moneyIn.contains(where: holds)
            || file.variants.contains { other in
                other.outcome.isMoneyIn && other.attachment == nil && other.subject.isTelling
                    && other.subject.holds(in: subject)
                    && (other.directionIn.isEmpty || other.directionIn.contains(where: holds))
            }
    }

    /// Whether the direction of `variant` is said in the subject or, for an attachment, in the mail
    /// that it came with.
    func says(_ variant: Variant, besides part: MailPart) -> Bool {
        let tests = variant.directionIn
        guard !tests.contains(where: { $0.holds(in: subject) }) else { return true }
        guard part.isAttachment else { return false }
        if let known = bodyAnswers[variant.id] { return known }
        let bodies = texts.filter { !$0.part.isAttachment }
        let answer = tests.contains { test in bodies.contains { test.holds(in: $0.1) } }
        bodyAnswers[variant.id] = answer
        return answer
    }
}
