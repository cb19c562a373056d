// SPDX-License-Identifier: Apache-2.0

import Domain
import FoundationEssentials
import Testing
import Workflow

@testable import Agent
@testable import Ledger
@testable import Operator

@Suite("What is left of a payment")
struct SurplusTests {
    /// 1.300 lira with the code of g1, who owes 1.250.
    private func overpaid() throws -> Till {
        let till = try Till()
        try till.guest(1)
        try till.guest(2, "Bora Tanyel", due: 5_000)
        try till.pay(130_000, "\(try code(1))")
        return till
    }

    private func accounts(_ till: Till, _ whose: AccountsOf) throws -> [String: Int64] {
        try till.ledger.read { books in
            try books.accounts(of: whose).reduce(into: [:]) { sums, balance in
                if balance.amount.minorUnits != 0 {
                    sums[balance.account] = balance.amount.minorUnits
                }
            }
        }
    }

    @Test("the question names who owes exactly the rest, and who was paid for")
    func question() throws {
        let till = try overpaid()
        let question = try #require(try till.open.first)
        #expect(question.kind == "overpaid" && question.reasons.contains(.amountTooHigh))
        #expect(question.candidates.map(\.registration.text) == ["g2", "g1"])
        let guest = RegistrationID("g1")
        #expect(refusal { try till.answer(.accept(guest)) } == .nothingOwed(guest))
        try till.answer(.accept(nil))
        #expect(try till.state(2) == .paid && till.open.isEmpty)
        try till.expectSound()
    }

    @Test("who paid alone is named alone, where nobody owes the rest")
    func alone() throws {
        let till = try Till()
        try till.guest(1)
        try till.guest(2, "Bora Tanyel")
        try till.pay(130_000, "\(try code(1))")
        let guest = RegistrationID("g1")
        #expect(try till.open.map { $0.candidates.map(\.registration) } == [[guest]])
        #expect(refusal { try till.answer(.accept(nil)) } == .nothingOwed(guest))
    }

    /// Two who owe the same, and a third one; the second one's code has a wrong sign.
    @Test("whose code has a slip comes before all others who owe the rest")
    func slip() throws {
        let till = try Till()
        for number in 1...4 { try till.guest(number, "Ada Kor\(number)") }
        var signs = Array(try code(3).text.utf8)
        signs[5] = signs[5] == 0x39 ? 0x38 : 0x39
        let slipped = String(decoding: signs, as: UTF8.self)
        try till.pay(250_000, "\(try code(1)) ve \(slipped)")
        #expect(try till.state(1) == .paid)
        let proposed = try #require(try till.open.first).candidates
        #expect(proposed.first?.registration.text == "g3")
        #expect(proposed.first?.reasons.contains(.codeRepaired) == true)
        #expect(Set(proposed.map(\.registration.text)) == ["g1", "g2", "g3", "g4"])
        try till.answer(.accept(nil))
        #expect(try till.state(3) == .paid && till.open.isEmpty)
        try till.expectSound()
    }

    @Test("after a person's answer too, who owes the rest is proposed")
    func afterAnswer() throws {
        let till = try Till()
        try till.guest(1)
        try till.guest(2, "Bora Tanyel")
        try till.pay(250_000, from: "MEHMET KARACA")
        try till.answer(.assign(RegistrationID("g1"), nil))
        #expect(try till.open.map { $0.candidates.map(\.registration.text) } == [["g2", "g1"]])
    }

    @Test("sent back, it stays in the accounts of its registration and event")
    func refund() throws {
        let till = try overpaid()
        try till.answer(.refund)
        let guest = AccountsOf.registration(RegistrationID("g1"))
        #expect(try accounts(till, guest) == ["allocated": 125_000, "refund_due": 5_000])
        let due = try till.ledger.read { try $0.refundsDue() }
        try till.ledger.write { try Closing.confirmRefund(due[0], by: "x", now: noon, in: $0) }
        #expect(try accounts(till, guest) == ["allocated": 125_000, "refunded": 5_000])
        #expect(try accounts(till, .event(gala)) == ["allocated": 125_000, "refunded": 5_000])
        #expect(try till.state(1) == .paid)
        try till.expectSound()
    }

