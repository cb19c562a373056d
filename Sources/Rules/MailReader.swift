// SPDX-License-Identifier: Apache-2.0

import Domain
import FoundationEssentials
import Mail

/// Reads all texts of a mail with one rule file and makes one reading of the results.
struct MailReader {
    /// Clocks of banks and mail hosts differ by minutes.
    private static let futureSecondsMax = 600.0
    /// A notice that is older than this was held back or sent again.
    private static let ageSecondsMax = 10 * 86_400.0

    let file: RuleFile
    let message: Message
    let receivedAt: Date
    let texts: MailTexts
    var tracer: Tracer?
    let work = SearchWork()

    private typealias Fit = BodyReader.Fit
    private typealias Miss = BodyReader.Miss

    /// What some of the texts say together.
    private struct Outcome {
        var fit: Fit?
        var incomplete: Miss?
        /// Every variant that came near this text is denied there, or in another one.
        var denied: Miss?

        mutating func add(_ miss: Miss) {
            incomplete = incomplete ?? miss
            if miss.isDenied { denied = denied ?? miss }
        }
    }

    private enum Stop: Error { case unclear(Variant, String) }

    /// Nil when no variant of the file fits or nearly fits.
    func read() -> Reading? {
        let reading = readTexts()
        guard work.isExceeded else { return reading }
        return Reading(
            outcome: .unclear, isDraft: file.status == .draft, domains: file.authentication,
            proof: file.requiredProof, reasons: [.mailUnclear],
            explanation: "\(file.id): the mail makes this rule search too much")
    }

    private func readTexts() -> Reading? {
        let arrival = message.date ?? receivedAt
        let sender = message.from.count == 1 ? message.from[0].address.lowercased() : nil
        let sections = texts.parts.map { part in
            let reader = BodyReader(
                file: file, sender: sender, subject: texts.subject, part: part, arrival: arrival,
                work: work, tracer: tracer)
            return BankWords.Section(reader: reader, survey: reader.survey())
        }
        guard sections.contains(where: { !$0.survey.isEmpty }) else { return nil }
        let words = BankWords(
            file: file, subject: texts.subject, sections: sections, work: work)
        do throws(Stop) {
            let bodies = try readBodies(words) { !$0.isAttachment && $0.source != .inner }
            let inner = try readBodies(words) { $0.source == .inner }
            let files = try readAttachments(words)
            let fit = try Self.decide(try Self.decide(bodies.fit, inner.fit), files.fit)
            let incomplete = bodies.incomplete ?? inner.incomplete ?? files.incomplete
            let denied = bodies.denied ?? inner.denied ?? files.denied
            guard let fit else { return incomplete.map(near) }
            // What one text denies no other one can say.
            if let miss = fit.variant.outcome.isMoneyIn ? denied : incomplete { return near(miss) }
            if let other = strayNotice(words, besides: fit) { return other }
            guard let doubt = words.doubt(about: fit.variant) else { return reading(fit) }
            return passedOver(fit.variant, doubt)
        } catch {
            switch error {
            case .unclear(let variant, let why): return unclear(variant, why)
            }
        }
    }

    // MARK: - Texts

    /// Plain text and HTML say the same in two ways.
    private func readBodies(
        _ words: BankWords, _ isMeant: (MailPart) -> Bool
    ) throws(Stop) -> Outcome {
        var outcome = Outcome()
        for result in words.results(isMeant) {
            switch result {
            case .nothing: break
            case .unclear(let miss): throw .unclear(miss.variant, "frame fits, " + miss.why)
            case .incomplete(let miss): outcome.add(miss)
            case .fits(let fit):
                guard let first = outcome.fit else {
                    outcome.fit = fit
                    continue
                }
                guard let merged = Self.merge(first, fit) else {
                    throw .unclear(first.variant, "text and HTML say different things")
                }
                outcome.fit = merged
            }
        }
        return outcome
    }

    /// Several receipts are several movements when each has a number of its own; else nobody can
    /// tell whether they are one.
    private func readAttachments(_ words: BankWords) throws(Stop) -> Outcome {
        var outcome = Outcome()
        for result in words.results(\.isAttachment) {
            switch result {
            case .nothing: break
            case .unclear(let miss): throw .unclear(miss.variant, "frame fits, " + miss.why)
            case .incomplete(let miss): outcome.add(miss)
            case .fits(let fit):
                guard let first = outcome.fit else {
                    outcome.fit = fit
                    continue
                }
                guard let both = Self.together(first, fit) else {
                    throw .unclear(first.variant, "several attachments fit")
                }
                outcome.fit = both
            }
        }
        if let incomplete = outcome.incomplete, outcome.fit != nil {
            throw .unclear(incomplete.variant, "several attachments fit, " + incomplete.why)
        }
        return outcome
    }

