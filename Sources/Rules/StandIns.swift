// SPDX-License-Identifier: Apache-2.0

/// What is in force for files that are broken and never were good: no mail of theirs ends nowhere.
///
/// The file that a broken one was to change, or that a fragment spoils, is a draft until then.
/// Mails of senders whom only a broken file names are unclear, so that a person sees them.
struct StandIns {
    typealias Entry = RuleCompiler.Entry

    /// A fragment that never could be read may have said whose account it is.
    var isOwnerUnknown = false
    /// Files that say nothing usable, now or before, with the rules that they name.
    private var broken: [(source: RuleSource, ids: Set<String>)] = []
    /// Ids that two new files of one folder claim.
    var disputed: Set<String> = []
    /// Local fragments, and shipped files that hold only without them.
    var spoilt: [(fragment: RuleSource, path: String)] = []
    private(set) var problems: [RuleProblem] = []

    mutating func add(_ source: RuleSource, _ ids: Set<String>) {
        broken.append((source, ids))
    }

    /// A file of which nothing is understood: perhaps a fragment that stands in the wrong folder.
    mutating func addUnread(_ source: RuleSource, _ ids: Set<String>) {
        add(source, ids)
        if Self.mayNameOwner(source) { isOwnerUnknown = true }
    }

    mutating func applied(to entries: [Entry]) -> [Entry] {
        if isOwnerUnknown {
            problems += broken.map(\.source).filter(Self.mayNameOwner).map(Self.asksForAll)
            return entries.map(Self.asDraft)
                + broken.compactMap { placeholder(for: $0.source, $0.ids, beside: entries) }
        }
        var entries = entries.map { disputed.contains($0.file.id) ? Self.asDraft($0) : $0 }
        for (source, ids) in broken where source.layer == .local || source.isAddition {
            makeDrafts(Self.meant(by: source, ids, in: entries), of: &entries, for: source)
        }
        for (_, spoilt) in Dictionary(grouping: spoilt, by: \.fragment.path) {
            let paths = spoilt.map(\.path)
            func isSpoilt(_ layer: RuleSource.Layer, _ path: String) -> Bool {
                layer == .shipped && paths.contains(path)
            }
            let meant = entries.indices.filter { index in
                isSpoilt(entries[index].layer, entries[index].path)
                    || entries[index].additions.contains {
                        isSpoilt($0.source.layer, $0.source.path)
                    }
            }
            makeDrafts(meant, of: &entries, for: spoilt[0].fragment)
        }
        return entries + broken.compactMap { placeholder(for: $0.source, $0.ids, beside: entries) }
    }

    /// Whether a file that cannot be read may be the one that says whose account it is.
    private static func mayNameOwner(_ source: RuleSource) -> Bool {
        source.isFragment || source.text.contains("account_owner")
    }

    private static func asksForAll(_ source: RuleSource) -> RuleProblem {
        RuleProblem(
            path: source.path, layer: source.layer,
            message: Wording(
                "until this file is mended a person sees each notice of every bank",
                "bu dosya düzeltilene kadar her bankanın her bildirimi bir insana sorulur"))
    }

    // MARK: - Drafts

    private static func meant(
        by source: RuleSource, _ ids: Set<String>, in entries: [Entry]
    ) -> [Int] {
        var meant = entries.indices.filter { ids.contains(entries[$0].file.id) }
        if meant.isEmpty, !source.isFragment {
            // Who does not know what it was to say still knows where it stands.
            meant = entries.indices.filter { source.standsBeside(entries[$0].path) }
        }
        if meant.isEmpty {
            // An id with a slip.
            meant = entries.indices.filter { index in
                ids.contains { RuleNode.distance($0, entries[index].file.id) <= 2 }
            }
        }
        if !source.isFragment, !source.isAddition {
            meant.removeAll { entries[$0].layer == .local }
        }
        return meant
    }

    private mutating func makeDrafts(
        _ meant: [Int], of entries: inout [Entry], for source: RuleSource
    ) {
        guard !meant.isEmpty else { return }
        for index in meant { entries[index] = Self.asDraft(entries[index]) }
        let drafts = meant.map { entries[$0].file.id }.sorted().joined(separator: ", ")
        problems.append(
            RuleProblem(
                path: source.path, layer: source.layer,
                message: Wording(
                    "until this file is mended a person sees each notice of \(drafts)",
                    "bu dosya düzeltilene kadar şunların her bildirimi bir insana sorulur: "
                        + drafts)))
    }

