// SPDX-License-Identifier: Apache-2.0

import Domain
import Foundation
import Mail
import Rules
import Testing

@Suite("Empty cells")
struct EmptyCellTests {
    private static let heading = ["Tarih", "Açıklama", "Alacak", "Borç", "Bakiye"]
    private static let filled = ["22.11.2026", "KTF6HV349", "1.250,00", "40,00", "9.000,00"]

    private static let byHeading =
        "columns: { occurred_at: Tarih, description: Açıklama, amount: Alacak, amount_out: Borç }"
    private static let byNumber =
        "columns: { occurred_at: 1, description: 2, amount: 3, amount_out: 4 }\ncells: 5"

    private static func book(_ rows: String) -> RuleBook {
        let row = "22.11.2026 ¦ KTF6HV349 ¦ 1.250,00 ¦ ¦ 9.000,00"
        let body = rows.hasPrefix(byHeading) ? heading.joined(separator: " ¦ ") + "\n" + row : row
        let (book, problems) = RuleBook.compile([
            TableRule.source(
                rows + "\nskip: [Toplam]", fields: "occurred_at: { dates: [dd.MM.yyyy] }",
                body: "hesap hareketleri\n" + (rows.hasPrefix("sentence") ? "¦ \(body) ¦" : body))
        ])
        #expect(problems.map(\.description) == [])
        return book
    }

    /// A mail whose page, or plain text, has these rows.
    private static func mail(_ rows: [[String]], html: Bool) throws -> Message {
        let head =
            "From: a@bank.example\r\nSubject: x\r\n"
            + "Content-Type: text/\(html ? "html" : "plain"); charset=utf-8\r\n\r\n"
        guard html else {
            let lines = rows.map { $0.joined(separator: "\t") }
            return try MessageParser.parse(
                Array((head + "hesap hareketleri\n" + lines.joined(separator: "\n")).utf8))
        }
        let table = rows.map { cells in
            "<tr>" + cells.map { $0.hasPrefix("<td") ? $0 : "<td>\($0)</td>" }.joined() + "</tr>"
        }
        return try MessageParser.parse(
            Array((head + "<p>hesap hareketleri</p><table>\(table.joined())</table>").utf8))
    }

    private static func read(_ rows: String, _ cells: [[String]], html: Bool = true) throws
        -> Reading
    {
        let table = rows == byHeading ? [heading] + cells : cells
        return book(rows).read(try mail(table, html: html), receivedAt: TestMail.arrival)
    }

    @Test(
        "money in and money out are told apart by their columns", arguments: [byHeading, byNumber])
    func columns(_ rows: String) throws {
        let reading = try Self.read(
            rows,
            [
                ["22.11.2026", "KTF6HV349", "1.250,00", "", "9.000,00"],
                ["22.11.2026", "kira", "&nbsp;", "1.250,00", "7.750,00"],
                ["22.11.2026", "", "600,00", "<img src=x>", ""],
                ["Toplam", "", "1.850,00", "1.250,00", ""],
            ])
        #expect(reading.movements.map(\.outcome) == [.payment, .notAPayment, .payment])
        #expect(reading.notices.map(\.amount.minorUnits) == [125_000, 60_000])
        #expect(reading.notices.map(\.description) == ["KTF6HV349", nil])
    }

    /// In which cells a row has text, of all ways there are.
    private static let ways = (0..<32).map { way in (0..<5).map { way >> $0 & 1 == 1 } }

