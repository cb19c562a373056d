// SPDX-License-Identifier: Apache-2.0

import Domain
import FoundationEssentials
import Matching
import Testing

@testable import Agent
@testable import Ledger
@testable import Operator

@Suite("Notices of one transfer, and equal transfers")
struct TwinTests {
    private func received(_ till: Till) throws -> Int64 {
        try till.ledger.read { try $0.accounts(of: .everything) }
            .first { $0.account == "bank" }.map { -$0.amount.minorUnits } ?? 0
    }

    @Test("two equal payments of one minute stay two, with and without numbers of the bank")
    func equal() throws {
        for ids in [(nil, nil), ("F1", "F2")] as [(String?, String?)] {
            let till = try Till()
            try till.guest(1, due: 250_000)
            try till.pay(125_000, "\(try code(1))", id: ids.0)
            try till.pay(125_000, "\(try code(1))", id: ids.1, after: 1)
            #expect(try received(till) == 250_000)
            #expect(try till.state(1) == .paid)
            try till.expectSound()
        }
    }

    @Test("a notice and its receipt are one payment, in either order", arguments: [false, true])
    func receipt(isReceiptFirst: Bool) throws {
        let till = try Till()
        try till.guest(1)
        func notice() throws { try till.pay(125_000, from: "Elif Karaca", rule: "bank/notice") }
        func receipt() throws -> MailReport {
            try till.pay(
                125_000, "\(try code(1))", rule: "bank/receipt", id: "F05247", after: 20)
        }
        if isReceiptFirst {
            _ = try receipt()
            try notice()
        } else {
            try notice()
            let report = try receipt()
            #expect(report.verdict.kind == .duplicate)
        }
        #expect(try received(till) == 125_000)
        #expect(try till.state(1) == .paid)
        #expect(try till.open.isEmpty)
        try till.expectSound()
    }

    @Test(
        "the receipt brings the code that the notice left out, whatever words it printed",
        arguments: [nil, "bilet", "Gala bileti \(try code(1).text.prefix(4))"])
    func enriched(words: String?) throws {
        let till = try Till()
        try till.guest(1, "Bora Tanyel")
        try till.pay(125_000, from: "Elif Karaca", words, rule: "bank/notice")
        #expect(try till.open.count == 1)
        let report = try till.pay(
            125_000, "Gala bileti \(try code(1))", rule: "bank/receipt", id: "F05247", after: 20)
        #expect(report.verdict.kind == .approve && report.verdict.reasons.last == .sameTransfer)
        #expect(report.effects.map(\.key) == ["luma.approve:g1", "ticket.sms:g1"])
        #expect(try till.state(1) == .paid && till.open.isEmpty && received(till) == 125_000)
        try till.expectSound()
    }

    @Test("what the receipt says beyond the notice is shown, and counts for later registrations")
    func words() throws {
        let till = try Till()
        try till.guest(2, "Selin Örge")
        try till.pay(125_000, from: "Elif Karaca", "bilet", rule: "bank/notice")
        try till.pay(
            125_000, "bilet \(try code(1)) ", rule: "bank/receipt", id: "F05247", after: 20)
        let question = try #require(try till.open.first)
        let view = try till.ledger.read {
            try ReviewView(question, language: .english, in: $0).text
        }
        #expect(view.contains("bilet \(try code(1))"), "\(view)")
        try till.guest(1, "Bora Tanyel")
        _ = try till.ledger.write { try till.pipeline.matchWaitingMoney(now: noon, in: $0) }
        #expect(try till.state(1) == .paid && till.state(2) == .awaitingPayment)
        #expect(try received(till) == 125_000 && till.open.isEmpty)
        try till.expectSound()
    }

    @Test("two equal transfers with a notice and a receipt each are two, in any order")
    func pairs() throws {
        let mails: [(rule: String, id: String?)] = [
            ("bank/notice", nil), ("bank/notice", nil), ("bank/receipt", "F1"),
            ("bank/receipt", "F2"),
        ]
        for order in permutations([0, 1, 2, 3]) {
            let till = try Till()
            try till.guest(1, due: 250_000)
            for (place, mail) in order.enumerated() {
                try till.pay(
                    125_000, "\(try code(1))", rule: mails[mail].rule, id: mails[mail].id,
                    after: TimeInterval(place))
            }
            #expect(try received(till) == 250_000, "\(order)")
            #expect(try till.state(1) == .paid, "\(order)")
            try till.expectSound("\(order)")
        }
    }

