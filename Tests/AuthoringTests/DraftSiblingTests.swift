// SPDX-License-Identifier: Apache-2.0

import Domain
import Foundation
import Mail
import Rules
import Testing

@testable import Authoring

/// Notices of one kind: that from which a rule is drafted, the next one of the same kind, and the
/// one that the bank sends for money that goes out.
struct KindOfNotice: CustomTestStringConvertible, Sendable {
    let first: UnknownNotice
    let next: UnknownNotice
    let outgoing: UnknownNotice
    /// When the money of the first and of the next one moved, in UTC.
    let times: [String]
    /// Lines that the draft must hold.
    let holds: [String]

    var testDescription: String { first.form }

    static let all = [
        KindOfNotice(
            first: poyraz("21.11.2026", "16:27'de", "GÖKÇE YILDIRIMER", "2.300,00", "FAST"),
            next: poyraz("22.11.2026", "08:05'te", "ÖZGÜR ŞENOL UĞURLU", "980,75", "EFT"),
            outgoing: UnknownNotice(
                form: "out",
                plain: """
                    4471-***02 numaralı hesabınızdan 22.11.2026 tarihinde saat 10:15'te ÇİĞDEM ÖZ \
                    adına 400,00 TL tutarında FAST ile para gönderilmiştir.
                    """, says: []),
            times: ["2026-11-21T13:27:00Z", "2026-11-22T05:05:00Z"],
            holds: [#"(?<date>[\d./-]+) tarihinde saat (?<time>[\d:]+)[''’](?:de|da|te|ta) "#]),
        KindOfNotice(
            first: lodos("20.11.2026 / 18:42:07", "ŞÜKRÜ ÇAĞLAYAN", "1.450,00", "KTF6HV349"),
            next: lodos("21.11.2026 / 09:03:44", "İPEK GÜLTEKİN", "725,50", ""),
            outgoing: UnknownNotice(
                form: "out", subject: "Hesabınızdan Para Transferi Yapıldı",
                html: """
                    <p>Hesabınızdan yapılan para transferi tamamlanmıştır. İşlem detayları \
                    aşağıdadır.</p>
                    """
                        + pairs([
                            ("İşlem Tarihi / Saati", "21.11.2026 / 11:20:10"),
                            ("Dekont No", "2026112100101777"),
                            ("Alıcı Ad Soyad", "IŞIK SES LTD. ŞTİ."),
                            ("Alıcı IBAN", iban), ("İşlem Tutarı", "3.000,00 TL"),
                            ("Açıklama", "kira"),
                        ]), says: []),
            times: ["2026-11-20T15:42:07Z", "2026-11-21T06:03:44Z"],
            holds: [
                "occurred_at: { label: İşlem Tarihi / Saati, place: third_cell, "
                    + "dates: ['dd.MM.yyyy / HH:mm:ss', 'dd.MM.yyyy / HH:mm'] }"
            ]),
        KindOfNotice(
            first: nordsee("2026-11-19", "Jörg Hinrichsen", "1,234.56", "KT5RRV8G2 theatre"),
            next: nordsee("2026-11-20", "Antje Brüggemann", "48.00", ""),
            outgoing: UnknownNotice(
                form: "out", subject: "Outgoing payment",
                plain: """
                    your account has been debited DE89 **** 3000.

                    Booking date: 2026-11-20
                    Beneficiary: Licht & Ton GmbH
                    IBAN of beneficiary: DE02 1203 0000 0000 2020 51
                    Amount: EUR 310.00
                    Remittance information: Invoice 88
                    """, says: []),
            times: ["2026-11-18T21:00:00Z", "2026-11-19T21:00:00Z"],
            holds: [
                "occurred_at: { label: Booking date, dates: [yyyy-MM-dd] }",
                "sender_iban: { label: IBAN of ordering party }",
            ]),
    ]

    /// A test number of the standard's own.
    private static let iban = "TR33 0006 1005 1978 6457 8413 26"

    private static func pairs(_ rows: [(String, String)]) -> String {
        "<table>"
            + rows.map { "<tr><td>\($0)</td><td>:</td><td>\($1)</td></tr>" }.joined() + "</table>"
    }

    private static func poyraz(
        _ day: String, _ hour: String, _ payer: String, _ amount: String, _ channel: String
    ) -> UnknownNotice {
        UnknownNotice(
            form: "a sentence, day and hour apart",
            plain: """
                Değerli Müşterimiz,

                4471-***02 numaralı hesabınıza \(day) tarihinde saat \(hour) \(payer) tarafından \
                \(amount) TL tutarında \(channel) ile para gönderilmiştir.

                Poyraz Bankası
                """, says: [[amount, payer]])
    }

    private static func lodos(
        _ time: String, _ payer: String, _ amount: String, _ description: String
    ) -> UnknownNotice {
        UnknownNotice(
            form: "a table of labels", subject: "Hesabınıza Para Transferi Geldi",
            html: """
                <p>Sayın BOĞAZİÇİ TİYATRO,</p><p>IBAN’ınıza yapılan para transferi hesabınıza \
                yansımıştır. İşlem detayları aşağıdadır.</p>
                """
                    + pairs([
                        ("İşlem Tarihi / Saati", time), ("Dekont No", "2026112000418827"),
                        ("Gönderen Ad Soyad", payer), ("Gönderen IBAN", iban),
                        ("İşlem Tutarı", "\(amount) TL"), ("Masraf", "0,00 TL"),
                        ("Açıklama", description),
                    ]) + "<p>Kullanılabilir bakiyeniz: 14.312,55 TL</p>",
            says: [[amount, payer, description].filter { !$0.isEmpty }])
    }

    private static func nordsee(
        _ day: String, _ payer: String, _ amount: String, _ description: String
    ) -> UnknownNotice {
        UnknownNotice(
            form: "labels in English", subject: "Incoming payment on your account",
            plain: """
                Dear customer,

                we have credited an incoming transfer to your account DE89 **** 3000.

                Booking date: \(day)
                Ordering party: \(payer)
                IBAN of ordering party: DE02 1203 0000 0000 2020 51
                Amount: EUR \(amount)
                Remittance information: \(description)
                Transaction reference: NSB-2026-00181-77120

                Your new balance is EUR 8,412.90.
                """, says: [[amount, payer, description].filter { !$0.isEmpty }])
    }
}

@Suite("A rule drafted from one mail")
struct DraftSiblingTests {
    static func draft(
        _ notices: [UnknownNotice], hasFragments: Bool = false
    ) throws -> RuleDraft {
        try RuleDraft.make(
            RuleDraft.Request(
                mails: notices.map(\.raw), fragments: hasFragments ? ShippedMails.fragments : [],
                seed: 7, isTurkish: true))
    }

    static func reading(_ notice: UnknownNotice, by draft: RuleDraft) throws -> Reading {
        let (book, problems) = RuleBook.compile(
            ShippedMails.fragments + [RuleSource(path: "a/rule.yaml", text: draft.text)])
        #expect(problems.map(\.description) == [], "\(draft.text)")
        return book.read(
            try notice.message(), receivedAt: Date(timeIntervalSince1970: 1_795_345_560))
    }

    @Test(
        "reads that mail and the next one of its kind, whole and with the hour",
        arguments: KindOfNotice.all, [true, false])
    func siblings(_ kind: KindOfNotice, hasFragments: Bool) throws {
        let draft = try Self.draft([kind.first], hasFragments: hasFragments)
        #expect(draft.problems.map(\.description) == [], "\(draft.text)")
        for line in kind.holds { #expect(draft.text.contains(line), "\(draft.text)") }
        for (notice, time) in zip([kind.first, kind.next], kind.times) {
            let reading = try Self.reading(notice, by: draft)
            let payment = try #require(
                reading.notices.first, "\(reading.explanation)\n\(draft.text)")
            let digits = notice.says[0][0].filter(\.isNumber)
            #expect(String(payment.amount.minorUnits) == digits)
            #expect(payment.payer == notice.says[0][1])
            #expect(payment.description == notice.says[0].dropFirst(2).first)
            #expect(payment.timeFrom == .body)
            #expect(Timestamp.text(payment.occurredAt) == time)
        }
    }

    @Test("takes none of the same bank for money that went out", arguments: KindOfNotice.all)
    func outgoing(_ kind: KindOfNotice) throws {
        let draft = try Self.draft([kind.first])
        let reading = try Self.reading(kind.outgoing, by: draft)
        #expect(reading.notAPaymentKind == "outgoing", "\(reading.explanation)\n\(draft.text)")
    }

    @Test("is written in the words and numbers of the mail, whatever letters its names have")
    func language() throws {
        let draft = try Self.draft([KindOfNotice.all[2].first])
        for word in ["hesabınızdan", "tarafına", "Size özel duyuru", " TL", "para istiyor"] {
            let parts = draft.text.split(separator: "variants:", maxSplits: 1)
            #expect(!(parts.last?.contains(word) ?? true), "\(word)\n\(draft.text)")
        }
        #expect(draft.text.contains("Amount: EUR 9,999.00 Ordering party: ELİF KARACA"))
        #expect(draft.text.contains("out: [from your account, you sent, you paid, debited]"))
    }

    @Test("shows a payer who ends the bank's sentence and begins another one")
    func secondSentence() throws {
        let draft = try Self.draft([KindOfNotice.all[0].first])
        let attack = try #require(
            draft.text.split(separator: "    - name: ").last { $0.hasPrefix("ödeyen cümleyi") })
        #expect(attack.contains("9.999,00 TL tutarında"))
        #expect(attack.contains("outcome: unclear"))
    }

    @Test("does not say that a bank never sends what stands behind a label nobody knows")
    func unknownLabel() throws {
        let notice = UnknownNotice(
            form: "unknown",
            plain: """
                Hesabınıza gelen havalenin bilgileri aşağıdadır.
                Tutar: 1.250,00 TL
                Gönderen: SELİN ÖRGE
                Kaydedildi: 22.11.2026 14:05
                Karşı taraf: TR33 0006 1005 1978 6457 8413 26
                """, says: [])
        let draft = try Self.draft([notice])
        #expect(draft.text.contains("never_sends: [transaction_id]"), "\(draft.text)")
        let remarks = draft.remarks.map(\.turkish)
        #expect(
            remarks.contains("occurred_at: etiketi tanınmadı: Kaydedildi; fields: altına yazın"))
        #expect(
            remarks.contains("sender_iban: etiketi tanınmadı: Karşı taraf; fields: altına yazın"))
    }
}

