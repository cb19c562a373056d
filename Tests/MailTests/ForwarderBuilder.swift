// SPDX-License-Identifier: Apache-2.0

import Cryptography
import Testing

@testable import Mail

/// Adds to a mail what one forwarder adds: results, signature and seal. It shares no code with the
/// checker but the digests.
struct ForwarderBuilder {
    var domain = "posta.example"
    var selector = "arc"
    var algorithm = "rsa-sha256"
    /// Instance; nil counts the seals that are there.
    var instance: Int?
    var verdict: String?
    var results = "mx.posta.example; dkim=pass header.d=garantibbva.com.tr; spf=pass"
    var signed = "from:to:subject:date:message-id:dkim-signature"
    var messageExtra = ""
    var sealExtra = ""
    var key: SigningKey? = Self.key

    static let key: SigningKey? = try? .rsa(bits: 1024)

    /// The mail with one more instance on top.
    func forward(_ mail: String) throws -> String {
        let key = try #require(key)
        let cut = try #require(mail.firstRange(of: "\r\n\r\n"))
        let fields = Self.fields(String(mail[..<cut.lowerBound]))
        var canon = SignedMailBuilder()
        canon.body = String(mail[cut.upperBound...])
        let count = fields.count { $0.name.lowercased() == "arc-seal" }
        let number = instance ?? count + 1
        let hash = Base64.encode(Digest.sha256(Array(canon.canonicalBody.utf8)))
        let head =
            " i=\(number); a=\(algorithm); c=relaxed/relaxed; d=\(domain); s=\(selector);\r\n"
            + "\th=\(signed);\(messageExtra) bh=\(hash); b="
        var data = ""
        var rest = fields
        for name in signed.split(separator: ":") {
            guard let index = rest.lastIndex(where: { $0.name.lowercased() == name }) else {
                continue
            }
            let field = rest.remove(at: index)
            data += canon.canonical(field.name, field.value) + "\r\n"
        }
        data += canon.canonical("ARC-Message-Signature", head)
        let message = head + (try signature(data, key))
        let results = " i=\(number); \(self.results)"
        data = ""
        for place in 1..<max(number, 1) {
            for name in ["ARC-Authentication-Results", "ARC-Message-Signature", "ARC-Seal"] {
                let field = fields.first {
                    $0.name == name && $0.value.contains("i=\(place);")
                }
                if let field { data += canon.canonical(name, field.value) + "\r\n" }
            }
        }
        let verdict = self.verdict ?? (number == 1 ? "none" : "pass")
        let seal =
            " i=\(number); a=\(algorithm); cv=\(verdict);\(sealExtra)\r\n"
            + "\td=\(domain); s=\(selector); b="
        data += canon.canonical("ARC-Authentication-Results", results) + "\r\n"
        data += canon.canonical("ARC-Message-Signature", message) + "\r\n"
        data += canon.canonical("ARC-Seal", seal)
        return "ARC-Seal:\(seal)\(try signature(data, key))\r\nARC-Message-Signature:\(message)\r\n"
            + "ARC-Authentication-Results:\(results)\r\n" + mail
    }

    private func signature(_ data: String, _ key: SigningKey) throws -> String {
        let digest = Digest.sha256(Array(data.utf8))
        let bytes =
            algorithm.hasPrefix("ed")
            ? try key.sign(message: digest) : try key.sign(digestSHA256: digest)
        return Base64.encode(bytes)
    }

    private static func fields(_ head: String) -> [(name: String, value: String)] {
        var fields: [(name: String, value: String)] = []
        for line in head.split(separator: "\r\n") {
            if line.first == " " || line.first == "\t", let last = fields.popLast() {
                fields.append((last.name, last.value + "\r\n" + line))
            } else if let colon = line.firstIndex(of: ":") {
                fields.append(
                    (String(line[..<colon]), String(line[line.index(after: colon)...])))
            }
        }
        return fields
    }
}
