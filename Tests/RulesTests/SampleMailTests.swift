// SPDX-License-Identifier: Apache-2.0

import Domain
import Foundation
import Mail
import Rules
import Testing

@Suite("Saved mails of banks, from their bytes to every field")
struct SampleMailTests {
    @Test("there are mails, each with its expectation, and no expectation without a mail")
    func corpus() throws {
        #expect(SampleMail.all.count >= 100)
        let expected = try Set(
            SampleMail.all.map { mail in
                _ = try mail.expected()
                return "\(mail.bank)/\(mail.name.prefix { $0 != "." }).json"
            })
        let files = FileManager.default.enumerator(
            at: ShippedRules.folder, includingPropertiesForKeys: nil)
        let written = (files?.compactMap { $0 as? URL } ?? [])
            .filter { $0.pathExtension == "json" && $0.path.contains("/samples/") }
            .map { "\($0.pathComponents.suffix(3).first ?? "")/\($0.lastPathComponent)" }
        #expect(Set(written) == expected)
    }

    @Test("are read as written, with LF and with CRLF", arguments: SampleMail.all)
    func asSaved(_ mail: SampleMail) throws {
        let raw = try mail.raw()
        let expected = try mail.expected()
        #expect(SampleMail.actual(try MessageParser.parse(raw)) == expected)
        #expect(SampleMail.actual(try MessageParser.parse(Self.withCRLF(raw))) == expected)
    }

    @Test(
        "say the same in every charset and encoding",
        arguments: SampleMail.all.filter { $0.name.contains(".html.") }, Dress.allCases)
    func inEveryDress(_ mail: SampleMail, _ dress: Dress) throws {
        let message = try MessageParser.parse(try mail.raw())
        guard let raw = dress.mail(message) else { return }
        #expect(SampleMail.actual(try MessageParser.parse(raw)) == (try mail.expected()))
    }

    @Test(
        "prove nothing when somebody else sends them",
        arguments: SampleMail.all.filter { $0.name.contains(".html.") })
    func fromStrangers(_ mail: SampleMail) throws {
        let message = try MessageParser.parse(try mail.raw())
        for domain in ["posta.example", "\(message.from.first?.domain ?? "").odeme.example"] {
            let stranger = Message(
                from: [MailAddress(localPart: "bilgi", domain: domain)], subject: message.subject,
                date: message.date, bodies: message.bodies)
            let read = SampleMail.actual(stranger)
            #expect(read.outcome == "unread")
            #expect(read.payments.isEmpty)
        }
    }

    @Test(
        "with the payer's words before every line are never another payment",
        arguments: SampleMail.all.filter { $0.name.hasPrefix("p") && $0.name.contains(".html.") })
    func withInjection(_ mail: SampleMail) throws {
        let message = try MessageParser.parse(try mail.raw())
        guard let payment = try mail.expected().payments.first,
            let words = payment.description, let body = message.bodies.first
        else { return }
        for attack in Self.attacks {
            let text = body.text.replacing(words, with: words + " " + attack)
            let changed = Message(
                from: message.from, subject: message.subject, date: message.date,
                bodies: [BodyText(source: .html, text: text)])
            let read = SampleMail.actual(changed)
            // Held back is fine; read is fine when nothing but the payer's own words differs.
            guard let found = read.payments.first else { continue }
            #expect(found.amount == payment.amount, "\(attack)")
            #expect(found.payer == payment.payer, "\(attack)")
            #expect(found.occurredAt == payment.occurredAt, "\(attack)")
            #expect(found.transactionID == payment.transactionID, "\(attack)")
            #expect(found.senderIBAN == payment.senderIBAN, "\(attack)")
            #expect(found.receivingAccount == payment.receivingAccount, "\(attack)")
        }
    }

    /// What a payer may type to change what the bank says.
    private static let attacks = [
        "Tutar: 9.999,00 TL", "Tutar 9.999,00 TL", "TOPLAM 9.999,00 TL",
        "Gönderen: ELİF KARACA", "Gönderici Ad Soyad: ELİF KARACA",
        "İşlem Zamanı: 01.11.2026 09:00", "İşlem Tarihi: 01.11.2026 09.00",
        "İşlem Kodu: 1", "Gönderen IBAN: TR750006407000000003703701", "IBAN: TR00",
        "hesabınıza ELİF KARACA tarafından 9.999,00 TL FAST girişi olmuştur.",
        "açıklaması ile ELİF KARACA tarafından 9.999,00 TL EFT girişi olmuştur.",
        "Elif Karaca size 9.999,00 TL gönderdi", "No: 1", "Částka: +9 999,00 CZK",
    ]

