// SPDX-License-Identifier: Apache-2.0

/// What a season came to, counted.
package struct SeasonTable: Sendable {
    private let outcomes: [Outcome]
    private let report: SeasonReport

    package init(_ report: SeasonReport) {
        self.report = report
        outcomes = report.outcomes
    }

    /// Questions that stayed open, and what the check of the ledger finds.
    package var leftBroken: [String] {
        (report.openQuestions > 0 ? ["\(report.openQuestions) questions open"] : [])
            + report.broken
    }

    /// Payments that were booked for somebody who was not meant.
    package var wrong: [Outcome] { outcomes.filter { $0.fate == .wrong } }
    /// Payments that are neither booked nor before a person.
    package var lost: [Outcome] { outcomes.filter { $0.fate == .lost } }

    /// Of the payments with enough evidence: those that nobody had to touch, and all.
    package var untouched: (part: Int, of: Int) {
        let enough = outcomes.filter { $0.payment.evidence == .enough && $0.fate != .toldAgain }
        return (enough.count { $0.fate == .untouched }, enough.count)
    }

    /// Of the payments that a person has to look at and that point at somebody: those with the
    /// right registration first, and all.
    package var rightFirst: (part: Int, of: Int) {
        let asked = outcomes.filter {
            $0.payment.evidence != .none && [.first, .among, .absent].contains($0.fate)
        }
        return (asked.count { $0.fate == .first }, asked.count)
    }

    /// The same, with those of which nothing tells whom they are for: namesakes who owe the same,
    /// strangers who say nothing.
    package var rightFirstOfAll: (part: Int, of: Int) {
        let asked = outcomes.filter {
            !$0.payment.meant.isEmpty && [.first, .among, .absent].contains($0.fate)
        }
        return (asked.count { $0.fate == .first }, asked.count)
    }

    /// Payments with enough evidence that somebody had to touch, and those before a person whose
    /// right registration is not the first: what is left to be done.
    package var shortcomings: [Outcome] {
        outcomes.filter { outcome in
            switch outcome.fate {
            case .wrong, .lost: true
            case .first: outcome.payment.evidence == .enough
            case .among, .absent: outcome.payment.evidence != .none
            case .untouched, .leftAlone, .toldAgain: false
            }
        }
    }

    /// The table, a way of paying a line.
    package var text: String {
        let titles = [
            "untouched", "first", "among", "absent", "nobody's", "again", "WRONG", "lost",
        ]
        let fates: [Fate] = [
            .untouched, .first, .among, .absent, .leftAlone, .toldAgain, .wrong, .lost,
        ]
        var lines = [line("", ["payments"] + titles)]
        for way in Way.allCases {
            let ones = outcomes.filter { $0.payment.way == way }
            guard !ones.isEmpty else { continue }
            let counts = fates.map { fate in ones.count { $0.fate == fate } }
            lines.append(line(way.rawValue, cells([ones.count] + counts)))
        }
        let sums = fates.map { fate in outcomes.count { $0.fate == fate } }
        lines.append(line("all", cells([outcomes.count] + sums)))
        lines.append("")
        lines.append("wrong approvals: \(wrong.count)")
        lines.append("untouched, of those with enough evidence: \(Self.share(untouched))")
        lines.append(
            "right registration first, of those before a person that point at somebody: "
                + Self.share(rightFirst))
        lines.append(
            "right registration first, of all genuine payments before a person: "
                + Self.share(rightFirstOfAll))
        let genuine = outcomes.filter { !$0.payment.meant.isEmpty && $0.fate != .toldAgain }
        lines.append(
            "untouched, of all genuine payments: "
                + Self.share((genuine.count { $0.fate == .untouched }, genuine.count)))
        let (joined, new, asked) = report.lines
        lines.append(
            "statement lines: \(joined) joined to mails, \(new) without a mail, \(asked) asked about"
        )
        let busy = report.evenings.filter { $0 > 0 }
        lines.append(
            "questions: \(busy.reduce(0, +)), at most \(busy.max() ?? 0) on one evening")
        lines += leftBroken.map { "BROKEN: \($0)" }
        return lines.joined(separator: "\n")
    }

    private func cells(_ counts: [Int]) -> [String] { counts.map { $0 == 0 ? "" : "\($0)" } }

    private func line(_ title: String, _ cells: [String]) -> String {
        let name = title + String(repeating: " ", count: max(0, 52 - title.count))
        return name
            + cells.map { String(repeating: " ", count: max(1, 10 - $0.count)) + $0 }.joined()
    }

    /// `985 of 990, 99.5 %`.
    private static func share(_ share: (part: Int, of: Int)) -> String {
        guard share.of > 0 else { return "none" }
        let tenths = share.part * 1_000 / share.of
        return "\(share.part) of \(share.of), \(tenths / 10).\(tenths % 10) %"
    }
}

extension SeasonTable {
    /// Nobody approved wrongly, nothing lost, and both goals reached: 99 % and 95 %.
    package var isGood: Bool {
        wrong.isEmpty && lost.isEmpty && leftBroken.isEmpty
            && untouched.part * 100 >= untouched.of * 99
            && rightFirst.part * 100 >= rightFirst.of * 95
    }
}
