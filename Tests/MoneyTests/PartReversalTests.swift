// SPDX-License-Identifier: Apache-2.0

import Domain
import FoundationEssentials
import Testing

@testable import Agent
@testable import Ledger

@Suite("A part of a payment that is taken back")
struct PartReversalTests {
    /// One guest who paid 1.250,00 under the number 7 of the bank.
    private func paid() throws -> Till {
        let till = try Till()
        try till.guest(1)
        try till.pay(125_000, "\(try code(1))", id: "7")
        #expect(try till.state(1) == .paid)
        return till
    }

    private func balance(_ till: Till, _ account: String) throws -> Int64? {
        try till.ledger.read { try $0.accounts(of: .everything) }
            .first { $0.account == account }?.amount.minorUnits
    }

    @Test("is booked back, the guest suspended and asked about")
    func part() throws {
        let till = try paid()
        let report = try till.takeBack(30_000, id: "7")
        #expect(report.verdict.reasons == [.originalFound, .reversalNeedsPerson])
        #expect(try till.state(1) == .suspended)
        #expect(try till.registration(1).paid == lira(95_000))
        #expect(try balance(till, "allocated") == 95_000)
        #expect(try balance(till, "bank") == -95_000)
        let question = try #require(try till.open.first)
        #expect(question.reasons == [.originalFound, .partTakenBack, .reversalNeedsPerson])
        #expect(question.candidates.map(\.registration.text) == ["g1"])
        for answer in [
            ReviewAnswer.accept(nil), .credit, .refund, .assign(RegistrationID("g1"), nil),
        ] {
            #expect(refusal { try till.answer(answer) } == .takenBack)
        }
        try till.expectSound()
        // New money for the rest confirms the guest again.
        try till.answer(.ignore)
        try till.pay(30_000, "\(try code(1))")
        try till.answer(.accept(nil))
        #expect(try till.state(1) == .paid)
        try till.expectSound()
    }

    @Test("several never come to more than came in, and the last one takes the rest")
    func several() throws {
        let till = try paid()
        try till.takeBack(30_000, id: "7")
        try till.takeBack(45_000, id: "7")
        let before = try till.picture()
        let report = try till.takeBack(60_000, id: "7")
        #expect(report.verdict.reasons == [.originalFound, .amountTooHigh, .reversalNeedsPerson])
        // The whole sum is not there any more either.
        try till.takeBack(125_000, id: "7")
        #expect(try till.picture() == before)
        try till.takeBack(50_000, id: "7")
        #expect(try till.registration(1).paid == lira(0))
        #expect(try till.ledger.read { try $0.payments(limit: 9).map(\.state) } == [.reversed])
        #expect(try balance(till, "bank") ?? 0 == 0)
        let last = try till.takeBack(10_000, id: "7")
        #expect(last.verdict.kind == .duplicate)
        try till.expectSound()
    }

