// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials
import Wire

/// A mail as it goes over the wire: seven-bit, CRLF, text and HTML of the same content.
struct ComposedMail {
    let from: MailAddress
    let fromName: String?
    let to: MailAddress
    let toName: String?
    let subject: String
    let text: String
    let html: String
    /// The local part of the Message-ID; its domain is that of `from`.
    let id: String
    let date: Date
    /// Names and values that `EmailConnector.Settings.Header` has checked.
    let extraHeaders: [(name: String, value: String)]

    /// The same values give the same bytes.
    var bytes: [UInt8] {
        // Quoted-printable holds no `=_`, so that no part can hold the boundary (RFC 2045 §6.7).
        let boundary = "=_\(id)"
        var mail = HeaderText.field("From", person: fromName, address: from.text)
        mail += HeaderText.field("To", person: toName, address: to.text)
        mail += HeaderText.field("Subject", text: subject)
        mail += "Date: \(HeaderText.date(date))\r\n"
        mail += "Message-ID: <\(id)@\(from.domain)>\r\n"
        // Nobody's absence note answers it (RFC 3834 §5).
        mail += "Auto-Submitted: auto-generated\r\n"
        for header in extraHeaders { mail += "\(header.name): \(header.value)\r\n" }
        mail += "MIME-Version: 1.0\r\n"
        mail += "Content-Type: multipart/alternative;\r\n boundary=\"\(boundary)\"\r\n\r\n"
        mail += Self.part("plain", text, boundary) + Self.part("html", html, boundary)
        mail += "--\(boundary)--\r\n"
        return Array(mail.utf8)
    }

    private static func part(_ kind: String, _ content: String, _ boundary: String) -> String {
        "--\(boundary)\r\nContent-Type: text/\(kind); charset=utf-8\r\n"
            + "Content-Transfer-Encoding: quoted-printable\r\n\r\n"
            + QuotedPrintable.encode(content) + "\r\n"
    }
}
