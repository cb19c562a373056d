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
    static let lookBack: TimeInterval = 183 * 86_400
    /// Payments of one sum that are compared with the reversal; more cannot be told apart by eye.
    private static let equalsMax = 500
    /// A bank gives a number once; more only if it counts anew, and then a person looks.
    private static let numbersMax = 10

    /// What the books know of a movement that was taken back.
    private enum Original {
        /// It can be this payment only.
        case certain(PaymentRecord)
        /// The bank's number is known, and its money was taken out of the books before.
        case settled
        /// One of these, or none that is known; those that it can hardly be are left out.
        case possible([PaymentRecord])
    }

    func settle(by actor: String) throws -> Verdict {
        var reasons = findings.reasons.filter { $0 != .reversalNeedsPerson }
        let isBelieved =
            findings.trust.trust.allowsAutomaticApproval && !findings.ruleIsDraft
            && reasons.isEmpty && !notices.isEmpty
        var candidates: [Verdict.Candidate] = []
        var isAnyOpen = notices.isEmpty
        var isAnyReversed = false
        for notice in notices {
            var possible: [PaymentRecord] = []
            switch try original(of: notice) {
            case .certain(let payment) where isBelieved:
                try reverse(payment, by: actor)
                isAnyReversed = true
                continue
            case .settled where isBelieved: continue
            case .certain(let payment): possible = [payment]
            case .possible(let payments): possible = payments
            case .settled: break
            }
            isAnyOpen = true
            for payment in possible {
                candidates += try guests(of: payment).filter { !candidates.contains($0) }
            }
        }
        guard isAnyOpen || isAnyReversed else {
            return Verdict(.duplicate, reasons: [.originalFound, .seenBefore])
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
            try PaymentReversal.ask(
                payment.id, [.originalFound, .reversalNeedsPerson],
                about: guests.map(\.registration),
                now: now, in: books)
        }
    }

    /// A number of the bank decides alone: who bears another one is another payment, and one that
    /// was taken back already is not taken for the payer's next.
    private func original(of notice: PaymentNotice) throws -> Original {
        let since = now - Self.lookBack
        let bank = findings.rule.map { Kinship.bank($0) }
        if let number = notice.transactionID {
            let known = try counted(
                books.payments(transactionID: number, since: since, limit: Self.numbersMax)
                    .filter { Kinship.bank($0.rule) == bank })
            let open = known.filter(Self.isOpen)
            let equal = open.filter { $0.notice.amount == notice.amount }
            if let only = equal.first, open.count == 1 { return .certain(only) }
            if !known.isEmpty { return open.isEmpty ? .settled : .possible(open) }
        }
        let equals = try books.payments(
            of: notice.amount, in: since...now + 86_400, limit: Self.equalsMax
        ).filter(Self.isOpen)
        if let code = try code(of: notice) {
            let known = try equals.filter { payment in
                try payment.reference == code
                    || guests(of: payment).contains {
                        try books.registration($0.registration)?.reference == code
                    }
            }
            let fitting = known.filter {
                Kinship.bank($0.rule) == bank
                    && (notice.transactionID == nil || $0.notice.transactionID == nil)
            }
            if let only = fitting.first, fitting.count == 1 { return .certain(only) }
            if !known.isEmpty { return .possible(known) }
        }
        guard let payer = notice.payer.flatMap({ PersonName($0) }) else { return .possible(equals) }
        let named = equals.filter {
            NameAgreement(payer: payer, guest: $0.notice.payer.flatMap { PersonName($0) })
                >= .masked
        }
        return .possible(named.isEmpty ? equals : named)
    }

    private static func isOpen(_ payment: PaymentRecord) -> Bool {
        payment.state != .reversed && payment.state != .ignored
    }

    /// Those that hold the money: of two notices of one transfer the number may stand in the other.
    private func counted(_ payments: [PaymentRecord]) throws -> [PaymentRecord] {
        var seen: Set<PaymentID> = []
        return try payments.compactMap { payment in
            try payment.sameAs.map { try books.payment($0) } ?? payment
        }.filter { seen.insert($0.id).inserted }
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
            // Why they were paid for says nothing about what is to become of them.
            .map { Verdict.Candidate(registration: $0, reasons: []) }
    }
}

/// The bookings of a reversal, the same whether the agent or a person decides it.
enum PaymentReversal {
    /// - Returns: the decision, and where the registrations stand that it touched.
    @discardableResult
    static func carryOut(
        _ payment: PaymentID, by actor: String, now: Date, in books: LedgerTransaction
    ) throws -> (
        decision: DecisionID, registrations: [(id: RegistrationID, state: RegistrationState)]
    ) {
        var touched: [RegistrationID] = []
        let decision = try books.decide("reverse", by: actor, payment: payment, at: now) {
            touched = try books.reverse(payment, at: now)
            for id in touched { try follow(id, now: now, in: books) }
            try books.audit("payment.reversed", ["payment": payment.description], at: now)
        }
        return (
            decision,
            try touched.compactMap { id in try books.registration(id).map { ($0.id, $0.state) } }
        )
    }

    /// Asks what is to become of guests whose money is gone.
    @discardableResult
    static func ask(
        _ payment: PaymentID, _ reasons: [Reason], about guests: [RegistrationID], now: Date,
        in books: LedgerTransaction
    ) throws -> ReviewID {
        try books.openReview(
            of: .payment(payment), kind: MailOutcome.reversal.rawValue, reasons: reasons,
            candidates: guests.map { Verdict.Candidate(registration: $0, reasons: []) }, at: now)
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
        if !next.state.allows(.lumaApprove) { try books.withholdApproval(of: id, now: now) }
    }
}
