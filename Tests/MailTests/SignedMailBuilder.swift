// SPDX-License-Identifier: Apache-2.0

import Cryptography
import FoundationEssentials
import Testing

@testable import Mail

/// Signs mails the way a sender does, with text functions of its own: what it shares with the
/// checker is the standard alone.
struct SignedMailBuilder {
    var fields: [(name: String, value: String)] = [
        ("From", "Garanti BBVA <garanti@garantibbva.com.tr>"),
        ("To", "organizator@ornek.example"),
        ("Subject", "Hesabınıza para geldi"),
        ("Date", "Sun, 22 Nov 2026 11:05:33 +0300"),
        ("Message-ID", "<1@garantibbva.com.tr>"),
        ("Content-Type", "text/plain; charset=utf-8"),
    ]
    var body = "Merhaba,  \r\n\r\nHesabınıza 1.250,00 TL \t geldi.\r\n\r\n\r\n"
    var header = "relaxed"
    var bodyForm = "relaxed"
    var domain = "garantibbva.com.tr"
    var selector = "s1"
    var algorithm = "rsa-sha256"
    var signed = "from:to:subject:date:message-id:content-type"
    var extra = ""

    static let key: SigningKey? = try? .rsa(bits: 1024)
    static let arrival = Date(timeIntervalSince1970: 1_795_334_733)

    func text(_ key: SigningKey?) throws -> String {
        let signature = try signatureField(key)
        let all = fields.map { "\($0.name): \($0.value)\r\n" }.joined()
        return "DKIM-Signature:\(signature)\r\n" + all + "\r\n" + body
    }

    func mail(_ key: SigningKey? = Self.key) throws -> [UInt8] { Array(try text(key).utf8) }

    static func record(_ key: SigningKey?) -> String {
        guard let key else { return "" }
        let kind = key.publicKey.count == 32 ? "ed25519" : "rsa"
        return "v=DKIM1; k=\(kind); p=\(Base64.encode(key.publicKey))"
    }

    private func signatureField(_ key: SigningKey?) throws -> String {
        let key = try #require(key)
        let hash = Base64.encode(Digest.sha256(Array(canonicalBody.utf8)))
        let start =
            " v=1; a=\(algorithm); c=\(header)/\(bodyForm); d=\(domain); s=\(selector);\r\n"
            + "\th=\(signed);\(extra) bh=\(hash);\r\n\tb="
        var data = ""
        var rest = fields
        for name in signed.split(separator: ":") {
            let name = name.filter { $0 != " " }.lowercased()
            guard let index = rest.lastIndex(where: { $0.name.lowercased() == name }) else {
                continue
            }
            let field = rest.remove(at: index)
            data += canonical(field.name, " " + field.value) + "\r\n"
        }
        data += canonical("DKIM-Signature", start)
        let digest = Digest.sha256(Array(data.utf8))
        let signature =
            algorithm.hasPrefix("ed")
            ? try key.sign(message: digest)
            : try key.sign(digestSHA256: digest)
        let text = Base64.encode(signature)
        let half = text.index(text.startIndex, offsetBy: text.count / 2)
        return start + text[..<half] + "\r\n\t " + text[half...]
    }

    func canonical(_ name: String, _ value: String) -> String {
        guard header == "relaxed" else { return name + ":" + value }
        let words = value.unicodeScalars.split { [32, 9, 13, 10].contains($0.value) }
        return name.lowercased() + ":" + words.map { String($0) }.joined(separator: " ")
    }

    var canonicalBody: String {
        var lines = body.replacing("\r\n", with: "\n").unicodeScalars
            .split(separator: "\n", omittingEmptySubsequences: false).map { String($0) }
        if bodyForm == "relaxed" {
            lines = lines.map { line in
                let words = line.unicodeScalars.split { [32, 9].contains($0.value) }
                let begins = line.first == " " || line.first == "\t"
                return (begins && !words.isEmpty ? " " : "")
                    + words.map { String($0) }.joined(separator: " ")
            }
        }
        while let last = lines.last, last.isEmpty { lines.removeLast() }
        let text = lines.map { $0 + "\r\n" }.joined()
        return text.isEmpty && bodyForm == "simple" ? "\r\n" : text
    }
}