    @Test("money that nobody decided about is sent back, or kept, because of nobody")
    func undecided() throws {
        for answer in [ReviewAnswer.refund, .credit] {
            let till = try Till()
            try till.guest(1)
            try till.pay(125_000, from: "MEHMET KARACA")
            #expect(try till.open.map { $0.candidates.map(\.registration.text) } == [["g1"]])
            try till.answer(answer)
            #expect(try accounts(till, .registration(RegistrationID("g1"))).isEmpty)
            #expect(try accounts(till, .everything).count == 2)
            try till.expectSound()
        }
    }

    @Test("after a person's answer the rest is asked about, and the first answer stands")
    func accepted() throws {
        for answer in [ReviewAnswer.refund, .assign(RegistrationID("g2"), nil), .ignore] {
            let till = try Till()
            try till.guest(1)
            try till.guest(2, "Bora Tanyel", due: 5_000)
            try till.pay(130_000, from: "MEHMET KARACA")
            let report = try till.answer(.accept(RegistrationID("g1")))
            let question = try #require(try till.open.first)
            #expect(report.review == question.id && report.credit == lira(5_000))
            let second = try till.answer(answer)
            #expect(try till.open.isEmpty && till.state(1) == .paid)
            try till.expectSound()
            // One after the other they are taken back.
            #expect(
                refusal { try till.undo(report.decision) } == .undo(.later(second.decision)))
            try till.undo(second.decision)
            try till.undo(report.decision)
            #expect(try till.state(1) == .awaitingPayment && till.open.count == 1)
            try till.expectSound()
        }
    }

    @Test("what was kept as credit is asked about again on demand")
    func ask() throws {
        let till = try Till()
        try till.guest(1)
        try till.pay(125_000, from: "MEHMET KARACA")
        func ask() throws -> ReviewID {
            try till.ledger.write {
                try till.desk.askAboutCredit(of: PaymentID(1), by: "x", now: noon, in: $0)
            }
        }
        let open = try #require(try till.open.first).id
        #expect(try ask() == open)
        try till.answer(.credit)
        let question = try ask()
        #expect(question != open)
        try till.answer(.refund)
        #expect(try till.ledger.read { try $0.refundsDue() }.map(\.amount) == [lira(125_000)])
        #expect(refusal { try ask() } == .noCredit(PaymentID(1)))
        try till.expectSound()
        try till.undo(try till.lastDecision())
        try till.answer(.assign(RegistrationID("g1"), nil), question)
        #expect(try till.state(1) == .paid)
        try till.expectSound()
    }
}

@Suite("What a decision leaves behind when it is undone")
struct AfterUndoTests {
    @Test("nothing is remembered of who paid for whom, but what other decisions told")
    func memory() throws {
        let till = try Till()
        let guest = try till.guest(1, remembers: true)
        let payer = try #require(PersonName("Mehmet Karaca"))
        func isRemembered() throws -> Bool {
            try till.ledger.read { try $0.isRemembered(payer: payer, for: guest) }
        }
        try till.pay(60_000, from: "MEHMET KARACA")
        let byHand = try till.answer(.assign(guest.id, nil)).decision
        try till.pay(65_000, from: "MEHMET KARACA", "\(try code(1))", after: 60)
        let byAgent = try till.lastDecision()
        #expect(byAgent != byHand)
        #expect(try isRemembered())
        try till.undo(byAgent)
        #expect(try isRemembered())
        try till.undo(byHand)
        #expect(try !isRemembered())
    }

    @Test("undone twice, it says that it is undone", arguments: [true, false])
    func twice(hasAmount: Bool) throws {
        let till = try Till()
        try till.guest(1)
        let goal = RegistrationID("g1")
        if hasAmount {
            try till.pay(125_000, from: "MEHMET KARACA")
        } else {
            try till.pay(125_000, outcome: .paymentWithoutDetails)
        }
        let question = try #require(try till.open.first).id
        try till.answer(.assign(goal, hasAmount ? nil : lira(125_000)))
        func undo() throws -> UndoReport {
            try till.ledger.write { books in
                try till.desk.undo(
                    try till.desk.decision(ofReview: question, in: books), by: "x", now: noon,
                    in: books)
            }
        }
        let first = try undo()
        #expect(refusal { try undo() } == .undo(.already(first.decision, at: noon)))
    }