@Suite("What a draft tells by its form")
struct DraftShapeTests {
    @Test(
        "the form of a date",
        arguments: [
            ("22.11.2026", "dd.MM.yyyy"), ("22/11/2026 14:05", "dd/MM/yyyy HH:mm"),
            ("22.11.2026 / 14:05:33", "dd.MM.yyyy / HH:mm:ss"), ("2.1.2026", "d.M.yyyy"),
            ("22.11.2026 - 14.05", "dd.MM.yyyy - HH.mm"), ("2026-11-22", "yyyy-MM-dd"),
            ("2026-11-22 9:05", "yyyy-MM-dd H:mm"), ("2026-11-22T14:05:33Z", "yyyy-MM-dd*"),
            ("22 Kasım 2026 14:05", "d MMMM yyyy HH:mm"), ("22 Nov 2026", "d MMM yyyy"),
            ("November 22, 2026", "MMMM d, yyyy"), ("11/22/2026", "MM/dd/yyyy"),
            ("22.11.2026 14:05 (TSİ)", "dd.MM.yyyy HH:mm*"),
            ("22.11.2026 02:05 PM", "dd.MM.yyyy hh:mm a"), ("22.11.2026 saat 14:05", "dd.MM.yyyy*"),
            ("22.11.20", "dd.MM.yy"),
        ])
    func dates(text: String, form: String) {
        #expect(DateShape.pattern(text, hasRest: true) == form)
    }

