// SPDX-License-Identifier: Apache-2.0

internal import Domain
internal import FoundationEssentials
internal import Ledger
internal import Workflow

/// The bookings of a reversal, the same whether the agent or a person decides it.
enum PaymentReversal {
    /// What a reversal did.
    struct Outcome {
        let decision: DecisionID
        /// Where the registrations stand now that it touched.
        let registrations: [(id: RegistrationID, state: RegistrationState)]
        /// What was due back and must not be sent any more.
        let notDueAnyMore: [RefundDue]
    }

    /// - Parameters:
    ///   - part: what was taken back of it; nil for all that is left.
    ///   - guest: only what lies there because of this registration.
    @discardableResult
    static func carryOut(
        _ payment: PaymentID, _ part: Money? = nil, about guest: RegistrationID? = nil,
        by actor: String, now: Date, in books: LedgerTransaction
    ) throws -> Outcome {
        let due = try books.refundsDue(of: payment)
        var touched: [RegistrationID] = []
        let decision = try books.decide("reverse", by: actor, payment: payment, at: now) {
            touched =
                if let part {
                    try books.reverse(part, of: payment, about: guest, at: now)
                } else { try books.reverse(payment, at: now) }
            let isFree = try books.takeable(of: payment).contains {
                $0.account == .unallocated || $0.account == .credit
            }
            // What was asked about it is answered where nothing is left to decide.
            if !isFree { try close(payment, now: now, in: books) }
            for id in touched { try follow(id, now: now, in: books) }
            try books.audit("payment.reversed", ["payment": payment.description], at: now)
        }
        let left = try books.refundsDue(of: payment)
        return Outcome(
            decision: decision,
            registrations: try touched.compactMap { id in
                try books.registration(id).map { ($0.id, $0.state) }
            },
            notDueAnyMore: due.compactMap { before in
                let after = left.first { $0.about == before.about }?.amount.minorUnits ?? 0
                let gone = before.amount.minorUnits - after
                guard gone > 0 else { return nil }
                return RefundDue(
                    payment: payment, about: before.about,
                    amount: Money(minorUnits: gone, currency: before.amount.currency),
                    booking: before.booking)
            })
    }

    private static func close(
        _ payment: PaymentID, now: Date, in books: LedgerTransaction
    ) throws {
        guard let open = try books.openReview(of: .payment(payment)) else { return }
        try books.closeReview(open.id, decision: "reverse", at: now)
    }

    /// Asks what is to become of guests whose money is gone, in place of what was asked before.
    @discardableResult
    static func ask(
        _ payment: PaymentID, _ reasons: [Reason], about guests: [RegistrationID], now: Date,
        in books: LedgerTransaction
    ) throws -> ReviewID {
        let sent: [Reason] = try refunded(payment, in: books).isEmpty ? [] : [.refundedBefore]
        return try books.openReview(
            of: .payment(payment), kind: MailOutcome.reversal.rawValue,
            reasons: reasons + sent + [.reversalNeedsPerson],
            candidates: try books.candidates(guests, of: payment), at: now)
    }

    /// What of a payment was sent back. A bank that takes it back, too, takes the organizer's own.
    static func refunded(
        _ payment: PaymentID, in books: LedgerTransaction
    ) throws -> [LedgerTransaction.Holding] {
        try books.holdings(of: payment).filter { $0.account == .refunded }
    }

    /// A guest who is not suspended any more, having paid anew or left, is no question any more.
    ///
    /// - Parameter decision: how the questions end that asked about nobody else.
    static func answer(
        for guest: RegistrationID, _ decision: String, now: Date, in books: LedgerTransaction
    ) throws {
        for review in try books.openReviews(kind: MailOutcome.reversal.rawValue, about: guest)
        where Set(review.reasons).isDisjoint(with: [.refundedBefore, .refundNotDue]) {
            let asked = try review.candidates.compactMap {
                try books.registration($0.registration)
            }
            guard asked.contains(where: { $0.id == guest }),
                !asked.contains(where: { $0.state == .suspended })
            else { continue }
            try books.closeReview(review.id, decision: decision, at: now)
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
        if !next.state.allows(.lumaApprove) { try books.withholdApproval(of: id, now: now) }
    }
}
