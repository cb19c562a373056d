// SPDX-License-Identifier: Apache-2.0

package import Domain
package import FoundationEssentials
internal import GRDB

/// Where a mail was found. In a replay the folder is the source file and `uid` the place in it.
package struct MailPlace: Hashable, Sendable {
    package let account: String
    package let folder: String
    package let uidvalidity: UInt32
    /// Counts the folder's numberings.
    package let epoch: UInt32
    package let uid: UInt32
    /// What the server calls the mail in every folder and numbering of the account, if it does.
    package let lastingName: String?

    package init(
        account: String, folder: String, uidvalidity: UInt32, epoch: UInt32 = 0, uid: UInt32,
        lastingName: String? = nil
    ) {
        self.account = account
        self.folder = folder
        self.uidvalidity = uidvalidity
        self.epoch = epoch
        self.uid = uid
        self.lastingName = lastingName
    }
}

/// Where a mail stands in the ledger. In each of them its UID needs no second fetch.
package enum MailState: Hashable, Sendable {
    /// Its bytes are safe; it is to be read.
    case stored
    case settled
    /// To be read again at this time, because a signing key could not be had.
    case held(until: Date)
    /// It could not be read at all; a person sees it.
    case quarantined

    package var name: String {
        switch self {
        case .stored: "stored"
        case .settled: "settled"
        case .held: "held"
        case .quarantined: "quarantined"
        }
    }

    static let names = ["stored", "settled", "held", "quarantined"]

    var retryAt: Date? {
        if case .held(let until) = self { until } else { nil }
    }
}

/// What was found out about a mail. No personal data: payer and words stand in payment and raw.
package struct MailReading: Hashable, Sendable {
    package var outcome: MailOutcome
    package var state: MailState
    package var rule: RuleID?
    /// The digest of the rule file that was used, or of the rule book when none fits.
    package var ruleDigest: [UInt8]?
    package var trust: TrustVerdict
    /// 32 bytes that are equal for copies of one authenticated mail. Nil when the mail's proof does
    /// not hold: a forgery must not take the place of the real one.
    package var identity: [UInt8]?
    package var reasons: [Reason]
    /// For people, without personal data.
    package var explanation: String?
    /// The settled mail of which this is a copy.
    package var copyOf: MailID?
    /// What the sender's domain asks for mail that proves nothing (DMARC), for people.
    package var policy: String?
    /// Of a mail that nearly fits a rule: `DriftRecord.shape`.
    package var shape: String?
    /// Stable names of what was noticed while reading: `hidden_text`, `charset_repaired`.
    package var notes: [String]
    /// Only of a held mail.
    package var keyWait: KeyWait?

    package init(
        outcome: MailOutcome, state: MailState = .settled, rule: RuleID? = nil,
        ruleDigest: [UInt8]? = nil, trust: TrustVerdict, identity: [UInt8]? = nil,
        reasons: [Reason] = [], explanation: String? = nil, copyOf: MailID? = nil,
        policy: String? = nil, shape: String? = nil, notes: [String] = [],
        keyWait: KeyWait? = nil
    ) {
        self.outcome = outcome
        self.state = state
        self.rule = rule
        self.ruleDigest = ruleDigest
        self.trust = trust
        self.identity = identity
        self.reasons = reasons
        self.explanation = explanation
        self.copyOf = copyOf
        self.policy = policy
        self.shape = shape
        self.notes = notes
        self.keyWait = keyWait
    }
}

/// A mail of the ledger, without its raw bytes.
package struct MailRecord: Hashable, Sendable {
    package let id: MailID
    package let place: MailPlace
    package let sha256: [UInt8]
    package let sizeBytes: Int
    package let receivedAt: Date
    /// When it was written into the ledger first.
    package let recordedAt: Date
    /// Its bytes are only the beginning of it.
    package let isTruncated: Bool
    package let reading: MailReading
}

// MARK: - Writing

extension LedgerTransaction {
    /// Records a mail with what was read in it.
    ///
    /// - Parameters:
    ///   - sha256: of the raw bytes, 32 bytes.
    ///   - raw: sealed and stored, but for a temporary database; nil when it is too large to keep.
    /// - Throws: `constraint` when the place is recorded already, or a settled mail has the same
    ///   identity and `copyOf` is nil.
    @discardableResult
    package func record(
        _ reading: MailReading, at place: MailPlace, sha256: [UInt8], raw: [UInt8]?,
        isTruncated: Bool = false, sizeBytes: Int, receivedAt: Date, now: Date
    ) throws(LedgerError) -> MailID {
        try attempt("mails.record", "\(place.folder) \(place.uid)") {
            let sealable = everybody == nil ? raw : nil
            let isPersonal = sealable != nil || reading.outcome == .payment
            let subject = isPersonal ? try makeSubject() : nil
            try run(
                """
                INSERT INTO mail (account, folder, uidvalidity, epoch, uid, sha256, size_bytes,
                    received_at, recorded_at, subject, state, retry_at, outcome, rule, rule_digest,
                    trust, trust_by, identity, reasons, explanation, copy_of, policy, shape,
                    notes, key_rank, key_domain, lasting_name, is_truncated)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                """,
                [
                    place.account, place.folder, Int64(place.uidvalidity), Int64(place.epoch),
                    Int64(place.uid), sha256.blob, sizeBytes, receivedAt.milliseconds,
                    now.milliseconds, subject?.id,
                ] + Self.columns(of: reading) + [place.lastingName, isTruncated ? 1 : 0])
            let id = MailID(db.lastInsertedRowID)
            guard let subject else { return id }
            notes.lastMail = (id, subject.id)
            if let sealable { try keep(sealable, of: id, sealedFor: subject) }
            return id
        }
    }

