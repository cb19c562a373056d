// SPDX-License-Identifier: Apache-2.0

package import Domain
package import FoundationEssentials
package import Ledger
internal import Matching
internal import Workflow

/// What a person answers to a question.
package enum ReviewAnswer: Hashable, Sendable {
    /// The first candidate, or the one that is named.
    case accept(RegistrationID?)
    /// This registration, whether it was proposed or not. With an amount the payment is written
    /// down first: for mails that show none.
    case assign(RegistrationID, Money?)
    /// These parts to these registrations; nothing may be left over.
    case split([Verdict.Allocation])
    /// Kept for the payer.
    case credit
    /// To be sent back to the payer.
    case refund
    /// Not for any event, or nothing that has to be done.
    case ignore

    /// As the decision is written down.
    package var name: String {
        switch self {
        case .accept: "accept"
        case .assign: "assign"
        case .split: "split"
        case .credit: "credit"
        case .refund: "refund"
        case .ignore: "ignore"
        }
    }
}

/// What an answer did, for the one who gave it.
package struct AnswerReport: Sendable {
    /// Some money of a payment.
    package typealias Part = (payment: PaymentID, amount: Money)

    package var decision: DecisionID
    package var payment: PaymentID?
    /// Where the registrations stand now.
    package var registrations: [(id: RegistrationID, state: RegistrationState)] = []
    /// What is done in the outside world because of it.
    package var effects: [String] = []
    /// What was left over and is kept as credit.
    package var credit: Money?
    /// What stays credit of a guest who was called off: nobody is asked about it.
    package var kept: [Part] = []
    /// What was due back and is not any more, because the bank took it back itself.
    package var notDueAnyMore: [Part] = []
    /// The question that it leads to: what is to become of the rest, or of suspended guests.
    package var review: ReviewID?
}

