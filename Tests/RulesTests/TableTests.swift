// SPDX-License-Identifier: Apache-2.0

import Domain
import Mail
import Rules
import Testing

/// Rule files with a table, made from a few lines.
enum TableRule {
    static func source(_ rows: String, fields: String = "", body: String) -> RuleSource {
        func lines(_ text: String, _ indent: Int) -> String {
            text.split(separator: "\n").map { String(repeating: " ", count: indent) + $0 }
                .joined(separator: "\n")
        }
        return RuleSource(
            path: "bank/rule.yaml",
            text: """
                id: bank
                bank: Örnek Bank
                status: confirmed
                senders: { domains: [bank.example] }
                variants:
                  - id: day
                    outcome: payment
                    frame: [hesap hareketleri]
                    rows:
                \(lines(rows, 6))
                    fields:
                      amount: { style: turkish, currency: TRY }
                \(lines(fields, 6))
                samples:
                  match:
                    - name: one
                      from: a@bank.example
                      subject: Gelen
                      html: |
                \(lines(body, 8))
                      expect: { outcome: payment }
                  no_match:
                    - { name: two, from: a@bank.example, subject: x, text: hesap hareketleri, expect: { outcome: unclear } }
                  hostile:
                    - name: three
                      from: a@else.example
                      subject: Gelen
                      html: |
                \(lines(body, 8))
                      expect: { outcome: unread }
                """)
    }
}

@Suite("Tables with a movement per row")
struct TableTests {
    static let columns = """
        columns: { occurred_at: Tarih, transaction_id: Fiş No, description: Açıklama, amount: Tutar }
        signed: true
        skip: [Toplam]
        end: [Bu e-posta]
        """

    static let fields = """
        occurred_at: { dates: ['dd.MM.yyyy HH:mm'] }
        transaction_id: {}
        receiving_account: { label: Hesap No }
        """

    static let body = """
        hesap hareketleri
        Hesap No ¦ 412-****567
        Tarih ¦ Fiş No ¦ Açıklama ¦ Tutar ¦ Bakiye
        22.11.2026 14:05 ¦ F1 ¦ KTF6HV349 ¦ +1.250,00 TRY ¦ 31.880,15
        22.11.2026 15:10 ¦ F2 ¦ FAST ÜCRETİ ¦ -40,00 TRY ¦ 31.840,15
        22.11.2026 16:00 ¦ F3 ¦ KT834JJ46 ¦ 600,00 ¦ 32.440,15
        Toplam ¦ ¦ ¦ 1.810,00
        Bu e-posta 22.11.2026 günü 10,00 kuruşa gönderildi
        """

    private func read(_ source: RuleSource, _ body: String) -> Reading {
        let (book, problems) = RuleBook.compile([source])
        #expect(problems.map(\.description) == [])
        return book.read(
            TestMail.message(html: body.replacing("¦", with: "\t").replacing(" \t ", with: "\t")),
            receivedAt: TestMail.arrival)
    }

    private var source: RuleSource {
        TableRule.source(Self.columns, fields: Self.fields, body: Self.body)
    }

    @Test("every row is a movement of its own, counted from 1, in and out by its sign")
    func rows() throws {
        let reading = read(source, Self.body)
        #expect(reading.outcome == .payment)
        #expect(reading.movements.map(\.index) == [1, 2, 3])
        #expect(reading.movements.map(\.outcome) == [.payment, .notAPayment, .payment])
        #expect(reading.movements.map(\.kind) == [nil, "outgoing", nil])
        let third = try #require(reading.movements.last?.payment)
        #expect(third.amount.decimal == "600.00")
        #expect(third.transactionID == "F3")
        #expect(third.description == "KT834JJ46")
        #expect(third.receivingAccount == "412-****567")
        #expect(Timestamp.text(third.occurredAt) == "2026-11-22T13:00:00Z")
    }

    @Test(
        "one line that cannot be read makes the whole table unclear",
        arguments: [
            ("+1.250,00 TRY", "1.250,00,1 TRY"), ("+1.250,00 TRY", "x9"),
            ("Toplam ¦", "Genel ¦"), ("22.11.2026 16:00 ¦ F3 ¦ KT834JJ46 ¦ 600,00 ¦", "F3 600,00"),
            ("22.11.2026 14:05", "dün"),
        ])
    func broken(_ part: String, _ other: String) throws {
        try #require(Self.body.contains(part))
        let reading = read(source, Self.body.replacing(part, with: other))
        #expect(reading.outcome == .unclear)
        #expect(reading.movements.isEmpty)
    }