    @Test("an expiry that is undone gives the whole time to pay anew")
    func expiry() throws {
        let till = try Till()
        try till.guest(1)
        let schedule = PaymentSchedule(terms: [gala: PaymentTerms(payWithin: 3_600)])
        func run(after seconds: TimeInterval) throws -> Int {
            till.now = noon + seconds
            return try till.ledger.write { try schedule.run(now: till.now, in: $0).expired }
        }
        #expect(try run(after: 3_700) == 1)
        let decision = try #require(try till.ledger.read { try $0.decisions(limit: 1).first })
        try till.undo(decision.id)
        #expect(try run(after: 3_800) == 0)
        #expect(try till.state(1) == .awaitingPayment)
        #expect(try run(after: 7_200) == 0)
        #expect(try run(after: 7_400) == 1)
        try till.expectSound()
    }
}

@Suite("After a reversal")
struct AfterReversalTests {
    private func reversed() throws -> Till {
        let till = try Till()
        try till.guest(1)
        try till.pay(125_000, "\(try code(1))")
        let report = try till.ledger.write {
            try till.desk.reverse(PaymentID(1), by: "ayla", now: noon, in: $0)
        }
        #expect(try till.open.map(\.id) == [report.review])
        return till
    }

    @Test("by hand a person is asked what is to become of the guest, without what spoke for them")
    func asks() throws {
        let till = try reversed()
        let question = try #require(try till.open.first)
        #expect(question.kind == "reversal")
        #expect(question.candidates.map(\.registration.text) == ["g1"])
        #expect(question.candidates.allSatisfy { $0.reasons.isEmpty && $0.similarity == 100 })
    }

    @Test("a mail that a refund came back proposes the refunds of the sum that it prints")
    func returnedRefund() throws {
        let counter = try Counter()
        let till = counter.till
        try till.guest(1)
        try till.guest(2, "Bora Tanyel", due: 60_000)
        try till.pay(125_000, "\(try code(1))")
        try till.pay(60_000, from: "BORA TANYEL", "\(try code(2))")
        try till.ledger.write { books in
            for guest in ["g1", "g2"] {
                _ = try till.desk.cancel(RegistrationID(guest), by: "x", now: noon, in: books)
            }
            for due in try books.refundsDue() {
                try Closing.confirmRefund(due, by: "x", now: noon, in: books)
            }
        }
        #expect(
            try till.ledger.read { try $0.payments(limit: 9).map(\.state) }
                == [.refunded, .refunded])
        for (sum, guests) in [
            ("1.250,00", ["g1"]), ("1250.00", ["g1"]), ("600", ["g2"]), ("11.250,00", []),
        ] {
            let mail = """
                From: a@example.org
                Subject: FAST iade bilgilendirmesi
                Content-Type: text/plain; charset=utf-8

                Gönderdiğiniz \(sum) TL tutarındaki FAST işlemi iade edilmiştir.
                """
            try till.pay(
                1, outcome: .notAPayment, kind: "returned", raw: Array(mail.utf8))
            let question = try #require(try till.open.last)
            #expect(question.candidates.map(\.registration.text) == guests, "\(sum)")
            let view = try till.ledger.read {
                try ReviewView(question, language: .english, in: $0).text
            }
            let refunds = view.split(separator: "\n").count {
                $0.contains("review undo --decision")
            }
            #expect(refunds == guests.count, "\(view)")
        }
        let sent = try till.ledger.read { try $0.refundsSent(since: noon - 1, limit: 9) }
        try till.undo(try #require(sent.first).decision)
        #expect(
            try till.ledger.read { try $0.payments(limit: 9).map(\.state) }
                == [.refunded, .allocated])
        try till.expectSound()
    }

    @Test("money of ours that came back is asked about, other mails that are no payment are not")
    func returned() throws {
        let till = try Till()
        for kind in ["outgoing", "fee", "returned"] {
            try till.pay(125_000, outcome: .notAPayment, kind: kind)
        }
        #expect(try till.open.map(\.reasons) == [[.moneyReturned]])
        try till.answer(.ignore)
        try till.expectSound()
    }

    @Test("nothing can be booked, and the answer says what can be done")
    func answers() throws {
        let till = try reversed()
        for answer in [ReviewAnswer.accept(nil), .refund, .credit] {
            #expect(refusal { try till.answer(answer) } == .takenBack)
        }
        #expect(ReviewRefusal.takenBack.english.contains("registrations cancel"))
        try till.answer(.ignore)
        #expect(try till.state(1) == .suspended)
        try till.expectSound()
    }
}
