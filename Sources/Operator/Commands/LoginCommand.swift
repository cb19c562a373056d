// SPDX-License-Identifier: Apache-2.0

internal import ArgumentParser
internal import FoundationEssentials
internal import OAuth

struct LoginCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "login",
        abstract: "Signs in to a mailbox of Gmail, Microsoft 365 and others (OAuth 2).",
        discussion: """
            Prints an address to be opened in the browser of the one who owns the mailbox, and waits for \
            the browser to come back to this machine. When the browser runs on another machine, use \
            --device (Microsoft), or --paste, or a tunnel: ssh -L 8765:127.0.0.1:8765 HOST and --port 8765.

            A running agent goes on with the new permission by itself.
            """)

    @OptionGroup var config: ConfigurationOption

    @Argument(help: "The mailbox, by its name in the configuration.")
    var name: String

    @Flag(help: "Sign in on another device, with a code that is shown here.")
    var device = false

    @Flag(help: "Wait for no browser; its last address is pasted here instead.")
    var paste = false

    @Option(help: "The port on 127.0.0.1 that the browser comes back to; 0 takes a free one.")
    var port: UInt16 = 0

    func run() async throws {
        let language = Language.ofProcess
        guard !(device && paste) else {
            throw ValidationError(
                language.pick(
                    "Use either --device or --paste.",
                    "--device ya da --paste kullanın, ikisinden birini."))
        }
        let configuration = try Configuration.load(config.path)
        guard let mailbox = configuration.mailboxes.first(where: { $0.name == name }) else {
            let known = configuration.mailboxes.map(\.name).joined(separator: ", ")
            throw Failure(
                message: language.pick(
                    "no mailbox is called \(name). Known: \(known)",
                    "\(name) adında posta kutusu yok. Bilinenler: \(known)"), code: .data)
        }
        guard case .oauth(let settings) = mailbox.proof else {
            throw Failure(
                message: language.pick(
                    "mailbox \(name) logs in with its password; there is nothing to do",
                    "\(name) posta kutusuna parolayla giriliyor; yapılacak bir şey yok"),
                code: .data)
        }
        let environment = ProcessInfo.processInfo.environment
        let way: SignIn.Way = device ? .device : paste ? .pasted : .browser(port: port)
        do {
            try await SignIn(
                live: LiveWorld(configuration: configuration, environment: environment),
                mailbox: mailbox, settings: settings, language: language
            ).run(way)
        } catch let error as OAuthError {
            throw Failure(
                message: language.text(of: error),
                code: error.retry == .later ? .temporary : .negative)
        }
    }
}
