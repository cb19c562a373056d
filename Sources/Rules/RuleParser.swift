// SPDX-License-Identifier: Apache-2.0

import Domain
import Mail

/// Turns the nodes of a rule file into a `RuleFile`, with a complaint for all that is wrong.
struct RuleParser {
    let complaints: Complaints
    let shelf: PatternShelf
    /// What files may include, by path.
    var fragments: [String: Fragment] = [:]

    /// What a file holds.
    enum Content: Sendable {
        case file(RuleFile)
        case addition(RuleAddition)
    }

    struct Parsed: Sendable {
        /// Nil when something is wrong; `problems` says what.
        var content: Content?
        /// What the file calls itself or extends, even when something is wrong.
        var id: String?
        var samples: [Sample] = []
        var problems: [RuleProblem] = []
    }

    static func parse(
        _ source: RuleSource, shelf: PatternShelf, fragments: [String: Fragment] = [:]
    ) -> Parsed {
        let complaints = Complaints(source)
        var parsed = Parsed()
        YAMLText.walk(source, complaints) { root in
            let parser = RuleParser(complaints: complaints, shelf: shelf, fragments: fragments)
            let keys = root.pairs()
            if let mark = keys.first(where: { $0.key == "fragment" }) {
                complaints.add(mark.value.home, Self.misplacedFragment, offending: mark.key)
                return
            }
            if let base = keys.first(where: { $0.key == "extends" }) {
                parsed.id = base.value.scalar
                guard let (addition, samples) = parser.addition(root) else { return }
                FileCost(addition).complain(root)
                parsed.content = .addition(addition)
                parsed.samples = samples
            } else {
                parsed.id = keys.first { $0.key == "id" }?.value.scalar
                guard let (file, samples) = parser.file(root) else { return }
                FileCost(file).complain(root)
                parsed.content = .file(file)
                parsed.samples = samples
            }
        }
        parsed.problems = complaints.problems
        if !parsed.problems.isEmpty { parsed.content = nil }
        return parsed
    }

    private static let misplacedFragment = Wording(
        "a shared fragment stands in a folder called common; move this file there",
        "ortak parça, adı common olan bir klasörde durur; bu dosyayı oraya taşıyın")

    // MARK: - Files

    private func file(_ root: RuleNode) -> (RuleFile, [Sample])? {
        guard let entries = root.mapping(RuleFormat.file) else { return nil }
        let id = entries["id"].flatMap { identifier($0, "id") }
        let bank = entries["bank"]?.text("bank")
        let status = entries["status"]?.word("status", as: RuleFile.Status.self)
        let (addresses, domains) = entries["senders"].map(senders) ?? ([], [])
        let common = self.common(entries)
        let samples = entries["samples"].map {
            SampleParser(complaints: complaints).samples($0, isWhole: true)
        }
        guard let id, let bank, let status else { return nil }
        let hosts = addresses.compactMap { $0.split(separator: "@").last.map(String.init) }
        let file = RuleFile(
            path: complaints.path, id: id,
            idPlace: entries["id"]?.place ?? root.place, bank: bank, status: status,
            addresses: addresses,
            domains: domains,
            authentication: common.authentication?.domains ?? Set(domains + hosts).sorted(),
            proof: common.authentication?.proof ?? .any,
            forwarders: common.authentication?.forwarders,
            rsaBitsMin: common.authentication?.rsaBitsMin, charset: common.charset,
            names: ([bank] + common.names).map { $0.turkishFolded() },
            neverSends: common.neverSends, accountOwner: common.parts.accountOwner,
            deny: common.parts.deny, moneyIn: common.parts.moneyIn,
            variants: common.variants + common.parts.lookAlikes(besides: common.variants))
        return (file, samples ?? [])
    }

    private func addition(_ root: RuleNode) -> (RuleAddition, [Sample])? {
        guard let entries = root.mapping(RuleFormat.fileExtending) else { return nil }
        let base = entries["extends"].flatMap { identifier($0, "extends") }
        _ = entries["title"]?.prose("title")
        let status = entries["status"]?.word("status", as: RuleFile.Status.self)
        let (addresses, domains) = entries["senders"].map(senders) ?? ([], [])
        let common = self.common(entries)
        let samples = entries["samples"].map {
            SampleParser(complaints: complaints).samples($0, isWhole: false)
        }
        guard let base else { return nil }
        let addition = RuleAddition(
            path: complaints.path, extends: base, status: status, addresses: addresses,
            domains: domains, authentication: common.authentication, charset: common.charset,
            names: common.names.map { $0.turkishFolded() }, neverSends: common.neverSends,
            accountOwner: common.parts.accountOwner, deny: common.parts.deny,
            moneyIn: common.parts.moneyIn, variants: common.variants,
            lookAlikes: common.parts.lookAlikes(besides: common.variants))
        return (addition, samples ?? [])
    }

    /// What files and additions to files have in common.
    private struct Common {
        var names: [String]
        var neverSends: Set<Field>
        var authentication: RuleAddition.Authentication?
        var charset: RuleFile.Charset?
        var variants: [Variant]
        /// Of the file itself and of all that it includes.
        var parts: Fragment
    }

