// SPDX-License-Identifier: Apache-2.0

package import Domain
package import FoundationEssentials
package import Ledger
internal import Workflow

/// How a registration ends without a guest: its time is over, or somebody calls it off. What was
/// paid becomes due back, and an approval is taken back.
package enum Closing {
    /// Calls a registration off.
    ///
    /// - Throws: `ReviewRefusal.isOver` when it cannot be, as when it is already.
    @discardableResult
    package static func cancel(
        _ id: RegistrationID, by actor: String, now: Date, in books: LedgerTransaction
    ) throws -> DecisionID {
        try close(id, kind: "cancel", by: actor, now: now, in: books) {
            .cancelled(paid: $0.paid)
        }
    }

    /// The time to pay is over. Who calls a registration off is told of its credit; here nobody
    /// reads along, so it is asked about.
    static func expire(
        _ id: RegistrationID, by actor: String, now: Date, in books: LedgerTransaction
    ) throws {
        try books.decide(LedgerTransaction.expiry, by: actor, at: now) {
            try close(id, kind: LedgerTransaction.expiry, by: actor, now: now, in: books) {
                .expired(paid: $0.paid)
            }
            let payments = try Surplus.unasked(about: id, in: books).map(\.payment)
            for payment in Set(payments).sorted(by: { $0.number < $1.number }) {
                try Surplus.ask(payment, [.registrationClosed], now: now, in: books)
            }
        }
    }

    @discardableResult
    private static func close(
        _ id: RegistrationID, kind: String, by actor: String, now: Date,
        in books: LedgerTransaction, _ event: (Registration) -> RegistrationMachine.Event
    ) throws -> DecisionID {
        guard let registration = try books.registration(id) else {
            throw ReviewRefusal.noRegistration(id)
        }
        let isApproved = try books.isApproved(id)
        guard
            let next = try? RegistrationMachine.transition(
                from: registration.state, on: event(registration),
                facts: registration.facts(isApproved: isApproved))
        else { throw ReviewRefusal.isOver(id, registration.state) }
        return try books.decide(kind, by: actor, at: now) {
            for allocation in try books.allocations(to: id) {
                try books.move(
                    allocation.amount, of: allocation.payment, from: .registration(id),
                    to: .refundDue, about: id, at: now)
            }
            try books.setState(next.state, of: id, at: now)
            if registration.state == .suspended {
                try PaymentReversal.answer(for: id, kind, now: now, in: books)
            }
            for effect in next.effects { try books.enqueue(effect, at: now) }
            try books.withholdApproval(of: id, now: now)
            try takeApprovalBack(id, now: now, in: books)
            try books.audit(
                "registration.\(kind)", ["registration": id.text, "by": actor], at: now)
        }
    }

    /// Also of an approval that is under way: it may take place yet.
    private static func takeApprovalBack(
        _ id: RegistrationID, now: Date, in books: LedgerTransaction
    ) throws {
        let approvals = try books.effects(of: id).filter {
            $0.effect.kind == .lumaApprove && !$0.isRevoked
                && [.done, .running, .unknown].contains($0.state)
        }
        guard !approvals.isEmpty else { return }
        for approval in approvals { try books.revoke(approval.key, at: now) }
        try books.enqueueAnew(
            Effect(.lumaUnapprove, registration: id, after: .lumaApprove), at: now)
    }

    /// The bank has sent money back: what was due back is refunded, and a registration of which
    /// nothing is due back any more is `refunded`, as is a payment of which nothing is left.
    ///
    /// - Throws: `ReviewRefusal.notDue` when that is not exactly what is due.
    @discardableResult
    package static func confirmRefund(
        _ refund: RefundDue, by actor: String, now: Date, in books: LedgerTransaction
    ) throws -> DecisionID {
        guard try books.isDue(refund) else {
            throw ReviewRefusal.notDue(refund.payment)
        }
        try books.audit(
            "refund.confirmed", ["payment": refund.payment.description, "by": actor], at: now)
        return try books.decide("refunded", by: actor, payment: refund.payment, at: now) {
            try books.move(
                refund.amount, of: refund.payment, from: .refundDue, to: .refunded,
                about: refund.about, at: now)
            if try books.takeable(of: refund.payment).isEmpty {
                try books.setState(.refunded, of: refund.payment)
            }
            guard let id = refund.about, let registration = try books.registration(id),
                try books.refundsDue(about: id).isEmpty,
                let next = try? RegistrationMachine.transition(
                    from: registration.state, on: .refundBooked,
                    facts: registration.facts(isApproved: try books.isApproved(id)))
            else { return }
            try books.setState(next.state, of: id, at: now)
        }
    }
}
