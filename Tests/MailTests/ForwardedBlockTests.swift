// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials
import Testing

@testable import Mail

/// One way in which a mail program begins a forwarded mail.
struct ForwardedForm: Sendable, CustomTestStringConvertible {
    let program: String
    let heading: String
    /// In UTC; nil when it cannot be read.
    let date: String?
    var subject: String? = "Hesabınıza para geldi"
    var end = ""

    var testDescription: String { program }

    static let all = [
        ForwardedForm(
            program: "Gmail, Turkish",
            heading: """
                ---------- Forwarded message ---------
                Gönderen: Banka <Bilgi@Banka.example>
                Date: 27 Eki 2026 Sal, 09:31
                Subject: Hesabınıza para geldi
                To: <organizator@ornek.example>
                Cc: Kasa <kasa@ornek.example>
                """, date: "2026-10-27T06:31:00Z"),
        ForwardedForm(
            program: "Gmail, Turkish, older and with asterisks",
            heading: """
                ---------- Yönlendirilmiş ileti ----------
                *Kimden:* *Banka* <Bilgi@banka.example>
                *Tarih:* 27 Ekim 2026 09:31
                *Konu:* Hesabınıza para geldi
                *Alıcı:* organizator@ornek.example
                """, date: "2026-10-27T06:31:00Z"),
        ForwardedForm(
            program: "Gmail, English",
            heading: """
                ---------- Forwarded message ---------
                From: Banka <Bilgi@banka.example>
                Date: Tue, Oct 27, 2026 at 9:31 PM
                Subject: Hesabınıza para geldi
                To: <organizator@ornek.example>
                """, date: "2026-10-27T18:31:00Z"),
        ForwardedForm(
            program: "Apple Mail, Turkish, quoted",
            heading: """
                > İleti başlangıcı:
                >
                > Kimden: Banka <Bilgi@banka.example>
                > Konu: Hesabınıza para geldi
                > Tarih: 26 Ekim 2026 14:25:08 GMT+3
                > Kime: "organizator@ornek.example" <organizator@ornek.example>
                > Bilgi: kasa@ornek.example
                > Yanıt Adresi: Banka <bilgi@banka.example>
                """, date: "2026-10-26T11:25:08Z"),
        ForwardedForm(
            program: "Apple Mail, English",
            heading: """
                Begin forwarded message:

                From: "Banka" <Bilgi@banka.example>
                Subject: Hesabınıza para geldi
                Date: 26 October 2026 at 14:25:08 GMT+3
                To: organizator@ornek.example
                Reply-To: bilgi@banka.example
                """, date: "2026-10-26T11:25:08Z"),
        ForwardedForm(
            program: "Thunderbird, Turkish",
            heading: """
                -------- İletilen İleti --------
                Konu: \tHesabınıza para geldi
                Tarih: \tTue, 27 Oct 2026 09:31:00 +0300
                Kimden: \tBanka <Bilgi@banka.example>
                Kime: \torganizator@ornek.example
                CC: \tkasa@ornek.example
                """, date: "2026-10-27T06:31:00Z"),
        ForwardedForm(
            program: "Yahoo, Turkish",
            heading: """
                ----- İletilmiş Mesaj -----
                Kimden: "Banka" <Bilgi@banka.example>
                Kime: "organizator@ornek.example" <organizator@ornek.example>
                Cc: "kasa@ornek.example" <kasa@ornek.example>
                Gönderilen: 2 Kasım 2026 Pazartesi 09:26:50 GMT+1
                Konu: Hesabınıza para geldi
                """, date: "2026-11-02T08:26:50Z"),
        ForwardedForm(
            program: "Yahoo, Turkish, on one line",
            heading: """
                ----- İletilmiş Mesaj -----
                Kimden: Banka <Bilgi@banka.example>Kime: x
                """.replacing(
                    ">Kime: x",
                    with: "> Kime: organizator@ornek.example Gönderilen: 2 Kasım 2026 Pazartesi "
                        + "09:26:50 GMT+1 Konu: Hesabınıza para geldi"),
            date: "2026-11-02T08:26:50Z"),
        ForwardedForm(
            program: "Outlook.com, Turkish",
            heading: """
                ________________________________
                Kimden: Banka <Bilgi@banka.example>
                Gönderildi: 28 Ekim 2026 Çarşamba 12:46
                Kime: organizator@ornek.example <organizator@ornek.example>;
                 kasa@ornek.example <kasa@ornek.example>
                Bilgi: Üye <uye@ornek.example>
                Konu: Hesabınıza para geldi
                """, date: "2026-10-28T09:46:00Z"),
        ForwardedForm(
            program: "Outlook.com, English",
            heading: """
                ________________________________
                From: Banka <Bilgi@banka.example>
                Sent: Wednesday, October 28, 2026 12:46 PM
                To: organizator@ornek.example <organizator@ornek.example>
                Subject: Hesabınıza para geldi
                """, date: "2026-10-28T09:46:00Z"),
        ForwardedForm(
            program: "new Outlook, Turkish, without a separator",
            heading: """
                Kimden: Banka <Bilgi@banka.example>
                Tarih: Çarşamba, 28 Ekim 2026 12:46
                Kime: organizator@ornek.example <organizator@ornek.example>
                Konu: Hesabınıza para geldi
                """, date: "2026-10-28T09:46:00Z"),
        ForwardedForm(
            program: "Outlook 2019, Turkish",
            heading: "\"Banka\" <Bilgi@banka.example>, 28/10/2026 12:46 tarihinde şunu yazdı:",
            date: "2026-10-28T09:46:00Z", subject: nil),
        ForwardedForm(
            program: "Outlook 2019, Turkish, wrapped",
            heading: "\"Banka 1.1.2020\" <Bilgi@banka.example>, 28/10/2026 12:46\n"
                + "tarihinde şunu yazdı:",
            date: "2026-10-28T09:46:00Z", subject: nil),
        ForwardedForm(
            program: "Outlook 2019, English",
            heading: "On 28/10/2026, 12:46, \"Banka\" <Bilgi@banka.example> wrote:",
            date: "2026-10-28T09:46:00Z", subject: nil),
        ForwardedForm(
            program: "older Outlook, Turkish",
            heading: """
                -----Özgün İleti-----
                Kimden: Banka [mailto:Bilgi@banka.example]
                Gönderme tarihi: 28 Ekim 2026 Çarşamba 12:46
                Kime: organizator@ornek.example
                Konu: Hesabınıza para geldi
                """, date: "2026-10-28T09:46:00Z"),
        ForwardedForm(
            program: "older Outlook, English",
            heading: """
                -----Original Message-----
                From: Banka [mailto:Bilgi@banka.example]
                Sent: 28 October 2026 12:46
                To: organizator@ornek.example
                Subject: Hesabınıza para geldi
                """, date: "2026-10-28T09:46:00Z"),
        ForwardedForm(
            program: "Yandex",
            heading: """
                -------- Forwarded message --------
                28.10.2026, 12:46, "Banka" <Bilgi@banka.example>:
                """, date: "2026-10-28T09:46:00Z", subject: nil,
            end: "\n-------- End of forwarded message --------"),
        ForwardedForm(
            program: "Yandex, the address in parentheses",
            heading: """
                -------- Forwarded message --------
                28.10.2026, 12:46, "Banka" (Bilgi@banka.example):
                """, date: "2026-10-28T09:46:00Z", subject: nil,
            end: "\n-------- End of forwarded message --------"),
        ForwardedForm(
            program: "Yandex, Russian",
            heading: """
                -------- Пересылаемое сообщение --------
                28.10.2026, 12:46, "Banka" <Bilgi@banka.example>:
                """, date: "2026-10-28T09:46:00Z", subject: nil,
            end: "\n-------- Конец пересылаемого сообщения --------"),
        ForwardedForm(
            program: "Turkish, the sender between the words",
            heading: "28 Eki 2026 Çar, 12:46 tarihinde Banka 24 <Bilgi@banka.example> şunu yazdı:",
            date: "2026-10-28T09:46:00Z", subject: nil),
        ForwardedForm(
            program: "Turkish, other words for having written",
            heading: "28 Eki 2026 Çar, saat 12:46 tarihinde Banka <Bilgi@banka.example> yazdı:",
            date: "2026-10-28T09:46:00Z", subject: nil),
        ForwardedForm(
            program: "Outlook, Turkish, of high importance and with attachments",
            heading: """
                Kimden: Banka <Bilgi@banka.example>
                Gönderim Tarihi: 28 Ekim 2026 Çarşamba 12:46
                Önem: Yüksek
                Kime: organizator@ornek.example
                Konu: Hesabınıza para geldi
                Ekler: dekont.pdf
                """, date: "2026-10-28T09:46:00Z"),
        ForwardedForm(
            program: "a separator behind the heading as well",
            heading: """
                ============ Forwarded message ============
                From: Banka <Bilgi@banka.example>
                To: <organizator@ornek.example>
                Date: Wed, 28 Oct 2026 12:46:00 +0300
                Subject: Hesabınıza para geldi
                ============ Forwarded message ============
                """, date: "2026-10-28T09:46:00Z"),
        ForwardedForm(
            program: "Yandex, Turkish, with labels",
            heading: """
                -------- Yönlendirilen ileti --------
                Kimden: Banka (Bilgi@banka.example)
                Kime: organizator@ornek.example
                Konu: Hesabınıza para geldi
                Tarih: 28.10.2026, 12:46:00
                """, date: "2026-10-28T09:46:00Z",
            end: "\n-------- Yönlendirilmiş iletinin sonu --------"),
    ]
}

