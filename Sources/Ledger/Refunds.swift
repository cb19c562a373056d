// SPDX-License-Identifier: Apache-2.0

package import Domain
package import FoundationEssentials
internal import GRDB

/// Money that is due back to the payer of one payment.
package struct RefundDue: Hashable, Sendable {
    package let payment: PaymentID
    /// The registration because of which it is due back, if it is one.
    package let about: RegistrationID?
    package let amount: Money
    /// The booking by which it grew last. A list that was printed from says with it which debt it
    /// means, for the same sum may be due again, or more of the payment, once it was sent.
    package let booking: Int64

    package init(payment: PaymentID, about: RegistrationID?, amount: Money, booking: Int64) {
        self.payment = payment
        self.about = about
        self.amount = amount
        self.booking = booking
    }
}

/// Money that a confirmation booked as sent back.
package struct RefundSent: Hashable, Sendable {
    package let payment: PaymentID
    package let about: RegistrationID?
    package let amount: Money
    /// The confirmation.
    package let decision: DecisionID
    package let isUndone: Bool
}

/// What an account holds in one currency.
package struct AccountBalance: Hashable, Sendable {
    /// `received` (not yet said for what), `allocated`, `credit`, `refund_due`, `refunded`, and
    /// `bank` with the negative of their sum.
    package let account: String
    package let amount: Money
}

/// Whose money a statement of accounts is about.
package enum AccountsOf: Hashable, Sendable {
    case everything
    case registration(RegistrationID)
    /// What was booked because of registrations of an event.
    case event(EventID)
    /// All payments of somebody with this name.
    case payer(PersonName)
}

extension LedgerTransaction {
    /// What is due back, by payment.
    package func refundsDue() throws(LedgerError) -> [RefundDue] { try refundsDue("", []) }

    /// What is due back of one payment.
    package func refundsDue(of payment: PaymentID) throws(LedgerError) -> [RefundDue] {
        try refundsDue("AND payment = ?", [payment.number])
    }

    /// What is due back because of one registration.
    package func refundsDue(about id: RegistrationID) throws(LedgerError) -> [RefundDue] {
        try refundsDue("AND about = ?", [id.text])
    }

    /// Refunds that were confirmed since `since`, the newest first: of exactly this sum, or of any.
    package func refundsSent(
        of amount: Money? = nil, since: Date, limit: Int
    ) throws(LedgerError) -> [RefundSent] {
        try attempt("refunds.sent", "booking") {
            try rows(
                """
                SELECT payment, about, amount_minor, currency, decision,
                    EXISTS (SELECT 1 FROM decision AS taken
                        WHERE taken.undoes = booking.decision) AS is_undone
                FROM booking WHERE credit = 'refunded' AND booked_at >= ?1
                    AND (?2 IS NULL OR (amount_minor = ?2 AND currency = ?3))
                    AND decision IS NOT NULL ORDER BY id DESC LIMIT ?4
                """,
                [since.milliseconds, amount?.minorUnits, amount?.currency.code, limit]
            ).map { row in
                guard let currency = Currency(row["currency"] as String) else {
                    throw LedgerError(
                        operation: "refunds.sent", subject: "booking", cause: .corrupt)
                }
                return RefundSent(
                    payment: PaymentID(row["payment"]),
                    about: (row["about"] as String?).map { RegistrationID($0) },
                    amount: Money(minorUnits: row["amount_minor"], currency: currency),
                    decision: DecisionID(row["decision"]),
                    isUndone: (row["is_undone"] as Int64) != 0)
            }
        }
    }

    /// Whether exactly this is still due back of what was when it was printed. What became due
    /// later is another debt: it neither makes good what was sent or taken back meanwhile, nor
    /// stands in the way.
    package func isDue(_ refund: RefundDue) throws(LedgerError) -> Bool {
        try attempt("refunds.isDue", refund.payment.description) {
            let left = try number(
                """
                SELECT sum(iif(credit <> 'refund_due', -amount_minor, iif(id <= ?, amount_minor, 0)))
                FROM booking WHERE \(Self.isOfDebt) AND payment = ? AND about IS ? AND currency = ?
                """,
                [
                    refund.booking, refund.payment.number, refund.about?.text,
                    refund.amount.currency.code,
                ])
            return left == refund.amount.minorUnits && refund.amount.minorUnits > 0
        }
    }

    /// Bookings by which a debt grew or shrank. What was decided and undone never was; a refund
    /// that came back is due anew.
    private static let isOfDebt = """
        'refund_due' IN (debit, credit) AND (
            'refunded' IN (debit, credit) OR decision IS NULL OR NOT EXISTS (
                SELECT 1 FROM decision AS other WHERE other.undoes = booking.decision
                    OR other.id = booking.decision AND other.undoes IS NOT NULL))
        """

