// SPDX-License-Identifier: Apache-2.0

internal import Cryptography
package import FoundationEssentials
internal import GRDB

/// A line of the audit log: what the agent or a person did.
package struct AuditRecord: Hashable, Sendable {
    /// 1 for the first line; no number is left out.
    package let sequence: Int64
    package let at: Date
    /// Such as `review.close`.
    package let what: String
    /// Ids and names from short lists, no personal data.
    package let detail: [String: String]
}

extension LedgerTransaction {
    /// Adds a line. Each carries a keyed hash over itself and the line before, so that a line
    /// that is changed, left out or put in between is found, even by someone who can write the
    /// file. What was cut off at the end is seen only against an older copy of the last hash.
    ///
    /// - Parameter detail: ids and names from short lists, no personal data.
    package func audit(
        _ what: String, _ detail: [String: String] = [:], at now: Date
    ) throws(LedgerError) {
        try attempt("audit.append", what) {
            var sequence: Int64 = 1
            var previous = Self.beginning
            if let last = notes.lastAudit {
                (sequence, previous) = (last.sequence + 1, last.hash)
            } else {
                try each("SELECT seq, hash FROM audit ORDER BY seq DESC LIMIT 1", []) { last in
                    sequence = last.number(0) + 1
                    previous = last.bytes(1) ?? previous
                }
            }
            let text = JSONText.object(detail)
            let hash = auditHash(
                sequence: sequence, at: now.milliseconds, what: what, detail: text,
                previous: previous)
            try run(
                "INSERT INTO audit (seq, at, what, detail, prev, hash) VALUES (?, ?, ?, ?, ?, ?)",
                [sequence, now.milliseconds, what, text, previous.blob, hash.blob])
            notes.lastAudit = (sequence, hash)
        }
    }

    /// The number of the last line; 0 before the first. Whoever decides about money writes one, so
    /// that what was found stands as long as the number does.
    package func lastAuditSequence() throws(LedgerError) -> Int64 {
        try attempt("audit.last", "audit") { try number("SELECT max(seq) FROM audit") ?? 0 }
    }

    /// When the books were written last; nil before the first time.
    package func lastAuditTime() throws(LedgerError) -> Date? {
        try attempt("audit.lastTime", "audit") {
            try number("SELECT at FROM audit ORDER BY seq DESC LIMIT 1")
                .map { Date(milliseconds: $0) }
        }
    }

    /// Checks the whole chain.
    ///
    /// - Returns: nil when it holds, else the number of the first line that does not fit.
    package func firstBrokenAuditLine() throws(LedgerError) -> Int64? {
        try attempt("audit.verify", "audit") {
            var expected: Int64 = 1
            var previous = Self.beginning
            let lines = try Row.fetchCursor(
                db, sql: "SELECT seq, at, what, detail, prev, hash FROM audit ORDER BY seq")
            while let row = try lines.next() {
                let sequence: Int64 = row["seq"]
                let hash = auditHash(
                    sequence: sequence, at: row["at"], what: row["what"], detail: row["detail"],
                    previous: previous)
                guard sequence == expected, row.bytes("prev") == previous,
                    row.bytes("hash") == hash
                else { return expected }
                expected += 1
                previous = hash
            }
            return nil
        }
    }

    /// The last `limit` lines, the newest first.
    package func auditLines(limit: Int) throws(LedgerError) -> [AuditRecord] {
        try attempt("audit.read", "audit") {
            try rows("SELECT * FROM audit ORDER BY seq DESC LIMIT ?", [limit]).map { row in
                AuditRecord(
                    sequence: row["seq"], at: Date(milliseconds: row["at"]), what: row["what"],
                    detail: JSONText.fields(row["detail"]))
            }
        }
    }

    /// What the first line carries as the hash of the line before.
    private static let beginning = [UInt8](repeating: 0, count: 32)

    private func auditHash(
        sequence: Int64, at: Int64, what: String, detail: String, previous: [UInt8]
    ) -> [UInt8] {
        // The lengths keep two texts from being cut at another place with the same hash.
        let head = "\(sequence) \(at) \(what.utf8.count) \(detail.utf8.count) "
        return keyring.auditKey.code(of: previous + Array((head + what + detail).utf8))
    }
}
