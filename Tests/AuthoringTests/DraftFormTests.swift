// SPDX-License-Identifier: Apache-2.0

import Domain
import Foundation
import Mail
import Rules
import Testing

@testable import Authoring

/// A notice of a bank that nobody knows, in one of the forms that banks use.
struct UnknownNotice: CustomTestStringConvertible, Sendable {
    let form: String
    var subject = "Hesap hareketi"
    var html = ""
    var plain = ""
    /// The text of its PDF.
    var pdf: String?
    /// Amount, payer and description of each payment in it.
    let says: [[String]]

    var testDescription: String { form }

    var raw: [UInt8] {
        var lines = [
            "From: Ada Bank <haber@ileti.adabank.example>", "Subject: \(subject)",
            "Date: Sun, 22 Nov 2026 14:06:00 +0300", "MIME-Version: 1.0",
        ]
        let type = html.isEmpty ? "plain" : "html"
        let body = html.isEmpty ? plain : html
        if pdf != nil {
            lines += [
                "Content-Type: multipart/mixed; boundary=b", "", "--b",
                "Content-Type: text/\(type); charset=utf-8", "", body, "--b",
                "Content-Type: application/pdf; name=\"Dekont_1.pdf\"",
                "Content-Transfer-Encoding: base64", "", "JVBERi0xLjQ=", "--b--", "",
            ]
        } else {
            lines += ["Content-Type: text/\(type); charset=utf-8", "", body, ""]
        }
        return Array(lines.joined(separator: "\r\n").utf8)
    }

    func read(_ attachment: PDFAttachment) -> PDFText {
        pdf.map { .text(Array($0.utf8), isCut: false) } ?? .unreadable
    }

    func message() throws -> Message {
        try MessageParser.parse(raw).reading(pdfsWith: read)
    }

    private static func table(_ rows: [[String]]) -> String {
        "<p>Sayın müşterimiz, hesabınızın gün içindeki hareketleri aşağıdadır.</p><table>"
            + rows.map { "<tr>" + $0.map { "<td>\($0)</td>" }.joined() + "</tr>" }.joined()
            + "</table><p>Bu ileti bilgilendirme amaçlıdır.</p>"
    }

