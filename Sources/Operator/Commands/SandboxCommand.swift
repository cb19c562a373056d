// SPDX-License-Identifier: Apache-2.0

internal import ArgumentParser
internal import Domain
internal import FoundationEssentials
internal import Sandbox

struct SandboxCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "sandbox",
        abstract: "A stand-in for Luma, Netgsm and a mail server on this machine.",
        subcommands: [Serve.self, Mails.self], defaultSubcommand: Serve.self)

    struct Serve: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Listens on loopback and shows all it receives on a page and as JSON.",
            discussion: """
                GET /                the page
                GET /sandbox/state   everything received, and what it came to, as JSON
                POST /sandbox/faults {"where":"luma.update-status","fault":"reset_after_effect","count":1}
                                     {"where":"mail.rcpt","fault":"code_450"}
                POST /sandbox/reset
                """)

        @Option(help: "The port; 0 takes a free one.") var port = 8025
        @Option(help: "The port that takes mail, without TLS and log-in; 0 takes a free one.")
        var mailPort = 0
        @Option(help: "Appends each request as one JSON line, secrets blanked.")
        var record: String?
        @Option(help: "The API key that Luma's side accepts.") var lumaKey = "sandbox-luma-key"
        @Option(help: "The subscriber number that Netgsm's side accepts.")
        var netgsmUser = "8500000000"
        @Option(help: "The password that Netgsm's side accepts.")
        var netgsmPassword = "sandbox-password"
        @Option(help: "The approved sender name.") var netgsmHeader = "MUTABIK"
        @Option(help: "Luma requests a minute before it answers 429; 0 lifts the limit.")
        var lumaRequestsPerMinute = 200
        @Option(help: "Messages a minute before Netgsm answers code 80; 0 lifts the limit.")
        var netgsmSendsPerMinute = 100
        @Option(help: "Seconds until a message is reported as delivered.")
        var deliverySeconds = 3
        @Flag(
            inversion: .prefixedNo,
            help: "Guests gst-… of events evt-demo… spring up by themselves.")
        var autoGuests = true

        func run() async throws {
            var options = SandboxOptions(
                lumaKey: Secret(lumaKey), netgsmUser: netgsmUser,
                netgsmPassword: Secret(netgsmPassword), netgsmHeader: netgsmHeader)
            options.port = port
            options.mailPort = mailPort
            options.recordFile = record
            options.lumaRequestsPerMinute = lumaRequestsPerMinute
            options.netgsmSendsPerMinute = netgsmSendsPerMinute
            options.deliveryDelay = .seconds(deliverySeconds)
            options.autoGuests = autoGuests
            let running: RunningSandbox
            do {
                running = try await SandboxServer.start(options)
            } catch {
                throw Failure(message: "sandbox: \(error)", code: .temporary)
            }
            Terminal.line("sandbox: \(running.url)\nmail: \(options.host):\(running.mailPort)")
            await Signals.wait()
            await running.stop()
        }
    }

    struct Mails: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Writes signed sample mails of seven banks, with registrations and keys.",
            discussion: """
                The folder gets registrations.csv, keys.tsv and season.mbox (or Maildir). All \
                people are invented. With --attacks the mails of the last guests are ones that must \
                approve nobody: forged ones, money going out, an advertisement.
                """)

        @Option(help: "How many guests register and pay.") var count = 100
        @Option(help: "The same seed gives the same season.") var seed: UInt64 = 1
        @Option(help: "mbox or maildir.") var layout = SampleFiles.Layout.mbox
        @Flag(help: "The season ends now instead of on a fixed day.") var now = false
        @Flag(help: "The last guests' mails are ones that must approve nobody.")
        var attacks = false
        @Argument(help: "The folder to write; it is made.") var folder: String

        func run() throws {
            guard (1...SampleSeason.countMax).contains(count) else {
                throw Failure(message: "--count is 1 to \(SampleSeason.countMax)", code: .data)
            }
            // Registrations come every twenty seconds, the last transfer two hours after the last.
            let start =
                now ? Date() - Double(count * 20 + 7300) : SampleSeason.usualStart
            let season = SampleSeason(seed: seed, count: count, start: start)
            do throws(SandboxError) {
                try SampleFiles.write(
                    season, bank: SampleBank(), attacks: attacks, as: layout, to: folder)
            } catch {
                throw Failure(message: error.description, code: .data)
            }
        }
    }
}

extension SampleFiles.Layout: ExpressibleByArgument {}
