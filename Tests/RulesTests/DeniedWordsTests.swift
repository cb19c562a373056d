// SPDX-License-Identifier: Apache-2.0

import Domain
import Foundation
import Mail
import Testing

@testable import Rules

/// What the shared fragment denies says that a transfer failed, waits or was taken back. Payers
/// write such words too, and banks print them below a notice.
@Suite("Denied words that are not the bank's about this transfer")
struct DeniedWordsTests {
    /// Mails of one payment: what the payer wrote, and where it goes in.
    private struct Paid {
        let mail: SampleMail
        let message: Message
        let payment: SampleMail.Expected.Payment

        static func all() throws -> [Paid] {
            try SampleMail.all.filter { $0.name.hasPrefix("p") }.compactMap { mail in
                let payments = try mail.expected().payments
                guard payments.count == 1 else { return nil }
                let message = try mail.message(try mail.raw())
                return Paid(mail: mail, message: message, payment: payments[0])
            }
        }

        /// The same with other words of the payer.
        func saying(_ words: String) -> Message? {
            payment.description.map { description in
                with { $0.replacing(description, with: words) }
            }
        }

        /// The same with more of the bank at its end.
        func ending(_ footer: String) -> Message {
            Message(
                from: message.from, subject: message.subject, date: message.date,
                bodies: message.bodies.map {
                    BodyText(source: $0.source, text: $0.text + "\n" + footer)
                }, notes: message.notes)
        }

        private func with(_ change: (String) -> String) -> Message {
            Message(
                from: message.from, subject: change(message.subject), date: message.date,
                bodies: message.bodies.map {
                    BodyText(source: $0.source, text: change($0.text))
                }, notes: message.notes)
        }
    }

    @Test(
        "what a payer writes is read as the payer's words, and the rest as before",
        arguments: [
            "iade", "iptal", "iptal edildi", "iade edilmiştir", "iade edildi", "başarısız",
            "İleri tarihli EFT", "işleme alınmıştır", "hesabınıza geçecektir", "beklemede",
            "gerçekleştirilememiştir", "onay bekleyen", "ödeme isteği", "para istiyor",
            "ters ibraz", "reddedildi", "provizyonda", "hesabınızdan", "100 USD karşılığı",
            "gönderdiğiniz 5 TL iade edilmiş", "geri gönderilmiştir", "otomatik ödeme talimatı",
        ])
    func typed(_ words: String) throws {
        var count = 0
        for paid in try Paid.all() {
            let own = paid.payment.description ?? ""
            for text in [words, "\(own) \(words)", "\(words) \(own)", "(\(words)) \(own)!"] {
                guard let message = paid.saying(text) else { continue }
                let found = SampleMail.actual(message)
                let hint = Comment(rawValue: "\(paid.mail): \(text)")
                #expect(found.outcome == "payment", hint)
                var expected = paid.payment
                expected.description = found.payments.first?.description
                expected.reference = found.payments.first?.reference
                #expect(found.payments == [expected], hint)
                count += 1
            }
        }
        #expect(count > 150)
    }

    /// A mailer wraps what the payer wrote: nobody can tell the second line from the bank's.
    @Test(
        "on a line of their own they end with a person, who is told the sum",
        arguments: ["iade edilmiştir", "başarısız", "hesabınıza geçecektir", "ters ibraz"])
    func wrapped(_ words: String) throws {
        var unclear = 0
        // A broken row of a table is no row.
        for paid in try Paid.all() where !paid.mail.name.contains("attached") {
            guard let own = paid.payment.description,
                let message = paid.saying("\(own) uzun bir söz\n\(words)")
            else { continue }
            let reading = ShippedRules.book.read(
                message, receivedAt: message.date ?? TestMail.arrival)
            #expect([.payment, .unclear].contains(reading.outcome), "\(paid.mail)")
            guard reading.outcome == .unclear, reading.explanation.contains("a denied word too")
            else { continue }
            unclear += 1
            #expect(reading.notices.isEmpty)
            #expect(reading.reasons == [.mailUnclear])
            let told = "the amount is \(paid.payment.amount)"
            #expect(reading.explanation.hasSuffix(told), "\(paid.mail): \(reading.explanation)")
            #expect(reading.wording.turkish.hasSuffix("tutar \(paid.payment.amount)"))
        }
        #expect(unclear > 20)
    }