    private static func together(_ one: Fit, _ two: Fit) -> Fit? {
        let ids = (one.movements + two.movements).map { $0.notice?.transactionID }
        let known = Set(ids.compactMap(\.self))
        guard !ids.isEmpty, !ids.contains(nil) else { return nil }
        if known.count == ids.count, one.variant.outcome == two.variant.outcome {
            var both = one
            both.movements += two.movements
            for index in both.movements.indices { both.movements[index].index = index + 1 }
            return both
        }
        // The same receipt in two forms.
        return merge(one, two)
    }

    /// What is written as a look-alike comes after all variants, in whichever text they stand.
    private static func decide(_ body: Fit?, _ file: Fit?) throws(Stop) -> Fit? {
        guard let body, let file else { return body ?? file }
        if body.variant.isLookAlike != file.variant.isLookAlike {
            return body.variant.isLookAlike ? file : body
        }
        if let merged = merge(body, file) { return merged }
        throw .unclear(file.variant, "the mail and its attachment say different things")
    }

    /// A notice in a file or a mail that came with this one, where no variant looks for one: it is
    /// read as a body would be. Nil when there is none but the one that was read.
    private func strayNotice(_ words: BankWords, besides fit: Fit) -> Reading? {
        for result in words.strays {
            switch result {
            case .nothing: continue
            case .incomplete(let miss):
                // Beside a payment; statements and terms have words of notices too.
                guard fit.variant.outcome.isMoneyIn else { continue }
                return unclear(miss.variant, "the mail and its attachment say different things")
            case .unclear(let miss): return unclear(miss.variant, "frame fits, " + miss.why)
            case .fits(let other):
                guard other.variant.outcome.isMoneyIn, Self.merge(fit, other) == nil else {
                    continue
                }
                return unclear(other.variant, "the mail and its attachment say different things")
            }
        }
        return nil
    }

    // MARK: - Readings

    private func near(_ miss: Miss) -> Reading {
        let shape = MailShape.digest([file.id, miss.variant.id] + miss.missing)
        return unclear(
            miss.variant, "frame fits, " + miss.why,
            NearMiss(
                file: file.id, rule: file.ruleID(miss.variant), missing: miss.missing,
                shape: shape))
    }

    /// A new wording beside words of something else: a footer that advertises, a menu.
    private func passedOver(_ variant: Variant, _ doubt: BankWords.Doubt) -> Reading {
        unclear(
            variant, doubt.rawValue,
            NearMiss(
                file: file.id, rule: file.ruleID(variant), missing: [doubt.rawValue],
                shape: MailShape.digest([file.id, MailShape.digest(of: texts)])))
    }

    private func unclear(
        _ variant: Variant, _ why: String, _ nearMiss: NearMiss? = nil
    ) -> Reading {
        let rule = file.ruleID(variant)
        return Reading(
            outcome: .unclear, rule: rule, isDraft: file.isDraft(variant),
            domains: file.authentication, proof: file.requiredProof, reasons: [.mailUnclear],
            explanation: "\(rule): \(why)", nearMiss: nearMiss)
    }

    private static let withoutPDF: Set<Message.Note> = [
        .pdfEncrypted, .pdfUnreadable, .pdfWithoutText,
    ]

    private func reading(_ fit: Fit) -> Reading {
        let variant = fit.variant
        if variant.outcome.isMoneyIn {
            // What was cut off may deny the payment; what was turned round may read differently.
            if message.notes.contains(.truncated) {
                return unclear(variant, "frame fits, the mail was cut at a limit")
            }
            if message.notes.contains(.answer) {
                return unclear(variant, "frame fits, the mail is an answer and may quote a notice")
            }
            if message.notes.contains(.bidirectionalControls) {
                return unclear(variant, "frame fits, marks in the text turn its direction")
            }
            if SubjectSums.contradict(texts.subject.bytes, fit.movements.compactMap(\.notice)) {
                return unclear(variant, "frame fits, the subject names another sum")
            }
        }
        let rule = file.ruleID(variant)
        let outcome = Self.outcome(of: fit)
        if mayHoldUnreadReceipt(outcome) {
            return unclear(variant, "its PDF could not be read and may tell of a payment")
        }
        let kind = outcome == .notAPayment ? variant.kind ?? fit.movements.first?.kind : nil
        var reasons: [Reason] = []
        var notes: [String] = []
        if file.isDraft(variant) {
            reasons.append(.ruleIsDraft)
            notes.append("the rule is a draft")
        }
        switch outcome {
        case .payment, .notAPayment: break
        case .reversal: reasons.append(.reversalNeedsPerson)
        case .paymentWithoutDetails: reasons.append(.detailsMissing)
        case .unclear, .unread: reasons.append(.mailUnclear)
        }
        if fit.movements.compactMap(\.payment).contains(where: { isSuspicious($0.occurredAt) }) {
            reasons.append(.timeSuspicious)
            notes.append("the time is suspicious")
        }
        if fit.movements.count > 1 { notes.append("\(fit.movements.count) movements") }
        let what = kind.map { "\(outcome.rawValue) (\($0))" } ?? outcome.rawValue
        return Reading(
            outcome: outcome, rule: rule, isDraft: file.isDraft(variant), notAPaymentKind: kind,
            movements: fit.movements, domains: file.authentication, proof: file.requiredProof,
            reasons: reasons,
            explanation: (["\(rule): \(what)"] + notes).joined(separator: ", "))
    }

