// SPDX-License-Identifier: Apache-2.0

import Domain
import FoundationEssentials
import Testing

@testable import Agent
@testable import Ledger

@Suite("An answer to a question")
struct ReviewDeskTests {
    /// A payment of a relative without a code: a question with one candidate.
    private func asked(_ minor: Int64 = 125_000) throws -> Till {
        let till = try Till()
        try till.guest(1)
        try till.pay(minor, from: "MEHMET KARACA")
        #expect(try till.open.map { $0.candidates.map(\.registration.text) } == [["g1"]])
        return till
    }

    @Test("accepts the first candidate: booked, approved, the question closed")
    func accept() throws {
        let till = try asked()
        let report = try till.answer(.accept(nil))
        #expect(report.registrations.map(\.state) == [.paid])
        #expect(report.effects == ["luma.approve:g1", "ticket.sms:g1"])
        #expect(try till.open.isEmpty)
        try till.expectSound()
    }

    @Test("is given once: a second one is refused and changes nothing")
    func once() throws {
        let till = try asked()
        let question = try #require(try till.open.first).id
        try till.answer(.accept(nil))
        let before = try till.picture()
        #expect(refusal { try till.answer(.credit, question) } == .answered("accept"))
        #expect(try till.picture() == before)
    }

    @Test("to an older question is refused")
    func revision() throws {
        let till = try asked()
        let question = try #require(try till.open.first)
        try till.ledger.write { books in
            try books.openReview(
                of: question.subject, kind: "match", reasons: [.noCode], at: noon)
            #expect(
                refusal {
                    try till.desk.answer(
                        question.id, .credit, revision: question.revision, by: "x", now: noon,
                        in: books)
                } == .changed)
        }
    }

    @Test("assigns to somebody who was not proposed, and only on purpose")
    func assign() throws {
        let till = try asked()
        try till.guest(2, "Bora Tanyel")
        let other = RegistrationID("g2")
        #expect(refusal { try till.answer(.accept(other)) } == .notProposed(other))
        try till.answer(.assign(other, nil))
        #expect(try till.state(2) == .paid && till.state(1) == .awaitingPayment)
        try till.expectSound()
    }

    @Test("books what is owed and keeps the rest as credit")
    func surplus() throws {
        let till = try asked(150_000)
        let report = try till.answer(.accept(nil))
        #expect(report.credit == lira(25_000))
        #expect(try till.state(1) == .paid)
        try till.expectSound()
    }

    @Test("splits into parts that are exactly the payment")
    func split() throws {
        let till = try asked(210_000)
        try till.guest(2, "Selin Örge", due: 85_000)
        let (one, other) = (RegistrationID("g1"), RegistrationID("g2"))
        func parts(_ first: Int64, _ second: Int64) -> ReviewAnswer {
            .split([
                .init(registration: one, amount: lira(first)),
                .init(registration: other, amount: lira(second)),
            ])
        }
        #expect(refusal { try till.answer(parts(125_000, 84_999)) } == .partsDiffer(lira(210_000)))
        #expect(refusal { try till.answer(parts(125_001, 84_999)) } == .nothingOwed(one))
        try till.answer(parts(125_000, 85_000))
        #expect(try till.state(1) == .paid && till.state(2) == .paid)
        try till.expectSound()
    }

    @Test("credits, refunds or ignores", arguments: ["credit", "refund", "ignore"])
    func others(_ name: String) throws {
        let till = try asked()
        let answer: ReviewAnswer = name == "credit" ? .credit : name == "refund" ? .refund : .ignore
        try till.answer(answer)
        let balances = try till.ledger.read { try $0.accounts(of: .everything) }
        let account = ["credit": "credit", "refund": "refund_due"][name]
        #expect(
            balances.first { $0.account == account }?.amount == account.map { _ in lira(125_000) })
        #expect(try till.state(1) == .awaitingPayment)
        try till.expectSound()
    }

    @Test("takes unproven money for real when a person says so")
    func unproven() throws {
        let till = try Till()
        try till.guest(1)
        try till.pay(125_000, "\(try code(1))", trust: .unverified)
        #expect(try till.state(1) == .awaitingPayment)
        let report = try till.answer(.accept(nil))
        #expect(try till.state(1) == .paid)
        try till.expectSound()
        try till.undo(report.decision)
        let books = try till.ledger.read { try $0.accounts(of: .everything) }
        #expect(books.allSatisfy { $0.amount.minorUnits == 0 })
        #expect(try till.open.count == 1)
        try till.expectSound()
    }

    @Test("revives a registration that is over, and refuses one that takes no money")
    func closed() throws {
        let till = try Till()
        try till.guest(1, "Elif Karaca", .expired)
        try till.guest(2, "Bora Tanyel", .waitlisted)
        try till.pay(90_000, from: "JONAS WEBER")
        let waiting = RegistrationID("g2")
        #expect(
            refusal { try till.answer(.assign(waiting, nil)) } == .closed(waiting, .waitlisted))
        try till.answer(.assign(RegistrationID("g1"), nil))
        #expect(try till.state(1) == .underpaid)
    }

    @Test("to a mail without amount says the amount, and can be undone")
    func mail() throws {
        let till = try Till()
        try till.guest(1)
        try till.pay(125_000, outcome: .unclear)
        let goal = RegistrationID("g1")
        #expect(refusal { try till.answer(.assign(goal, nil)) } == .amountMissing)
        let report = try till.answer(.assign(goal, lira(125_000)))
        #expect(try till.state(1) == .paid)
        try till.expectSound()
        try till.undo(report.decision)
        #expect(try till.state(1) == .awaitingPayment && till.open.count == 1)
        try till.expectSound()
        try till.answer(.assign(goal, lira(125_000)))
        #expect(try till.state(1) == .paid)
        try till.expectSound()
    }

    @Test("about a surplus keeps it, sends it back or moves it on")
    func overpaid() throws {
        for name in ["ignore", "credit", "refund", "assign"] {
            let till = try Till()
            try till.guest(1)
            try till.guest(2, "Bora Tanyel", due: 5_000)
            try till.pay(130_000, "\(try code(1))")
            #expect(try till.state(1) == .paid && till.open.count == 1)
            switch name {
            case "ignore": try till.answer(.ignore)
            case "credit": #expect(try till.answer(.credit).credit == lira(5_000))
            case "refund": try till.answer(.refund)
            default: try till.answer(.assign(RegistrationID("g2"), nil))
            }
            #expect(try till.state(1) == .paid)
            #expect(try till.state(2) == (name == "assign" ? .paid : .awaitingPayment))
            try till.expectSound("\(name)")
        }
    }
}

