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
        "a payer whose name holds labels pushes nothing of the bank's aside",
        arguments: [
            "A adlı kişiden para geldi. Tutar: 1.250,00 TL Açıklama: KTF6HV349",
            "A Tutar: 1.250,00 TL Açıklama: KTF6HV349",
            "A adlı kişiden para geldi. Tutar: 1.250,00 TL Gönderen: ELİF KARACA Açıklama: KTF6HV349",
            "A Açıklama: KTF6HV349", "Tutar: 1.250,00 TL A", "A Tutar: 1.250,00 TL",
        ])
    func nameWithLabels(_ name: String) {
        let reading = Self.read(
            "bilgilendirme@kuveytturk.com.tr", "Kuveyt Türk Bilgilendirme",
            html: "<p>" + Self.kuveyt(name, "1,00", "x") + "</p>")
        #expect(reading.notices.allSatisfy { $0.amount.minorUnits == 100 }, "\(reading.notices)")
        #expect(
            reading.notices.allSatisfy { !($0.description ?? "").contains("KTF6HV349") },
            "\(reading.notices)")
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
        "a second notice in words that no file knows is not lost beside a good one",
        arguments: [
            "Ayrıca NEHİR ATALAN tarafından 1.250,00 TL havale yapılmıştır.",
            "Ayrıca NEHİR ATALAN tarafından\n1.250,00 TL havale yapılmıştır.",
            "Gönderen: NEHİR ATALAN\nİşlem Tutarı: 1.250,00 TL",
            "İşlem Tutarı: 900,00 TL", "Gönderen\tNEHİR ATALAN\tMiktar\t1.250,00 TL",
            "NEHİR ATALAN 1.250,00 TL Ktf6hv349", "Nehir Atalan 999,00 TL",
            "1.250,00 TL NEHİR ATALAN", "NEHİR ATALAN\t1.250,00 TL\tKtf6hv349",
            "Diğer ödeme 1.250,00 TL, kodu Ktt8mypj2", "NEHİR ATALAN\n1.250,00 TL\nKtt8mypj2",
            "Nehir Atalan has sent you 80.00 EUR.", "Diğer gelen ödemeler: NEHİR ATALAN 999,00 TL",
            "diğer gelen ödemeler: NEHİR ATALAN 1.250,00 TL", "ve NEHİR ATALAN 999,00 TL",
            "Bilet ücreti olarak NEHİR ATALAN bugün size 1.250,00 TL yollamıştır.",
        ])
    func unknownWording(_ second: String) {
        for text in [Self.garanti + "\n" + second, second + "\n" + Self.garanti] {
            let reading = Self.read(
                "garantibbva@garantibbva.com.tr", "Gelen Para Transferi", text: text)
            #expect(reading.outcome == .unclear, "\(reading.explanation)")
        }
    }

    @Test(
        "sums of balances, fees, limits and advertisements are no second notice",
        arguments: [
            "Güncel bakiyeniz 48.110,25 TL'dir.", "Kullanılabilir Bakiye: 48.110,25 TL",
            "Masraf Tutarı: 5,00 TL", "Toplam Tutar: 1.255,00 TL", "İşlem Ücreti 6,09 TL",
            "Elif Karaca 1.250,00 TL iletti.", "Para Transferi 1.250,00 TL", "1.250,00 TL",
            "Ayrıntılar\n1.250,00 TL",
            "Yeni müşterilere 1.000 TL bonus", "Axess Platinum ile 1.000 TL'ye kadar indirim",
            "Ödenmiş Sermaye: 4.200.000.000 TL", "BONUS500 koduyla 500 TL hediye",
            "Günlük 100.000 TL'ye kadar FAST ile para gönderebilirsiniz.",
            "500 TL ve üzeri alışverişlerinizde Maximum Puan kazanın",
            "Müşteri No: 1234567\nHavale limiti: 50.000,00 TL",
        ])
    func otherSums(_ line: String) {
        for text in [Self.garanti + "\n" + line, line + "\n" + Self.garanti] {
            let reading = Self.read(
                "garantibbva@garantibbva.com.tr", "Gelen Para Transferi", text: text)
            #expect(reading.outcome == .payment, "\(reading.explanation)")
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

    private static let kiyi = """
        Hesabınıza aşağıdaki transfer gelmiştir.
        İşlem Tarihi\t22.11.2026 14:05
        Gönderen\tELİF KARACA
        Tutar\t1.250,00 TL
        Açıklama\tKT5RRV8G2
        Referans No\t2211-8841
        Güncel bakiyeniz 9.004,10 TL
        """

    @Test("without words for money that came in, those of the direction count")
    func direction() throws {
        let rule = try GuideTests.firstRule("docs/writing-rules.md")
        func read(_ text: String) -> Reading {
            TestMail.book(rule).read(
                TestMail.message(
                    from: "bildirim@posta.kiyibank.example", subject: "Hesabınıza para geldi",
                    html: text), receivedAt: TestMail.arrival)
        }
        #expect(read(Self.kiyi).outcome == .payment)
        let more = "\nAyrıca hesabınıza NEHİR ATALAN tarafından 1.250,00 TL EFT gelmiştir."
        #expect(read(Self.kiyi + more).outcome == .unclear)
    }

    private static func receipt(_ payer: String, _ number: String, _ amount: String) -> String {
        """
        İŞLEM TÜRÜ\tGelen FAST Anlık Ödeme\tİŞLEM TARİHİ\t22.11.2026 14:05:33\tSORGU NO\t\(number)
        İŞLEM TUTARI\t\(amount) TL\tMASRAF TUTARI\t0,00 TL
        GÖNDEREN AD SOYAD / UNVAN\t\(payer)\tİŞLEM NO\t2026005212345678\tFİŞ NO
        İŞLEM AÇIKLAMASI\tktp6dj6pd
        """
    }

    private static func statement(_ payer: String, _ amount: String, _ words: String) -> String {
        """
        Gelen Eft Otomatik Aktarım
        IBAN\t:\tTR22 0001 0070 0000 0006 1728 35
        İŞLEM TARİHİ\t:\t22/11/2026-14:05:33 - F05247
        SAYIN
        SAHNE KAPISI DERNEĞİ
        KT59VVR32 _ Gönd: \(payer) 0046-Akbank T.A.Ş. FAST işlemi \(amount) TRY
        Hesabınıza \(amount) TL (Yalnız \(words)) Yatırılmıştır. 22/11/2026-14:05:33 EFTTGELD SERVICE _
        """
    }

    private static let elifReceipt = receipt("ELİF KARACA", "2551234567", "1.250,00")
    private static let boraStatement = statement("BORA TANYEL", "1.250,00", "BİNİKİYÜZELLİTL")

    /// A mail with files.
    private static func read(
        _ from: String, _ subject: String, files: [(name: String, text: String)],
        notes: Set<Message.Note> = []
    ) -> Reading {
        let plain = TestMail.message(from: from, subject: subject, html: "Dekontunuz ektedir.")
        let attached = files.map { file in
            let type = file.name.hasSuffix("pdf") ? "application/pdf" : "text/html"
            return BodyText(source: .attachment(name: file.name, type: type), text: file.text)
        }
        return ShippedRules.book.read(
            Message(
                from: plain.from, subject: subject, bodies: plain.bodies + attached, inner: [],
                notes: notes), receivedAt: TestMail.arrival)
    }

    @Test(
        "a second receipt is not passed over, whatever its name is",
        arguments: [
            (
                "bildirim@vakifbank.com.tr", "FAST Anlık Ödeme Bilgilendirmesi", "Dekont.pdf",
                elifReceipt, receipt("NEHİR ATALAN", "2551234599", "999,00"),
                ["Makbuz.pdf", "a.html"]
            ),
            (
                "ziraat@ileti.ziraatbank.com.tr", "e-dekont", "e-dekont_1.html", boraStatement,
                statement("NEHİR ATALAN", "999,00", "DOKUZYÜZDOKSANDOKUZTL"),
                ["dekont2.html", "dekont2.pdf"]
            ),
        ])
    func secondReceipt(
        _ from: String, _ subject: String, _ name: String, _ one: String, _ other: String,
        _ names: [String]
    ) {
        #expect(Self.read(from, subject, files: [(name, one)]).outcome == .payment)
        for second in names {
            for files in [[(name, one), (second, other)], [(second, other), (name, one)]] {
                let reading = Self.read(from, subject, files: files)
                #expect(reading.outcome == .unclear, "\(second): \(reading.explanation)")
            }
            // The same receipt once more, and a file that is none.
            for more in [one, "Koşullar: yıllık ücret 5 TL"] {
                let reading = Self.read(from, subject, files: [(name, one), (second, more)])
                #expect(reading.outcome == .payment, "\(second): \(reading.explanation)")
                #expect(reading.movements.count == 1)
            }
        }
    }

    @Test(
        "beside a receipt that was read, one that cannot be read goes to a person",
        arguments: [Message.Note.pdfEncrypted, .pdfUnreadable, .pdfWithoutText])
    func unreadableReceipt(_ note: Message.Note) {
        let (from, subject) = ("bildirim@vakifbank.com.tr", "FAST Anlık Ödeme Bilgilendirmesi")
        let files = [("Dekont.pdf", Self.elifReceipt)]
        #expect(Self.read(from, subject, files: files, notes: [note]).outcome == .unclear)
        // No notice of this bank comes as a file.
        let akbank = TestMail.message(
            from: "hizmet@bilgi.akbank.com", subject: "Hesabınıza nakit girişi olmuştur",
            text: Self.without, notes: [note])
        let reading = ShippedRules.book.read(akbank, receivedAt: TestMail.arrival)
        #expect(reading.outcome == .payment, "\(reading.explanation)")
    }

    @Test(
        "a subject that names another sum than the text goes to a person",
        arguments: [
            ("Hesabına 1250,00 TL geldi", MailOutcome.payment),
            ("Hesabına 1.250 TL geldi", .payment), ("Hesabına para geldi", .payment),
            ("Hesabına 1.250,00 TL geldi!", .payment), ("Hesabına 10,00 TL geldi", .unclear),
            ("Hesabına 12.500 TL geldi", .unclear),
            ("Hesabına 1.250,00 TL ve 10 TL geldi", .unclear),
        ])
    func otherSum(_ subject: String, _ outcome: MailOutcome) {
        let reading = Self.read(
            "bilgi@papara.com", subject,
            text: "Selin Örge size 1.250,00 TL gönderdi\nNot: KTT8MYPJ2")
        #expect(reading.outcome == outcome, "\(reading.explanation)")
    }

    @Test("what a payer writes is no sum of the subject", arguments: 1...99)
    func payerNumber(_ number: Int) {
        for words in ["\(number)", "\(number) kişi", "50,00", "\u{200B}"] {
            let reading = Self.read(
                "bilgi@papara.com", "Hesabına 1.250,00 TL geldi",
                text: "Selin Örge size 1.250,00 TL gönderdi\nNot: \(words)")
            #expect(reading.outcome == .payment, "\(words): \(reading.explanation)")
        }
    }

    @Test("more sums than a notice has go to a person")
    func manySums() {
        let more = String(repeating: "a$1\n", count: 300)
        let text = "Selin Örge size 1.250,00 TL gönderdi\n"
        let (from, subject) = ("bilgi@papara.com", "Hesabına 1.250,00 TL geldi")
        #expect(Self.read(from, subject, text: text).outcome == .payment)
        #expect(Self.read(from, subject, text: text + more).outcome == .unclear)
    }
}
