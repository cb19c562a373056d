// SPDX-License-Identifier: Apache-2.0

package import FoundationEssentials
package import Ledger
package import Mail

/// Where DKIM keys come from: a key file first, then what DNS answered before, then DNS.
///
/// Keys that were once seen stay in the ledger, so that an old mail can still be checked when its
/// bank has long changed the key.
package struct KeyRing: Sendable {
    /// Asks DNS for the TXT records of a name; may block for a few seconds.
    package typealias Resolver = @Sendable (String) -> (answer: KeyAnswer, timeToLive: Duration)

    private let file: [String: [String]]
    private let resolver: Resolver?

    /// More lines than all banks of the world publish; a larger file is a mistake.
    private static let fileLinesMax = 100_000

    package init(file: [String: [String]], resolver: Resolver?) {
        self.file = file
        self.resolver = resolver
    }

    /// The keys of the file alone: what a replay uses, which must not depend on today's DNS.
    package func answer(_ name: String) -> KeyAnswer {
        if let records = file[name.lowercased()] { return .records(records) }
        return .absent
    }

    /// Whether every name is answered by the file.
    package func hasAll(_ names: [String]) -> Bool {
        resolver == nil || names.allSatisfy { file[$0.lowercased()] != nil }
    }

    /// An answer for each name. Slow at worst: call it outside a transaction.
    package func answers(
        to names: [String], ledger: LedgerDatabase, now: Date
    ) throws -> [String: KeyAnswer] {
        var answers: [String: KeyAnswer] = [:]
        for name in names {
            answers[name] = try answer(name, ledger: ledger, now: now)
        }
        return answers
    }

    private func answer(_ name: String, ledger: LedgerDatabase, now: Date) throws -> KeyAnswer {
        if let records = file[name.lowercased()] { return .records(records) }
        guard let resolver else { return .absent }
        let known = try ledger.read { try $0.dnsAnswers(name: name) }
        if let newest = known.first, newest.expiresAt > now {
            return newest.text.map { .records([$0]) } ?? .absent
        }
        let (answer, timeToLive) = resolver(name)
        let keptFor = Double(max(60, min(timeToLive.components.seconds, 86_400)))
        switch answer {
        case .records(let records):
            guard let record = records.first else { return .absent }
            try keep(record, name, now, keptFor, ledger)
            return answer
        case .absent, .unavailable:
            // A key that was there once is a better proof than none: DNS may be down, and a bank
            // that changed its key still signed the mail with the old one.
            let old = known.compactMap(\.text)
            return old.isEmpty ? answer : .records(old)
        }
    }

    private func keep(
        _ record: String, _ name: String, _ now: Date, _ seconds: Double, _ ledger: LedgerDatabase
    ) throws {
        try ledger.write {
            try $0.keep(
                DNSAnswer(
                    text: record, fetchedAt: now, expiresAt: now.addingTimeInterval(seconds)),
                name: name)
        }
    }

    // MARK: - Key file

    /// Reads a key file: one `selector._domainkey.domain<TAB>TXT record` per line; blank lines and
    /// lines that begin with `#` are skipped. The same name may stand on several lines.
    ///
    /// - Throws: `KeyFileError` with the line.
    package static func parse(_ text: String) throws(KeyFileError) -> [String: [String]] {
        var keys: [String: [String]] = [:]
        for (index, line) in text.split(separator: "\n", omittingEmptySubsequences: false)
            .enumerated()
        {
            guard index < fileLinesMax else {
                throw KeyFileError(line: index + 1, message: "more than \(fileLinesMax) lines")
            }
            let line = line.hasSuffix("\r") ? line.dropLast() : line
            if line.isEmpty || line.hasPrefix("#") { continue }
            let columns = line.split(separator: "\t", maxSplits: 1)
            guard columns.count == 2, columns[0].contains("._domainkey.") else {
                throw KeyFileError(
                    line: index + 1,
                    message: "expected selector._domainkey.domain, a tab, and the TXT record")
            }
            keys[columns[0].lowercased(), default: []].append(String(columns[1]))
        }
        return keys
    }
}

/// A line of a key file that is not one.
package struct KeyFileError: Error, Hashable, Sendable, CustomStringConvertible {
    package let line: Int
    package let message: String

    package var description: String { "line \(line): \(message)" }
}
