// SPDX-License-Identifier: Apache-2.0

import Domain

/// Parts that a rule file has, and that several files may share by including them.
struct Fragment: Sendable {
    /// Texts that no payment holds.
    var deny: [TextTest] = []
    /// Texts that say that money came in, whatever else the mail says.
    var moneyIn: [TextTest] = []
    /// What looks like a payment and is none, by kind and in order.
    var alike: [(kind: String, any: [TextTest])] = []
    /// Labels that end the value before them; folded.
    var labels: [[UInt8]] = []
    /// What is printed where nothing was written; folded.
    var empty: Set<String> = []
    /// Whose account it is; folded.
    var accountOwner: Set<String> = []

    mutating func add(_ other: Fragment) {
        deny += other.deny
        moneyIn += other.moneyIn
        for (kind, tests) in other.alike {
            if let index = alike.firstIndex(where: { $0.kind == kind }) {
                alike[index].any += tests
            } else {
                alike.append((kind, tests))
            }
        }
        labels += other.labels.filter { !labels.contains($0) }
        empty.formUnion(other.empty)
        accountOwner.formUnion(other.accountOwner)
    }

    /// A variant for each kind, but for those that the file describes itself.
    func lookAlikes(besides variants: [Variant]) -> [Variant] {
        let known = Set(variants.map(\.id))
        return alike.compactMap { kind, any in
            let id = String(kind.map { $0 == "_" ? "-" : $0 })
            guard !known.contains(id) else { return nil }
            return Variant(
                id: id, outcome: .notAPayment, kind: kind, body: .any, subject: TextCondition(),
                frame: TextCondition(any: any), directionIn: [], directionOut: [], deny: [],
                subjectSentences: [], sentences: [], fields: [], labels: [],
                labelsRunTogether: false, isLookAlike: true)
        }
    }
}

/// What a file that extends another one adds to it.
struct RuleAddition: Sendable {
    struct Authentication: Sendable {
        var domains: [String]
        var proof: RuleFile.Proof
        var forwarders: [String]?
        var rsaBitsMin: Int?
    }

    var path: String
    var extends: String
    var status: RuleFile.Status?
    var addresses: [String]
    var domains: [String]
    var authentication: Authentication?
    var charset: RuleFile.Charset?
    var names: [String]
    var neverSends: Set<Field>
    var accountOwner: Set<String>
    var deny: [TextTest]
    var moneyIn: [TextTest]
    var variants: [Variant]
    var lookAlikes: [Variant]

    /// The file with the additions: its variants come first, one with the same id replaces.
    func applied(to file: RuleFile) -> RuleFile {
        var file = file
        file.status = status ?? file.status
        file.addresses += addresses.filter { !file.addresses.contains($0) }
        file.domains += domains.filter { !file.domains.contains($0) }
        if let authentication {
            file.authentication = authentication.domains
            file.proof = authentication.proof
            file.forwarders = authentication.forwarders
            file.rsaBitsMin = authentication.rsaBitsMin
        } else {
            let hosts = addresses.compactMap { $0.split(separator: "@").last.map(String.init) }
            let own = domains + hosts
            file.authentication += Set(own).subtracting(file.authentication).sorted()
        }
        file.charset = charset ?? file.charset
        file.names += names
        file.neverSends.formUnion(neverSends)
        file.accountOwner.formUnion(accountOwner)
        file.deny += deny
        file.moneyIn += moneyIn
        let own = Set(file.variants.map(\.id))
        var variants = variants
        for index in variants.indices {
            variants[index].isAdded = !own.contains(variants[index].id)
        }
        let replaced = Set((variants + lookAlikes).map(\.id))
        let kept = file.variants.filter { !replaced.contains($0.id) }
        file.variants =
            variants + kept.filter { !$0.isLookAlike } + lookAlikes + kept.filter(\.isLookAlike)
        return file
    }
}

