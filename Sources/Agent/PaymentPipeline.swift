// SPDX-License-Identifier: Apache-2.0

package import Domain
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
    let matcher: Matcher
    private let channels: ChannelOrder
    private let instructed: Set<EventID>

    /// - Parameters:
    ///   - channels: which way a message takes first.
    ///   - instructed: events whose guests are told what is to pay.
    package init(
        matcher: Matcher, channels: ChannelOrder = ChannelOrder(), instructed: Set<EventID> = []
    ) {
        self.matcher = matcher
        self.channels = channels
        self.instructed = instructed
    }

    /// Settles a mail with what was found in it.
    ///
    /// A mail that the ledger refuses for good must not block those behind it: it is set aside for
    /// a person, and the refusal returned. What may work later (a full disk) is thrown; the mail
    /// then has its turn again.
    ///
    /// - Parameter settle: writes these findings so that all of them are kept or nothing: in a
    ///   transaction, or in a step of a larger one.
    package func settleOrSetAside(
        _ findings: MailFindings, settle: (MailFindings) throws -> [MailReport]
    ) throws -> (reports: [MailReport], refusal: LedgerError?) {
        do {
            return (try settle(findings), nil)
        } catch let error as LedgerError where error.retry == .never {
            return (try settle(findings.quarantined(because: error.label)), error)
        }
    }

    /// Records a mail with what was found in it, and tells it, one report per movement.
    ///
    /// The same place twice changes nothing.
    package func settle(
        _ findings: MailFindings, at place: MailPlace, raw: [UInt8], now: Date,
        in books: LedgerTransaction
    ) throws -> [MailReport] {
        if try books.isSettled(place) { return [] }
        let (reading, isCopy, lesser) = try reading(of: findings, now: now, in: books)
        // The bytes of a copy are there already, and those of attached mails are kept with them, so
        // that forgetting a person finds all.
        let keepsRaw = !isCopy && findings.attached.isEmpty
        let mail = try books.record(
            reading, at: place, sha256: findings.sha256, raw: keepsRaw ? raw : nil,
            sizeBytes: findings.sizeBytes, receivedAt: findings.receivedAt, now: now)
        if reading.state == .settled { try books.mark(mail, with: findings.marks) }
        if let lesser { try becomeCopy(lesser, of: mail, in: books) }
        return try settle(
            findings, mail: mail, place: place, isCopy: isCopy, now: now, in: books)
    }

    /// The same for a mail that the ledger holds already: stored and not read yet, held until its
    /// key came, or not understood with other rules.
    package func settle(
        _ findings: MailFindings, of mail: MailID, at place: MailPlace, now: Date,
        in books: LedgerTransaction
    ) throws -> [MailReport] {
        let (reading, isCopy, lesser) = try reading(
            of: findings, except: mail, now: now, in: books)
        try books.update(mail, to: reading)
        if reading.state == .settled { try books.mark(mail, with: findings.marks) }
        if let lesser { try becomeCopy(lesser, of: mail, in: books) }
        if isCopy || !findings.attached.isEmpty { try books.dropRaw(mail) }
        return try settle(
            findings, mail: mail, place: place, isCopy: isCopy, now: now, in: books)
    }

    /// The row of the mail: a copy, when another mail with the same identity is settled. But what
    /// no signature covers, as the kind of its text, may have been changed on the way of the one
    /// that came first; where nothing came of that one, it is the copy (`lesser`).
    private func reading(
        of findings: MailFindings, except mail: MailID? = nil, now: Date,
        in books: LedgerTransaction
    ) throws -> (MailReading, isCopy: Bool, lesser: MailRecord?) {
        var reading = findings.reading(now: now)
        guard let original = try original(of: findings, except: mail, in: books)
        else { return (reading, false, nil) }
        if findings.outcome == .payment, reading.state == .settled,
            let record = try books.mail(original), record.reading.outcome != .payment,
            try !books.isBooked(original)
        {
            if let open = try books.openReview(of: .mail(original)) {
                try books.closeReview(open.id, decision: "read_again", at: now)
            }
            var lesser = record.reading
            lesser.identity = nil
            try books.update(original, to: lesser)
            return (reading, false, record)
        }
        reading.becomeCopy(of: original)
        return (reading, true, nil)
    }

    /// The mail that this one is surely a copy of: signed as it is, or proven and saying the same.
    private func original(
        of findings: MailFindings, except mail: MailID?, in books: LedgerTransaction
    ) throws -> MailID? {
        if let signed = try books.settledMail(identity: findings.identity), signed != mail {
            return signed
        }
        return try findings.contentMark.flatMap {
            try books.settledMail(marked: $0, otherThan: mail)
        }
    }

    private func becomeCopy(
        _ lesser: MailRecord, of mail: MailID, in books: LedgerTransaction
    ) throws {
        var reading = lesser.reading
        reading.becomeCopy(of: mail)
        try books.update(lesser.id, to: reading)
    }

    /// How the agent signs its decisions.
    package static let actor = "agent"

    // MARK: - One mail

    private static let seenBefore = Verdict(.duplicate, reasons: [.seenBefore])

    /// A mail that only carries others tells nothing itself; they are told as its movements.
    private func settle(
        _ findings: MailFindings, mail: MailID, place: MailPlace, isCopy: Bool, now: Date,
        in books: LedgerTransaction
    ) throws -> [MailReport] {
        if isCopy { return [MailReport(findings, source: place.source, verdict: Self.seenBefore)] }
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
        // What was taken back is settled once for all of the mail: a person is asked one question.
        var retraction = Reversal(findings: findings, mail: mail, now: now, books: books)
        var reversal: Verdict?
        return try findings.movements.map { movement in
            var report: MailReport
            if let notice = movement.payment {
                report = try settle(
                    notice, movement: movement.index, rule: rule, findings, mail: mail,
                    source: source, now: now, in: books)
            } else if movement.outcome == .reversal {
                let verdict = try reversal ?? retraction.settle()
                reversal = verdict
                report = MailReport(findings, source: source, verdict: verdict)
            } else {
                report = MailReport(findings, source: source, verdict: Verdict(.none, reasons: []))
            }
            report.outcome = movement.outcome
            report.movement = findings.movements.count > 1 ? movement.index : nil
            report.notice = movement.notice
            return report
        }
    }

    /// One movement: told before? else matched, recorded, booked.
    ///
    /// - Parameter known: what the ledger told of it before, where that was looked for already.
    func settle(
        _ notice: PaymentNotice, movement: Int, rule: RuleID, _ findings: MailFindings,
        mail: MailID, source: String, known: Twin? = nil, now: Date, in books: LedgerTransaction
    ) throws -> MailReport {
        let isProven = findings.trust.trust.allowsAutomaticApproval
        var doubts = findings.reasons
        var twin = known ?? .none
        if known == nil {
            let look = isProven ? Twin.find : Twin.findCopied
            twin = try look(notice, rule, mail, books)
        }
        switch twin {
        case .same(let original):
            return try join(
                notice, movement: movement, rule: rule, to: original, findings, mail: mail,
                source: source, now: now, in: books)
        case .perhaps: doubts.append(.perhapsSameTransfer)
        case .none: break
        }
        if isProven,
            try Reversal.meet(
                notice.transactionID, of: Kinship.bank(rule), now: now, in: books)
        {
            doubts.append(.takenBackBefore)
        }
        let proposed = try matcher.verdict(
            for: notice, trust: findings.trust, ruleIsDraft: findings.ruleIsDraft,
            reasons: doubts, recipients: findings.recipients, lookup: LedgerLookup(books: books))
        let (verdict, plan) = try plan(
            perhapsReturned(proposed, notice, in: books), of: notice, in: books)
        let payment = try books.record(
            notice, of: mail, movement: movement, rule: rule, trust: findings.trust.trust,
            verdict: verdict, recipients: findings.recipients)
        // Money of an unproven mail, or perhaps told before, is not booked at all: the books hold
        // facts only.
        if isProven, !doubts.contains(.perhapsSameTransfer) {
            try books.receive(payment, at: now)
            try warn(ofCopies: notice, rule: rule, mail: mail, now: now, in: books)
        }
        try carryOut(verdict, plan, payment: payment, notice: notice, now: now, in: books)
        var report = MailReport(findings, source: source, verdict: verdict)
        report.effects = plan.effects
        return report
    }

    /// Another notice of a transfer that is in the ledger: it brings no money, but may say what the
    /// first one left out, such as the code.
    func join(
        _ notice: PaymentNotice, movement: Int, rule: RuleID, to original: PaymentRecord,
        _ findings: MailFindings, mail: MailID, source: String, now: Date,
        in books: LedgerTransaction
    ) throws -> MailReport {
        let told = Verdict(.duplicate, reasons: [.sameTransfer], reference: original.reference)
        let payment = try books.record(
            notice, of: mail, movement: movement, rule: rule, trust: findings.trust.trust,
            verdict: told, recipients: findings.recipients)
        try books.join(payment, to: original.id)
        try books.audit(
            "payment.joined", ["payment": payment.description, "to": original.id.description],
            at: now)
        var report = MailReport(findings, source: source, verdict: told)
        guard original.state == .review,
            let review = try books.openReview(of: .payment(original.id)),
            !findings.ruleIsDraft, findings.reasons.isEmpty,
            Self.mayFindItsRegistration(original.reasons)
        else { return report }
        let (whole, recipients) = try books.whole(original)
        let proposed = try matcher.verdict(
            for: whole, trust: findings.trust, recipients: recipients,
            lookup: LedgerLookup(books: books))
        if let (verdict, plan) = try settleWaiting(
            original, review, proposed, now: now, in: books)
        {
            report.verdict = verdict
            report.verdict.reasons.append(.sameTransfer)
            report.effects = plan.effects
        }
        return report
    }

    // MARK: - One payment

    /// What the verdict makes of the registrations. When the state machine knows no way for one of
    /// them, the whole verdict goes to a person: a mail must never get stuck between two opinions.
    func plan(
        _ verdict: Verdict, of notice: PaymentNotice, in books: LedgerTransaction
    ) throws -> (Verdict, PaymentPlan) {
        for allocation in verdict.allocations where allocation.revives {
            let newer = try books.registeredAnew(insteadOf: allocation)
            guard !newer.isEmpty else { continue }
            let meant = newer.map(\.id) + [allocation.registration]
            let review = Verdict(
                .review, reasons: [.severalCandidates] + verdict.reasons,
                candidates: try books.candidates(meant, paidBy: notice),
                reference: verdict.reference)
            return (review, .nothing)
        }
        if let plan = try PaymentPlan(
            verdict.allocations, by: channels, telling: instructed, in: books)
        {
            return (verdict, plan)
        }
        let review = try verdict.proposal(
            because: [.registrationClosed], of: notice, LedgerLookup(books: books))
        return (review, .nothing)
    }

    /// The verdict, or a proposal where the switch of one of its events leaves it to a person.
    func switched(
        _ verdict: Verdict, _ row: EvidenceRow, of notice: PaymentNotice,
        in books: LedgerTransaction
    ) throws -> Verdict {
        for allocation in verdict.allocations {
            guard let registration = try books.registration(allocation.registration),
                matcher.policy[registration.event][row] == .review
            else { continue }
            return try verdict.proposal(
                because: [.switchedOff], of: notice, LedgerLookup(books: books))
        }
        return verdict
    }

    /// Allocates the money, moves the registrations and writes their effects, or asks a person.
    func carryOut(
        _ verdict: Verdict, _ plan: PaymentPlan, payment: PaymentID, notice: PaymentNotice,
        now: Date, in books: LedgerTransaction
    ) throws {
        switch verdict.kind {
        case .approve, .underpaid, .overpaid, .split:
            try books.decide(verdict.kind.rawValue, by: Self.actor, payment: payment, at: now) {
                try plan.carryOut(of: payment, now: now, in: books)
                if let surplus = verdict.surplus, surplus.minorUnits > 0 {
                    let paid = verdict.allocations.first?.registration
                    try books.credit(surplus, of: payment, about: paid, at: now)
                    try Surplus.ask(payment, verdict.reasons, now: now, in: books)
                }
                try learn(verdict, notice, now: now, in: books)
            }
        case .credit:
            let guest = verdict.candidates.first?.registration
            try books.decide(verdict.kind.rawValue, by: Self.actor, payment: payment, at: now) {
                try books.credit(notice.amount, of: payment, about: guest, at: now)
            }
        case .review, .duplicate:
            try books.setState(.review, of: payment)
            try ask(verdict, about: payment, now: now, in: books)
        case .none:
            try books.setState(.ignored, of: payment)
        }
        try books.audit(
            "payment.\(verdict.kind.rawValue)", ["payment": payment.description], at: now)
    }

    /// Remembers who paid for a guest, when the code said so and the guest agreed.
    private func learn(
        _ verdict: Verdict, _ notice: PaymentNotice, now: Date, in books: LedgerTransaction
    ) throws {
        guard verdict.reasons.contains(.codeExact),
            let payer = notice.payer.flatMap({ PersonName($0) })
        else { return }
        for allocation in verdict.allocations {
            guard let guest = try books.registration(allocation.registration),
                guest.remembersPayer
            else { continue }
            try books.remember(payer: payer, paidFor: guest, at: now)
        }
    }

    func ask(
        _ verdict: Verdict, about payment: PaymentID, now: Date, in books: LedgerTransaction
    ) throws {
        try books.openReview(
            of: .payment(payment), kind: verdict.kind.rawValue, reasons: verdict.reasons,
            candidates: verdict.candidates, at: now)
    }
}
