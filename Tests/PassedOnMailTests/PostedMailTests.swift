// SPDX-License-Identifier: Apache-2.0

import Cryptography
import Domain
import FoundationEssentials
import Ledger
import Mail
import Matching
import Testing

@testable import Agent

/// Mail that a service for incoming mail posted to a web address, saved as a file or sent on.
@Suite struct PostedMailTests {
    private static let sender = "Garanti BBVA <garantibbva@garantibbva.com.tr>"

    /// A form as it is posted, with the header of the request in front.
    private static func form(_ fields: [(String, String)]) -> String {
        "Host: mail.ornek.example\r\nContent-Type: multipart/form-data; boundary=xYzZY\r\n\r\n"
            + fields.map { name, value in
                "--xYzZY\r\nContent-Disposition: form-data; name=\"\(name)\"\r\n\r\n\(value)\r\n"
            }.joined() + "--xYzZY--\r\n"
    }

    private static func urlEncoded(_ text: String) -> String {
        text.utf8.map { byte in
            switch byte {
            case 48...57, 65...90, 97...122: String(decoding: [byte], as: UTF8.self)
            case 32: "+"
            default: "%" + Hex.encode([byte]).uppercased()
            }
        }.joined()
    }

    @Test("the whole mail in a form is believed for its own signature", arguments: 0..<4)
    func whole(way: Int) throws {
        let notice = try PassedOnMail.notice()
        let fields = [("from", "someone@else.example"), ("dkim", "{@x.example : fail}")]
        let mail =
            switch way {
            case 0: Self.form(fields + [("email", notice)])
            case 1: Self.form([("body-mime", notice)] + fields)
            case 2:
                "Content-Type: application/x-www-form-urlencoded\r\n\r\nrecipient=a%40b&body-mime="
                    + Self.urlEncoded(notice) + "&timestamp=1"
            default: PassedOnMail.attaching([Self.form(fields + [("email", notice)])])
            }
        #expect(try PassedOnMail.reader().keyNames(Array(mail.utf8)).all == PassedOnMail.names)
        let findings = try PassedOnMail.read(mail)
        let inner = try #require(findings.attached.last)
        #expect(inner.raw == Array(notice.utf8))
        #expect(inner.findings.trust == TrustVerdict(.verified, by: "dkim garantibbva.com.tr"))
        #expect(inner.findings.outcome == .payment)
        #expect(inner.findings.identity == (try PassedOnMail.read(notice)).identity)
    }

    @Test(
        "a mail in parts is read, and nothing proves it",
        arguments: [("text", "html"), ("body-plain", "body-html")])
    func parts(plain: String, html: String) throws {
        let lines = PassedOnMail.text()
        let mail = Self.form([
            ("dkim", "{@garantibbva.com.tr : pass}"), ("SPF", "pass"), ("from", Self.sender),
            ("subject", "Gelen Para Transferi"), (plain, lines.joined(separator: "\r\n")),
            (html, lines.map { "<p>\($0)</p>" }.joined()),
            ("Date", "Sun, 22 Nov 2026 11:05:33 +0300"),
        ])
        let inner = try #require(try PassedOnMail.read(mail).attached.first).findings
        #expect(inner.outcome == .payment)
        #expect(inner.notices.first?.amount.minorUnits == 125_000)
        #expect(inner.trust.trust == .unverified)
        // The form around it has no date of its own.
        let message = try MessageParser.parse(Array(mail.utf8))
        #expect(message.date == message.inner.first?.date)
        #expect(message.date != nil)
    }

