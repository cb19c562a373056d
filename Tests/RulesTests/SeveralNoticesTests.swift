// SPDX-License-Identifier: Apache-2.0

import Domain
import Mail
import Rules
import Testing

@Suite("Several notices in one mail")
struct SeveralNoticesTests {
    private static func read(
        _ from: String, _ subject: String, text: String? = nil, html: String? = nil,
        attached: String? = nil
    ) -> Reading {
        let plain = TestMail.message(from: from, subject: subject, text: text, html: html)
        let files = attached.map {
            [
                BodyText(
                    source: .attachment(name: "bildirim.html", type: "text/html"), text: $0)
            ]
        }
        let message = Message(
            from: plain.from, subject: subject, bodies: plain.bodies + (files ?? []), inner: [])
        return ShippedRules.book.read(message, receivedAt: TestMail.arrival)
    }

    private static func akbank(_ who: String, _ amount: String = "1.250,00") -> String {
        "Değerli Akbanklı, 0412 Şube 7***3 no.lu hesabınıza \(who) tarafından \(amount) TL EFT "
            + "girişi olmuştur."
    }

    private static let withCode = akbank("KTF6HV349 açıklaması ile NEHİR ATALAN")
    private static let without = akbank("ELİF KARACA")

    @Test(
        "sentences: what stands twice is never one payment",
        arguments: [
            [withCode, without], [without, withCode], [withCode, akbank("ELİF KARACA", "99,00")],
            [akbank("NEHİR ATALAN"), akbank("NEHİR ATALAN")], [withCode, withCode],
            [
                withCode,
                "0412-0099887 numaralı hesabınıza 22.11.2026 tarihinde 1.250,00 TL nakit girişi "
                    + "olmuştur. Açıklama: KT5RRV8G2. Hesabınızın güncel bakiyesi 48.110,25 TL'dir.",
            ],
        ])
    func sentences(_ notices: [String]) {
        for join in ["\n", " ", "\n\n"] {
            let reading = Self.read(
                "hizmet@bilgi.akbank.com", "Hesabınıza nakit girişi olmuştur",
                text: notices.joined(separator: join))
            #expect(reading.outcome == .unclear, "\(reading.explanation)")
        }
        for notice in notices {
            let reading = Self.read(
                "hizmet@bilgi.akbank.com", "Hesabınıza nakit girişi olmuştur", text: notice)
            #expect(reading.outcome == .payment, "\(reading.explanation)")
        }
    }

    private static let garanti = """
        Aşağıda detayları bulunan hesabınıza para transferi gerçekleşti.
        Hesap No: 412-****567
        Gönderici Ad Soyad: Elif Karaca
        Tutar: 1.250,00 TL
        Açıklama: Ktf6hv349
        """

    private static func yapiKredi(_ time: String, _ who: String, _ how: String) -> String {
        "6612XXXX0934 TL / TR66 0006 7000 0000 00XX XXXX 68 hesabınıza, 22/11/2026 \(time) tarihinde, "
            + "\(who) isimli/unvanlı kişiden 1.250,00 TL \(how) ödemesi gelmiştir."
    }

    private static func kuveyt(_ who: String, _ amount: String, _ words: String) -> String {
        "Hesabınıza FAST ile para geldi. 3 numaralı hesabınıza \(who) adlı kişiden para geldi. Tutar: "
            + "\(amount) TL Gönderen: \(who) Gönderen Banka: Enpara Bank A.Ş. Açıklama: \(words) "
            + "İşlem Zamanı: 22.11.2026 14:05"
    }

    @Test(
        "labels that run together: a second notice is none of the payer's words",
        arguments: [
            [
                kuveyt("ELİF KARACA", "1.250,00", "Belirtilmedi"),
                kuveyt("NEHİR ATALAN", "999,00", "KTF6HV349"),
            ],
            [
                kuveyt("ELİF KARACA", "1.250,00", "KT5RRV8G2"),
                kuveyt("NEHİR ATALAN", "1.250,00", "Belirtilmedi"),
            ],
            [kuveyt("ELİF KARACA", "1.250,00", "x"), kuveyt("ELİF KARACA", "1.250,00", "x")],
            [
                kuveyt("ELİF KARACA", "1.250,00", "KT5RRV8G2"),
                "Bu işlem iade edilmiştir. İşlem Zamanı: 22.11.2026 14:05",
            ],
        ])
    func runTogether(_ notices: [String]) {
        let from = "bilgilendirme@kuveytturk.com.tr"
        for join in ["\n", " ", "</p><p>"] {
            let html = "<p>" + notices.joined(separator: join) + "</p>"
            let reading = Self.read(from, "Kuveyt Türk Bilgilendirme", html: html)
            #expect(reading.outcome == .unclear, "\(reading.explanation)")
        }
        let one = Self.read(from, "Kuveyt Türk Bilgilendirme", html: notices[0])
        #expect(one.outcome == .payment, "\(one.explanation)")
    }

