// SPDX-License-Identifier: Apache-2.0

internal import Matching

/// Lines and payments of one sum that share neither number, code nor whole name, compared each with
/// each of the days around it.
struct StatementRest {
    /// Lines, or payments, that say the same.
    struct Kind {
        let word: StatementWord
        /// Those that are still to be paired, in their order.
        var members: [Int]
    }

    /// Lines that may be some of these payments.
    struct Doubt {
        let lines: [Int]
        /// The likely ones first.
        let payments: [Int]
    }

    private struct Edge {
        /// A kind of lines, seen from one of payments, and the other way round.
        let kind: Int
        let kinship: StatementKinship

        var isLikely: Bool { kinship > .doubtful }
    }

    private var lines: [Kind]
    private var payments: [Kind]
    private var ofLine: [[Edge]]
    private var ofPayment: [[Edge]]

    /// Nil when more would have to be compared than is left of `comparisons`.
    init?(lines: [Kind], payments: [Kind], comparisons: inout Int) {
        guard let near = Self.near(lines, payments, comparisons: &comparisons) else { return nil }
        self.lines = lines
        self.payments = payments
        ofLine = Array(repeating: [], count: lines.count)
        ofPayment = Array(repeating: [], count: payments.count)
        for (line, kind) in lines.enumerated() {
            for payment in near[line] {
                guard let kinship = StatementKinship.of(kind.word, and: payments[payment].word)
                else { continue }
                ofLine[line].append(Edge(kind: payment, kinship: kinship))
                ofPayment[payment].append(Edge(kind: line, kinship: kinship))
            }
        }
    }

    /// For each line the payments of the days around it, and those of other weeks that share
    /// something with it; nil when these are more than is left of `comparisons`.
    private static func near(
        _ lines: [Kind], _ payments: [Kind], comparisons: inout Int
    ) -> [[Int]]? {
        var days: [Int: [Int]] = [:]
        var strays: [[String]: [Int]] = [:]
        for (place, kind) in payments.enumerated() {
            days[kind.word.day, default: []].append(place)
            for key in kind.word.strayKeys { strays[key, default: []].append(place) }
        }
        let around = -StatementKinship.bookedDaysLater...StatementKinship.bookedDaysEarlier
        var left = comparisons
        var found: [[Int]] = []
        for line in lines {
            let same = around.flatMap { days[line.word.day + $0] ?? [] }
            let others = line.word.strayKeys.flatMap { strays[$0] ?? [] }
            left -= same.count + others.count
            guard left >= 0 else { return nil }
            found.append(same + Set(others).subtracting(same).sorted())
        }
        comparisons = left
        return found
    }

    /// A name that fits in part counts where neither line nor payment could as well be another's.
    mutating func onlyChoices() -> [(line: Int, payment: Int)] {
        var pairs: [(line: Int, payment: Int)] = []
        for line in lines.indices where lines[line].members.count == 1 {
            let choices = likely(ofLine[line], payments)
            guard let choice = choices.first, choices.count == 1, choice.kinship == .nearName,
                payments[choice.kind].members.count == 1
            else { continue }
            let rivals = likely(ofPayment[choice.kind], lines)
            guard rivals.count == 1 else { continue }
            pairs.append((lines[line].members[0], payments[choice.kind].members[0]))
            lines[line].members = []
            payments[choice.kind].members = []
        }
        return pairs
    }

    /// What is left and may belong together, with at most `shown` payments for each line.
    func doubts(shown: Int) -> [Doubt] {
        lines.indices.compactMap { line in
            guard !lines[line].members.isEmpty else { return nil }
            let choices = ofLine[line].filter { !payments[$0.kind].members.isEmpty }
            guard !choices.isEmpty else { return nil }
            let ranked = choices.filter(\.isLikely) + choices.filter { !$0.isLikely }
            let some = ranked.prefix(shown).flatMap { payments[$0.kind].members.prefix(shown) }
            return Doubt(lines: lines[line].members, payments: Array(some.prefix(shown)))
        }
    }

    /// The payments that may be those of a line that is left.
    var inDoubt: [Int] {
        payments.indices.filter { payment in
            ofPayment[payment].contains { !lines[$0.kind].members.isEmpty }
        }.flatMap { payments[$0].members }
    }

    private func likely(_ edges: [Edge], _ kinds: [Kind]) -> [Edge] {
        edges.filter { $0.isLikely && !kinds[$0.kind].members.isEmpty }
    }
}
