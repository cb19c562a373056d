// SPDX-License-Identifier: Apache-2.0

import Domain
import FoundationEssentials
import Testing

@testable import Agent
@testable import Ledger

@Suite("What is taken back, and from whom")
struct TakingBackTests {
    private func payments(_ till: Till) throws -> [PaymentState] {
        try till.ledger.read { try $0.payments(limit: 99).map(\.state) }
    }

    @Test("a number that was taken back before does not reach the payer's next payment")
    func secondMail() throws {
        let till = try Till()
        try till.guest(1)
        let code = try code(1).text
        try till.pay(125_000, code, id: "90412233")
        try till.pay(125_000, code, id: "90412233", outcome: .reversal)
        try till.answer(.ignore)
        try till.pay(125_000, code, id: "90412299")
        try till.answer(.accept(nil))
        #expect(try till.state(1) == .paid)
        let before = try till.picture()
        let report = try till.pay(125_000, code, id: "90412233", outcome: .reversal)
        #expect(report.verdict.kind == .duplicate)
        #expect(report.verdict.reasons == [.originalFound, .seenBefore])
        #expect(try till.picture() == before && till.open.isEmpty)
        try till.expectSound()
    }

    @Test("an unknown number reaches no payment that bears another one, and none of another bank")
    func unknownNumber() throws {
        for (rule, id) in [("garanti/transfer", nil), ("moka/card", "90412299")] {
            let till = try Till()
            try till.guest(1)
            try till.pay(125_000, "\(try code(1))", rule: rule, id: id)
            let before = try till.picture()
            let report = try till.pay(
                125_000, "\(try code(1))", rule: "moka/chargeback", id: "90412233",
                outcome: .reversal)
            #expect(report.verdict.reasons.contains(.originalNotFound))
            #expect(try till.picture() == before)
            // It is still shown: a bank may number what it takes back anew.
            #expect(try till.open.map { $0.candidates.map(\.registration.text) } == [["g1"]])
            try till.expectSound()
        }
    }

    @Test("without a number the code and the sum must be of the same bank too")
    func otherBank() throws {
        let till = try Till()
        try till.guest(1)
        try till.pay(125_000, "\(try code(1))", rule: "garanti/transfer")
        try till.pay(125_000, "\(try code(1))", rule: "moka/chargeback", outcome: .reversal)
        #expect(try till.state(1) == .paid)
        try till.pay(125_000, "\(try code(1))", rule: "garanti/return", outcome: .reversal)
        #expect(try till.state(1) == .suspended)
        try till.expectSound()
    }

    @Test("the number may stand in the second notice of the transfer")
    func joined() throws {
        let till = try Till()
        try till.guest(1)
        try till.pay(125_000, "\(try code(1))", rule: "bank/notice")
        try till.pay(125_000, "\(try code(1))", rule: "bank/receipt", id: "F1", after: 20)
        #expect(try payments(till) == [.allocated, .ignored])
        try till.pay(125_000, from: nil, rule: "bank/return", id: "F1", outcome: .reversal)
        #expect(try payments(till) == [.reversed, .ignored])
        #expect(try till.state(1) == .suspended)
        try till.expectSound()
    }

    @Test("a number with another sum is put to a person, not to whoever paid that sum")
    func otherSum() throws {
        let till = try Till()
        try till.guest(1)
        try till.guest(2, "Bora Tanyel", due: 60_000)
        try till.pay(125_000, "\(try code(1))", id: "1")
        try till.pay(60_000, "\(try code(2))")
        let before = try till.picture()
        try till.pay(60_000, "\(try code(2))", id: "1", outcome: .reversal)
        #expect(try till.picture() == before)
        #expect(try till.open.map { $0.candidates.map(\.registration.text) } == [["g1"]])
    }

    /// 600 lira that went to g1, were taken back, and went to g2; then a mail says that some
    /// payment was disputed.
    private func movedOn() throws -> Till {
        let till = try Till()
        try till.guest(1, due: 60_000)
        try till.guest(2, "Bora Tanyel", due: 60_000)
        try till.pay(60_000, from: "JONAS WEBER")
        let first = try till.answer(.assign(RegistrationID("g1"), nil))
        try till.undo(first.decision)
        try till.answer(.assign(RegistrationID("g2"), nil))
        try till.pay(60_000, from: nil, id: "7", outcome: .reversal)
        return till
    }

    @Test("a person's answer takes what lies with the guest now, and says whom it touched")
    func accept() throws {
        let till = try movedOn()
        let before = try till.picture()
        #expect(refusal { try till.answer(.accept(RegistrationID("g1"))) } == .moneyGone)
        #expect(try till.picture() == before)
        let report = try till.answer(.accept(RegistrationID("g2")))
        #expect(report.registrations.map(\.id.text) == ["g2"])
        #expect(report.registrations.map(\.state) == [.suspended])
        try till.expectSound()
    }

