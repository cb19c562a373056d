// SPDX-License-Identifier: Apache-2.0

import Domain
import FoundationEssentials
import Statements
import Testing

@testable import Agent
@testable import Ledger
@testable import Operator

@Suite("The report of a statement")
struct ReconciliationTextTests {
    @Test("is Turkish or English, and JSON for programs")
    func texts() throws {
        let till = try Till()
        try till.pay(90_000, from: "Cem Uysal")
        let lines = [Line(words: "KTF6HV349")]
        let result = try till.reconcile(lines, applies: false)
        var statement = till.statement(lines)
        statement.warnings = [.balanceDiffers, .pending(2)]
        let text = ReconciliationText(
            path: "kasim.sta", statements: [statement], result: result, isApplied: false)
        let english = text.text(.english)
        #expect(
            english.contains("Only the bank knows: 1") && english.contains("Only mails know: 1"))
        #expect(english.contains("lines are missing") && english.contains("2 entries"))
        #expect(english.contains("With --apply, 0 lines are joined and 1 become payments."))
        let turkish = text.text(.turkish)
        #expect(turkish.contains("Yalnız banka biliyor: 1"))
        #expect(turkish.contains("Yalnız postalar biliyor: 1") && turkish.contains("eksik satır"))
        #expect(text.json.count == 3)
        #expect(
            text.json[0].finished
                == #"{"file":"kasim.sta","line":1,"row":1,"booked":"2026-11-22","#
                + #""amount_minor":125000,"currency":"TRY","payer":"ELIF KARACA","#
                + #""description":"KTF6HV349","finding":"bank_only","payments":[]}"#)
    }

    @Test("shows what the bank took back until the books know of it")
    func takenBack() throws {
        let till = try Till()
        for number in 1...3 {
            try till.guest(number, ["Elif Karaca", "Bora Tanyel", "Selin Örge"][number - 1])
        }
        try till.pay(125_000, from: "ELİF KARACA", "\(try code(1))", id: "F1")
        try till.pay(125_000, from: "BORA TANYEL", "\(try code(2))", id: "F2")
        try till.pay(125_000, from: "SELİN ÖRGE", "\(try code(3))")
        let lines = [
            Line(minor: -125_000, payer: nil, number: "F2", isReversal: true),
            Line(minor: -125_000, payer: "SELIN ORGE", isReversal: true),
            Line(minor: -2_000, payer: nil, words: "ücret"),
        ]
        func compare() throws -> Reconciliation { try till.reconcile(lines, applies: false) }
        let first = try compare()
        #expect(first.takenBack.map(\.payments) == [[PaymentID(2)], [PaymentID(3)]])
        #expect(first.takenBack.allSatisfy(\.isOpen) && first.otherLines == 1)
        let text = ReconciliationText(
            path: "x", statements: [till.statement(lines)], result: first, isApplied: false)
        #expect(text.text(.english).contains("Taken back by the bank: 2\n"))
        #expect(text.json.count { $0.finished.contains(#""finding":"taken_back","#) } == 2)
        for payment in [PaymentID(2), PaymentID(3)] {
            try till.ledger.write {
                _ = try till.desk.reverse(payment, by: "x", now: till.now, in: $0)
            }
        }
        #expect(try compare().takenBack.allSatisfy { !$0.isOpen && $0.payments.isEmpty })
    }

    @Test("lists what was joined and could be otherwise; JSON says why of all")
    func joined() throws {
        let till = try Till()
        for (name, code) in [
            ("Elif Karaca", nil), ("Elif Karaca", nil), ("Bora Tanyel", try code(3).text),
            ("Selin Nur Örge", nil), ("Can Adıvar", nil),
        ] {
            try till.pay(125_000, from: name, code)
        }
        let lines = [
            Line(), Line(), Line(payer: "BORA TANYEL", words: "\(try code(3))"),
            Line(payer: "SELIN ORGE"), Line(payer: nil, words: "GELEN FAST CAN ADIVAR"),
        ]
        let result = try till.reconcile(lines, applies: false)
        #expect(result.words == Array(repeating: "both", count: 5))
        let text = ReconciliationText(
            path: "x", statements: [till.statement(lines)], result: result, isApplied: false)
        let list = text.text(.english)
        #expect(list.contains("Joined, worth a look: 4\n"))
        #expect(list.split(separator: "\n").count { $0.contains("the name, one of several") } == 2)
        #expect(list.contains("a part of the name") && !list.contains("BORA TANYEL"))
        #expect(text.text(.turkish).contains("adın bir bölümü"))
        let reasons = ["name", "name", "code", "near_name", "name"]
        for (line, (reason, isOnly)) in zip(
            text.json, zip(reasons, [false, false, true, true, true]))
        {
            let end = #""joined_by":"\#(reason)","only_choice":\#(isOnly)}"#
            #expect(line.finished.hasSuffix(end), "\(line.finished)")
        }
    }

    @Test("comes of mappings that are shipped, all of which can be read")
    func shipped() throws {
        let folder = String(#filePath.split(separator: "Tests/MoneyTests")[0]) + "mappings/"
        let names = try FileManager.default.contentsOfDirectory(atPath: folder)
        #expect(names.count >= 4)
        for name in names {
            let mapping = try MappingFile.load(folder + name)
            #expect(mapping.isDraft && (mapping.gap == nil || !mapping.descriptions.isEmpty))
        }
    }

    @Test("comes of a mapping that is read whole or refused with its place")
    func mapping() throws {
        let mapping = try MappingFile.read(
            """
            name: Deneme
            status: draft
            delimiter: tab
            charset: windows-1254
            columns: {date: Tarih, amount: Tutar}
            dates: [dd.MM.yyyy]
            descriptions: ["{text}*{payer}"]
            """, path: "m.yaml")
        #expect(mapping.isDraft && mapping.delimiter == "\t" && mapping.gap == nil)
        for (text, message) in [
            ("colums: {}", "m.yaml:1:1: expected a key of docs/reconcile.md; this one is unknown"),
            ("numbers: german", "m.yaml:1:10: expected one of turkish, english, plain"),
            ("- a", "m.yaml: a mapping is a list of keys and values"),
            ("a: [", "m.yaml: not readable as YAML"),
        ] {
            do throws(Failure) {
                _ = try MappingFile.read(text, path: "m.yaml")
                Issue.record("\(text) was read")
            } catch {
                #expect(Language.english.text(of: error) == message)
            }
        }
    }
}
