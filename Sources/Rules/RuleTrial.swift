// SPDX-License-Identifier: Apache-2.0

package import FoundationEssentials
package import Mail

/// One rule file read by itself, whether its samples hold or not: for the one who writes it.
package struct RuleTrial: Sendable {
    /// What became of one sample.
    package struct Sample: Sendable {
        /// `match`, `no_match` or `hostile`.
        package let group: String
        /// What it shows.
        package let name: String
        /// The line of the file in which it begins, from 1.
        package let line: Int
        /// The mail that it stands for.
        package let message: Message
        /// When that mail came.
        package let receivedAt: Date
        /// What the file makes of it.
        package let reading: Reading
        /// Expectations that do not hold; empty when all do.
        package let problems: [RuleProblem]
    }

    /// Of the file, below its folder.
    package let path: String
    /// The folder it stands in.
    package let layer: RuleSource.Layer
    /// What the file calls itself, or the file that it extends.
    package let id: String?
    /// The file of that id with all that is added to it; nil when it cannot be read.
    package let book: RuleBook?
    /// In the order of the file.
    package let samples: [Sample]
    /// What is wrong with the file itself; its own samples that fail are not among it.
    package let problems: [RuleProblem]

    /// The paths of files that include this fragment; nil for a rule file.
    package private(set) var users: Set<String>?

    /// Reads every file of `sources` that is no fragment, in the order of their paths. Samples of a
    /// file run on it alone; those of a file that extends it run on both together.
    package static func all(_ sources: [RuleSource]) -> [RuleTrial] {
        let shelf = PatternShelf()
        var fragments = FragmentShelf()
        var trials: [RuleTrial] = []
        let ordered = sources.sorted { ($0.layer, $0.path) < ($1.layer, $1.path) }
        for source in ordered where source.isFragment {
            let (fragment, problems) = RuleParser.fragment(source, shelf: shelf)
            if let fragment { fragments.add(fragment, of: source) }
            guard !problems.isEmpty else { continue }
            trials.append(RuleTrial(source, problems: problems))
        }
        let readings = ordered.filter { !$0.isFragment }.map {
            ($0, fragments.read($0, shelf, examining: false))
        }
        let parsed = readings.map { ($0, $1.parsed) }
        let spoiling = Dictionary(grouping: readings.flatMap(\.1.complaints), by: \.path)
        trials += ordered.compactMap { source in
            guard source.isFragment, source.layer == .local, let told = spoiling[source.path]
            else { return nil }
            return RuleTrial(source, problems: told)
        }
        // A local file takes the place of the shipped one; of two in one folder the first counts.
        var homes: [String: Home] = [:]
        for (source, one) in parsed {
            guard case .file(let file)? = one.content, homes[file.id]?.layer != source.layer
            else { continue }
            homes[file.id] = Home(source: source, samples: one.samples, whole: file)
        }
        let files = parsed.map { _, one -> RuleFile? in
            switch one.content {
            case .file(let file)?: return file
            case .addition(let addition)?:
                guard let home = homes[addition.extends] else { return nil }
                let whole = addition.applied(to: home.whole)
                homes[addition.extends]?.whole = whole
                return whole
            case nil: return nil
            }
        }
        let shared = SharedSenders(
            homes.values.filter { $0.layer == .shipped }
                .sorted { $0.source.path < $1.source.path }.map(\.whole))
        for index in trials.indices {
            trials[index].users = Set(
                ordered.filter { $0.includes(trials[index].path) }.map(\.path))
        }
        return trials
            + zip(parsed, files).map { one, file in
                trial(
                    one.0, one.1, file, one.1.id.flatMap { homes[$0] }, fragments.owners, shared)
            }
    }

    /// A file that others may extend.
    private struct Home {
        let source: RuleSource
        let samples: [Rules.Sample]
        /// With what was added so far.
        var whole: RuleFile

        var layer: RuleSource.Layer { source.layer }
    }

    private static func trial(
        _ source: RuleSource, _ parsed: RuleParser.Parsed, _ file: RuleFile?, _ home: Home?,
        _ owners: Set<String>, _ shared: SharedSenders
    ) -> RuleTrial {
        guard let file, var whole = home?.whole, let home else {
            let missing = RuleProblem(
                path: source.path, layer: source.layer,
                message: Wording(
                    "the file that this one extends is not there or cannot be read; name its "
                        + "folder with --rules or --local-rules",
                    "bu dosyanın genişlettiği dosya yok ya da okunamıyor; klasörünü --rules ya da "
                        + "--local-rules ile verin"), offending: parsed.id)
            return RuleTrial(
                source, id: parsed.id,
                problems: parsed.problems.isEmpty ? [missing] : parsed.problems)
        }
        let book = RuleBook(trying: file, source)
        let runner = SampleRunner(source: source, book: book)
        let samples = parsed.samples.map { sample in
            Sample(
                group: sample.group.rawValue, name: sample.name, line: sample.place.line,
                message: sample.message, receivedAt: sample.receivedAt,
                reading: book.read(sample.message, receivedAt: sample.receivedAt),
                problems: runner.run([sample]))
        }
        var problems = parsed.problems
        if case .addition? = parsed.content {
            problems += runner.run(home.samples, of: home.source.path)
        } else if samples.allSatisfy(\.problems.isEmpty) {
            let exam = SampleExam(source: source, file: file)
            problems += exam.problems(parsed.samples, samples.map(\.reading))
        }
        if source.layer == .local, case .file? = parsed.content,
            let problem = shared.problem(of: file, (source.path, source.layer))
        {
            problems.append(problem)
        }
        whole.accountOwner.formUnion(owners)
        return RuleTrial(
            source, id: parsed.id, book: RuleBook(of: whole, source), samples: samples,
            problems: problems)
    }

    private init(
        _ source: RuleSource, id: String? = nil, book: RuleBook? = nil, samples: [Sample] = [],
        problems: [RuleProblem]
    ) {
        path = source.path
        layer = source.layer
        self.id = id
        self.book = book
        self.samples = samples
        self.problems = problems
    }

    /// The trial of a file that is not there.
    package static func none(_ source: RuleSource) -> RuleTrial { RuleTrial(source, problems: []) }
}