    @Test(
        "what is no date",
        arguments: [
            "", "-", "1.250,00 TL", "33.11.2026", "22.11.20261", "22", "Kasım 2026", "1.2.",
        ]
    )
    func noDates(text: String) { #expect(DateShape.pattern(text, hasRest: true) == nil) }

    @Test(
        "what the words of a label mean",
        arguments: [
            ("Booking date", Field.occurredAt), ("İşlemin Tarihi ve Saati", .occurredAt),
            ("IBAN of ordering party", .senderIBAN), ("Gönderenin IBAN'ı", .senderIBAN),
            ("IBAN of beneficiary", .receivingAccount), ("Gönderici Firma Unvanı", .payer),
            ("Yatan Para Miktarı", .amount), ("Havale Takip Numarası", .transactionID),
            ("Müşteri Açıklamaları", .description),
        ])
    func labels(label: String, field: Field) { #expect(LabelGuess.field(label) == field) }

    @Test(
        "labels that mean none of it",
        arguments: [
            "Son Ödeme Tarihi", "Due date", "Masraf Tutarı", "Gönderen Banka", "Müşteri Numarası",
            "Kampanya", "Gönderen Şube Adı",
        ])
    func others(label: String) { #expect(LabelGuess.field(label) == nil) }
}

@Suite("The samples of a draft")
struct DraftSampleTests {
    @Test("keep the bank's own words and expect the hour that was found")
    func words() throws {
        let labels = try DraftSiblingTests.draft([KindOfNotice.all[2].first])
        #expect(labels.text.contains("        Booking date: 2026-11-19\n"))
        #expect(labels.text.contains("occurred_at: '2026-11-19'\n"))
        #expect(!labels.text.contains("time_from"))
        let table = try DraftSiblingTests.draft([KindOfNotice.all[1].first])
        #expect(table.text.contains("hesabınıza yansımıştır. İşlem detayları"), "\(table.text)")
        #expect(table.text.contains("yapılan para transferi hesabınıza yansımıştır'\n"))
        #expect(table.text.contains("occurred_at: '2026-11-20 18:42:07'\n"))
        let value = table.findings.first { $0.field == "occurred_at" }?.value
        #expect(value == "2026-11-20 18:42:07")
    }

    private static func notice(_ payer: String, _ words: String) -> UnknownNotice {
        UnknownNotice(
            form: "odd words",
            plain: """
                Hesabınıza şakırdayan havale yukarıda gözüktü.
                Zıpkın: FAST
                Tutar: 1.250,00 TL
                Gönderen: \(payer)
                Açıklama: \(words)
                """, says: [["1.250,00", payer, words]])
    }

    @Test("keep odd words and labels only where all mails hold them, and no payer wrote them")
    func recurring() throws {
        let one = Self.notice("SELİN ÖRGE", "vızıldayan kurs")
        let two = Self.notice("BORA TANYEL", "vızıldayan kurs")
        let draft = try DraftSiblingTests.draft([one, two])
        #expect(draft.text.contains("Hesabınıza şakırdayan havale yukarıda gözüktü"))
        #expect(draft.text.contains("labels: [Zıpkın]"), "\(draft.text)")
        #expect(draft.text.contains("        Zıpkın: FAST\n"))
        for word in ["vızıldayan", "SELİN", "TANYEL"] { #expect(!draft.text.contains(word)) }
        let alone = try DraftSiblingTests.draft([one])
        for word in ["vızıldayan", "şakırdayan", "SELİN"] { #expect(!alone.text.contains(word)) }
    }

    @Test(
        "keep forms that no name has",
        arguments: ["listeniz", "bildiriminizden", "aktarilmaktadir"]
    )
    func forms(word: String) { #expect(Vocabulary.isKnown(word)) }

    @Test("replace names that sound like them", arguments: ["karadeniz", "akdenizin", "semiz"])
    func names(word: String) { #expect(!Vocabulary.isKnown(word)) }

    @Test("a valid code behind a label for references is what the payer wrote")
    func code() throws {
        let notice = UnknownNotice(
            form: "code", subject: "You received a payment",
            plain: """
                You received a payment into your account.
                Amount: EUR 1,250.00
                Sender: Nehir Atalan
                Reference: KT5RRV8G2
                Transaction ID: 88123
                """, says: [])
        let draft = try DraftSiblingTests.draft([notice])
        let payment = try #require(
            try DraftSiblingTests.reading(notice, by: draft).notices.first, "\(draft.text)")
        #expect(payment.description == "KT5RRV8G2")
        #expect(payment.transactionID == "88123")
    }

    @Test("an addition for mails that the file reads already says so")
    func alreadyRead() throws {
        let notice = KindOfNotice.all[1].first
        let base = RuleSource(
            path: "adabank/rule.yaml", text: try DraftSiblingTests.draft([notice]).text)
        func remarks(_ notice: UnknownNotice) throws -> [String] {
            var request = RuleDraft.Request(mails: [notice.raw], seed: 7, isTurkish: true)
            request.base = base
            return try RuleDraft.make(request).remarks.map(\.turkish)
        }
        let words = "adabank/incoming böyle bir e-postayı zaten okuyor"
        #expect(try remarks(KindOfNotice.all[1].next).contains { $0.hasPrefix(words) })
        #expect(try !remarks(KindOfNotice.all[0].next).contains { $0.hasPrefix(words) })
    }
}
