// SPDX-License-Identifier: Apache-2.0

import Domain
import Mail
import Testing

@testable import Rules

@Suite("Money in words that no variant reads")
struct NewWordingTests {
    private static func read(_ from: String, _ subject: String, _ text: String) -> Reading {
        ShippedRules.book.read(
            TestMail.message(from: from, subject: subject, text: text),
            receivedAt: TestMail.arrival)
    }

    @Test(
        "goes to a person, whatever stands below it",
        arguments: [
            (
                "hizmet@bilgi.akbank.com",
                "ELİF KARACA tarafından hesabınıza 1.250,00 TL EFT yapıldı. Gün sonu bakiyesi "
                    + "9.000,00 TL"
            ),
            (
                "hizmet@bilgi.akbank.com",
                "ELİF KARACA tarafından 1.250,00 TL para transferi yapılmıştır. Hesap özetiniz ektedir."
            ),
            (
                "hizmet@bilgi.akbank.com",
                "Hesabınız alacaklandırıldı: 1.250,00 TL, ELİF KARACA, KTF6HV349. Gün sonu "
                    + "bakiyesi 9.000,00 TL"
            ),
            (
                "hizmet@bilgi.akbank.com",
                "ELİF KARACA 1.250,00 TL yolladı\nFAST ücreti 0,00 TL hesabınızdan alınmıştır."
            ),
            (
                "garantibbva@garantibbva.com.tr",
                "Elif Karaca tarafından 1.250,00 TL havale alındı. bonus kazanın"
            ),
            (
                "bilgi@ing.com.tr",
                "Elif Karaca adlı kişiden 1.250,00 TL havale alındı. Kartınızla bonus kazanın"
            ),
            ("enpara@enpara.com", "Elif Karaca 1.250,00 TL yolladı. bonus kazan"),
        ])
    func confirmed(_ from: String, _ text: String) {
        let reading = Self.read(from, "Bilgilendirme", text)
        #expect(reading.outcome == .unclear, "\(reading.explanation)")
        #expect(reading.nearMiss != nil || reading.isDraft)
    }

    @Test(
        "goes to a person from a sender whose rule is a draft",
        arguments: [
            (
                "notifications@stripe.com", "You received a payment of €1,250.00",
                "You received a payment of €1,250.00 from Elif Karaca. It will be part of your next "
                    + "payout."
            ),
            (
                "bilgi@iyzico.com", "Bilgi",
                "Elif Karaca 1.250,00 TL ödeme yaptı. Ödeme hesabınıza geçti. Hakediş tarihi: "
                    + "29.11.2026"
            ),
            ("bilgi@paytr.com", "Bilgi", "Elif Karaca 1.250,00 TL ödeme yaptı. Hakediş: yarın"),
            ("bilgi@param.com.tr", "Bilgi", "Hesabınıza 1.250,00 TL geldi. Hakediş 0"),
            (
                "service@paypal.com", "Payment",
                "You received a payment of 1.250,00 TRY. Was it because of a money request?"
            ),
            (
                "service@paypal.com", "Payment",
                "Elif Karaca paid you 1.250,00 TRY. See what You paid lately."
            ),
            ("noreply@wise.com", "Money", "Elif sent you 1,250.00 TRY. You spent 0.00"),
            // Behind labels.
            (
                "bilgi@paytr.com", "Yeni ödeme aldınız",
                "Mağazanıza yeni bir ödeme yapıldı.\nTutar: 1.250,00 TL\nMüşteri: NEHİR ATALAN\n"
                    + "Açıklama: KTF6HV349\nHakediş tarihi: 29.11.2026"
            ),
            (
                "bilgi@param.com.tr", "Bilgi",
                "Ödeyen Ad Soyad: NEHİR ATALAN\nTutar: 1.250,00 TL\nHakediş 0"
            ),
            (
                "service@paypal.com", "Payment",
                "From: Elif Karaca\nAmount: 1.250,00 TRY\nSee what You paid lately."
            ),
            ("noreply@wise.com", "Money", "Amount: 1,250.00 TRY\nFrom: Elif\nYou spent 0.00"),
            (
                "catch@payments.interac.ca", "INTERAC e-Transfer: ROWAN HART sent you money.",
                "Accept it at your bank."
            ),
            (
                "alerts@hdfcbank.net", "UPI",
                "Rs.1,250.00 is credited to XX1234 by RAVI KUMAR. If it has been debited by mistake "
                    + "call us."
            ),
        ])
    func drafts(_ from: String, _ subject: String, _ text: String) {
        let reading = Self.read(from, subject, text)
        #expect(reading.reasons.contains(.mailUnclear), "\(reading.explanation)")
        #expect(reading.isDraft)
    }