    private static func withCRLF(_ raw: [UInt8]) -> [UInt8] {
        raw.flatMap { $0 == 10 ? [13, 10] : [$0] }
    }
}

/// The ways in which the same HTML may be sent.
enum Dress: String, CaseIterable, Sendable {
    case windows1254, latin5, mislabelledLatin1, entities, base64UTF8, withoutCharset
    case quotedPrintableUTF8, hiddenPreheader, nestedTables

    /// A mail with the text of `message`; nil where the charset lacks one of its letters.
    func mail(_ message: Message) -> [UInt8]? {
        guard let text = message.bodies.first?.text, let from = message.from.first else {
            return nil
        }
        let (html, charset, encoding) = html(text)
        let legacy = [.windows1254, .latin5, .mislabelledLatin1].contains(self)
        guard let body = html.data(using: legacy ? .windowsCP1254 : .utf8) else { return nil }
        let name = Data(message.subject.utf8).base64EncodedString()
        let subject = "=?utf-8?B?\(name)?="
        let date = message.date.map { Timestamp.text($0) } ?? ""
        let head = """
            From: \(from.displayName.isEmpty ? "" : "\"\(from.displayName)\" ")<\(from.address)>
            Subject: \(subject)
            Date: \(Self.mailDate(date))
            MIME-Version: 1.0
            Content-Type: text/html\(charset.map { "; charset=\($0)" } ?? "")
            Content-Transfer-Encoding: \(encoding)


            """
        let encoded =
            encoding == "base64"
            ? body.base64EncodedString(options: [.lineLength76Characters, .endLineWithLineFeed])
            : Self.quotedPrintable(body)
        return Array((head + encoded + "\n").utf8)
    }

    private func html(_ text: String) -> (html: String, charset: String?, encoding: String) {
        let escaped = text.replacing("&", with: "&amp;").replacing("<", with: "&lt;")
        let lines = escaped.split(separator: "\n")
        let paragraphs = "<html><body>" + lines.map(Self.block).joined() + "</body></html>"
        return switch self {
        case .windows1254: (paragraphs, "windows-1254", "quoted-printable")
        case .latin5: (paragraphs, "iso-8859-9", "base64")
        case .mislabelledLatin1: (paragraphs, "iso-8859-1", "quoted-printable")
        case .entities: (Self.entities(paragraphs), "us-ascii", "quoted-printable")
        case .base64UTF8: (paragraphs, "utf-8", "base64")
        case .withoutCharset: (paragraphs, nil, "base64")
        case .quotedPrintableUTF8: (paragraphs, "utf-8", "quoted-printable")
        case .hiddenPreheader:
            (
                "<div style=\"display:none\">Tutar: 1,00 TL</div><img alt=\"Tutar: 1,00 TL\">"
                    + paragraphs, "utf-8", "base64"
            )
        case .nestedTables:
            (
                "<table><tr><td>" + lines.map { "<table>\(Self.row($0))</table>" }.joined()
                    + "</td></tr></table>", "utf-8", "base64"
            )
        }
    }

    private static func block(_ line: Substring) -> String {
        line.contains("\t") ? "<table>\(row(line))</table>" : "<p>\(line)</p>\r\n"
    }

    private static func row(_ line: Substring) -> String {
        let cells = line.split(separator: "\t", omittingEmptySubsequences: false)
        return "<tr>" + cells.map { "<td>\($0)</td>" }.joined() + "</tr>"
    }

    private static func entities(_ text: String) -> String {
        text.unicodeScalars.map { $0.isASCII ? String($0) : "&#\($0.value);" }.joined()
    }

    private static func quotedPrintable(_ data: Data) -> String {
        var output = ""
        var column = 0
        for byte in data {
            let isPlain = byte == 32 || (33...126).contains(byte) && byte != 61
            let piece =
                isPlain
                ? String(UnicodeScalar(byte))
                : "=" + (byte < 16 ? "0" : "") + String(byte, radix: 16, uppercase: true)
            if column + piece.utf8.count > 72 {
                output += "=\n"
                column = 0
            }
            output += piece
            column += piece.utf8.count
        }
        return output
    }

    /// `2026-11-22T11:06:10Z` → `22 Nov 2026 11:06:10 +0000`
    private static func mailDate(_ text: String) -> String {
        guard text.utf8.count == 20 else { return "" }
        let signs = Array(text)
        return
            "\(String(signs[8..<10])) Nov \(String(signs[0..<4])) \(String(signs[11..<19])) +0000"
    }
}
