// SPDX-License-Identifier: Apache-2.0

import Domain
import FoundationEssentials
import Matching
import Statements
import Testing
import Workflow

@testable import Agent
@testable import Ledger

/// Random seasons: guests, payments of every kind, statements, answers, undoings, reversals,
/// refunds, time. After each step everything that must hold is looked at.
@Suite("Whatever happens")
struct MoneyPropertyTests {
    /// `MUTABIK_SEED=17` plays another season.
    private static let seeds: [UInt64] =
        ProcessInfo.processInfo.environment["MUTABIK_SEED"].flatMap(UInt64.init).map { [$0] }
        ?? [20_261_122, 7, 4_242]
    fileprivate static let names = ["Elif Karaca", "Bora Tanyel", "Selin Örge", "Elif Nur Karaca"]

    fileprivate struct Season {
        let till: Till
        var random: SeededRandom
        var guests = 0
        /// The guests as they came.
        var begun: [RegistrationID: Registration] = [:]
        var received: Int64 = 0
        var numbers = 0
        /// Every transfer that a mail told of, as its line will stand in a statement.
        var lines: [Line] = []
        /// How often each kind of event came to something.
        var kinds: [String: Int] = [:]
        let schedule = PaymentSchedule(terms: [
            gala: PaymentTerms(
                payWithin: 48 * 3_600, remindAfter: [86_400], sendsInstructions: true)
        ])

        init(seed: UInt64) throws {
            till = try Till(
                MatchingPolicy(
                    ownAccounts: .any, ownAddresses: .any, events: [gala: EventPolicy(seats: 12)]),
                instructed: [gala])
            random = SeededRandom(seed: seed)
        }

        mutating func pick<Value>(_ values: [Value]) -> Value? {
            values.randomElement(using: &random)
        }

        mutating func step() throws -> String {
            till.now += TimeInterval(Int.random(in: 1...7_200, using: &random))
            switch Int.random(in: 0..<24, using: &random) {
            case 0...3:
                guests += 1
                let own = Int64(Bool.random(using: &random) ? guests % 99 + 1 : 0)
                let guest = try till.guest(
                    guests, pick(MoneyPropertyTests.names) ?? "", own: own)
                begun[guest.id] = guest
                return "guest \(guests)"
            case 4...10: return try pay()
            case 11, 12: return try answer()
            case 13, 14: return try undo()
            case 15:
                var luck = random
                try till.carryOut { [now = till.now] in
                    // Most calls go well; some come again later, some replies are lost.
                    switch Int.random(in: 0..<8, using: &luck) {
                    case 0: .waiting(until: now + 600)
                    case 1: .unknown(until: now + 600)
                    case 2: nil
                    default: .done
                    }
                }
                random = luck
                return "carried out"
            case 16: return try reverse()
            case 17:
                let report = try till.ledger.write { try schedule.run(now: till.now, in: $0) }
                return "schedule \(report)"
            case 18: return try cancel()
            case 19, 20: return try reconcile()
            case 21: return try pay(.paymentWithoutDetails)
            case 22: return try ask()
            default:
                guard let due = try till.ledger.read({ try $0.refundsDue() }).first else {
                    return "no refund"
                }
                kinds["refund", default: 0] += 1
                return try exactly("refunded \(due.payment)") { [till] in
                    try till.ledger.write {
                        try Closing.confirmRefund(due, by: "x", now: till.now, in: $0)
                    }
                }
            }
        }

        private mutating func pay(_ outcome: MailOutcome = .payment) throws -> String {
            let sums: [Int64] = [125_000, 125_001, 125_002, 60_000, 65_000, 250_000, 130_000]
            var minor = pick(sums) ?? 1
            var codes = try (0..<Int.random(in: 0...2, using: &random)).map { _ in
                try code(Int.random(in: 1...max(1, guests + 1), using: &random)).text
            }
            // Every third is as it should be: one code, or two, and what they owe.
            if guests > 0, Int.random(in: 0..<3, using: &random) == 0 {
                let several = Set(
                    (0..<Int.random(in: 1...2, using: &random)).map { _ in
                        Int.random(in: 1...guests, using: &random)
                    })
                let owed = try several.map { try till.registration($0).open.minorUnits }
                if owed.allSatisfy({ $0 > 0 }) {
                    minor = owed.reduce(0, +)
                    codes = try several.sorted().map { try code($0).text }
                }
            }
            numbers += 1
            let line = Line(
                minor: minor, payer: pick(MoneyPropertyTests.names),
                words: codes.joined(separator: " "),
                number: Bool.random(using: &random) ? "F\(numbers)" : nil,
                day: BankDay(of: till.now).number - BankDay(of: noon).number)
            lines.append(line)
            // What was taken back before it was told of is nobody's without a person.
            let isGone = line.number != nil && Int.random(in: 0..<12, using: &random) == 0
            if isGone { try till.takeBack(minor, id: line.number) }
            // Some mails are lost; the statement knows.
            guard Int.random(in: 0..<8, using: &random) > 0 else { return "a mail is lost" }
            let report = try till.pay(
                minor, from: Bool.random(using: &random) ? line.payer : nil, line.words,
                id: line.number,
                trust: Int.random(in: 0..<8, using: &random) == 0 ? .unverified : .verified,
                outcome: outcome)
            if isGone, report.trust.trust == .verified, outcome == .payment {
                kinds["gone before", default: 0] += 1
                #expect([.review, .duplicate].contains(report.verdict.kind))
            }
            kinds["\(report.verdict.kind)", default: 0] += 1
            return "pay \(minor) \(codes): \(report.verdict.kind)"
        }

        /// A statement of the last days, in some format, applied; what is uncertain is answered.
        private mutating func reconcile() throws -> String {
            let some = lines.suffix(Int.random(in: 1...12, using: &random)).filter { _ in
                Int.random(in: 0..<6, using: &random) > 0
            }
            let format = pick(Statement.Format.allCases) ?? .csv
            let file = UInt8.random(in: 1...255, using: &random)
            let first = try till.reconcile(some, format, file: file)
            for item in first.items {
                kinds["line \(Self.name(item.finding))", default: 0] += 1
                guard case .uncertain(let ids) = item.finding else { continue }
                let choice: StatementChoice =
                    if let id = pick(ids) { .same(line: item.number, payment: id) } else {
                        .new(line: item.number)
                    }
                do {
                    try till.reconcile(some, format, file: file, choices: [choice])
                    kinds["placed", default: 0] += 1
                } catch is StatementRefusal {}
            }
            let before = try till.picture()
            let again = try till.reconcile(some, format, file: file)
            #expect(again.reports.isEmpty)
            #expect(try till.picture() == before, "a statement applied twice")
            return "statement of \(some.count): \(first.words)"
        }

        private static func name(_ finding: Reconciliation.Finding) -> String {
            switch finding {
            case .known, .repeated: "known"
            case .both: "both"
            case .uncertain: "uncertain"
            case .bankOnly: "bank only"
            }
        }

        private mutating func answers(to question: ReviewRecord) throws -> [ReviewAnswer] {
            let goals = (0..<2).map { _ in
                RegistrationID("g\(Int.random(in: 1...max(1, guests), using: &random))")
            }
            var answers: [ReviewAnswer] = [
                .accept(nil), .assign(goals[0], nil), .credit, .refund, .ignore,
                .assign(goals[0], lira(60_000)),
            ]
            // What is free of the payment, over two who still owe.
            if case .payment(let id) = question.subject {
                let parts: [Verdict.Allocation] = try till.ledger.read { books in
                    let payment = try books.payment(id)
                    var rest = payment?.notice.amount.minorUnits ?? 0
                    return try goals.compactMap { goal in
                        guard let guest = try books.registration(goal) else { return nil }
                        let part = min(rest, guest.open.minorUnits)
                        rest -= part
                        return .init(registration: goal, amount: lira(part))
                    }
                }
                answers += [.split(parts), .split(parts)]
            }
            return answers
        }

        /// Asks about what is kept of a payment once more.
        private mutating func ask() throws -> String {
            let kept = try till.ledger.read { books in
                try books.payments(limit: 1_000).filter {
                    try books.holdings(of: $0.id).contains { $0.account == .credit }
                }
            }
            guard let payment = pick(kept) else { return "no credit" }
            let id = try till.ledger.write {
                try till.desk.askAboutCredit(of: payment.id, by: "x", now: till.now, in: $0)
            }
            kinds["ask", default: 0] += 1
            return "question \(id) about the credit of \(payment.id)"
        }

        private mutating func answer() throws -> String {
            guard let question = pick(try till.open),
                let answer = pick(try answers(to: question))
            else { return "no question" }
            let before = try till.picture()
            let report = refusal { try till.answer(answer, question.id) }
            if report != nil { #expect(try till.picture() == before) }
            if report == nil {
                kinds[answer.name, default: 0] += 1
                let asked = try till.ledger.read { try $0.review(question.id) }
                #expect(asked?.closedAt != nil, "\(answer) closes \(question.id)")
            }
            return "\(answer) to \(question.id): \(report?.label ?? "ok")"
        }

        /// Decides and, every other time, takes it back: then all stands as it stood.
        private mutating func exactly(
            _ what: String, _ decide: () throws -> DecisionID
        ) throws -> String {
            let before = try till.picture()
            let open = try till.open.map(\.id)
            var decision: DecisionID?
            let refused = refusal { decision = try decide() }
            guard let decision, refused == nil else {
                #expect(try till.picture() == before)
                return "\(what): \(refused?.label ?? "")"
            }
            guard Bool.random(using: &random) else { return what }
            let undone = try till.undo(decision)
            #expect(try till.picture() == before, "\(what) and undone")
            #expect(try till.open.map(\.id) == open, "\(what) and undone")
            #expect(refusal { try till.undo(undone.decision) } == .undo(.isUndo))
            kinds["undone", default: 0] += 1
            return "\(what), and undone"
        }

        private mutating func cancel() throws -> String {
            guard guests > 0 else { return "nobody" }
            let id = RegistrationID("g\(Int.random(in: 1...guests, using: &random))")
            kinds["cancel", default: 0] += 1
            return try exactly("cancel \(id)") { [till] in
                try till.ledger.write {
                    try till.desk.cancel(id, by: "x", now: till.now, in: $0).decision
                }
            }
        }

        /// Undoes something, and what was just done must be undone exactly.
        private mutating func undo() throws -> String {
            if let question = pick(try till.open), let answer = pick(try answers(to: question)) {
                // The payment of a mail without an amount is made by the answer, and stays as an
                // ignored one.
                if case .payment = question.subject {
                    return try exactly("\(answer) to \(question.id)") { [till] in
                        try till.answer(answer, question.id).decision
                    }
                }
            }
            let decisions = try till.ledger.read { try $0.decisions(limit: 6) }
            guard let decision = pick(decisions) else { return "nothing to undo" }
            let refused = refusal { try till.undo(decision.id) }
            return "undo \(decision.id): \(refused?.label ?? "ok")"
        }

        private mutating func reverse() throws -> String {
            let payments = try till.ledger.read { try $0.payments(limit: 1_000) }
            guard let payment = pick(payments) else { return "no reversal" }
            kinds["reverse", default: 0] += 1
            if Bool.random(using: &random) {
                let lies = try till.ledger.read { try $0.takeable(of: payment.id) }
                let sums: [Int64] = [1, 30_000, 60_000] + lies.map(\.amount.minorUnits)
                let part = pick(sums) ?? 1
                let guest = Bool.random(using: &random) ? nil : lies.first?.about
                kinds["part", default: 0] += 1
                return try exactly("reverse \(part) of \(payment.id)") { [till] in
                    try till.ledger.write {
                        try till.desk.reverse(
                            payment.id, lira(part), about: guest, by: "x", now: till.now, in: $0
                        ).decision
                    }
                }
            }
            guard let id = payment.notice.transactionID, Bool.random(using: &random) else {
                return try exactly("reverse \(payment.id)") { [till] in
                    try till.ledger.write {
                        try till.desk.reverse(payment.id, by: "x", now: till.now, in: $0).decision
                    }
                }
            }
            let whole = payment.notice.amount.minorUnits
            // None is a mail that prints no sum.
            let sums: [Int64] = [0, 10_000, 25_001, 60_000, whole, whole]
            let sum = pick(sums) ?? whole
            let part = sum > 0 ? sum : nil
            let report = try till.takeBack(
                part, id: id, kind: part == nil ? pick(["whole", "part"]) : nil)
            return "reversal of \(payment.id): \(report.verdict.reasons)"
        }
    }

    @Test("sums are zero, nobody is approved with less than due, nothing is lost", arguments: seeds)
    func season(seed: UInt64) throws {
        var season = try Season(seed: seed)
        var log: [String] = []
        for round in 0..<250 {
            log.append(try season.step())
            let broken = try season.till.ledger.read { try $0.brokenInvariants() }
            let place = "seed \(seed), step \(round): \(broken.map { "\($0.name) \($0.subject)" })"
            #expect(broken.isEmpty, "\(place)\n\(log.suffix(6).joined(separator: "\n"))")
            guard broken.isEmpty else { return }
        }
        let counts = try season.till.ledger.read { try $0.counts() }
        #expect(counts.registrations[.confirmed] ?? 0 > 0, "seed \(seed)")
        print("seed \(seed): \(season.kinds.sorted { $0.key < $1.key })")
        // A season in which something never happens says nothing about it.
        for kind in [
            "approve", "review", "cancel", "reverse", "part", "refund", "undone", "line known",
            "line both", "line bank only", "line uncertain", "placed", "ask",
        ] {
            #expect(season.kinds[kind] ?? 0 > 0, "seed \(seed): no \(kind)")
        }
        try season.takeAllBack(seed)
    }
}

extension MoneyPropertyTests.Season {
    /// Every decision is undone, the last one first: each guest waits as at the beginning, and all
    /// money lies before a person or was never booked.
    func takeAllBack(_ seed: UInt64) throws {
        for decision in try till.ledger.read({ try $0.decisions(limit: 10_000) })
        where decision.undoes == nil && decision.undoneBy == nil {
            let refused = refusal { try till.undo(decision.id) }
            #expect(refused == nil, "seed \(seed): \(decision.kind) \(decision.id)")
        }
        for guest in try till.ledger.read({ try $0.registrations(limit: 10_000) }) {
            let start = try #require(begun[guest.id])
            #expect(guest.state == start.state, "seed \(seed): \(guest.id)")
            #expect(guest.due == start.due && guest.paid == lira(0), "seed \(seed): \(guest.id)")
        }
        for payment in try till.ledger.read({ try $0.payments(limit: 10_000) }) {
            let lies = try till.ledger.read { try $0.holdings(of: payment.id).map(\.account) }
            #expect(lies.allSatisfy { $0 == .bank || $0 == .unallocated }, "seed \(seed)")
        }
        let broken = try till.ledger.read { try $0.brokenInvariants() }
        #expect(broken.isEmpty, "seed \(seed): \(broken.map(\.subject))")
    }
}
