// SPDX-License-Identifier: Apache-2.0

internal import ArgumentParser
internal import FoundationEssentials

struct RunCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "run", abstract: "Watches the mailboxes and carries out what follows.")

    @OptionGroup var config: ConfigurationOption

    func run() async throws {
        try await AgentRun(
            configurationPath: config.path, environment: ProcessInfo.processInfo.environment
        ).run()
    }
}
