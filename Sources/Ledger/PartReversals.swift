// SPDX-License-Identifier: Apache-2.0

package import Domain
package import FoundationEssentials

/// A bank or provider takes back a part of a payment. `reverse(_:at:)` takes all that is left.
extension LedgerTransaction {
    /// The bank took a part back: of what is due back, then of what is kept as credit, of what is
    /// not said for what, and at last of what is allocated. Its last part makes a payment
    /// `reversed`.
    ///
    /// - Parameter guest: only what lies there because of this registration; nil for anything.
    /// - Returns: the registrations that lost money.
    /// - Throws: `wrongState` when less lies there.
    @discardableResult
    package func reverse(
        _ amount: Money, of payment: PaymentID, about guest: RegistrationID? = nil, at now: Date
    ) throws(LedgerError) -> [RegistrationID] {
        try attempt("bookings.reversePart", "payment \(payment)") {
            var touched: [RegistrationID] = []
            var missing = amount.minorUnits
            for holding in try takeable(of: payment, about: guest) where missing > 0 {
                let part = Money(
                    minorUnits: min(missing, holding.amount.minorUnits), currency: amount.currency)
                missing -= part.minorUnits
                if holding.account != .unallocated {
                    try book(
                        payment, from: holding.account, to: .unallocated, part,
                        about: holding.about, at: now)
                }
                if holding.isGuests, let guest = holding.about, !touched.contains(guest) {
                    touched.append(guest)
                }
            }
            guard missing == 0 else {
                throw LedgerError(
                    operation: "bookings.reversePart", subject: "payment \(payment)",
                    cause: .wrongState("less"))
            }
            try book(payment, from: .unallocated, to: .bank, amount, at: now)
            try settleState(of: payment)
            return touched
        }
    }

    /// What a bank may still take of a payment, in the order in which it is taken. What was sent
    /// back already is gone.
    package func takeable(
        of payment: PaymentID, about guest: RegistrationID? = nil
    ) throws(LedgerError) -> [Holding] {
        let order: [Account] = [.refundDue, .credit, .unallocated]
        return try holdings(of: payment).filter {
            $0.account != .bank && $0.account != .refunded && (guest == nil || $0.about == guest)
        }.sorted { one, other in
            (order.firstIndex(of: one.account) ?? order.count)
                < (order.firstIndex(of: other.account) ?? order.count)
        }
    }

    /// Whether the bank took some of this payment back before, undone or not, and so much: of two
    /// mails that tell the same sum the second may be the first one again.
    package func wasTakenBack(
        _ amount: Money, of payment: PaymentID
    ) throws(LedgerError) -> Bool {
        try attempt("bookings.takenBack", "payment \(payment)") {
            try number(
                """
                SELECT 1 FROM booking WHERE payment = ? AND credit = 'bank' AND amount_minor = ?
                LIMIT 1
                """, [payment.number, amount.minorUnits]) != nil
        }
    }

    /// Where a payment stands when a part of it went out of the books.
    private func settleState(of payment: PaymentID) throws {
        let rest = try takeable(of: payment)
        if rest.isEmpty { return try setState(.reversed, of: payment) }
        guard !rest.contains(where: { $0.account == .unallocated }) else { return }
        let isAllocated = rest.contains { $0.account != .credit }
        try run(
            "UPDATE payment SET state = ? WHERE id = ? AND state IN ('received', 'review')",
            [(isAllocated ? PaymentState.allocated : .credit).rawValue, payment.number])
    }
}