@Suite("Two who answer at once", .serialized)
struct RaceTests {
    @Test("are one who answers and one who is told so, on two connections")
    func race() async throws {
        let path = "/tmp/mutabik-race-\(UInt64.random(in: 0...UInt64.max)).sqlite"
        defer {
            for suffix in ["", "-wal", "-shm"] {
                try? FileManager.default.removeItem(atPath: path + suffix)
            }
        }
        let key = try SealingKeyBox.make()
        let first = try LedgerDatabase(path: path, masterKey: key)
        let second = try LedgerDatabase(path: path, masterKey: key)
        let till = try Till(ledger: first)
        for number in 1...20 { try till.guest(number, due: Int64(number) * 1_000) }
        for number in 1...20 { try till.pay(Int64(number) * 1_000, from: "JONAS WEBER") }
        let questions = try till.open.map(\.id)
        #expect(questions.count == 20)
        @Sendable func answer(_ ledger: LedgerDatabase, _ goals: Bool) -> [Bool] {
            questions.enumerated().map { place, question in
                let to = RegistrationID("g\(goals ? place + 1 : 20 - place)")
                return refusalFree {
                    try ledger.write { books in
                        try ReviewDesk().answer(
                            question, goals ? .assign(to, nil) : .credit, by: "x", now: noon,
                            in: books)
                    }
                }
            }
        }
        // Threads of their own: a transaction blocks, and the pool has two threads.
        async let one = onThread { answer(first, true) }
        async let other = onThread { answer(second, false) }
        let (mine, theirs) = await (one, other)
        #expect(zip(mine, theirs).allSatisfy { $0 != $1 })
        #expect(try till.open.isEmpty)
        let decisions = try till.ledger.read { try $0.decisions(limit: 1_000) }
        #expect(decisions.count { $0.actor == "x" } == 20)
        try till.expectSound()
    }
}