@Suite struct ForwardedBlockTests {
    private let notice = "Sayın Müşterimiz,\nTutar: 1.250,00 TL\nGönderen: ELİF KARACA"

    private func blocks(_ text: String, type: String = "text/plain") throws -> [ForwardedBlock] {
        let mail =
            "From: Ayla <ayla@ornek.example>\nSubject: x\n"
            + "Content-Type: \(type); charset=utf-8\n\n" + text
        let message = try MessageParser.parse(Array(mail.utf8))
        return ForwardedBlock.all(in: try #require(message.bodies.first).text)
    }

    private func stamp(_ text: String?) throws -> Date? {
        guard let text else { return nil }
        return try Date(text, strategy: .iso8601)
    }

    @Test("the heading is found", arguments: ForwardedForm.all)
    func forms(_ form: ForwardedForm) throws {
        let quote = form.heading.hasPrefix(">") ? "> " : ""
        let body = notice.split(separator: "\n").map { quote + $0 }.joined(separator: "\n")
        let text = "Bunu bir bakar mısın?\nAyla\n\n\(form.heading)\n\n\(body)\(form.end)\n"
        let found = try blocks(text)
        #expect(found.count == 1)
        let block = try #require(found.first)
        #expect(block.sender.displayName.hasPrefix("Banka") || form.subject == nil)
        #expect(block.sender.address == "Bilgi@banka.example")
        #expect(block.subject == form.subject)
        #expect(block.date == (try stamp(form.date)))
        #expect(block.text == notice)
        #expect(try blocks(text.replacing("\n", with: "\r\n")) == found)
    }

    @Test("a heading in HTML is found, in lines and in a table")
    func html() throws {
        let lines = """
            <div>Bakar mısın?</div><div class="gmail_quote"><div dir="ltr">---------- Forwarded
            message ---------<br>Gönderen: <strong>Banka</strong>
            <span>&lt;<a href="mailto:b@banka.example">b@banka.example</a>&gt;</span><br>
            Date: 27 Eki 2026 Sal, 09:31<br>Subject: Para geldi<br>To: &lt;o@ornek.example&gt;<br>
            </div><br><table><tr><td>Tutar</td><td>1.250,00 TL</td></tr></table></div>
            """
        let table = """
            <p>-------- İletilen İleti --------</p><table><tr><th>Konu: </th><td>Para geldi</td></tr>
            <tr><th>Tarih: </th><td>Tue, 27 Oct 2026 09:31:00 +0300</td></tr>
            <tr><th>Kimden: </th><td>Banka &lt;b@banka.example&gt;</td></tr>
            <tr><th>Kime: </th><td>o@ornek.example</td></tr></table>
            <table><tr><td>Tutar</td><td>1.250,00 TL</td></tr></table>
            """
        for page in [lines, table] {
            let found = try blocks(page, type: "text/html")
            #expect(found.map(\.sender.address) == ["b@banka.example"])
            #expect(found.map(\.subject) == ["Para geldi"])
            #expect(found.map(\.date) == [try stamp("2026-10-27T06:31:00Z")])
            #expect(found.map(\.text) == ["Tutar\t1.250,00 TL"])
        }
    }

    @Test func `a mail that was forwarded twice gives two, the outer one first`() throws {
        let text = """
            Sana da iletiyorum.
            ---------- Forwarded message ---------
            From: Can <can@ornek.example>
            Date: Tue, Oct 27, 2026 at 9:31 AM
            Subject: Fwd: Para geldi

            Bak bu gelmiş.
            -----Özgün İleti-----
            > Kimden: Banka <b@banka.example>
            > Konu: Para geldi
            > Tarih: dün
            >> Tutar: 1.250,00 TL
            """
        let found = try blocks(text)
        #expect(found.map(\.sender.address) == ["can@ornek.example", "b@banka.example"])
        #expect(found.map(\.text) == ["Bak bu gelmiş.", "Tutar: 1.250,00 TL"])
        #expect(found.last?.date == nil)
    }

    @Test(
        "what is no heading is none",
        arguments: [
            "Gönderen: ELİF KARACA\nTarih: 22.11.2026\nTutar: 1.250,00 TL",
            "From: Banka <b@banka.example>\nTutar: 1.250,00 TL",
            "Kimden: Banka\nKonu: Para geldi",
            "Konu: Para geldi\nTarih: 22.11.2026\nb@banka.example",
            "Kimden: a@b.example, c@d.example\nKonu: x",
            "Kimden: Banka <b@banka>\nKonu: x",
            "Kimden: Banka <b@@banka.example>\nKonu: x",
            "Kimden: Banka <b@banka.example>\n1\n2\n3\n4\n5\n6\n7\n8\nKonu: x",
            "\"Banka\" <b@banka.example>, bir tarihte şunu yazdı:\nx",
            "28.10.2026, 12:46, \"Banka\" <b@banka.example>:\nx",
            "",
        ])
    func noHeading(text: String) throws {
        #expect(ForwardedBlock.all(in: text).isEmpty)
    }

    @Test func `of addresses in a name and in brackets the one in brackets counts`() {
        let text = "Kimden: \"hizmet@banka.example\" <c@yabanci.example>\nKonu: x\ny"
        let found = ForwardedBlock.all(in: text)
        #expect(found.map(\.sender.address) == ["c@yabanci.example"])
    }

    @Test func `lines of the notice that look like a heading stay in the notice`() throws {
        let text = """
            Kimden: Banka <b@banka.example>
            Tarih: 28.10.2026 12:46
            Konu: Para geldi
            Tarih: 22.11.2026 14:05
            Konu: KTF6HV349
            """
        let found = ForwardedBlock.all(in: text)
        #expect(found.map(\.text) == ["Tarih: 22.11.2026 14:05\nKonu: KTF6HV349"])
        #expect(found.map(\.subject) == ["Para geldi"])
    }

    @Test(
        "a date that could mean two things is none",
        arguments: [
            "dün", "28 Ekim", "28/10", "10/28/2026 12:46", "28 29 Ekim 2026", "28 Ekim Kasım 2026",
            "31 Şubat 2026", "28 Ekim 2026 25:10", "28 Ekim 2026 13:10 PM", "1 2 3 4 5 6 7 8 9 10",
            "99999999999999999999 Ekim 2026", "28 Ekim 2026 99999999999999999999:10", "",
        ])
    func noDate(text: String) { #expect(ForwardedDate.read(text[...]) == nil) }

    @Test(
        "prefixes of forwarding come off, others stay",
        arguments: [
            ("İLT: Para geldi", "Para geldi"), ("I\u{307}LT: Fwd: FW: Para", "Para"),
            ("Fw:Para", "Para"), ("YNT: Para", "YNT: Para"), ("TR: Para", "TR: Para"),
            ("Para: geldi", "Para: geldi"), ("", ""), ("Fwd:", ""),
        ])
    func prefixes(subject: String, rest: String) {
        #expect(ForwardedBlock.subject(ofForward: subject) == rest)
    }

    @Test func `many headings and long lines cost little and no more than ten are taken`() {
        let heading = "Kimden: B <b@banka.example>\nKonu: x\ny\n"
        #expect(ForwardedBlock.all(in: String(repeating: heading, count: 5_000)).count == 10)
        let long = String(repeating: "Kimden: a@b.example Konu: ", count: 10_000)
        #expect(ForwardedBlock.all(in: long).isEmpty)
        #expect(ForwardedBlock.all(in: String(repeating: "> ", count: 100_000) + "@:").isEmpty)
        #expect(
            ForwardedBlock.all(in: String(repeating: "Kime: a@b.example\n", count: 9_000)).isEmpty)
    }
}