/// Answers questions, in the ledger that the agent works on, also while it works. An answer is one
/// transaction; that it closes an open question is checked in it, so that of two who answer the
/// same question one is told that it is answered.
package struct ReviewDesk: Sendable {
    /// Stands for the rule where a person read the mail.
    static let byHand = RuleID("by-hand/payment")

    private let channels: ChannelOrder
    private let instructed: Set<EventID>

    /// - Parameters:
    ///   - channels: which way a message takes first.
    ///   - instructed: events whose guests are told what is to pay.
    package init(channels: ChannelOrder = ChannelOrder(), instructed: Set<EventID> = []) {
        self.channels = channels
        self.instructed = instructed
    }

    /// Gives an answer. Nothing is changed when it is refused.
    ///
    /// - Parameters:
    ///   - revision: the question as the person saw it; nil when that does not matter.
    ///   - actor: who answers, for the record.
    /// - Throws: `ReviewRefusal`.
    package func answer(
        _ id: ReviewID, _ answer: ReviewAnswer, revision: Int? = nil, by actor: String, now: Date,
        in books: LedgerTransaction
    ) throws -> AnswerReport {
        guard let review = try books.review(id) else { throw ReviewRefusal.unknown }
        guard review.closedAt == nil else { throw ReviewRefusal.answered(review.decision ?? "") }
        if let revision, revision != review.revision { throw ReviewRefusal.changed }
        var report = AnswerReport(decision: DecisionID(0), payment: nil)
        switch review.subject {
        case .payment(let payment):
            guard let record = try books.payment(payment) else { throw ReviewRefusal.unknown }
            report.payment = payment
            report.decision = try books.decide(answer.name, by: actor, payment: payment, at: now) {
                try close(review, answer, by: actor, now: now, in: books)
                try settle(record, review, answer, &report, now: now, in: books)
            }
        case .mail(let mail):
            report = try settle(mail, review, answer, by: actor, now: now, in: books)
        }
        report.effects = try books.effects(of: report.decision).map(\.key)
        return report
    }

    func close(
        _ review: ReviewRecord, _ answer: ReviewAnswer, by actor: String, now: Date,
        in books: LedgerTransaction
    ) throws {
        try books.closeReview(review.id, decision: answer.name, at: now)
        try books.audit(
            "review.\(answer.name)", ["review": review.id.description, "by": actor], at: now)
    }

    /// A payment of which something is kept as credit is asked about once more: it may be sent
    /// back, moved to a registration, or stay.
    ///
    /// - Throws: `ReviewRefusal.unknown`, `.noCredit`.
    package func askAboutCredit(
        of id: PaymentID, by actor: String, now: Date, in books: LedgerTransaction
    ) throws -> ReviewID {
        guard let payment = try books.payment(id) else { throw ReviewRefusal.unknown }
        if let open = try books.openReview(of: .payment(id)) { return open.id }
        guard try books.holdings(of: id).contains(where: { $0.account == .credit }) else {
            throw ReviewRefusal.noCredit(id)
        }
        try books.audit("payment.asked", ["payment": id.description, "by": actor], at: now)
        return try Surplus.ask(payment.id, payment.reasons, now: now, in: books)
    }

    /// Calls a registration off; what was paid becomes due back.
    package func cancel(
        _ id: RegistrationID, by actor: String, now: Date, in books: LedgerTransaction
    ) throws -> AnswerReport {
        var report = AnswerReport(
            decision: try Closing.cancel(id, by: actor, now: now, in: books))
        if let registration = try books.registration(id) {
            report.registrations = [(id, registration.state)]
        }
        report.kept = try Surplus.unasked(about: id, in: books)
        report.effects = try books.effects(of: report.decision).map(\.key)
        return report
    }

    // MARK: - A payment

    private func settle(
        _ payment: PaymentRecord, _ review: ReviewRecord, _ answer: ReviewAnswer,
        _ report: inout AnswerReport, now: Date, in books: LedgerTransaction
    ) throws {
        if payment.state == .reversed || review.kind == MailOutcome.reversal.rawValue {
            guard answer == .ignore else { throw ReviewRefusal.takenBack }
            return
        }
        // Money of an unproven mail was not in the books; the person says that it came.
        if answer != .ignore, try books.holdings(of: payment.id).isEmpty {
            try books.receive(payment.id, at: now)
        }
        switch answer {
        case .accept(let chosen):
            guard let goal = chosen ?? review.candidates.first?.registration else {
                throw ReviewRefusal.noCandidate
            }
            if chosen != nil, !review.candidates.contains(where: { $0.registration == goal }) {
                throw ReviewRefusal.notProposed(goal)
            }
            try book(payment, to: goal, &report, now: now, in: books)
        case .assign(let goal, let amount):
            guard amount == nil || amount == payment.notice.amount else {
                throw ReviewRefusal.amountIsKnown(payment.notice.amount)
            }
            try book(payment, to: goal, &report, now: now, in: books)
        case .split(let parts):
            try book(payment, parts: parts, &report, now: now, in: books)
        case .credit:
            report.credit = try free(payment, in: books)
            // Of an overpaid payment the surplus is credit already.
            let rest = try books.holdings(of: payment.id).first { $0.account == .unallocated }
            guard let rest else { return }
            try books.credit(rest.amount, of: payment.id, at: now)
        case .refund:
            try owe(payment, now: now, in: books)
        case .ignore:
            // Of an overpaid payment only the surplus is asked about: it stays credit.
            guard payment.state == .review || payment.state == .received else { return }
            try books.ignore(payment.id, at: now)
        }
    }

    /// As much as the registration still owes; what is left over is kept as credit and asked about.
    func book(
        _ payment: PaymentRecord, to goal: RegistrationID, _ report: inout AnswerReport,
        now: Date, in books: LedgerTransaction
    ) throws {
        guard let registration = try books.registration(goal) else {
            throw ReviewRefusal.noRegistration(goal)
        }
        let free = try free(payment, in: books)
        guard free.currency == registration.due.currency else {
            throw ReviewRefusal.otherCurrency(goal)
        }
        let missing = registration.open.minorUnits - free.minorUnits
        let waived = missing > 0 && missing <= registration.ownMinorUnits ? missing : 0
        let amount = min(free.minorUnits, registration.open.minorUnits)
        guard amount > 0 else { throw ReviewRefusal.nothingOwed(goal) }
        try carryOut(
            [
                .init(
                    registration: goal, amount: Money(minorUnits: amount, currency: free.currency),
                    waivedMinorUnits: waived, revives: registration.state.isOver)
            ], of: payment, &report, now: now, in: books)
        let rest = Money(minorUnits: free.minorUnits - amount, currency: free.currency)
        guard rest.minorUnits > 0 else { return }
        try books.credit(rest, of: payment.id, about: goal, at: now)
        report.credit = rest
        report.review = try Surplus.ask(payment.id, [.amountTooHigh], now: now, in: books)
    }

    private func book(
        _ payment: PaymentRecord, parts: [Verdict.Allocation], _ report: inout AnswerReport,
        now: Date, in books: LedgerTransaction
    ) throws {
        let free = try free(payment, in: books)
        guard Set(parts.map(\.registration)).count == parts.count else {
            throw ReviewRefusal.partsDiffer(free)
        }
        var rest: Money? = free
        var allocations: [Verdict.Allocation] = []
        for part in parts {
            guard let registration = try books.registration(part.registration) else {
                throw ReviewRefusal.noRegistration(part.registration)
            }
            guard part.amount.minorUnits > 0, part.amount.currency == registration.due.currency,
                part.amount.minorUnits <= registration.open.minorUnits
            else { throw ReviewRefusal.nothingOwed(part.registration) }
            rest = rest?.subtracting(part.amount)
            allocations.append(
                .init(
                    registration: part.registration, amount: part.amount,
                    revives: registration.state.isOver))
        }
        guard rest?.minorUnits == 0 else { throw ReviewRefusal.partsDiffer(free) }
        try carryOut(allocations, of: payment, &report, now: now, in: books)
    }

    private func carryOut(
        _ allocations: [Verdict.Allocation], of payment: PaymentRecord,
        _ report: inout AnswerReport, now: Date, in books: LedgerTransaction
    ) throws {
        for allocation in allocations { try keepDueBack(allocation, now: now, in: books) }
        guard
            let plan = try PaymentPlan(allocations, by: channels, telling: instructed, in: books)
        else {
            let goal = allocations[0].registration
            let state = try books.registration(goal)?.state ?? .cancelled
            throw ReviewRefusal.closed(goal, state)
        }
        try takeCreditBack(payment, now: now, in: books)
        try plan.carryOut(of: payment.id, now: now, in: books)
        for allocation in allocations {
            guard let registration = try books.registration(allocation.registration) else {
                continue
            }
            report.registrations.append((registration.id, registration.state))
            if let payer = payment.notice.payer.flatMap({ PersonName($0) }) {
                try books.remember(payer: payer, paidFor: registration, at: now)
            }
        }
    }

    /// A guest who was called off and is a guest again needs less than what is due back: as much as
    /// the new money does not bring stays.
    private func keepDueBack(
        _ allocation: Verdict.Allocation, now: Date, in books: LedgerTransaction
    ) throws {
        guard let guest = try books.registration(allocation.registration),
            guest.state == .refundDue
        else { return }
        var missing =
            guest.open.minorUnits - allocation.amount.minorUnits - allocation.waivedMinorUnits
        for due in try books.refundsDue(about: guest.id) where missing > 0 {
            // What was kept as credit and then given up was never the guest's.
            guard due.amount.currency == guest.due.currency,
                try books.payment(due.payment)?.state == .allocated
            else { continue }
            let part = Money(
                minorUnits: min(missing, due.amount.minorUnits), currency: due.amount.currency)
            missing -= part.minorUnits
            try books.move(
                part, of: due.payment, from: .refundDue, to: .registration(guest.id), at: now)
        }
    }

    /// What of a payment is not somebody's yet: unallocated, or kept as credit.
    private func free(_ payment: PaymentRecord, in books: LedgerTransaction) throws -> Money {
        let minor = try books.holdings(of: payment.id).reduce(Int64(0)) { sum, holding in
            holding.account == .unallocated || holding.account == .credit
                ? sum + holding.amount.minorUnits : sum
        }
        return Money(minorUnits: minor, currency: payment.notice.amount.currency)
    }

    private func takeCreditBack(
        _ payment: PaymentRecord, now: Date, in books: LedgerTransaction
    ) throws {
        for holding in try books.holdings(of: payment.id) where holding.account == .credit {
            try books.move(
                holding.amount, of: payment.id, from: .credit, to: .unallocated,
                about: holding.about, at: now)
        }
    }

    /// What is free of a payment becomes due back: because of the registration whose surplus it is,
    /// and of none where nobody has decided about it.
    private func owe(
        _ payment: PaymentRecord, now: Date, in books: LedgerTransaction
    ) throws {
        let parts = try books.holdings(of: payment.id).filter {
            $0.account == .unallocated || $0.account == .credit
        }
        guard !parts.isEmpty else { throw ReviewRefusal.moneyGone }
        try takeCreditBack(payment, now: now, in: books)
        for part in parts {
            try books.move(
                part.amount, of: payment.id, from: .unallocated, to: .refundDue,
                about: part.about, at: now)
        }
        if payment.state != .allocated { try books.setState(.credit, of: payment.id) }
    }
}

extension RegistrationState {
    /// Whether a registration in this state has to be opened again before it can be paid.
    var isOver: Bool { [.expired, .cancelled, .refundDue, .refunded].contains(self) }
}
