// SPDX-License-Identifier: Apache-2.0

import Domain
import FoundationEssentials
import Statements
import Testing

@testable import Agent
@testable import Ledger

@Suite("Lines that the bank turned around")
struct StatementReturnTests {
    @Test("money that the same file takes back is booked and booked back, nobody is approved")
    func sameFile() throws {
        let code = try code(1).text
        let twins = [
            (Line(number: "AB1"), Line(minor: -125_000, number: "AB1", isReversal: true)),
            (
                Line(words: code),
                Line(minor: -125_000, payer: nil, words: "IADE \(code)", isReversal: true)
            ),
            (Line(), Line(minor: -125_000, isReversal: true)),
        ]
        for (line, reversal) in twins {
            let till = try Till()
            try till.guest(1)
            let result = try till.reconcile([line, reversal])
            #expect(result.words == ["bank"])
            #expect(try till.state(1) == .awaitingPayment)
            try till.expectSound()
            if line.words == nil, line.number == nil {
                // A name alone is nothing certain.
                #expect(result.takenBack.map(\.payments) == [[PaymentID(1)]])
                #expect(try till.received == 125_000)
                #expect(try till.open.map(\.reasons.first) == [.takenBackBefore])
                try till.ledger.write {
                    _ = try till.desk.reverse(PaymentID(1), by: "x", now: till.now, in: $0)
                }
            }
            #expect(try till.received == 0 && till.open.allSatisfy { $0.kind == "reversal" })
            let again = try till.reconcile([line, reversal])
            #expect(again.isClear && again.words == ["known"])
            try till.expectSound()
        }
    }

    @Test("when it is not said whose money went back, the line that is most like it waits")
    func unnamed() throws {
        let (mine, other) = (try code(1).text, try code(2).text)
        for (words, expected) in [
            ("ELIF KARACA IADE", [RegistrationState.awaitingPayment, .paid]),
            ("IADE", [.awaitingPayment, .awaitingPayment]),
        ] {
            let till = try Till()
            try till.guest(1)
            try till.guest(2)
            try till.reconcile([
                Line(payer: nil, words: "ELIF KARACA \(mine)", number: "AB1"),
                Line(minor: -125_000, payer: nil, words: words, number: "ZZ9", isReversal: true),
                Line(payer: nil, words: "EMRE KAYA \(other)", number: "AB2"),
            ])
            #expect(try [till.state(1), till.state(2)] == expected)
            try till.expectSound()
        }
    }

    @Test("when it is not said which payment went back, the one that is most like it stands first")
    func likest() throws {
        let till = try Till()
        try till.guest(1)
        try till.guest(2, "Emre Kaya")
        try till.reconcile([
            Line(payer: nil, words: "ELIF KARACA \(try code(1))", number: "AB1"),
            Line(payer: nil, words: "EMRE KAYA \(try code(2))", number: "AB2"),
        ])
        func taken(_ words: String) throws -> [TakenBack] {
            let line = Line(
                minor: -125_000, payer: nil, words: words, number: "ZZ9", isReversal: true)
            return try till.reconcile([line], file: 2, applies: false).takenBack
        }
        let (elif, emre) = (PaymentID(1), PaymentID(2))
        #expect(try taken("ELIF KARACA IADE").map(\.payments) == [[elif, emre]])
        #expect(try taken("IADE").map(\.payments) == [[emre, elif]])
        #expect(try taken("IADE \(try code(1))").map(\.payments) == [[elif, emre]])
        // What went back to one guest is not what went back to the other.
        try till.ledger.write { _ = try till.desk.reverse(emre, by: "x", now: noon, in: $0) }
        #expect(try taken("ELIF KARACA IADE").map(\.payments) == [[elif]])
        #expect(try taken("EMRE KAYA IADE").map(\.isOpen) == [false])
    }

