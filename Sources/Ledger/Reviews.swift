// SPDX-License-Identifier: Apache-2.0

package import Domain
package import FoundationEssentials
internal import GRDB

/// A question for a person.
package struct ReviewRecord: Hashable, Sendable {
    /// What the question is about.
    package enum Subject: Hashable, Sendable {
        case payment(PaymentID)
        case mail(MailID)
    }

    package let id: ReviewID
    package let subject: Subject
    /// A name from the agent's short list, such as `match` or `reversal`.
    package let kind: String
    package let reasons: [Reason]
    /// Best first.
    package var candidates: [Verdict.Candidate]
    /// What the mail says went back, if it is a question about that.
    package let amount: Money?
    package let openedAt: Date
    package let closedAt: Date?
    /// What was decided, from the agent's short list; nil while it is open.
    package let decision: String?
    /// What the domain asks for from which the mail came (`MailReading.policy`).
    package let policy: String?
    /// Counts from 1 how often the question was brought up to date.
    package let revision: Int
    /// The decision that closed it.
    package let closedBy: DecisionID?
    /// The undoing of the answer that it had before.
    package let reopenedBy: DecisionID?
}

extension LedgerTransaction {
    /// Asks a person. While a question about the same payment or mail is open, that one is brought
    /// up to date instead; in a decision it is closed by the new one, so that undoing the decision
    /// brings it back as it was.
    ///
    /// - Parameter amount: what the mail says went back, if it is a question about that.
    @discardableResult
    package func openReview(
        of subject: ReviewRecord.Subject, kind: String, reasons: [Reason],
        candidates: [Verdict.Candidate] = [], amount: Money? = nil, at now: Date
    ) throws(LedgerError) -> ReviewID {
        try attempt("reviews.open", "review") {
            let (column, row) = Self.column(of: subject)
            if let open = try openReview(of: subject), notes.decision != nil,
                try number("SELECT opened_by FROM review WHERE id = ?", [open.id.number])
                    != notes.decision
            {
                try closeReview(open.id, decision: "replaced", at: now)
            } else if let open = try openReview(of: subject) {
                try run(
                    """
                    UPDATE review SET kind = ?, reasons = ?, candidates = ?, amount_minor = ?,
                        currency = ?, revision = revision + 1 WHERE id = ?
                    """,
                    [
                        kind, JSONText.array(reasons), JSONText.array(candidates),
                        amount?.minorUnits, amount?.currency.code, open.id.number,
                    ])
                return open.id
            }
            try run(
                """
                INSERT INTO review (\(column), kind, reasons, candidates, amount_minor, currency,
                    opened_at, opened_by)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?)
                """,
                [
                    row, kind, JSONText.array(reasons), JSONText.array(candidates),
                    amount?.minorUnits, amount?.currency.code, now.milliseconds, notes.decision,
                ])
            return ReviewID(db.lastInsertedRowID)
        }
    }

    /// - Parameter decision: a name from a short list, such as `allocated` or `ignored`.
    /// - Throws: `wrongState` when it is closed already, `notFound`.
    package func closeReview(
        _ id: ReviewID, decision: String, at now: Date
    ) throws(LedgerError) {
        try attempt("reviews.close", "review \(id)") {
            try run(
                """
                UPDATE review SET closed_at = ?, decision = ?, closed_by = ?
                WHERE id = ? AND closed_at IS NULL
                """, [now.milliseconds, decision, notes.decision, id.number])
            guard db.changesCount == 0 else { return }
            let known = try number("SELECT 1 FROM review WHERE id = ?", [id.number]) != nil
            throw LedgerError(
                operation: "reviews.close", subject: "review \(id)",
                cause: known ? .wrongState("closed") : .notFound)
        }
    }

    /// A question by its number, open or closed, or nil.
    package func review(_ id: ReviewID) throws(LedgerError) -> ReviewRecord? {
        try reviews("WHERE id = ?", [id.number]).first
    }

    /// The open question about a payment or mail.
    package func openReview(
        of subject: ReviewRecord.Subject
    ) throws(LedgerError) -> ReviewRecord? {
        let (column, row) = Self.column(of: subject)
        return try reviews("WHERE \(column) = ? AND closed_at IS NULL", [row]).first
    }

    /// Whether something was asked about it, and nothing is any more.
    package func wasAnswered(_ subject: ReviewRecord.Subject) throws(LedgerError) -> Bool {
        let (column, row) = Self.column(of: subject)
        return try attempt("reviews.answered", "review") {
            try number("SELECT min(closed_at IS NOT NULL) FROM review WHERE \(column) = ?", [row])
                == 1
        }
    }

    /// Open questions after `after`, the oldest first.
    package func openReviews(
        after: ReviewID? = nil, limit: Int
    ) throws(LedgerError) -> [ReviewRecord] {
        try reviews(
            "WHERE closed_at IS NULL AND id > ? ORDER BY id LIMIT ?", [after?.number ?? 0, limit])
    }

    /// Open questions of one kind about payments that were booked because of a registration.
    package func openReviews(
        kind: String, about registration: RegistrationID
    ) throws(LedgerError) -> [ReviewRecord] {
        try reviews(
            """
            WHERE closed_at IS NULL AND kind = ?
                AND payment IN (SELECT payment FROM booking WHERE about = ?) ORDER BY id
            """, [kind, registration.text])
    }

    private static func column(of subject: ReviewRecord.Subject) -> (String, Int64) {
        switch subject {
        case .payment(let id): ("payment", id.number)
        case .mail(let id): ("mail", id.number)
        }
    }

    private static let policy = """
        (SELECT mail.policy FROM mail WHERE mail.id = coalesce(
            review.mail, (SELECT payment.mail FROM payment WHERE payment.id = review.payment)))
        """

    private func reviews(
        _ clause: String, _ arguments: [(any Bindable)?]
    ) throws(LedgerError) -> [ReviewRecord] {
        try attempt("reviews.read", "review") {
            try rows("SELECT *, \(Self.policy) AS policy FROM review \(clause)", arguments).map {
                row in
                let payment = (row["payment"] as Int64?).map { PaymentID($0) }
                let minor: Int64? = row["amount_minor"]
                let currency = (row["currency"] as String?).flatMap { Currency($0) }
                return ReviewRecord(
                    id: ReviewID(row["id"]),
                    subject: payment.map { .payment($0) } ?? .mail(MailID(row["mail"])),
                    kind: row["kind"], reasons: JSONText.values(row["reasons"]),
                    candidates: JSONText.candidates(row["candidates"]),
                    amount: currency.flatMap { currency in
                        minor.map { Money(minorUnits: $0, currency: currency) }
                    },
                    openedAt: Date(milliseconds: row["opened_at"]),
                    closedAt: (row["closed_at"] as Int64?).map { Date(milliseconds: $0) },
                    decision: row["decision"], policy: row["policy"], revision: row["revision"],
                    closedBy: (row["closed_by"] as Int64?).map { DecisionID($0) },
                    reopenedBy: (row["reopened_by"] as Int64?).map { DecisionID($0) })
            }
        }
    }
}
