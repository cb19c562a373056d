// SPDX-License-Identifier: Apache-2.0

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
        @Option(name: .customLong("rules"), help: "The rules directory.")
        var directory = "/etc/mutabik/rules"

        @Option(help: "The folder of your own rules beside it.")
        var localRules: String?

        var ruleDirectory: RuleDirectory { RuleDirectory(path: directory, local: localRules) }
    }

    struct Check: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Compiles every rule file and runs its samples.")

        @OptionGroup var folders: Folders

        func run() throws {
            let (book, problems) = try folders.ruleDirectory.compile()
            let language = Language(environment: ProcessInfo.processInfo.environment)
            for problem in problems {
                let text = language.pick(problem.description, problem.turkishDescription)
                Terminal.line("\(folders.directory)/\(text)")
            }
            guard book.fileCount > 0 || !problems.isEmpty else {
                throw Failure(
                    message: "\(folders.directory): no rule file is there", code: .negative)
            }
            let end = problems.isEmpty ? ", ok" : " can be used"
            Terminal.line("\(book.fileCount) files, \(book.ruleIDs.count) variants\(end)")
            if !problems.isEmpty {
                throw Failure(message: "\(problems.count) problems in rule files", code: .negative)
            }
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
