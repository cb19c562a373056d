// SPDX-License-Identifier: Apache-2.0

import Domain
import Rules
import Testing

/// What stands in and around a table that its rule does not know.
@Suite("A table that says more than its rule knows")
struct TableDoubtTests {
    private static let columns = """
        columns: { occurred_at: Tarih, payer: Gönderen, description: Açıklama, amount: Tutar }
        skip: [Toplam]
        """
    private static let fields = """
        occurred_at: { dates: ['dd.MM.yyyy'] }
        payer: {}
        """
    private static let body = """
        hesap hareketleri
        Gelen Ödemeler
        Tarih ¦ Gönderen ¦ Açıklama ¦ Tutar
        22.11.2026 ¦ ELİF KARACA ¦ KTF6HV349 ¦ 1.250,00
        22.11.2026 ¦ BORA TANYEL ¦ KT834JJ46 ¦ 600,00
        """

    private func read(_ body: String, _ learned: String = Self.body) -> Reading {
        let source = TableRule.source(Self.columns, fields: Self.fields, body: learned)
        let (book, problems) = RuleBook.compile([source])
        #expect(problems.map(\.description) == [])
        return book.read(
            TestMail.message(html: body.replacing(" ¦ ", with: "\t").replacing(" ¦", with: "\t")),
            receivedAt: TestMail.arrival)
    }

    @Test("without it every row is a payment")
    func plain() {
        #expect(read(Self.body).movements.map(\.outcome) == [.payment, .payment])
        #expect(read(Self.body + "\nToplam ¦ ¦ ¦ 1.850,00").movements.count == 2)
        let again = "\nTarih ¦ Gönderen ¦ Açıklama ¦ Tutar\n22.11.2026 ¦ EGE AK ¦ x ¦ 5,00"
        #expect(read(Self.body + again).movements.count == 3)
        #expect(read(Self.body + "\nSayfa 2\nGelen Ödemeler" + again).movements.count == 3)
    }

    @Test(
        "rows under a second heading are not those of the first",
        arguments: ["Giden Ödemeler", "İadeler", "Reddedilenler\n", "Bekleyen Ödemeler:"])
    func secondHeading(_ title: String) {
        let reading = read(
            Self.body + "\n\n\(title)\nTarih ¦ Gönderen ¦ Açıklama ¦ Tutar\n"
                + "22.11.2026 ¦ EGE AK ¦ x ¦ 5,00")
        #expect(reading.outcome == .unclear, "\(reading.explanation)")
    }

    @Test("a first table without rows is no title for the second")
    func emptyFirst() {
        let heading = "Tarih ¦ Gönderen ¦ Açıklama ¦ Tutar\n"
        for none in ["", "Kayıt bulunamadı\n", "\n"] {
            let reading = read(
                "hesap hareketleri\nGelen Ödemeler\n\(heading)\(none)\nGiden Ödemeler\n\(heading)"
                    + "22.11.2026 ¦ EGE AK ¦ x ¦ 5,00")
            #expect(reading.outcome == .unclear, "\(none): \(reading.explanation)")
        }
    }

    @Test(
        "a title between the rows without a heading of its own",
        arguments: [
            "Giden Ödemeler", "İade edilenler:", "İptal", "Bekleyen işlemler", "Outgoing payments",
        ])
    func titleAlone(_ title: String) {
        let row = "22.11.2026 ¦ EGE AK ¦ x ¦ 5,00"
        for line in [title, "\n" + title + " ¦ ¦ ¦", "¦ " + title + " ¦ ¦"] {
            let reading = read(Self.body + "\n\(line)\n\(row)")
            #expect(reading.outcome == .unclear, "\(line): \(reading.explanation)")
        }
        // Behind the last row it is a remark.
        #expect(read(Self.body + "\n\(title)").movements.count == 2)
        #expect(read(Self.body + "\nSayfa 2\n\(row)").movements.count == 3)
    }

    @Test(
        "a column that says what became of a movement counts, also where no rule names it",
        arguments: [
            "Durum", "İşlem Durumu", "Ödeme Durumu", "Statü", "Sonuç", "Status", "Payment Status",
        ])
    func status(_ heading: String) {
        func body(_ word: String) -> String {
            """
            hesap hareketleri
            Tarih ¦ Gönderen ¦ Açıklama ¦ Tutar ¦ \(heading)
            22.11.2026 ¦ ELİF KARACA ¦ KTF6HV349 ¦ 1.250,00 ¦ Gerçekleşti
            22.11.2026 ¦ BORA TANYEL ¦ KT834JJ46 ¦ 600,00 ¦ \(word)
            """
        }
        let learned = body("Tamamlandı")
        for word in ["Onaylandı", "BAŞARILI", ""] {
            #expect(read(body(word), learned).movements.count == 2, "\(word)")
        }
        for word in [
            "İptal", "İade", "Reddedildi", "Beklemede", "Gerçekleşmedi", "Askıda", "?",
            "Onaylandı - iade edildi", "Paid back", "Tamamlandı (iptal)", "ok değil",
        ] {
            #expect(read(body(word), learned).outcome == .unclear, "\(word)")
        }
    }

    @Test(
        "money that is told of beside the table is not lost",
        arguments: [
            "Hesabınıza EGE AKIN tarafından 500,00 TL gönderildi.",
            "EGE AKIN 500,00 TL gönderdi, kodu KT5RRV8G2.",
        ])
    func beside(_ sentence: String) {
        for body in [sentence + "\n\n" + Self.body, Self.body + "\n\n" + sentence] {
            #expect(read(body).outcome == .unclear, "\(body)")
        }
    }

    @Test("a balance and a total beside the table are no money")
    func totals() {
        let around = "Güncel bakiyeniz 31.880,15 TL'dir.\n" + Self.body
        #expect(read(around).movements.count == 2)
        #expect(read(Self.body + "\nToplam gelen: 1.850,00 TL").movements.count == 2)
    }

    @Test(
        "a row that has lost a cell or its amount is not passed over",
        arguments: [
            "22.11.2026 ¦ EGE AK ¦ 1250", "22.11.2026 ¦ EGE AK ¦ KT5RRV8G2 ¦",
            "22.11.2026 ¦ EGE AK ¦  ¦", "22.11.2026 ¦ KT5RRV8G2 ¦ 1.250",
        ])
    func cells(_ row: String) {
        let reading = read(Self.body + "\n" + row)
        #expect(reading.outcome == .unclear, "\(reading.explanation)")
    }

    @Test("of two columns with the heading of a field nobody knows which is meant")
    func twice() {
        let body = Self.body.replacing("Açıklama ¦ Tutar", with: "Tutar ¦ Tutar")
            .replacing("KTF6HV349", with: "5,00").replacing("KT834JJ46", with: "5,00")
        let reading = read(body)
        #expect(reading.outcome == .unclear, "\(reading.explanation)")
        let named = Self.body.replacing("Gönderen ¦", with: "Tutar ¦ Gönderen ¦")
            .replacing("22.11.2026 ¦", with: "22.11.2026 ¦ 5,00 ¦")
        #expect(read(named).outcome == .unclear)
    }
}