    private func refundsDue(
        _ clause: String, _ arguments: [(any Bindable)?]
    ) throws(LedgerError) -> [RefundDue] {
        try attempt("refunds.due", "booking") {
            try rows(
                """
                SELECT payment, about, currency,
                    sum(iif(credit = 'refund_due', amount_minor, -amount_minor)) AS minor,
                    max(iif(credit = 'refund_due', id, 0)) AS last
                FROM booking WHERE \(Self.isOfDebt) \(clause)
                GROUP BY payment, about, currency HAVING minor > 0 ORDER BY payment, about
                """, arguments
            ).map { row in
                guard let currency = Currency(row["currency"] as String) else {
                    throw LedgerError(
                        operation: "refunds.due", subject: "booking", cause: .corrupt)
                }
                return RefundDue(
                    payment: PaymentID(row["payment"]),
                    about: (row["about"] as String?).map { RegistrationID($0) },
                    amount: Money(minorUnits: row["minor"], currency: currency),
                    booking: row["last"])
            }
        }
    }

    /// What lies in a registration's own account, by payment.
    package func allocations(
        to registration: RegistrationID
    ) throws(LedgerError) -> [(payment: PaymentID, amount: Money)] {
        try attempt("bookings.allocations", registration.text) {
            let name = Account.registration(registration).name
            return try rows(
                """
                SELECT payment, currency, sum(iif(credit = ?1, amount_minor, -amount_minor)) AS minor
                FROM booking WHERE about = ?2 AND ?1 IN (debit, credit)
                GROUP BY payment, currency HAVING minor > 0 ORDER BY payment
                """, [name, registration.text]
            ).map { row in
                guard let currency = Currency(row["currency"] as String) else {
                    throw LedgerError(
                        operation: "bookings.allocations", subject: registration.text,
                        cause: .corrupt)
                }
                return (
                    PaymentID(row["payment"]),
                    Money(minorUnits: row["minor"], currency: currency)
                )
            }
        }
    }

    /// The payments of which something lies with or because of a registration: its own, kept as
    /// credit, due back. What was sent back is gone.
    package func payments(
        holdingMoneyOf registration: RegistrationID
    ) throws(LedgerError) -> [PaymentID] {
        try attempt("bookings.holders", registration.text) {
            try rows(
                """
                SELECT DISTINCT payment FROM (
                    SELECT payment, credit AS account, amount_minor AS minor
                        FROM booking WHERE about = ?1
                    UNION ALL
                    SELECT payment, debit, -amount_minor FROM booking WHERE about = ?1)
                WHERE account IN ('credit', 'refund_due') OR account GLOB 'registration:?*'
                GROUP BY payment, account HAVING sum(minor) > 0 ORDER BY payment
                """, [registration.text]
            ).map { PaymentID($0["payment"]) }
        }
    }

    /// What each account holds. Of everything the balances add up to zero in each currency; of a
    /// registration or event what was received for it lies in other accounts, so the bank and what
    /// is not allocated are left out.
    package func accounts(of whose: AccountsOf) throws(LedgerError) -> [AccountBalance] {
        let (filter, arguments): (String, [(any Bindable)?]) =
            switch whose {
            case .everything: ("", [])
            case .registration(let id): ("WHERE about = ?1", [id.text])
            case .event(let id):
                ("WHERE about IN (SELECT id FROM registration WHERE event = ?1)", [id.text])
            case .payer(let name):
                (
                    "WHERE payment IN (SELECT id FROM payment WHERE payer_hash = ?1)",
                    [keyring.hash(payer: name).blob]
                )
            }
        let own =
            switch whose {
            case .everything, .payer: ""
            case .registration, .event: "WHERE account NOT IN ('bank', 'unallocated')"
            }
        return try attempt("bookings.accounts", "booking") {
            try rows(
                """
                SELECT iif(account GLOB 'registration:*', 'allocated',
                        iif(account = 'unallocated', 'received', account)) AS name,
                    currency, sum(minor) AS minor
                FROM (
                    SELECT credit AS account, currency, amount_minor AS minor FROM booking \(filter)
                    UNION ALL
                    SELECT debit, currency, -amount_minor FROM booking \(filter))
                \(own) GROUP BY name, currency ORDER BY currency, name
                """, arguments
            ).map { row in
                guard let currency = Currency(row["currency"] as String) else {
                    throw LedgerError(
                        operation: "bookings.accounts", subject: "booking", cause: .corrupt)
                }
                return AccountBalance(
                    account: row["name"],
                    amount: Money(minorUnits: row["minor"], currency: currency))
            }
        }
    }
}
