// SPDX-License-Identifier: Apache-2.0

internal import Domain
internal import FoundationEssentials
internal import Ledger
internal import Matching
internal import Rules
internal import Workflow

/// A mail that says that money went back: a transfer returned, a card payment disputed.
///
/// When the payment is certain (the bank's own number, or the code with the exact sum, and only one
/// such payment) the books follow at once, because the money is gone: what was allocated is booked
/// back, the registration suspended, and a person asked what is to become of the guest. Otherwise
/// nothing is touched, and the person chooses among the payments that may be meant.
struct Reversal {
    let findings: MailFindings
    let mail: MailID
    let now: Date
    let books: LedgerTransaction

    /// The movements that were taken back.
    private var notices: [PaymentNotice] {
        findings.movements.filter { $0.outcome == .reversal }.compactMap(\.notice)
    }

    /// Card holders may dispute for up to 120 days, banks return within days; half a year is past
    /// either.
    private static let lookBack: TimeInterval = 183 * 86_400
    /// Payments of one sum that are compared with the reversal; more cannot be told apart by eye.
    private static let equalsMax = 500

    func settle(by actor: String) throws -> Verdict {
        var reasons = findings.reasons.filter { $0 != .reversalNeedsPerson }
        let isBelieved =
            findings.trust.trust.allowsAutomaticApproval && !findings.ruleIsDraft
            && reasons.isEmpty && !notices.isEmpty
        var candidates: [Verdict.Candidate] = []
        var isAnyOpen = notices.isEmpty
        for notice in notices {
            let (certain, possible) = try originals(of: notice)
            if isBelieved, let certain {
                try reverse(certain, by: actor)
            } else {
                isAnyOpen = true
                for payment in [certain].compactMap(\.self) + possible {
                    candidates += try guests(of: payment).filter { !candidates.contains($0) }
                }
            }
        }
        reasons.append(isAnyOpen ? .originalNotFound : .originalFound)
        reasons.append(.reversalNeedsPerson)
        if isAnyOpen {
            try books.openReview(
                of: .mail(mail), kind: MailOutcome.reversal.rawValue, reasons: reasons,
                candidates: Array(candidates.prefix(5)), at: now)
        }
        return Verdict(.review, reasons: reasons, candidates: candidates)
    }

    /// Books a payment back and asks what is to become of its registrations.
    private func reverse(_ payment: PaymentRecord, by actor: String) throws {
        let guests = try guests(of: payment)
        try books.decide("reverse", by: actor, payment: payment.id, at: now) {
            try PaymentReversal.carryOut(payment.id, by: actor, now: now, in: books)
            try books.openReview(
                of: .payment(payment.id), kind: MailOutcome.reversal.rawValue,
                reasons: [.originalFound, .reversalNeedsPerson], candidates: guests, at: now)
        }
    }

    /// The payment that is meant, if only one can be, and those that may be.
    private func originals(
        of notice: PaymentNotice
    ) throws -> (certain: PaymentRecord?, possible: [PaymentRecord]) {
        let since = now - Self.lookBack
        let bank = findings.rule.map { Kinship.bank($0) }
        func isOpen(_ payment: PaymentRecord) -> Bool {
            payment.state != .reversed && payment.state != .ignored
                && payment.notice.amount == notice.amount
        }
        if let number = notice.transactionID {
            let known = try books.payments(transactionID: number, since: since, limit: 10)
                .filter { isOpen($0) && Kinship.bank($0.rule) == bank }
            if let only = known.first { return (known.count == 1 ? only : nil, known) }
        }
        let equals = try books.payments(
            of: notice.amount, in: since...now + 86_400, limit: Self.equalsMax
        ).filter(isOpen)
        if let code = try code(of: notice) {
            let known = try equals.filter { payment in
                try payment.reference == code
                    || guests(of: payment).contains {
                        try books.registration($0.registration)?.reference == code
                    }
            }
            if let only = known.first { return (known.count == 1 ? only : nil, known) }
        }
        guard let payer = notice.payer.flatMap({ PersonName($0) }) else { return (nil, equals) }
        let named = equals.filter {
            NameAgreement(payer: payer, guest: $0.notice.payer.flatMap { PersonName($0) })
                >= .masked
        }
        return (nil, named.isEmpty ? equals : named)
    }

    private func code(of notice: PaymentNotice) throws -> ReferenceCode? {
        guard let text = notice.description else { return nil }
        let found = ReferenceFinder.find(in: text, prefixes: try books.referencePrefixes())
        guard found.count == 1, case .exact(let code)? = found.first else { return nil }
        return code
    }

    private func guests(of payment: PaymentRecord) throws -> [Verdict.Candidate] {
        var seen: Set<RegistrationID> = []
        return try books.holdings(of: payment.id).compactMap(\.about)
            .filter { seen.insert($0).inserted }
            .map { Verdict.Candidate(registration: $0, reasons: payment.reasons) }
    }
}

/// The bookings of a reversal, the same whether the agent or a person decides it.
enum PaymentReversal {
    /// - Returns: the decision, and the effects that are to be looked at.
    @discardableResult
    static func carryOut(
        _ payment: PaymentID, by actor: String, now: Date, in books: LedgerTransaction
    ) throws -> DecisionID {
        try books.decide("reverse", by: actor, payment: payment, at: now) {
            let touched = try books.reverse(payment, at: now)
            for id in touched { try follow(id, now: now, in: books) }
            try books.audit("payment.reversed", ["payment": payment.description], at: now)
        }
    }

    /// Brings the state of a registration into line with what is left of its money. Where the
    /// machine knows no way the state stays: nothing was promised for that money.
    static func follow(
        _ id: RegistrationID, now: Date, in books: LedgerTransaction
    ) throws {
        guard let registration = try books.registration(id) else { return }
        // Nothing is paid any more where all is due back: what counts is whether it still is.
        if registration.state == .refundDue, try !books.refundsDue(about: id).isEmpty { return }
        guard
            let next = try? RegistrationMachine.transition(
                from: registration.state,
                on: .moneyReversed(paid: registration.paid, due: registration.due),
                facts: registration.facts(isApproved: try books.isApproved(id))),
            next.state != registration.state
        else { return }
        try books.setState(next.state, of: id, at: now)
        for effect in next.effects { try books.enqueue(effect, at: now) }
    }
}