    @Test(
        "goes to a person behind labels as well, where a footer points at the account",
        arguments: [
            (
                "bilgilendirme@kuveytturk.com.tr", "Kuveyt Türk Bilgilendirme",
                "NEHİR ATALAN adlı kişi KOLAS ile para yolladı.\nTutar: 1.250,00 TL\n"
                    + "Gönderen: NEHİR ATALAN\nAçıklama: KTF6HV349\n"
                    + "Detayları 3 numaralı hesabınızdan izleyebilirsiniz."
            ),
            (
                "ziraatbankasi@ileti.ziraatbank.com.tr", "Bilgi",
                "NEHİR ATALAN para yolladı.\nTutar: 1.250,00 TL\n"
                    + "İşlem 5001 ek nolu hesabınızdan görülebilir."
            ),
            (
                "garantibbva@garantibbva.com.tr", "Para Transferi",
                "Hesabınız alacaklandırıldı.\nGönderen Bilgileri: ELİF KARACA\n"
                    + "Alıcı Bilgileri: SAHNE KAPISI DERNEĞİ\nTutar: 1.250,00 TL"
            ),
            (
                "bilgi@papara.com", "Bilgi",
                "Elif Karaca para yolladı.\nTutar: 1.250,00 TL\nDetayları hesabından izle."
            ),
        ])
    func labelled(_ from: String, _ subject: String, _ text: String) {
        let reading = Self.read(from, subject, text)
        #expect(reading.outcome == .unclear, "\(reading.explanation)")
    }

    @Test(
        "goes to a person beside a notice of something else that somebody confirmed",
        arguments: [
            (
                "yapikredi@iletisim.yapikredi.com.tr", "Akıllı Asistan",
                "ELİF KARACA'dan 1.250,00 TL FAST aldınız. hesabınızdan BORA TANYEL isimli/unvanlı "
                    + "kişiye 10,00 TL FAST gönderilmiştir."
            ),
            (
                "hizmet@bilgi.akbank.com", "Bilgi",
                "4821 ile biten Axess kartınızla 10.00 TL tutarında harcaması yapılmıştır. ELİF KARACA "
                    + "1.250,00 TL yolladı."
            ),
            (
                "bilgilendirme@kuveytturk.com.tr", "Bilgi",
                "5 numaralı hesabınızdan 10,00 TL gönderilmiştir.\nELİF KARACA 1.250,00 TL yolladı."
            ),
        ])
    func confirmedNotices(_ from: String, _ subject: String, _ text: String) {
        let reading = Self.read(from, subject, text)
        #expect(reading.outcome == .unclear, "\(reading.explanation)")
        #expect(reading.rule != nil)
        let other = text.replacing(/ELİF KARACA.* 1.250,00 TL [^.]*\./, with: "")
        let own = Self.read(
            from, subject, other + "\nGüncel bakiyeniz 9.004,10 TL'dir.\nMasraf: 5,00 TL")
        #expect(own.outcome == .notAPayment, "\(own.explanation)")
    }

