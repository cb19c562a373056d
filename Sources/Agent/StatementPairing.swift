// SPDX-License-Identifier: Apache-2.0

internal import Matching

/// Lines of a statement and payments that mails told of, one to one, all of one sum.
///
/// By number, then code, then whole name: these are looked up. What is left is compared: a name
/// that fits in part, where there is one choice only. A line or a payment is used once, so that two
/// equal payments stay two. Sum and day alone bring nothing together: the mail of one may be lost
/// and the line of another late.
struct StatementPairing {
    /// What becomes of a line.
    enum Match: Hashable {
        case pair(Int)
        /// Some of the payments that it may be, the likely ones first; none when there are too
        /// many of both to be compared.
        case uncertain([Int])
        case alone
    }

    /// Why a line was taken for a payment's.
    struct Basis: Hashable {
        let kinship: StatementKinship
        /// No other payment of the sum had this in common with the line, and no other line with
        /// the payment.
        let isOnlyChoice: Bool
    }

    struct Result {
        var matches: [Match]
        /// By line, of those that are paired.
        var bases: [Int: Basis] = [:]
        /// The payments that may be an uncertain line's.
        var inDoubt: Set<Int> = []
    }

    private let lines: [StatementWord]
    private let payments: [StatementWord]
    private var openLines: [Bool]
    private var openPayments: [Bool]
    private var result: Result

    /// Payments under one key that are tried for a line. A number or name that more share without
    /// fitting tells nothing.
    private static let triesMax = 100
    /// How many pairs are compared for one statement; a million take a second. More are left only
    /// where thousands of a sum have neither number, code nor name in common.
    static let comparisonsMax = 4_000_000
    /// A person looks at so many.
    static let shownMax = 20

    /// - Parameter comparisons: how many pairs may still be compared.
    static func match(
        _ lines: [StatementWord], _ payments: [StatementWord], comparisons: inout Int
    ) -> Result {
        var pairing = StatementPairing(
            lines: lines, payments: payments,
            openLines: Array(repeating: true, count: lines.count),
            openPayments: Array(repeating: true, count: payments.count),
            result: Result(matches: Array(repeating: .alone, count: lines.count)))
        pairing.takeFirst(.number) { [$0.number].compactMap(\.self) }
        pairing.takeFirst(.code) { Array($0.codes) }
        pairing.takeFirst(.name, by: \.nameKeys)
        pairing.compareRest(&comparisons)
        return pairing.result
    }

    private mutating func take(_ line: Int, _ payment: Int, _ basis: Basis) {
        result.matches[line] = .pair(payment)
        result.bases[line] = basis
        openLines[line] = false
        openPayments[payment] = false
    }

    /// The first payment that shares a key with the line and fits it so well.
    private mutating func takeFirst<Key: Hashable>(
        _ step: StatementKinship, by keys: (StatementWord) -> [Key]
    ) {
        var queues: [Key: Queue] = [:]
        for payment in payments.indices where openPayments[payment] {
            for key in keys(payments[payment]) { queues[key, default: Queue()].add(payment) }
        }
        guard !queues.isEmpty else { return }
        var sharers: [Key: Int] = [:]
        for line in lines.indices where openLines[line] {
            for key in keys(lines[line]) where queues[key] != nil { sharers[key, default: 0] += 1 }
        }
        for line in lines.indices where openLines[line] {
            var found: Set<Int> = []
            var isShared = false
            for key in keys(lines[line]) {
                let fitting = queues[key]?.first(2, of: Self.triesMax, open: openPayments) {
                    StatementKinship.of(lines[line], and: payments[$0]) == step
                }
                guard let fitting, !fitting.isEmpty else { continue }
                found.formUnion(fitting)
                isShared = isShared || sharers[key, default: 0] > 1
            }
            guard let first = found.min() else { continue }
            take(
                line, first, Basis(kinship: step, isOnlyChoice: found.count == 1 && !isShared))
        }
    }

    /// Payments in their order, from which those that are taken fall out at the front.
    private struct Queue {
        private var items: [Int] = []
        private var start = 0

        mutating func add(_ item: Int) { items.append(item) }

        /// The first ones that fit.
        mutating func first(
            _ count: Int, of tries: Int, open: [Bool], _ fits: (Int) -> Bool
        ) -> [Int] {
            while start < items.count, !open[items[start]] { start += 1 }
            let tried = items[start...].lazy.filter { open[$0] }.prefix(tries)
            return Array(tried.filter(fits).prefix(count))
        }
    }

    // MARK: - The rest

    private mutating func compareRest(_ comparisons: inout Int) {
        let lineKinds = Self.kinds(of: lines, open: openLines)
        let paymentKinds = Self.kinds(of: payments, open: openPayments)
        guard !lineKinds.isEmpty, !paymentKinds.isEmpty else { return }
        guard
            var rest = StatementRest(
                lines: lineKinds, payments: paymentKinds, comparisons: &comparisons)
        else {
            for line in lines.indices where openLines[line] {
                result.matches[line] = .uncertain([])
            }
            result.inDoubt = Set(payments.indices.filter { openPayments[$0] })
            return
        }
        for (line, payment) in rest.onlyChoices() {
            take(line, payment, Basis(kinship: .nearName, isOnlyChoice: true))
        }
        for doubt in rest.doubts(shown: Self.shownMax) {
            for line in doubt.lines { result.matches[line] = .uncertain(doubt.payments) }
        }
        result.inDoubt = Set(rest.inDoubt)
    }

    /// What is left, equals together: they fit everything equally well. In the order of their
    /// first ones.
    private static func kinds(
        of words: [StatementWord], open: [Bool]
    ) -> [StatementRest.Kind] {
        var places: [StatementWord: Int] = [:]
        var kinds: [StatementRest.Kind] = []
        for index in words.indices where open[index] {
            let word = words[index].withoutWords
            if let place = places[word] {
                kinds[place].members.append(index)
            } else {
                places[word] = kinds.count
                kinds.append(StatementRest.Kind(word: word, members: [index]))
            }
        }
        return kinds
    }
}
