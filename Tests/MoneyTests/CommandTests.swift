// SPDX-License-Identifier: Apache-2.0

import Domain
import Foundation
import Testing

@testable import Agent
@testable import Ledger

/// What programs read: the names of the keys stay, and the exit codes are those of the manual.
@Suite("The commands about money", .timeLimit(.minutes(20)))
struct CommandTests {
    private let counter: Counter

    init() throws { counter = try Counter() }

    private func expect(
        _ command: String, _ code: Int32 = 0, _ lines: String...,
        location: SourceLocation = #_sourceLocation
    ) async throws {
        let arguments = command.split(separator: " ").map(String.init)
        let end = try await counter.start(arguments).value
        #expect(end.code == code, "\(command): \(end.errors)", sourceLocation: location)
        #expect(end.lines.map(timeless) == lines, "\(command)", sourceLocation: location)
    }

    /// Times of commands are those of the real clock.
    private func timeless(_ line: String) -> String {
        line.replacing(#/"(at|created_at|updated_at)":"[^"]*"/#) { #""\#($0.output.1)":"…""# }
            .replacing(#/ at \d{4}-\d\d-\d\dT[\d:]+Z/#, with: " at …")
    }

    private func onePayment() throws {
        try counter.till.guest(1)
        try counter.till.guest(2, "Bora Tanyel", due: 85_000)
        try counter.till.pay(125_000, from: "MEHMET KARACA", "bilet", id: "F1")
    }

    @Test("an import refuses a new row of an event that nobody configured, with its line")
    func unknownEvent() async throws {
        try counter.till.guest(1, event: EventID("old"))
        let head = "id,event,name,amount,registered_at\n"
        try counter.write(
            head + "g2,gala,Bora Tanyel,850.00,\ng3,galla,Elif Karaca,850.00,\n", to: "new.csv")
        let arguments = ["registrations", "import", "new.csv", "--json"]
        let end = try await counter.start(arguments).value
        #expect(end.code == 65)
        #expect(
            end.errors.contains(
                "new.csv:3:1: the event `galla` is not in the configuration, which names gala; "))
        #expect(try counter.till.ledger.read { try $0.registrations(limit: 9) }.count == 1)
        try counter.write(
            head + "g2,gala,Bora Tanyel,850.00,\ng3,evt-7Qp,Elif Karaca,850.00,\n", to: "new.csv")
        #expect(try await counter.start(arguments).value.code == 0)
    }

    @Test("a question about a mail shows what it says, one about a copy the payment it may be")
    func shown() async throws {
        try counter.till.guest(1, due: 250_000)
        try counter.till.pay(125_000, "\(try code(1))")
        try counter.till.pay(125_000, "\(try code(1))", after: 5, trust: .unverified)
        let copy = try await counter.mutabik("review", "show", "1")
        #expect(copy.output.contains("? it may be payment 1: 1.250,00 TL"), "\(copy.output)")
        let mail =
            "From: banka@example.org\r\nSubject: Ters ibraz\r\n\r\n90412233 numarali odeme\r\n"
        try counter.till.pay(125_000, outcome: .unclear, raw: Array(mail.utf8))
        let unclear = try await counter.mutabik("review", "show", "2")
        #expect(unclear.output.contains("banka@example.org · Ters ibraz"), "\(unclear.output)")
        #expect(unclear.output.contains("> 90412233 numarali odeme"))
    }

    @Test("review answers as JSON, and says by its exit code why it did not")
    func review() async throws {
        try onePayment()
        try await expect(
            "review list --json", 0,
            #"{"id":1,"payment":1,"kind":"review","revision":1,"#
                + #""opened_at":"2026-11-22T11:05:33Z","#
                + #""reasons":["no_code","amount_equal","name_differs"],"dmarc":null,"#
                + #""why":"There is no code in the description. The amount is exactly what was "#
                + #"due. Somebody else has paid.","candidates":["g1"]}"#)
        try await expect(
            "review show 1 --json", 0,
            #"{"id":1,"revision":1,"kind":"review","opened_at":"2026-11-22T11:05:33Z","#
                + #""closed_at":null,"decision":null,"reasons":[{"reason":"no_code","text":"#
                + #""There is no code in the description."},{"reason":"amount_equal","text":"#
                + #""The amount is exactly what was due."},{"reason":"name_differs","text":"#
                + #""Somebody else has paid."}],"payment":{"id":1,"amount_minor":125000,"#
                + #""currency":"TRY","payer":"MEHMET KARACA","description":"bilet","#
                + #""occurred_at":"2026-11-22T11:05:33Z","trust":"verified","state":"review"},"#
                + #""mail":{"id":1,"source":"box/INBOX;UID=1","outcome":"payment","#
                + #""trust":"verified","explanation":"bank/transfer"},"booked":[{"account":"#
                + #""received","about":null,"amount_minor":125000}],"candidates":[{"#
                + #""registration":"g1","name":"Elif Karaca","event":"gala","#
                + #""state":"awaitingPayment","due_minor":125000,"open_minor":125000,"#
                + #""reference":"KT2C3222R","similarity":50,"for":[{"reason":"amount_equal","#
                + #""text":"The amount is exactly what was due."}],"against":[{"reason":"#
                + #""name_differs","text":"Somebody else has paid."}],"rival":null}]}"#)
        try await expect(
            "review accept 1 --json --by ayla", 0,
            #"{"decision":1,"payment":1,"registrations":[{"id":"g1","state":"paid"}],"#
                + #""effects":["luma.approve:g1","ticket.sms:g1"]}"#)
        try await expect(
            "review accept 1 --json", 1,
            #"{"error":"answered","message":"The question is answered already: accept."}"#)
        try await expect(
            "review undo 1 --json", 0,
            #"{"decision":2,"undone":1,"payment":1,"#
                + #""registrations":[{"id":"g1","state":"awaitingPayment"}],"effects":["#
                + #"{"key":"luma.approve:g1","fate":"withdrawn"},"#
                + #"{"key":"ticket.sms:g1","fate":"withdrawn"}],"review":1}"#)
        try await expect(
            "review undo --decision 1 --json", 1,
            #"{"error":"already_undone","message":"It was undone already, by decision 2 at …."}"#)
        try await expect(
            "review assign 1 reg-9 --json", 65,
            #"{"error":"no_registration","message":"There is no registration reg-9."}"#)
        try await expect(
            "review show 77 --json", 65,
            #"{"error":"unknown","message":"There is no such number."}"#)
        try await expect(
            "review credit 1 --revision 1 --json", 1,
            #"{"error":"changed","message":"The question has changed meanwhile; look at it "#
                + #"again."}"#)
        try await expect(
            "review credit 1 --json", 0,
            #"{"decision":3,"payment":1,"registrations":[],"effects":[],"credit_minor":125000}"#)
        try await expect("review undo --json", 64)
        try await expect(
            "review undo 1 --json", 0,
            #"{"decision":4,"undone":3,"payment":1,"registrations":[],"effects":[],"review":1}"#)
        let turkish = try await counter.mutabik("review", "list", language: "tr_TR")
        #expect(turkish.output.contains("KONU"))
        #expect(turkish.output.contains("ödeme 1") && turkish.output.contains("karar bekliyor"))
        #expect(!turkish.output.contains("payment") && !turkish.output.contains("review"))
        let refused = try await counter.mutabik(
            "review", "assign", "1", "g1", "--amount", "x", language: "tr_TR")
        #expect(refused.errors.contains("x: tutar değil"))
        try await expect(
            "decisions --json", 0,
            #"{"id":4,"kind":"undo","by":"ayla","payment":1,"at":"…","undoes":3}"#,
            #"{"id":3,"kind":"credit","by":"ayla","payment":1,"at":"…","undone_by":4}"#,
            #"{"id":2,"kind":"undo","by":"ayla","payment":1,"at":"…","undoes":1}"#,
            #"{"id":1,"kind":"accept","by":"ayla","payment":1,"at":"…","undone_by":2}"#)
    }

    @Test("payments, accounts and registrations are told and changed as JSON")
    func payments() async throws {
        try onePayment()
        try await expect(
            "review split 1 g1=400.00 g2=850.00 --json", 0,
            #"{"decision":1,"payment":1,"registrations":[{"id":"g1","state":"underpaid"},"#
                + #"{"id":"g2","state":"paid"}],"effects":["luma.approve:g2","ticket.sms:g2"]}"#)
        try await expect(
            "payments list --json", 0,
            #"{"id":1,"mail":1,"movement":1,"amount_minor":125000,"currency":"TRY","#
                + #""payer":"MEHMET KARACA","description":"bilet","reference":null,"#
                + #""occurred_at":"2026-11-22T11:05:33Z","time_from":"body","#
                + #""transaction_id":"F1","id_from":"bank","trust":"verified","rule":"bank/transfer","#
                + #""state":"allocated","verdict":"review","#
                + #""reasons":["no_code","amount_equal","name_differs"]}"#)
        try await expect(
            "payments reverse 1 --json", 0,
            #"{"decision":2,"payment":1,"registrations":[{"id":"g1","state":"awaitingPayment"},"#
                + #"{"id":"g2","state":"suspended"}],"effects":[],"review":2}"#)
        try await expect(
            "payments reverse 1 --json", 1,
            #"{"error":"money_gone","message":"That money is not there any more."}"#)
        try await expect(
            "payments undo 1 --json", 0,
            #"{"decision":3,"undone":2,"payment":1,"registrations":[{"id":"g2","state":"paid"},"#
                + #"{"id":"g1","state":"underpaid"}],"effects":[]}"#)
        try await expect(
            "effects give-up luma.approve:g2 --json", 0,
            #"{"key":"luma.approve:g2","state":"dead"}"#)
        try await expect(
            "registrations cancel g2 --json", 0,
            #"{"decision":4,"registrations":[{"id":"g2","state":"refundDue"}],"effects":[]}"#)
        try await expect(
            "registrations cancel g2 --json", 1,
            #"{"error":"is_over","message":"g2 is refundDue and cannot be called off."}"#)
        try await expect(
            "payments accounts --json", 0,
            #"{"account":"allocated","balance_minor":40000,"currency":"TRY"}"#,
            #"{"account":"bank","balance_minor":-125000,"currency":"TRY"}"#,
            #"{"account":"received","balance_minor":0,"currency":"TRY"}"#,
            #"{"account":"refund_due","balance_minor":85000,"currency":"TRY"}"#)
        try await expect(
            "payments accounts --registration g1 --json", 0,
            #"{"account":"allocated","balance_minor":40000,"currency":"TRY"}"#)
        try await expect("payments accounts --event gala --registration g1", 64)
        try await expect("check --json", 0)
        try counter.write("nothing: here", to: "mutabik.yaml")
        try await expect("payments list --json", 78)
    }

    @Test("in Turkish the agent has a Turkish name, and of a statement's digest a part is shown")
    func short() async throws {
        try counter.till.guest(1)
        try counter.till.pay(125_000, "\(try code(1))")
        try counter.till.reconcile([Line(payer: "CAN ADIVAR")], file: 0xAB)
        let decisions = try await counter.start(["decisions"], language: "tr_TR").value
        #expect(decisions.output.contains(" ajan ") && !decisions.output.contains("agent"))
        let question = try #require(try counter.till.open.first)
        let show = ["review", "show", "\(question.id)"]
        let shown = try await counter.start(show).value.output
        #expect(shown.contains("statement/abababababab…;UID=1 ·"))
        let json = try await counter.start(show + ["--json"]).value.output
        #expect(json.contains(String(repeating: "ab", count: 32)))
    }

    @Test("a statement is told line by line, applied once, and refused where it does not fit")
    func reconcile() async throws {
        try counter.till.pay(125_000, from: nil)
        try counter.write(
            """
            Tarih;Gönderen;Açıklama;Tutar
            22.11.2026;ELIF KARACA;bilet;1.250,00
            22.11.2026;BORA TANYEL;=1+1;1.250,00
            23.11.2026;;masraf;-5,00
            """, to: "kasim.csv")
        try counter.write(
            """
            columns: {date: TARİH, payer: Gonderen, description: Açıklama, amount: Tutar}
            dates: [dd.MM.yyyy]
            """, to: "m.yaml")
        func line(_ number: Int, _ payer: String, _ words: String, _ finding: String, _ ids: String)
            -> String
        {
            #"{"file":"kasim.csv","line":\#(number),"row":\#(number + 1),"booked":"2026-11-22","#
                + #""amount_minor":125000,"currency":"TRY","payer":"\#(payer)","#
                + #""description":"\#(words)","finding":"\#(finding)","payments":[\#(ids)]"#
                + (finding == "uncertain" ? #","perhaps_told_by":"mail"}"# : "}")
        }
        func summary(_ counts: String, applied: Bool) -> String {
            #"{"file":"kasim.csv",\#(counts),"mail_only":0,"taken_back":0,"returned":0,"#
                + #""other_lines":1,"applied":\#(applied),"#
                + #""warnings":["the file names no account; say whose it is with --account"]}"#
        }
        let command = "payments reconcile kasim.csv --mapping m.yaml --json"
        try await expect(
            command, 1, line(1, "ELIF KARACA", "bilet", "uncertain", "1"),
            line(2, "BORA TANYEL", "=1+1", "uncertain", "1"),
            summary(#""known":0,"both":0,"uncertain":2,"bank_only":0"#, applied: false))
        try await expect(
            command + " --apply --yes --pair 1=7", 65,
            #"{"error":"no_payment","message":"There is no payment 7."}"#)
        try await expect(command + " --apply --pair 1=1", 65)
        try await expect(
            command + " --apply --yes --pair 1=1 --new 2", 0,
            line(1, "ELIF KARACA", "bilet", "both", "1").dropLast()
                + #","joined_by":"answer","only_choice":true}"#,
            line(2, "BORA TANYEL", "=1+1", "bank_only", ""),
            summary(#""known":0,"both":1,"uncertain":0,"bank_only":1"#, applied: true))
        try await expect(
            command + " --apply --yes --pair 2=1", 1,
            #"{"error":"applied","message":"Line 2 is applied already: payment 3."}"#)
        try await expect(
            command, 0, line(1, "ELIF KARACA", "bilet", "known", "1"),
            line(2, "BORA TANYEL", "=1+1", "known", "3"),
            summary(#""known":2,"both":0,"uncertain":0,"bank_only":0"#, applied: false))
        // Payment 2 is line 1, which was paired with payment 1: taken out again.
        try await expect(
            "payments separate 2 --json", 0, #"{"payment":2,"review":3}"#)
        try await expect(
            "payments separate 2 --json", 1,
            #"{"error":"not_joined","message":"Payment 2 is no further notice of another one."}"#)
        try await expect(command + " --pair 1", 64)
        try await expect("payments reconcile kasim.csv --json", 65)
        try counter.till.expectSound()
    }

    @Test("of two processes that answer one question, one is told that it is answered")
    func race() async throws {
        let till = counter.till
        for number in 1...8 { try till.guest(number, due: Int64(number) * 1_000) }
        for number in 1...8 { try till.pay(Int64(number) * 1_000, from: "JONAS WEBER") }
        for number in 1...8 {
            let both = [
                try counter.start(["review", "assign", "\(number)", "g\(number)", "--json"]),
                try counter.start(["review", "refund", "\(number)", "--json"]),
            ]
            let ends = [await both[0].value, await both[1].value]
            #expect(ends.map(\.code).sorted() == [0, 1], "\(ends)")
            #expect(ends.count { $0.output.hasPrefix(#"{"error":"answered""#) } == 1)
        }
        #expect(try till.open.isEmpty)
        #expect(try till.ledger.read { try $0.decisions(limit: 100).count } == 8)
        try till.expectSound()
    }
}
