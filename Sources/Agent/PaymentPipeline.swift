// SPDX-License-Identifier: Apache-2.0

internal import Domain
package import FoundationEssentials
package import Ledger
package import Matching
internal import Rules
internal import Workflow

/// The second half of a payment's life: from what a mail says to rows in the ledger.
///
///     MailFindings ─► seen before? ─► Matcher ─► Verdict ─► bookings
///                                                        ─► RegistrationMachine ─► state, effects
///                                                        ─► review, when a person has to decide
///
/// Everything that one mail changes is written in the caller's transaction: either all of it is in
/// the ledger afterwards, or nothing, and the mail comes again. The agent and the replay run this
/// very code; a replay's ledger is a temporary one and has no dispatcher behind it.
package struct PaymentPipeline: Sendable {
    private let matcher: Matcher

    package init(matcher: Matcher) { self.matcher = matcher }

    /// Runs its argument so that all it writes is kept or nothing: in a transaction, or in a step
    /// of a larger one.
    package typealias Commit = ((LedgerTransaction) throws -> [MailReport]) throws -> [MailReport]

    /// `settle`, committed.
    ///
    /// A mail that the ledger refuses for good must not block those behind it: it is set aside for
    /// a person, and the refusal returned. What may work later (a full disk) is thrown; the mail
    /// then comes again.
    package func settleOrSetAside(
        _ findings: MailFindings, at place: MailPlace, raw: [UInt8], now: Date, commit: Commit
    ) throws -> (reports: [MailReport], refusal: LedgerError?) {
        do {
            let reports = try commit {
                try settle(findings, at: place, raw: raw, now: now, in: $0)
            }
            return (reports, nil)
        } catch let error as LedgerError where error.retry == .never {
            let reports = try commit {
                try settle(
                    findings.quarantined(because: error.label), at: place, raw: raw, now: now,
                    in: $0)
            }
            return (reports, error)
        }
    }

    /// Writes what was found in a mail and tells it, one report per movement.
    ///
    /// The same place twice (a mail that was fetched again after a crash) changes nothing.
    package func settle(
        _ findings: MailFindings, at place: MailPlace, raw: [UInt8], now: Date,
        in books: LedgerTransaction
    ) throws -> [MailReport] {
        if try books.isSettled(place) { return [] }
        var reading = findings.reading(now: now)
        if let original = try books.settledMail(identity: findings.identity) {
            reading.becomeCopy(of: original)
            try books.record(
                reading, at: place, sha256: findings.sha256, raw: nil,
                sizeBytes: findings.sizeBytes, receivedAt: findings.receivedAt, now: now)
            return [MailReport(findings, source: place.source, verdict: Self.seenBefore)]
        }
        // The bytes of attached mails are kept with them, so that forgetting a person finds all.
        let mail = try books.record(
            reading, at: place, sha256: findings.sha256,
            raw: findings.attached.isEmpty ? raw : nil, sizeBytes: findings.sizeBytes,
            receivedAt: findings.receivedAt, now: now)
        return try settleWithAttached(findings, mail: mail, place: place, now: now, in: books)
    }

    /// Writes what a later reading of a held mail found: its key came, or we stopped waiting.
    package func resettle(
        _ findings: MailFindings, mail: MailID, place: MailPlace, now: Date,
        in books: LedgerTransaction
    ) throws -> [MailReport] {
        var reading = findings.reading(now: now)
        if let original = try books.settledMail(identity: findings.identity), original != mail {
            reading.becomeCopy(of: original)
            try books.update(mail, to: reading)
            return [MailReport(findings, source: place.source, verdict: Self.seenBefore)]
        }
        try books.update(mail, to: reading)
        return try settleWithAttached(findings, mail: mail, place: place, now: now, in: books)
    }

    /// Looks again at proven money that found no registration, after registrations were added.
    ///
    /// - Returns: how many payments found theirs.
    package func matchWaitingMoney(now: Date, in books: LedgerTransaction) throws -> Int {
        var found = 0
        for review in try books.openReviews(limit: Self.waitingMax) {
            guard case .payment(let id) = review.subject, let payment = try books.payment(id),
                payment.state == .review, payment.trust.allowsAutomaticApproval,
                Self.waitsForRegistration.isSuperset(of: payment.reasons)
            else { continue }
            let proposed = try matcher.verdict(
                for: payment.notice, trust: TrustVerdict(payment.trust),
                lookup: LedgerLookup(books: books))
            let (verdict, steps) = try plan(proposed, in: books)
            guard !steps.isEmpty else { continue }
            try books.setVerdict(verdict, of: id)
            try books.closeReview(review.id, decision: "matched", at: now)
            try carryOut(
                verdict, steps, payment: id, notice: payment.notice, now: now, in: books)
            found += 1
        }
        return found
    }

    /// More open questions than any organizer leaves open.
    private static let waitingMax = 10_000

    /// Reasons that a new registration can take away. Any other one still needs a person.
    private static let waitsForRegistration: Set<Reason> = [
        .noCode, .codeUnknown, .noCandidate, .nameMissing, .amountDiffers, .nameDiffers,
    ]

    // MARK: - One mail

    private static let seenBefore = Verdict(.duplicate, reasons: [.seenBefore])

    /// A mail that only carries others tells nothing itself; they are told as its movements.
    private func settleWithAttached(
        _ findings: MailFindings, mail: MailID, place: MailPlace, now: Date,
        in books: LedgerTransaction
    ) throws -> [MailReport] {
        let isCover = !findings.attached.isEmpty && findings.outcome == .unread
        var reports =
            isCover
            ? [] : try settle(findings, mail: mail, source: place.source, now: now, in: books)
        guard !findings.attached.isEmpty else { return reports }
        for (index, attached) in findings.attached.enumerated() {
            reports += try settle(
                attached.findings, at: place.attached(index + 1), raw: attached.raw, now: now,
                in: books)
        }
        if reports.count > 1 {
            for index in reports.indices { reports[index].movement = index + 1 }
        }
        return reports
    }

    private func settle(
        _ findings: MailFindings, mail: MailID, source: String, now: Date,
        in books: LedgerTransaction
    ) throws -> [MailReport] {
        guard findings.disposition != .hold else { return [] }
        guard findings.outcome == .payment, let rule = findings.rule, !findings.notices.isEmpty
        else {
            return [try settleOther(findings, mail: mail, source: source, now: now, in: books)]
        }
        var reports: [MailReport] = []
        for movement in findings.movements {
            var report = try settle(
                movement, of: findings, rule, mail: mail, source: source, now: now, in: books)
            report.movement = findings.movements.count > 1 ? movement.index : nil
            reports.append(report)
        }
        return reports
    }

    /// One movement: a payment is matched, one that was taken back goes to a person, and money that
    /// went out is only told.
    private func settle(
        _ movement: Movement, of findings: MailFindings, _ rule: RuleID, mail: MailID,
        source: String, now: Date, in books: LedgerTransaction
    ) throws -> MailReport {
        guard let notice = movement.payment else {
            let isReversal = movement.outcome == .reversal
            let reasons: [Reason] = isReversal ? [.reversalNeedsPerson] : []
            if isReversal {
                try books.openReview(
                    of: .mail(mail), kind: movement.outcome.rawValue, reasons: reasons, at: now)
            }
            var report = MailReport(
                findings, source: source,
                verdict: Verdict(isReversal ? .review : .none, reasons: reasons))
            report.outcome = movement.outcome
            report.notice = movement.notice
            return report
        }
        let proposed = try matcher.verdict(
            for: notice, trust: findings.trust, ruleIsDraft: findings.ruleIsDraft,
            reasons: findings.reasons, lookup: LedgerLookup(books: books))
        let (verdict, steps) = try plan(proposed, in: books)
        let payment = try books.record(
            notice, of: mail, movement: movement.index, rule: rule, trust: findings.trust.trust,
            verdict: verdict)
        // Money of an unproven mail is not booked at all: the books hold facts only.
        if findings.trust.trust.allowsAutomaticApproval {
            try books.receive(payment, at: now)
        }
        try carryOut(verdict, steps, payment: payment, notice: notice, now: now, in: books)
        var report = MailReport(findings, source: source, verdict: verdict)
        report.notice = notice
        report.effects = steps.flatMap(\.transition.effects)
        return report
    }

    /// A mail that is no payment: left alone when it is plainly none, else shown to a person.
    private func settleOther(
        _ findings: MailFindings, mail: MailID, source: String, now: Date,
        in books: LedgerTransaction
    ) throws -> MailReport {
        var reasons = findings.reasons
        var needsPerson = true
        switch findings.outcome {
        case .reversal: reasons.append(.reversalNeedsPerson)
        case .paymentWithoutDetails: reasons.append(.detailsMissing)
        case .unclear, .payment: if reasons.isEmpty { reasons.append(.mailUnclear) }
        case .unread:
            needsPerson = findings.imitates != nil
            if needsPerson, !reasons.contains(.senderForged) { reasons.append(.senderForged) }
        case .notAPayment: needsPerson = reasons.contains(.forwardingConfirmation)
        }
        if needsPerson {
            let kind = findings.drift == nil ? findings.outcome.rawValue : "drift"
            try books.openReview(of: .mail(mail), kind: kind, reasons: reasons, at: now)
        }
        var report = MailReport(
            findings, source: source,
            verdict: Verdict(needsPerson ? .review : .none, reasons: reasons))
        if let drift = findings.drift, try books.note(drift, at: now) { report.drift = drift }
        return report
    }

    // MARK: - One payment

    /// An allocation and what it makes of its registration.
    private struct Step {
        let allocation: Verdict.Allocation
        let transition: RegistrationMachine.Transition
    }

    /// What the verdict makes of the registrations. When the state machine knows no way for one of
    /// them, the whole verdict goes to a person: a mail must never get stuck between two opinions.
    private func plan(
        _ verdict: Verdict, in books: LedgerTransaction
    ) throws -> (Verdict, [Step]) {
        var steps: [Step] = []
        for allocation in verdict.allocations {
            guard let registration = try books.registration(allocation.registration),
                let paid = registration.paid.adding(allocation.amount),
                let transition = try? RegistrationMachine.transition(
                    from: registration.state,
                    on: .moneyAllocated(paid: paid, due: registration.due),
                    facts: registration.facts)
            else {
                let candidates = verdict.allocations.map {
                    Verdict.Candidate(registration: $0.registration, reasons: verdict.reasons)
                }
                let review = Verdict(
                    .review, reasons: [.registrationClosed] + verdict.reasons,
                    candidates: candidates, reference: verdict.reference)
                return (review, [])
            }
            steps.append(Step(allocation: allocation, transition: transition))
        }
        return (verdict, steps)
    }

    /// Allocates the money, moves the registrations and writes their effects, or asks a person.
    private func carryOut(
        _ verdict: Verdict, _ steps: [Step], payment: PaymentID, notice: PaymentNotice, now: Date,
        in books: LedgerTransaction
    ) throws {
        switch verdict.kind {
        case .approve, .underpaid, .overpaid, .split:
            for step in steps {
                let registration = step.allocation.registration
                try books.allocate(
                    step.allocation.amount, of: payment, to: registration, at: now)
                try books.setState(step.transition.state, of: registration)
                for effect in step.transition.effects { try books.enqueue(effect, at: now) }
            }
            if let surplus = verdict.surplus, surplus.minorUnits > 0 {
                try books.credit(surplus, of: payment, at: now)
                try ask(verdict, about: payment, now: now, in: books)
            }
        case .credit:
            try books.credit(notice.amount, of: payment, at: now)
        case .review, .duplicate:
            try books.setState(.review, of: payment)
            try ask(verdict, about: payment, now: now, in: books)
        case .none:
            try books.setState(.ignored, of: payment)
        }
        try books.audit(
            "payment.\(verdict.kind.rawValue)", ["payment": payment.description], at: now)
    }

    private func ask(
        _ verdict: Verdict, about payment: PaymentID, now: Date, in books: LedgerTransaction
    ) throws {
        try books.openReview(
            of: .payment(payment), kind: verdict.kind.rawValue, reasons: verdict.reasons,
            candidates: verdict.candidates, at: now)
    }
}

extension Registration {
    /// What the state machine has to know besides the state.
    var facts: RegistrationMachine.Facts {
        RegistrationMachine.Facts(
            registration: id, hasTurkishMobile: phone?.isTurkishMobile ?? false)
    }
}
