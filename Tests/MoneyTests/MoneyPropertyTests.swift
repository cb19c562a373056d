// SPDX-License-Identifier: Apache-2.0

import Domain
import FoundationEssentials
import Matching
import Testing
import Workflow

@testable import Agent
@testable import Ledger

/// Random seasons: guests, payments of every kind, answers, undoings, reversals, time. After each
/// step everything that must hold is looked at.
@Suite("Whatever happens")
struct MoneyPropertyTests {
    private static let seeds: [UInt64] = [20_261_122, 7, 4_242]
    private static let names = ["Elif Karaca", "Bora Tanyel", "Selin Örge", "Elif Nur Karaca"]

    private struct Season {
        let till: Till
        var random: SeededRandom
        var guests = 0
        var received: Int64 = 0
        var numbers = 0
        let schedule = PaymentSchedule(terms: [
            gala: PaymentTerms(
                payWithin: 48 * 3_600, remindAfter: [86_400], sendsInstructions: true)
        ])

        init(seed: UInt64) throws {
            till = try Till(MatchingPolicy(events: [gala: EventPolicy(seats: 12)]))
            random = SeededRandom(seed: seed)
        }

        mutating func pick<Value>(_ values: [Value]) -> Value? {
            values.randomElement(using: &random)
        }

        mutating func step() throws -> String {
            till.now += TimeInterval(Int.random(in: 1...7_200, using: &random))
            switch Int.random(in: 0..<20, using: &random) {
            case 0...3:
                guests += 1
                let own = Int64(Bool.random(using: &random) ? guests % 99 + 1 : 0)
                try till.guest(guests, pick(MoneyPropertyTests.names) ?? "", own: own)
                return "guest \(guests)"
            case 4...10: return try pay()
            case 11, 12: return try answer()
            case 13, 14: return try undo()
            case 15:
                try till.carryOut()
                return "carried out"
            case 16: return try reverse()
            case 17:
                let report = try till.ledger.write { try schedule.run(now: till.now, in: $0) }
                return "schedule \(report)"
            case 18:
                guard guests > 0 else { return "nobody" }
                let id = RegistrationID("g\(Int.random(in: 1...guests, using: &random))")
                _ = refusal {
                    try till.ledger.write {
                        try till.desk.cancel(id, by: "x", now: till.now, in: $0)
                    }
                }
                return "cancel \(id)"
            default:
                guard let due = try till.ledger.read({ try $0.refundsDue() }).first else {
                    return "no refund"
                }
                try till.ledger.write {
                    try Closing.confirmRefund(due, by: "x", now: till.now, in: $0)
                }
                return "refunded \(due.payment)"
            }
        }

        private mutating func pay() throws -> String {
            let sums: [Int64] = [125_000, 125_001, 125_002, 60_000, 65_000, 250_000, 130_000]
            let minor = pick(sums) ?? 1
            let codes = try (0..<Int.random(in: 0...2, using: &random)).map { _ in
                try code(Int.random(in: 1...max(1, guests + 1), using: &random)).text
            }
            numbers += 1
            let report = try till.pay(
                minor, from: pick(MoneyPropertyTests.names), codes.joined(separator: " "),
                id: Bool.random(using: &random) ? "F\(numbers)" : nil,
                trust: Int.random(in: 0..<8, using: &random) == 0 ? .unverified : .verified)
            return "pay \(minor) \(codes): \(report.verdict.kind)"
        }

        private mutating func answer() throws -> String {
            guard let question = pick(try till.open) else { return "no question" }
            let goal = RegistrationID("g\(Int.random(in: 1...max(1, guests), using: &random))")
            let answers: [ReviewAnswer] = [
                .accept(nil), .assign(goal, nil), .credit, .refund, .ignore,
            ]
            guard let answer = pick(answers) else { return "" }
            let before = try till.picture()
            let report = refusal { try till.answer(answer, question.id) }
            if report != nil { #expect(try till.picture() == before) }
            return "\(answer) to \(question.id): \(report?.label ?? "ok")"
        }

        /// Undoes something, and what was just done must be undone exactly.
        private mutating func undo() throws -> String {
            if let question = pick(try till.open) {
                let before = try till.picture()
                let open = try till.open.map(\.id)
                if let report = try? till.answer(.accept(nil), question.id) {
                    try till.undo(report.decision)
                    #expect(try till.picture() == before)
                    #expect(try till.open.map(\.id) == open)
                    return "answered and undone \(question.id)"
                }
            }
            let decisions = try till.ledger.read { try $0.decisions(limit: 6) }
            guard let decision = pick(decisions) else { return "nothing to undo" }
            let refused = refusal { try till.undo(decision.id) }
            return "undo \(decision.id): \(refused?.label ?? "ok")"
        }

        private mutating func reverse() throws -> String {
            let payments = try till.ledger.read { try $0.payments(limit: 1_000) }
            guard let payment = pick(payments), let id = payment.notice.transactionID else {
                return "no reversal"
            }
            try till.pay(
                payment.notice.amount.minorUnits, from: nil, id: id, outcome: .reversal)
            return "reversal of \(payment.id)"
        }
    }

    @Test("sums are zero, nobody is approved with less than due, nothing is lost", arguments: seeds)
    func season(seed: UInt64) throws {
        var season = try Season(seed: seed)
        var log: [String] = []
        for round in 0..<150 {
            log.append(try season.step())
            let broken = try season.till.ledger.read { try $0.brokenInvariants() }
            let place = "seed \(seed), step \(round): \(broken.map { "\($0.name) \($0.subject)" })"
            #expect(broken.isEmpty, "\(place)\n\(log.suffix(6).joined(separator: "\n"))")
            guard broken.isEmpty else { return }
        }
        let counts = try season.till.ledger.read { try $0.counts() }
        #expect(counts.registrations[.confirmed] ?? 0 > 0, "seed \(seed)")
    }
}
