// SPDX-License-Identifier: Apache-2.0

internal import Domain
internal import FoundationEssentials
internal import Ledger
internal import Matching

/// Lines of a statement and payments that mails told of, one to one.
///
/// By number, then code, then whole name, then a name that fits in part, then order. A line or a
/// payment is used once, so that two equal payments stay two. The last two steps need more: that
/// there is one choice only, or as many lines as payments and nothing to tell them apart.
struct StatementPairing {
    /// What becomes of a line.
    enum Match: Hashable {
        case pair(Int)
        case uncertain([Int])
        case alone
    }

    private let kinship: [[StatementKinship?]]
    private var lines: Set<Int>
    private var payments: Set<Int>
    private var matches: [Match]

    /// - Parameter kinship: for each line, how well each payment fits.
    static func match(_ kinship: [[StatementKinship?]], payments: Int) -> [Match] {
        var pairing = StatementPairing(
            kinship: kinship, lines: Set(kinship.indices), payments: Set(0..<payments),
            matches: Array(repeating: .alone, count: kinship.count))
        for step in [StatementKinship.number, .code, .name] { pairing.takeFirst(step) }
        pairing.takeOnly(.nearName)
        pairing.takeInOrder()
        pairing.tellTheRest()
        return pairing.matches
    }

    private mutating func take(_ line: Int, _ payment: Int) {
        matches[line] = .pair(payment)
        lines.remove(line)
        payments.remove(payment)
    }

    private mutating func takeFirst(_ step: StatementKinship) {
        for line in lines.sorted() {
            if let payment = payments.sorted().first(where: { kinship[line][$0] == step }) {
                take(line, payment)
            }
        }
    }

    /// Only where neither the line nor the payment could as well be another's.
    private mutating func takeOnly(_ step: StatementKinship) {
        for line in lines.sorted() {
            let choices = likely(line)
            guard let payment = choices.first, choices.count == 1, kinship[line][payment] == step,
                lines.filter({ likely($0).contains(payment) }).count == 1
            else { continue }
            take(line, payment)
        }
    }

    /// As many lines as payments, every one of which may be every other's: any order is right.
    private mutating func takeInOrder() {
        for line in lines.sorted() where lines.contains(line) {
            let choices = likely(line)
            let rivals = lines.filter { !likely($0).isDisjoint(with: choices) }.sorted()
            guard rivals.count == choices.count,
                rivals.allSatisfy({ rival in
                    likely(rival) == choices
                        && choices.allSatisfy { kinship[rival][$0] == .possible }
                })
            else { continue }
            for (rival, payment) in zip(rivals, choices.sorted()) { take(rival, payment) }
        }
    }

    /// The payments that may be this line's, doubt aside.
    private func likely(_ line: Int) -> Set<Int> {
        payments.filter { (kinship[line][$0] ?? .doubtful) > .doubtful }
    }

    private mutating func tellTheRest() {
        for line in lines {
            let choices = payments.filter { kinship[line][$0] != nil }.sorted()
            if !choices.isEmpty { matches[line] = .uncertain(choices) }
        }
    }
}