    @Test("money of another sum, code or day is approved")
    func others() throws {
        let (mine, other) = (try code(1).text, try code(2).text)
        for reversal in [
            Line(minor: -150_000, number: "AB1", isReversal: true),
            Line(minor: -125_000, words: other, isReversal: true),
            Line(minor: -125_000, words: mine, day: -1, isReversal: true),
            Line(minor: -125_000, words: other),
            Line(minor: -125_000, words: "kira"), Line(minor: -125_000, words: "iade \(other)"),
            Line(minor: -900, words: "masraf", number: "AB1"),
            Line(minor: -125_000, payer: "EMRE KAYA", words: "iade"),
        ] {
            let till = try Till()
            try till.guest(1)
            try till.reconcile([Line(words: mine, number: "AB1"), reversal])
            #expect(try till.state(1) == .paid)
        }
    }

    @Test(
        "money that went out again by a line without the bank's mark is nobody's, all or a part",
        arguments: [
            Line(minor: -125_000, payer: nil, words: "GIDEN FAST", number: "771"),
            Line(minor: -60_000, payer: nil, words: "İPTAL FAST", number: "771"),
            Line(minor: -125_000, payer: nil, words: "CODE"),
            Line(minor: -60_000, payer: nil, words: "GIDEN FAST CODE", day: 1),
            Line(minor: -125_000, words: "ters kayıt"),
            Line(minor: -125_000, payer: nil, words: "FAST IADESI ELIF KARACA"),
            Line(minor: -60_000, number: "771", isReversal: true),
            Line(minor: -60_000, payer: nil, words: "CODE", isReversal: true),
        ])
    func unmarked(line: Line) throws {
        let code = try code(1).text
        var gone = line
        gone.words = line.words?.replacing("CODE", with: code)
        for isSameFile in [true, false] {
            let till = try Till()
            try till.guest(1)
            let came = Line(words: "\(code)", number: "771")
            if !isSameFile { try till.reconcile([came], .csv) }
            let result = try till.reconcile([came, gone], .csv, file: 2, applies: false)
            #expect(result.takenBack.count == 1 && result.otherLines == 0 && !result.isClear)
            try till.reconcile([came, gone], .csv, file: 2)
            if isSameFile {
                #expect(try till.state(1) == .awaitingPayment)
                #expect(try till.open.contains { $0.reasons.contains(.takenBackBefore) })
            } else {
                #expect(result.takenBack.map(\.payments) == [[PaymentID(1)]])
            }
            try till.expectSound()
        }
    }

    @Test(
        "a reversal by number is booked back and asked about once, like a mail that says it",
        arguments: [nil, Int64(50_000)])
    func reversal(part: Int64?) throws {
        for isMail in [true, false] {
            let till = try Till()
            try till.guest(1)
            if isMail {
                try till.pay(125_000, "\(try code(1))", id: "AB1")
            } else {
                try till.reconcile([Line(words: "\(try code(1))", number: "AB1")])
            }
            #expect(try till.state(1) == .paid)
            let line = Line(
                minor: -(part ?? 125_000), payer: nil, words: "\(try code(1))", number: "AB1",
                day: 1, isReversal: true)
            for file in [UInt8(2), 2, 3] {
                let result = try till.reconcile([line], file: file)
                #expect(result.isClear || isMail && !result.mailOnly.isEmpty)
                #expect(try till.state(1) == .suspended)
                #expect(try till.received == 125_000 - (part ?? 125_000))
                let questions = try till.open
                #expect(questions.map(\.kind) == ["reversal"])
                #expect(questions.first?.candidates.map(\.registration.text) == ["g1"])
                try till.expectSound()
            }
        }
    }