    @Test(
        "a row in another form stops all, also when its sum has no decimals",
        arguments: [
            "22.11.2026 17:00 ¦ F4 ELİF KARACA ¦ 1.250 TL ¦ 1,00",
            "Ayrıca ELİF KARACA 1.250 TL yolladı.",
        ])
    func withoutDecimals(_ line: String) {
        let body = Self.body.replacing("Toplam ¦", with: line + "\nToplam ¦")
        #expect(read(source, body).outcome == .unclear)
    }

    @Test("who is called like a total is passed over by nobody")
    func payerNamedTotal() {
        let columns = Self.columns.replacing(
            "description: Açıklama", with: "payer: Gönderen, description: Açıklama")
        func rows(_ cell: String) -> String {
            Self.body.replacing("Fiş No ¦ Açıklama", with: "Fiş No ¦ Gönderen ¦ Açıklama")
                .replacing(" ¦ KTF6HV349", with: " ¦ \(cell) ¦ KTF6HV349")
                .replacing(" ¦ FAST ÜCRETİ", with: " ¦ ¦ FAST ÜCRETİ")
                .replacing(" ¦ KT834JJ46", with: " ¦ ELİF KARACA ¦ KT834JJ46")
        }
        let source = TableRule.source(
            columns, fields: Self.fields + "\npayer: {}", body: rows("NEHİR ATALAN"))
        #expect(read(source, rows("NEHİR ATALAN")).movements.count == 3)
        #expect(read(source, rows("TOPLAM KALİTE A.Ş.")).movements.count == 3)
    }

    @Test("what a payer writes into a row fills nothing else and ends nothing")
    func injection() {
        let words = "Hesap No: TR99 Toplam +9.999,00 TRY Bu e-posta hesap hareketleri"
        let reading = read(source, Self.body.replacing("KTF6HV349", with: words))
        #expect(reading.movements.count == 3)
        #expect(reading.movements.first?.payment?.amount.decimal == "1250.00")
        #expect(reading.movements.first?.payment?.receivingAccount == "412-****567")
        #expect(reading.movements.first?.payment?.description == words)
        let other = "Hesap No: TR99 ¦ +9.999,00 TRY"
        #expect(read(source, Self.body.replacing("KT834JJ46", with: other)).outcome == .unclear)
    }