    @Test("where nothing tells them apart a person says which, and nothing is counted twice")
    func perhaps() throws {
        let till = try Till()
        try till.guest(1)
        try till.guest(2, "Elif Karaca", due: 125_000)
        try till.pay(125_000, "\(try code(1))", rule: "bank/fast")
        let second = try till.pay(125_000, rule: "bank/eft", after: 5)
        #expect(second.verdict.kind == .review)
        #expect(second.verdict.reasons.contains(.perhapsSameTransfer))
        #expect(try received(till) == 125_000)
        try till.expectSound()
        try till.answer(.assign(RegistrationID("g2"), nil))
        #expect(try received(till) == 250_000 && till.state(2) == .paid)
        try till.expectSound()
    }

    @Test("a forged notice takes nothing away from the real one")
    func forged() throws {
        let till = try Till()
        try till.guest(1)
        try till.pay(125_000, "\(try code(1))", rule: "bank/notice", trust: .forged)
        try till.pay(125_000, "\(try code(1))", rule: "bank/receipt", id: "F1")
        #expect(try till.state(1) == .paid && received(till) == 125_000)
        try till.expectSound()
    }

    @Test("the same mail twice from the bank, with its number, is one payment")
    func number() throws {
        let till = try Till()
        try till.guest(1)
        try till.pay(125_000, "\(try code(1))", id: "F1")
        let report = try till.pay(125_000, "\(try code(1))", id: "F1", after: 3)
        #expect(report.verdict.reasons == [.sameTransfer])
        #expect(try received(till) == 125_000 && till.open.isEmpty)
        try till.expectSound()
    }

    /// A notice of half the sum, and what somebody sends of it, nine hours later.
    private func copied(
        _ trust: Trust, isCopyFirst: Bool = false, payer: String = "ELİF KARACA"
    ) throws -> (till: Till, question: ReviewRecord?) {
        let till = try Till()
        try till.guest(1, due: 85_000)
        let code = "\(try code(1))"
        func notice() throws { try till.pay(42_500, code, timeFrom: .arrival) }
        func copy() throws {
            try till.pay(
                42_500, from: payer, code, after: 32_400, trust: trust, timeFrom: .arrival)
        }
        if isCopyFirst {
            try copy()
            try notice()
        } else {
            try notice()
            try copy()
        }
        try till.expectSound()
        return (till, try till.open.first)
    }

    @Test(
        "a copy that nobody proved says which payment it may be, whichever came first",
        arguments: [false, true])
    func copy(isCopyFirst: Bool) throws {
        let (till, question) = try copied(.unverified, isCopyFirst: isCopyFirst)
        #expect(question?.reasons.contains(.perhapsSameTransfer) == true)
        #expect(try received(till) == 42_500 && till.state(1) == .underpaid)
        try till.ledger.read { books in
            guard case .payment(let id) = question?.subject, let payment = try books.payment(id)
            else { throw ReviewRefusal.unknown }
            let booked = try books.payments(limit: 2).first { $0.trust == .verified }
            #expect(try Twin.payment(told: payment, in: books)?.id == booked?.id)
        }
    }

    @Test("what somebody else sent, or much later, is no copy")
    func noCopy() throws {
        let (till, question) = try copied(.unverified, payer: "BORA TANYEL")
        #expect(question?.reasons.contains(.perhapsSameTransfer) == false)
        try till.pay(
            42_500, "\(try code(1))", after: 21 * 86_400, trust: .unverified, timeFrom: .arrival)
        #expect(try till.open.last?.reasons.contains(.perhapsSameTransfer) == false)
    }

    @Test("the bank's own notice of what a person has counted is not counted again")
    func countedBefore() throws {
        let till = try Till()
        try till.guest(1, due: 85_000)
        let code = "\(try code(1))"
        try till.pay(42_500, code, trust: .unverified, timeFrom: .arrival)
        try till.answer(.accept(nil))
        #expect(try received(till) == 42_500)
        let report = try till.pay(42_500, code, after: 60, timeFrom: .arrival)
        #expect(report.verdict.kind == .review)
        #expect(report.verdict.reasons.contains(.perhapsSameTransfer))
        #expect(try received(till) == 42_500 && till.state(1) == .underpaid)
        try till.expectSound()
    }

