// SPDX-License-Identifier: Apache-2.0

package import Domain
package import FoundationEssentials
internal import GRDB

/// An account of the books.
package enum Account: Hashable, Sendable, CustomStringConvertible {
    /// The world outside: money comes from here, and its balance is never positive.
    case bank
    /// Received, and not yet said for what.
    case unallocated
    case registration(RegistrationID)
    /// Kept for the payer.
    case credit
    /// To be sent back to the payer.
    case refundDue
    /// Sent back to the payer.
    case refunded

    var name: String {
        switch self {
        case .bank: "bank"
        case .unallocated: "unallocated"
        case .registration(let id): "registration:\(id.text)"
        case .credit: "credit"
        case .refundDue: "refund_due"
        case .refunded: "refunded"
        }
    }

    init?(name: String) {
        switch name {
        case "bank": self = .bank
        case "unallocated": self = .unallocated
        case "credit": self = .credit
        case "refund_due": self = .refundDue
        case "refunded": self = .refunded
        default:
            guard name.hasPrefix("registration:") else { return nil }
            self = .registration(RegistrationID(String(name.dropFirst(13))))
        }
    }

    package var description: String { name }

    /// As statements of accounts name it: `allocated` for every registration's own.
    package var label: String {
        switch self {
        case .unallocated: "received"
        case .registration: "allocated"
        case .bank, .credit, .refundDue, .refunded: name
        }
    }

    /// The registration whose account it is, if it is one's.
    package var registration: RegistrationID? {
        if case .registration(let id) = self { id } else { nil }
    }
}

/// One posting: `amount` goes out of `debit` into `credit`.
package struct Booking: Hashable, Sendable {
    package let payment: PaymentID
    package let debit: Account
    package let credit: Account
    package let amount: Money
    package let bookedAt: Date
    /// The registration that the step is about, also where neither account names it.
    package let about: RegistrationID?
}

/// Something in the books that must not be. An empty list means that every sum is right.
package enum Imbalance: Hashable, Sendable {
    /// What a registration says is paid is not what was booked to it.
    case paidDiffers(RegistrationID, recorded: Int64, booked: Int64)
    /// An account other than the bank gave more for a payment than it got.
    case overdrawn(PaymentID, account: String, byMinorUnits: Int64)
    /// A payment was received with another amount than the mail said.
    case receivedDiffers(PaymentID, received: Int64, amount: Int64)
    /// A payment that counts (`received`, `allocated`, `credit`, `refunded`) was never received.
    case neverReceived(PaymentID)
    /// A payment's state says that nothing is open, and money lies in `unallocated`; or it says
    /// that something is, and nothing does.
    case stateDiffers(PaymentID, state: PaymentState, unallocatedMinorUnits: Int64)
}

// MARK: - Booking

extension LedgerTransaction {
    /// Bank to unallocated: the whole payment has come in. Once per payment.
    package func receive(_ payment: PaymentID, at now: Date) throws(LedgerError) {
        try attempt("bookings.receive", "payment \(payment)") {
            try run(
                """
                INSERT INTO booking (payment, debit, credit, amount_minor, currency, booked_at,
                    decision)
                SELECT id, 'bank', 'unallocated', amount_minor, currency, ?, ?
                FROM payment WHERE id = ?
                """, [now.milliseconds, notes.decision, payment.number])
            try expectChange("bookings.receive", "payment \(payment)")
        }
    }

    /// Unallocated to a registration. The registration's `paid` grows in the same step; its state
    /// is the caller's to set.
    ///
    /// - Throws: `constraint` when the payment has not that much left, or another currency.
    package func allocate(
        _ amount: Money, of payment: PaymentID, to registration: RegistrationID, at now: Date
    ) throws(LedgerError) {
        try attempt("bookings.allocate", "payment \(payment)") {
            try book(
                payment, from: .unallocated, to: .registration(registration), amount,
                about: registration, at: now)
            try setState(.allocated, of: payment)
        }
    }

    /// Unallocated to credit: kept for the payer. A payment that went there as a whole is in state
    /// `credit` then.
    ///
    /// - Parameter registration: the one that was paid too much, if there is one.
    package func credit(
        _ amount: Money, of payment: PaymentID, about registration: RegistrationID? = nil,
        at now: Date
    ) throws(LedgerError) {
        try attempt("bookings.credit", "payment \(payment)") {
            try book(
                payment, from: .unallocated, to: .credit, amount, about: registration, at: now)
            guard try balance(of: payment, in: .unallocated) == 0 else { return }
            try run(
                "UPDATE payment SET state = 'credit' WHERE id = ? AND state <> 'allocated'",
                [payment.number])
        }
    }

