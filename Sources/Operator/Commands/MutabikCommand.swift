// SPDX-License-Identifier: Apache-2.0

internal import Agent
package import ArgumentParser
internal import FoundationEssentials
internal import Glibc
internal import Ledger

/// The command line.
package struct MutabikCommand: AsyncParsableCommand {
    package static let configuration = CommandConfiguration(
        commandName: "mutabik",
        abstract: "Turns \"money arrived\" mails into approved guests.",
        discussion: "Bütün komutların Türkçesi: docs/tr/komutlar.md",
        version: MutabikVersion.text,
        subcommands: [
            RunCommand.self, LoginCommand.self, ReplayCommand.self, RegistrationsCommand.self,
            StatusCommand.self, PaymentsCommand.self, ReviewCommand.self, DecisionsCommand.self,
            CheckCommand.self, MailsCommand.self, EffectsCommand.self,
            RulesCommand.self, ConfigCommand.self, SandboxCommand.self, WorkflowCommand.self,
            MeasureCommand.self,
        ])

    package init() {}

    /// Runs what the arguments say and ends the process with an exit code of sysexits(3).
    package static func start() async -> Never {
        do {
            var command = try parseAsRoot()
            if var asynchronous = command as? any AsyncParsableCommand {
                try await asynchronous.run()
            } else {
                try command.run()
            }
            end(0)
        } catch let error as ConfigurationError {
            fail(Language.ofProcess.text(of: error), FailureCode.configuration)
        } catch let error as LedgerError {
            fail(
                Language.ofProcess.text(of: error),
                error.retry == .later ? .temporary : .configuration)
        } catch let refusal as ReviewRefusal {
            refuse(refusal.label, refusal.english, refusal.turkish, refusal.isTooLate)
        } catch let refusal as StatementRefusal {
            refuse(refusal.label, refusal.english, refusal.turkish, refusal.isTooLate)
        } catch let error as Failure {
            fail(Language.ofProcess.text(of: error), error.code)
        } catch {
            exit(withError: error)
        }
    }

    /// Ends the process without the clean-up handlers of libraries: OpenSSL's would take its locks
    /// away from tasks that are still checking a signature on another thread.
    private static func end(_ code: Int32) -> Never {
        fflush(nil)
        _exit(code)
    }

    /// Nothing was changed. Programs that asked for JSON read `{"error":"answered", …}`.
    private static func refuse(
        _ label: String, _ english: String, _ turkish: String, _ isTooLate: Bool
    ) -> Never {
        let message = Language.ofProcess.pick(english, turkish)
        if CommandLine.arguments.contains("--json") {
            var line = JSONLine()
            line.put("error", label)
            line.put("message", message)
            Terminal.line(line.finished)
        }
        fail(message, isTooLate ? .negative : .data)
    }

    private static func fail(_ message: String, _ code: FailureCode) -> Never {
        Terminal.error("mutabik: \(message)")
        end(code.rawValue)
    }
}

/// How a command ends when it does not end well; numbers as in sysexits(3).
enum FailureCode: Int32, Sendable {
    /// The answer is "no": samples fail, something differs.
    case negative = 1
    /// What was given cannot be used.
    case data = 65
    case temporary = 75
    /// A restart would not help: systemd must not try.
    case configuration = 78
}

/// An end with a message for the one who called.
struct Failure: Error {
    /// A file with the place in it, or what was typed; nil where the message says it.
    var place: String?
    /// In English, or in the reader's language already.
    let message: String
    let code: FailureCode
}

/// The option that every command on the ledger takes.
struct ConfigurationOption: ParsableArguments {
    @Option(name: .customLong("config"), help: "The configuration file.")
    var path = "/etc/mutabik/mutabik.yaml"
}