    static let all = [
        UnknownNotice(
            form: "a sentence, the description behind it",
            plain: """
                Sayın SAHNE KAPISI DERNEĞİ,
                22.11.2026 14:05 tarihinde 4411-***-09 numaralı hesabınıza NEHİR ATALAN isimli müşteriden 1.250,00 TL FAST ile para transferi yapılmıştır. Açıklama: KT5RRV8G2
                Hesabınızın bakiyesi 9.004,10 TL'dir.
                """, says: [["1250.00 TRY", "NEHİR ATALAN", "KT5RRV8G2"]]),
        UnknownNotice(
            form: "a sentence, the name with an ending",
            plain: "Hesabınıza Nehir Atalan'dan 1.250,00 TL para geldi.",
            says: [["1250.00 TRY", "Nehir Atalan"]]),
        UnknownNotice(
            form: "a greeting before the name",
            plain: "Sayın müşterimiz, NEHİR ATALAN tarafından hesabınıza 1.250,00 TL "
                + "gönderilmiştir. Açıklama: KT5RRV8G2",
            says: [["1250.00 TRY", "NEHİR ATALAN", "KT5RRV8G2"]]),
        UnknownNotice(
            form: "a month's name first and a clock of twelve hours",
            plain: "On Nov 22, 2026 2:05 PM you received 1,250.00 TRY from ELIF KARACA.\n"
                + "Description: KT5RRV8G2",
            says: [["1250.00 TRY", "ELIF KARACA", "KT5RRV8G2"]]),
        UnknownNotice(
            form: "two columns", subject: "Hesabınıza para girişi oldu",
            html: "<p>Hesabınıza para girişi oldu. Ayrıntılar:</p><table>"
                + [
                    ("İşlem", "FAST"), ("Gönderen Ad Soyad", "SELİN ÖRGE"),
                    ("Tutar", "1.250,00 TL"), ("Açıklama", "ktp6dj6pd"),
                    ("Tarih", "22/11/2026 14:05:33"), ("Kullanılabilir Bakiye", "48.110,25 TL"),
                ].map { "<tr><td>\($0)</td><td>\($1)</td></tr>" }.joined() + "</table>",
            says: [["1250.00 TRY", "SELİN ÖRGE", "ktp6dj6pd"]]),
        UnknownNotice(
            form: "a table with several movements, day and hour apart",
            html: table([
                ["Tarih", "Saat", "Gönderen", "Açıklama", "Tutar", "Bakiye"],
                [
                    "22.11.2026", "14:05", "NEHİR ATALAN", "KT5PZ4R38", "1.250,00 TL",
                    "31.880,15 TL",
                ],
                ["22.11.2026", "15:10", "BORA TANYEL", "aidat", "600,00 TL", "32.480,15 TL"],
                ["22.11.2026", "16:20", "ELEKTRİK A.Ş.", "fatura", "-240,00 TL", "32.240,15 TL"],
                ["Toplam", "1.610,00 TL"],
            ]),
            says: [
                ["1250.00 TRY", "NEHİR ATALAN", "KT5PZ4R38"],
                ["600.00 TRY", "BORA TANYEL", "aidat"],
            ]),
        UnknownNotice(
            form: "a table with columns for money in and money out",
            html: table([
                ["Tarih", "Gönderen", "Borç", "Alacak"],
                ["22.11.2026", "NEHİR ATALAN", "-", "1.250,00"],
                ["22.11.2026", "ELEKTRİK A.Ş.", "240,00", "-"],
            ]), says: [["1250.00 TRY", "NEHİR ATALAN"]]),
        UnknownNotice(
            form: "a table with cells that are empty, and totals",
            html: table([
                ["Tarih", "Gönderen", "Açıklama", "Borç", "Alacak", "Bakiye"],
                ["22.11.2026", "NEHİR ATALAN", "", "", "1.250,00", "9.000,00"],
                ["22.11.2026", "ELEKTRİK A.Ş.", "fatura", "240,00", "&nbsp;", "8.760,00"],
                ["22.11.2026", "BORA TANYEL", "KT5PZ4R38", "", "600,00", ""],
                ["Toplam", "", "", "240,00", "1.850,00", ""],
            ]),
            says: [
                ["1250.00 TRY", "NEHİR ATALAN"], ["600.00 TRY", "BORA TANYEL", "KT5PZ4R38"],
            ]),
        UnknownNotice(
            form: "a table with a sum carried over, of two words for it",
            html: table([
                ["Tarih", "Gönderen", "Açıklama", "Tutar", "Referans"],
                ["Devir", "", "", "9.000,00", ""],
                ["22.11.2026", "NEHİR ATALAN", "KT5PZ4R38", "1.250,00", "8841-22"],
                ["22.11.2026", "BORA TANYEL", "", "600,00", "8842-22"],
                ["", "Genel Toplam", "", "1.850,00", ""],
            ]),
            says: [
                ["1250.00 TRY", "NEHİR ATALAN", "KT5PZ4R38"], ["600.00 TRY", "BORA TANYEL"],
            ]),
        UnknownNotice(
            form: "labels alone, short ones, in words of every day", subject: "Para",
            html: "<table>"
                + [
                    ("Kimden", "SELİN ÖRGE"), ("Ne kadar", "1.250,00 TL"), ("Not", "ktp6dj6pd"),
                ].map { "<tr><td>\($0)</td><td>\($1)</td></tr>" }.joined() + "</table>",
            says: [["1250.00 TRY", "SELİN ÖRGE", "ktp6dj6pd"]]),
        UnknownNotice(
            form: "a table whose last column is empty, with margins",
            html: table([
                ["", "Tarih", "Gönderen", "Alacak", "Borç", ""],
                ["", "22.11.2026", "NEHİR ATALAN", "1.250,00", "", ""],
                ["", "22.11.2026", "ELEKTRİK A.Ş.", "", "240,00", ""],
            ]), says: [["1250.00 TRY", "NEHİR ATALAN"]]),
        UnknownNotice(
            form: "two columns, with margins and a column between",
            subject: "Hesabınıza para girişi",
            html: table([
                ["", "Hesabınıza para girişi oldu. Ayrıntılar:", ""],
                ["", "Gönderen Ad Soyad", "", "SELİN ÖRGE", ""],
                ["", "Tutar", "&nbsp;", "1.250,00 TL", ""],
                ["", "Açıklama", "", "ktp6dj6pd", ""],
                ["", "Tarih", "", "22/11/2026 14:05:33", ""],
            ]), says: [["1250.00 TRY", "SELİN ÖRGE", "ktp6dj6pd"]]),
        UnknownNotice(
            form: "labels, in English", subject: "You received a payment",
            plain: """
                You received a payment into your account.
                Amount: EUR 1,250.00
                From: Nehir Atalan
                Message: KT5RRV8G2 workshop
                Date: 2026-11-22 14:05
                """, says: [["1250.00 EUR", "Nehir Atalan", "KT5RRV8G2 workshop"]]),
        UnknownNotice(
            form: "a PDF", subject: "Dekontunuz",
            plain: "Hesabınıza gelen havaleye ait dekont ektedir.",
            pdf: """
                GELEN HAVALE DEKONTU
                İŞLEM TARİHİ\t22.11.2026 14:05:33
                İŞLEM TUTARI\t1.250,00 TL
                GÖNDEREN AD SOYAD\tSELİN ÖRGE
                AÇIKLAMA\tKT5RRV8G2 kurs
                """, says: [["1250.00 TRY", "SELİN ÖRGE", "KT5RRV8G2 kurs"]]),
        UnknownNotice(
            form: "dots between label and colon",
            plain: """
                Hesabınıza gelen havalenin bilgileri aşağıdadır.
                Gönderen Ad Soyad..: SELİN ÖRGE
                Tutar..............: 1.250,00 TL
                Açıklama……: KT5RRV8G2 kurs
                """, says: [["1250.00 TRY", "SELİN ÖRGE", "KT5RRV8G2 kurs"]]),
    ]
}

