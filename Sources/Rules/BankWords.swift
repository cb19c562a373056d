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

    /// What comes of attached texts that no variant takes, read as if they were bodies, or receipts
    /// of another name.
    var strays: [BodyReader.Result] {
        sections.filter { section in
            let part = section.reader.part
            return (part.isAttachment || part.source == .inner)
                && !section.survey.mayTellOfMoney
        }.flatMap(\.reader.stray).map { $0.read($0.survey(), self) }
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

    /// Why a mail that `variant` would pass over may tell of money all the same.
    enum Doubt: String {
        case wording = "money came in, in words that no variant reads"
        case amount = "an amount that no variant reads"
    }

    /// Nil when the mail is surely none: its very text is one that no payment may hold, or nothing
    /// in it says that money came in, and the variant was written for such mails: for their
    /// subject, or for texts beside which no other sentence tells of money.
    func doubt(about variant: Variant) -> Doubt? {
        guard variant.outcome == .notAPayment else { return nil }
        let denied = variant.isLookAlike ? Set(file.deny.map(\.key)) : []
        guard !variant.frame.any.contains(where: { denied.contains($0.key) && holds($0) }) else {
            return nil
        }
        if speaksOfMoneyIn(besides: variant) { return .wording }
        if !variant.isLookAlike, variant.subject.isTelling { return nil }
        // Who paid stands behind a label where money came in: nobody confirmed that it did not.
        if file.isDraft(variant), texts.contains(where: { AmountPlaces.namePayer(in: $0.1.lines) })
        {
            return .amount
        }
        let isNotice = !variant.isLookAlike && !mayBeMoney(besides: variant)
        return areAllAmountsAccounted(inNotice: isNotice) ? nil : .amount
    }

    /// Whether words that nobody confirmed are not the only ones that know such a mail: the file
    /// also knows them of money that comes in, or lays them before a person.
    private func mayBeMoney(besides variant: Variant) -> Bool {
        file.isDraft(variant)
            && file.variants.contains { other in
                (other.outcome.isMoneyIn || other.outcome == .unclear)
                    && other.subject.holds(in: subject)
                    && texts.contains { other.frame.holds(in: $0.1) }
            }
    }

    /// By the file's words for that. A statement that is attached lists what came in; there only
    /// the mail around it counts. Beside a look-alike, or a variant that nobody confirmed, also by
    /// the subject and the direction of a payment.
    private func speaksOfMoneyIn(besides variant: Variant) -> Bool {
        let told = variant.attachment == nil ? texts : texts.filter { !$0.part.isAttachment }
        let isTold = file.moneyIn.contains { test in
            test.holds(in: subject) || told.contains { test.holds(in: $0.1) }
        }
        guard !isTold, variant.isLookAlike || file.isDraft(variant) else { return isTold }
        return file.variants.contains { other in
            other.outcome.isMoneyIn && other.attachment == nil && other.subject.isTelling
                && other.subject.holds(in: subject)
                && (other.directionIn.isEmpty || other.directionIn.contains(where: holds))
        }
    }

    /// Newsletters name a dozen prices; whoever names more is looked at.
    private static let sentencesMax = 32

    /// Whether each sentence with an amount holds a text by which the file knows what is no
    /// payment: a balance, a promise, money that went out.
    ///
    /// - Parameter isNotice: the mail is a notice of something else: then its values may stand
    ///   behind labels, and words for money that went out count as well.
    private func areAllAmountsAccounted(inNotice isNotice: Bool) -> Bool {
        let tests =
            file.variants.filter { $0.outcome == .notAPayment }
            .flatMap { $0.frame.all + $0.frame.any }
            + (isNotice ? file.variants.flatMap(\.directionOut) : [])
        func isAccounted(_ text: VisibleText) -> Bool {
            let sentences = AmountPlaces.sentences(in: text.lines, clauses: !isNotice)
            guard sentences.count <= Self.sentencesMax else { return false }
            return sentences.allSatisfy { own, around in
                let sentence = text.part(own)
                if isNotice, AmountPlaces.areValues(in: sentence.lines) {
                    return !file.moneyIn.contains { $0.holds(in: sentence) }
                }
                if tests.contains(where: { $0.holds(in: sentence) }) { return true }
                guard own != around else { return false }
                let before = text.part(around.lowerBound..<own.lowerBound)
                let behind = text.part(own.upperBound..<around.upperBound)
                let whole = text.part(around)
                return tests.contains {
                    $0.holds(in: whole) && !$0.holds(in: before) && !$0.holds(in: behind)
                }
            }
        }
        // Statements are attached and full of amounts; a notice among them is read as one.
        return isAccounted(subject)
            && texts.allSatisfy { $0.part.isAttachment || isAccounted($0.1) }
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
