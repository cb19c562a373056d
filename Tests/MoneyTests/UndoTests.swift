// SPDX-License-Identifier: Apache-2.0

import Domain
import FoundationEssentials
import Testing

@testable import Agent
@testable import Ledger

@Suite("Undoing")
struct UndoTests {
    @Test("an approval that has not begun restores everything, and the money lies before a person")
    func fresh() throws {
        let till = try Till()
        try till.guest(1)
        try till.pay(1, from: "X Y")
        let before = try till.picture()
        try till.pay(125_000, "\(try code(1))")
        let report = try till.undo(try till.lastDecision())
        let picture = try till.picture()
        #expect(picture.filter { !$0.hasPrefix("payment 2") } == before)
        #expect(picture.contains("payment 2: bank – -1.250,00 TL, unallocated – 1.250,00 TL"))
        #expect(report.effects.map(\.fate) == [.withdrawn, .withdrawn])
        let question = try #require(try till.open.last)
        #expect(question.reasons.first == .undone)
        #expect(question.candidates.map(\.registration.text) == ["g1"])
        try till.expectSound()
    }

    @Test("says what was sent, and takes the approval back on the platform")
    func sent() throws {
        let till = try Till()
        try till.guest(1)
        try till.pay(125_000, "\(try code(1))")
        try till.carryOut()
        #expect(try till.state(1) == .confirmed)
        let report = try till.undo(try till.lastDecision())
        #expect(report.effects.map(\.key) == ["luma.approve:g1", "ticket.sms:g1"])
        #expect(report.effects.map(\.fate) == [.takenBack, .stays])
        #expect(try till.state(1) == .awaitingPayment)
        let unapprove = try till.ledger.read { try $0.effect("luma.unapprove:g1") }
        #expect(unapprove?.state == .ready)
        try till.carryOut()
        // Approved anew, the guest gets everything anew.
        try till.answer(.accept(nil))
        let keys = try till.ledger.read { try $0.effects(in: [.ready], limit: 9).map(\.key) }
        #expect(keys == ["luma.approve#2:g1", "ticket.sms#2:g1"])
        try till.carryOut()
        #expect(try till.state(1) == .confirmed)
        try till.expectSound()
    }

    @Test("is done once, and not while a later decision rests on it")
    func order() throws {
        let till = try Till()
        try till.guest(1)
        try till.pay(100_000, "\(try code(1))")
        let first = try till.lastDecision()
        try till.pay(25_000, "\(try code(1))")
        let second = try till.lastDecision()
        #expect(try till.state(1) == .paid)
        #expect(refusal { try till.undo(first) } == .undo(.later(second)))
        let undo = try till.undo(second)
        #expect(try till.state(1) == .underpaid)
        try till.undo(first)
        #expect(try till.state(1) == .awaitingPayment)
        #expect(refusal { try till.undo(first) } != nil)
        #expect(refusal { try till.undo(undo.decision) } == .undo(.isUndo))
        #expect(refusal { try till.undo(second) } == .undo(.already(undo.decision, at: noon)))
        try till.expectSound()
    }

    @Test("of an answer about a mail says when it was undone before")
    func mail() throws {
        let till = try Till()
        try till.guest(1)
        for outcome in [MailOutcome.paymentWithoutDetails, .unclear, .reversal] {
            try till.pay(125_000, outcome: outcome)
            let question = try #require(try till.open.last).id
            func undo() throws -> UndoReport {
                try till.ledger.write { books in
                    try till.desk.undo(
                        try till.desk.decision(ofReview: question, in: books), by: "x",
                        now: till.now, in: books)
                }
            }
            for _ in 0..<2 {
                #expect(refusal(undo) != nil)
                try till.answer(.ignore, question)
                let undone = try undo()
                let when = till.now
                till.now += 3_600
                #expect(refusal(undo) == .undo(.already(undone.decision, at: when)))
                #expect(try till.open.contains { $0.id == question })
            }
        }
        #expect(
            ReviewRefusal.undo(.already(DecisionID(7), at: noon)).english
                == "It was undone already, by decision 7 at 2026-11-22T11:05:33Z.")
    }

    @Test("opens the question that was answered")
    func question() throws {
        let till = try Till()
        try till.guest(1)
        try till.pay(125_000, from: "MEHMET KARACA")
        let question = try #require(try till.open.first)
        let before = try till.picture()
        for answer in [ReviewAnswer.accept(nil), .credit, .refund, .ignore] {
            let report = try till.answer(answer)
            let undone = try till.undo(report.decision)
            #expect(undone.review == question.id)
            #expect(try till.picture() == before, "\(answer)")
            #expect(try till.open.map(\.id) == [question.id])
            try till.expectSound()
        }
    }

    @Test("restores a waived kuruş and the time since when a registration waits")
    func waived() throws {
        let till = try Till()
        try till.guest(1, own: 7)
        let before = try till.picture()
        try till.pay(125_000, "\(try code(1))")
        #expect(try till.registration(1).due == lira(125_000))
        #expect(try till.state(1) == .paid)
        till.now = noon + 600
        try till.undo(try till.lastDecision())
        #expect(try till.picture().first == before.first)
        try till.expectSound()
    }

    @Test("closes the question about a surplus and opens the one about the payment")
    func surplus() throws {
        let till = try Till()
        try till.guest(1)
        try till.pay(130_000, "\(try code(1))")
        try till.undo(try till.lastDecision())
        #expect(try till.open.map(\.kind) == ["undone"])
        try till.expectSound()
    }
}