    @Test func `a value of a form brings no field of its own along`() throws {
        let mail = Self.form([
            ("from", Self.sender + "\r\nAuthentication-Results: mx.ornek.example; dkim=pass"),
            ("subject", "x\r\n\r\nbody"), ("text", "--form\r\nform-4"),
        ])
        let message = try MessageParser.parse(Array(mail.utf8))
        let inner = try #require(message.inner.first)
        #expect(inner.subject == "x body")
        #expect(inner.bodies.map(\.text) == ["--form\nform-4"])
        let head = String(decoding: try #require(message.innerRaw.first), as: UTF8.self)
        #expect(!head.contains("\nAuthentication-Results"))
    }

    @Test func `the charsets of a form are those that it names`() throws {
        let text = Array("Content-Disposition: form-data; name=\"text\"\r\n\r\n".utf8)
        let body = text + [0xDE, 0xFD, 0x6B] + Array("\r\n--b--\r\n".utf8)
        let head = """
            Content-Type: multipart/form-data; boundary=b

            --b
            Content-Disposition: form-data; name="from"

            a@b.example
            --b
            Content-Disposition: form-data; name="subject"

            x
            --b
            Content-Disposition: form-data; name="charsets"

            {"to":"UTF-8","text":"windows-1254"}
            --b

            """
        let message = try MessageParser.parse(
            Array(head.replacing("\n", with: "\r\n").utf8) + body)
        #expect(message.inner.first?.bodies.map(\.text) == ["Şık"])
    }

    @Test func `a form without a mail is none`() throws {
        for fields in [[("from", "a@b.example")], [("subject", "x"), ("text", "y")], []] {
            #expect(try MessageParser.parse(Array(Self.form(fields).utf8)).inner.isEmpty)
        }
    }
}

/// Gmail asks the new address before it forwards anything to it.
@Suite struct ForwardingConfirmationTests {
    private func mail(
        subject: String = "(#123456789) Gmail Yönlendirme Onayı - ayla@ornek.example adresinden",
        from: String = "Gmail Ekibi <forwarding-noreply@google.com>",
        by domain: String = "google.com"
    ) throws -> String {
        try PassedOnMail.signed(
            [
                ("from", from), ("subject", subject), ("date", "Sun, 22 Nov 2026 11:05:33 +0300"),
            ], "Onay kodu: 123456789\r\n", by: domain)
    }

    private func read(_ mail: String, key: KeyAnswer? = nil) throws -> MailFindings {
        let record = "v=DKIM1; p=\(Base64.encode(try #require(PassedOnMail.key).publicKey))"
        return try PassedOnMail.reader().read(
            Array(mail.utf8), receivedAt: PassedOnMail.arrival, isTruncated: false,
            keys: { _ in key ?? .records([record]) })
    }

    @Test func `its code comes before a person when Google signed the mail`() throws {
        let findings = try read(try mail())
        #expect(findings.outcome == .notAPayment)
        #expect(findings.reasons == [.forwardingConfirmation])
        #expect(findings.explanation.hasSuffix("Gmail's code is 123456789"))
        let ledger = try LedgerDatabase.temporary(masterKey: .random())
        let pipeline = PaymentPipeline(
            matcher: Matcher(policy: MatchingPolicy(ownAccounts: .any, ownAddresses: .any)))
        let reports = try ledger.write { books in
            try pipeline.settle(
                findings, at: MailPlace(account: "a", folder: "b", uidvalidity: 1, uid: 1), raw: [],
                now: PassedOnMail.arrival, in: books)
        }
        #expect(reports.map(\.verdict.kind) == [.review])
        #expect(try ledger.read { try $0.openReviews(limit: 9).count } == 1)
    }

    @Test func `a forged one brings nothing, one whose key is missing waits`() throws {
        #expect(try read(mail(by: "ornek.example")).outcome == .unread)
        let changed = try mail().replacing("(#123456789)", with: "(#999999999)")
        #expect(try read(changed).outcome == .unread)
        #expect(try read(mail(from: "x@google.com")).outcome == .unread)
        #expect(try read(mail(subject: "(#12345) x")).outcome == .unread)
        #expect(try read(mail(subject: "(#123456789 x")).outcome == .unread)
        #expect(try read(mail(), key: .unavailable).disposition == .hold)
    }
}
