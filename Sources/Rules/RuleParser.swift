// SPDX-License-Identifier: Apache-2.0

import Domain
import Mail

/// Turns the nodes of a rule file into a `RuleFile`, with a complaint for all that is wrong.
struct RuleParser {
    let complaints: Complaints
    let shelf: PatternShelf

    /// Nil when something is wrong; `complaints` says what.
    static func parse(_ source: RuleSource, shelf: PatternShelf) -> (
        file: RuleFile?, samples: [Sample], problems: [RuleProblem]
    ) {
        let complaints = Complaints(source)
        var file: RuleFile?
        var samples: [Sample] = []
        YAMLText.walk(source, complaints) { root in
            let parser = RuleParser(complaints: complaints, shelf: shelf)
            guard let parsed = parser.file(root) else { return }
            file = parsed.0
            samples = parsed.1
        }
        return (complaints.problems.isEmpty ? file : nil, samples, complaints.problems)
    }

    private static let keys = [
        "id", "bank", "title", "status", "since", "references", "names", "senders",
        "authentication", "never_sends", "deny", "variants", "look_alikes", "samples",
    ]

    private func file(_ root: RuleNode) -> (RuleFile, [Sample])? {
        guard let entries = root.mapping(Self.keys, of: "a rule file") else { return nil }
        for key in ["id", "bank", "status", "senders", "variants", "samples"]
        where entries[key] == nil {
            root.complain("the key \(key) is missing; every rule file has one", offending: key)
        }
        let id = entries["id"].flatMap { identifier($0, "id") }
        let bank = entries["bank"]?.text("bank")
        let status = entries["status"]?.word("status", as: RuleFile.Status.self)
        for key in ["title", "since"] { _ = entries[key]?.text(key) }
        for reference in entries["references"]?.oneOrMore() ?? [] {
            _ = reference.text("references")
        }
        let (addresses, domains) = entries["senders"].map(senders) ?? ([], [])
        let authentication =
            entries["authentication"].map { aligned($0) }
            ?? Set(
                domains + addresses.compactMap { $0.split(separator: "@").last.map(String.init) }
            )
            .sorted()
        let names = (entries["names"]?.oneOrMore() ?? []).compactMap { $0.text("names") }
        let neverSends = (entries["never_sends"]?.oneOrMore() ?? []).compactMap {
            $0.word("never_sends", as: Field.self)
        }
        var variants = self.variants(entries["variants"], neverSends: Set(neverSends))
        variants += lookAlikes(entries["look_alikes"], besides: Set(variants.map(\.id)))
        let samples = entries["samples"].map {
            SampleParser(complaints: complaints, bank: bank ?? "").samples($0)
        }
        guard let id, let bank, let status else { return nil }
        let file = RuleFile(
            path: complaints.path, id: id, bank: bank, status: status, addresses: addresses,
            domains: domains, authentication: authentication,
            names: ([bank] + names).map { $0.turkishFolded() }, neverSends: Set(neverSends),
            deny: tests(entries["deny"]), variants: variants)
        return (file, samples ?? [])
    }

    /// A name of small letters, digits and hyphens, as it stands in reports: `incoming-transfer`.
    private func identifier(_ node: RuleNode, _ what: String) -> String? {
        guard let text = node.text(what) else { return nil }
        let allowed = text.utf8.allSatisfy {
            (97...122).contains($0) || (48...57).contains($0) || $0 == 45
        }
        if allowed, text.utf8.count <= 60 { return text }
        node.complain("\(what) has small letters a–z, digits and - only", offending: text)
        return nil
    }

    // MARK: - Senders

    private func senders(_ node: RuleNode) -> ([String], [String]) {
        guard let entries = node.mapping(["addresses", "domains"], of: "senders") else {
            return ([], [])
        }
        let addresses = (entries["addresses"]?.oneOrMore() ?? []).compactMap(address)
        let domains = (entries["domains"]?.oneOrMore() ?? []).compactMap(domain)
        if addresses.isEmpty, domains.isEmpty {
            node.complain(
                "no sender is named; list addresses or domains, or anybody could send this")
        }
        return (addresses, domains)
    }

    private func address(_ node: RuleNode) -> String? {
        guard let text = node.text("an address")?.lowercased() else { return nil }
        let parts = text.split(separator: "@", omittingEmptySubsequences: false)
        guard parts.count == 2, !parts[0].isEmpty, Self.isDomain(String(parts[1])) else {
            node.complain("an address is written name@bank.example", offending: text)
            return nil
        }
        return isOwned(String(parts[1]), node) ? text : nil
    }