    @Test("no balance is read as an amount, whichever cells are empty or missing", arguments: ways)
    func anyWay(_ way: [Bool]) throws {
        let cells = zip(Self.filled, way).map { $1 ? $0 : "" }
        let present = zip(Self.filled, way).filter(\.1).map(\.0)
        for rows in [Self.byHeading, Self.byNumber] {
            // Only a page shows which cells are empty.
            let page = try Self.read(rows, [cells])
            let isPayment = way[0] && way[2] && !way[3]
            #expect(page.notices.map(\.amount.minorUnits) == (isPayment ? [125_000] : []))
            let isOut = way[0] && way[3] && !way[2]
            if isOut { #expect(page.movements.map(\.kind) == ["outgoing"]) }
            for html in [true, false] {
                let reading = try Self.read(rows, [html ? present : cells], html: html)
                #expect(reading.notices.isEmpty && reading.movements.isEmpty)
                #expect(reading.outcome == .unclear)
            }
        }
    }

    @Test("cells that span columns or lines are not guessed at", arguments: [byHeading, byNumber])
    func spans(_ rows: String) throws {
        for row in [
            ["22.11.2026", "<td colspan=2>KTF6HV349</td>", "1.250,00", "9.000,00"],
            ["22.11.2026", "KTF6HV349<br>ek", "1.250,00", "", "9.000,00"],
            ["22.11.2026", "<table><tr><td>a<td>b</table>", "1.250,00", "", "9.000,00"],
            ["<table><tr><td>22.11.2026</table>", "KTF6HV349", "1.250,00", "", "9.000,00"],
            ["22.11.2026", "a", "b", "1.250,00", "", "9.000,00"],
            ["<td colspan=3>Genel</td>", "1.250,00", "9.000,00"],
        ] {
            let reading = try Self.read(rows, [row])
            #expect(reading.outcome == .unclear && reading.movements.isEmpty, "\(row)")
        }
        let reading = try Self.read(
            rows,
            [
                ["22.11.2026", "KTF6HV349", "1.250,00", "", "9.000,00", "<td/>"],
                ["<td colspan=2>Toplam</td>", "1.250,00", "", ""],
            ])
        #expect(reading.notices.map(\.amount.minorUnits) == [125_000])
    }

    @Test("a balance brought forward is passed over by a word in any of its cells")
    func broughtForward() throws {
        let rows = Self.byHeading + "\nend: [Devreden]"
        let before = ["22.11.2026", "Devreden", "", "", "9.000,00"]
        let row = ["22.11.2026", "Devreden", "1.250,00", "", "9.000,00"]
        #expect(try Self.read(Self.byHeading, [row, before]).outcome == .unclear)
        let reading = Self.book(rows).read(
            try Self.mail([Self.heading, row, row, before, row], html: true),
            receivedAt: TestMail.arrival)
        #expect(reading.notices.count == 2, "\(reading.explanation)")
    }

    @Test("a payer's words take no row of another form out of the table")
    func skip() throws {
        let row = ["ELİF", "Toplam", "1.250,00", "9.000,00"]
        let reading = try Self.read(Self.byHeading, [Self.filled.prefix(3) + ["", ""], row])
        #expect(reading.outcome == .unclear)
        #expect(reading.explanation.hasSuffix("has 4 cells instead of 5"))
    }

    @Test("an amount without decimals is not lost with a row of another form")
    func wholeAmounts() throws {
        let reading = try Self.read(
            Self.byHeading,
            [["22.11.2026", "a", "1.250,00", "", ""], ["22.11.2026", "b", "600 TL", ""]])
        #expect(reading.outcome == .unclear)
    }

    @Test("a second heading with other columns is not passed over")
    func headings() throws {
        let row = ["22.11.2026", "a", "1.250,00", "", ""]
        let other = ["Tarih", "Açıklama", "Borç", "Alacak", "Bakiye"]
        #expect(try Self.read(Self.byHeading, [row, Self.heading, row]).notices.count == 2)
        let reading = try Self.read(Self.byHeading, [row, other, row])
        #expect(reading.explanation.hasSuffix("the table has two headings"))
    }

    @Test("a sentence for rows sees all borders of cells, at the ends of the row, too")
    func sentences() throws {
        let rows =
            #"sentence: '^\t(?<occurred_at>[\d.]+)\t(?<description>[^\t]*)\t(?<amount>[\d.,]+)\t\t[\d.,]+\t$'"#
        let margins = { (row: [String]) in [[""] + row + [""]] }
        let row = ["22.11.2026", "KTF6HV349", "1.250,00", "", "9.000,00"]
        let reading = try Self.read(rows, margins(row))
        #expect(reading.notices.map(\.amount.minorUnits) == [125_000])
        #expect(reading.notices.map(\.description) == ["KTF6HV349"])
        #expect(try Self.read(rows, [row]).outcome == .unclear)
        let out = ["22.11.2026", "KTF6HV349", "", "1.250,00", "9.000,00"]
        #expect(try Self.read(rows, margins(out)).outcome == .unclear)
    }
}

@Suite("Empty cells beside labels and sentences")
struct EmptyCellBesideTextTests {
    private func read(_ field: String, _ html: String) throws -> Reading {
        let head = "From: a@bank.example\r\nSubject: x\r\nContent-Type: text/html; charset=utf-8"
        let message = try MessageParser.parse(
            Array("\(head)\r\n\r\n<p>hesabınıza para geldi<p>Tutar: 5,25 TL</p>\(html)".utf8))
        let rule = TestMail.rule(occurredAt: "{ label: Zaman, dates: [dd.MM.yyyy] }\n" + field)
        return TestMail.book(rule).read(message, receivedAt: TestMail.arrival)
    }

    private func id(_ place: String, _ cells: [String]) throws -> String? {
        let row = "<table><tr>" + cells.map { "<td>\($0)</td>" }.joined() + "</tr></table>"
        let reading = try read("      transaction_id: { label: No, place: \(place) }", row)
        #expect(reading.outcome == .payment, "\(reading.explanation)")
        return reading.notices.first?.transactionID
    }

    @Test("the next cell is the next one, the third is the third")
    func places() throws {
        #expect(try id("next_cell", ["No", "17", "18"]) == "17")
        #expect(try id("next_cell", ["No", "", "18"]) == nil)
        #expect(try id("third_cell", ["No", "", "18"]) == "18")
        #expect(try id("third_cell", ["No", ":", "18"]) == "18")
        #expect(try id("third_cell", ["No", ":", "", "18"]) == nil)
        #expect(try id("next_cell", ["", "No", "17", ""]) == "17")
        #expect(try id("next_cell", ["No", "", ""]) == nil)
        #expect(try id("[next_cell, third_cell]", ["No", "", "18"]) == "18")
        #expect(try id("same_line", ["", "No", "", ":", "", "17", ""]) == "17")
        #expect(try id("same_line", ["No", "", "Gönderen", "ELİF"]) == nil)
    }

    @Test("margins and spacers of a page disturb no label, sentence or text")
    func margins() throws {
        let table = { (rows: [String]) in
            "<table>" + rows.map { "<tr><td><td>\($0)<td>&nbsp;<td></tr>" }.joined() + "</table>"
        }
        let label = try read(
            "      transaction_id: { label: No, place: next_line }", table(["No", "17"]))
        #expect(label.notices.first?.transactionID == "17")
        let source = TestMail.rule(
            sentence: #"sentence: '^Sayın (?<payer>[A-Z]+) işlemi (?<transaction_id>\d+) nolu$'"#)
        let head = "From: a@bank.example\r\nSubject: x\r\nContent-Type: text/html; charset=utf-8"
        let html = table([
            "hesabınıza<td><td>para geldi", "Tutar: 5,25 TL", "Sayın DERNEK işlemi", "17 nolu",
        ])
        let message = try MessageParser.parse(Array("\(head)\r\n\r\n\(html)".utf8))
        let reading = TestMail.book(source).read(message, receivedAt: TestMail.arrival)
        #expect(reading.notices.first?.transactionID == "17", "\(reading.explanation)")
    }
}