    func keep(_ raw: [UInt8], of mail: MailID, sealedFor subject: Subject) throws {
        let sealed = try subject.key.seal(raw, in: "mail_raw/raw", row: String(mail.number))
        try run("INSERT INTO mail_raw (mail, raw) VALUES (?, ?)", [mail.number, sealed.blob])
    }

    /// Replaces what was found out about a mail that was only stored, held, or read with older
    /// rules.
    package func update(_ mail: MailID, to reading: MailReading) throws(LedgerError) {
        try attempt("mails.update", "mail \(mail)") {
            try run(
                """
                UPDATE mail SET state = ?, retry_at = ?, outcome = ?, rule = ?, rule_digest = ?,
                    trust = ?, trust_by = ?, identity = ?, reasons = ?, explanation = ?,
                    copy_of = ?, policy = ?, shape = ?, notes = ?, key_rank = ?, key_domain = ?
                WHERE id = ?
                """, Self.columns(of: reading) + [mail.number])
            try expectChange("mails.update", "mail \(mail)")
        }
    }

    private static func columns(of reading: MailReading) -> [(any Bindable)?] {
        [
            reading.state.name, reading.state.retryAt?.milliseconds, reading.outcome.rawValue,
            reading.rule?.text, reading.ruleDigest?.blob, reading.trust.trust.rawValue,
            reading.trust.by, reading.identity?.blob, JSONText.array(reading.reasons),
            reading.explanation, reading.copyOf?.number, reading.policy,
            reading.shape, reading.notes.joined(separator: ","), reading.keyWait?.rank.rawValue,
            reading.keyWait?.domain,
        ]
    }
}

// MARK: - Reading

extension LedgerTransaction {
    /// Whether the mail at this place is in the ledger, whatever became of it.
    package func isSettled(_ place: MailPlace) throws(LedgerError) -> Bool {
        try attempt("mails.isSettled", place.folder) {
            try number("SELECT 1 FROM mail \(Self.atPlace)", Self.columns(of: place)) != nil
        }
    }

    /// The UIDs in `range` that are in the ledger: to be taken off what the server lists.
    package func recordedUIDs(
        account: String, folder: String, uidvalidity: UInt32, epoch: UInt32 = 0,
        in range: ClosedRange<UInt32>
    ) throws(LedgerError) -> Set<UInt32> {
        try attempt("mails.recordedUIDs", folder) {
            Set(
                try rows(
                    """
                    SELECT uid FROM mail
                    WHERE account = ? AND folder = ? AND uidvalidity = ? AND epoch = ?
                        AND uid BETWEEN ? AND ?
                    """,
                    [
                        account, folder, Int64(uidvalidity), Int64(epoch),
                        Int64(range.lowerBound), Int64(range.upperBound),
                    ]
                ).map { UInt32(clamping: $0["uid"] as Int64) })
        }
    }

    /// The highest UID of a numbering that is in the ledger.
    package func highestUID(
        account: String, folder: String, uidvalidity: UInt32, epoch: UInt32
    ) throws(LedgerError) -> UInt32? {
        try attempt("mails.highestUID", folder) {
            try number(
                """
                SELECT max(uid) FROM mail
                WHERE account = ? AND folder = ? AND uidvalidity = ? AND epoch = ?
                """, [account, folder, Int64(uidvalidity), Int64(epoch)]
            ).map { UInt32(clamping: $0) }
        }
    }

    static let atPlace =
        "WHERE account = ? AND folder = ? AND uidvalidity = ? AND epoch = ? AND uid = ?"

    static func columns(of place: MailPlace) -> [(any Bindable)?] {
        [
            place.account, place.folder, Int64(place.uidvalidity), Int64(place.epoch),
            Int64(place.uid),
        ]
    }

    /// A mail by its number, or nil.
    package func mail(_ id: MailID) throws(LedgerError) -> MailRecord? {
        try mails("WHERE id = ?", [id.number]).first
    }

