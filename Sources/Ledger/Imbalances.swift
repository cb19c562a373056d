// SPDX-License-Identifier: Apache-2.0

internal import Domain
internal import GRDB

extension LedgerTransaction {
    /// Everything in the books that must not be. Reads all bookings: for start, tests and `doctor`.
    ///
    /// That debits equal credits needs no check: one row is both.
    package func imbalances() throws(LedgerError) -> [Imbalance] {
        try attempt("bookings.imbalances", "booking") {
            try paidDiffers() + overdrawn() + receivedDiffers() + stateDiffers()
        }
    }

    private func paidDiffers() throws -> [Imbalance] {
        try rows(
            """
            SELECT id, paid_minor, booked FROM (
                SELECT id, paid_minor,
                    coalesce((SELECT sum(amount_minor) FROM booking
                        WHERE credit = 'registration:' || registration.id
                            AND credit GLOB 'registration:?*'), 0)
                    - coalesce((SELECT sum(amount_minor) FROM booking
                        WHERE debit = 'registration:' || registration.id
                            AND debit GLOB 'registration:?*'), 0) AS booked
                FROM registration)
            WHERE paid_minor <> booked
            """
        ).map { row in
            .paidDiffers(
                RegistrationID(row["id"]), recorded: row["paid_minor"], booked: row["booked"])
        }
    }

    private func overdrawn() throws -> [Imbalance] {
        try rows(
            """
            SELECT payment, account, -sum(minor) AS missing FROM (
                SELECT payment, credit AS account, amount_minor AS minor FROM booking
                UNION ALL SELECT payment, debit, -amount_minor FROM booking)
            WHERE account <> 'bank' GROUP BY payment, account HAVING sum(minor) < 0
            """
        ).map { row in
            .overdrawn(
                PaymentID(row["payment"]), account: row["account"], byMinorUnits: row["missing"])
        }
    }

    private func receivedDiffers() throws -> [Imbalance] {
        let wrong: [Imbalance] = try rows(
            """
            SELECT payment.id, payment.amount_minor AS amount, booking.amount_minor AS received
            FROM booking JOIN payment ON payment.id = booking.payment
            WHERE booking.debit = 'bank' AND booking.amount_minor <> payment.amount_minor
                AND booking.id = (SELECT min(id) FROM booking AS first
                    WHERE first.payment = payment.id AND first.debit = 'bank')
            """
        ).map { row in
            .receivedDiffers(
                PaymentID(row["id"]), received: row["received"], amount: row["amount"])
        }
        let missing: [Imbalance] = try rows(
            """
            SELECT id FROM payment WHERE state IN ('received', 'allocated', 'credit', 'refunded')
                AND NOT EXISTS (
                    SELECT 1 FROM booking WHERE payment = payment.id AND debit = 'bank')
            """
        ).map { .neverReceived(PaymentID($0["id"])) }
        return wrong + missing
    }

    private func stateDiffers() throws -> [Imbalance] {
        try rows(
            """
            SELECT payment.id, state, coalesce(sum(iif(credit = 'unallocated',
                booking.amount_minor, -booking.amount_minor)), 0) AS rest
            FROM payment LEFT JOIN booking
                ON booking.payment = payment.id AND 'unallocated' IN (debit, credit)
            GROUP BY payment.id
            HAVING (state IN ('credit', 'ignored', 'reversed', 'refunded') AND rest <> 0)
                OR (state = 'received' AND rest = 0 AND count(booking.id) > 0)
            """
        ).map { row in
            .stateDiffers(
                PaymentID(row["id"]), state: PaymentState(rawValue: row["state"]) ?? .review,
                unallocatedMinorUnits: row["rest"])
        }
    }
}
