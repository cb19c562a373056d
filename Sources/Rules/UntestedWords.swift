// SPDX-License-Identifier: Apache-2.0

/// Words under `deny` that stand in no sample, and lists under `out` of which none does: a letter
/// too few, and a refund is read as a payment without anybody noticing. Not refused, for who writes
/// a rule may not have such a mail yet.
package enum UntestedWords {
    /// Words that one note names; the others are counted.
    private static let shownMax = 3

    /// One note for each rule file that names such words, in the order of their paths; what files
    /// share (`common/`) is left out, and files with problems are.
    package static func notes(_ sources: [RuleSource]) -> [RuleProblem] {
        let shelf = PatternShelf()
        var fragments = FragmentShelf()
        for source in sources where source.isFragment {
            let fragment = RuleParser.fragment(source, shelf: shelf).fragment
            fragment.map { fragments.add($0, of: source) }
        }
        let shared = Set(fragments.joined.values.flatMap { $0.deny.map(\.key) })
        let parsed = sources.filter { !$0.isFragment }.sorted {
            ($0.layer, $0.path) < ($1.layer, $1.path)
        }.map { ($0, RuleParser.parse($0, shelf: shelf, fragments: fragments.joined)) }
        let samples = Dictionary(grouping: parsed.map(\.1), by: \.id).mapValues {
            $0.flatMap(\.samples)
        }
        return parsed.compactMap { source, one in
            let (own, variants) = parts(of: one.content)
            let denied = (own + variants.flatMap(\.deny)).filter { !shared.contains($0.key) }
            let out = variants.map(\.directionOut)
            guard !(denied + out.joined()).isEmpty else { return nil }
            let texts = samples[one.id, default: []].flatMap(texts)
            func isUntested(_ word: TextTest) -> Bool { !texts.contains(where: word.holds) }
            let dead = out.filter { $0.allSatisfy(isUntested) }.joined()
            var seen: Set<String> = []
            return note(
                source, (denied.filter(isUntested) + dead).filter { seen.insert($0.key).inserted })
        }
    }

    private static func parts(of content: RuleParser.Content?) -> ([TextTest], [Variant]) {
        switch content {
        case .file(let file)?: (file.deny, file.variants)
        case .addition(let addition)?: (addition.deny, addition.variants)
        case nil: ([], [])
        }
    }

    private static func texts(of sample: Sample) -> [VisibleText] {
        guard let texts = MailTexts(sample.message) else { return [] }
        let work = SearchWork()
        return ([texts.subject] + texts.parts.map(\.text)).map { VisibleText($0, work) }
    }

    private static func note(_ source: RuleSource, _ words: [TextTest]) -> RuleProblem? {
        guard let first = words.first else { return nil }
        let shown = words.prefix(shownMax).map { "“\($0.shown)”" }.joined(separator: ", ")
        let rest = words.count - min(words.count, shownMax)
        let lines = source.text.split(separator: "\n", omittingEmptySubsequences: false)
        let line = lines.firstIndex { $0.contains(first.shown) }
        return RuleProblem(
            path: source.path, layer: source.layer, line: (line ?? 0) + 1,
            message: Wording(
                "no sample holds what deny or out names: \(shown)"
                    + (rest > 0 ? " and \(rest) more" : "")
                    + "; check the spelling, or add such a mail under no_match",
                "deny ya da out altındakini içeren örnek yok: \(shown)"
                    + (rest > 0 ? " ve \(rest) tane daha" : "")
                    + "; yazımına bakın ya da no_match altına böyle bir e-posta ekleyin"))
    }
}
