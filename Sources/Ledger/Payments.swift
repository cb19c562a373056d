// SPDX-License-Identifier: Apache-2.0

package import Domain
package import FoundationEssentials
internal import GRDB

/// Where a payment stands.
package enum PaymentState: String, Sendable, Codable, CaseIterable {
    /// `refunded` is one of which nothing is left: all that came was sent back to the payer.
    case received, allocated, credit, review, ignored, reversed, refunded
}

/// A payment of the ledger: what the mail said, and what was decided.
package struct PaymentRecord: Hashable, Sendable {
    package let id: PaymentID
    package let mail: MailID
    /// 1 for the first movement of the mail.
    package let movement: Int
    /// Payer, words and account are nil after the person was forgotten.
    package let notice: PaymentNotice
    package let reference: ReferenceCode?
    package let trust: Trust
    package let rule: RuleID
    package let state: PaymentState
    package let verdict: Verdict.Kind
    package let reasons: [Reason]
    /// The payment that another notice of the same transfer told of first.
    package let sameAs: PaymentID?
    /// The first addresses in the mail's To, if the bank's signature covers them: whose account it
    /// is where the notice prints none.
    package let recipients: [String]
}

// MARK: - Writing

extension LedgerTransaction {
    /// Records one movement of a mail. Nothing is booked yet: call `receive` for money that counts.
    ///
    /// - Parameters:
    ///   - movement: 1 for the first movement of the mail.
    ///   - recipients: the addresses in To that the bank signed; the first ten are kept.
    /// - Throws: `constraint` when this movement is recorded already, or the amount is not above
    ///   zero and at most 10,000,000,000,000 minor units.
    @discardableResult
    package func record(
        _ notice: PaymentNotice, of mail: MailID, movement: Int, rule: RuleID, trust: Trust,
        verdict: Verdict, state: PaymentState = .received, recipients: [String] = []
    ) throws(LedgerError) -> PaymentID {
        try attempt("payments.record", "mail \(mail) movement \(movement)") {
            let subject = try subject(ofMail: mail)
            let personal = SealedFields.encode([
                notice.payer, notice.description, notice.transactionID, notice.senderIBAN,
                notice.receivingAccount,
                recipients.isEmpty
                    ? nil : recipients.prefix(Self.recipientsMax).joined(separator: "\n"),
            ])
            try run(
                """
                INSERT INTO payment (mail, movement, subject, amount_minor, currency,
                    occurred_at, time_from, reference, transaction_hash, trust, rule, state,
                    verdict, reasons, payer_hash, personal)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                """,
                [
                    mail.number, movement, subject.id, notice.amount.minorUnits,
                    notice.amount.currency.code, notice.occurredAt.milliseconds,
                    notice.timeFrom.rawValue, verdict.reference?.text,
                    notice.transactionID.map { keyring.hash($0, for: .transaction).blob },
                    trust.rawValue, rule.text, state.rawValue, verdict.kind.rawValue,
                    JSONText.array(verdict.reasons),
                    notice.payer.flatMap { PersonName($0) }.map { keyring.hash(payer: $0).blob },
                    try subject.key.seal(
                        personal, in: "payment/personal", row: Self.sealedRow(mail, movement)
                    ).blob,
                ])
            return PaymentID(db.lastInsertedRowID)
        }
    }

    /// A bank writes to one customer; more are kept of no mail.
    private static let recipientsMax = 10

    /// Writes what was decided later, by a person or because a registration appeared.
    package func setVerdict(_ verdict: Verdict, of payment: PaymentID) throws(LedgerError) {
        try attempt("payments.setVerdict", "payment \(payment)") {
            try run(
                """
                UPDATE payment SET verdict = ?, reasons = ?, reference = coalesce(?, reference)
                WHERE id = ?
                """,
                [
                    verdict.kind.rawValue, JSONText.array(verdict.reasons),
                    verdict.reference?.text, payment.number,
                ])
            try expectChange("payments.setVerdict", "payment \(payment)")
        }
    }

