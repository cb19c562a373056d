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
    /// What the file calls itself, or the file that it extends.
    package let id: String?
    /// The file alone; nil when it cannot be read.
    package let book: RuleBook?
    /// In the order of the file.
    package let samples: [Sample]
    /// What is wrong with the file itself; samples that fail are not among it.
    package let problems: [RuleProblem]

    /// Reads every file of `sources` that is no fragment, in the order of their paths.
    package static func all(_ sources: [RuleSource]) -> [RuleTrial] {
        let shelf = PatternShelf()
        var fragments: [String: Fragment] = [:]
        var trials: [RuleTrial] = []
        let ordered = sources.sorted { ($0.layer, $0.path) < ($1.layer, $1.path) }
        for source in ordered where source.isFragment {
            let (fragment, problems) = RuleParser.fragment(source, shelf: shelf)
            if let fragment { fragments[source.path] = fragment }
            guard !problems.isEmpty else { continue }
            trials.append(
                RuleTrial(path: source.path, id: nil, book: nil, samples: [], problems: problems))
        }
        let parsed = ordered.filter { !$0.isFragment }.map {
            ($0, RuleParser.parse($0, shelf: shelf, fragments: fragments))
        }
        var files: [String: RuleFile] = [:]
        for case (_, let one) in parsed {
            if case .file(let file)? = one.content { files[file.id] = file }
        }
        return trials
            + parsed.map { source, parsed in
                let file: RuleFile? =
                    switch parsed.content {
                    case .file(let file)?: file
                    case .addition(let addition)?: files[addition.extends].map(addition.applied)
                    case nil: nil
                    }
                return trial(source, parsed, file)
            }
    }

    private static func trial(
        _ source: RuleSource, _ parsed: RuleParser.Parsed, _ file: RuleFile?
    ) -> RuleTrial {
        guard let file else {
            let missing = RuleProblem(
                path: source.path,
                message: Wording(
                    "the file that this one extends is not there or cannot be read",
                    "bu dosyanın genişlettiği dosya yok ya da okunamıyor"), offending: parsed.id)
            return RuleTrial(
                path: source.path, id: parsed.id, book: nil, samples: [],
                problems: parsed.problems.isEmpty ? [missing] : parsed.problems)
        }
        let entry = RuleCompiler.Entry(
            layer: source.layer, path: source.path, digest: MailShape.digest([source.text]),
            file: file)
        let book = RuleBook(entries: [entry])
        let runner = SampleRunner(path: source.path, book: book)
        let samples = parsed.samples.map { sample in
            Sample(
                group: sample.group.rawValue, name: sample.name, line: sample.place.line,
                message: sample.message, receivedAt: sample.receivedAt,
                reading: book.read(sample.message, receivedAt: sample.receivedAt),
                problems: runner.run([sample]))
        }
        return RuleTrial(
            path: source.path, id: parsed.id, book: book, samples: samples,
            problems: parsed.problems)
    }
}

extension RuleTrial {
    /// The trial of a file that is not there.
    package static func none(_ path: String) -> RuleTrial {
        RuleTrial(path: path, id: nil, book: nil, samples: [], problems: [])
    }
}
