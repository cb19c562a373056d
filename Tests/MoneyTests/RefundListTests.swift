// SPDX-License-Identifier: Apache-2.0

import Cryptography
import Domain
import Foundation
import Synchronization
import Testing

@testable import Agent
@testable import Ledger
@testable import Operator

@Suite("The list of refunds", .timeLimit(.minutes(20)))
struct RefundListTests {
    /// A payer who chose a name, and money of theirs that goes back.
    private func refund(_ till: Till, _ payer: String, _ minor: Int64, guest: Int? = nil) throws {
        try till.pay(minor, from: payer, guest.map { try code($0).text } ?? "x")
        if let guest {
            _ = try till.ledger.write {
                try till.desk.cancel(RegistrationID("g\(guest)"), by: "ayla", now: noon, in: $0)
            }
        } else {
            try till.answer(.refund)
        }
    }

    private func due(_ till: Till) throws -> [RefundDue] {
        try till.ledger.read { try $0.refundsDue() }
    }

    private func list(_ till: Till) throws -> String {
        try till.ledger.read { books in
            RefundList.text(try books.refundsDue().map { try RefundRow($0, in: books) })
        }
    }

    @Test("holds nothing that a terminal obeys, nor does a question")
    func harmless() throws {
        let till = try Till()
        try till.guest(1)
        let name = "ZEYNEP\u{1B}[31m \u{202E}UZAK"
        try till.pay(45_000, from: name, "x\u{1B}]0;y\u{7}\u{2066}")
        let question = try #require(try till.open.first)
        let view = try till.ledger.read {
            try ReviewView(question, language: .turkish, in: $0).text
        }
        try till.answer(.refund)
        for text in [view, try list(till)] {
            #expect(text.contains("ZEYNEP [31m UZAK"))
            #expect(!text.contains("\u{1B}") && !text.contains("\u{7}"))
            #expect(!text.contains("\u{202E}") && !text.contains("\u{2066}"))
        }
    }

