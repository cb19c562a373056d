// SPDX-License-Identifier: Apache-2.0

package import FoundationEssentials
package import Ledger
package import Mail
internal import Synchronization

/// Where DKIM keys and DMARC policies come from: a key file first, then what DNS answered before,
/// then DNS.
///
/// Keys that were once seen stay in the ledger, so that an old mail can still be checked when its
/// bank has long changed the key. A key that was gone before a mail came proves nothing about it: a
/// bank withdraws one that others have got hold of.
package struct KeyRing: Sendable {
    /// Asks DNS for the TXT records of names, all at once; may block for a few seconds, however
    /// many they are.
    package typealias Resolver =
        @Sendable ([String]) -> [String: (answer: KeyAnswer, timeToLive: Duration)]

    private let file: [String: [String]]
    private let resolver: Resolver?
    private let silent = SilentDomains()
    private let lastAnswers = LastAnswers()

    /// Seconds for which a missing policy stays missing.
    private static let absenceKeptFor = 3600.0
    /// More lines than all banks of the world publish; a larger file is a mistake.
    private static let fileLinesMax = 100_000

    package init(file: [String: [String]], resolver: Resolver?) {
        self.file = file
        self.resolver = resolver
    }

    /// The keys of the file alone: what a replay uses, which must not depend on today's DNS.
    package func answer(_ name: String) -> KeyAnswer {
        if let records = file[name.lowercased()] { return .records(records) }
        return Self.unasked(name)
    }

    /// What is known of a name of which the file says nothing and that nobody asked for. A policy
    /// may be published all the same; a key that is not there proves nothing either way.
    private static func unasked(_ name: String) -> KeyAnswer {
        name.hasPrefix(DMARC.prefix) ? .unavailable : .absent
    }

    /// The answers that need no question: those of the file, and what DNS said and still holds.
    ///
    /// - Parameter arrivedAt: when the mail came. Every key counts that was in force then or has
    ///   been seen since, even if its domain has another one by now.
    package func known(
        _ names: [String], arrivedAt: Date, ledger: LedgerDatabase, now: Date
    ) throws -> [String: KeyAnswer] {
        var answers: [String: KeyAnswer] = [:]
        for name in names {
            if let records = file[name.lowercased()] {
                answers[name] = .records(records)
            } else if resolver == nil {
                answers[name] = Self.unasked(name)
            } else {
                // The newest first. A mail comes before its key is asked for.
                let kept = try ledger.read { try $0.dnsAnswers(name: name) }
                    .filter { $0.expiresAt >= min(arrivedAt, now) }
                if let newest = kept.first {
                    let records =
                        name.hasPrefix(DMARC.prefix)
                        ? newest.records : Self.distinct(kept.flatMap(\.records))
                    answers[name] = records.isEmpty ? .absent : .records(records)
                }
            }
        }
        return answers
    }

    /// Whether DNS may say something else than what is known: nobody has asked since then.
    func isWorthAsking(_ name: String, since: Date) -> Bool {
        guard resolver != nil, file[name.lowercased()] == nil else { return false }
        return lastAnswers.date(of: name).map { $0 < since } ?? true
    }

    /// Whether each of the names was answered before, however long ago.
    func haveAnswered(_ names: [String], ledger: LedgerDatabase) throws -> Bool {
        try ledger.read { books in
            try names.allSatisfy { try !books.dnsAnswers(name: $0).isEmpty }
        }
    }

    /// What DNS says to names that are not known, an answer for each; what counts of it is kept.
    /// Slow at worst: call it outside a transaction, and for no more than `KeyRound.namesMax`.
    package func ask(
        _ names: [String], ledger: LedgerDatabase, now: Date
    ) throws -> [String: KeyAnswer] {
        let open = names.filter { !silent.contains(Self.organization(of: $0), at: now) }
        let found = open.isEmpty ? [:] : resolver?(open) ?? [:]
        note(found, at: now)
        var answers: [String: KeyAnswer] = [:]
        var kept: [(name: String, answer: DNSAnswer)] = []
        for name in names {
            guard let (answer, timeToLive) = found[name], !answer.isUnavailable else {
                answers[name] = .unavailable
                continue
            }
            let records = Self.relevant(answer, name)
            answers[name] = records.isEmpty ? .absent : .records(records)
            // Most domains below an organization's publish no policy; they are not asked for each
            // mail. A key that is missing may be there a moment later.
            guard name.hasPrefix(DMARC.prefix) || !records.isEmpty else { continue }
            let seconds = Double(max(60, min(timeToLive.components.seconds, 86_400)))
            let end = now + (records.isEmpty ? Self.absenceKeptFor : seconds)
            kept.append((name, DNSAnswer(records: records, fetchedAt: now, expiresAt: end)))
        }
        guard !kept.isEmpty else { return answers }
        try ledger.write { books in
            for (name, answer) in kept { try books.keep(answer, name: name) }
        }
        return answers
    }

    /// A domain is silent that answered nothing: names that nobody knows must not make one silent
    /// whose servers pass over those alone.
    private func note(_ found: [String: (answer: KeyAnswer, timeToLive: Duration)], at now: Date) {
        let answered = found.filter { !$0.value.answer.isUnavailable }.map(\.key)
        lastAnswers.insert(answered, at: now)
        let speaking = Set(answered.map(Self.organization))
        for name in found.keys where !speaking.contains(Self.organization(of: name)) {
            silent.insert(Self.organization(of: name), at: now)
        }
    }

    /// The records of an answer that are what was asked for.
    private static func relevant(_ answer: KeyAnswer, _ name: String) -> [String] {
        guard case .records(let records) = answer else { return [] }
        guard name.hasPrefix(DMARC.prefix) else { return DKIM.records(among: records) }
        return DMARC.record(among: records).map { [$0] } ?? []
    }

    private static func distinct(_ records: [String]) -> [String] {
        var seen: Set<String> = []
        return records.filter { seen.insert($0).inserted }
    }

    /// Whose name servers answer for a name: `s1._domainkey.mail.bank.example` → `bank.example`.
    static func organization(of name: String) -> String {
        let labels = name.lowercased().split(separator: ".")
        let own = labels.lastIndex { $0.first == "_" }.map { $0 + 1 } ?? 0
        return PublicSuffix.organizationalDomain(of: labels[own...].joined(separator: "."))
    }

    // MARK: - Key file

    /// Reads a key file: one `selector._domainkey.domain<TAB>TXT record` per line, for a policy
    /// `_dmarc.domain<TAB>TXT record`; blank lines and lines that begin with `#` are skipped. The
    /// same name may stand on several lines.
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
            guard columns.count == 2,
                columns[0].contains("._domainkey.") || columns[0].hasPrefix(DMARC.prefix)
            else {
                throw KeyFileError(
                    line: index + 1,
                    message: "expected selector._domainkey.domain or _dmarc.domain, a tab, and "
                        + "the TXT record")
            }
            keys[columns[0].lowercased(), default: []].append(String(columns[1]))
        }
        return keys
    }
}

