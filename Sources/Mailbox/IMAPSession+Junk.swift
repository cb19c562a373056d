// SPDX-License-Identifier: Apache-2.0

// Mail of banks that a spam filter put aside is not watched. So once an hour the folder for junk is
// opened, read-only, and searched for senders that the rules know; a person is told what lies
// there.

/// What is known of the folder for junk. It outlives the connection.
struct JunkLook: Sendable {
    /// The folder that the server marks as `\Junk` (RFC 6154 §2), else the first that has a name
    /// which spam filters use.
    private(set) var folder: String?
    private var isMarked = false
    fileprivate(set) var isListed = false
    /// Nil: at once.
    fileprivate(set) var nextAt: Duration?
    /// What was told last: the same is not told every hour.
    fileprivate var told: [UInt32] = []

    private static let names: Set<String> = [
        "junk", "spam", "junk e-mail", "junk email", "bulk mail",
    ]

    /// A folder of the server.
    mutating func note(_ attributes: Set<String>, _ name: String) {
        guard !attributes.contains("\\NOSELECT"), !isMarked, MailboxName.isSendable(name) else {
            return
        }
        isMarked = attributes.contains("\\JUNK")
        let last = name.split { $0 == "/" || $0 == "." }.last.map { $0.lowercased() } ?? ""
        if isMarked || (folder == nil && Self.names.contains(last)) { folder = name }
    }
}

extension IMAPSession {
    /// A mail that is older has been asked about before.
    private static let junkDays = 3
    /// Domains of one search: 100 keep the line far below 8,000 bytes, and are more banks than a
    /// country has.
    private static let junkDomainsMax = 100

    /// One folder looks for its account.
    func isJunkLookDue(at now: Duration) -> Bool {
        guard !account.bankDomains.isEmpty, account.folders.first == folder else { return false }
        return junk.nextAt.map { $0 <= now } ?? true
    }

    mutating func lookForJunk(at now: Duration) {
        junk.nextAt = now + patience.junkGap
        mode = .aside
        if junk.isListed { return openJunk(at: now) }
        let isMarked = capabilities.contains("SPECIAL-USE")
        send("LIST \"\" \"*\"\(isMarked ? " RETURN (SPECIAL-USE)" : "")", .list, at: now)
    }

    mutating func lookedForJunk(_ command: Command, completely: Bool, at now: Duration) {
        guard mode == .aside else { return }
        switch command {
        case .list:
            junk.isListed = completely
            openJunk(at: now)
        case .examineJunk where completely: searchJunk(at: now)
        case .searchJunk where completely:
            tellOfJunk(found.uids.sorted())
            examine(at: now)
        // A refusal closes what was open (RFC 9051 §6.3.2).
        default: examine(at: now)
        }
    }

    /// Without such a folder, or when it is watched anyway, there is nothing to look for.
    private mutating func openJunk(at now: Duration) {
        guard let name = junk.folder,
            !account.folders.map(MailboxName.canonical).contains(MailboxName.canonical(name))
        else {
            return search(at: now)
        }
        send("EXAMINE \(MailboxName.quoted(name))", .examineJunk, at: now)
    }

    private mutating func searchJunk(at now: Duration) {
        // FROM finds text anywhere in the header, so a domain finds those below it as well.
        let domains = account.bankDomains.filter { domain in
            IMAPText.isPlain(domain)
                && !account.bankDomains.contains { domain.hasSuffix(".\($0)") }
        }
        let keys = domains.prefix(Self.junkDomainsMax)
            .map { "FROM \(IMAPText.quoted($0))" }
        guard let last = keys.last, let date = scans.date(daysAgo: Self.junkDays, at: now) else {
            return examine(at: now)
        }
        // OR takes two keys, the second of which may be an OR again (RFC 9051 §6.4.4).
        let any = keys.dropLast().reduce("") { $0 + "OR \($1) " } + last
        found.removeAll()
        search(for: "SINCE \(date) \(any)", .searchJunk, at: now)
    }

    private mutating func tellOfJunk(_ uids: [UInt32]) {
        guard let name = junk.folder, uids != junk.told else { return }
        junk.told = uids
        if !uids.isEmpty {
            actions.append(.report(.bankMailInJunk(folder: name, count: uids.count)))
        }
    }
}

extension IMAPResponse.Words {
    /// The text without addresses, numbers of telephones or accounts, and links.
    var impersonalText: String {
        text.split(separator: " ").map { word in
            let digits = word.utf8.count(where: isDigit)
            return word.contains("@") || word.contains("://") || digits > 5 ? "…" : String(word)
        }.joined(separator: " ")
    }
}
