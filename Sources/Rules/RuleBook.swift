// SPDX-License-Identifier: Apache-2.0

package import Domain
package import FoundationEssentials
package import Mail

/// All rule files in force, ready to read mails. Immutable: a change of files makes a new book.
package struct RuleBook: Sendable {
    private let entries: [RuleCompiler.Entry]
    /// What stays in force when one of them gets a problem.
    private var fragments: [String: RuleCompiler.KeptFragment] = [:]
    private let byAddress: [String: [Int]]
    private let byDomain: [String: [Int]]
    private let imitations: ImitationIndex
    /// Folded words that the files in force name: none of them is a person's.
    /// Put together when it is asked for: few mails need it, and every book would pay for it.
    package var vocabulary: Set<String> {
        entries.reduce(into: []) { $0.formUnion($1.file.vocabulary) }
    }

    /// Per path of a file in force a hash of its text: what differs between two books has changed.
    package let digests: [String: String]

    /// One hash over all files in force, 16 hexadecimal digits.
    package let digest: String

    /// The same as bytes of its digits, for the ledger.
    package var digestBytes: [UInt8] { Array(digest.utf8) }

    /// Does a piece of work for each number below the first argument, and returns when all is done.
    package typealias Spread = @Sendable (Int, @Sendable (Int) -> Void) -> Void

    /// Every file is parsed, compiled and its samples are run by the very `read` that real mails
    /// go through. A file with a problem is left out and its problems are returned.
    ///
    /// - Parameters:
    ///   - last: the book in force. Files that did not change are taken over without being run
    ///     again, and of a file that got a problem the last good version stays.
    ///   - spread: who spreads the work over several threads; without one it is done in turn.
    package static func compile(
        _ sources: [RuleSource], keeping last: RuleBook? = nil,
        spread: @escaping Spread = { count, work in (0..<count).forEach(work) }
    ) -> (book: RuleBook, problems: [RuleProblem]) {
        var compiler = RuleCompiler(
            last: last?.entries ?? [], fragments: last?.fragments ?? [:], spread: spread)
        let entries = compiler.compile(sources + (last?.sources(hiddenBy: sources) ?? []))
        var book = RuleBook(entries: entries)
        book.fragments = compiler.kept
        return (book, compiler.sortedProblems)
    }

    /// The files in force that lie in folders of which nothing can be read any more: they cannot
    /// be read either, and stay in force for that.
    private func sources(hiddenBy sources: [RuleSource]) -> [RuleSource] {
        let hidden = sources.filter { $0.trouble != nil }
        guard !hidden.isEmpty else { return [] }
        let known =
            entries.flatMap { entry in
                [(entry.path, entry.layer)]
                    + entry.additions.map { ($0.source.path, $0.source.layer) }
            } + fragments.map { ($0.key, $0.value.layer) }
        return hidden.flatMap { folder in
            known.compactMap { path, layer in
                guard let trouble = folder.trouble, layer == folder.layer,
                    path.hasPrefix(folder.path + "/")
                else { return nil }
                return RuleSource(path: path, layer: layer, unreadable: trouble)
            }
        }
    }

    init(entries: [RuleCompiler.Entry]) {
        self.entries = entries
        let files = entries.map(\.file)
        var byAddress: [String: [Int]] = [:]
        var byDomain: [String: [Int]] = [:]
        for (index, file) in files.enumerated() {
            for address in file.addresses { byAddress[address, default: []].append(index) }
            for domain in file.domains { byDomain[domain, default: []].append(index) }
        }
        self.byAddress = byAddress
        self.byDomain = byDomain
        imitations = ImitationIndex(files)
        digests = Dictionary(
            entries.map { ($0.path, $0.digest) }, uniquingKeysWith: { first, _ in first })
        digest = MailShape.digest(entries.flatMap { [$0.path, $0.digest] })
    }

    /// One file alone, for its samples.
    init(of file: RuleFile, _ source: RuleSource) {
        self.init(entries: [
            RuleCompiler.Entry(
                layer: source.layer, path: source.path, digest: MailShape.digest([source.text]),
                file: file)
        ])
    }

    /// To run the samples of `file`: they say what its words say, which must not change on the day
    /// when somebody confirms a draft.
    init(trying file: RuleFile, _ source: RuleSource) {
        self.init(of: file.wholly(.confirmed), source)
    }

    /// The paths of files that are new, changed or gone since `other`, sorted.
    package func changes(since other: RuleBook) -> [String] {
        Set(digests.keys).union(other.digests.keys).filter { digests[$0] != other.digests[$0] }
            .sorted()
    }

    private func file(_ index: Int) -> RuleFile { entries[index].file }

    /// The variant of this name.
    func variant(_ rule: RuleID) -> Variant? {
        entries.lazy.compactMap { entry in
            entry.file.variants.first { entry.file.ruleID($0) == rule }
        }.first
    }

    /// All variants in force, by file and in the order in which they are tried.
    package var ruleIDs: [RuleID] {
        entries.flatMap { entry in entry.file.variants.map { entry.file.ruleID($0) } }
    }

    /// Without those that only name senders.
    package var fileCount: Int { entries.count { !$0.file.variants.isEmpty } }

    /// Whether a file of the organizer's own is in force, or one that others include or that adds
    /// to them.
    package var holdsOwnRules: Bool {
        fragments.values.contains { $0.layer == .local }
            || entries.contains { entry in
                entry.layer == .local || entry.additions.contains { $0.source.layer == .local }
            }
    }

    // MARK: - Reading

    /// The domains whose mails the rules read, sorted.
    package var senderDomains: [String] {
        let ofAddresses = byAddress.keys.compactMap {
            $0.split(separator: "@").last.map(String.init)
        }
        return Set(byDomain.keys).union(ofAddresses).sorted()
    }

    /// An address whose mails are read by the file of a rule; nil when there is no such rule.
    package func sender(readBy rule: RuleID) -> MailAddress? {
        let file = entries.lazy.map(\.file).first { file in
            file.variants.contains { file.ruleID($0) == rule }
        }
        guard let file else { return nil }
        let address = file.addresses.first ?? file.domains.first.map { "-@" + $0 }
        let parts = address?.split(separator: "@") ?? []
        guard parts.count == 2 else { return nil }
        return MailAddress(localPart: String(parts[0]), domain: String(parts[1]))
    }

    /// Whether a rule file is for this sender.
    package func isFor(_ sender: MailAddress) -> Bool { !candidates(for: sender).isEmpty }

    /// Whose signature proves a mail of this sender; empty when no rule is for it.
    package func signers(of sender: MailAddress) -> [String] {
        candidates(for: sender).flatMap { file($0).authentication }
    }

    /// What the rules make of a mail. `receivedAt` is when the mail arrived here.
    package func read(_ message: Message, receivedAt: Date) -> Reading {
        let known = message.from.lazy.map { candidates(for: $0) }.first { !$0.isEmpty }
        guard message.from.count == 1, message.fromFieldCount == 1, let candidates = known
        else {
            return unknown(message, message.from.first, receivedAt, claims: known?.first)
        }
        let first = file(candidates[0])
        let message = asRead(message)
        guard let texts = MailTexts(message) else {
            return Reading(
                outcome: .unclear, domains: first.authentication, proof: first.requiredProof,
                reasons: [.mailTooLarge],
                explanation: "\(first.id): the text is too long to be searched")
        }
        for index in candidates {
            let reader = MailReader(
                file: file(index), message: message, receivedAt: receivedAt, texts: texts)
            if let reading = reader.read() { return reading }
        }
        let missing = "no variant fits"
        return Reading(
            outcome: .unclear, isDraft: first.status == .draft, domains: first.authentication,
            proof: first.requiredProof, reasons: [.mailUnclear],
            explanation: "\(first.id): \(missing)",
            nearMiss: NearMiss(
                file: first.id, rule: nil, missing: [missing],
                shape: MailShape.digest([first.id, MailShape.digest(of: texts)])))
    }

    /// The mail with its letters as the rule for its sender says where the mail itself does not:
    /// the texts that explanations point into.
    package func asRead(_ message: Message) -> Message {
        let known = message.from.lazy.map { candidates(for: $0) }.first { !$0.isEmpty }
        let charset = known?.lazy.compactMap { file($0).charset }.first
        return charset.map { message.reading(uncertainTextsAs: $0.rawValue) } ?? message
    }

    /// How many files make something of the mail when each of them is tried, as a plain loop over
    /// all rules would: what the index saves is measured against it.
    package func tryingEveryFile(_ message: Message, receivedAt: Date) -> Int {
        entries.indices.count { index in
            guard let texts = MailTexts(message) else { return false }
            let reader = MailReader(
                file: file(index), message: message, receivedAt: receivedAt, texts: texts)
            return reader.read() != nil
        }
    }

    /// For every rule file why it did or did not take the mail, those for its sender first.
    package func explain(_ message: Message, receivedAt: Date) -> [FileExplanation] {
        let message = asRead(message)
        guard let texts = MailTexts(message) else { return [] }
        let own = Set(message.from.count == 1 ? candidates(for: message.from[0]) : [])
        let order =
            entries.indices.filter { own.contains($0) }
            + entries.indices.filter { !own.contains($0) }
        return order.map { index in
            let tracer = Tracer()
            let reader = MailReader(
                file: file(index), message: message, receivedAt: receivedAt, texts: texts,
                tracer: tracer)
            let reading = reader.read()
            return FileExplanation(
                file: file(index).id, path: entries[index].path,
                isForSender: own.contains(index),
                variants: Self.inOrder(tracer.variants, of: file(index)), reading: reading)
        }
    }

    /// Text by text, and in each in the order in which the variants stand in the file.
    private static func inOrder(
        _ variants: [VariantExplanation], of file: RuleFile
    ) -> [VariantExplanation] {
        let parts = variants.reduce(into: [VariantExplanation.Part]()) { parts, variant in
            if !parts.contains(variant.part) { parts.append(variant.part) }
        }
        let rules = file.variants.map { file.ruleID($0) }
        return parts.flatMap { part in
            rules.flatMap { rule in variants.filter { $0.part == part && $0.rule == rule } }
        }
    }

    /// The texts of a mail with every word masked that stands in no rule, for reports: letters
    /// become x, digits 0. Empty when the mail is too long.
    package func anonymized(_ message: Message) -> String {
        MailTexts(message).map { MailShape.anonymized($0, keeping: vocabulary) } ?? ""
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

    // MARK: - Strangers

    private func unknown(
        _ message: Message, _ sender: MailAddress?, _ receivedAt: Date, claims: Int?
    ) -> Reading {
        if let claims {
            return imitation(of: claims, nil, "the mail has several senders")
        }
        if let sender, let (file, why) = imitations.imitated(by: sender) {
            return imitation(of: file, nil, why)
        }
        guard let texts = MailTexts(message) else {
            return Reading(outcome: .unread, explanation: "no rule is for this sender")
        }
        for index in imitations.files(alike: texts.parts.map(\.text)) {
            let reader = MailReader(
                file: file(index), message: message, receivedAt: receivedAt, texts: texts)
            if let reading = reader.read(),
                reading.outcome == .payment || reading.outcome == .unclear
            {
                return imitation(of: index, reading.rule, "the text is that of a payment")
            }
        }
        return Reading(outcome: .unread, explanation: "no rule is for this sender")
    }

    private func imitation(of index: Int, _ rule: RuleID?, _ why: String) -> Reading {
        let file = file(index)
        // A variant that was added comes first, and does not give the bank another name.
        let payments = file.variants.filter { $0.outcome == .payment }
        let variant = payments.first { !$0.isAdded } ?? payments.first ?? file.variants.first
        let rule = rule ?? variant.map { file.ruleID($0) } ?? RuleID(file.id)
        return Reading(
            outcome: .unread, explanation: "no rule is for this sender, but \(why) (\(rule))",
            imitates: rule)
    }
}
