// SPDX-License-Identifier: Apache-2.0

internal import Cryptography

/// Writes a mail of two alternative parts as a bank's mailing system would.
struct MailComposer: Sendable {
    enum Encoding: Sendable { case quotedPrintable, base64 }

    struct Parts: Sendable {
        /// Display name, then address.
        let from: (name: String, address: String)
        let to: String
        let subject: String
        let date: CivilTime
        /// Without angle brackets.
        let messageID: String
        let text: String
        let html: String
        /// A file of HTML that comes with it.
        let attachment: (name: String, html: String)?
        let encoding: Encoding
    }

    /// Header fields in order, each folded, without line end; and the body with CRLF.
    static func compose(_ parts: Parts) -> (fields: [String], body: String) {
        let digest = Digest.sha256(Array(parts.messageID.utf8))
        let boundary = "=_" + Hex.encode(Array(digest.prefix(12)))
        let fields = [
            "From: \(word(parts.from.name)) <\(parts.from.address)>",
            "To: \(parts.to)",
            "Subject: \(word(parts.subject))",
            "Date: \(parts.date.mail)",
            "Message-ID: <\(parts.messageID)>",
            "MIME-Version: 1.0",
            "Content-Type: multipart/\(parts.attachment == nil ? "alternative" : "mixed");\r\n"
                + " boundary=\"\(boundary)\"",
        ]
        var body = part(parts.html, type: "text/html", boundary, parts.encoding)
        if let file = parts.attachment {
            body += part(
                file.html, type: "text/html", boundary, parts.encoding,
                "Content-Disposition: attachment; filename=\"\(file.name)\"\r\n")
        } else {
            body = part(parts.text, type: "text/plain", boundary, parts.encoding) + body
        }
        return (fields, body + "--\(boundary)--\r\n")
    }

    private static func part(
        _ text: String, type: String, _ boundary: String, _ encoding: Encoding,
        _ more: String = ""
    ) -> String {
        let name = encoding == .base64 ? "base64" : "quoted-printable"
        let content = encoding == .base64 ? base64(text) : quotedPrintable(text)
        return "--\(boundary)\r\nContent-Type: \(type); charset=UTF-8\r\n\(more)"
            + "Content-Transfer-Encoding: \(name)\r\n\r\n\(content)\r\n"
    }

    /// Lines of 76 signs. Source: RFC 2045 §6.8.
    static func base64(_ text: String) -> String {
        let signs = Array(Base64.encode(Array(text.utf8)).utf8)
        var lines = ""
        for start in stride(from: 0, to: signs.count, by: 76) {
            let end = min(start + 76, signs.count)
            lines += String(decoding: signs[start..<end], as: UTF8.self) + "\r\n"
        }
        return lines
    }

    /// Lines of at most 76 signs, never cut inside an escape. Source: RFC 2045 §6.7.
    static func quotedPrintable(_ text: String) -> String {
        var out: [UInt8] = []
        for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
            var width = 0
            let bytes = Array(line.utf8)
            for (index, byte) in bytes.enumerated() {
                let isLast = index == bytes.count - 1
                let isPlain =
                    (33...126).contains(byte) && byte != 61
                    || (byte == 32 || byte == 9) && !isLast
                let size = isPlain ? 1 : 3
                if width + size > 75 {
                    out += [61, 13, 10]
                    width = 0
                }
                out += isPlain ? [byte] : escape(byte, 61)
                width += size
            }
            out += [13, 10]
        }
        return String(decoding: out, as: UTF8.self)
    }

    private static func escape(_ byte: UInt8, _ mark: UInt8) -> [UInt8] {
        let digits = Array("0123456789ABCDEF".utf8)
        return [mark, digits[Int(byte >> 4)], digits[Int(byte & 15)]]
    }

    /// A header text: plain when it is ASCII, else encoded words. Source: RFC 2047 §2.
    static func word(_ text: String) -> String {
        if text.utf8.allSatisfy({ (32...126).contains($0) }) { return text }
        // 42 bytes make 56 signs of Base64: with `=?UTF-8?B?` and `?=` below the 75 allowed.
        let bytesMax = 42
        var words: [[UInt8]] = [[]]
        for character in text {
            let bytes = Array(String(character).utf8)
            if words[words.count - 1].count + bytes.count > bytesMax { words.append([]) }
            words[words.count - 1] += bytes
        }
        return words.map { "=?UTF-8?B?\(Base64.encode($0))?=" }.joined(separator: "\r\n ")
    }
}