    @Test("what is not certain is asked about once, and known when it is answered")
    func asked() throws {
        for line in [
            Line(minor: -125_000, payer: nil, words: "İPTAL", number: "AB1"),
            Line(minor: -125_000, words: "iade"),
            Line(minor: -125_000, isReversal: true),
            Line(
                minor: -125_000, payer: nil, words: try code(2).text, number: "AB1",
                isReversal: true),
        ] {
            for isIgnored in [true, false] {
                let till = try Till()
                try till.guest(1)
                try till.guest(2, "Emre Kaya", due: 99_000)
                try till.reconcile([Line(words: "\(try code(1))", number: "AB1")])
                for file in [UInt8(2), 2, 3] {
                    let result = try till.reconcile([line], file: file)
                    #expect(result.takenBack.map(\.payments) == [[PaymentID(1)]])
                    #expect(try !result.isClear && till.state(1) == .paid)
                    #expect(try till.open.map(\.kind) == ["reversal"])
                }
                try till.answer(isIgnored ? .ignore : .accept(nil))
                #expect(try till.state(1) == (isIgnored ? .paid : .suspended))
                #expect(try till.reconcile([line], file: 4).isClear)
                try till.expectSound()
            }
        }
    }

    @Test("a reversal whose payment comes later holds it")
    func before() throws {
        let till = try Till()
        try till.guest(1)
        try till.reconcile([Line(minor: -125_000, payer: nil, number: "AB1", isReversal: true)])
        let late = try till.pay(125_000, "\(try code(1))", id: "AB1", after: 86_400)
        #expect(late.verdict.reasons.contains(.takenBackBefore))
        #expect(try till.state(1) == .awaitingPayment && till.open.count == 1)
        try till.expectSound()
    }

    @Test("a line by which a refund of the books went out takes nothing back")
    func refund() throws {
        let code = try code(1).text
        for isSent in [true, false] {
            let till = try Till()
            try till.guest(1)
            try till.pay(125_000, code)
            try till.ledger.write { books in
                _ = try till.desk.cancel(RegistrationID("g1"), by: "x", now: till.now, in: books)
                guard isSent, let due = try books.refundsDue().first else { return }
                try Closing.confirmRefund(due, by: "x", now: till.now, in: books)
            }
            for words in ["IADE \(code)", "IADE ELIF KARACA"] {
                let line = Line(minor: -125_000, payer: nil, words: words, day: 3)
                let result = try till.reconcile([line], .csv, applies: false)
                #expect(result.takenBack.isEmpty && result.otherLines == 1)
                // It went out once.
                #expect(try till.reconcile([line, line], applies: false).takenBack.count == 1)
            }
        }
    }

    @Test("money for a guest to whom just this was sent back may be that refund, returned")
    func returnedAsMoney() throws {
        for (minor, isMeant) in [(Int64(125_000), true), (124_000, false)] {
            let till = try Till()
            try till.guest(1)
            try till.pay(125_000, "\(try code(1))")
            try till.ledger.write { books in
                _ = try till.desk.cancel(RegistrationID("g1"), by: "x", now: till.now, in: books)
                let due = try #require(try books.refundsDue().first)
                try Closing.confirmRefund(due, by: "x", now: till.now, in: books)
            }
            try till.pay(minor, "iade \(try code(1))", after: 6 * 86_400)
            let question = try #require(try till.open.first)
            #expect(question.reasons.contains(.moneyReturned) == isMeant)
        }
    }

    @Test("a refund that came back is shown with its confirmation until that is undone")
    func returned() throws {
        let till = try Till()
        try till.guest(1)
        try till.pay(125_000, "\(try code(1))")
        let confirmation = try till.ledger.write { books in
            _ = try till.desk.cancel(RegistrationID("g1"), by: "x", now: till.now, in: books)
            let due = try #require(try books.refundsDue().first)
            return try Closing.confirmRefund(due, by: "x", now: till.now, in: books)
        }
        let lines = [
            Line(words: "IADE IADESI", isReversal: true),
            Line(minor: 5_000, isReversal: true), Line(minor: -2_000, words: "ücret"),
        ]
        let first = try till.reconcile(lines, applies: false)
        #expect(first.returned.map { $0.refunds.map(\.decision) } == [[confirmation], []])
        #expect(first.otherLines == 1 && !first.isClear && first.items.isEmpty)
        try till.undo(confirmation)
        let after = try till.reconcile(lines, applies: false)
        #expect(after.returned.map(\.isOpen) == [false, true])
        #expect(try till.ledger.read { try $0.refundsDue().count } == 1)
    }
}
