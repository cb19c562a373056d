// SPDX-License-Identifier: Apache-2.0

internal import Agent
internal import ArgumentParser
internal import Domain
internal import Rules

extension RulesCommand {
    struct Test: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Runs the samples of rule files and shows what each gave.",
            discussion: """
                Example: mutabik rules test rules/garanti-bbva/rule.yaml
                Exit code: 0 all samples hold, 1 some do not, 65 the file is not there.
                """)

        @OptionGroup var options: Options

        @Flag(help: "Only samples that fail.")
        var failed = false

        @Argument(
            help: "A folder of rules, a rule.yaml, or a bank's name; all rules when left out.")
        var place: String?

        func run() throws { try reply(.ofProcess).deliver() }

        func reply(_ manner: Manner) throws -> CommandReply {
            var reply = CommandReply()
            let files = try RuleFiles(place, home: options.folders, manner: manner)
            let trials = files.trials
            let bad = trials.reduce(0) {
                $0 + $1.problems.count + $1.samples.count { !$0.problems.isEmpty }
            }
            let count = trials.reduce(0) { $0 + $1.samples.count }
            if options.json {
                for trial in trials { put(trial, files.directory, into: &reply) }
            } else {
                tell(files, manner, into: &reply)
                reply.line(
                    manner.painted(
                        manner.pick(
                            "\(count.of("sample")) in \(trials.count.of("file")), \(bad) wrong",
                            "\(trials.count) dosyada \(count) örnek, \(bad) yanlış"), .bold))
            }
            if count == 0, bad == 0 {
                reply.failure = Failure(
                    message: manner.pick(
                        "\(files.directory.path): no samples are there",
                        "\(files.directory.path): örnek yok"),
                    code: .negative)
            } else if bad > 0 {
                reply.failure = Failure(
                    message: manner.pick("\(bad) of them do not hold", "\(bad) tanesi tutmuyor"),
                    code: .negative)
            }
            return reply
        }

        private func tell(
            _ files: RuleFiles, _ manner: Manner, into reply: inout CommandReply
        ) {
            for trial in files.trials {
                let shown = trial.samples.filter { !failed || !$0.problems.isEmpty }
                guard !shown.isEmpty || !trial.problems.isEmpty else { continue }
                reply.line(manner.painted(files.directory.place(of: trial), .bold))
                for problem in trial.problems {
                    let problem = manner.text(of: files.directory.placed(problem))
                    reply.line("  \(manner.mark(false)) \(problem)")
                }
                var table = PlainTable()
                for sample in shown {
                    table.add([
                        manner.mark(sample.problems.isEmpty), sample.group, sample.name,
                        Self.gave(sample.reading),
                    ])
                }
                let rows = table.lines
                for (sample, row) in zip(shown, rows) {
                    reply.line("  " + row)
                    for problem in sample.problems {
                        let problem = manner.text(of: files.directory.placed(problem))
                        reply.line("      \(problem)")
                    }
                }
            }
        }

        /// What a sample came to, on one line.
        static func gave(_ reading: Reading) -> String {
            var parts = [reading.outcome.rawValue]
            if let kind = reading.notAPaymentKind { parts[0] += " (\(kind))" }
            if let rule = reading.imitates { parts.append("≈ \(rule)") }
            for notice in reading.notices.prefix(3) {
                let values = [notice.amount.description, notice.payer, notice.description]
                parts.append(values.compactMap(\.self).joined(separator: " · "))
            }
            return parts.joined(separator: "  ")
        }

        private func put(_ problem: RuleProblem, into reply: inout CommandReply) {
            var line = problem.json
            line.put("holds", false)
            reply.line(line.finished)
        }

        private func put(
            _ trial: RuleTrial, _ directory: RuleDirectory, into reply: inout CommandReply
        ) {
            for problem in trial.problems { put(directory.placed(problem), into: &reply) }
            for sample in trial.samples where !failed || !sample.problems.isEmpty {
                var line = JSONLine()
                line.put("file", directory.place(of: trial))
                line.put("line", sample.line)
                line.put("group", sample.group)
                line.put("name", sample.name)
                line.put("holds", sample.problems.isEmpty)
                line.put("outcome", sample.reading.outcome.rawValue)
                line.put("rule", sample.reading.rule?.text)
                line.put("explanation", sample.reading.explanation)
                line.put("problems", sample.problems.map { directory.placed($0).description })
                reply.line(line.finished)
            }
        }
    }
}

/// Rows without headings, each column as wide as its widest cell; colours take no room.
struct PlainTable {
    private var rows: [[String]] = []

    mutating func add(_ cells: [String]) { rows.append(cells) }

    var lines: [String] {
        var widths: [Int] = []
        for row in rows {
            for (index, cell) in row.enumerated() {
                if index == widths.count { widths.append(0) }
                widths[index] = max(widths[index], Self.width(cell))
            }
        }
        return rows.map { row in
            row.enumerated().map { index, cell in
                let padding = index == row.count - 1 ? 0 : widths[index] - Self.width(cell)
                return cell + String(repeating: " ", count: max(0, padding))
            }.joined(separator: "  ")
        }
    }

    /// Without the signs that switch colours.
    private static func width(_ cell: String) -> Int {
        var width = 0
        var isColour = false
        for sign in cell {
            if sign == "\u{1B}" { isColour = true }
            if !isColour { width += 1 }
            if sign == "m" { isColour = false }
        }
        return width
    }
}
