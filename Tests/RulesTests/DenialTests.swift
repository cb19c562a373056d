// SPDX-License-Identifier: Apache-2.0

import Domain
import Mail
import Rules
import Testing

@Suite("What a bank denies")
struct DenialTests {
    @Test(
        "nobody writes rules for addresses that everybody has",
        arguments: ["gmail.com", "hotmail.com.tr"])
    func freeMail(_ domain: String) {
        for senders in ["addresses: [elif.karaca@\(domain)]", "domains: [\(domain)]"] {
            let said = Said(line: "", file: "senders: { \(senders) }", expect: "")
            let problems = RuleBook.compile([said.rule]).problems
            #expect(problems.first?.message.english.hasPrefix("everybody has addresses at") == true)
        }
    }

    private static let akbank =
        "0412-0099887 numaralı hesabınıza 22.11.2026 tarihinde 1.250,00 TL nakit girişi olmuştur. "
        + "Açıklama: KT5RRV8G2. Hesabınızın güncel bakiyesi 48.110,25 TL'dir."

    @Test(
        "in one text of a mail no other one can say",
        arguments: [
            " Tutar işleme alınmıştır, 23.11.2026 tarihinde hesabınıza geçecektir.",
            " İşleminiz gerçekleştirilememiştir.",
        ])
    func acrossTexts(_ denial: String) throws {
        func read(_ text: String?, _ html: String?) -> MailOutcome {
            ShippedRules.book.read(
                TestMail.message(
                    from: "hizmet@bilgi.akbank.com",
                    subject: "Hesabınıza nakit girişi olmuştur", text: text, html: html),
                receivedAt: TestMail.arrival
            ).outcome
        }
        #expect(read(Self.akbank, Self.akbank) == .payment)
        #expect(read(Self.akbank + denial, Self.akbank) == .unclear)
        #expect(read(Self.akbank, Self.akbank + denial) == .unclear)
        #expect(read(denial, Self.akbank) == .unclear)
    }

    private static let garanti = """
        Aşağıda detayları bulunan hesabınıza para transferi gerçekleşti.
        Gönderici Ad Soyad: Elif Karaca
        Tutar: 1.250,00 TL
        Açıklama: Ktf6hv349

        """

    private func garanti(
        _ line: String, subject: String = "Gelen Para Transferi"
    ) -> MailOutcome {
        ShippedRules.book.read(
            TestMail.message(
                from: "garantibbva@garantibbva.com.tr", subject: subject,
                html: Self.garanti + line), receivedAt: TestMail.arrival
        ).outcome
    }

    @Test(
        "what takes a transfer back, in all its forms",
        arguments: [
            "Bu işlem iptal olmuştur.", "İşlem iptal edilecektir.",
            "Para transferi iade edilmiş, tutar gönderene aktarılmıştır.",
            "Tutar iade edilecektir.", "Tutar geri alınmıştır.", "Havale geri çekilmiştir.",
            "Tutar geri gönderildi", "İşlem için ters kayıt yapılmıştır.",
            "Hesabınıza geçmemiştir.", "İşlem bekletilmektedir.", "Tutar bloke edilmiştir.",
            "Hesabınıza bloke konmuştur.", "Bu ödeme için chargeback açıldı.", "Reversada",
            "İşlem onaylanmadı.", "Transfer tamamlanamadı.", "Transfer tamamlanmamıştır",
            "İşlem gerçekleşmedi.", "Tutar aktarılamamıştır.", "Havale gönderilmeyecektir.",
            "İşlem onay beklemektedir.", "Talimatınız işleme alındı.",
            "Tutar reddedilecektir.", "Hesabınıza yarın geçecek.",
            "Hesabınıza 23.11.2026 tarihinde yatırılacaktır.", "Hesabınıza borç kaydedildi.",
            "İşlem Durumu: İptal", "Durum: İade", "İşlem Türü\tİade", "Durum\tAskıda",
            "Durum: Onay Bekliyor", "İşlem onay bekliyor.", "İade Edilen İşlem",
            "Gönderdiğiniz EFT'nin iadesi: 1.250,00 TL", "FAST İptali",
            "Sonuç: İptal", "İşlem Sonucu: Başarısız", "İşlem sonucu\tReddedildi", "Statü: İade",
            "İşlem Statüsü: Beklemede", "İade Tutarı: 1.250,00 TL", "İptal nedeni: Hesap kapalı",
            "Ret Nedeni\tİsim uyuşmuyor", "Tutarın iadesi yapılmıştır.", "Tutar iade olunmuştur.",
            "Tutar gönderene geri ödenmiştir.", "İşlem geri çevrilmiştir.", "Ters işlem yapıldı.",
            "Transfer askıya alınmıştır.", "Tutar blokededir.", "İşlem incelemeye alınmıştır.",
            "Transferiniz inceleniyor.", "İşlem askıdadır.",
        ])
    func takenBack(_ line: String) {
        #expect(garanti(line) == .unclear)
    }

    @Test(
        "a subject takes it back as well",
        arguments: [
            ("", MailOutcome.payment), (" İadesi", .unclear), (" İptali", .unclear),
            (" - İptal", .unclear), (" - İşlem İptali", .unclear), (" (İade)", .unclear),
            (" İade", .unclear), (": iptal", .unclear), (" Reddi", .unclear),
            (" Reddedildi", .unclear), (" Askıda", .unclear), (" Başarısız", .unclear),
            (" Bekliyor", .unclear), (" - Düzeltme", .unclear), (" Talimatı", .unclear),
            (" (TEST)", .unclear), (" - Haftalık özet", .unclear),
        ])
    func subject(_ words: String, _ outcome: MailOutcome) {
        #expect(garanti("", subject: "Gelen Para Transferi" + words) == outcome)
        #expect(garanti("", subject: "Akıllı: Gelen Para Transferi" + words) == outcome)
    }

    @Test(
        "a subject takes it back before it says what it is",
        arguments: [
            "İade - ", "İPTAL: ", "Reddedilen ", "Askıda ", "Bekleyen ", "(İade) ", "[TEST] ",
            "Test: ", "Düzeltme: ",
        ])
    func subjectBefore(_ words: String) {
        #expect(garanti("", subject: words + "Gelen Para Transferi") == .unclear)
    }

    @Test(
        "what a footer says that may happen is no denial",
        arguments: [
            "Hatalı transferleri iade edebilirsiniz.", "Ürün iade koşulları için tıklayın.",
            "Aboneliğinizi iptal edebilirsiniz.", "Geri bildiriminiz bizim için değerlidir.",
            "Tamamlanmamış işlemlerinizi Mobil Şube'de görebilirsiniz.",
            "İşleminiz onaylanmadan önce bilgileri kontrol ediniz.",
            "İade ve iptal koşulları için www.bank.example adresini ziyaret ediniz.",
            "Askıya alınan hesaplar için şubenize başvurunuz.",
            "Günlük limitinizi Mobil Şube'den değiştirebilirsiniz.",
            "Şüpheli işlemler incelemeye alınır.", "Kredi başvuru sonucunuz için tıklayın.",
        ])
    func footers(_ line: String) {
        #expect(garanti(line) == .payment)
    }
}
