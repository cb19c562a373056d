// SPDX-License-Identifier: Apache-2.0

internal import Agent
internal import ArgumentParser
internal import FoundationEssentials
internal import Rules

struct RulesCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "rules", abstract: "The rule files.",
        subcommands: [
            Check.self, New.self, Try.self, Test.self, Explain.self, Coverage.self,
            Anonymize.self, Schema.self, Reference.self, Measure.self,
        ])

    /// Where the rule files are.
    struct Folders: ParsableArguments {
        static let usual = "/etc/mutabik/rules"

        @Option(name: .customLong("rules"), help: "The rules directory.")
        var directory = usual

        @Option(help: "The folder of your own rules beside it.")
        var localRules: String?

        var ruleDirectory: RuleDirectory { RuleDirectory(path: directory, local: localRules) }

        /// These folders again, behind a command that a person is told to use.
        var given: String {
            (directory == Self.usual ? "" : " --rules \(directory.shellWord)")
                + (localRules.map { " --local-rules \($0.shellWord)" } ?? "")
        }
    }

    struct Check: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Compiles every rule file and runs its samples.",
            discussion: """
                Example: mutabik rules check rules
                Words under deny: that no sample holds are named, and are no mistake.
                Exit code: 0 all files can be used, 1 some cannot, 78 none can.
                """)

        @OptionGroup var options: Options

        @Argument(help: "A folder of rules or a rule.yaml, checked beside those of --rules.")
        var place: String?

        func run() throws { try reply(.ofProcess).deliver() }

        func reply(_ manner: Manner) throws -> CommandReply {
            var reply = CommandReply()
            let directory =
                try place.map { try RuleFiles($0, home: options.folders, manner: manner).directory }
                ?? options.folders.ruleDirectory
            let (book, problems) = try directory.compile()
            reply.notes = try directory.notes(manner)
            let (files, variants) = (book.fileCount, book.ruleIDs.count)
            if options.json {
                for problem in problems { reply.line(problem.json.finished) }
                var line = JSONLine()
                line.put("files", files)
                line.put("variants", variants)
                line.put("problems", problems.count)
                reply.line(line.finished)
            } else {
                for problem in problems { reply.line(manner.text(of: problem)) }
                guard files > 0 || !problems.isEmpty else {
                    reply.failure = Self.nothing(in: directory, manner)
                    return reply
                }
                let count = manner.pick(
                    "\(files) file\(files == 1 ? "" : "s"), "
                        + "\(variants) variant\(variants == 1 ? "" : "s")",
                    "\(files) dosya, \(variants) varyant")
                reply.line(
                    count
                        + (problems.isEmpty
                            ? manner.pick(", ok", ", sorun yok")
                            : manner.pick(" can be used", " kullanılabilir")))
            }
            if !problems.isEmpty {
                reply.failure = Failure(
                    message: manner.pick(
                        "rule files have problems: \(problems.count)",
                        "kural dosyalarında \(problems.count) sorun var"),
                    code: files > 0 ? .negative : .configuration)
            } else if files == 0 {
                reply.failure = Self.nothing(in: directory, manner)
            }
            return reply
        }

        private static func nothing(in directory: RuleDirectory, _ manner: Manner) -> Failure {
            let places = directory.folders.joined(separator: ", ")
            return Failure(
                message: manner.pick(
                    "\(places): no rule file is there", "\(places): kural dosyası yok"),
                code: .configuration)
        }
    }

    struct Schema: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Prints the JSON Schema of rule files (rules/schema.json).")

        func run() { Terminal.write(RuleSchema.text) }
    }

    struct Reference: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Prints the reference of the rule format (docs/rules-reference.md).")

        func run() { Terminal.write(RuleReference.text) }
    }
}