    @Test(
        "goes to a person where a confirmed notice of something else says that money came in",
        arguments: [
            (
                "bilgi@papara.com", "Hesabına 1250,00 TL geldi",
                "Elif Karaca Papara hesabından sana 1.250,00 TL gönderdi"
            ),
            (
                "garantibbva@garantibbva.com.tr", "Gelen Para Transferi",
                "Hesabınıza para transferi gelmiştir.\nGönderen Bilgileri:\nELİF KARACA\n"
                    + "Alıcı Bilgileri:\nSAHNE KAPISI\nTutar: 1.250,00 TL"
            ),
            (
                "yapikredi@iletisim.yapikredi.com.tr", "Akıllı Asistan Bilgilendirmesi",
                "Hesabınıza ELİF KARACA tarafından 1.250,00 TL FAST ödemesi gelmiştir. Kartınızla "
                    + "harcama yaptıkça kazanın"
            ),
            (
                "bilgilendirme@kuveytturk.com.tr", "Bilgi",
                "3 numaralı hesabınıza ELİF KARACA adlı kişiden 1.250,00 TL para ulaştı. Tutarı 3 "
                    + "numaralı hesabınızdan kullanabilirsiniz."
            ),
            (
                "hizmet@bilgi.akbank.com", "Bilgilendirme",
                "ELİF KARACA tarafından hesabınıza 1.250,00 TL FAST girişi olmuştur. 3.000,00 TL "
                    + "limitiniz kalmıştır."
            ),
            (
                "hizmet@bilgi.akbank.com", "Bilgilendirme",
                "ELİF KARACA tarafından hesabınıza 1.250,00 TL yatırıldı. Hesabınızdan para çıkışı "
                    + "bildirimlerini kapatabilirsiniz."
            ),
        ])
    func moneyInBesideNotices(_ from: String, _ subject: String, _ text: String) {
        let reading = Self.read(from, subject, text)
        #expect(reading.outcome == .unclear, "\(reading.explanation)")
        #expect(reading.nearMiss != nil)
    }

    @Test(
        "goes to a person however the sum is written",
        arguments: [
            "1.250,00 Türk Lirası havale alındı. bonus kazanın",
            "Elif Karaca 1.250 liralık havale yaptı. bonus kazanın",
            "Tutar: 1.250,00\nDöviz: TL\nbonus kazanın", "EFT alındı: 1250,00.\nbonus kazanın",
            "1.250,00 TL EFT yapıldı, gün sonu bakiyesi 9.000,00 TL",
            "1.250,00 TL EFT yapıldı; gün sonu bakiyesi",
            "ELİF KARACA 1.250,00 TL EFT yaptı; bonus kazanın",
        ])
    func sums(_ text: String) {
        for from in ["garantibbva@garantibbva.com.tr", "hizmet@bilgi.akbank.com"] {
            let reading = Self.read(from, "Bilgilendirme", text)
            #expect(reading.outcome == .unclear, "\(reading.explanation)")
        }
    }

    @Test(
        "values are no sentences",
        arguments: [
            ("tutar: 1.250,00 tl", true), ("tutar\t₺ 1.250,00", true), ("\n- 1.250,00 tl\n", true),
            ("guncel bakiyesi 9.004,10 tl'dir", true), ("100 usd limitiniz kaldi", true),
            ("bakiyenize 1.250,00 tl eklendi", false), ("ali 1.250,00 tl yolladi", false),
            ("limitiniz 5 tl, ali'den 6 tl geldi", false), ("your balance: usd 5", true),
            ("5 tl", true), ("eur 5", true), ("you got eur 5", false), ("", true),
        ])
    func values(_ text: String, _ areValues: Bool) {
        #expect(AmountPlaces.areValues(in: Array(text.utf8)) == areValues)
    }

    @Test(
        "sums are found by the currency beside them",
        arguments: [
            ("1.250,00 tl geldi", 1), ("₺1.250", 1), ("1250₺", 1), ("$ 25.00", 1), ("25 usd", 1),
            ("rs. 1,250.00", 1), ("rs.1,250.00 ve 5 eur", 2), ("tutar\t1.250,00\ttl", 1),
            ("1 250,00 czk", 1), ("tutar: 1.250,00", 1), ("1,250.00", 1), ("faiz % 45,00", 0),
            ("45,00% faiz", 0), ("saat 14.05", 0), ("22.11.26", 0), ("5 turk lirasi", 1),
            ("0,00 tl", 0), ("22.11.2026 14:05", 0), ("no 482913", 0),
            ("3 kisi", 0), ("", 0), ("1.250 tl'ye", 1), ("1.250 tlx", 0), ("€", 0), ("5.", 0),
        ])
    func sums(_ text: String, _ count: Int) {
        #expect(AmountPlaces.find(in: Array(text.utf8)).count == count)
    }
}