    /// Sets where the payment stands, such as `review`; the steps of the books set it themselves.
    ///
    /// - Throws: `notFound`.
    package func setState(
        _ state: PaymentState, of payment: PaymentID
    ) throws(LedgerError) {
        try attempt("payments.setState", "payment \(payment)") {
            try run(
                "UPDATE payment SET state = ? WHERE id = ?", [state.rawValue, payment.number])
            try expectChange("payments.setState", "payment \(payment)")
        }
    }

    /// The payment is another notice of a transfer that is in the ledger. It is `ignored`: the
    /// money is counted at the other one.
    ///
    /// - Throws: `constraint` when money was received for it, `notFound`.
    package func join(_ payment: PaymentID, to original: PaymentID) throws(LedgerError) {
        try attempt("payments.join", "payment \(payment)") {
            guard try number("SELECT 1 FROM booking WHERE payment = ?", [payment.number]) == nil
            else {
                throw LedgerError(
                    operation: "payments.join", subject: "payment \(payment)",
                    cause: .wrongState("received"))
            }
            try run(
                "UPDATE payment SET state = 'ignored', same_as = ? WHERE id = ?",
                [original.number, payment.number])
            try expectChange("payments.join", "payment \(payment)")
        }
    }

    /// Takes `join` back: the notice tells of a transfer of its own, and lies in `review`.
    ///
    /// - Throws: `wrongState` when it was not joined.
    package func separate(_ payment: PaymentID) throws(LedgerError) {
        try attempt("payments.separate", "payment \(payment)") {
            try run(
                """
                UPDATE payment SET state = 'review', same_as = NULL
                WHERE id = ? AND same_as IS NOT NULL
                """, [payment.number])
            guard db.changesCount == 0 else { return }
            throw LedgerError(
                operation: "payments.separate", subject: "payment \(payment)",
                cause: .wrongState("single"))
        }
    }

    /// What a payment's sealed column is bound to; known before the row is written.
    private static func sealedRow(_ mail: MailID, _ movement: Int) -> String {
        "\(mail.number)/\(movement)"
    }

    /// The person a mail is about; made with the first payment when no raw mail is stored.
    private func subject(ofMail mail: MailID) throws -> Subject {
        if let last = notes.lastMail, last.id == mail, let key = try key(ofSubject: last.subject) {
            return Subject(id: last.subject, key: key)
        }
        let known = try number("SELECT subject FROM mail WHERE id = ?", [mail.number])
        if let known {
            guard let key = try key(ofSubject: known) else {
                throw LedgerError(
                    operation: "payments.record", subject: "mail \(mail)",
                    cause: .wrongState("forgotten"))
            }
            return Subject(id: known, key: key)
        }
        let made = try makeSubject()
        try run("UPDATE mail SET subject = ? WHERE id = ?", [made.id, mail.number])
        return made
    }
}

// MARK: - Reading

extension LedgerTransaction {
    /// A payment by its number, or nil.
    package func payment(_ id: PaymentID) throws(LedgerError) -> PaymentRecord? {
        try payments("WHERE id = ?", [id.number]).first
    }

    /// The payments of a mail by movement.
    package func payments(of mail: MailID) throws(LedgerError) -> [PaymentRecord] {
        try payments("WHERE mail = ? ORDER BY movement", [mail.number])
    }

    /// At most `limit` payments after `after` in the order in which they were recorded.
    package func payments(
        in state: PaymentState? = nil, after: PaymentID? = nil, limit: Int
    ) throws(LedgerError) -> [PaymentRecord] {
        let start = after?.number ?? 0
        return if let state {
            try payments(
                "WHERE state = ? AND id > ? ORDER BY id LIMIT ?", [state.rawValue, start, limit])
        } else {
            try payments("WHERE id > ? ORDER BY id LIMIT ?", [start, limit])
        }
    }

    /// Payments since `since` that bear the same transaction id of the bank, newest first. Banks
    /// do not share one space of numbers: compare rule and amount before calling it the same.
    package func payments(
        transactionID: String, since: Date, limit: Int
    ) throws(LedgerError) -> [PaymentRecord] {
        try payments(
            "WHERE transaction_hash = ? AND occurred_at >= ? ORDER BY occurred_at DESC, id LIMIT ?",
            [
                keyring.hash(transactionID, for: .transaction).blob, since.milliseconds, limit,
            ])
    }

