// SPDX-License-Identifier: Apache-2.0

import Cryptography
import FoundationEssentials
import Testing

@testable import Mail

@Suite struct MessageParserTests {
    private func message(_ text: String, limits: MailLimits = .standard) throws -> Message {
        try MessageParser.parse(Array(text.utf8), limits: limits)
    }

    private func message(head: String, body: [UInt8]) throws -> Message {
        try MessageParser.parse(Array((head + "\n\n").utf8) + body)
    }

    // MARK: - Header

    @Test func `the fields of a plain mail, with LF and with CRLF`() throws {
        let text = """
            From: "Garanti BBVA" <Garanti@GarantiBBVA.com.tr>
            Subject: =?UTF-8?B?SGVzYWLEsW7EsXph?= para
             geldi
            Date: Sun, 22 Nov 2026 11:05:33 +0300
            Message-ID: <1@garantibbva.com.tr>

            Merhaba

            """
        for lineEnd in ["\n", "\r\n"] {
            let message = try message(text.replacing("\n", with: lineEnd))
            #expect(
                message.from == [
                    MailAddress(
                        displayName: "Garanti BBVA", localPart: "Garanti",
                        domain: "garantibbva.com.tr")
                ])
            #expect(message.fromFieldCount == 1)
            #expect(message.subject == "Hesabınıza para geldi")
            #expect(message.date == Date(timeIntervalSince1970: 1_795_334_733))
            #expect(message.messageID == "<1@garantibbva.com.tr>")
            #expect(message.bodies == [BodyText(source: .plain, text: "Merhaba")])
            #expect(message.notes.isEmpty)
        }
    }

    @Test(
        "subjects",
        arguments: [
            // Split inside the two bytes of ş.
            ("=?utf-8?B?xQ==?= =?utf-8?B?n2FoaW4=?=", "şahin"),
            ("=?utf-8?Q?=C5?=\n =?utf-8?Q?=9Fahin?=", "şahin"),
            ("=?windows-1254?Q?=DE=FDk?= =?utf-8?B?xLBo?=", "Şıkİh"),
            ("=?iso-8859-9?Q?Hesab=FDn=FDza?=", "Hesabınıza"),
            ("=?iso-8859-1?Q?Hesab=FDn=FDza_=DEubeden?=", "Hesabınıza Şubeden"),
            ("a\u{200B}b\u{202E}c  d\u{A0}e", "abc d e"),
            ("x =?utf-8?Q?a?=  =?utf-8?Q?_b?= c", "x a b c"),
            ("", ""),
            ("=?utf-8?B?", "=?utf-8?B?"),
            ("=?x-unknown?Q?abc?=", "abc"),
        ])
    func subjects(field: String, subject: String) throws {
        #expect(try message("From: a@b.example\nSubject: \(field)\n\nx").subject == subject)
    }

    @Test func `a subject of raw windows-1254 bytes is repaired and noted`() throws {
        let raw = Array("From: a@b.example\nSubject: Hesab".utf8) + [0xFD] + Array("\n\nx".utf8)
        let message = try MessageParser.parse(raw)
        #expect(message.subject == "Hesabı")
        #expect(message.notes == [.charsetRepaired])
    }

    @Test(
        "senders",
        arguments: [
            ("a@b.example", ["a@b.example"]),
            ("A <a@b.example>, c@d.example", ["a@b.example", "c@d.example"]),
            ("Grup: a@b.example, c@d.example;", ["a@b.example", "c@d.example"]),
            ("\"a@bank.example\" <x@evil.example>", ["x@evil.example"]),
            ("=?utf-8?Q?Garanti?= <x@garant\u{131}.example>", ["x@garant\u{131}.example"]),
            ("x@\u{212A}UVEYT.example", ["x@\u{212A}uveyt.example"]),
            ("", []),
        ])
    func senders(field: String, addresses: [String]) throws {
        let message = try message("From: \(field)\nSubject: x\n\nx")
        #expect(message.from.map(\.address) == addresses)
    }

    @Test(
        "an answer is noted, by its header or its subject",
        arguments: [
            ("In-Reply-To: <1@bank.example>\nSubject: Gelen FAST", true),
            ("Auto-Submitted: auto-replied\nSubject: Talebiniz", true),
            ("Auto-Submitted: Auto-Replied; owner-email=x\nSubject: Talebiniz", true),
            ("Auto-Submitted: auto-generated\nSubject: Gelen FAST", false),
            ("References: <1@bank.example>\nSubject: Gelen FAST", false),
            ("Subject: Re: Gelen FAST", true), ("Subject: YNT: Gelen FAST", true),
            ("Subject: re[2]: Gelen FAST", true), ("Subject: AW : Gelen FAST", true),
            ("Subject: =?utf-8?Q?Yan=C4=B1t?=: Gelen FAST", true),
            ("Subject: Rezervasyon: Gelen FAST", false), ("Subject: Fwd: Gelen FAST", false),
            ("Subject: Gelen FAST Re: x", false), ("X: y", false),
        ])
    func answer(_ fields: String, _ isAnswer: Bool) throws {
        let mail = "From: a@bank.example\n\(fields)\n\nx"
        let message = try MessageParser.parse(Array(mail.utf8))
        #expect(message.notes.contains(.answer) == isAnswer)
    }

    @Test func `every From field is counted`() throws {
        let message = try message("From: a@b.example\nX: y\nfrom: c@d.example\n\nx")
        #expect(message.fromFieldCount == 2)
        #expect(message.from.map(\.address) == ["a@b.example", "c@d.example"])
    }

    @Test func `a bare number as Message-ID is kept, a broken date is none`() throws {
        let message = try message("From: a@b.example\nMessage-ID: 4711\nDate: soon\n\nx")
        #expect(message.messageID == "4711")
        #expect(message.date == nil)
    }

    @Test func `a line of an mbox before the header is passed over`() throws {
        #expect(try message("From a@b Sun Nov 22\nFrom: a@b.example\n\nx").from.count == 1)
    }

    // MARK: - Charsets

    private static let turkish: [UInt8] = [0x48, 0xFD, 0x20, 0xDE, 0xF0, 0xDD]

    @Test(
        "charsets",
        arguments: [
            ("; charset=windows-1254", turkish, "Hı ŞğİX", false),
            ("; charset=\"ISO-8859-9\"", turkish, "Hı ŞğİX", false),
            ("; charset=iso-8859-1", turkish, "Hı ŞğİX", true),
            ("; charset=windows-1252", turkish, "Hı ŞğİX", true),
            ("; charset=utf-8", turkish, "Hı ŞğİX", true),
            ("; charset=x-nothing", turkish, "Hı ŞğİX", true),
            ("", turkish, "Hı ŞğİX", true),
            ("", Array("ışğ".utf8), "ışğX", false),
            ("; charset=iso-8859-1", Array("ışğ".utf8), "ışğX", true),
            ("; charset=iso-8859-1", [0xFC, 0x80], "ü€X", false),
            (
                "; charset=utf-8", Array("Gönderici ığ ".utf8) + turkish, "Gönderici ığ Hı ŞğİX",
                true
            ),
            ("", Array("₺ ".utf8) + turkish, "₺ Hı ŞğİX", true),
            ("; charset=windows-1254", Array("ışğ₺".utf8), "ışğ₺X", true),
            ("; charset=iso-8859-9", turkish + Array(" ş".utf8), "Hı Şğİ şX", true),
            ("; charset=windows-1254", [0xC7, 0xB4], "Ç´X", false),
            ("; charset=iso-8859-2", [0xBA], "şX", false),
            ("; charset=utf-16le", [0x5F, 0x01], "şX", false),
        ] as [(String, [UInt8], String, Bool)])
    func charsets(parameter: String, bytes: [UInt8], text: String, repaired: Bool) throws {
        let end: [UInt8] = parameter.contains("utf-16") ? [0x58, 0] : [0x58]
        let message = try message(
            head: "From: a@b.example\nContent-Type: text/plain\(parameter)", body: bytes + end)
        #expect(message.bodies.map(\.text) == [text])
        #expect(message.notes.contains(.charsetRepaired) == repaired)
    }

    @Test func `decomposed letters are composed`() throws {
        let message = try message("From: a@b.example\n\nGo\u{308}nderen s\u{327}ahin")
        #expect(
            message.bodies.first?.text.unicodeScalars.elementsEqual(
                "Gönderen şahin".unicodeScalars) == true)
    }

    @Test func `a NUL does not end a text`() throws {
        let message = try message("From: a@b.example\n\nTutar:\0 5,00 ş")
        #expect(message.bodies.map(\.text) == ["Tutar: 5,00 ş"])
        #expect(message.notes == [.malformed])
    }

    // MARK: - Structure

    static let mixed = """
        From: a@b.example
        Content-Type: multipart/mixed; boundary="m"

        preamble
        --m
        Content-Type: multipart/alternative; boundary=a

        --a
        Content-Type: text/plain; charset=utf-8
        Content-Transfer-Encoding: quoted-printable

        Tutar =C5=9F=
        x
        --a
        Content-Type: text/html; charset=utf-8
        Content-Transfer-Encoding: base64

        PHA+VHV0YXI8L3A+
        --a--
        --m
        Content-Type: application/octet-stream; name="Dekont.HTML"
        Content-Disposition: attachment; filename="Dekont.HTML"

        <table><tr><td>Tutar</td><td>5</td></tr></table>
        --m
        Content-Type: application/octet-stream; name="x.bin"

        ignored
        --m
        Content-Type: text/plain
        Content-Disposition: attachment; filename*=utf-8''%C5%9F.txt

        note
        --m--
        epilogue

        """

    @Test(
        "a text is read whatever its labels lack",
        arguments: [
            "Content-Transfer-Encoding: \"base64\"\n\nxZ4gMS4yNTA=",
            "Content-Transfer-Encoding: BASE64;\n\nxZ4gMS4yNTA=",
            "Content-Transfer-Encoding: 'quoted-printable' (x)\n\n=C5=9E 1.=  \n250 \t\n",
            "Content-Transfer-Encoding: quoted-printable\n\n=C5=9E=\t\n=20= \n1.250",
            "Content-Type: text\n\nŞ 1.250", "Content-Type:\n\nŞ 1.250",
        ], ["\n", "\r\n"])
    func lackingLabels(_ mail: String, _ lineEnd: String) throws {
        let mail = ("From: a@b.example\n" + mail).replacing("\n", with: lineEnd)
        #expect(try MessageParser.parse(Array(mail.utf8)).bodies.map(\.text) == ["Ş 1.250"])
    }

    @Test func `the texts of nested multiparts, in order`() throws {
        let bodies = try message(Self.mixed).bodies
        #expect(
            bodies == [
                BodyText(source: .plain, text: "Tutar şx"),
                BodyText(source: .html, text: "Tutar"),
                BodyText(
                    source: .attachment(name: "Dekont.HTML", type: "application/octet-stream"),
                    text: "Tutar\t5"),
                BodyText(source: .attachment(name: "ş.txt", type: "text/plain"), text: "note"),
            ])
    }

    @Test("an attached mail keeps its bytes and its signature", arguments: ["7bit", "base64"])
    func attachedMail(encoding: String) throws {
        let raw = try SignedMailBuilder().mail()
        let text =
            encoding == "7bit" ? String(decoding: raw, as: UTF8.self) : Base64.encode(raw)
        let outer =
            "From: p@ornek.example\r\nContent-Type: multipart/mixed; boundary=m\r\n\r\n"
            + "--m\r\n\r\nbak\r\n--m\r\nContent-Type: message/rfc822\r\n"
            + "Content-Transfer-Encoding: \(encoding)\r\n\r\n\(text)\r\n--m--\r\n"
        let message = try message(outer)
        #expect(message.inner.map(\.subject) == ["Hesabınıza para geldi"])
        #expect(message.inner.first?.bodies.count == 1)
        let inner = try #require(message.innerRaw.first)
        let result = Authenticator(trustedAuthserv: nil)
            .authenticate(inner, now: SignedMailBuilder.arrival) { _ in
                .records([SignedMailBuilder.record(SignedMailBuilder.key)])
            }
        #expect(result.signatures.map(\.outcome) == [.pass])
    }

    @Test func `mails within mails are read three deep`() throws {
        var text = "From: a@b.example\nSubject: core\n\nx"
        for _ in 0..<6 { text = "From: a@b.example\nContent-Type: message/rfc822\n\n" + text }
        var level = try message(text)
        var depth = 0
        while let next = level.inner.first {
            level = next
            depth += 1
        }
        #expect(depth == 3)
        #expect(level.notes == [.mailsLeftOut])
        #expect(level.leftOut.map(\.isTooDeep) == [true])
    }

    // MARK: - Hostile mail

    @Test func `a mail of 30 MB is refused in plain words`() {
        let raw = [UInt8](repeating: 65, count: 30 * 1024 * 1024)
        #expect {
            try MessageParser.parse(raw)
        } throws: { error in
            "\(error)"
                == "mail: read mail: 31457280 bytes: larger than the limit of 26214400 bytes. "
                + "Look at it in the mailbox; no notice of a bank is like that."
        }
    }

    @Test("without a header there is no mail", arguments: ["", "\n\nx", "\0\0", "no colon here"])
    func noHeader(text: String) {
        #expect {
            try MessageParser.parse(Array(text.utf8))
        } throws: { ($0 as? MailError)?.label == .broken }
    }

    @Test(
        "broken mails are read as far as they go",
        arguments: [
            ("Content-Type: multipart/mixed\n\n--m\n\nx", 0),
            ("Content-Type: multipart/mixed; boundary=m\n\nx", 0),
            ("Content-Type: multipart/mixed; boundary=m\n\n--m\n\nx", 1),
            ("Content-Transfer-Encoding: base64\n\nVHV0YXI6IDU", 1),
            ("Content-Transfer-Encoding: base64\n\n!!!!", 0),
            ("Content-Type: ;;;=\n\nx", 1),
            ("garbage without colon\n\nx", 1),
            ("Content-Type: message/rfc822\n\n", 0),
            ("X: y", 0),
        ])
    func broken(rest: String, bodies: Int) throws {
        #expect(try message("From: a@b.example\n" + rest).bodies.count == bodies)
    }

    @Test func `thousands of nested parts are refused`() {
        var text = "From: a@b.example\n"
        for level in 0..<50_000 {
            text += "Content-Type: multipart/mixed; boundary=b\(level)\n\n--b\(level)\n"
        }
        #expect {
            try MessageParser.parse(Array(text.utf8))
        } throws: { ($0 as? MailError)?.label == .tooLarge }
    }

    @Test func `thousands of flat parts and of fields are refused`() {
        let parts =
            "From: a@b.example\nContent-Type: multipart/mixed; boundary=m\n\n"
            + String(repeating: "--m\n\nx\n", count: 5000)
        let fields = String(repeating: "X: y\n", count: 5000) + "\nx"
        let lines =
            "From: a@b.example\nContent-Type: multipart/mixed; boundary=m\n\n--m\n"
            + String(repeating: "X:\n", count: 600_000)
        for text in [parts, fields, lines] {
            #expect {
                try MessageParser.parse(Array(text.utf8))
            } throws: { ($0 as? MailError)?.label == .tooLarge }
        }
    }

    @Test func `a long text is cut and noted`() throws {
        var limits = MailLimits()
        limits.textBytesMax = 100
        let message = try message(
            "From: a@b.example\n\n" + String(repeating: "ş", count: 1000), limits: limits)
        #expect((90...100).contains(message.bodies.first?.text.utf8.count ?? 0))
        #expect(message.notes == [.truncated])
    }

    @Test("any bytes are read or refused, never a trap", arguments: 1...8)
    func anyBytes(seed: UInt64) throws {
        var random = SplitMix(seed: seed)
        let samples = [
            Array(Self.mixed.utf8), try SignedMailBuilder().mail(),
            Array(DKIMVectorTests.twoSignatures.utf8), Array(HTMLTextTests.receipt.utf8),
        ]
        let checker = Authenticator(trustedAuthserv: "mx")
        for _ in 0..<300 {
            var raw = samples.randomElement(using: &random) ?? []
            for _ in 0..<Int.random(in: 1...30, using: &random) {
                let place = Int.random(in: 0..<raw.count, using: &random)
                let odd: [UInt8] = [0, 9, 10, 13, 32, 34, 40, 45, 58, 59, 61, 63, 0x80, 0xC5, 0xFF]
                switch Int.random(in: 0..<4, using: &random) {
                case 0: raw[place] = .random(in: 0...255, using: &random)
                case 1: raw.insert(odd.randomElement(using: &random) ?? 0, at: place)
                case 2 where raw.count > 10: raw.remove(at: place)
                default: raw[place] = odd.randomElement(using: &random) ?? 0
                }
            }
            if Int.random(in: 0..<10, using: &random) == 0 { raw.removeLast(raw.count / 3) }
            let message = try? MessageParser.parse(raw)
            #expect((message?.fromFieldCount ?? 0) >= 0, "seed \(seed)")
            let result = checker.authenticate(raw, now: SignedMailBuilder.arrival) { name in
                .records([DKIMVectorTests.keys[name] ?? DKIMVectorTests.simpleKey])
            }
            #expect(result.identity.count == 32, "seed \(seed)")
        }
        for length in [0, 1, 2, 3, 100, 5000] {
            let raw = (0..<length).map { _ in UInt8.random(in: 0...255, using: &random) }
            _ = try? MessageParser.parse(raw)
            _ = try? MessageParser.parse(Array("From: a@b\n\n".utf8) + raw)
            _ = checker.authenticate(raw, now: SignedMailBuilder.arrival) { _ in .absent }
        }
    }
}

/// A small seeded generator, so that a failure can be played again.
private struct SplitMix: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}
