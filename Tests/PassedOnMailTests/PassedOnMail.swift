// SPDX-License-Identifier: Apache-2.0

import Cryptography
import FoundationEssentials
import Mail
import Rules
import Testing

@testable import Agent

/// Notices of a bank, and the mails in which a person passes them on.
struct PassedOnMail {
    static let bank = "garantibbva.com.tr"
    static let keyName = "s1._domainkey.garantibbva.com.tr"
    /// All that is asked of DNS for a notice: its key, and what its domain asks for.
    static let names = [keyName, "_dmarc.garantibbva.com.tr"]
    static let key: SigningKey? = try? .rsa(bits: 1024)
    static let arrival = Date(timeIntervalSince1970: 1_795_334_733)

    /// What the bank writes, one line each.
    static func text(_ amount: String = "1.250,00", code: String = "Ktf6hv349") -> [String] {
        [
            "Gelen Para Transferi", "Değerli Müşterimiz,",
            "Aşağıda detayları bulunan hesabınıza para transferi gerçekleşti.",
            "Hesap No: 412-****567", "Gönderici Ad Soyad: Elif Karaca", "Tutar: \(amount) TL",
            "Açıklama: \(code)",
        ]
    }

    /// A notice as the bank sends it, signed.
    static func notice(
        _ amount: String = "1.250,00", code: String = "Ktf6hv349", closing: [String] = []
    ) throws -> String {
        let body = (text(amount, code: code) + closing).map { $0 + "\r\n" }.joined()
        let fields = [
            ("from", "Garanti BBVA <garantibbva@\(bank)>"), ("subject", "Gelen Para Transferi"),
            ("date", "Sun, 22 Nov 2026 11:05:33 +0300"),
            ("content-type", "text/plain; charset=utf-8"),
        ]
        return try signed(fields, body, by: bank)
    }

    /// A mail signed by a domain.
    static func signed(
        _ fields: [(String, String)], _ body: String, by domain: String, selector: String = "s1"
    ) throws -> String {
        let start =
            "v=1; a=rsa-sha256; c=relaxed/relaxed; d=\(domain); s=\(selector); "
            + "h=\(fields.map(\.0).joined(separator: ":")); "
            + "bh=\(Base64.encode(Digest.sha256(Array(body.utf8)))); b="
        let head = fields.map { "\($0.0):\($0.1)\r\n" }.joined()
        let digest = Digest.sha256(Array((head + "dkim-signature:" + start).utf8))
        let signature = try #require(key).sign(digestSHA256: digest)
        return "DKIM-Signature: \(start)\(Base64.encode(signature))\r\n" + head + "\r\n" + body
    }

    /// A mail of a person with others attached.
    static func attaching(
        _ mails: [String], note: String = "Ekte.", encoding: String? = nil
    ) -> String {
        let label = encoding.map { "Content-Transfer-Encoding: \($0)\r\n" } ?? ""
        let parts = mails.map { "Content-Type: message/rfc822\r\n\(label)\r\n" + $0 }
        return """
            From: Ayla <ayla@ornek.example>\r
            Subject: Fwd: ekte\r
            Date: Sun, 22 Nov 2026 12:00:00 +0300\r
            Content-Type: multipart/mixed; boundary=\(boundary(mails))\r
            \r

            """
                + (["Content-Type: text/plain; charset=utf-8\r\n\r\n\(note)\r\n"] + parts).map {
                    "--\(boundary(mails))\r\n\($0)\r\n"
                }.joined() + "--\(boundary(mails))--\r\n"
    }

    /// A mail of a person who quotes others in the text.
    static func quoting(
        _ text: String, from: String = "Ayla <ayla@ornek.example>", type: String = "text/plain"
    ) -> String {
        "From: \(from)\r\nSubject: İLT: Gelen Para Transferi\r\n"
            + "Date: Sun, 22 Nov 2026 12:00:00 +0300\r\n"
            + "Content-Type: \(type); charset=utf-8\r\n\r\n" + text + "\r\n"
    }

    /// The heading and text of a notice as Gmail quotes them.
    static func quoted(
        _ lines: [String] = text(), subject: String = "Gelen Para Transferi",
        sender: String? = nil
    ) -> String {
        """
        ---------- Forwarded message ---------
        Gönderen: Garanti BBVA <\(sender ?? "garantibbva@\(bank)")>
        Date: 22 Kas 2026 Paz, 11:05
        Subject: \(subject)
        To: <ayla@ornek.example>

        \(lines.joined(separator: "\n"))
        """
    }

    /// Reads a mail with the rule of the bank that ships with the product.
    static func reader(
        authserv: String? = nil, forwarders: [String] = [],
        readPDF: @escaping @Sendable (PDFAttachment) -> PDFText = { _ in .unreadable }
    ) throws -> MailReader {
        let (rules, problems) = RuleBook.compile(try shippedRule())
        try #require(problems.isEmpty)
        return MailReader(
            rules: rules,
            authenticator: Authenticator(trustedAuthserv: authserv, trustedForwarders: forwarders),
            readPDF: readPDF)
    }

    /// The rule of the bank that ships with the product, and what it includes.
    static func shippedRule() throws -> [RuleSource] {
        let root = URL(filePath: #filePath).deletingLastPathComponent()
            .deletingLastPathComponent().deletingLastPathComponent()
        return try ["garanti-bbva/rule.yaml", "common/turkish-look-alikes.yaml"].map {
            let bytes = try Data(contentsOf: root.appending(path: "rules/" + $0))
            return RuleSource(path: $0, text: String(decoding: bytes, as: UTF8.self))
        }
    }

    static func read(
        _ mail: String, key: KeyAnswer? = nil, authserv: String? = nil
    ) throws -> MailFindings {
        let answer: KeyAnswer =
            if let key {
                key
            } else {
                .records(["v=DKIM1; p=\(Base64.encode(try #require(Self.key).publicKey))"])
            }
        return try reader(authserv: authserv).read(
            Array(mail.utf8), receivedAt: arrival, isTruncated: false,
            keys: { $0 == keyName ? answer : .absent })
    }

    /// Not the boundary of a mail within.
    private static func boundary(_ mails: [String]) -> String {
        "b\(mails.map(\.utf8.count).reduce(0, +))"
    }
}
