// SPDX-License-Identifier: Apache-2.0

internal import Domain

/// A header text with encoded words (RFC 2047), rewritten in the charset in which it was written.
struct HeaderWords {
    /// Of an encoded word with its frame (RFC 2047 section 2).
    private static let wordLengthMax = 75

    let texts: TextAnonymizer
    let newline: [UInt8]

    /// A text and how its first encoded word was written.
    struct Decoded {
        var text = ""
        var charset: MailCharset?
        var isBase64 = false
    }

    func rewrite(_ value: [UInt8], isAddress: Bool) -> [UInt8] {
        let decoded = Self.decoded(value)
        let text = texts.rewrite(decoded.text)
        guard text.utf8.contains(where: { $0 > 126 }) || decoded.charset != nil else {
            return Array(text.utf8)
        }
        // Bytes that were not encoded stay so.
        guard let charset = decoded.charset else {
            return MailCharset(named: nil, of: value).encode(text)
        }
        guard isAddress else { return encoded(text[...], charset, decoded.isBase64) }
        // Only names are encoded, addresses never.
        return text.split(separator: ",").map { one -> [UInt8] in
            guard let open = one.lastIndex(of: "<") else { return Array(one.utf8) }
            let name = one[..<open].filter { $0 != "\"" }.split(separator: " ").joined(
                separator: " ")
            return encoded(name[...], charset, decoded.isBase64) + [32] + Array(one[open...].utf8)
        }.joined(separator: [44, 32]).map { $0 }
    }

    // MARK: - Reading

    /// `=?utf-8?B?…?=` and what stands between; blanks between two encoded words are none.
    static func decoded(_ value: [UInt8]) -> Decoded {
        var output = Decoded()
        var plain: [UInt8] = []
        var encoded: [UInt8] = []
        func charset(_ bytes: [UInt8]) -> MailCharset {
            MailCharset(named: output.charset?.name, of: bytes)
        }
        func flushEncoded() {
            guard !encoded.isEmpty else { return }
            output.text += charset(encoded).decode(encoded)
            encoded = []
        }
        func flushPlain() {
            guard !plain.isEmpty else { return }
            output.text += MailCharset(named: nil, of: plain).decode(plain)
            plain = []
        }
        var index = 0
        while index < value.count {
            if let word = encodedWord(value, index) {
                if !encoded.isEmpty, plain.allSatisfy({ $0 == 32 || $0 == 9 }) { plain = [] }
                if !plain.isEmpty {
                    flushEncoded()
                    flushPlain()
                }
                if output.charset == nil {
                    output.charset = MailCharset(named: word.charset, of: word.bytes)
                    output.isBase64 = word.isBase64
                }
                encoded += word.bytes
                index = word.end
            } else {
                if plain.isEmpty, value[index] != 32, value[index] != 9 { flushEncoded() }
                plain.append(value[index])
                index += 1
            }
        }
        // Blanks at the end belong behind the encoded words.
        flushEncoded()
        flushPlain()
        return output
    }

    private static func encodedWord(
        _ value: [UInt8], _ start: Int
    ) -> (charset: String, bytes: [UInt8], isBase64: Bool, end: Int)? {
        guard value[start...].starts(with: [61, 63]) else { return nil }
        // Longer words exist although none should.
        let limit = min(value.count, start + 1000)
        let marks = value[(start + 2)..<limit].indices.lazy.filter { value[$0] == 63 }.prefix(3)
        let places = Array(marks)
        guard places.count == 3, places[2] + 1 < value.count, value[places[2] + 1] == 61,
            places[1] == places[0] + 2
        else { return nil }
        let name = String(decoding: value[(start + 2)..<places[0]], as: UTF8.self)
        let charset = String(name.prefix { $0 != "*" })
        let isBase64 = value[places[0] + 1] | 32 == 98
        let text = value[(places[1] + 1)..<places[2]]
        let bytes =
            isBase64
            ? TransferEncoding.base64.decode(text)
            : TransferEncoding.quotedDecoded(text.map { $0 == 95 ? 32 : $0 }[...])
        return (charset, bytes, isBase64, places[2] + 2)
    }

    // MARK: - Writing

    private func encoded(
        _ text: Substring, _ charset: MailCharset, _ isBase64: Bool
    ) -> [UInt8] {
        guard text.utf8.contains(where: { $0 > 126 }) else { return Array(text.utf8) }
        let frame = charset.name.utf8.count + 7
        var words: [[UInt8]] = []
        var bytes: [UInt8] = []
        func width(_ bytes: [UInt8]) -> Int {
            isBase64 ? (bytes.count + 2) / 3 * 4 : Self.quoted(bytes).count
        }
        for sign in text.unicodeScalars {
            // A sign is never cut in two.
            let more = charset.encode(String(sign))
            if !bytes.isEmpty, width(bytes + more) + frame > Self.wordLengthMax {
                words.append(bytes)
                bytes = []
            }
            bytes += more
        }
        if !bytes.isEmpty { words.append(bytes) }
        return words.map { word in
            let content =
                isBase64
                ? TransferEncoding.base64Encoded(word, columns: 1000, newline: [])
                : Self.quoted(word)
            return Array("=?\(charset.name)?\(isBase64 ? "B" : "Q")?".utf8) + content + [63, 61]
        }.joined(separator: newline + [32]).map { $0 }
    }

    private static func quoted(_ bytes: [UInt8]) -> [UInt8] {
        let digits = Array("0123456789ABCDEF".utf8)
        return bytes.flatMap { byte -> [UInt8] in
            if byte == 32 { return [95] }
            let isPlain =
                (48...57).contains(byte) || (65...90).contains(byte) || (97...122).contains(byte)
            return isPlain ? [byte] : [61, digits[Int(byte >> 4)], digits[Int(byte & 15)]]
        }
    }
}
