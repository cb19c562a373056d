// SPDX-License-Identifier: Apache-2.0

package import Domain
package import FoundationEssentials
package import Mail

/// All rule files in force, ready to read mails. Immutable: a change of files makes a new book.
package struct RuleBook: Sendable {
    private let files: [RuleFile]
    private let byAddress: [String: [Int]]
    private let byDomain: [String: [Int]]
    private let imitations: ImitationIndex

    /// Per path of a file in force a hash of its text: what differs between two books has changed.
    package let digests: [String: String]

    /// Every file is parsed, compiled and its samples are run by the very `read` that real mails
    /// go through. A file with a problem is left out and its problems are returned.
    package static func compile(
        _ sources: [RuleSource]
    ) -> (book: RuleBook, problems: [RuleProblem]) {
        let shelf = PatternShelf()
        var files: [RuleFile] = []
        var digests: [String: String] = [:]
        var problems: [RuleProblem] = []
        var ids: [String: String] = [:]
        for source in sources.sorted(by: { $0.path < $1.path }) {
            let (parsed, samples, complaints) = RuleParser.parse(source, shelf: shelf)
            problems += complaints
            guard let file = parsed else { continue }
            if let other = ids[file.id] {
                problems.append(
                    RuleProblem(
                        path: source.path, line: 1, column: 1,
                        message:
                            "the id \(file.id) is already used by \(other); ids are never shared",
                        offending: file.id))
                continue
            }
            let alone = RuleBook(files: [file], digests: [:])
            let failures = SampleRunner(path: source.path, book: alone).run(samples)
            problems += failures
            guard failures.isEmpty else { continue }
            ids[file.id] = source.path
            files.append(file)
            digests[source.path] = digest(source.text)
        }
        return (RuleBook(files: files, digests: digests), problems)
    }

    private init(files: [RuleFile], digests: [String: String]) {
        self.files = files
        self.digests = digests
        var byAddress: [String: [Int]] = [:]
        var byDomain: [String: [Int]] = [:]
        for (index, file) in files.enumerated() {
            for address in file.addresses { byAddress[address, default: []].append(index) }
            for domain in file.domains { byDomain[domain, default: []].append(index) }
        }
        self.byAddress = byAddress
        self.byDomain = byDomain
        imitations = ImitationIndex(files)
    }

    /// All variants in force, by file and in the order in which they are tried.
    package var ruleIDs: [RuleID] {
        files.flatMap { file in file.variants.map { file.ruleID($0) } }
    }

    package var fileCount: Int { files.count }

    /// The domains whose mails the rules read, sorted.
    package var senderDomains: [String] {
        let ofAddresses = byAddress.keys.compactMap {
            $0.split(separator: "@").last.map(String.init)
        }
        return Set(byDomain.keys).union(ofAddresses).sorted()
    }

    /// What the rules make of a mail. `receivedAt` is when the mail arrived here.
    package func read(_ message: Message, receivedAt: Date) -> Reading {
        let known = message.from.lazy.map { candidates(for: $0) }.first { !$0.isEmpty }
        guard message.from.count == 1, message.fromFieldCount == 1, let candidates = known
        else {
            return unknown(message, message.from.first, receivedAt, claims: known?.first)
        }
        let domains = files[candidates[0]].authentication
        guard let texts = MailReader.texts(of: message) else {
            return Reading(
                outcome: .unclear, domains: domains, reasons: [.mailTooLarge],
                explanation: "\(files[candidates[0]].id): the text is too long to be searched")
        }
        for index in candidates {
            let reader = MailReader(
                file: files[index], message: message, receivedAt: receivedAt,
                subject: texts.subject, bodies: texts.bodies)
            if let reading = reader.read() { return reading }
        }
        return Reading(
            outcome: .unclear, isDraft: files[candidates[0]].status == .draft, domains: domains,
            reasons: [.mailUnclear],
            explanation: "\(files[candidates[0]].id): no variant fits")
    }

    /// The files that name this sender: by address, else by the longest domain.
    private func candidates(for sender: MailAddress) -> [Int] {
        if let found = byAddress[sender.address.lowercased()] { return found }
        guard !byDomain.isEmpty else { return [] }
        // Longer domains do not exist in DNS, and no rule names one.
        let domain = sender.domain.lowercased()
        guard domain.utf8.count <= 253 else { return [] }
        var rest = Substring(domain)
        while true {
            if let found = byDomain[String(rest)] { return found }
            guard let dot = rest.firstIndex(of: ".") else { return [] }
            rest = rest[rest.index(after: dot)...]
        }
    }

    private func unknown(
        _ message: Message, _ sender: MailAddress?, _ receivedAt: Date, claims: Int?
    ) -> Reading {
        if let claims {
            return imitation(of: claims, nil, "the mail has several senders")
        }
        if let sender, let (file, why) = imitations.imitated(by: sender) {
            return imitation(of: file, nil, why)
        }
        guard let texts = MailReader.texts(of: message) else {
            return Reading(outcome: .unread, explanation: "no rule is for this sender")
        }
        for index in imitations.files(alike: texts.bodies.map(\.text)) {
            let reader = MailReader(
                file: files[index], message: message, receivedAt: receivedAt,
                subject: texts.subject, bodies: texts.bodies)
            if let reading = reader.read(),
                reading.outcome == .payment || reading.outcome == .unclear
            {
                return imitation(of: index, reading.rule, "the text is that of a payment")
            }
        }
        return Reading(outcome: .unread, explanation: "no rule is for this sender")
    }

    private func imitation(of index: Int, _ rule: RuleID?, _ why: String) -> Reading {
        let file = files[index]
        let variant = file.variants.first { $0.outcome == .payment } ?? file.variants.first
        let rule = rule ?? variant.map { file.ruleID($0) } ?? RuleID(file.id)
        return Reading(
            outcome: .unread, explanation: "no rule is for this sender, but \(why) (\(rule))",
            imitates: rule)
    }

    /// FNV-1a over the text, 16 hexadecimal digits. It tells versions apart; it proves nothing.
    private static func digest(_ text: String) -> String {
        var hash: UInt64 = 0xcbf2_9ce4_8422_2325
        for byte in text.utf8 { hash = (hash ^ UInt64(byte)) &* 0x0000_0100_0000_01b3 }
        let digits = String(hash, radix: 16)
        return String(repeating: "0", count: 16 - digits.count) + digits
    }
}
