// SPDX-License-Identifier: Apache-2.0

import Foundation
import Mail
import Testing

@testable import Authoring

@Suite("An anonymized page")
struct HTMLAnonymizerTests {
    private func page(_ html: String) throws -> (html: String, text: String) {
        let raw = """
            From: Ada Bank <haber@adabank.example>
            Subject: x
            Content-Type: text/html; charset=utf-8

            \(html)
            """
        let result = try MailAnonymizer(seed: 7, vocabulary: ["tutar", "gonderen"])
            .anonymize(Array(raw.utf8)).raw
        let text = String(decoding: result, as: UTF8.self)
        let body = text.range(of: "\n\n").map { String(text[$0.upperBound...]) } ?? ""
        return (body, try MessageParser.parse(result).bodies.first?.text ?? "")
    }

    @Test(
        "keeps no part of a name, however it is cut",
        arguments: [
            "NE<b>HİR</b> ATALAN", "N<span style=\"color:red\">EH</span>İR ATA<i></i>LAN",
            "NE&shy;HİR ATA&#173;LAN", "NE\u{AD}HİR ATA\u{200C}LAN", "NEH&zwnj;İR ATALAN",
            "<a href=x>NEHİR</a> <a href=x>ATALAN</a>", "NE<wbr>HİR ATALAN",
        ])
    func cut(name: String) throws {
        let (html, text) = try page("<p>Gönderen: \(name)</p><p>Tutar: 1.250,00 TL</p>")
        #expect(text.hasPrefix("Gönderen: "))
        for part in ["NE", "HİR", "EH", "İR", "ATA", "LAN"] {
            // Two letters may come again by chance.
            if part.count > 2 { #expect(!html.contains(part), "\(html)") }
        }
        let words = text.split(separator: "\n")[0].split(separator: " ").map(\.count)
        #expect(words == [9, 5, 6], "\(text)")
        #expect(!html.contains("NE<") && !html.contains("<b>HİR"))
    }

    @Test("keeps entities, tags and labels as they are")
    func kept() throws {
        let (html, text) = try page(
            "<p><b>Tutar</b><span>1.250,00</span>&nbsp;TL&thinsp;&rsquo;&shy;&zwnj;</p>")
        #expect(html.hasPrefix("<p><b>Tutar</b><span>"), "\(html)")
        #expect(html.contains("</span>&nbsp;TL&thinsp;&rsquo;&shy;&zwnj;</p>"), "\(html)")
        #expect(text.hasPrefix("Tutar"))
    }

    @Test("keeps no name in style sheets, and classes still refer to them")
    func styles() throws {
        let (html, _) = try page(
            """
            <style>/* NEHİR ATALAN */ .gizli-nehir { display: none } .satir { color: #a1b2c3 }</style>
            <p class="satir nehir">NEHİR ATALAN</p><p class="gizli-nehir" style="/* Nehir */top:0">x</p>
            """)
        #expect(html.lowercased().range(of: "nehir") == nil, "\(html)")
        #expect(!html.contains("ATALAN") && !html.contains("/*"))
        #expect(html.contains("{ display: none } .satir { color: #a1b2c3 }"))
        let name = try #require(html.firstMatch(of: /\.gizli-([a-z]+) \{/)).output.1
        #expect(name.count == 5)
        #expect(html.contains("class=\"gizli-\(name)\" style=\"top:0\""), "\(html)")
    }

    @Test("keeps no name in links and texts of style sheets")
    func styleLinks() throws {
        let (html, _) = try page(
            """
            <style>p { background: URL( 'https://k.example/nehir.atalan.png?n=1' ) } \
            b::after { content: "NEHİR ATALAN"; color: red }</style>
            <p style="background:url(https://cdn.example/u/nehir.png);top:0">NEHİR ATALAN</p>
            """)
        for word in ["nehir", "atalan", "NEHİR", "ATALAN"] {
            #expect(!html.contains(word), "\(html)")
        }
        #expect(html.contains("; color: red }") && html.contains(");top:0\""), "\(html)")
    }
}
