// SPDX-License-Identifier: Apache-2.0

internal import Domain
package import FoundationEssentials
internal import GRDB

// What waits to be read. The ledger is the queue between fetching mails and reading them: nothing
// is lost between the two, and memory does not grow with what waits.

extension MailReading {
    /// Of a mail that nobody has read yet: nothing is known of it.
    package static let pending = MailReading(
        outcome: .unread, state: .stored, trust: TrustVerdict(.unverified))
}

// MARK: - In

extension LedgerTransaction {
    /// Keeps a mail as it came, to be read later. A place that is recorded already stays as it is,
    /// unless all that is there is that the server did not hand the mail out.
    ///
    /// - Parameters:
    ///   - raw: empty, and `isTruncated`, when the server did not hand it out.
    ///   - sha256: of `raw`, 32 bytes.
    ///   - isTruncated: `raw` is only the beginning of the mail.
    ///   - sizeBytes: of the whole mail.
    package func store(
        _ raw: [UInt8], sha256: [UInt8], isTruncated: Bool, sizeBytes: Int, at place: MailPlace,
        receivedAt: Date, now: Date
    ) throws(LedgerError) {
        if let missing = try missingMail(at: place) {
            if raw.isEmpty { return try putOff(missing, now: now) }
            return try supply(
                missing, raw, sha256: sha256, isTruncated: isTruncated, sizeBytes: sizeBytes,
                lastingName: place.lastingName, receivedAt: receivedAt, now: now)
        }
        if try isSettled(place) { return }
        let mail = try record(
            .pending, at: place, sha256: sha256, raw: raw, isTruncated: isTruncated,
            sizeBytes: sizeBytes, receivedAt: receivedAt, now: now)
        if raw.isEmpty, isTruncated { try putOff(MissingMail(id: mail, since: now), now: now) }
    }
}

// MARK: - Out

extension LedgerTransaction {
    /// The mails whose turn it is to be read; all of them for one reason, which is their state:
    /// new ones (`stored`) in the order in which they came, else those that other rules did not
    /// understand.
    ///
    /// - Parameter ruleDigest: of the rules in force; nil when nothing was left of those that other
    ///   rules did not understand. Copies are not among them.
    package func mailsToRead(
        ruleDigest: [UInt8]?, limit: Int
    ) throws(LedgerError) -> [MailRecord] {
        let new = try mails("WHERE state = 'stored' ORDER BY id LIMIT ?", [limit])
        guard new.isEmpty, let ruleDigest else { return new }
        for others in ["rule_digest IS NULL", "rule_digest < ?1", "rule_digest > ?1"] {
            let again = try mails(
                """
                WHERE outcome IN ('unread', 'unclear') AND copy_of IS NULL
                    AND state <> 'stored' AND state <> 'held' AND \(others)
                ORDER BY rule_digest, id LIMIT ?2
                """, [ruleDigest.blob, limit])
            guard again.isEmpty else { return again }
        }
        return []
    }

    /// The mails that wait for a key (`held`) and may be looked at again. Those for which the
    /// sender's own domain is asked come first. Domains take turns, so that mails in the name of
    /// one do not hold up those of another; within each the longest due come first.
    ///
    /// - Parameter rank: only these.
    package func heldMails(
        dueAt now: Date, rank: KeyWait.Rank? = nil, limit: Int, offset: Int = 0
    ) throws(LedgerError) -> [MailRecord] {
        try mails(
            """
            JOIN (
                SELECT id AS due, max(coalesce(key_rank, 0), 1) AS class, row_number() OVER (
                    PARTITION BY max(coalesce(key_rank, 0), 1), key_domain
                    ORDER BY key_rank, retry_at, id) AS turn
                FROM mail
                WHERE state = 'held' AND retry_at <= ?1 AND (?2 IS NULL OR key_rank = ?2)
            ) ON due = mail.id
            ORDER BY class, turn, key_rank, retry_at, id LIMIT ?3 OFFSET ?4
            """, [now.milliseconds, rank?.rawValue, limit, offset])
    }

    /// When the next held mail is due, or nil when none is held.
    package func nextHeldMailAt() throws(LedgerError) -> Date? {
        try attempt("mails.nextHeldMailAt", "mail") {
            try number("SELECT min(retry_at) FROM mail WHERE state = 'held'")
                .map { Date(milliseconds: $0) }
        }
    }

    /// Whether nothing came of a mail that was read before: no payment is booked on it, and no
    /// person has decided about it.
    package func canBeReadAgain(_ mail: MailID) throws(LedgerError) -> Bool {
        try attempt("mails.canBeReadAgain", "mail \(mail)") {
            guard try !isBooked(mail) else { return false }
            return try number(
                """
                SELECT 1 FROM review
                WHERE mail = ? AND closed_at IS NOT NULL AND decision <> 'read_again'
                """, [mail.number]) == nil
        }
    }

    /// Whether a payment is booked on the mail, by the agent or by a person.
    package func isBooked(_ mail: MailID) throws(LedgerError) -> Bool {
        try attempt("mails.isBooked", "mail \(mail)") {
            try number("SELECT 1 FROM payment WHERE mail = ?", [mail.number]) != nil
        }
    }

    /// Writes down which rules a mail was read with, and nothing else.
    package func stamp(_ mail: MailID, ruleDigest: [UInt8]) throws(LedgerError) {
        try attempt("mails.stamp", "mail \(mail)") {
            try run("UPDATE mail SET rule_digest = ? WHERE id = ?", [ruleDigest.blob, mail.number])
        }
    }

    /// Lets go of the bytes of a mail on which nothing is booked: another row has them. They are
    /// overwritten, and the key that sealed them is gone.
    package func dropRaw(_ mail: MailID) throws(LedgerError) {
        try attempt("mails.dropRaw", "mail \(mail)") {
            let id = mail.number
            guard let subject = try number("SELECT subject FROM mail WHERE id = ?", [id]),
                subject != everybody?.id
            else { return }
            try run("DELETE FROM mail_raw WHERE mail = ?", [id])
            try run("UPDATE mail SET subject = NULL WHERE id = ?", [id])
            try run("DELETE FROM subject WHERE id = ?", [subject])
            // The next subject may be given the same number.
            notes.lastSubject = nil
            notes.lastMail = nil
        }
    }
}
