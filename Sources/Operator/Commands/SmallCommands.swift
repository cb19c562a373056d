// SPDX-License-Identifier: Apache-2.0

internal import ArgumentParser
internal import FoundationEssentials
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
            let language = Language.ofProcess
            for risk in try Configuration.load(config.path).risks {
                Terminal.error("\(config.path): \(language.message(risk))")
            }
            Terminal.line("\(config.path): " + language.pick("ok", "sorun yok"))
        }
    }
}

struct WorkflowCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "workflow", abstract: "Draws the states of a registration (Mermaid).")

    func run() { Terminal.line(RegistrationMachine.diagram) }
}
