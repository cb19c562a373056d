// SPDX-License-Identifier: Apache-2.0

/// What a domain asks others to do with mail in its name that proves nothing.
///
/// It is shown to people and decides nothing: a bank that asks for `none` may sign every mail, and
/// one that asks for `reject` is still believed for its signature only.
///
/// Source: RFC 7489 §6.3, §6.6.3.
package struct DMARCPolicy: Hashable, Sendable {
    /// The value of `p=` and `sp=`.
    package enum Request: String, Hashable, Sendable, CaseIterable {
        case none
        case quarantine
        case reject
    }

    /// Where it is published: the From domain, or the organizational domain above it.
    package let domain: String
    /// What is asked for mail of the From domain itself; `sp=` when that lies below `domain`.
    package let request: Request
    /// `pct=`: the share of mails for which it is asked.
    package let percent: Int

    /// A policy as it is given.
    package init(domain: String, request: Request, percent: Int = 100) {
        self.domain = domain
        self.request = request
        self.percent = percent
    }
}

/// What looking up the policy of a From domain gave.
package enum DMARCFinding: Hashable, Sendable {
    case published(DMARCPolicy)
    /// Neither the From domain nor the one above it publishes one, or what they publish is broken.
    case notPublished(domain: String)
    /// Nobody could say, or nobody was asked.
    case unknown

    /// For lists: `quarantine 50% bank.example`, `not published bank.example`; nil when unknown.
    package var text: String? {
        switch self {
        case .published(let policy):
            policy.percent == 100
                ? "\(policy.request.rawValue) \(policy.domain)"
                : "\(policy.request.rawValue) \(policy.percent)% \(policy.domain)"
        case .notPublished(let domain): "not published \(domain)"
        case .unknown: nil
        }
    }
}

/// Finds the policy of a domain. It asks for two names at most, however deep the domain lies.
package enum DMARC {
    /// What every name of a policy begins with.
    package static let prefix = "_dmarc."
    /// Bytes of one record; RFC 7489 names no limit, real ones stay below 500.
    private static let recordBytesMax = 4096

    /// The DNS names at which the policy of a From domain may stand, the nearest first. Empty for
    /// what is no domain.
    package static func names(for domain: String) -> [String] {
        let domain = domain.asciiLowercased()
        guard isName(domain) else { return [] }
        let above = PublicSuffix.organizationalDomain(of: domain)
        return above == domain ? [prefix + domain] : [prefix + domain, prefix + above]
    }

    /// The policy of a From domain.
    ///
    /// - Parameter answers: what DNS says for a name of `names(for:)`.
    package static func finding(
        for domain: String, answers: (String) -> KeyAnswer
    ) -> DMARCFinding {
        let domain = domain.asciiLowercased()
        let names = names(for: domain)
        for name in names {
            switch answers(name) {
            case .unavailable: return .unknown
            case .absent: continue
            case .records(let records):
                guard let record = record(among: records) else { continue }
                let place = String(name.dropFirst(prefix.count))
                return policy(record, at: place, for: domain).map { .published($0) }
                    ?? .notPublished(domain: domain)
            }
        }
        return names.isEmpty ? .unknown : .notPublished(domain: domain)
    }

    /// The one record among the TXT records of a name that is a policy; nil when there is none, or
    /// more than one, which counts as none.
    package static func record(among records: [String]) -> String? {
        let found = records.filter { record in
            guard record.utf8.count <= recordBytesMax else { return false }
            let first = record.prefix { $0 != ";" }.split(
                separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            return first.count == 2 && trimmed(first[0]) == "v" && trimmed(first[1]) == "DMARC1"
        }
        return found.count == 1 ? found[0] : nil
    }

    private static func policy(
        _ record: String, at place: String, for domain: String
    ) -> DMARCPolicy? {
        var tags: [String: String] = [:]
        for part in record.split(separator: ";").prefix(40) {
            let pair = part.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            guard pair.count == 2 else { continue }
            let name = trimmed(pair[0]).asciiLowercased()
            if tags[name] == nil { tags[name] = trimmed(pair[1]).asciiLowercased() }
        }
        let own = tags["p"].flatMap(DMARCPolicy.Request.init)
        let below = tags["sp"].flatMap(DMARCPolicy.Request.init)
        let asked = place == domain ? own : below ?? own
        let isBroken = own == nil || tags["sp"] != nil && below == nil
        // Broken, but somebody wants reports: then it asks for nothing else (§6.6.3, step 6).
        guard !isBroken || tags["rua"]?.contains(":") == true else { return nil }
        return DMARCPolicy(
            domain: place, request: isBroken ? .none : asked ?? .none,
            percent: tags["pct"].flatMap { Int($0) }.flatMap { (0...100).contains($0) ? $0 : nil }
                ?? 100)
    }

    private static func trimmed(_ text: Substring) -> String {
        var text = text
        while let first = text.first, first == " " || first == "\t" { text.removeFirst() }
        while let last = text.last, last == " " || last == "\t" { text.removeLast() }
        return String(text)
    }

    /// Labels of letters, digits, hyphens and underscores: anything else is not asked for.
    private static func isName(_ domain: String) -> Bool {
        guard (3...240).contains(domain.utf8.count), domain.utf8.contains(46) else { return false }
        return domain.split(separator: ".", omittingEmptySubsequences: false).allSatisfy { label in
            (1...63).contains(label.utf8.count)
                && label.utf8.allSatisfy { byte in
                    switch byte {
                    case 48...57, 97...122, 45, 95: true
                    default: false
                    }
                }
        }
    }
}