    /// The last payments since `since` of a payer with exactly these words in the name, the newest
    /// first. Reads all that came since: for questions that are rare.
    package func payments(
        from payer: PersonName, since: Date, limit: Int
    ) throws(LedgerError) -> [PaymentRecord] {
        try payments(
            "WHERE payer_hash = ? AND occurred_at >= ? ORDER BY id DESC LIMIT ?",
            [keyring.hash(payer: payer).blob, since.milliseconds, limit])
    }

    /// Payments of exactly this sum whose time lies in `range`, by number.
    package func payments(
        of amount: Money, in range: ClosedRange<Date>, limit: Int
    ) throws(LedgerError) -> [PaymentRecord] {
        try payments(
            """
            WHERE amount_minor = ? AND occurred_at BETWEEN ? AND ? AND currency = ?
            ORDER BY id LIMIT ?
            """,
            [
                amount.minorUnits, range.lowerBound.milliseconds, range.upperBound.milliseconds,
                amount.currency.code, limit,
            ])
    }

    /// Payments of this bank and exactly this sum whose time lies in `range` and of which `rule`
    /// may tell once more: told by another rule of the bank, or under the same number of the bank.
    ///
    /// - Parameter bank: what the names of the bank's rules begin with, up to and with the slash.
    package func payments(
        like notice: PaymentNotice, rule: RuleID, bank: String, in range: ClosedRange<Date>,
        limit: Int
    ) throws(LedgerError) -> [PaymentRecord] {
        let number = notice.transactionID.map { keyring.hash($0, for: .transaction).blob }
        return try payments(
            """
            WHERE amount_minor = ? AND occurred_at BETWEEN ? AND ? AND rule >= ? AND rule < ?
                AND (rule <> ? OR transaction_hash = ?) AND currency = ? AND same_as IS NULL
            ORDER BY id LIMIT ?
            """,
            [
                notice.amount.minorUnits, range.lowerBound.milliseconds,
                range.upperBound.milliseconds, bank, bank + Self.last, rule.text, number,
                notice.amount.currency.code, limit,
            ])
    }

    /// Payments of this bank and exactly this sum whose time lies in `range`, and no further
    /// notices of others; the last ones first.
    ///
    /// - Parameters:
    ///   - bank: what the names of the bank's rules begin with, up to and with the slash.
    ///   - isUnproven: only of mails that nothing proved.
    package func payments(
        of amount: Money, bank: String, isUnproven: Bool, in range: ClosedRange<Date>, limit: Int
    ) throws(LedgerError) -> [PaymentRecord] {
        try payments(
            """
            WHERE amount_minor = ? AND occurred_at BETWEEN ? AND ? AND +rule >= ? AND +rule < ?
                AND currency = ? AND same_as IS NULL \(isUnproven ? "AND \(Schema.isUnproven)" : "")
            ORDER BY occurred_at DESC LIMIT ?
            """,
            [
                amount.minorUnits, range.lowerBound.milliseconds, range.upperBound.milliseconds,
                bank, bank + Self.last, amount.currency.code, limit,
            ])
    }

    /// Payments of exactly this sum that were told by other proven mails with a mark of this one,
    /// or by those that such a mail is a copy of; the first ones first.
    package func payments(
        of amount: Money, inMailsMarkedAs mail: MailID, limit: Int
    ) throws(LedgerError) -> [PaymentRecord] {
        try payments(
            """
            WHERE mail IN (
                    SELECT coalesce(copy_of, mail.id) FROM mail_mark AS own
                        JOIN mail_mark AS other ON other.mark = own.mark
                        JOIN mail ON mail.id = other.mail
                    WHERE own.mail = ?1)
                AND mail <> ?1 AND +amount_minor = ? AND currency = ?
                AND NOT \(Schema.isUnproven)
            ORDER BY id LIMIT ?
            """, [mail.number, amount.minorUnits, amount.currency.code, limit])
    }

    /// U+10FFFF comes after whatever may follow.
    private static let last = "\u{10FFFF}"

