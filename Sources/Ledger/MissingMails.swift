// SPDX-License-Identifier: Apache-2.0

internal import Domain
package import FoundationEssentials
internal import GRDB

// Mails that the server lists and does not hand out. A person is told; and since a mail store that
// is ill today may be well tomorrow, they are asked for again, ever more seldom.

/// A mail of which nothing is known but its place.
struct MissingMail {
    let id: MailID
    /// When it was given up first.
    let since: Date
}

extension LedgerTransaction {
    /// An index that is being written, or a copy of the mail store that lags behind, is well again
    /// within minutes; after that the gaps double, up to a day.
    private static let askGapMin: TimeInterval = 300
    private static let askGapMax: TimeInterval = 86_400
    /// As far as a new folder is read back. A mail that is still missing then is damaged.
    private static let askedForAtMost: TimeInterval = 30 * 86_400

    func missingMail(at place: MailPlace) throws(LedgerError) -> MissingMail? {
        try attempt("mails.missing", place.folder) {
            try row(
                "SELECT id, recorded_at FROM mail \(Self.atPlace) AND ask_again_at IS NOT NULL",
                Self.columns(of: place)
            ).map {
                MissingMail(id: MailID($0["id"]), since: Date(milliseconds: $0["recorded_at"]))
            }
        }
    }

    func putOff(_ missing: MissingMail, now: Date) throws(LedgerError) {
        let age = max(0, now.timeIntervalSince(missing.since))
        let gap = min(max(age, Self.askGapMin), Self.askGapMax)
        try setAskAgain(missing.id, age > Self.askedForAtMost ? nil : now + gap)
    }

    /// Asked for together: a server that is ill is not flooded, and each of them is put off or here
    /// before the next ones have their turn.
    private static let askedForTogetherMax = 100

    /// The UIDs of a numbering that were not handed out and are to be asked for again by `now`,
    /// those that wait longest first, at most 100.
    package func missingUIDs(
        account: String, folder: String, uidvalidity: UInt32, epoch: UInt32, overdueAt now: Date
    ) throws(LedgerError) -> [UInt32] {
        try attempt("mails.missingUIDs", folder) {
            try rows(
                """
                SELECT uid FROM mail
                WHERE ask_again_at <= ? AND account = ? AND folder = ? AND uidvalidity = ?
                    AND epoch = ?
                ORDER BY ask_again_at, uid LIMIT ?
                """,
                [
                    now.milliseconds, account, folder, Int64(uidvalidity), Int64(epoch),
                    Self.askedForTogetherMax,
                ]
            ).map { UInt32(clamping: $0["uid"] as Int64) }
        }
    }

    /// The server has it no more; it stays recorded as a mail that was never seen.
    package func giveUp(missingAt place: MailPlace) throws(LedgerError) {
        if let missing = try missingMail(at: place) { try setAskAgain(missing.id, nil) }
    }

    /// The server handed it out after all: it is read as one that came now, and the question about
    /// it is closed. A person who waved the question off did not know what the mail says, and it is
    /// read; where a person has booked it by hand, that stays.
    func supply(
        _ missing: MissingMail, _ raw: [UInt8], sha256: [UInt8], isTruncated: Bool,
        sizeBytes: Int, lastingName: String?, receivedAt: Date, now: Date
    ) throws(LedgerError) {
        guard try !isBooked(missing.id) else { return try setAskAgain(missing.id, nil) }
        if let open = try openReview(of: .mail(missing.id)) {
            try closeReview(open.id, decision: "read_again", at: now)
        }
        try attempt("mails.supply", "mail \(missing.id)") {
            try dropRaw(missing.id)
            let subject = everybody == nil ? try makeSubject() : nil
            try run(
                """
                UPDATE mail SET sha256 = ?, size_bytes = ?, received_at = ?, recorded_at = ?,
                    is_truncated = ?, lasting_name = ?, subject = ?, ask_again_at = NULL
                WHERE id = ?
                """,
                [
                    sha256.blob, sizeBytes, receivedAt.milliseconds, now.milliseconds,
                    isTruncated ? 1 : 0, lastingName, subject?.id, missing.id.number,
                ])
            if let subject { try keep(raw, of: missing.id, sealedFor: subject) }
        }
        try update(missing.id, to: .pending)
    }

    /// It is a mail that is known from another folder: no bytes are needed.
    package func recognize(
        missingAt place: MailPlace, as original: MailID, now: Date
    ) throws(LedgerError) {
        guard let missing = try missingMail(at: place), try !isBooked(missing.id) else {
            return
        }
        if let open = try openReview(of: .mail(missing.id)) {
            try closeReview(open.id, decision: "read_again", at: now)
        }
        try setAskAgain(missing.id, nil)
        var reading = MailReading.pending
        reading.copyOf = original
        try update(missing.id, to: reading)
    }

    /// Has a mail asked for at the next look into its folder.
    ///
    /// - Throws: `notFound` when there is no such mail, `wrongState` when it is here.
    package func askAgain(for mail: MailID, now: Date) throws(LedgerError) {
        guard let record = try self.mail(mail) else {
            throw LedgerError(
                operation: "mails.askAgain", subject: "mail \(mail)", cause: .notFound)
        }
        guard record.isTruncated, record.reading.copyOf == nil, try rawMail(mail)?.isEmpty ?? true
        else {
            throw LedgerError(
                operation: "mails.askAgain", subject: "mail \(mail)",
                cause: .wrongState("fetched"))
        }
        try setAskAgain(mail, now)
    }

    private func setAskAgain(_ mail: MailID, _ at: Date?) throws(LedgerError) {
        try attempt("mails.askAgain", "mail \(mail)") {
            try run(
                "UPDATE mail SET ask_again_at = ? WHERE id = ?", [at?.milliseconds, mail.number])
            try expectChange("mails.askAgain", "mail \(mail)")
        }
    }
}
