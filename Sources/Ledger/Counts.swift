// SPDX-License-Identifier: Apache-2.0

package import Domain
internal import GRDB

/// How much of everything there is, for `status` and health.
package struct LedgerCounts: Hashable, Sendable {
    package var registrations: [RegistrationState: Int] = [:]
    /// Of those that were read.
    package var mails: [MailOutcome: Int] = [:]
    /// Lines of bank statements that were applied; they are kept like mails and are none.
    package var statementLines = 0
    package var storedMails = 0
    package var heldMails = 0
    package var quarantinedMails = 0
    package var payments: [PaymentState: Int] = [:]
    package var effects: [EffectState: Int] = [:]
    package var openReviews = 0

    package init() {}
}

extension LedgerTransaction {
    /// Counts every table; a few milliseconds per 100,000 rows.
    ///
    /// - Parameter statements: the account of a mail's place that lines of statements have.
    package func counts(statements: String? = nil) throws(LedgerError) -> LedgerCounts {
        try attempt("counts", "all tables") {
            var counts = LedgerCounts()
            counts.registrations = try count("registration", by: "state")
            counts.mails = try count(
                "mail WHERE state <> 'stored' AND account IS NOT ?", [statements], by: "outcome")
            counts.statementLines = Int(
                try number("SELECT count(*) FROM mail WHERE account = ?", [statements]) ?? 0)
            counts.payments = try count("payment", by: "state")
            counts.effects = try count("effect", by: "state")
            counts.storedMails = Int(
                try number("SELECT count(*) FROM mail WHERE state = 'stored'") ?? 0)
            counts.heldMails = Int(
                try number("SELECT count(*) FROM mail WHERE state = 'held'") ?? 0)
            counts.quarantinedMails = Int(
                try number("SELECT count(*) FROM mail WHERE state = 'quarantined'") ?? 0)
            counts.openReviews = Int(
                try number("SELECT count(*) FROM review WHERE closed_at IS NULL") ?? 0)
            return counts
        }
    }

    /// The outbox alone, which health asks often.
    package func effectCounts() throws(LedgerError) -> [EffectState: Int] {
        try attempt("counts", "effect") { try count("effect", by: "state") }
    }

    private func count<Value: RawRepresentable<String> & Hashable>(
        _ table: StaticString, _ arguments: [(any Bindable)?] = [], by column: StaticString
    ) throws -> [Value: Int] {
        var result: [Value: Int] = [:]
        for row in try rows(
            "SELECT \(column) AS value, count(*) AS n FROM \(table) GROUP BY 1", arguments)
        {
            if let value = Value(rawValue: row["value"]) { result[value] = row["n"] }
        }
        return result
    }
}