    private func domain(_ node: RuleNode) -> String? {
        guard let text = node.text("a domain")?.lowercased() else { return nil }
        guard Self.isDomain(text) else {
            node.complain("a domain is written bank.example, without @ and *", offending: text)
            return nil
        }
        return isOwned(text, node) ? text : nil
    }

    /// A rule for `com.tr` would believe whoever has a name below it.
    private func isOwned(_ domain: String, _ node: RuleNode) -> Bool {
        guard PublicSuffix.contains(domain) else { return true }
        node.complain(
            "\(domain) belongs to everybody; name the bank's own domain", offending: domain)
        return false
    }

    private func aligned(_ node: RuleNode) -> [String] {
        guard let entries = node.mapping(["domains"], of: "authentication") else { return [] }
        let domains = (entries["domains"]?.oneOrMore() ?? []).compactMap(domain)
        if domains.isEmpty {
            node.complain("authentication names the domains that sign: domains: […]")
        }
        return domains
    }

    private static func isDomain(_ text: String) -> Bool {
        let labels = text.split(separator: ".", omittingEmptySubsequences: false)
        return labels.count >= 2 && text.utf8.count <= 253
            && labels.allSatisfy { label in
                !label.isEmpty
                    && label.utf8.allSatisfy {
                        (97...122).contains($0) || (48...57).contains($0) || $0 == 45
                    }
            }
    }

    // MARK: - Texts

    /// Literal texts, and patterns written `pattern: '…'`.
    func tests(_ node: RuleNode?) -> [TextTest] {
        (node?.oneOrMore() ?? []).compactMap { entry in
            if entry.isMapping {
                let pattern = entry.mapping(["pattern"], of: "a text to look for")?["pattern"]
                return pattern?.pattern(shelf).map(TextTest.pattern)
            }
            guard let text = entry.text("a text to look for") else { return nil }
            let folded = Array(text.turkishFolded().utf8)
            guard folded.count >= 3 else {
                entry.complain(
                    "\(text) is found nearly everywhere; write three signs or more",
                    offending: text)
                return nil
            }
            return .literal(folded)
        }
    }

    /// A list (all must stand) or `all:`, `any:`, `none:`.
    func condition(_ node: RuleNode?, of what: String, also keys: [String] = []) -> TextCondition {
        guard let node else { return TextCondition() }
        guard node.isMapping else { return TextCondition(all: tests(node)) }
        guard let entries = node.mapping(["all", "any", "none"] + keys, of: what) else {
            return TextCondition()
        }
        return TextCondition(
            all: tests(entries["all"]), any: tests(entries["any"]), none: tests(entries["none"]))
    }

    func sentences(_ node: RuleNode?) -> [Sentence] {
        (node?.oneOrMore() ?? []).compactMap { entry in
            guard let pattern = entry.pattern(shelf) else { return nil }
            var groups: [Sentence.Group?] = []
            for name in pattern.groupNames {
                guard let name else {
                    groups.append(nil)
                    continue
                }
                guard let group = Sentence.Group(name) else {
                    entry.complain(
                        "the group \(name) fills no field; "
                            + RuleNode.advice(name, Sentence.Group.names), offending: name)
                    return nil
                }
                groups.append(group)
            }
            guard groups.contains(where: { $0 != nil }) else {
                entry.complain("the sentence fills no field; name a part with (?<amount>…)")
                return nil
            }
            let text = "(?U)" + pattern.text
            guard let exchanged = try? shelf.pattern(text) else {
                entry.complain("the pattern is too large; use fewer or smaller repetitions {n,m}")
                return nil
            }
            return Sentence(pattern: pattern, exchanged: exchanged, groups: groups)
        }
    }

    private func variants(_ node: RuleNode?, neverSends: Set<Field>) -> [Variant] {
        guard let list = node?.list(of: "variants") else { return [] }
        var known: Set<String> = []
        var variants: [Variant] = []
        for entry in list {
            guard let variant = self.variant(entry, neverSends: neverSends) else { continue }
            if !known.insert(variant.id).inserted {
                entry.complain(
                    "the variant \(variant.id) stands here twice; give it a name of its own",
                    offending: variant.id)
            }
            variants.append(variant)
        }
        if list.isEmpty { node?.complain("there is no variant; describe one notice at least") }
        return variants
    }

    func identifierOfVariant(_ node: RuleNode) -> String? { identifier(node, "id") }
}