    /// Any other step between two accounts, such as credit to refund due or refund due to bank.
    ///
    /// - Parameter registration: the one whose credit or refund it is; a registration's own account
    ///   names itself.
    package func move(
        _ amount: Money, of payment: PaymentID, from debit: Account, to credit: Account,
        about registration: RegistrationID? = nil, at now: Date
    ) throws(LedgerError) {
        try attempt("bookings.move", "payment \(payment)") {
            try book(
                payment, from: debit, to: credit, amount,
                about: registration ?? debit.registration ?? credit.registration, at: now)
        }
    }

    /// Takes every allocation and credit of a payment back into unallocated; its state is
    /// `received` then. Where nothing was allocated nothing changes. The registrations' states are
    /// the caller's to set.
    ///
    /// - Returns: the registrations that lost money, be it theirs or due back because of them.
    @discardableResult
    package func undoAllocations(
        of payment: PaymentID, at now: Date
    ) throws(LedgerError) -> [RegistrationID] {
        try attempt("bookings.undo", "payment \(payment)") {
            var touched: [RegistrationID] = []
            var hasMoved = false
            for holding in try holdings(of: payment)
            where ![.bank, .unallocated, .refunded].contains(holding.account)
                && holding.amount.minorUnits > 0
            {
                try book(
                    payment, from: holding.account, to: .unallocated, holding.amount,
                    about: holding.about, at: now)
                if holding.isGuests, let guest = holding.about, !touched.contains(guest) {
                    touched.append(guest)
                }
                hasMoved = true
            }
            if hasMoved { try setState(.received, of: payment) }
            return touched
        }
    }

    /// The bank took the money back: allocations are undone, all of it goes to the bank, and the
    /// payment is `reversed`.
    ///
    /// - Returns: the registrations that lost money.
    @discardableResult
    package func reverse(
        _ payment: PaymentID, at now: Date
    ) throws(LedgerError) -> [RegistrationID] {
        try takeOut(payment, as: .reversed, at: now)
    }

    /// The money is not for any event: it leaves the books, and the payment is `ignored`.
    ///
    /// - Returns: the registrations that lost money.
    @discardableResult
    package func ignore(
        _ payment: PaymentID, at now: Date
    ) throws(LedgerError) -> [RegistrationID] {
        try takeOut(payment, as: .ignored, at: now)
    }

    private func takeOut(
        _ payment: PaymentID, as state: PaymentState, at now: Date
    ) throws(LedgerError) -> [RegistrationID] {
        try attempt("bookings.takeOut", "payment \(payment)") {
            let touched = try undoAllocations(of: payment, at: now)
            let rest = try balance(of: payment, in: .unallocated)
            if rest > 0 {
                let currency = try amount(of: payment).currency
                try book(
                    payment, from: .unallocated, to: .bank,
                    Money(minorUnits: rest, currency: currency), about: nil, at: now)
            }
            try setState(state, of: payment)
            return touched
        }
    }

    func book(
        _ payment: PaymentID, from debit: Account, to credit: Account, _ amount: Money,
        about registration: RegistrationID? = nil, at now: Date
    ) throws {
        try run(
            """
            INSERT INTO booking (payment, debit, credit, amount_minor, currency, booked_at, about,
                decision)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?)
            """,
            [
                payment.number, debit.name, credit.name, amount.minorUnits, amount.currency.code,
                now.milliseconds, registration?.text, notes.decision,
            ])
    }

    /// Minor units of the payment's currency.
    private func balance(of payment: PaymentID, in account: Account) throws -> Int64 {
        try number(
            """
            SELECT coalesce(sum(iif(credit = ?2, amount_minor, -amount_minor)), 0)
            FROM booking WHERE payment = ?1 AND ?2 IN (debit, credit)
            """, [payment.number, account.name]) ?? 0
    }

