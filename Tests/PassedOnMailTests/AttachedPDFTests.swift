// SPDX-License-Identifier: Apache-2.0

import Cryptography
import Domain
import FoundationEssentials
import Mail
import Rules
import Synchronization
import Testing

@testable import Agent

@Suite struct AttachedPDFTests {
    /// Which PDFs were opened.
    private final class Opened: Sendable {
        let names = Mutex<[String]>([])
    }

    private func read(
        from sender: String, text: PDFText, opened: Opened = Opened()
    ) throws -> MailFindings {
        let mail = """
            From: \(sender)
            Subject: e-dekont
            Date: Sun, 22 Nov 2026 11:05:33 +0300
            Content-Type: multipart/mixed; boundary=b

            --b
            Content-Type: text/plain

            Ekte.
            --b
            Content-Type: application/pdf; name=Dekont.pdf
            Content-Transfer-Encoding: base64

            \(Base64.encode(Array("%PDF-1.4".utf8)))
            --b--

            """
        let reader = try PassedOnMail.reader { pdf in
            opened.names.withLock { $0.append(pdf.name) }
            return text
        }
        return reader.read(
            Array(mail.utf8), receivedAt: PassedOnMail.arrival, isTruncated: false,
            keys: { _ in .absent })
    }

    @Test(
        "a PDF that cannot be read leaves the mail with a person, and says why",
        arguments: [
            (PDFText.encrypted, "its PDF needs a password"),
            (.withoutText, "its PDF holds pictures, no text"),
            (.unreadable, "its PDF could not be read"),
        ])
    func failures(text: PDFText, why: String) throws {
        let findings = try read(from: "garantibbva@\(PassedOnMail.bank)", text: text)
        #expect(findings.outcome == .unclear)
        #expect(findings.disposition == .settle)
        #expect(findings.explanation.hasSuffix(why))
    }

    @Test func `only what a known sender sent is opened`() throws {
        let opened = Opened()
        let stranger = try read(from: "ayla@ornek.example", text: .encrypted, opened: opened)
        #expect(stranger.outcome == .unread)
        #expect(opened.names.withLock { $0 }.isEmpty)
        _ = try read(from: "garantibbva@\(PassedOnMail.bank)", text: .encrypted, opened: opened)
        #expect(opened.names.withLock { $0 } == ["Dekont.pdf"])
    }

    @Test func `five are opened at most, each once, however often a mail is quoted`() throws {
        let opened = Opened()
        let reader = try PassedOnMail.reader { pdf in
            opened.names.withLock { $0.append(pdf.name) }
            return .encrypted
        }
        func mail(_ from: String, _ text: String, _ pdfs: Range<Int>) -> String {
            "From: \(from)\r\nSubject: Fwd: x\r\nContent-Type: multipart/mixed; boundary=p\r\n\r\n"
                + "--p\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n\(text)\r\n"
                + pdfs.map {
                    "--p\r\nContent-Type: application/pdf; name=\($0).pdf\r\n\r\n\($0)\r\n"
                }
                .joined() + "--p--\r\n"
        }
        func read(_ mail: String) {
            opened.names.withLock { $0 = [] }
            _ = reader.read(
                Array(mail.utf8), receivedAt: PassedOnMail.arrival, isTruncated: false,
                keys: { _ in .absent })
        }
        let quoted = Array(repeating: PassedOnMail.quoted(), count: 9).joined(separator: "\n\n")
        read(mail("ayla@ornek.example", quoted, 0..<2))
        #expect(opened.names.withLock { $0 } == ["0.pdf", "1.pdf"])
        let bank = "garantibbva@\(PassedOnMail.bank)"
        read(PassedOnMail.attaching([mail(bank, "x", 0..<4), mail(bank, "x", 4..<8)]))
        #expect(opened.names.withLock { $0.count } == 5)
    }

    @Test func `those of a forgery stay closed`() throws {
        let opened = Opened()
        let reader = try PassedOnMail.reader { pdf in
            opened.names.withLock { $0.append(pdf.name) }
            return .encrypted
        }
        let mail = try PassedOnMail.signed(
            [
                ("from", "garantibbva@\(PassedOnMail.bank)"), ("subject", "x"),
                ("content-type", "application/pdf"),
            ], "%PDF\r\n", by: PassedOnMail.bank)
        let record = "v=DKIM1; p=\(Base64.encode(try #require(PassedOnMail.key).publicKey))"
        func read(_ mail: String) -> Trust {
            reader.read(
                Array(mail.utf8), receivedAt: PassedOnMail.arrival, isTruncated: false,
                keys: { _ in .records([record]) }
            ).trust.trust
        }
        #expect(read(mail.replacing("%PDF", with: "%pdf")) == .forged)
        #expect(opened.names.withLock { $0.isEmpty })
        #expect(read(mail) == .verified)
        #expect(opened.names.withLock { $0.count } == 1)
    }

    @Test func `a mail attached under a general type is checked like any other`() throws {
        let notice = try PassedOnMail.notice()
        let mail = PassedOnMail.attaching([notice]).replacing(
            "Content-Type: message/rfc822\r\n\r\n" + notice,
            with: "Content-Type: application/octet-stream; name=\"ileti.eml\"\r\n"
                + "Content-Transfer-Encoding: base64\r\n\r\n" + Base64.encode(Array(notice.utf8)))
        let reader = try PassedOnMail.reader()
        #expect(reader.keyNames(Array(mail.utf8)).all == PassedOnMail.names)
        let inner = try #require(try PassedOnMail.read(mail).attached.first)
        #expect(inner.findings.outcome == .payment)
        #expect(inner.findings.trust.trust == .verified)
    }
}