@Suite("A rule drafted for an unknown bank")
struct DraftFormTests {
    private static func draft(
        _ notice: UnknownNotice, base: RuleSource? = nil, additions: [RuleSource] = []
    ) throws -> RuleDraft {
        var request = RuleDraft.Request(
            mails: [notice.raw], fragments: ShippedMails.fragments, seed: 7, isTurkish: true)
        request.readPDF = notice.read
        request.base = base
        request.additions = additions
        return try RuleDraft.make(request)
    }

    @Test("reads the notice whatever its form is", arguments: UnknownNotice.all)
    func reads(_ notice: UnknownNotice) throws {
        let draft = try Self.draft(notice)
        #expect(draft.problems.map(\.description) == [], "\(draft.text)")
        let (book, problems) = RuleBook.compile(
            ShippedMails.fragments + [RuleSource(path: "a/rule.yaml", text: draft.text)])
        #expect(problems.isEmpty)
        let reading = book.read(
            try notice.message(), receivedAt: Date(timeIntervalSince1970: 1_795_345_560))
        let said = reading.notices.map { payment in
            ["\(payment.amount.decimal) \(payment.amount.currency)"]
                + [payment.payer, payment.description].compactMap(\.self)
        }
        #expect(said == notice.says, "\(reading.explanation)\n\(draft.text)")
        // Nobody of the mail stands in the file.
        for name in ["ATALAN", "ÖRGE", "TANYEL", "Atalan"] {
            #expect(!draft.text.contains(name))
        }
    }

    @Test(
        "is said to need work when it does not read its own mail",
        arguments: ["==>", " ~", "-", " »", ".:."])
    func unread(sign: String) throws {
        let notice = UnknownNotice(
            form: "odd",
            plain: """
                Hesabınıza gelen havalenin bilgileri aşağıdadır.
                Gönderen\(sign) SELİN ÖRGE
                Tutar\(sign) 1.250,00 TL
                """, says: [])
        let draft = try Self.draft(notice)
        let (book, problems) = RuleBook.compile(
            ShippedMails.fragments + [RuleSource(path: "a/rule.yaml", text: draft.text)])
        let reading = book.read(
            try notice.message(), receivedAt: Date(timeIntervalSince1970: 1_795_345_560))
        #expect(draft.problems.isEmpty == (reading.outcome == .payment), "\(draft.text)")
        #expect(problems.isEmpty == draft.problems.isEmpty)
        #expect(reading.notices.allSatisfy { $0.amount.minorUnits == 125_000 })
    }