    private func amount(of payment: PaymentID) throws -> Money {
        guard
            let row = try row(
                "SELECT amount_minor, currency FROM payment WHERE id = ?", [payment.number]),
            let currency = Currency(row["currency"] as String)
        else {
            throw LedgerError(
                operation: "bookings.read", subject: "payment \(payment)", cause: .notFound)
        }
        return Money(minorUnits: row["amount_minor"], currency: currency)
    }
}

// MARK: - Reading

extension LedgerTransaction {
    /// The bookings of a payment, oldest first.
    package func bookings(of payment: PaymentID) throws(LedgerError) -> [Booking] {
        try attempt("bookings.read", "payment \(payment)") {
            try rows("SELECT * FROM booking WHERE payment = ? ORDER BY id", [payment.number])
                .map(booking(from:))
        }
    }

    /// The bookings that brought money to a registration or took it away, oldest first.
    package func bookings(of registration: RegistrationID) throws(LedgerError) -> [Booking] {
        try attempt("bookings.read", registration.text) {
            let name = Account.registration(registration).name
            return try rows(
                """
                SELECT * FROM booking WHERE credit = ?1 AND credit GLOB 'registration:?*'
                UNION ALL
                SELECT * FROM booking WHERE debit = ?1 AND debit GLOB 'registration:?*'
                ORDER BY id
                """, [name]
            ).map(booking(from:))
        }
    }

    /// What each account holds of one payment. The bank's balance is negative.
    package func balances(of payment: PaymentID) throws(LedgerError) -> [(Account, Money)] {
        try attempt("bookings.balances", "payment \(payment)") {
            try rows(
                """
                SELECT account, currency, sum(minor) AS minor FROM (
                    SELECT credit AS account, currency, amount_minor AS minor
                        FROM booking WHERE payment = ?1
                    UNION ALL
                    SELECT debit, currency, -amount_minor FROM booking WHERE payment = ?1)
                GROUP BY account, currency ORDER BY account
                """, [payment.number]
            ).map { row in
                guard let account = Account(name: row["account"]),
                    let currency = Currency(row["currency"] as String)
                else {
                    throw LedgerError(
                        operation: "bookings.balances", subject: "payment \(payment)",
                        cause: .corrupt)
                }
                return (account, Money(minorUnits: row["minor"], currency: currency))
            }
        }
    }

    /// What lies of a payment in one account because of one registration.
    package struct Holding: Hashable, Sendable {
        package let account: Account
        package let about: RegistrationID?
        package let amount: Money

        /// Whether it is a registration's, or due back because of it.
        var isGuests: Bool { account == .refundDue || account.registration != nil }
    }

    /// Where the money of a payment lies, accounts with nothing in them left out. In `unallocated`
    /// and the bank it is nobody's yet, so `about` is nil there.
    package func holdings(of payment: PaymentID) throws(LedgerError) -> [Holding] {
        try attempt("bookings.holdings", "payment \(payment)") {
            try rows(
                """
                SELECT account, about, currency, sum(minor) AS minor FROM (
                    SELECT credit AS account, currency, amount_minor AS minor,
                        iif(credit = 'unallocated', NULL, about) AS about
                        FROM booking WHERE payment = ?1
                    UNION ALL
                    SELECT debit, currency, -amount_minor, iif(debit = 'unallocated', NULL, about)
                        FROM booking WHERE payment = ?1)
                GROUP BY account, about, currency HAVING sum(minor) <> 0 ORDER BY account, about
                """, [payment.number]
            ).map { row in
                guard let account = Account(name: row["account"]),
                    let currency = Currency(row["currency"] as String)
                else {
                    throw LedgerError(
                        operation: "bookings.holdings", subject: "payment \(payment)",
                        cause: .corrupt)
                }
                return Holding(
                    account: account, about: (row["about"] as String?).map { RegistrationID($0) },
                    amount: Money(minorUnits: row["minor"], currency: currency))
            }
        }
    }

    func booking(from row: Row) throws -> Booking {
        guard let debit = Account(name: row["debit"]), let credit = Account(name: row["credit"]),
            let currency = Currency(row["currency"] as String)
        else {
            throw LedgerError(operation: "bookings.read", subject: "booking", cause: .corrupt)
        }
        return Booking(
            payment: PaymentID(row["payment"]), debit: debit, credit: credit,
            amount: Money(minorUnits: row["amount_minor"], currency: currency),
            bookedAt: Date(milliseconds: row["booked_at"]),
            about: (row["about"] as String?).map { RegistrationID($0) })
    }
}