    @Test(
        "a second sentence that no variant reads counts as well",
        arguments: [
            (
                "yapikredi@iletisim.yapikredi.com.tr", "Akıllı Asistan-Gelen FAST",
                yapiKredi("14:05:33", "SELİN ÖRGE", "FAST"),
                yapiKredi("14:06:33", "NEHİR ATALAN", "KOLAS")
            ),
            (
                "bilgi@papara.com", "Hesabına 1250,00 TL geldi",
                "Elif Karaca size 1.250,00 TL gönderdi",
                "Nehir Atalan size toplam 1.250,00 TL gönderdi"
            ),
            (
                "garantibbva@garantibbva.com.tr", "Gelen Para Transferi", garanti,
                "Ayrıca hesabınıza NEHİR ATALAN tarafından 1.250,00 TL EFT gelmiştir."
            ),
        ])
    func otherWording(_ from: String, _ subject: String, _ first: String, _ second: String) {
        let alone = Self.read(from, subject, text: first)
        #expect(alone.outcome == .payment, "\(alone.explanation)")
        let both = Self.read(from, subject, text: first + "\n" + second)
        #expect(both.outcome == .unclear, "\(both.explanation)")
        // Wherever a mailer breaks it.
        let words = second.split(separator: " ")
        for count in 1..<words.count {
            let wrapped =
                words[..<count].joined(separator: " ") + "\n"
                + words[count...].joined(separator: " ")
            let reading = Self.read(from, subject, text: first + "\n" + wrapped)
            #expect(reading.outcome == .unclear, "\(wrapped): \(reading.explanation)")
        }
    }

    @Test(
        "lines about something else are not joined with what the notice says",
        arguments: [
            "Alışverişlerinizde 500,00 TL bonus\nHesabınıza para geldi mi, hemen öğrenin",
            "Hesabınıza para geldi\nKampanya: 500,00 TL bonus kazanın",
        ])
    func footers(_ footer: String) {
        let reading = Self.read(
            "garantibbva@garantibbva.com.tr", "Gelen Para Transferi",
            text: Self.garanti + "\n" + footer)
        #expect(reading.outcome == .payment, "\(reading.explanation)")
    }

    @Test(
        "labels: a second block counts however little it says",
        arguments: [
            garanti, garanti.replacing("Ktf6hv349", with: "-"),
            garanti.replacing("Gönderici Ad Soyad: Elif Karaca\n", with: ""),
            garanti.replacing("Tutar: 1.250,00 TL", with: "Gelen: 1.250,00 TL"),
        ])
    func labels(_ second: String) {
        let both = Self.garanti + "\n" + second
        let from = "garantibbva@garantibbva.com.tr"
        for (text, html) in [(both, nil), (nil, both), (Self.garanti, both)] {
            let reading = Self.read(from, "Gelen Para Transferi", text: text, html: html)
            #expect(reading.outcome == .unclear, "\(reading.explanation)")
            #expect(reading.movements.isEmpty)
        }
        let one = Self.read(from, "Gelen Para Transferi", text: Self.garanti, html: Self.garanti)
        #expect(one.outcome == .payment)
    }

    @Test("a notice that came as a file is another one unless it says the same")
    func attached() {
        let (from, subject) = ("hizmet@bilgi.akbank.com", "Hesabınıza nakit girişi olmuştur")
        let same = Self.read(from, subject, text: Self.without, attached: Self.without)
        #expect(same.outcome == .payment, "\(same.explanation)")
        let other = Self.read(from, subject, text: Self.withCode, attached: Self.without)
        #expect(other.outcome == .unclear, "\(other.explanation)")
        let card =
            "4821 ile biten Axess kartınızla 1,250.00 TL tutarında EĞİTİM harcaması yapılmıştır. "
            + "3,912.40 TL limitiniz kalmıştır."
        let none = Self.read(from, "Kredi kartı harcamanız", text: card, attached: "Koşullar: 5 TL")
        #expect(none.outcome == .notAPayment, "\(none.explanation)")
    }
}