    private func common(_ entries: [String: RuleNode]) -> Common {
        _ = entries["title"]?.prose("title")
        entries["since"]?.day("since")
        for reference in entries["references"]?.oneOrMore() ?? [] {
            _ = reference.prose("references")
        }
        var parts = self.parts(entries)
        let owner = parts.accountOwner
        for node in entries["include"]?.oneOrMore() ?? [] {
            if let fragment = included(node) { parts.add(fragment) }
        }
        // Whom a fragment names holds for all files, but not for the people of their samples.
        parts.accountOwner = owner
        let neverSends = (entries["never_sends"]?.oneOrMore() ?? []).reduce(
            into: [Field: RuleNode]()
        ) { fields, node in
            if let field = node.word("never_sends", as: Field.self) { fields[field] = node }
        }
        return Common(
            names: (entries["names"]?.oneOrMore() ?? []).compactMap { $0.text("names") },
            neverSends: Set(neverSends.keys),
            authentication: entries["authentication"].flatMap(authentication),
            charset: entries["charset"]?.word("charset", as: RuleFile.Charset.self),
            variants: variants(entries["variants"], neverSends: neverSends, parts: parts),
            parts: parts)
    }

    /// A name of small letters, digits and hyphens, as it stands in reports: `incoming-transfer`.
    func identifier(_ node: RuleNode, _ what: String) -> String? {
        guard let text = node.text(what) else { return nil }
        let allowed = text.utf8.allSatisfy {
            (97...122).contains($0) || (48...57).contains($0) || $0 == 45
        }
        if allowed, text.utf8.count <= 60 { return text }
        node.complain(
            "\(what) has small letters a–z, digits and - only",
            "\(what) yalnızca a–z küçük harfleri, rakam ve - ile yazılır", offending: text)
        return nil
    }

    private func variants(
        _ node: RuleNode?, neverSends: [Field: RuleNode], parts: Fragment
    ) -> [Variant] {
        guard let list = node?.list(of: "variants") else { return [] }
        var known: Set<String> = []
        var variants: [Variant] = []
        for entry in list {
            guard let variant = self.variant(entry, neverSends: neverSends, parts: parts) else {
                continue
            }
            if !known.insert(variant.id).inserted {
                entry.complain(
                    "the variant \(variant.id) stands here twice; give it a name of its own",
                    "\(variant.id) varyantı burada iki kez var; başka bir ad verin",
                    offending: variant.id)
            }
            variants.append(variant)
        }
        if list.isEmpty {
            node?.complain(
                "there is no variant; describe one notice at least",
                "hiç varyant yok; en az bir bildirimi tarif edin")
        }
        return variants
    }

    // MARK: - Texts

    /// Literal texts, and patterns written `pattern: '…'`.
    func tests(_ node: RuleNode?) -> [TextTest] {
        (node?.oneOrMore() ?? []).compactMap { entry in
            if entry.isMapping {
                let pattern = entry.mapping(RuleFormat.patternSection)?["pattern"]
                return pattern?.pattern(shelf).map(TextTest.pattern)
            }
            guard let text = entry.text("a text to look for", "aranacak metin") else { return nil }
            let folded = Array(text.turkishFolded().utf8)
            guard folded.count >= 3 else {
                entry.complain(
                    "\(text) is found nearly everywhere; write three signs or more",
                    "\(text) hemen her yerde bulunur; en az üç işaret yazın", offending: text)
                return nil
            }
            return .literal(folded, written: text)
        }
    }

    /// A list (all must stand) or `all:`, `any:`, `none:`.
    func condition(_ node: RuleNode?, _ section: RuleFormat.Section) -> TextCondition {
        guard let node else { return TextCondition() }
        guard node.isMapping else { return TextCondition(all: tests(node)) }
        // `pattern: '…'` alone is a text to look for.
        if node.pairs().map(\.key) == ["pattern"] { return TextCondition(all: tests(node)) }
        guard let entries = node.mapping(section) else { return TextCondition() }
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
                    let advice = RuleNode.advice(name, Sentence.Group.names)
                    entry.complain(
                        "the group \(name) fills no field; " + advice.english,
                        "\(name) grubu hiçbir alanı doldurmuyor; " + advice.turkish,
                        offending: name)
                    return nil
                }
                groups.append(group)
            }
            guard groups.contains(where: { $0 != nil }) else {
                entry.complain(
                    "the sentence fills no field; name a part with (?<amount>…)",
                    "cümle hiçbir alanı doldurmuyor; bir parçaya (?<amount>…) ile ad verin")
                return nil
            }
            let text = "(?U)" + pattern.text
            guard let exchanged = try? shelf.pattern(text, written: pattern.written) else {
                complaints.add(entry.place, PatternError.tooLarge)
                return nil
            }
            return Sentence(pattern: pattern, exchanged: exchanged, groups: groups)
        }
    }

    /// A label without its colon, folded.
    func label(_ node: RuleNode) -> [UInt8]? {
        guard var text = node.text("label")?.turkishFolded() else { return nil }
        while text.hasSuffix(":") || text.hasSuffix(" ") { text.removeLast() }
        guard !text.isEmpty else {
            node.complain(
                "a label has at least one letter before its colon",
                "etikette iki noktadan önce en az bir harf olur")
            return nil
        }
        return Array(text.utf8)
    }
}