    /// The digest differs, so that mails are read again once the broken file is mended.
    private static func asDraft(_ entry: Entry) -> Entry {
        guard !entry.isStandIn else { return entry }
        return Entry(
            layer: entry.layer, path: entry.path, digest: entry.digest + "-draft",
            file: entry.file.wholly(.draft), additions: entry.additions, isStandIn: true)
    }

    // MARK: - Senders

    /// A file without variants for the senders that no file in force names: it reads nothing, and
    /// so a person does. Nil when the broken file names none.
    private mutating func placeholder(
        for source: RuleSource, _ ids: Set<String>, beside entries: [Entry]
    ) -> Entry? {
        let stated = source.statedSenders
        let addresses = stated.addresses.filter { address in
            !entries.contains { $0.file.addresses.contains(address) }
        }
        let domains = stated.domains.filter { domain in
            !entries.contains { $0.file.domains.contains(domain) }
        }
        guard !addresses.isEmpty || !domains.isEmpty else { return nil }
        let senders = (addresses + domains).joined(separator: ", ")
        problems.append(
            RuleProblem(
                path: source.path, layer: source.layer,
                message: Wording(
                    "until this file is mended a person sees each mail from \(senders)",
                    "bu dosya düzeltilene kadar şuradan gelen her e-posta bir insana sorulur: "
                        + senders)))
        let hosts = addresses.compactMap { $0.split(separator: "@").last.map(String.init) }
        let folder = source.path.split(separator: "/").dropLast().last ?? Substring(source.path)
        let file = RuleFile(
            path: source.path, id: ids.min() ?? String(folder), idPlace: Place(line: 1, column: 1),
            bank: "", status: .draft, addresses: addresses, domains: domains,
            authentication: Set(domains + hosts).sorted(), proof: .any, names: [],
            neverSends: [], accountOwner: [], deny: [], variants: [])
        return Entry(
            layer: source.layer, path: source.path,
            digest: MailShape.digest([source.text]) + "-senders", file: file, isStandIn: true)
    }
}

extension RuleSource {
    /// What stands under `senders`, also when the file is no YAML or a key is misspelt: only what
    /// a rule may name.
    var statedSenders: (addresses: [String], domains: [String]) {
        let lines = self.lines
        let start = lines.firstIndex { line in
            let key = line.prefix { $0 != ":" }.filter { $0 != "'" && $0 != "\"" }
            return key.count < line.count
                && RuleNode.distance(key.lowercased(), "senders") <= 2
        }
        // Who calls the key otherwise still names them in the keys below, or in the samples.
        let stated =
            start.map { start in
                [lines[start].drop { $0 != ":" }]
                    + lines[(start + 1)...].prefix { $0.first.map { !$0.isLetter } ?? true }
            } ?? lines.filter(Self.namesSender).map { $0.drop { $0 != ":" } }
        let words = stated.flatMap { line in
            line.prefix { $0 != "#" }.split { sign in
                !sign.isLetter && !sign.isNumber && !"@.-_+".contains(sign)
            }
        }
        // The parser knows what a rule may name; nobody reads its complaints here.
        func list(_ words: [Substring]) -> String { "['\(words.joined(separator: "', '"))']" }
        let named = words.filter { $0.contains(".") }
        let text =
            "addresses: \(list(named.filter { $0.contains("@") }))\n"
            + "domains: \(list(named.filter { !$0.contains("@") }))\n"
        let complaints = Complaints(RuleSource(path: path, text: text))
        var senders: (addresses: [String], domains: [String]) = ([], [])
        YAMLText.walk(RuleSource(path: path, text: text), complaints) { root in
            let (addresses, domains) = RuleParser(complaints: complaints, shelf: PatternShelf())
                .senders(root)
            senders = (addresses, domains)
        }
        return senders
    }

    private static func namesSender(_ line: Substring) -> Bool {
        let key = line.drop { $0 == " " || $0 == "-" }.prefix { $0 != ":" }
        return ["from", "address", "addresses", "domain", "domains"].contains(key)
    }
}
