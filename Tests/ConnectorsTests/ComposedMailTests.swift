// SPDX-License-Identifier: Apache-2.0

import Domain
import Foundation
import Testing
import Wire

@testable import Connectors

@Suite("A composed mail")
struct ComposedMailTests {
    private func mail(
        name: String? = "Şule Çağrı Işık",
        subject: String = "Kahve Atölyesi: ödeme bilgileri (KTF6HV349)",
        from: String? = "Kahve Atölyesi", text: String = "Merhaba Şule Çağrı Işık,\n.\nFrom here\n",
        headers: [(String, String)] = [("X-Mailgun-Track", "no")]
    ) throws -> ComposedMail {
        ComposedMail(
            from: try #require(MailAddress("bilet@etkinlik.example")), fromName: from,
            to: try #require(MailAddress("sule@example.org")), toName: name, subject: subject,
            text: text, html: "<p>Tutar: <b>1.250,00 TL</b> = ödeme</p>\n",
            id: "mtb-9f86d081884c7d65", date: Date(timeIntervalSince1970: 1_795_345_533),
            extraHeaders: headers.map { (name: $0.0, value: $0.1) })
    }

    /// The names of the header fields, as a mail program sees them.
    private func fields(_ mail: ComposedMail) throws -> [String] {
        let text = String(decoding: mail.bytes, as: UTF8.self)
        let head = try #require(text.components(separatedBy: "\r\n\r\n").first)
        return head.components(separatedBy: "\r\n").filter { !$0.hasPrefix(" ") }
            .map { String($0.prefix { $0 != ":" }) }
    }

    private static let usual = [
        "From", "To", "Subject", "Date", "Message-ID", "Auto-Submitted", "X-Mailgun-Track",
        "MIME-Version", "Content-Type",
    ]

    @Test("is what the golden file holds")
    func golden() throws {
        let file = URL(filePath: #filePath).deletingLastPathComponent()
            .appending(path: "../Fixtures/sent/composed.eml")
        let made = String(decoding: try mail().bytes, as: UTF8.self)
            .replacingOccurrences(of: "\r\n", with: "\n")
        let kept = try? String(contentsOf: file, encoding: .utf8)
        if kept != made {
            let actual = file.deletingPathExtension().appendingPathExtension("actual.eml")
            try made.write(to: actual, atomically: true, encoding: .utf8)
        }
        #expect(kept == made, "compare Tests/Fixtures/sent/composed.actual.eml")
    }

    @Test("is seven-bit, with short lines that end in CRLF and never begin with a dot")
    func lines() throws {
        let long = String(repeating: "ğüşiöç. ", count: 200)
        let bytes = try mail(name: long, subject: long, from: long, text: long + "\r\n.\r\n" + long)
            .bytes
        #expect(bytes.allSatisfy { $0 < 0x80 && $0 != 0 })
        let lines = String(decoding: bytes, as: UTF8.self).components(separatedBy: "\r\n")
        #expect(lines.allSatisfy { $0.utf8.count <= 78 && !$0.hasPrefix(".") })
        #expect(!lines.contains { $0.contains("\r") || $0.contains("\n") })
    }

    @Test(
        "keeps its headers, whatever a guest is called",
        arguments: [
            "Elif\r\nBcc: x@example.net", "Elif\nBcc: x@example.net", "Elif\rBcc: x@example.net",
            "Elif\u{85}Bcc: x", "Elif\u{2028}Bcc: x", "Elif\u{0}", "\"Elif\" <x@example.net>",
            "Elif, x@example.net", "=?UTF-8?B?QmNjOiB4?=", "Elif\r\n\r\n<b>body</b>", "\r\n", "",
            "\u{202E}file", "Elif (yorum) ; : @",
        ])
    func injection(_ text: String) throws {
        let mail = try mail(name: text, subject: text, from: text)
        #expect(try fields(mail) == Self.usual)
        let made = String(decoding: mail.bytes, as: UTF8.self)
        // Outside encoded words there is one address each.
        let to = try #require(
            made.components(separatedBy: "\r\nTo: ").last?
                .components(separatedBy: "\r\nSubject:").first)
        #expect(to.hasSuffix("<sule@example.org>"))
        #expect(to.count { $0 == "@" } == 1 && to.count { $0 == "<" } == 1)
        #expect(!made.components(separatedBy: "\n").contains { $0.hasPrefix("Bcc") })
    }

    @Test("carries the organizer's headers, and none that would be a second of its own")
    func headers() throws {
        let header = try #require(EmailConnector.Settings.Header("X-Id: a-{attempt}-b"))
        #expect(header.name == "X-Id" && header.value(attempt: "mtb-1") == "a-mtb-1-b")
        for line in [
            "From: x@example.net", "bcc: x@example.net", "Content-Type: text/plain", "X-Id",
            "X Id: a", "X-Id: a\r\nBcc: x", "X-Id: ğ", ": a", "message-id: <x>",
        ] {
            #expect(EmailConnector.Settings.Header(line) == nil, "\(line)")
        }
    }

    @Test("Quoted-printable gives back what went in")
    func quotedPrintable() throws {
        var seed: UInt64 = 42
        func next(_ bound: Int) -> Int {
            seed = seed &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int(seed >> 33) % bound
        }
        let signs = Array("abc .=\tFrom ğİ漢🙂\n<>\"&~")
        for _ in 0..<500 {
            let text = String((0..<next(300)).map { _ in signs[next(signs.count)] })
            let encoded = QuotedPrintable.encode(text)
            #expect(try decode(encoded) == text)
            let lines = encoded.components(separatedBy: "\r\n")
            #expect(
                lines.allSatisfy {
                    $0.utf8.count <= 76 && !$0.hasPrefix(".") && !$0.hasPrefix("From")
                        && !$0.hasSuffix(" ") && !$0.hasSuffix("\t")
                })
        }
    }

    /// As RFC 2045 §6.7 says, independent of the encoder.
    private func decode(_ text: String) throws -> String {
        var bytes: [UInt8] = []
        var rest = Array(text.replacingOccurrences(of: "=\r\n", with: "").utf8)[...]
        while let byte = rest.popFirst() {
            if byte == UInt8(ascii: "=") {
                let hex = String(decoding: rest.prefix(2), as: UTF8.self)
                bytes.append(try #require(UInt8(hex, radix: 16)))
                rest = rest.dropFirst(2)
            } else if byte != 0x0D {
                bytes.append(byte)
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}
