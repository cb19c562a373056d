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
}
