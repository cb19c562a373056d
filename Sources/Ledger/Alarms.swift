// SPDX-License-Identifier: Apache-2.0

package import Domain
package import FoundationEssentials
internal import GRDB

/// A form of mail that nearly fits a rule: the bank may have changed its wording.
package struct DriftRecord: Hashable, Sendable {
    /// The same for all mails of this form, 16 hexadecimal digits.
    package let shape: String
    /// The rule file.
    package let file: String
    /// The variant that came nearest.
    package let rule: RuleID?
    /// What the mail lacks, in words of the rule.
    package let missing: [String]
    /// A mail of this form, with everything masked that stands in no rule.
    package let sample: String

    /// A form as it is given.
    package init(
        shape: String, file: String, rule: RuleID?, missing: [String], sample: String
    ) {
        self.shape = shape
        self.file = file
        self.rule = rule
        self.missing = missing
        self.sample = sample
    }
}

/// The mails of one form that wait for a person.
package struct DriftGroup: Hashable, Sendable {
    package let drift: DriftRecord
    /// How many.
    package let mails: Int
    /// When the first and the last of them came.
    package let first: Date
    package let last: Date
}

extension LedgerTransaction {
    /// Keeps a form; false when it is known.
    package func note(_ drift: DriftRecord, at now: Date) throws(LedgerError) -> Bool {
        try attempt("alarms.drift", drift.file) {
            try run(
                """
                INSERT OR IGNORE INTO drift (shape, file, rule, missing, sample, first_at)
                VALUES (?, ?, ?, ?, ?, ?)
                """,
                [
                    drift.shape, drift.file, drift.rule?.text, JSONText.array(drift.missing),
                    drift.sample, now.milliseconds,
                ])
            return db.changesCount == 1
        }
    }

    /// The forms of which a mail waits for a person, the one with most mails first.
    package func drifts(limit: Int) throws(LedgerError) -> [DriftGroup] {
        try attempt("alarms.drifts", "drift") {
            try rows(
                """
                SELECT drift.*, count(*) AS mails, min(mail.received_at) AS first,
                    max(mail.received_at) AS last
                FROM review JOIN mail ON mail.id = review.mail
                    JOIN drift ON drift.shape = mail.shape
                WHERE review.closed_at IS NULL
                GROUP BY drift.shape ORDER BY mails DESC, drift.shape LIMIT ?
                """, [limit]
            ).map { row in
                DriftGroup(
                    drift: DriftRecord(
                        shape: row["shape"], file: row["file"],
                        rule: (row["rule"] as String?).map { RuleID($0) },
                        missing: JSONText.texts(row["missing"]), sample: row["sample"]),
                    mails: row["mails"], first: Date(milliseconds: row["first"]),
                    last: Date(milliseconds: row["last"]))
            }
        }
    }

    /// When mails with payments came, since `start`, by the rule file that read them, with `""` for
    /// none; copies are left out.
    package func noticeTimes(since start: Date) throws(LedgerError) -> [String: [Date]] {
        try attempt("alarms.noticeTimes", "mail") {
            try rows(
                """
                SELECT rule, received_at FROM mail
                WHERE outcome = 'payment' AND copy_of IS NULL AND received_at >= ?
                    AND trust IN ('verified', 'vouched')
                """, [start.milliseconds]
            ).reduce(into: [:]) { times, row in
                let file = (row["rule"] as String?)?.prefix { $0 != "/" } ?? ""
                times[String(file), default: []].append(Date(milliseconds: row["received_at"]))
            }
        }
    }

    // MARK: - Silence

    /// The silences that were told last and are not over, by rule file; `""` is that of all.
    package func silences() throws(LedgerError) -> [String: Date] {
        try attempt("alarms.silences", "alarm") {
            try rows("SELECT subject, since FROM alarm WHERE name = 'silence'", [])
                .reduce(into: [:]) { $0[$1["subject"]] = Date(milliseconds: $1["since"]) }
        }
    }

    /// Writes down that a silence of a rule file was told, or with nil that it is over.
    package func setSilence(
        of file: String, since: Date?, at now: Date
    ) throws(LedgerError) {
        try attempt("alarms.setSilence", "alarm") {
            guard let since else {
                return try run(
                    "DELETE FROM alarm WHERE name = 'silence' AND subject = ?", [file])
            }
            try run(
                """
                INSERT OR REPLACE INTO alarm (name, subject, since, told_at)
                VALUES ('silence', ?, ?, ?)
                """, [file, since.milliseconds, now.milliseconds])
        }
    }
}

extension Schema {
    static let alarms = """
        -- Forms of mail that nearly fit a rule, each with a sample in which nobody can be found.
        CREATE TABLE drift (
            shape TEXT PRIMARY KEY NOT NULL CHECK (length(shape) = 16),
            file TEXT NOT NULL,
            rule TEXT,
            missing TEXT NOT NULL CHECK (json_valid(missing)),
            sample TEXT NOT NULL CHECK (length(sample) <= 5000),
            first_at INTEGER NOT NULL
        ) STRICT, WITHOUT ROWID;

        -- What was told once and is not over.
        CREATE TABLE alarm (
            name TEXT NOT NULL CHECK (length(name) <= 32),
            -- The rule file that it is about; empty when it is about all.
            subject TEXT NOT NULL,
            since INTEGER NOT NULL,
            told_at INTEGER NOT NULL,
            PRIMARY KEY (name, subject)
        ) STRICT, WITHOUT ROWID;

        """
}