    @Test("is added to a file that is there, which reads both kinds then")
    func adds() throws {
        let (one, two) = (UnknownNotice.all[0], UnknownNotice.all[2])
        let base = RuleSource(path: "adabank/rule.yaml", text: try Self.draft(one).text)
        let more = try Self.draft(two, base: base)
        #expect(more.problems.map(\.description) == [], "\(more.text)")
        #expect(more.id == "adabank")
        #expect(more.fileName == "incoming-2.yaml")
        #expect(!more.text.contains("senders:"))
        let addition = RuleSource(path: "adabank/\(more.fileName)", text: more.text)
        let next = try Self.draft(two, base: base, additions: [addition])
        #expect(next.fileName == "incoming-3.yaml")
        let (book, problems) = RuleBook.compile(ShippedMails.fragments + [base, addition])
        #expect(problems.isEmpty)
        let rules = try [one, two].map { notice in
            book.read(try notice.message(), receivedAt: Date(timeIntervalSince1970: 1_795_345_560))
                .rule?.text
        }
        #expect(rules == ["adabank/incoming", "adabank/incoming-2"])
    }

    @Test(
        "that a person has confirmed takes no mail that says the money did not come to stay",
        arguments: UnknownNotice.all, [true, false])
    func denied(_ notice: UnknownNotice, hasFragments: Bool) throws {
        var request = RuleDraft.Request(
            mails: [notice.raw], fragments: hasFragments ? ShippedMails.fragments : [], seed: 7,
            isTurkish: true)
        request.readPDF = notice.read
        let draft = try RuleDraft.make(request)
        let text = draft.text.replacing("status: draft", with: "status: confirmed")
        let (book, problems) = RuleBook.compile(
            request.fragments + [RuleSource(path: "a/rule.yaml", text: text)])
        #expect(problems.isEmpty, "\(draft.text)")
        func outcome(_ more: String) throws -> MailOutcome {
            let message = try notice.message()
            let changed = Message(
                from: message.from, subject: message.subject,
                bodies: message.bodies.map {
                    BodyText(source: $0.source, text: $0.text + "\n\n" + more)
                })
            return book.read(changed, receivedAt: Date(timeIntervalSince1970: 1_795_345_560))
                .outcome
        }
        try #require(try outcome("") == .payment)
        for more in [
            "Bu işlem iade edilmiştir.", "Bu işlem iptal edilmiştir.",
            "İşleminiz beklemede, hesabınıza geçecektir.", "Tutar geri alınmıştır.",
            "Tutar bloke edilmiştir.", "İşlem iptal edilecektir.", "İşlem onaylanmadı.",
            "Transfer tamamlanamadı.", "Tutar iade edilecektir.", "Ödeme talebi",
            "Tutar yarın hesabınıza aktarılacaktır.", "İşlem onay beklemektedir.",
        ] {
            #expect(try outcome(more) == .unclear, "\(more)\n\(draft.text)")
        }
    }

    @Test("has a sample for each kind of words that it denies", arguments: UnknownNotice.all)
    func denialsAreTested(_ notice: UnknownNotice) throws {
        for isTurkish in [true, false] {
            var request = RuleDraft.Request(mails: [notice.raw], seed: 7, isTurkish: isTurkish)
            request.readPDF = notice.read
            let draft = try RuleDraft.make(request)
            #expect(draft.text.contains("deny:\n  - pattern: '"))
            let file = RuleSource(path: "a/rule.yaml", text: draft.text)
            #expect(UntestedWords.notes([file]).map(\.description) == [], "\(draft.text)")
        }
    }

    @Test("is not added to a file that cannot be read")
    func brokenBase() {
        let base = RuleSource(path: "adabank/rule.yaml", text: "id: adabank")
        #expect(throws: DraftError.self) { try Self.draft(UnknownNotice.all[0], base: base) }
    }

    @Test("is not made of a PDF that is a picture; what to do is said")
    func picture() {
        var notice = UnknownNotice.all.last { $0.pdf != nil } ?? UnknownNotice.all[0]
        notice.pdf = ""
        #expect {
            try Self.draft(notice)
        } throws: { error in
            (error as? DraftError)?.hint.english.contains("picture") ?? false
        }
    }
}
