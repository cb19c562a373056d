// SPDX-License-Identifier: Apache-2.0

import Domain
import FoundationEssentials
import Testing

@testable import Agent
@testable import Ledger

/// Whoever counts as paid has an approval that is done or on its way, whatever was taken back
/// before it began.
@Suite("An approval that money left and came back to")
struct ApprovalTests {
    private let guest = RegistrationID("g1")

    private func paid() throws -> Till {
        let till = try Till()
        try till.guest(1)
        try till.pay(125_000, "\(try code(1))")
        return till
    }

    private func reverse(_ till: Till, _ payment: Int64 = 1) throws -> DecisionID {
        try till.ledger.write {
            try till.desk.reverse(PaymentID(payment), by: "ayla", now: till.now, in: $0).decision
        }
    }

    private func cancel(_ till: Till) throws -> DecisionID {
        try till.ledger.write {
            try till.desk.cancel(guest, by: "ayla", now: till.now, in: $0).decision
        }
    }

    private func effect(_ key: String, _ till: Till) throws -> EffectRecord? {
        try till.ledger.read { try $0.effect(key) }
    }

    @Test("paid again: approved and told in a new round")
    func again() throws {
        let till = try paid()
        _ = try reverse(till)
        try till.carryOut()
        #expect(try effect("luma.approve:g1", till)?.lastError == "no_longer_paid")
        try till.pay(125_000, "\(try code(1))", after: 60)
        let report = try till.answer(.accept(nil))
        #expect(report.effects == ["luma.approve#2:g1", "ticket.sms#2:g1"])
        try till.expectSound()
        try till.carryOut()
        #expect(try till.state(1) == .confirmed)
        #expect(try effect("ticket.sms#2:g1", till)?.state == .done)
        try till.expectSound()
    }

    @Test("the reversal or the calling off undone: on its way as before", arguments: [true, false])
    func undone(isReversal: Bool) throws {
        for hasLaneLooked in [true, false] {
            let till = try paid()
            let before = try till.picture()
            let decision = try isReversal ? reverse(till) : cancel(till)
            if hasLaneLooked { try till.carryOut() }
            try till.undo(decision)
            #expect(try till.picture() == before)
            try till.expectSound()
            try till.carryOut()
            #expect(try till.state(1) == .confirmed)
            #expect(try effect("ticket.sms:g1", till)?.state == .done)
            try till.expectSound()
        }
    }

    @Test("tried once without success, it waits again for its time")
    func waiting() throws {
        let till = try paid()
        try till.ledger.write { books in
            _ = try books.markRunning("luma.approve:g1", at: noon)
            try books.finish("luma.approve:g1", .waiting(until: noon + 600), at: noon)
        }
        let before = try till.picture()
        let decision = try reverse(till)
        #expect(try effect("luma.approve:g1", till)?.state == .refused)
        try till.undo(decision)
        #expect(try till.picture() == before)
        #expect(try effect("luma.approve:g1", till)?.notBefore == noon + 600)
        try till.expectSound()
    }

    @Test("under way when the money left, and not there: not tried until the money is back")
    func unknown() throws {
        let till = try paid()
        try till.ledger.write { books in
            _ = try books.markRunning("luma.approve:g1", at: noon)
        }
        let decision = try reverse(till)
        try till.ledger.write { books in
            try books.finish("luma.approve:g1", .waiting(until: noon), at: noon)
        }
        try till.carryOut()
        #expect(try effect("luma.approve:g1", till)?.state == .refused)
        try till.undo(decision)
        try till.carryOut()
        #expect(try till.state(1) == .confirmed)
        try till.expectSound()
    }

    @Test("under way when the money left, and done: confirmed once that is undone")
    func doneMeanwhile() throws {
        let till = try paid()
        try till.ledger.write { books in
            _ = try books.markRunning("luma.approve:g1", at: noon)
        }
        let decision = try reverse(till)
        try till.ledger.write { try $0.finish("luma.approve:g1", .done, at: noon) }
        try till.undo(decision)
        #expect(try till.state(1) == .confirmed)
        try till.carryOut()
        #expect(try effect("ticket.sms:g1", till)?.state == .done)
        try till.expectSound()
    }

    @Test("approved and not told yet: paid again, the guest gets the ticket")
    func ticket() throws {
        let till = try paid()
        try till.ledger.write { books in
            _ = try books.markRunning("luma.approve:g1", at: noon)
            try books.finish("luma.approve:g1", .done, at: noon)
        }
        _ = try reverse(till)
        try till.carryOut()
        #expect(try effect("ticket.sms:g1", till)?.state == .refused)
        try till.pay(125_000, "\(try code(1))", after: 60)
        #expect(try till.answer(.accept(nil)).effects == ["ticket.sms#2:g1"])
        #expect(try till.state(1) == .confirmed)
        try till.carryOut()
        #expect(try effect("ticket.sms#2:g1", till)?.state == .done)
        try till.expectSound()
    }

    @Test("a ticket that was sent for the later money is not sent for the older too")
    func toldOnce() throws {
        let till = try paid()
        let reversal = try reverse(till)
        try till.pay(125_000, "\(try code(1))", after: 60)
        let second = try till.answer(.accept(nil)).decision
        try till.carryOut()
        try till.undo(second)
        try till.undo(reversal)
        try till.carryOut()
        #expect(try till.state(1) == .confirmed)
        #expect(try effect("ticket.sms:g1", till)?.state == .refused)
        #expect(try effect("ticket.sms#2:g1", till)?.state == .done)
        try till.expectSound()
    }

    @Test("approved once more after a calling off was undone, it goes with the first decision")
    func calledOffAndPaidBack() throws {
        let till = try paid()
        try till.carryOut()
        let first = try till.lastDecision()
        let off = try cancel(till)
        try till.carryOut()
        try till.undo(off)
        try till.carryOut()
        #expect(try till.undo(first).effects.map(\.key) == ["ticket.sms:g1", "luma.approve#2:g1"])
        try till.carryOut()
        #expect(try till.ledger.read { try !$0.isApproved(guest) })
        try till.expectSound()
    }

    @Test("paid without an approval is found by the check")
    func check() throws {
        let till = try paid()
        try till.ledger.write { try $0.withhold("luma.approve:g1", label: "test", at: noon) }
        let broken = try till.ledger.read { try $0.brokenInvariants() }
        #expect(broken.map(\.name) == ["paid_unapproved"])
    }
}
