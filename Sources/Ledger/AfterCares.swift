// SPDX-License-Identifier: Apache-2.0

package import FoundationEssentials
internal import GRDB

/// A mail that is still to be flagged or moved on the server.
package struct AfterCareRow: Hashable, Sendable {
    package let mail: MailID
    package let place: MailPlace
    /// How often the server has refused.
    package let attempts: Int
}

/// What is left to do for the mails of one account.
package struct AfterCareCounts: Hashable, Sendable {
    package var waiting = 0
    /// Those that the server has refused.
    package var refused = 0
    /// What it said last, in a few words.
    package var lastError: String?
}

extension LedgerTransaction {
    /// Writes down that the mail at this place is to be looked after on the server.
    package func requestAfterCare(at place: MailPlace, now: Date) throws(LedgerError) {
        try attempt("afterCares.request", place.folder) {
            try run(
                """
                INSERT OR IGNORE INTO after_care (mail, account, attempts, not_before)
                SELECT id, account, 0, ? FROM mail WHERE account = ? AND folder = ?
                    AND uidvalidity = ? AND epoch = ? AND uid = ?
                """,
                [
                    now.milliseconds, place.account, place.folder, Int64(place.uidvalidity),
                    Int64(place.epoch), Int64(place.uid),
                ])
        }
    }

    /// The accounts that have mails to be looked after now.
    package func accountsWithAfterCare(dueAt now: Date) throws(LedgerError) -> Set<String> {
        try attempt("afterCares.accounts", "after_care") {
            Set(
                try rows(
                    "SELECT DISTINCT account FROM after_care WHERE not_before <= ?",
                    [now.milliseconds]
                ).map { $0["account"] as String })
        }
    }

    /// Mails to be looked after now, by folder and UID. A mail about which a person is still asked,
    /// itself or one attached to it or the one it is a copy of, is left where it is.
    package func afterCares(
        account: String, dueAt now: Date, limit: Int
    ) throws(LedgerError) -> [AfterCareRow] {
        try attempt("afterCares.due", "after_care") {
            try rows(
                """
                SELECT m.*, a.attempts FROM after_care a JOIN mail m ON m.id = a.mail
                WHERE a.account = ? AND a.not_before <= ? AND m.state <> 'held' AND NOT EXISTS (
                    SELECT 1 FROM mail w
                    WHERE (w.id = m.id OR w.id = m.copy_of OR (w.account = m.account
                            -- The attached ones: INBOX#1, INBOX#2 beside INBOX.
                            AND w.folder > m.folder || '#' AND w.folder < m.folder || '$'
                            AND w.uidvalidity = m.uidvalidity AND w.epoch = m.epoch
                            AND w.uid = m.uid))
                        AND (w.state = 'held'
                            OR EXISTS (SELECT 1 FROM review r
                                WHERE r.mail = w.id AND r.closed_at IS NULL)
                            OR EXISTS (SELECT 1 FROM payment p JOIN review r ON r.payment = p.id
                                WHERE p.mail = w.id AND r.closed_at IS NULL)))
                ORDER BY m.folder, m.uidvalidity, m.epoch, m.uid LIMIT ?
                """, [account, now.milliseconds, limit]
            ).map { row in
                AfterCareRow(
                    mail: MailID(row["id"]),
                    place: MailPlace(
                        account: row["account"], folder: row["folder"],
                        uidvalidity: UInt32(clamping: row["uidvalidity"] as Int64),
                        epoch: UInt32(clamping: row["epoch"] as Int64),
                        uid: UInt32(clamping: row["uid"] as Int64)),
                    attempts: row["attempts"])
            }
        }
    }

    /// The mails were looked after, or need it no more.
    package func endAfterCare(of mails: some Sequence<MailID>) throws(LedgerError) {
        try attempt("afterCares.end", "after_care") {
            for mail in mails { try run("DELETE FROM after_care WHERE mail = ?", [mail.number]) }
        }
    }

    /// The server refused: not again before this time.
    ///
    /// - Parameter reason: cut after 200 signs; without names.
    package func postponeAfterCare(
        of mails: some Sequence<MailID>, until: Date, reason: String
    ) throws(LedgerError) {
        try attempt("afterCares.postpone", "after_care") {
            for mail in mails {
                try run(
                    """
                    UPDATE after_care SET attempts = attempts + 1, not_before = ?, last_error = ?
                    WHERE mail = ?
                    """, [until.milliseconds, String(reason.prefix(200)), mail.number])
            }
        }
    }

    /// Forgets what was asked for the mails of an account.
    package func dropAfterCare(of account: String) throws(LedgerError) {
        try attempt("afterCares.drop", "after_care") {
            try run("DELETE FROM after_care WHERE account = ?", [account])
        }
    }

    /// What is left to do, account by account.
    package func afterCareCounts() throws(LedgerError) -> [String: AfterCareCounts] {
        try attempt("afterCares.counts", "after_care") {
            var counts: [String: AfterCareCounts] = [:]
            for row in try rows(
                """
                SELECT account, count(*) AS waiting, sum(attempts > 0) AS refused,
                    max(last_error) AS last_error FROM after_care GROUP BY account
                """)
            {
                counts[row["account"]] = AfterCareCounts(
                    waiting: row["waiting"], refused: row["refused"],
                    lastError: row["last_error"])
            }
            return counts
        }
    }
}