    @Test("is written, sent, confirmed once, and all of it is booked or nothing")
    func whole() async throws {
        let counter = try Counter()
        let till = counter.till
        try till.guest(1)
        try refund(till, "Elif Karaca", 125_000, guest: 1)
        try refund(till, #"=HYPERLINK("http://evil.example","Elif, Karaca")"#, 70_000)
        try refund(till, "＝cmd|' /C calc'!A0", 30_000)
        let written = try await counter.mutabik("payments", "refunds", "--csv")
        #expect(written.code == 0)
        #expect(
            written.output
                == """
                payment,about,booking,iban,name,amount,currency,description\r
                1,g1,3,,Elif Karaca,1250.00,TRY,iade \(try code(1))\r
                2,,5,,\" =HYPERLINK(\"\"http://evil.example\"\",\"\"Elif, Karaca\"\")\",700.00,TRY,iade\r
                3,,7,, ＝cmd|' /C calc'!A0,300.00,TRY,iade\r

                """)
        #expect(written.errors.contains("Rows without an IBAN: 3."))
        try counter.write(written.output, to: "iade.csv")
        // One row was not sent.
        try counter.write(
            written.output.split(separator: "\r\n").prefix(3).joined(separator: "\r\n"),
            to: "sent.csv")
        let sent = try await counter.mutabik(
            "payments", "refunds", "confirm", "sent.csv", "--json")
        #expect(sent.code == 0)
        #expect(
            sent.output == #"{"confirmed":2,"decisions":[5,6],"without_iban":[1,2]}"# + "\n")
        #expect(
            sent.errors.contains(
                "Rows without an IBAN that count as sent: 2, the first of payment 1."))
        #expect(try till.state(1) == .refunded)
        #expect(try due(till).map(\.amount) == [lira(30_000)])
        // The same list again, and the whole list: a row of it is done.
        for name in ["sent.csv", "iade.csv"] {
            let again = try await counter.mutabik("payments", "refunds", "confirm", name, "--json")
            #expect(again.code == 1 && again.output.hasPrefix(#"{"error":"not_due""#))
            // Payments have numbers; names are nobody's business.
            #expect(again.errors.contains("payment 1") && !again.errors.contains("Karaca"))
        }
        #expect(try due(till).count == 1)
        try till.expectSound()
        // What the bank sent back is due again.
        let undone = try await counter.mutabik("payments", "undo", "1", "--json")
        #expect(undone.code == 0)
        #expect(try due(till).count == 2 && till.state(1) == .refundDue)
        try till.expectSound()
    }

    @Test(
        "is refused whole when something in it does not fit",
        arguments: [
            ("payment,about,iban,name,amount,currency\r\n", "not a list of refunds"),
            ("1,g1,9,,Elif Karaca,1250.00\r\n", "not a row of refunds"),
            ("x,g1,9,,Elif Karaca,1250.00,TRY,iade\r\n", "not a row of refunds"),
            ("1,g1,,,Elif Karaca,1250.00,TRY,iade\r\n", "not a row of refunds"),
            ("1,g1,9,,Elif Karaca,-1250.00,TRY,iade\r\n", "not a row of refunds"),
            ("1,g1,9,,Elif Karaca,1250.01,TRY,iade\r\n", "of payment 1."),
            ("1,g1,1,,Elif Karaca,1250.00,TRY,iade\r\n", "of payment 1."),
            ("1,g1,9,,Elif Karaca,1250.00,EUR,iade\r\n", "of payment 1."),
            ("1,,9,,Elif Karaca,1250.00,TRY,iade\r\n", "of payment 1."),
            ("1,g1,9,,\"Elif,1250.00,TRY,iade\r\n", "list.csv:2:"),
            (
                "1,g1,9,,Elif Karaca,1250.00,TRY,iade\r\n1,g1,9,,Elif Karaca,1250.00,TRY,iade\r\n",
                "of payment 1."
            ),
        ])
    func refused(rows: String, message: String) throws {
        let till = try Till()
        try till.guest(1)
        try refund(till, "Elif Karaca", 125_000, guest: 1)
        let head = "payment,about,booking,iban,name,amount,currency,description\r\n"
        let text = rows.hasPrefix("payment") ? rows : head + rows
        do {
            let list = try RefundList.read(text, path: "list.csv")
            try till.ledger.write { books in
                for row in list {
                    _ = try Closing.confirmRefund(row.due, by: "ayla", now: noon, in: books)
                }
            }
            Issue.record("\(rows) was taken")
        } catch let error as Failure {
            #expect(Language.english.text(of: error).contains(message))
        } catch let refusal as ReviewRefusal {
            #expect(refusal.english.contains(message))
        }
        #expect(try due(till).count == 1)
        try till.expectSound()
    }

    @Test("is read as well when Excel in Turkey has saved it")
    func excel() throws {
        let till = try Till()
        try till.guest(1)
        try refund(till, "Elif Karaca", 125_000, guest: 1)
        let text =
            "\u{FEFF}payment;about;booking;iban;name;amount;currency;description\r\n"
            + "1;g1;\(try due(till)[0].booking);;Elif Karaca;1.250,00;TRY;iade\r\n"
        #expect(try RefundList.read(text, path: "list.csv").map { $0.due } == due(till))
    }

    /// A guest who paid twice the due: what was too much goes back. Then there is a list.
    private func surplus(_ till: Till) throws -> [RefundDue] {
        try till.guest(1)
        try till.pay(250_000, from: "Elif Karaca", code(1).text)
        try till.answer(.refund)
        let list = try due(till)
        #expect(list.map(\.amount) == [lira(125_000)])
        return list
    }

    private func confirm(_ list: [RefundDue], _ till: Till) throws {
        try till.ledger.write { books in
            for row in list {
                _ = try Closing.confirmRefund(row, by: "ayla", now: noon, in: books)
            }
        }
        try till.expectSound()
    }

    private func cancel(_ till: Till) throws -> DecisionID {
        try till.ledger.write {
            try till.desk.cancel(RegistrationID("g1"), by: "ayla", now: noon, in: $0)
        }.decision
    }

    @Test("is done with, where the same sum of the payment is due anew")
    func sameSumAnew() throws {
        let till = try Till()
        let list = try surplus(till)
        try confirm(list, till)
        _ = try cancel(till)
        let anew = try due(till)
        #expect(anew.map(\.amount) == [lira(125_000)])
        #expect(refusal { try confirm(list, till) } == .notDue(list[0].payment))
        #expect(try due(till) == anew)
        try confirm(anew, till)
        #expect(try due(till).isEmpty && till.state(1) == .refunded)
    }

    @Test("that was sent is confirmed, whatever became due of the payment meanwhile")
    func moreMeanwhile() throws {
        let till = try Till()
        let list = try surplus(till)
        _ = try cancel(till)
        let more = try due(till)
        #expect(more.map(\.amount) == [lira(250_000)])
        try confirm(list, till)
        #expect(try due(till).map(\.amount) == [lira(125_000)])
        #expect(refusal { try confirm(list, till) } == .notDue(list[0].payment))
        #expect(refusal { try confirm(more, till) } == .notDue(list[0].payment))
        try confirm(try due(till), till)
        #expect(try due(till).isEmpty && till.state(1) == .refunded)
    }

    @Test("stays good where something else became due and was undone")
    func undoneMeanwhile() throws {
        let till = try Till()
        let list = try surplus(till)
        try till.undo(try cancel(till))
        try confirm(list, till)
        #expect(try due(till).isEmpty && till.state(1) == .paid)
    }

    @Test("is not sent any more where the bank took some of it back")
    func takenBack() throws {
        let till = try Till()
        let list = try surplus(till)
        _ = try till.ledger.write {
            try till.desk.reverse(
                list[0].payment, lira(25_000), about: list[0].about, by: "ayla", now: noon, in: $0)
        }
        _ = try cancel(till)
        #expect(refusal { try confirm(list, till) } == .notDue(list[0].payment))
        try confirm(try due(till), till)
        #expect(try due(till).isEmpty)
    }

    @Test("that came back is confirmed by a new list only")
    func cameBack() throws {
        let till = try Till()
        let list = try surplus(till)
        try confirm(list, till)
        try till.undo(try till.lastDecision())
        #expect(refusal { try confirm(list, till) } == .notDue(list[0].payment))
        try confirm(try due(till), till)
        #expect(try due(till).isEmpty)
    }

    @Test("that a crash interrupts is booked by the next confirmation, once")
    func crash() throws {
        struct Crash: Error {}
        let isDying = Mutex(false)
        let till = try Till(
            ledger: LedgerDatabase.temporary(
                masterKey: .random(),
                hooks: LedgerHooks(willCommit: { if isDying.withLock(\.self) { throw Crash() } })))
        for number in 1...3 { try refund(till, "Payer \(number)", Int64(number) * 1_000) }
        let rows = try RefundList.read(try list(till), path: "iade.csv")
        func confirm() throws {
            try till.ledger.write { books in
                for row in rows {
                    _ = try Closing.confirmRefund(row.due, by: "ayla", now: noon, in: books)
                }
            }
        }
        isDying.withLock { $0 = true }
        #expect(throws: Crash.self) { try confirm() }
        isDying.withLock { $0 = false }
        #expect(try due(till).count == 3)
        try confirm()
        #expect(try due(till).isEmpty)
        #expect(refusal { try confirm() } == .notDue(rows[0].due.payment))
        try till.expectSound()
    }

    @Test("goes to the IBAN that the bank printed, whatever the payer wrote")
    func account() throws {
        let till = try Till()
        let iban = "TR330006100519786457841326"
        try till.pay(125_000, from: "Elif Karaca", "IBAN TR320010009999901234567890", iban: iban)
        try till.answer(.refund)
        #expect(try list(till).contains(",\(iban),Elif Karaca,1250.00,TRY,iade\r\n"))
    }
}
