// SPDX-License-Identifier: Apache-2.0

import Domain
import Foundation
import Mail
import Rules
import Testing

@Suite("From the bytes of a mail to its notice")
struct RawMailTests {
    private static let head = """
        From: Garanti BBVA <garantibbva@garantibbva.com.tr>
        Subject: Gelen Para Transferi
        Date: Sun, 22 Nov 2026 14:05:33 +0300
        MIME-Version: 1.0

        """

    private static let lines = [
        "Gerçekleşen &#304;&#351;lem", "De&#287;erli Müşterimiz,",
        "Aşağıda detayları bulunan hesabınıza para transferi gerçekleşti.",
        "Hesap No:&nbsp;412-****567", "Gönderici Ad Soyad: Elif Karaca", "Tutar: 1.250,00 TL",
        "Açıklama: Ktf6hv349",
    ]

    static let bodies = [
        "<html><body>" + lines.map { "<p>\($0)</p>" }.joined(separator: "\r\n") + "</body></html>",
        lines.map { "<div><b>\($0)</b></div>" }.joined(),
        lines.joined(separator: "<br>"),
        "<table>"
            + lines.map { line in
                let cells = line.split(separator: ":", maxSplits: 1)
                return "<tr>" + cells.map { "<td>\($0)</td>" }.joined(separator: "<td>:</td>")
                    + "</tr>"
            }.joined() + "</table>",
    ]

    @Test("HTML in any dress gives the same notice (P01, P23)", arguments: bodies, [true, false])
    func html(_ html: String, _ isLatin5: Bool) throws {
        let body = try #require(html.data(using: isLatin5 ? .windowsCP1254 : .utf8))
        let charset = isLatin5 ? "windows-1254" : "utf-8"
        let head =
            Self.head.replacing("\n", with: "\r\n")
            + "Content-Type: text/html; charset=\(charset)\r\n"
            + "Content-Transfer-Encoding: base64\r\n\r\n"
        let raw =
            Array(head.utf8)
            + Array(body.base64EncodedString(options: .lineLength76Characters).utf8)
        let message = try MessageParser.parse(raw)
        let reading = ShippedRules.book.read(message, receivedAt: TestMail.arrival)
        let notice = try #require(reading.notices.first, "\(reading.explanation)")
        #expect(reading.rule == RuleID("garanti-bbva/incoming-transfer"))
        #expect(notice.amount == Money(minorUnits: 125_000, currency: .turkishLira))
        #expect(notice.payer == "Elif Karaca")
        #expect(notice.description == "Ktf6hv349")
        #expect(notice.receivingAccount == "412-****567")
        #expect(Timestamp.text(notice.occurredAt) == "2026-11-22T11:05:33Z")
        #expect(notice.timeFrom == .arrival)
    }

    @Test(
        "what an attached text of any kind takes back is not believed",
        arguments: ["text/calendar", "text/x-amp-html", "text/rtf", "text/plain"], [true, false])
    func attachedText(_ type: String, _ isDenied: Bool) throws {
        let said = isDenied ? "Bu işlem iade edilmiştir." : "Sahne Kapısı, 19:00"
        let raw =
            Self.head + """
                Content-Type: multipart/mixed; boundary=b

                --b
                Content-Type: text/html; charset=utf-8

                \(Self.bodies[0])
                --b
                Content-Type: \(type); charset=utf-8
                Content-Disposition: attachment; filename=more

                SUMMARY:\(said)
                --b--

                """
        let message = try MessageParser.parse(
            Array(raw.replacing("\r\n", with: "\n").replacing("\n", with: "\r\n").utf8))
        let reading = ShippedRules.book.read(message, receivedAt: TestMail.arrival)
        #expect(reading.outcome == (isDenied ? .unclear : .payment), "\(reading.explanation)")
    }
}
