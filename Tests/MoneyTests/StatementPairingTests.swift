// SPDX-License-Identifier: Apache-2.0

import Domain
import FoundationEssentials
import Matching
import Testing

@testable import Agent

/// The pairing as it is meant, each line compared with each payment at every step: right for
/// dozens, of no use for thousands.
private struct PlainPairing {
    private let kinship: [[StatementKinship?]]
    private var lines: Set<Int>
    private var payments: Set<Int>
    private var matches: [StatementPairing.Match]

    static func match(
        _ lines: [StatementWord], _ payments: [StatementWord]
    ) -> [StatementPairing.Match] {
        let kinship = lines.map { line in payments.map { StatementKinship.of(line, and: $0) } }
        var pairing = PlainPairing(
            kinship: kinship, lines: Set(lines.indices), payments: Set(payments.indices),
            matches: Array(repeating: .alone, count: lines.count))
        for step in [StatementKinship.number, .code, .name] { pairing.takeFirst(step) }
        pairing.takeOnly()
        for line in pairing.lines {
            let choices = pairing.payments.filter { kinship[line][$0] != nil }.sorted()
            if !choices.isEmpty { pairing.matches[line] = .uncertain(choices) }
        }
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

    private mutating func takeOnly() {
        for line in lines.sorted() {
            let choices = likely(line)
            guard let payment = choices.first, choices.count == 1,
                kinship[line][payment] == .nearName,
                lines.filter({ likely($0).contains(payment) }).count == 1
            else { continue }
            take(line, payment)
        }
    }

    private func likely(_ line: Int) -> Set<Int> {
        payments.filter { (kinship[line][$0] ?? .doubtful) > .doubtful }
    }
}

@Suite("Lines and payments of one sum")
struct StatementPairingTests {
    private static let names: [String?] = [
        "Elif Karaca", "ELİF KARACA", "Elif Nur Karaca", "E*** K*****", "Bora Tanyel", "Karaca",
        "Jonas Weber", nil, nil,
    ]

    private func word(_ random: inout SeededRandom, isLine: Bool) throws -> StatementWord {
        let codes = try (1...3).map { try code($0).text }
        let words =
            Int.random(in: 0..<3, using: &random) == 0
            ? codes.randomElement(using: &random)
            : nil
        let isTimed = Int.random(in: 0..<4, using: &random) == 0
        return StatementWord(
            PaymentNotice(
                amount: lira(125_000),
                payer: Self.names.randomElement(using: &random) ?? nil, description: words,
                occurredAt: noon + Double(Int.random(in: 0...2, using: &random)) * 86_400
                    + Double(Int.random(in: 0...3, using: &random)) * 3_600,
                timeFrom: isTimed ? .body : .arrival,
                transactionID: Int.random(in: 0..<4, using: &random) == 0
                    ? "N\(Int.random(in: 1...4, using: &random))" : nil),
            codes: !isLine && Bool.random(using: &random)
                ? [try code(Int.random(in: 1...3, using: &random))] : [])
    }

    @Test(
        "are paired as if each were compared with each", arguments: 1...300 as ClosedRange<UInt64>)
    func plain(seed: UInt64) throws {
        var random = SeededRandom(seed: seed)
        let lines = try (0..<Int.random(in: 0...9, using: &random)).map { _ in
            try word(&random, isLine: true)
        }
        let payments = try (0..<Int.random(in: 0...9, using: &random)).map { _ in
            try word(&random, isLine: false)
        }
        var comparisons = StatementPairing.comparisonsMax
        let result = StatementPairing.match(lines, payments, comparisons: &comparisons)
        let plain = PlainPairing.match(lines, payments)
        let sorted = result.matches.map { match -> StatementPairing.Match in
            if case .uncertain(let some) = match { .uncertain(some.sorted()) } else { match }
        }
        #expect(sorted == plain, "seed \(seed)")
        let doubted = plain.reduce(into: Set<Int>()) {
            if case .uncertain(let some) = $1 { $0.formUnion(some) }
        }
        #expect(result.inDoubt == doubted, "seed \(seed)")
    }

    /// Twenty thousand people of different names, on one day.
    private func crowd(_ count: Int, from start: Int = 0, _ number: (Int) -> String?)
        -> [StatementWord]
    {
        (start..<start + count).map { index in
            StatementWord(
                PaymentNotice(
                    amount: lira(125_000), payer: "Kisi\(index) Soyad\(index)", description: nil,
                    occurredAt: noon, timeFrom: .arrival, transactionID: number(index)))
        }
    }

    @Test("cost few comparisons where number, code or name tell them apart")
    func crowds() {
        let payments = crowd(20_000) { $0 < 10_000 ? "N\($0)" : nil }
        let lines = Array(crowd(20_000) { "N\($0)" }.reversed())
        var comparisons = 0
        let result = StatementPairing.match(lines, payments, comparisons: &comparisons)
        #expect(result.matches.enumerated().allSatisfy { $1 == .pair(19_999 - $0) })
    }

    @Test("are nobody's in particular where thousands say the same")
    func alike() {
        let mute = StatementWord(
            PaymentNotice(
                amount: lira(125_000), payer: nil, description: nil, occurredAt: noon,
                timeFrom: .arrival))
        var comparisons = 1
        let even = StatementPairing.match(
            Array(repeating: mute, count: 20_000), Array(repeating: mute, count: 20_000),
            comparisons: &comparisons)
        #expect(even.matches.allSatisfy { $0 == .uncertain(Array(0..<20)) } && comparisons == 0)
        comparisons = 1
        let odd = StatementPairing.match(
            Array(repeating: mute, count: 20_000), Array(repeating: mute, count: 19_999),
            comparisons: &comparisons)
        #expect(odd.matches.allSatisfy { $0 == .uncertain(Array(0..<20)) })
        #expect(odd.inDoubt.count == 19_999)
    }

    @Test("are left to a person, and booked by nobody, where comparing would take too long")
    func tooMany() {
        var comparisons = 1_000
        let result = StatementPairing.match(
            crowd(100) { _ in nil }, crowd(100, from: 100) { _ in nil },
            comparisons: &comparisons)
        #expect(result.matches.allSatisfy { $0 == .uncertain([]) })
        #expect(result.inDoubt.count == 100 && comparisons == 1_000)
    }
}