    /// Payments of exactly this sum whose time lies in `range`, only of rules whose names begin
    /// with `rule`, and only those that hold the money.
    package func payments(
        of amount: Money, in range: ClosedRange<Date>, rule: String, limit: Int
    ) throws(LedgerError) -> [PaymentRecord] {
        try payments(
            """
            WHERE amount_minor = ? AND rule >= ? AND rule < ? AND +occurred_at BETWEEN ? AND ?
                AND currency = ? AND same_as IS NULL
            ORDER BY id LIMIT ?
            """,
            [
                // The plus keeps to the index by rule: few rules begin so, many payments have the
                // sum.
                amount.minorUnits, rule, rule + Self.last, range.lowerBound.milliseconds,
                range.upperBound.milliseconds, amount.currency.code, limit,
            ])
    }

    /// At most `limit` payments after `after` whose time lies in `range`, in the order in which
    /// they were recorded: those that were read by a rule whose name begins with `rule`.
    package func payments(
        in range: ClosedRange<Date>, rule: String, after: PaymentID? = nil, limit: Int
    ) throws(LedgerError) -> [PaymentRecord] {
        try payments(
            """
            WHERE occurred_at BETWEEN ? AND ? AND id > ? AND rule >= ? AND rule < ?
            ORDER BY id LIMIT ?
            """,
            [
                range.lowerBound.milliseconds, range.upperBound.milliseconds, after?.number ?? 0,
                rule, rule + "\u{10FFFF}", limit,
            ])
    }

    /// The same: those that hold their money, and that no such rule told of.
    package func payments(
        in range: ClosedRange<Date>, withoutNoticeBy rule: String, after: PaymentID? = nil,
        limit: Int
    ) throws(LedgerError) -> [PaymentRecord] {
        let end = rule + "\u{10FFFF}"
        return try payments(
            """
            WHERE occurred_at BETWEEN ? AND ? AND id > ? AND same_as IS NULL
                AND NOT (rule >= ? AND rule < ?) AND NOT EXISTS (
                    SELECT 1 FROM payment AS other
                    WHERE other.same_as = payment.id AND other.rule >= ? AND other.rule < ?)
            ORDER BY id LIMIT ?
            """,
            [
                range.lowerBound.milliseconds, range.upperBound.milliseconds, after?.number ?? 0,
                rule, end, rule, end, limit,
            ])
    }

    /// The other notices of the same transfer.
    package func notices(sameAs payment: PaymentID) throws(LedgerError) -> [PaymentRecord] {
        try payments("WHERE same_as = ? AND same_as IS NOT NULL ORDER BY id", [payment.number])
    }

    private func payments(
        _ clause: String, _ arguments: [(any Bindable)?]
    ) throws(LedgerError) -> [PaymentRecord] {
        try attempt("payments.read", "payment") {
            try rows("SELECT * FROM payment \(clause)", arguments).map(payment(from:))
        }
    }

    private func payment(from row: Row) throws -> PaymentRecord {
        let id = PaymentID(row["id"])
        guard let currency = Currency(row["currency"] as String),
            let trust = Trust(rawValue: row["trust"]),
            let timeFrom = PaymentNotice.TimeSource(rawValue: row["time_from"]),
            let state = PaymentState(rawValue: row["state"]),
            let verdict = Verdict.Kind(rawValue: row["verdict"])
        else {
            throw LedgerError(
                operation: "payments.read", subject: "payment \(id)", cause: .corrupt)
        }
        let personal = try openPersonal(
            row.bytes("personal"), of: row["subject"], in: "payment/personal",
            row: Self.sealedRow(MailID(row["mail"]), row["movement"]),
            count: 6)
        return PaymentRecord(
            id: id, mail: MailID(row["mail"]), movement: row["movement"],
            notice: PaymentNotice(
                amount: Money(minorUnits: row["amount_minor"], currency: currency),
                payer: personal[0], description: personal[1],
                occurredAt: Date(milliseconds: row["occurred_at"]), timeFrom: timeFrom,
                transactionID: personal[2], senderIBAN: personal[3],
                receivingAccount: personal[4]),
            reference: (row["reference"] as String?).flatMap { ReferenceCode($0) }, trust: trust,
            rule: RuleID(row["rule"]), state: state, verdict: verdict,
            reasons: JSONText.values(row["reasons"]),
            sameAs: (row["same_as"] as Int64?).map { PaymentID($0) },
            recipients: personal[5]?.split(separator: "\n").map(String.init) ?? [])
    }
}
