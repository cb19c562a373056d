// SPDX-License-Identifier: Apache-2.0

import Domain
import FoundationEssentials
import Matching
import Statements
import Testing
import Workflow

@testable import Agent
@testable import Ledger
@testable import Operator

/// What an organizer is told of money that the agent books back, or keeps.
@Suite("Money that went back without a person is told of")
struct BookedBackTests {
    private func text(
        _ till: Till, _ lines: [Line], _ result: Reconciliation
    ) -> ReconciliationText {
        ReconciliationText(
            path: "x", statements: [till.statement(lines)], result: result, isApplied: true)
    }

    @Test("by payments reconcile: whose, how much and what comes next")
    func applied() throws {
        let till = try Till()
        try till.guest(1)
        try till.guest(2, "Bora Tanyel")
        try till.reconcile([
            Line(words: "\(try code(1))", number: "AB1"),
            Line(payer: "BORA TANYEL", words: "\(try code(2))", number: "AB2"),
        ])
        let lines = [
            Line(minor: -125_000, payer: nil, words: "iade", number: "AB9", isReversal: true),
            Line(minor: -50_000, payer: nil, number: "AB2", isReversal: true),
        ]
        let result = try till.reconcile(lines, file: 2)
        let report = text(till, lines, result)
        #expect(
            report.text(.english).contains(
                """
                Taken back by the bank and booked back: 1
                row 1: 500,00 TL of payment 2
                  g2: suspended
                  What is to become of it: mutabik review show 2
                """), "\(report.text(.english))")
        let turkish = report.text(.turkish)
        #expect(turkish.contains("satır 1: 2 numaralı ödemeden 500,00 TL\n  g2: "), "\(turkish)")
        let object =
            #""finding":"taken_back_known","payments":[],"booked_back":[{"payment":2,"#
            + #""amount_minor":50000,"currency":"TRY","registrations":[{"id":"g2","#
            + #""state":"suspended"}],"review":2}]}"#
        #expect(report.json.map(\.finished).contains { $0.hasSuffix(object) })
        // The other one is open, and stays told of as such.
        #expect(report.text(.english).contains("Taken back by the bank: 1\n"))
        let again = text(till, lines, try till.reconcile(lines, file: 2))
        #expect(!again.text(.english).contains("booked back:"))
    }

    @Test("undone, it is told of again, for the books hold what the bank took back")
    func undone() throws {
        let till = try Till()
        try till.guest(1)
        try till.reconcile([Line(words: "\(try code(1))", number: "AB1")])
        let lines = [Line(minor: -125_000, payer: nil, number: "AB1", isReversal: true)]
        try till.reconcile(lines, file: 2)
        #expect(try till.state(1) == .suspended && till.received == 0)
        try till.undo(try till.lastDecision())
        #expect(try till.state(1) == .paid && till.received == 125_000)
        for applies in [false, true] {
            let again = try till.reconcile(lines, file: 2, applies: applies)
            #expect(again.takenBack.map(\.isOpen) == [true] && !again.isClear)
            #expect(again.takenBack.flatMap(\.payments).map(\.number) == [1])
            // What a person has undone is not done again unasked.
            #expect(try till.state(1) == .paid && till.received == 125_000)
        }
        _ = try till.ledger.write {
            try till.desk.reverse(PaymentID(1), by: "ayla", now: noon, in: $0)
        }
        #expect(try till.reconcile(lines, file: 2).takenBack.map(\.isOpen) == [false])
        try till.expectSound()
    }

    @Test("of one file that brings it and takes it back: the question names who was meant")
    func sameFile() throws {
        let till = try Till()
        try till.guest(1)
        let lines = [
            Line(words: "\(try code(1))", number: "AB1"),
            Line(minor: -125_000, payer: nil, number: "AB1", isReversal: true),
        ]
        let result = try till.reconcile(lines)
        let question = try #require(try till.open.first)
        #expect(try till.open.count == 1 && question.kind == "reversal")
        #expect(question.candidates.map(\.registration.text) == ["g1"])
        #expect(try till.state(1) == .awaitingPayment && till.received == 0)
        let told = text(till, lines, result).text(.english)
        #expect(
            told.contains("1.250,00 TL of payment 1\n  What is to become of it: mutabik review"),
            "\(told)")
        try till.expectSound()
    }

    @Test(
        "a refund that was due must not be sent any more, whoever booked it back",
        arguments: [nil, Int64(40_000)], [true, false])
    func refund(part: Int64?, byMail: Bool) throws {
        let till = try Till()
        try till.guest(1)
        try till.pay(125_000, "\(try code(1))", id: "AB1")
        try till.ledger.write {
            _ = try till.desk.cancel(RegistrationID("g1"), by: "x", now: noon, in: $0)
        }
        let left = 125_000 - (part ?? 125_000)
        if byMail {
            try till.takeBack(part ?? 125_000, id: "AB1")
        } else {
            let lines = [
                Line(
                    minor: -(part ?? 125_000), payer: nil, words: "\(try code(1))", number: "AB1",
                    day: 1, isReversal: true)
            ]
            let report = text(till, lines, try till.reconcile(lines))
            #expect(report.text(.english).contains("is not due back any more: do not send it"))
            #expect(
                report.json.contains {
                    $0.finished.contains(
                        #""not_due_any_more":[{"payment":1,"amount_minor":\#(part ?? 125_000),"#)
                })
        }
        let due = try till.ledger.read { try $0.refundsDue() }
        #expect(due.reduce(0) { $0 + $1.amount.minorUnits } == left)
        let question = try #require(try till.open.first)
        #expect(question.kind == "reversal" && question.reasons.contains(.refundNotDue))
        #expect(question.candidates.map(\.registration.text) == ["g1"])
        #expect(
            ReasonText.sentence(.refundNotDue, language: .turkish).contains("artık göndermeyin"))
        try till.answer(.ignore)
        try till.expectSound()
    }

    @Test("a refund that the bank says was taken back, as a person answers")
    func answered() throws {
        let till = try Till()
        try till.guest(1)
        try till.pay(125_000, "\(try code(1))", id: "AB1")
        try till.ledger.write {
            _ = try till.desk.cancel(RegistrationID("g1"), by: "x", now: noon, in: $0)
        }
        try till.reconcile([Line(minor: -125_000, number: "ZZ9", isReversal: true)])
        let report = try till.answer(.accept(nil))
        #expect(report.notDueAnyMore.map(\.amount) == [lira(125_000)])
        try till.expectSound()
    }

    @Test("credit of a guest whose time to pay is over is asked about, once")
    func expired() throws {
        let till = try Till()
        try till.guest(1)
        try till.pay(60_000, "\(try code(1))")
        try till.guest(2, "Bora Tanyel", due: 20_000)
        // A part of the second guest's money is kept because of the first.
        try till.pay(30_000, from: "BORA TANYEL", "\(try code(2))")
        try till.answer(.ignore)
        let schedule = PaymentSchedule(terms: [gala: PaymentTerms(payWithin: 3_600)])
        #expect(try till.open.isEmpty)
        try till.ledger.write { books in
            try books.decide("move", by: "x", payment: PaymentID(2), at: noon) {
                try books.move(
                    lira(10_000), of: PaymentID(2), from: .credit, to: .unallocated,
                    about: RegistrationID("g2"), at: noon)
                try books.credit(
                    lira(10_000), of: PaymentID(2), about: RegistrationID("g1"), at: noon)
            }
        }
        till.now = noon + 7_200
        for count in [1, 0] {
            let report = try till.ledger.write { try schedule.run(now: till.now, in: $0) }
            #expect(report.expired == count)
            let questions = try till.open
            #expect(questions.map(\.kind) == ["overpaid"])
            #expect(questions.first?.reasons == [.registrationClosed])
            #expect(questions.first?.candidates.contains { $0.registration.text == "g1" } == true)
        }
        #expect(try till.state(1) == .refundDue)
        let report = try till.answer(.refund)
        #expect(report.payment == PaymentID(2))
        try till.expectSound()
    }

    @Test("a line that may be another statement's is not said to be a mail's")
    func otherStatement() throws {
        let till = try Till()
        try till.reconcile([Line(payer: "CAN ADIVAR", number: "1")])
        let lines = [Line(payer: "CAN ADIVAR", number: "2")]
        let result = try till.reconcile(lines, .csv, file: 2, applies: false)
        #expect(result.words == ["uncertain"])
        let report = text(till, lines, result)
        let english = report.text(.english)
        #expect(english.contains("Perhaps a line of another statement; please look: 1\n"))
        #expect(!english.contains("mail told") && !english.contains("told by a mail"))
        #expect(report.text(.turkish).contains("Belki başka bir ekstrenin satırı; bakın: 1\n"))
        #expect(report.json[0].finished.hasSuffix(#""perhaps_told_by":"statement"}"#))
        #expect(report.json.last?.finished.contains(#""uncertain":1"#) == true)
    }
}