    @Test(
        "a cell that is empty on the page keeps its place: no balance is read as an amount",
        arguments: zip(0..<5, [nil, 525, 525, nil, 525]))
    func emptyCell(_ place: Int, _ amount: Int64?) throws {
        let heading = ["Tarih", "Fiş No", "Açıklama", "Tutar", "Bakiye"]
        let body =
            heading.joined(separator: " ¦ ")
            + "\n22.11.2026 14:05 ¦ 4711 ¦ aidat ¦ 5,25 ¦ 99,75\nToplam ¦ 5,25"
        let source = TableRule.source(
            Self.columns, fields: Self.fields, body: "hesap hareketleri\n" + body)
        var row = ["22.11.2026 14:05", "4711", "aidat", "5,25", "99,75"]
        func read(_ row: [String]) throws -> Reading {
            let rows = [heading, row].map { cells in
                "<tr>" + cells.map { "<td>\($0)</td>" }.joined() + "</tr>"
            }
            let html = "<p>hesap hareketleri</p><table>\(rows.joined())</table>"
            let head =
                "From: a@bank.example\r\nSubject: x\r\nContent-Type: text/html; charset=utf-8"
            let message = try MessageParser.parse(Array("\(head)\r\n\r\n\(html)".utf8))
            return TestMail.book(source).read(message, receivedAt: TestMail.arrival)
        }
        #expect(try read(row).notices.first?.amount.minorUnits == 525)
        row[place] = "&nbsp;"
        let reading = try read(row)
        #expect(reading.notices.first?.amount.minorUnits == amount, "\(reading.explanation)")
        #expect(reading.outcome == (amount == nil ? .unclear : .payment))
        #expect(
            reading.notices.first?.transactionID == (amount == nil || place == 1 ? nil : "4711"))
    }

    @Test("a heading that is missing is told")
    func heading() {
        let reading = read(source, Self.body.replacing("Fiş No", with: "Belge"))
        #expect(reading.outcome == .unclear)
        #expect(
            reading.explanation
                == "bank/day: frame fits, the heading row of the table is missing")
        #expect(reading.nearMiss?.missing == ["the heading row of the table is missing"])
    }

    @Test("a status column says what became of each movement; a word it does not know stops all")
    func status() {
        let rows = """
            columns: { payer: Ad, amount: Tutar, status: Durum }
            status: { in: [Onaylandı], reversed: [İade edildi], nothing: [Bekliyor, Reddedildi] }
            """
        let body = """
            hesap hareketleri
            Ad ¦ Tutar ¦ Durum
            ELİF KARACA ¦ 10,00 ¦ ONAYLANDI
            BORA TANYEL ¦ 20,00 ¦ iade edildi
            NEHİR ATALAN ¦ 30,00 ¦ Bekliyor
            """
        let source = TableRule.source(rows, fields: "payer: {}", body: body)
        #expect(
            read(source, body).movements.map(\.outcome) == [.payment, .reversal, .notAPayment])
        #expect(read(source, body.replacing("Bekliyor", with: "Uçtu")).outcome == .unclear)
    }

    @Test("columns by number, money out in a column of its own")
    func numbers() {
        let rows = "columns: { description: 1, amount_out: 2, amount: 3 }\ncells: 3"
        let body = """
            hesap hareketleri
            KTF6HV349 ¦ ¦ 10,00
            kira ¦ 500,00 ¦
            """
        let source = TableRule.source(rows, body: body)
        #expect(read(source, body).movements.map(\.outcome) == [.payment, .notAPayment])
        #expect(read(source, body + "\nx ¦ 1,00 ¦ 2,00").outcome == .unclear)
    }

    @Test(
        "lines of a PDF are read by a sentence; a line with an amount that does not fit stops all")
    func sentence() {
        let rows = """
            sentence: '^(?<occurred_at>[\\d.]+ [\\d:]+) (?<amount>[+-][\\d.,]+ TRY) [+-][\\d.,]+ TRY (?<payer>[^*]+)\\*\\d{4}\\*(?<description>[^*]*)\\*(?<transaction_id>\\d+)\\*FAST$'
            signed: true
            skip: [FAST ÜCRETİ]
            """
        let fields = """
            occurred_at: { dates: ['dd.MM.yyyy HH:mm:ss'] }
            transaction_id: {}
            """
        let body = """
            hesap hareketleri
            22.11.2026 14:05:33 +1.250,00 TRY +31.880,15 TRY NEHİR ATALAN*0064*KT5PZ4R38*3312345678*FAST
            22.11.2026 15:10:02 -40,00 TRY +31.840,15 TRY FAST ÜCRETİ
            """
        let source = TableRule.source(rows, fields: fields, body: body)
        let reading = read(source, body)
        #expect(reading.movements.count == 1)
        #expect(reading.movements.first?.payment?.payer == "NEHİR ATALAN")
        #expect(reading.movements.first?.payment?.description == "KT5PZ4R38")
        #expect(reading.movements.first?.payment?.transactionID == "3312345678")
        #expect(read(source, body + "\n22.11.2026 +7,00 TRY bir şey").outcome == .unclear)
    }

    @Test("plain text and HTML with other rows are unclear")
    func bodies() {
        let book = RuleBook.compile([source]).book
        let html = Self.body.replacing(" ¦ ", with: "\t").replacing(
            "Toplam ¦ ¦ ¦", with: "Toplam\t\t\t")
        let same = TestMail.message(text: html, html: html)
        #expect(book.read(same, receivedAt: TestMail.arrival).movements.count == 3)
        let fewer = html.split(separator: "\n").filter { !$0.contains("F3") }.joined(
            separator: "\n")
        let other = TestMail.message(text: fewer, html: html)
        #expect(book.read(other, receivedAt: TestMail.arrival).outcome == .unclear)
    }
}