/// Domains whose name servers did not answer a moment ago. They are not asked again at once: each
/// try takes seconds, for which the keys of other mails are waited for too. The mails of other
/// domains are not concerned, so nobody can hold up a bank's mail with a name server of his own.
private final class SilentDomains: Sendable {
    /// Seconds for which a domain is left alone; held mails are read again after two minutes.
    private static let pause = 30.0
    /// More domains than mails come in that time; emptied when full.
    private static let domainsMax = 1000

    private let until = Mutex<[String: Date]>([:])

    func contains(_ domain: String, at now: Date) -> Bool {
        until.withLock { until in
            guard let end = until[domain] else { return false }
            // A clock that was set back must not make it for ever.
            return now < end && end.timeIntervalSince(now) <= Self.pause
        }
    }

    func insert(_ domain: String, at now: Date) {
        until.withLock {
            if $0.count >= Self.domainsMax { $0.removeAll() }
            $0[domain] = now + Self.pause
        }
    }
}

/// When DNS last answered for a name, since the agent started.
private final class LastAnswers: Sendable {
    /// More names than the mails of a day lead to; forgotten all together, they are asked for once
    /// more each.
    private static let namesMax = 10_000

    private let dates = Mutex<[String: Date]>([:])

    func date(of name: String) -> Date? { dates.withLock { $0[name] } }

    func insert(_ names: [String], at now: Date) {
        dates.withLock { dates in
            if dates.count + names.count > Self.namesMax { dates.removeAll() }
            for name in names { dates[name] = now }
        }
    }
}

extension KeyAnswer {
    var isUnavailable: Bool { if case .unavailable = self { true } else { false } }
}

/// A line of a key file that is not one.
package struct KeyFileError: Error, Hashable, Sendable, CustomStringConvertible {
    package let line: Int
    package let message: String

    package var description: String { "line \(line): \(message)" }
}
