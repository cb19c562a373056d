// SPDX-License-Identifier: Apache-2.0

import Domain
import Foundation
import Testing

@testable import Agent
@testable import Ledger
@testable import Operator

/// What a person would overlook if a command did not say it.
@Suite("A command says", .timeLimit(.minutes(20)))
struct ToldTests {
    private let counter: Counter

    init() throws { counter = try Counter() }

    private func output(
        _ command: String, language: String = "en_GB",
        location: SourceLocation = #_sourceLocation
    ) async throws -> String {
        let arguments = command.split(separator: " ").map(String.init)
        let end = try await counter.start(arguments, language: language).value
        #expect(end.code == 0, "\(command): \(end.errors)", sourceLocation: location)
        return end.output
    }

    /// 1.300 lira of g1, who owed 1.250; the rest stays credit.
    private func credit() throws {
        try counter.till.guest(1)
        try counter.till.pay(130_000, "\(try code(1))")
        try counter.till.answer(.ignore)
    }

    @Test("what stays credit of a guest who is called off", arguments: [false, true])
    func kept(isJSON: Bool) async throws {
        try credit()
        let told = try await output("registrations cancel g1" + (isJSON ? " --json" : ""))
        #expect(
            told.contains(
                isJSON
                    ? #""kept":[{"payment":1,"amount_minor":5000,"currency":"TRY"}]"#
                    : "50,00 TL of payment 1 stays credit. To be asked about it: "
                        + "mutabik payments ask 1\n"), "\(told)")
    }

    @Test("nothing of credit about which a question is open")
    func asked() async throws {
        try counter.till.guest(1)
        try counter.till.pay(130_000, "\(try code(1))")
        #expect(try counter.till.open.count == 1)
        let told = try await output("registrations cancel g1")
        #expect(!told.contains("payments ask"), "\(told)")
    }

    @Test("that a question is about what is kept as credit")
    func question() async throws {
        try credit()
        _ = try await output("payments ask 1")
        let whole = try await output("review list --json")
        #expect(whole.contains(#""why":"What of the payment is kept as credit? "#), "\(whole)")
        let turkish = try await output("review show 2", language: "tr_TR")
        #expect(turkish.contains("Ödemeden alacak olarak duran tutar"), "\(turkish)")
    }

    @Test("that a refund which the bank took back must not be sent any more")
    func reversed() async throws {
        try counter.till.guest(1)
        try counter.till.pay(125_000, "\(try code(1))")
        _ = try await output("registrations cancel g1")
        let part = try await output("payments reverse 1 --amount 250.00 --json")
        #expect(
            part.contains(
                #""not_due_any_more":[{"payment":1,"amount_minor":25000,"currency":"TRY"}]"#),
            "\(part)")
        let rest = try await output("payments reverse 1")
        #expect(rest.contains("1.000,00 TL of payment 1 is not due back any more"), "\(rest)")
    }

    @Test("nothing of refunds where none was due")
    func notDue() async throws {
        try counter.till.guest(1)
        try counter.till.pay(125_000, "\(try code(1))")
        let told = try await output("payments reverse 1")
        #expect(!told.contains("due back"), "\(told)")
    }

    @Test("how many lines of statements were applied, apart from the mails")
    func status() async throws {
        try counter.till.guest(1)
        try counter.till.guest(2, "Bora Tanyel", due: 85_000)
        try counter.till.pay(125_000, "\(try code(1))")
        try counter.till.reconcile([Line(payer: "CAN ADIVAR"), Line(payer: "NUR ADIVAR")])
        let told = try await output("status", language: "tr_TR")
        #expect(told.contains("Uygulanan ekstre satırları: 2\n"), "\(told)")
        let json = try await output("status --json")
        #expect(json.contains(#""mails":{"payment":1}"#), "\(json)")
        #expect(json.contains(#""statement_lines":2"#), "\(json)")
    }

    @Test("in Turkish who decided where nobody has a name")
    func nobody() async throws {
        try credit()
        _ = try await output("registrations cancel g1 --by operator")
        let told = try await output("decisions", language: "tr_TR")
        #expect(told.contains(" görevli ") && !told.contains("operator"), "\(told)")
    }

    @Test("in the help on refunds how they are confirmed")
    func help() async throws {
        let told = try await output("payments refunds --help")
        #expect(told.contains("refunds confirm"), "\(told)")
    }

    @Test("which new rows are in a currency that their event did not have")
    func currency() async throws {
        try counter.till.guest(1)
        let head = "id,event,name,amount,currency\n"
        let strange = "g2,gala,Bora Tanyel,850.00,EUR\n"
        try counter.write(head + "g3,gala,Can Adıvar,850.00,TRY\n" + strange, to: "new.csv")
        let told = try await output("registrations import new.csv")
        #expect(
            told.contains(
                "Warning: 1 rows are in a currency that their event did not have, the first on "
                    + "line 3: EUR.\n"), "\(told)")
        // An event that has both is not warned about again.
        let again = try await output("registrations import new.csv --json")
        #expect(!again.contains("other_currency"), "\(again)")
        // Of an event without registrations the first row counts.
        try counter.write(
            head + "g4,evt-7Qp,Elif Karaca,850.00,EUR\ng5,evt-7Qp,Nur Adıvar,850.00,TRY\n",
            to: "first.csv")
        let first = try await output("registrations import first.csv --json")
        #expect(first.contains(#""other_currency":1"#), "\(first)")
    }
}