    @Test("the same sum told twice counts once, and a person says whether it was a second one")
    func twice() throws {
        let till = try paid()
        try till.takeBack(30_000, id: "7")
        let before = try till.picture()
        let report = try till.takeBack(30_000, id: "7")
        #expect(
            report.verdict.reasons == [.originalFound, .perhapsSameTransfer, .reversalNeedsPerson])
        #expect(try till.picture() == before)
        let question = try #require(try till.open.last)
        #expect(question.amount == lira(30_000))
        try till.answer(.accept(nil), question.id)
        #expect(try till.registration(1).paid == lira(65_000))
        try till.expectSound()
    }

    @Test("is undone exactly, and the question that it answered is open again")
    func undone() throws {
        let till = try Till()
        try till.guest(1)
        try till.pay(155_000, "\(try code(1))", id: "7")
        let open = try till.open
        #expect(open.map(\.kind) == ["overpaid"])
        let before = try till.picture()
        for part: Int64 in [10_000, 30_000, 40_000, 155_000] {
            try till.takeBack(part, id: "7")
            #expect(try till.picture() != before)
            try till.undo(try till.lastDecision())
            #expect(try till.picture() == before, "\(part)")
            #expect(try till.open.map(\.id) == open.map(\.id))
            #expect(try till.open.map(\.kind) == ["overpaid"])
            try till.expectSound()
        }
    }

    @Test(
        "is taken of what is free first: then nobody is suspended, and the rest is still asked about"
    )
    func surplus() throws {
        let till = try Till()
        try till.guest(1)
        try till.pay(155_000, "\(try code(1))", id: "7")
        try till.takeBack(10_000, id: "7")
        #expect(try till.state(1) == .paid)
        #expect(try till.open.map(\.kind) == ["overpaid"])
        #expect(try balance(till, "credit") == 20_000)
        try till.takeBack(20_000, id: "7")
        #expect(try till.state(1) == .paid && till.open.isEmpty)
        try till.takeBack(5_000, id: "7")
        #expect(try till.state(1) == .suspended)
        try till.expectSound()
    }

    @Test("money that is due back is due no more when the bank sent it")
    func due() throws {
        let till = try Till()
        try till.guest(1)
        try till.pay(155_000, "\(try code(1))", id: "7")
        try till.answer(.refund)
        try till.takeBack(30_000, id: "7")
        #expect(try till.ledger.read { try $0.refundsDue() }.isEmpty)
        #expect(try till.state(1) == .paid)
        // It was that very refund, or it is one that must not be sent any more.
        #expect(try till.open.map { $0.reasons.contains(.refundNotDue) } == [true])
        try till.answer(.ignore)
        #expect(try till.state(1) == .paid && till.open.isEmpty)
        try till.expectSound()
    }

    @Test("of money that nobody has decided about, less is left to decide")
    func undecided() throws {
        let till = try Till()
        try till.guest(1, due: 95_000)
        try till.pay(125_000, from: "JONAS WEBER", id: "7")
        let open = try till.open
        try till.takeBack(30_000, id: "7")
        #expect(try till.open.map(\.id) == open.map(\.id))
        // Registrations that come later do not take more than is there.
        try till.guest(2, "Jonas Weber")
        #expect(try till.state(2) == .awaitingPayment)
        try till.answer(.assign(RegistrationID("g1"), nil))
        #expect(try till.state(1) == .paid)
        try till.expectSound()
    }

    @Test(
        "what is not certain touches nothing, and the answer may name the sum",
        arguments: [
            (30_000, "8", "bank/return", nil), (30_000, nil, "bank/return", nil),
            (30_000, "7", "moka/return", nil), (30_000, "7", "bank/return", "whole"),
        ] as [(Int64, String?, String, String?)])
    func asked(minor: Int64, id: String?, rule: String, kind: String?) throws {
        let till = try paid()
        let before = try till.picture()
        try till.takeBack(minor, "\(try code(1))", rule: rule, id: id, kind: kind)
        #expect(try till.picture() == before)
        let question = try #require(try till.open.first)
        #expect(question.amount == lira(minor))
        let guest = RegistrationID("g1")
        #expect(
            refusal { try till.answer(.assign(guest, lira(125_001))) }
                == .moreThanThere(lira(125_000)))
        #expect(refusal { try till.answer(.assign(guest, nil)) } == .amountMissing)
        try till.answer(.assign(guest, lira(40_000)))
        #expect(try till.registration(1).paid == lira(85_000))
        #expect(try till.state(1) == .suspended)
        try till.undo(try till.lastDecision())
        #expect(try till.picture() == before)
        #expect(try till.open.map(\.id) == [question.id])
        try till.answer(.accept(guest))
        #expect(try till.registration(1).paid == lira(95_000))
        try till.expectSound()
    }

    @Test("what a draft or an unproven mail tells is proposed with its sum")
    func unproven() throws {
        for (trust, isDraft) in [(Trust.verified, true), (.unverified, false)] {
            let till = try paid()
            let before = try till.picture()
            let report = try till.takeBack(30_000, id: "7", trust: trust, isDraft: isDraft)
            #expect(report.verdict.reasons.contains(.partTakenBack))
            #expect(try till.picture() == before)
            try till.answer(.accept(nil))
            #expect(try till.registration(1).paid == lira(95_000))
            try till.expectSound()
        }
    }

    @Test("of a payment for several a person says whose part it was")
    func severalGuests() throws {
        let till = try Till()
        try till.guest(1)
        try till.guest(2, "Bora Tanyel", due: 60_000)
        try till.pay(185_000, "\(try code(1)) \(try code(2))", id: "7")
        let before = try till.picture()
        let report = try till.takeBack(60_000, id: "7")
        #expect(
            report.verdict.reasons == [.originalFound, .severalCandidates, .reversalNeedsPerson])
        #expect(try till.picture() == before)
        let payment = try #require(try till.ledger.read { try $0.payments(limit: 1).first })
        let reverse = { (amount: Int64, guest: RegistrationID?) in
            try till.ledger.write {
                try till.desk.reverse(
                    payment.id, lira(amount), about: guest, by: "ayla", now: till.now, in: $0)
            }
        }
        #expect(
            refusal { try reverse(60_000, nil) }
                == .severalRegistrations([RegistrationID("g1"), RegistrationID("g2")]))
        #expect(
            refusal { try reverse(60_001, RegistrationID("g2")) } == .moreThanThere(lira(60_000)))
        try till.answer(.accept(RegistrationID("g2")))
        #expect(try till.state(1) == .paid && till.state(2) == .suspended)
        try till.expectSound()
    }

    @Test("a refund that a person has confirmed is not taken for another one")
    func confirmed() throws {
        let till = try Till()
        try till.guest(1)
        try till.pay(155_000, "\(try code(1))", id: "7")
        try till.answer(.refund)
        let due = try #require(try till.ledger.read { try $0.refundsDue() }.first)
        _ = try till.ledger.write {
            try Closing.confirmRefund(due, by: "ayla", now: till.now, in: $0)
        }
        let before = try till.picture()
        let report = try till.takeBack(30_000, id: "7")
        #expect(report.verdict.reasons.contains(.perhapsSameTransfer))
        #expect(try till.picture() == before)
    }

    // MARK: - No sum

    @Test("without a sum the words must say that all of it went back")
    func noSum() throws {
        for (kind, reason) in [(nil, Reason.detailsMissing), ("part", .partTakenBack)] {
            let till = try paid()
            let before = try till.picture()
            let report = try till.takeBack(nil, id: "7", kind: kind)
            #expect(report.verdict.reasons.contains(reason))
            #expect(try till.picture() == before)
            let question = try #require(try till.open.first)
            #expect(question.candidates.map(\.registration.text) == ["g1"])
            if kind == "part" {
                #expect(refusal { try till.answer(.accept(nil)) } == .amountMissing)
                try till.answer(.assign(RegistrationID("g1"), lira(1)))
            } else {
                try till.answer(.accept(nil))
            }
            #expect(try till.state(1) == .suspended)
            try till.expectSound()
        }
        let till = try paid()
        try till.takeBack(nil, id: "7", kind: "whole")
        #expect(try till.state(1) == .suspended && till.registration(1).paid == lira(0))
        let again = try till.takeBack(nil, id: "7", kind: "whole")
        #expect(again.verdict.kind == .duplicate)
        try till.expectSound()
    }

    @Test(
        "without a sum and a number the code or the payer propose, and no more",
        arguments: [
            (nil, "KT", ["g1"]), ("Elif Karaca", nil, ["g1"]), ("ELİF KARACA", nil, ["g1"]),
            ("Jonas Weber", nil, []), (nil, "ETK", []),
        ] as [(String?, String?, [String])])
    func hinted(payer: String?, text: String?, expected: [String]) throws {
        let till = try paid()
        let before = try till.picture()
        let words = try text == "KT" ? "iade \(code(1))" : text
        try till.takeBack(nil, from: payer, words, kind: "whole")
        #expect(try till.picture() == before)
        #expect(try till.open.first?.candidates.map(\.registration.text) == expected)
        #expect(try till.open.first?.reasons.contains(.originalNotFound) ?? false)
    }
}
