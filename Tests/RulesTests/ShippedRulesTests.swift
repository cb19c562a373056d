// SPDX-License-Identifier: Apache-2.0

import Domain
import Foundation
import Rules
import Testing

/// The rule files of the repository, as the agent would load them.
enum ShippedRules {
    static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent().appendingPathComponent("rules")

    static let sources: [RuleSource] = {
        let files = FileManager.default.enumerator(at: folder, includingPropertiesForKeys: nil)
        return (files?.compactMap { $0 as? URL } ?? []).filter { $0.pathExtension == "yaml" }
            .compactMap { file in
                guard let text = try? String(contentsOf: file, encoding: .utf8) else { return nil }
                let path = file.pathComponents.suffix(2).joined(separator: "/")
                return RuleSource(path: path, text: text)
            }.sorted { $0.path < $1.path }
    }()

    static let book = RuleBook.compile(sources).book
}

@Suite("The rule files that ship")
struct ShippedRulesTests {
    @Test("there is a folder for every bank and provider of which something is known")
    func folder() {
        let folders = ShippedRules.sources.filter { !$0.isFragment }.map {
            $0.path.split(separator: "/").first ?? ""
        }
        #expect(
            folders == [
                "air-bank", "akbank", "bhd", "csob", "denizbank", "enpara", "garanti-bbva",
                "halkbank", "hdfc", "icici", "interac", "is-bankasi", "iyzico", "kuveyt-turk",
                "mbank", "moka-united", "nubank", "other-banks", "papara", "papel", "param",
                "paypal", "paytr", "qnb", "revolut", "sbi", "shopier", "stripe", "teb",
                "vakifbank", "venmo", "vimenca", "wise", "yapi-kredi", "zelle-capital-one",
                "zelle-chase", "ziraat",
            ])
    }

    @Test(
        "every file compiles and all its samples hold",
        arguments: ShippedRules.sources.filter { !$0.isFragment }.map(\.path))
    func file(_ path: String) {
        let (book, problems) = RuleBook.compile(
            ShippedRules.sources.filter { $0.path == path || $0.isFragment })
        #expect(problems.map(\.description) == [])
        #expect(book.fileCount == 1)
    }

    @Test(
        "every file says since when, from where, who signs",
        arguments: ShippedRules.sources.filter { !$0.isFragment })
    func origin(_ source: RuleSource) {
        for key in ["since", "references", "senders", "authentication", "samples"] {
            #expect(source.text.contains("\n\(key):"), "\(source.path): \(key)")
        }
        for group in ["match", "no_match", "hostile"] {
            #expect(source.text.contains("\n  \(group):\n    - name: "), "\(source.path): \(group)")
        }
    }

    @Test("all of them live in one book")
    func together() {
        let (book, problems) = RuleBook.compile(ShippedRules.sources)
        #expect(problems.map(\.description) == [])
        #expect(book.fileCount == ShippedRules.sources.count { !$0.isFragment })
        #expect(Set(book.ruleIDs).count == book.ruleIDs.count)
        #expect(book.digests.count == book.fileCount)
    }

    /// Notices that any bank may send and that are no money that came in.
    static let lookAlikes = [
        (
            "request",
            "ELİF KARACA sizden 1.250,00 TL ödeme istiyor. Açıklama: KTF6HV349. Onaylarsanız "
                + "tutar hesabınızdan gönderilecektir."
        ),
        (
            "returned",
            "22.11.2026 tarihinde gönderdiğiniz 1.250,00 TL tutarındaki FAST işlemi alıcı "
                + "bankası tarafından iade edilmiş, tutar hesabınıza aktarılmıştır."
        ),
        (
            "failed",
            "Hesabınıza gönderilen 1.250,00 TL tutarındaki EFT, alıcı adı uyuşmadığı için "
                + "gerçekleştirilememiştir."
        ),
        ("balance", "Hesabınızın 22.11.2026 gün sonu bakiyesi 1.250,00 TL'dir."),
        (
            "campaign",
            "Hesabınıza 1.250 TL'ye varan bonus! 22 Kasım'a kadar FAST ile para gönderin, "
                + "kazanın."
        ),
        (
            "standing_order",
            "26.11.2026 13:03 tarihli otomatik ödeme 1.250,50 TL tahsil edilmiştir. "
                + "Bakiye 20.000,00 TL"
        ),
        (
            "fee",
            "FAST Elektronik fon transferi ücreti -15,96 TL 22 Kasım 2026 09:27 tarihinde "
                + "hesabınızdan alınmıştır."
        ),
        (
            "pending",
            "Hesabınıza gönderilen 1.250,00 TL tutarındaki EFT işleme alınmıştır, 23.11.2026 "
                + "tarihinde hesabınıza geçecektir."
        ),
        (
            "one_time_code",
            "1.250,00 TL tutarındaki FAST işleminiz için doğrulama kodunuz: 482913"
        ),
        ("statement", "Kasım ayı hesap özetiniz ektedir. Toplam giriş 18.750,00 TL"),
        (
            "exchange",
            "100,00 USD karşılığı 4.212,00 TL hesabınıza aktarılmıştır. Döviz Satış"
        ),
    ]

    @Test(
        "what looks like a payment is none, whichever bank sends it",
        arguments: [
            "garantibbva@garantibbva.com.tr", "hizmet@bilgi.akbank.com",
            "yapikredi@iletisim.yapikredi.com.tr", "halkbank.bilgilendirme@bilgi.halkbank.com.tr",
            "bilgilendirme@kuveytturk.com.tr", "ziraatbankasi@ileti.ziraatbank.com.tr",
            "bilgi@papara.com", "bilgilendirme@ileti.isbank.com.tr", "bildirim@vakifbank.com.tr",
            "email@email.qnb.com.tr", "info@e-posta.denizbank.com",
        ], lookAlikes)
    func lookAlike(_ sender: String, _ notice: (kind: String, text: String)) {
        let reading = ShippedRules.book.read(
            TestMail.message(from: sender, subject: "Bilgilendirme", text: notice.text),
            receivedAt: TestMail.arrival)
        // A statement of this bank is read, so one without its PDF is shown to a person.
        guard (sender, notice.kind) != ("bilgilendirme@ileti.isbank.com.tr", "statement") else {
            #expect(reading.outcome == .unclear)
            return
        }
        #expect(reading.outcome == .notAPayment)
        #expect(reading.domains != [])
        // Money that leaves the account may also be called by its direction.
        #expect([notice.kind, "outgoing"].contains(reading.notAPaymentKind))
    }

    @Test(
        "a stranger's everyday mail is left alone",
        arguments: [
            ("Kasım bülteni", "You received this email because you subscribed."),
            (
                "Siparişiniz yola çıktı",
                "Sipariş bilgileri\nNo\n12\nTutar\n250,00 TL\nAdres\nKadıköy"
            ),
            (
                "Faturanız hazır",
                "Fatura tutarı: 250,00 TL\nİşlem Tarihi: 22.11.2026\nAçıklama: Kasım"
            ),
            ("Güvenlik uyarısı", "Hesabınıza yeni bir cihazdan giriş yapıldı."),
            ("Your receipt", "Transaction number 12345\nAmount $25.00\nMemo thanks"),
            (
                "Üyelik aidatı",
                "Aidatı hesabımıza gönderebilirsiniz. IBAN: TR69 0001 2070 0000 0007 4074 02"
            ),
            ("Re: ödeme", "Merhaba, 1.250,00 TL gönderdim, dekont ektedir. KTF6HV349"),
            ("Invoice", "A payout of €118.20 is on its way. Payment received."),
        ])
    func everyday(_ subject: String, _ text: String) {
        let reading = ShippedRules.book.read(
            TestMail.message(
                from: "merhaba@dernek.example", name: "Elif Karaca", subject: subject, text: text),
            receivedAt: TestMail.arrival)
        #expect(reading.outcome == .unread)
        #expect(reading.imitates == nil, "\(reading.explanation)")
    }
}
