// SPDX-License-Identifier: Apache-2.0

internal import Cryptography

/// Signs mails, relaxed/relaxed, with a key that lives as long as the process.
///
/// Source: RFC 6376 §3.4.2, §3.4.4, §3.5; RFC 8463 for Ed25519.
struct DKIMSigner: Sendable {
    static let selector = "sample"
    static let signedFields = [
        "from", "to", "subject", "date", "message-id", "mime-version", "content-type",
    ]

    private let key: SigningKey
    private let isRSA: Bool

    init(_ algorithm: SampleBank.Algorithm) throws(CryptoError) {
        switch algorithm {
        case .rsa(let bits):
            key = try .rsa(bits: bits)
            isRSA = true
        case .ed25519:
            key = try .ed25519()
            isRSA = false
        }
    }

    /// The TXT record: `v=DKIM1; k=rsa; p=…`.
    var record: String {
        "v=DKIM1; k=\(isRSA ? "rsa" : "ed25519"); p=\(Base64.encode(key.publicKey))"
    }

    /// The signature field, folded, without line end at its end.
    func field(
        fields: [String], body: String, domain: String, seconds: Int
    ) throws(CryptoError) -> String {
        let bodyHash = Base64.encode(Digest.sha256(Array(Self.relaxed(body: body).utf8)))
        let open =
            "DKIM-Signature: v=1; a=\(isRSA ? "rsa" : "ed25519")-sha256; c=relaxed/relaxed;\r\n"
            + " d=\(domain); s=\(Self.selector); t=\(seconds);\r\n"
            + " h=\(Self.signedFields.joined(separator: ":"));\r\n"
            + " bh=\(bodyHash);\r\n b="
        let digest = Digest.sha256(Array(Self.signedText(fields: fields, signature: open).utf8))
        let signature = isRSA ? try key.sign(digestSHA256: digest) : try key.sign(message: digest)
        let signs = Array(Base64.encode(signature).utf8)
        // Folded like the rest, so that no line grows beyond what mail servers like.
        let lines = stride(from: 0, to: signs.count, by: 70).map {
            String(decoding: signs[$0..<min($0 + 70, signs.count)], as: UTF8.self)
        }
        return open + lines.joined(separator: "\r\n  ")
    }

    /// What is hashed: the chosen fields, then the signature field with an empty `b=`.
    static func signedText(fields: [String], signature: String) -> String {
        let known = Dictionary(
            fields.map { relaxed(field: $0) }.map { (String($0.prefix { $0 != ":" }), $0) }
        ) { _, last in last }
        return signedFields.compactMap { known[$0] }.map { $0 + "\r\n" }.joined()
            + relaxed(field: signature)
    }

    /// Name in lower case, unfolded, blanks as one. Source: RFC 6376 §3.4.2.
    static func relaxed(field: String) -> String {
        let name = field.prefix { $0 != ":" }
        let value = field.dropFirst(name.count + 1)
        let words = value.utf8.split { $0 == 32 || $0 == 9 || $0 == 13 || $0 == 10 }
        return name.lowercased() + ":"
            + words.map { String(Substring($0)) }.joined(separator: " ")
    }

    /// Blanks as one, none at the end of a line, no empty lines at the end. Source: §3.4.4.
    static func relaxed(body: String) -> String {
        var out: [UInt8] = []
        var emptyLines = 0
        var line: [UInt8] = []
        var blank = false
        func close() {
            if line.isEmpty {
                emptyLines += 1
            } else {
                for _ in 0..<emptyLines { out += [13, 10] }
                emptyLines = 0
                out += line + [13, 10]
            }
            line.removeAll(keepingCapacity: true)
            blank = false
        }
        for byte in body.utf8 {
            switch byte {
            case 32, 9: blank = true
            case 13: break
            case 10: close()
            default:
                if blank { line.append(32) }
                blank = false
                line.append(byte)
            }
        }
        if !line.isEmpty { close() }
        return String(decoding: out, as: UTF8.self)
    }
}