    /// Where a bank tells of money in a file, a PDF that could not be read may tell of some too:
    /// the words around it do not say that it is none, and it need not be the one that was read.
    private func mayHoldUnreadReceipt(_ outcome: MailOutcome) -> Bool {
        (outcome == .notAPayment || outcome == .payment)
            && !message.notes.isDisjoint(with: Self.withoutPDF)
            && file.variants.contains { $0.attachment != nil }
    }

    /// With several movements the one that a person would ask about first.
    private static func outcome(of fit: Fit) -> MailOutcome {
        guard fit.variant.rows != nil || fit.variant.outcome == .payment else {
            return fit.variant.outcome.mail
        }
        let outcomes = fit.movements.map(\.outcome)
        return [MailOutcome.payment, .reversal].first { outcomes.contains($0) } ?? .notAPayment
    }

    private func isSuspicious(_ date: Date) -> Bool {
        let later = date.timeIntervalSince(receivedAt)
        return later > Self.futureSecondsMax || later < -Self.ageSecondsMax
    }

    // MARK: - Two texts

    /// What two texts say together, or nil when they differ.
    private static func merge(_ one: Fit, _ two: Fit) -> Fit? {
        guard one.variant.outcome == two.variant.outcome else { return nil }
        guard !one.movements.isEmpty, !two.movements.isEmpty else {
            return one.movements.isEmpty ? two : one
        }
        guard one.movements.count == two.movements.count else { return nil }
        var merged = one
        merged.movements = []
        for (first, second) in zip(one.movements, two.movements) {
            guard first.outcome == second.outcome, first.kind == second.kind,
                agree(first.number, second.number)
            else { return nil }
            var notice = first.notice ?? second.notice
            if let own = first.notice, let other = second.notice {
                guard let both = merge(own, other) else { return nil }
                notice = both
            }
            merged.movements.append(
                Movement(
                    index: first.index, outcome: first.outcome, kind: first.kind, notice: notice,
                    clue: notice == nil ? first.clue ?? second.clue : nil))
        }
        return merged
    }

    private static func merge(_ one: PaymentNotice, _ other: PaymentNotice) -> PaymentNotice? {
        var notice = one
        guard notice.amount == other.amount,
            agree(notice.payer, other.payer), agree(notice.transactionID, other.transactionID),
            agree(notice.senderIBAN, other.senderIBAN),
            notice.timeFrom != other.timeFrom || notice.occurredAt == other.occurredAt
        else { return nil }
        if let words = notice.description, let others = other.description {
            // A plain text may be wrapped: then it holds only the beginning of the words.
            let (short, long) =
                words.utf8.count <= others.utf8.count ? (words, others) : (others, words)
            guard long.turkishFolded().hasPrefix(short.turkishFolded()) else { return nil }
            notice.description = long
        }
        notice.description = notice.description ?? other.description
        notice.payer = notice.payer ?? other.payer
        notice.transactionID = notice.transactionID ?? other.transactionID
        notice.senderIBAN = notice.senderIBAN ?? other.senderIBAN
        notice.receivingAccount = notice.receivingAccount ?? other.receivingAccount
        if notice.timeFrom == .arrival, other.timeFrom == .body {
            notice.occurredAt = other.occurredAt
            notice.dayOnly = other.dayOnly
            notice.timeFrom = .body
        }
        return notice
    }

    private static func agree(_ one: String?, _ two: String?) -> Bool {
        guard let one, let two else { return true }
        return one.turkishFolded() == two.turkishFolded()
    }
}