    @Test(
        "what banks print below their notices denies nothing",
        arguments: [
            "Bu e-posta bilgilendirme amacıyla gönderilmiştir, lütfen yanıtlamayınız.",
            "Hesabınızın kullanılabilir bakiyesi 9.004,10 TL",
            "İşlem size ait değilse 444 0 000 numaralı hattımızı arayınız.",
            "Art arda başarısız giriş denemelerinde şifreniz bloke olur.",
            "Başarısız oturum denemelerini güvenlik ayarlarından izleyebilirsiniz.",
            "Bankamız e-posta ile şifre ya da doğrulama kodu istemez.",
            "İleri tarihli transferlerinizi Mobil Şube'den kolayca verebilirsiniz.",
            "Menü\nİleri Tarihli İşlemler\nDüzenli Ödemeler\nFatura Ödeme",
            "Düzenli ödeme talimatı, ileri tarihli işlemler ve fazlası Mobil'de!",
            "Kampanya ve fırsatlardan haberdar olmak istemiyorsanız tıklayınız.",
            "EFT saatleri dışında verilen talimatlar ertesi iş günü sıraya alınır.",
            "İptal ve iade koşulları için internet sitemize bakınız.",
            "Havale iptali için şubenize başvurunuz.",
            "Ödeme iadesi ve itiraz: 444 0 000", "İşlem türüne göre iade süresi değişir.",
            "Bu iletiyi almak istemiyorsanız abonelikten çıkmak için tıklayınız. © Banka A.Ş.",
        ])
    func footers(_ footer: String) throws {
        var count = 0
        for paid in try Paid.all() where !paid.mail.name.contains("attached") {
            let found = SampleMail.actual(paid.ending(footer))
            let hint = Comment(rawValue: "\(paid.mail): \(found.outcome)")
            #expect(found.outcome == "payment", hint)
            #expect(found.payments.first?.amount == paid.payment.amount, hint)
            count += 1
        }
        #expect(count > 80)
    }

    @Test(
        "what a bank says of the transfer still wins over everything",
        arguments: [
            "İşlem Durumu: Başarısız", "İşlem Sonucu\tBaşarısız\tKapat", "Transfer başarısız oldu.",
            "İşleminiz başarısız sonuçlanmıştır", "Başarısız işlem", "İşlem başarısızdır.",
            "İşlem Türü: İleri tarihli EFT", "İşlem Türü\tİleri Tarihli\t", "İleri tarihli havale",
            "İleri Tarihli Para Transferi",
            "İleri tarihli transfer talimatı alınmıştır.",
            "1.250,00 TL tutarındaki ileri tarihli EFT 23.11.2026 günü hesabınıza geçecek.",
            "İleri tarihli olarak 1.250,00 TL 23.11.2026 tarihinde yatırılacaktır.",
            "Tutar iade edilmiştir.", "İşlem iptal edildi.", "İşlem beklemede", "Reddedildi",
        ])
    func ofTheBank(_ words: String) throws {
        var count = 0
        let files = ShippedRules.sources.filter { $0.text.contains("turkish-look-alikes") }
        let banks = Set(files.compactMap { $0.path.split(separator: "/").first.map(String.init) })
        for paid in try Paid.all()
        where !paid.mail.name.contains("attached") && banks.contains(paid.mail.bank) {
            let reading = ShippedRules.book.read(
                paid.ending(words), receivedAt: paid.message.date ?? TestMail.arrival)
            #expect(reading.outcome != .payment, "\(paid.mail): \(words)")
            #expect(reading.notices.isEmpty)
            count += 1
        }
        #expect(count > 80)
    }
}
