// SPDX-License-Identifier: Apache-2.0

internal import ArgumentParser
internal import FoundationEssentials
internal import Rules
internal import Workflow

struct ConfigCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "config", abstract: "The configuration file.",
        subcommands: [Describe.self, Check.self])

    struct Describe: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Prints every setting with its meaning, as a sample file.")

        func run() { Terminal.write(SettingsSample.text(SettingsSchema.all)) }
    }

    struct Check: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Reads the configuration and says what is wrong with it.")

        @OptionGroup var config: ConfigurationOption

        func run() throws {
            _ = try Configuration.load(config.path)
            Terminal.line("\(config.path): ok")
        }
    }
}

struct RulesCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "rules", abstract: "The rule files.", subcommands: [Check.self])

    struct Check: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Compiles every rule file and runs its samples.")

        @Option(name: .customLong("rules"), help: "The rules directory.")
        var directory = "/etc/mutabik/rules"

        func run() throws {
            let (book, problems) = try RuleDirectory(path: directory).compile()
            for problem in problems { Terminal.line("\(directory)/\(problem)") }
            guard book.fileCount > 0 || !problems.isEmpty else {
                throw Failure(message: "\(directory): no rule file is there", code: .negative)
            }
            let end = problems.isEmpty ? ", ok" : " can be used"
            Terminal.line("\(book.fileCount) files, \(book.ruleIDs.count) variants\(end)")
            if !problems.isEmpty {
                throw Failure(message: "\(problems.count) problems in rule files", code: .negative)
            }
        }
    }
}

struct WorkflowCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "workflow", abstract: "Draws the states of a registration (Mermaid).")

    func run() { Terminal.line(RegistrationMachine.diagram) }
}
