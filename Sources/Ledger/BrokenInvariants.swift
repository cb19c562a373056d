// SPDX-License-Identifier: Apache-2.0

internal import Domain
internal import GRDB

/// Something in the ledger that must not be. Ids and sums, nothing personal.
package struct BrokenInvariant: Hashable, Sendable {
    /// A stable name such as `paid_with_less`.
    package let name: String
    /// What it is about, such as `payment 17`.
    package let subject: String
    package let detail: String
}

extension LedgerTransaction {
    /// Everything that must hold and does not: the file, the books, the states, the audit log.
    /// Reads the whole ledger.
    package func brokenInvariants() throws(LedgerError) -> [BrokenInvariant] {
        try attempt("check", "ledger") {
            var broken = try imbalances().map(\.broken)
            broken += try sums()
            for (name, detail, query) in Self.queries {
                broken += try rows(query).map {
                    BrokenInvariant(name: name, subject: $0["subject"], detail: detail)
                }
            }
            broken += try file()
            if let line = try firstBrokenAuditLine() {
                broken.append(
                    BrokenInvariant(
                        name: "audit_broken", subject: "audit line \(line)",
                        detail: "this line or the one before it was changed or taken out"))
            }
            return broken
        }
    }

    private func sums() throws -> [BrokenInvariant] {
        var totals: [String: Int64] = [:]
        for balance in try accounts(of: .everything) {
            totals[balance.amount.currency.code, default: 0] += balance.amount.minorUnits
        }
        return totals.filter { $0.value != 0 }.map {
            BrokenInvariant(
                name: "sum_not_zero", subject: $0.key, detail: "\($0.value) minor units too many")
        }
    }

    private func file() throws -> [BrokenInvariant] {
        let pages = try String.fetchAll(db, sql: "PRAGMA integrity_check(20)").filter { $0 != "ok" }
        let keys = try Row.fetchAll(db, sql: "PRAGMA foreign_key_check")
        return pages.map { BrokenInvariant(name: "file_damaged", subject: "file", detail: $0) }
            + keys.map {
                BrokenInvariant(
                    name: "row_missing", subject: ($0[0] as String?) ?? "table",
                    detail: "it refers to a row of \(($0[2] as String?) ?? "a table") that is gone")
            }
    }

    private static let queries: [(name: String, detail: String, query: String)] = [
        (
            "paid_with_less", "counts as paid, and less than due is booked to it",
            """
            SELECT 'registration ' || id AS subject FROM registration
            WHERE state IN ('paid', 'confirmed') AND paid_minor < due_minor
            """
        ),
        (
            "paid_with_more", "more than is due is booked to it",
            """
            SELECT 'registration ' || id AS subject FROM registration
            WHERE paid_minor > due_minor
            """
        ),
        (
            "waits_though_paid", "waits for money, and all that is due is booked to it",
            """
            SELECT 'registration ' || id AS subject FROM registration
            WHERE state IN ('awaitingPayment', 'underpaid') AND paid_minor >= due_minor
                AND due_minor > 0
            """
        ),
        (
            "money_with_closed", "is over, and money is still booked to it",
            """
            SELECT 'registration ' || id AS subject FROM registration
            WHERE state IN ('expired', 'cancelled', 'waitlisted', 'awaitingPayment')
                AND paid_minor > 0
            """
        ),
        (
            "approved_unpaid", "its approval stands, and it was never paid or was called off",
            """
            SELECT 'registration ' || registration.id AS subject FROM effect
                JOIN registration ON registration.id = effect.registration
            WHERE kind = 'luma.approve' AND effect.state = 'done' AND revoked_at IS NULL
                AND registration.state IN ('awaitingPayment', 'underpaid', 'expired', 'offered')
            """
        ),
        (
            "paid_unapproved", "counts as paid, and no approval is on its way or done",
            """
            SELECT 'registration ' || id AS subject FROM registration AS guest
            WHERE state IN ('paid', 'confirmed') AND NOT EXISTS (
                SELECT 1 FROM effect WHERE effect.registration = guest.id
                    AND effect.kind = 'luma.approve' AND effect.revoked_at IS NULL)
            """
        ),
        (
            "payment_lost", "nothing was decided about it, and nobody is asked",
            """
            SELECT 'payment ' || id AS subject FROM payment
            WHERE state IN ('received', 'review') AND NOT EXISTS (
                SELECT 1 FROM review WHERE review.payment = payment.id AND closed_at IS NULL)
            """
        ),
        (
            "payment_doubled", "is another notice of a transfer, and brought money of its own",
            """
            SELECT 'payment ' || id AS subject FROM payment
            WHERE same_as IS NOT NULL
                AND EXISTS (SELECT 1 FROM booking WHERE booking.payment = payment.id)
            """
        ),
        (
            "refund_missing", "is to get money back, and none is due back",
            """
            SELECT 'registration ' || id AS subject FROM registration
            WHERE state = 'refundDue' AND paid_minor = 0 AND coalesce((
                SELECT sum(iif(credit = 'refund_due', amount_minor, -amount_minor)) FROM booking
                WHERE about = registration.id AND 'refund_due' IN (debit, credit)), 0) <= 0
            """
        ),
    ]
}

extension Imbalance {
    fileprivate var broken: BrokenInvariant {
        switch self {
        case .paidDiffers(let id, let recorded, let booked):
            BrokenInvariant(
                name: "paid_differs", subject: "registration \(id)",
                detail: "says \(recorded), booked are \(booked)")
        case .overdrawn(let id, let account, let minor):
            BrokenInvariant(
                name: "overdrawn", subject: "payment \(id)", detail: "\(account) by \(minor)")
        case .receivedDiffers(let id, let received, let amount):
            BrokenInvariant(
                name: "received_differs", subject: "payment \(id)",
                detail: "received \(received) of \(amount)")
        case .neverReceived(let id):
            BrokenInvariant(
                name: "never_received", subject: "payment \(id)", detail: "counts without money")
        case .stateDiffers(let id, let state, let minor):
            BrokenInvariant(
                name: "state_differs", subject: "payment \(id)",
                detail: "\(state.rawValue), and \(minor) are not allocated")
        }
    }
}
