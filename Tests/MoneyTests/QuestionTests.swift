// SPDX-License-Identifier: Apache-2.0

import Domain
import FoundationEssentials
import Testing

@testable import Agent
@testable import Ledger

@Suite("Questions that others take the place of")
struct QuestionTests {
    private func ask(_ till: Till, _ payment: Int64) throws -> ReviewID {
        try till.ledger.write {
            try till.desk.askAboutCredit(
                of: PaymentID(payment), by: "ayla", now: till.now, in: $0)
        }
    }

    @Test(
        "an answer is undone though the credit was asked about once more", arguments: [true, false])
    func asked(keeps: Bool) throws {
        let till = try Till()
        try till.guest(1, due: 60_000)
        try till.pay(90_000, "\(try code(1))")
        let first = try #require(try till.open.first)
        let before = try till.picture()
        let report = try till.answer(keeps ? .credit : .ignore)
        let second = try ask(till, 1)
        #expect(second != first.id)
        try till.undo(report.decision)
        #expect(try till.open.map(\.id) == [first.id])
        #expect(try till.open.map(\.reasons) == [first.reasons])
        #expect(try till.picture() == before)
        #expect(try till.ledger.read { try $0.review(second)?.decision } == "undone")
        #expect(refusal { try till.answer(.refund, second) } == .answered("undone"))
        try till.answer(.refund, first.id)
        #expect(try till.open.isEmpty)
        try till.expectSound()
    }

    @Test("a reversal closes what was asked, and undone it is asked again as it was")
    func reversed() throws {
        let till = try Till()
        try till.guest(1, due: 60_000)
        try till.pay(90_000, "\(try code(1))", id: "1")
        try till.pay(45_000, from: "ZEYNEP UZAK", id: "2")
        let before = try till.open
        let picture = try till.picture()
        #expect(before.map(\.kind) == ["overpaid", "review"])
        try till.pay(90_000, id: "1", outcome: .reversal)
        let first = try till.lastDecision(about: 1)
        try till.pay(45_000, id: "2", outcome: .reversal)
        let second = try till.lastDecision(about: 2)
        #expect(try till.open.map(\.kind) == ["reversal", "reversal"])
        #expect(Set(try till.open.map(\.id)).isDisjoint(with: before.map(\.id)))
        try till.undo(second)
        try till.undo(first)
        let after = try till.open
        #expect(after.map(\.id) == before.map(\.id) && after.map(\.kind) == before.map(\.kind))
        #expect(after.map(\.reasons) == before.map(\.reasons))
        #expect(after.map(\.candidates) == before.map(\.candidates))
        #expect(try till.picture() == picture)
        try till.expectSound()
    }
}

extension Till {
    fileprivate func lastDecision(about payment: Int64) throws -> DecisionID {
        try ledger.read { try desk.lastDecision(about: PaymentID(payment), in: $0) }
    }
}
