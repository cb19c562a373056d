// SPDX-License-Identifier: Apache-2.0

import Domain
import Foundation
import Mail

/// The ways in which the same HTML may be sent.
enum Dress: String, CaseIterable, Sendable {
    case windows1254, latin5, mislabelledLatin1, entities, base64UTF8, withoutCharset
    case quotedPrintableUTF8, hiddenPreheader, nestedTables, noBreakBlanks, invisibleSigns
    case decomposed, lineBreaks

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
        let lines = Self.lines(text)
        let paragraphs = Self.paragraphs(text)
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
        case .noBreakBlanks:
            (Self.betweenTags(paragraphs) { $0.replacing(" ", with: "&nbsp;") }, "utf-8", "base64")
        case .invisibleSigns:
            // A zero-width blank and a soft hyphen in every number.
            (
                Self.betweenTags(paragraphs) {
                    $0.replacing("0", with: "\u{200B}0\u{AD}")
                }, "utf-8", "base64"
            )
        case .decomposed:
            (paragraphs.decomposedStringWithCanonicalMapping, "utf-8", "quoted-printable")
        case .lineBreaks:
            (
                "<table><tr><td>"
                    + lines.map {
                        $0.contains("\t") ? "<table>\(Self.row($0))</table>" : $0 + "<br/>"
                    }
                    .joined() + "</td></tr></table>", "utf-8", "base64"
            )
        case .nestedTables:
            (
                "<table><tr><td>" + lines.map { "<table>\(Self.row($0))</table>" }.joined()
                    + "</td></tr></table>", "utf-8", "base64"
            )
        }
    }

    /// `change` done to what stands between tags.
    private static func betweenTags(_ html: String, _ change: (String) -> String) -> String {
        html.split(separator: "<", omittingEmptySubsequences: false).map { part in
            guard let end = part.firstIndex(of: ">") else { return String(part) }
            let text = part.index(after: end)
            return part[..<text] + change(String(part[text...]))
        }.joined(separator: "<")
    }

    /// The text as HTML: a line is a paragraph, one with cells a table.
    static func paragraphs(_ text: String) -> String {
        "<html><body>" + lines(text).map(block).joined() + "</body></html>"
    }

    private static func lines(_ text: String) -> [Substring] {
        text.replacing("&", with: "&amp;").replacing("<", with: "&lt;").split(separator: "\n")
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
    static func mailDate(_ text: String) -> String {
        guard text.utf8.count == 20 else { return "" }
        let signs = Array(text)
        return
            "\(String(signs[8..<10])) Nov \(String(signs[0..<4])) \(String(signs[11..<19])) +0000"
    }
}
