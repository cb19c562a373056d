// SPDX-License-Identifier: Apache-2.0

internal import Agent
internal import ArgumentParser
internal import Domain
internal import FoundationEssentials
internal import Mail
internal import Rules

extension RulesCommand {
    struct Measure: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Says how long the rule files take: to load, and for each mail.",
            discussion: "Prints one JSON object. Times are medians, in microseconds.")

        @OptionGroup var folders: Folders

        @Option(help: "How often each mail is read.")
        var rounds = 20

        @Flag(help: "Also try every file on each mail, as a loop without an index would.")
        var everyFile = false

        @Argument(help: "Mails (.eml).")
        var mails: [String] = []

        /// More rounds only take longer.
        private static let roundsMax = 100_000

        func run() throws {
            let clock = ContinuousClock()
            var compiled: (RuleBook, [RuleProblem])?
            let loading = try clock.measure { compiled = try folders.ruleDirectory.compile() }
            guard let (book, problems) = compiled, problems.isEmpty else {
                throw Failure(
                    message: Language.ofProcess.pick(
                        "\(folders.directory): files with problems; see mutabik rules check",
                        "\(folders.directory): sorunlu dosyalar var; bkz. mutabik rules check"),
                    code: .negative)
            }
            var line = JSONLine()
            line.put("files", book.fileCount)
            line.put("load_ms", Int64(Self.microseconds(loading) / 1000))
            line.put(
                "mails",
                try mails.map { path in
                    try measure(path, book, clock)
                })
            Terminal.line(line.finished)
        }

        private func measure(
            _ path: String, _ book: RuleBook, _ clock: ContinuousClock
        ) throws -> JSONLine {
            guard let data = FileManager.default.contents(atPath: path),
                let message = try? MessageParser.parse(Array(data))
            else {
                throw Failure(
                    message: Language.ofProcess.pick(
                        "\(path): cannot be read as a mail", "\(path): e-posta olarak okunamıyor"),
                    code: .negative)
            }
            let arrival = message.date ?? Date(timeIntervalSince1970: 0)
            let rounds = min(max(1, rounds), Self.roundsMax)
            var line = JSONLine()
            line.put("mail", path)
            line.put("outcome", book.read(message, receivedAt: arrival).outcome.rawValue)
            line.put(
                "read_us",
                Self.median(rounds) {
                    clock.measure { _ = book.read(message, receivedAt: arrival) }
                })
            if everyFile {
                line.put(
                    "every_file_us",
                    Self.median(min(rounds, 5)) {
                        clock.measure { _ = book.tryingEveryFile(message, receivedAt: arrival) }
                    })
            }
            return line
        }

        private static func median(_ rounds: Int, _ body: () -> Duration) -> Int64 {
            let times = (0..<rounds).map { _ in microseconds(body()) }.sorted()
            return Int64(times[times.count / 2])
        }

        private static func microseconds(_ duration: Duration) -> Double {
            let (seconds, attoseconds) = duration.components
            return Double(seconds) * 1e6 + Double(attoseconds) / 1e12
        }
    }
}