    @Test("of a payment for two both are named")
    func split() throws {
        let till = try Till()
        try till.guest(1)
        try till.guest(2, "Bora Tanyel", due: 60_000)
        try till.pay(185_000, "\(try code(1)) \(try code(2))")
        try till.pay(185_000, from: nil, id: "7", outcome: .reversal)
        let report = try till.answer(.accept(RegistrationID("g2")))
        #expect(Set(report.registrations.map(\.id.text)) == ["g1", "g2"])
        #expect(report.registrations.allSatisfy { $0.state == .suspended })
        try till.expectSound()
    }

    @Test("nothing that nobody proved is shown as a fact")
    func unproven() throws {
        for (trust, reason) in [
            (Trust.unverified, Reason.senderUnverified), (.forged, .senderForged),
        ] {
            let till = try Till()
            try till.guest(1)
            try till.pay(125_000, "\(try code(1))", id: "1")
            try till.takeBack(125_000, id: "1", trust: trust)
            try till.pay(1, trust: trust, outcome: .paymentWithoutDetails)
            try till.pay(1, trust: trust, outcome: .notAPayment, kind: "returned")
            #expect(try till.open.map(\.reasons.first) == [reason, reason, reason])
            #expect(try till.state(1) == .paid)
        }
        let draft = try Till()
        try draft.guest(1)
        try draft.pay(125_000, "\(try code(1))", id: "1")
        try draft.takeBack(125_000, id: "1", isDraft: true)
        #expect(try draft.open.map(\.reasons.first) == [.ruleIsDraft])
        #expect(try draft.state(1) == .paid)
    }

    @Test("a mail without details says so once, and the sum that it prints is offered")
    func withoutDetails() throws {
        let till = try Till()
        try till.guest(1, due: 60_000)
        try till.pay(60_000, from: nil, outcome: .paymentWithoutDetails)
        let question = try #require(try till.open.first)
        #expect(question.reasons == [.detailsMissing] && question.amount == lira(60_000))
        try till.answer(.assign(RegistrationID("g1"), nil))
        #expect(try till.state(1) == .paid)
        try till.expectSound()
    }

    @Test("of a guest no more is taken back than the mail tells, and no less without a word")
    func otherAmount() throws {
        let till = try Till()
        try till.guest(1, due: 20_000)
        try till.pay(20_000, "\(try code(1))", rule: "other/transfer")
        try till.takeBack(99_900, "\(try code(1))", id: "7")
        let guest = RegistrationID("g1")
        let before = try till.picture()
        #expect(refusal { try till.answer(.accept(guest)) } == .moreThanThere(lira(20_000)))
        #expect(try till.picture() == before)
        try till.answer(.assign(guest, lira(15_000)))
        #expect(try till.state(1) == .suspended && till.registration(1).paid == lira(5_000))
        try till.expectSound()
    }

    @Test("the notice of money that went back before goes to a person, with what that asked")
    func noticeLater() throws {
        for trust in [Trust.verified, .unverified] {
            let till = try Till()
            try till.guest(1)
            try till.takeBack(125_000, id: "90412233", trust: trust)
            try till.pay(125_000, "\(try code(1))", rule: "other/transfer", id: "90412233")
            #expect(try till.state(1) == .paid)
            try till.guest(2)
            try till.pay(125_000, "\(try code(2))", id: "90412233")
            guard trust == .verified else {
                #expect(try till.state(2) == .paid)
                continue
            }
            #expect(try till.state(2) == .awaitingPayment)
            let question = try #require(try till.open.first)
            #expect(try till.open.count == 1 && question.reasons.first == .takenBackBefore)
            #expect(question.candidates.first?.registration.text == "g2")
            // Another guest, and it is looked at again: still a person's.
            try till.guest(3)
            #expect(try till.state(2) == .awaitingPayment)
            try till.answer(.ignore)
            #expect(try till.received == 125_000)
            try till.expectSound()
        }
    }

    @Test("what was sent back and is taken back, too, is asked about", arguments: [true, false])
    func afterRefund(byMail: Bool) throws {
        let till = try Till()
        try till.guest(1, due: 60_000)
        try till.pay(60_000, "\(try code(1))", id: "1")
        try till.ledger.write { books in
            _ = try till.desk.cancel(RegistrationID("g1"), by: "x", now: noon, in: books)
            let due = try #require(try books.refundsDue().first)
            try Closing.confirmRefund(due, by: "x", now: noon, in: books)
        }
        let before = try till.picture()
        if byMail {
            // It may be the refund itself, as the provider tells it.
            try till.takeBack(60_000, id: "1")
            #expect(try till.picture() == before)
        } else {
            let report = try till.ledger.write {
                try till.desk.reverse(PaymentID(1), by: "x", now: noon, in: $0)
            }
            #expect(report.review != nil)
            #expect(try payments(till) == [.reversed])
        }
        let question = try #require(try till.open.first)
        #expect(question.reasons.contains(.refundedBefore))
        #expect(question.candidates.map(\.registration.text) == ["g1"])
        try till.expectSound()
        try till.answer(.ignore)
        #expect(try till.open.isEmpty)
    }
}