    /// The mail that was found at a place, or nil.
    package func mail(at place: MailPlace) throws(LedgerError) -> MailRecord? {
        try mails(Self.atPlace, Self.columns(of: place)).first
    }

    /// The identity of a statement's line that says this; only this ledger can make it.
    package func identity(ofStatementLine text: String) -> [UInt8] {
        keyring.identity(ofStatementLine: text)
    }

    /// The settled mail with this identity that is no copy itself; there is at most one.
    package func settledMail(identity: [UInt8]) throws(LedgerError) -> MailID? {
        try attempt("mails.settledMail", "mail") {
            try number(
                """
                SELECT id FROM mail
                WHERE identity = ? AND state = 'settled' AND copy_of IS NULL
                    AND identity IS NOT NULL
                """, [identity.blob]
            ).map { MailID($0) }
        }
    }

    /// The mail that was taken in whole from the account under this lasting name, and is no copy.
    package func mail(
        account: String, lastingName: String
    ) throws(LedgerError) -> MailRecord? {
        try mails(
            """
            WHERE account = ? AND lasting_name = ? AND copy_of IS NULL AND is_truncated = 0
                AND state <> 'quarantined'
            ORDER BY id LIMIT 1
            """, [account, lastingName]
        ).first
    }

    /// The first mail with exactly these bytes.
    package func firstMail(sha256: [UInt8]) throws(LedgerError) -> MailID? {
        try attempt("mails.firstMail", "mail") {
            try number("SELECT min(id) FROM mail WHERE sha256 = ?", [sha256.blob])
                .map { MailID($0) }
        }
    }

    /// At most `limit` mails after `after` in the order in which they were recorded.
    package func mails(after: MailID? = nil, limit: Int) throws(LedgerError) -> [MailRecord] {
        try mails("WHERE id > ? ORDER BY id LIMIT ?", [after?.number ?? 0, limit])
    }

    /// The raw bytes of a mail; nil when they were not stored, or the person was forgotten.
    package func rawMail(_ id: MailID) throws(LedgerError) -> [UInt8]? {
        try attempt("mails.rawMail", "mail \(id)") {
            guard
                let row = try row(
                    """
                    SELECT raw, subject FROM mail_raw JOIN mail ON mail.id = mail_raw.mail
                    WHERE mail_raw.mail = ?
                    """, [id.number]),
                let sealed = row.bytes("raw"), let key = try key(ofSubject: row["subject"])
            else { return nil }
            return try key.open(sealed, in: "mail_raw/raw", row: String(id.number))
        }
    }

    func mails(
        _ clause: String, _ arguments: [(any Bindable)?]
    ) throws(LedgerError) -> [MailRecord] {
        try attempt("mails.read", "mail") {
            try rows("SELECT * FROM mail \(clause)", arguments).map(mail(from:))
        }
    }

    private func mail(from row: Row) throws -> MailRecord {
        let id = MailID(row["id"])
        guard let outcome = MailOutcome(rawValue: row["outcome"]),
            let trust = Trust(rawValue: row["trust"])
        else { throw LedgerError(operation: "mails.read", subject: "mail \(id)", cause: .corrupt) }
        let state: MailState =
            switch row["state"] as String {
            case "stored": .stored
            case "held": .held(until: Date(milliseconds: row["retry_at"] ?? 0))
            case "quarantined": .quarantined
            default: .settled
            }
        return MailRecord(
            id: id,
            place: MailPlace(
                account: row["account"], folder: row["folder"],
                uidvalidity: UInt32(clamping: row["uidvalidity"] as Int64),
                epoch: UInt32(clamping: row["epoch"] as Int64),
                uid: UInt32(clamping: row["uid"] as Int64), lastingName: row["lasting_name"]),
            sha256: row.bytes("sha256") ?? [], sizeBytes: row["size_bytes"],
            receivedAt: Date(milliseconds: row["received_at"]),
            recordedAt: Date(milliseconds: row["recorded_at"]),
            isTruncated: row["is_truncated"] as Int64 == 1,
            reading: MailReading(
                outcome: outcome, state: state, rule: (row["rule"] as String?).map { RuleID($0) },
                ruleDigest: row.bytes("rule_digest"),
                trust: TrustVerdict(trust, by: row["trust_by"]), identity: row.bytes("identity"),
                reasons: JSONText.values(row["reasons"]), explanation: row["explanation"],
                copyOf: (row["copy_of"] as Int64?).map { MailID($0) }, policy: row["policy"],
                shape: row["shape"],
                notes: (row["notes"] as String).split(separator: ",").map(String.init),
                keyWait: (row["key_rank"] as Int64?).flatMap { KeyWait.Rank(rawValue: Int($0)) }.map
                {
                    KeyWait(rank: $0, domain: row["key_domain"] ?? "")
                }))
    }
}
