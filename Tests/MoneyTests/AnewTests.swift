// SPDX-License-Identifier: Apache-2.0

import Domain
import FoundationEssentials
import Testing

@testable import Agent
@testable import Ledger

@Suite("A guest who was called off, and pays after all")
struct AnewTests {
    private let guest = RegistrationID("g1")

    /// 60 of 100 lira came with the code, then the guest was called off.
    private func calledOff() throws -> Till {
        let till = try Till()
        try till.guest(1, due: 10_000)
        try till.pay(6_000, "\(try code(1))")
        try till.cancel(1)
        #expect(try till.state(1) == .refundDue)
        return till
    }

    private func due(_ till: Till) throws -> [Int64] {
        try till.ledger.read { try $0.refundsDue().map(\.amount.minorUnits) }
    }

    @Test("the rest: what is due back is kept first, so much as is missing")
    func rest() throws {
        for (minor, state, due) in [
            (Int64(4_000), RegistrationState.paid, []), (3_000, .underpaid, []),
            (7_000, .paid, [Int64(3_000)]), (10_000, .paid, [6_000]),
        ] {
            let till = try calledOff()
            try till.pay(minor, "\(try code(1))")
            let question = try #require(try till.open.last)
            #expect(question.candidates.first?.registration == guest)
            let before = try till.picture()
            let report = try till.answer(.accept(nil))
            #expect(try till.state(1) == state)
            #expect(try self.due(till) == due)
            try till.expectSound()
            try till.undo(report.decision)
            #expect(try till.picture() == before)
            #expect(try till.open.map(\.id) == [question.id])
            try till.expectSound()
        }
    }

    @Test("after the refund, too, with all that is due")
    func refunded() throws {
        let till = try calledOff()
        let refund = try #require(try till.ledger.read { try $0.refundsDue().first })
        try till.ledger.write { try Closing.confirmRefund(refund, by: "x", now: noon, in: $0) }
        #expect(try till.state(1) == .refunded)
        try till.pay(10_000, "\(try code(1))")
        let report = try till.answer(.assign(guest, nil))
        #expect(try till.state(1) == .paid)
        try till.carryOut()
        #expect(try till.state(1) == .confirmed)
        try till.expectSound()
        try till.undo(report.decision)
        #expect(try till.state(1) == .refunded)
        try till.expectSound()
    }

    @Test("who was approved before is approved and written to anew")
    func approvedBefore() throws {
        let till = try Till()
        try till.guest(1)
        try till.pay(125_000, "\(try code(1))")
        try till.carryOut()
        try till.cancel(1)
        try till.carryOut()
        try till.pay(125_000, "\(try code(1))")
        try till.answer(.assign(guest, nil))
        try till.carryOut()
        #expect(try till.state(1) == .confirmed)
        #expect(try due(till) == [125_000])
        try till.expectSound()
    }

    @Test("a late payment revives nobody who waits with another registration")
    func newer() throws {
        for email in ["guest1@example.org", "other@example.org"] {
            let till = try Till()
            try till.guest(1)
            try till.cancel(1)
            let newer = Registration(
                id: RegistrationID("newer"), event: gala, name: PersonName("Elif Karaca"),
                email: email, phone: nil, due: lira(125_000), reference: try code(2),
                registeredAt: till.now)
            try till.ledger.write { try $0.insert(newer) }
            try till.pay(125_000, "\(try code(1))")
            let isHers = email == "guest1@example.org"
            #expect(try till.state(1) == (isHers ? .cancelled : .paid))
            guard isHers else { continue }
            let question = try #require(try till.open.first)
            #expect(question.reasons.first == .severalCandidates)
            #expect(question.candidates.map(\.registration.text) == ["newer", "g1"])
            try till.expectSound()
        }
    }

    @Test("new money of a suspended guest, or the end of it, answers what is to become of them")
    func suspended() throws {
        for pays in [true, false] {
            let till = try Till()
            try till.guest(1)
            try till.pay(125_000, "\(try code(1))", id: "1")
            try till.takeBack(125_000, id: "1")
            let question = try #require(try till.open.first)
            #expect(try till.state(1) == .suspended)
            let decision: DecisionID
            if pays {
                try till.pay(125_000, "\(try code(1))", id: "2")
                let second = try #require(try till.open.last)
                decision = try till.answer(.assign(guest, nil), second.id).decision
                #expect(try till.state(1) == .paid)
            } else {
                decision = try till.cancel(1)
            }
            #expect(try till.open.isEmpty)
            try till.undo(decision)
            #expect(try till.open.contains { $0.id == question.id })
            #expect(try till.state(1) == .suspended)
            try till.expectSound()
        }
    }

    @Test("what is still to pay waits once, however much comes")
    func instructions() throws {
        let till = try Till(instructed: [gala])
        try till.guest(1)
        for _ in 0..<3 { try till.pay(30_000, "\(try code(1))") }
        let keys = try till.ledger.read { try $0.effects(of: guest).map(\.key) }
        #expect(keys == ["instructions.sms:g1"])
        try till.carryOut()
        try till.pay(30_000, "\(try code(1))")
        #expect(try till.ledger.read { try $0.effects(of: guest).count } == 2)
        try till.expectSound()
    }
}

extension Till {
    @discardableResult
    fileprivate func cancel(_ number: Int) throws -> DecisionID {
        try ledger.write {
            try desk.cancel(RegistrationID("g\(number)"), by: "ayla", now: now, in: $0).decision
        }
    }
}