extension RuleParser {
    /// Parses a file below `common/`. Nil when something is wrong.
    static func fragment(
        _ source: RuleSource, shelf: PatternShelf
    ) -> (fragment: Fragment?, problems: [RuleProblem]) {
        let complaints = Complaints(source)
        var fragment: Fragment?
        YAMLText.walk(source, complaints) { root in
            let parser = RuleParser(complaints: complaints, shelf: shelf)
            guard let entries = root.mapping(RuleFormat.fragment) else { return }
            if root.pairs().allSatisfy({ ["fragment", "references"].contains($0.key) }) {
                let keys = RuleFormat.fragment.names.filter { $0 != "fragment" }
                let list = keys.filter { $0 != "references" }.joined(separator: ", ")
                root.complain(
                    "the fragment says nothing; write one of \(list)",
                    "bu ortak parça bir şey söylemiyor; şunlardan birini yazın: \(list)")
            }
            _ = entries["fragment"].flatMap { parser.identifier($0, "fragment") }
            fragment = parser.parts(entries)
        }
        return (complaints.problems.isEmpty ? fragment : nil, complaints.problems)
    }

    /// `deny`, `money_in`, `look_alikes` and the like, which files and fragments have alike.
    func parts(_ entries: [String: RuleNode]) -> Fragment {
        Fragment(
            deny: tests(entries["deny"]), moneyIn: tests(entries["money_in"]),
            alike: alike(entries["look_alikes"]),
            labels: (entries["labels"]?.oneOrMore() ?? []).compactMap(label),
            empty: folded(entries["empty"], "empty"),
            accountOwner: owners(entries["account_owner"]))
    }

    /// Whoever writes the key means somebody: without a name the owner's transfers are payments.
    private func owners(_ node: RuleNode?) -> Set<String> {
        let owners = folded(node, "account_owner")
        if let node, node.oneOrMore().isEmpty {
            node.complain(
                "account_owner names nobody; write the account's name as the bank writes it, or "
                    + "take the line out",
                "account_owner kimseyi belirtmiyor; hesabın adını bankanın yazdığı gibi yazın "
                    + "ya da satırı silin")
        }
        return owners
    }

    private func folded(_ node: RuleNode?, _ what: String) -> Set<String> {
        Set((node?.oneOrMore() ?? []).compactMap { $0.text(what)?.turkishFolded() })
    }

    private func alike(_ node: RuleNode?) -> [(kind: String, any: [TextTest])] {
        guard let node else { return [] }
        guard node.isMapping else {
            node.complain(
                "look_alikes is a list of kind: [texts] lines",
                "look_alikes tür: [metinler] satırlarından oluşur")
            return []
        }
        return node.pairs().map { kind, texts in
            if !Self.isKind(kind) {
                texts.complain(
                    "kind has small letters a–z and _ only",
                    "kind yalnızca a–z küçük harfleri ve _ ile yazılır", offending: kind)
            }
            let any = tests(texts)
            if any.isEmpty {
                texts.complain(
                    "\(kind) needs a text to look for", "\(kind) için aranacak bir metin gerekir",
                    offending: kind)
            }
            return (kind, any)
        }
    }

    static func isKind(_ text: String) -> Bool {
        !text.isEmpty && text.utf8.allSatisfy { (97...122).contains($0) || $0 == 95 }
    }

    /// The fragment that a file names, below the rules folder.
    func included(_ node: RuleNode) -> Fragment? {
        guard let path = node.text("include") else { return nil }
        if let fragment = fragments[path] { return fragment }
        let known = fragments.keys.sorted()
        let advice =
            known.isEmpty
            ? Wording(
                "put it below common/ in the rules folder",
                "kural klasöründe common/ altına koyun")
            : RuleNode.advice(path, known)
        node.complain(
            "there is no usable fragment \(path); " + advice.english,
            "\(path) diye kullanılabilir bir ortak parça yok; " + advice.turkish, offending: path)
        return nil
    }
}
