// SPDX-License-Identifier: Apache-2.0

/// The fragments of both folders. A local one adds to the shipped one of its path, so that a few
/// words of one's own do not take all others away.
struct FragmentShelf: Sendable {
    /// What files include, by path.
    private(set) var joined: [String: Fragment] = [:]
    /// Without what is local.
    private var shipped: [String: Fragment] = [:]
    private var local: [RuleSource] = []

    /// Shipped fragments come first.
    mutating func add(_ fragment: Fragment, of source: RuleSource) {
        joined[source.path, default: Fragment()].add(fragment)
        switch source.layer {
        case .shipped: shipped[source.path] = fragment
        case .local: local.append(source)
        }
    }

    /// Whose account it is, for all files.
    var owners: Set<String> { joined.values.reduce(into: []) { $0.formUnion($1.accountOwner) } }

    /// What came of reading one file, and of running its samples on it.
    struct Reading: Sendable {
        var parsed: RuleParser.Parsed
        var failures: [RuleProblem]
        /// Local fragments that spoil the file: it was read without them.
        var culprits: [RuleSource] = []
        /// How they do, told at their own place.
        var complaints: [RuleProblem] = []

        fileprivate var isGood: Bool { parsed.content != nil && failures.isEmpty }
    }

    /// Parses a file and runs its samples. A shipped file that fails only with what local fragments
    /// say is read without that.
    ///
    /// - Parameter examining: false where somebody else runs the samples of all other files.
    func read(
        _ source: RuleSource, _ shelf: PatternShelf, examining: Bool = true
    ) -> Reading {
        let culprits = culprits(for: source)
        guard examining || !culprits.isEmpty else {
            let parsed = RuleParser.parse(source, shelf: shelf, fragments: joined)
            return Reading(parsed: parsed, failures: [])
        }
        let reading = Self.read(source, joined, shelf)
        guard !reading.isGood, !culprits.isEmpty else { return reading }
        var plain = Self.read(source, shipped, shelf)
        guard plain.isGood else { return plain }
        plain.culprits = culprits
        // One says enough: the others follow from the same word.
        let first = (reading.parsed.problems + reading.failures).prefix(1)
        plain.complaints = culprits.flatMap { culprit in first.map { $0.blamed(on: culprit) } }
        return plain
    }

    /// Local fragments that say something to a shipped file.
    private func culprits(for source: RuleSource) -> [RuleSource] {
        guard source.layer == .shipped else { return [] }
        return local.filter { source.includes($0.path) }
    }

    private static func read(
        _ source: RuleSource, _ fragments: [String: Fragment], _ shelf: PatternShelf
    ) -> Reading {
        let parsed = RuleParser.parse(source, shelf: shelf, fragments: fragments)
        guard case .file(let file) = parsed.content else {
            return Reading(parsed: parsed, failures: [])
        }
        let runner = SampleRunner(source: source, book: RuleBook(trying: file, source))
        return Reading(parsed: parsed, failures: runner.examine(parsed.samples, of: file))
    }
}

extension RuleProblem {
    /// The same, told of a file without which it would not be one.
    fileprivate func blamed(on source: RuleSource) -> RuleProblem {
        RuleProblem(
            path: source.path, layer: source.layer,
            message: Wording(
                "with this file \(path) fails: " + message.english,
                "bu dosyayla \(path) bozuluyor: " + message.turkish))
    }

    /// Words of one's own that no file reads deny nothing, and nobody would know.
    static func unused(_ fragment: RuleSource, besides others: [RuleSource]) -> RuleProblem {
        func bare(_ path: String) -> String {
            let name = path.lowercased()
            return name.hasSuffix(".yml") ? name.dropLast(4) + ".yaml" : name
        }
        let twin = others.first { $0.layer == .shipped && bare($0.path) == bare(fragment.path) }
        let shipped = others.first { $0.layer == .shipped }?.path
        let name = (twin ?? fragment).path
        let advice =
            twin != nil
            ? Wording("call it \(name)", "adını \(name) yapın")
            : Wording(
                "write include: \(name) into your rule files"
                    + (shipped.map { ", or call it \($0), which the shipped ones include" } ?? ""),
                "kural dosyalarınıza include: \(name) yazın"
                    + (shipped.map { " ya da adını, hazır kuralların kullandığı \($0) yapın" } ?? "")
            )
        return RuleProblem(
            path: fragment.path, layer: fragment.layer,
            message: Wording(
                "no file includes this one, so it says nothing; " + advice.english,
                "bu dosyayı hiçbir kural içermiyor, etkisi yok; " + advice.turkish))
    }
}
