// SPDX-License-Identifier: Apache-2.0

package import FoundationEssentials
internal import GRDB

/// What DNS answered for the name of a mail signing key (`selector._domainkey.domain`).
package struct DNSAnswer: Hashable, Sendable {
    /// The text records that count; none when DNS said that there is no such one.
    package let records: [String]
    package let fetchedAt: Date
    package let expiresAt: Date

    package init(records: [String], fetchedAt: Date, expiresAt: Date) {
        self.records = records
        self.fetchedAt = fetchedAt
        self.expiresAt = expiresAt
    }

    /// As it is kept: a record a line, as none of those that count holds a line end.
    fileprivate var text: String? { records.isEmpty ? nil : records.joined(separator: "\n") }

    fileprivate static func records(in text: String?) -> [String] {
        text?.split(separator: "\n").map(String.init) ?? []
    }
}

extension LedgerTransaction {
    /// All answers for a name, the newest first. An older mail may need one that has expired: the
    /// domain has changed its key since.
    package func dnsAnswers(name: String) throws(LedgerError) -> [DNSAnswer] {
        try attempt("dns.read", name) {
            try rows(
                "SELECT * FROM dns_key WHERE name = ? ORDER BY fetched_at DESC", [name]
            ).map { row in
                DNSAnswer(
                    records: DNSAnswer.records(in: row["answer"]),
                    fetchedAt: Date(milliseconds: row["fetched_at"]),
                    expiresAt: Date(milliseconds: row["expires_at"]))
            }
        }
    }

    /// Keeps an answer. When it is the same as the newest, only its expiry moves on.
    package func keep(_ answer: DNSAnswer, name: String) throws(LedgerError) {
        try attempt("dns.keep", name) {
            try run(
                """
                UPDATE dns_key SET expires_at = max(expires_at, ?1)
                WHERE name = ?2 AND answer IS ?3
                    AND fetched_at = (SELECT max(fetched_at) FROM dns_key WHERE name = ?2)
                """, [answer.expiresAt.milliseconds, name, answer.text])
            guard db.changesCount == 0 else { return }
            try run(
                """
                INSERT INTO dns_key (name, fetched_at, expires_at, answer) VALUES (?, ?, ?, ?)
                ON CONFLICT (name, fetched_at) DO UPDATE SET
                    expires_at = excluded.expires_at, answer = excluded.answer
                """,
                [
                    name, answer.fetchedAt.milliseconds, answer.expiresAt.milliseconds,
                    answer.text,
                ])
        }
    }
}