    @Test(
        "a line of other days is not counted beside the mail that may have told of it",
        arguments: [
            (6, "ELIF KARACA", true), (20, "ELIF KARACA", true), (21, "ELIF KARACA", false),
            (6, "BORA TANYEL", false), (-6, "ELIF KARACA", true),
        ])
    func strayLine(day: Int, payer: String, isUncertain: Bool) throws {
        for words in [try code(1).text, nil] {
            let line = Line(minor: 42_500, payer: payer, words: words, day: day)
            let till = try Till()
            try till.guest(1, due: 85_000)
            try till.pay(42_500, "\(try code(1))", timeFrom: .arrival)
            #expect(try till.reconcile([line]).words == [isUncertain ? "uncertain" : "bank"])
            try till.expectSound()
            // The other way round: the line was applied, and the mail comes.
            let other = try Till()
            try other.guest(1, due: 85_000)
            try other.reconcile([line])
            let report = try other.pay(42_500, "\(try code(1))", timeFrom: .arrival)
            #expect(report.verdict.reasons.contains(.perhapsSameTransfer) == isUncertain)
            try other.expectSound()
        }
    }

    @Test("a mail that prints its time tells of no line that was booked before")
    func earlierLine() throws {
        let till = try Till()
        try till.guest(1, due: 85_000)
        try till.pay(42_500, "\(try code(1))")
        #expect(try till.reconcile([Line(minor: 42_500, day: -6)]).words == ["bank"])
    }

    private func permutations(_ items: [Int]) -> [[Int]] {
        guard let first = items.first else { return [[]] }
        return permutations(Array(items.dropFirst())).flatMap { rest in
            (0...rest.count).map { Array(rest[..<$0]) + [first] + Array(rest[$0...]) }
        }
    }
}

@Suite("Reversals")
struct ReversalTests {
    private func paid(_ guests: Int = 1) throws -> Till {
        let till = try Till()
        for number in 1...guests {
            try till.guest(number, number == 1 ? "Elif Karaca" : "Bora Tanyel")
            try till.pay(125_000, "\(try code(number))", id: "90\(number)")
        }
        try till.carryOut()
        return till
    }

    @Test("by the bank's number: booked back, suspended, asked")
    func number() throws {
        let till = try paid(2)
        till.now = noon + 86_400
        let report = try till.pay(125_000, from: nil, id: "902", outcome: .reversal)
        #expect(report.verdict.reasons == [.originalFound, .reversalNeedsPerson])
        #expect(try till.state(1) == .confirmed && till.state(2) == .suspended)
        #expect(try till.open.map(\.kind) == ["reversal"])
        try till.expectSound()
        // It was a mistake of the bank: undone, everything stands as before.
        let decision = try till.ledger.read { books in
            try #require(try books.decisions(limit: 1).first).id
        }
        try till.undo(decision)
        #expect(try till.state(2) == .confirmed && till.open.isEmpty)
        try till.expectSound()
    }

    @Test("by the code and the exact sum")
    func byCode() throws {
        let till = try paid(2)
        try till.pay(125_000, "\(try code(1)) iade", outcome: .reversal)
        #expect(try till.state(1) == .suspended && till.state(2) == .confirmed)
        try till.expectSound()
    }

    @Test("that could be of several asks first, and a person's answer does the rest")
    func several() throws {
        let till = try paid(2)
        try till.pay(125_000, from: nil, outcome: .reversal)
        #expect(try till.state(1) == .confirmed && till.state(2) == .confirmed)
        let question = try #require(try till.open.first)
        #expect(question.reasons.contains(.originalNotFound) && question.candidates.count == 2)
        try till.answer(.accept(RegistrationID("g2")))
        #expect(try till.state(2) == .suspended && till.state(1) == .confirmed)
        try till.expectSound()
    }

    @Test("that nothing proves touches nothing")
    func unproven() throws {
        let till = try paid()
        try till.pay(125_000, from: nil, id: "901", trust: .unverified, outcome: .reversal)
        #expect(try till.state(1) == .confirmed && till.open.count == 1)
        try till.expectSound()
    }

    @Test("and new money confirms the guest again, who is approved already")
    func again() throws {
        let till = try paid()
        try till.pay(125_000, from: nil, id: "901", outcome: .reversal)
        try till.answer(.ignore)
        let report = try till.pay(125_000, "\(try code(1))", id: "905", after: 100)
        #expect(report.verdict.kind == .review)
        try till.answer(.accept(nil))
        #expect(try till.state(1) == .confirmed)
        try till.expectSound()
    }
}