@Suite("Calling off, refunds")
struct RefundTests {
    @Test("a paid guest's money becomes due back, is sent, and the guest is refunded")
    func whole() throws {
        let till = try Till()
        try till.guest(1)
        try till.pay(125_000, "\(try code(1))")
        try till.carryOut()
        let report = try till.ledger.write {
            try till.desk.cancel(RegistrationID("g1"), by: "ayla", now: noon, in: $0)
        }
        #expect(report.effects == ["luma.unapprove:g1"])
        #expect(try till.state(1) == .refundDue)
        try till.expectSound()
        let due = try till.ledger.read { try $0.refundsDue() }
        #expect(due.map(\.amount) == [lira(125_000)])
        try till.ledger.write { books in
            try Closing.confirmRefund(due[0], by: "ayla", now: noon, in: books)
        }
        #expect(try till.state(1) == .refunded)
        #expect(
            refusal {
                try till.ledger.write {
                    try Closing.confirmRefund(due[0], by: "ayla", now: noon, in: $0)
                }
            } == .notDue(due[0].payment))
        let accounts = try till.ledger.read { try $0.accounts(of: .event(gala)) }
        #expect(
            accounts.filter { $0.amount.minorUnits != 0 }.map(\.account) == ["refunded"])
        try till.expectSound()
        // The bank sent it back: the confirmation is undone, then the calling off.
        try till.undo(try till.lastDecision())
        #expect(try till.state(1) == .refundDue)
        try till.undo(report.decision)
        #expect(try till.state(1) == .confirmed)
        try till.expectSound()
    }

    @Test("money that was due back and that the bank takes back is due no more")
    func takenBack() throws {
        let till = try Till()
        try till.guest(1)
        try till.pay(100_000, "\(try code(1))")
        try till.pay(25_000, "\(try code(1))")
        let payments = try till.ledger.read { try $0.payments(limit: 2).map(\.id) }
        _ = try till.ledger.write {
            try till.desk.cancel(RegistrationID("g1"), by: "ayla", now: noon, in: $0)
        }
        for (payment, state) in zip(payments, [RegistrationState.refundDue, .cancelled]) {
            let report = try till.ledger.write {
                try till.desk.reverse(payment, by: "ayla", now: noon, in: $0)
            }
            #expect(report.registrations.map(\.state) == [state])
            try till.expectSound()
        }
        #expect(try till.ledger.read { try $0.refundsDue() }.isEmpty)
    }

    @Test("a calling off that was taken back leaves the approval to be taken back the next time")
    func calledOffTwice() throws {
        let till = try Till()
        try till.guest(1)
        try till.pay(125_000, "\(try code(1))")
        try till.carryOut()
        func cancel() throws -> AnswerReport {
            try till.ledger.write {
                try till.desk.cancel(RegistrationID("g1"), by: "ayla", now: noon, in: $0)
            }
        }
        let before = try till.picture()
        #expect(try till.undo(cancel().decision).effects.map(\.fate) == [.withdrawn])
        #expect(try till.picture() == before)
        let second = try cancel()
        #expect(second.effects == ["luma.unapprove:g1"])
        // Now it takes place before it is taken back: the guest is approved once more.
        try till.carryOut()
        let undone = try till.undo(second.decision)
        #expect(undone.effects.map(\.fate) == [.takenBack])
        #expect(try till.state(1) == .confirmed)
        let ready = try till.ledger.read { try $0.effects(in: [.ready], limit: 9).map(\.key) }
        #expect(ready == ["luma.approve#2:g1"])
        try till.carryOut()
        #expect(try cancel().effects == ["luma.unapprove#2:g1"])
        try till.expectSound()
    }

    @Test("an approval that is under way when its guest is called off is taken back too")
    func calledOffMeanwhile() throws {
        let till = try Till()
        try till.guest(1)
        try till.pay(125_000, "\(try code(1))")
        let report = try till.ledger.write { books in
            _ = try books.markRunning("luma.approve:g1", at: noon)
            return try till.desk.cancel(RegistrationID("g1"), by: "ayla", now: noon, in: books)
        }
        #expect(report.effects == ["luma.unapprove:g1"])
        let waiting = try till.ledger.read {
            try $0.runnableEffects(.lumaUnapprove, at: noon, limit: 9)
        }
        #expect(waiting.isEmpty)
        try till.ledger.write { try $0.finish("luma.approve:g1", .done, at: noon) }
        let runnable = try till.ledger.read {
            try $0.runnableEffects(.lumaUnapprove, at: noon, limit: 9).map(\.key)
        }
        #expect(runnable == ["luma.unapprove:g1"])
        try till.expectSound()
    }
}
