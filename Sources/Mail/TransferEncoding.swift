// SPDX-License-Identifier: Apache-2.0

internal import CGMime

/// The encodings that parts of a mail travel in. Source: RFC 2045 §6.
enum TransferEncoding {
    private static let names: [(StaticString, GMimeContentEncoding)] = [
        ("base64", GMIME_CONTENT_ENCODING_BASE64),
        ("quoted-printable", GMIME_CONTENT_ENCODING_QUOTEDPRINTABLE),
    ]

    /// Looks for the name in what GMime could not read, as `"base64"` and `base64;`.
    static func findOut(
        _ encoding: inout GMimeContentEncoding, of node: UnsafeMutablePointer<GMimeObject>
    ) {
        guard encoding == GMIME_CONTENT_ENCODING_DEFAULT,
            let said = g_mime_object_get_header(node, "Content-Transfer-Encoding")
        else { return }
        let words = String(cString: said).asciiLowercased()
            .split { !($0.isASCII && ($0.isLetter || $0.isNumber || $0 == "-")) }
        for (name, known) in names where words.first?.elementsEqual("\(name)") == true {
            encoding = known
        }
    }

    /// What follows the line `begin 644 name` of uuencoded text.
    private static func behindBegin(
        _ bytes: UnsafeBufferPointer<UInt8>
    ) -> UnsafeBufferPointer<UInt8> {
        var rest = bytes[...]
        while let end = rest.firstIndex(of: ASCII.lineFeed) {
            let isBegin = rest.starts(with: Array("begin ".utf8))
            rest = rest[(end + 1)...]
            if isBegin { return UnsafeBufferPointer(rebasing: rest) }
        }
        return UnsafeBufferPointer(rebasing: bytes[bytes.endIndex...])
    }

    static func undo(
        _ encoding: GMimeContentEncoding, _ encoded: UnsafeBufferPointer<UInt8>
    ) -> [UInt8] {
        if encoding == GMIME_CONTENT_ENCODING_QUOTEDPRINTABLE, let clean = trimmed(encoded) {
            return clean.withUnsafeBufferPointer { undone(encoding, $0) }
        }
        if encoding == GMIME_CONTENT_ENCODING_BASE64 {
            return pieces(encoded).reduce(into: []) { $0 += undone(encoding, $1) }
        }
        let isUU = encoding == GMIME_CONTENT_ENCODING_UUENCODE
        return undone(encoding, isUU ? behindBegin(encoded) : encoded)
    }

    /// Whether base64 goes on behind its end: several texts were joined, or somebody put an end
    /// where readers that stop there would not see the rest.
    static func goesOn(_ encoded: UnsafeBufferPointer<UInt8>) -> Bool {
        pieces(encoded).count > 1
    }

    /// What each end of base64 (`=`) closes (RFC 2045 §6.8).
    private static func pieces(
        _ encoded: UnsafeBufferPointer<UInt8>
    ) -> [UnsafeBufferPointer<UInt8>] {
        func isLetter(_ byte: UInt8) -> Bool {
            ASCII.lower(byte) &- 97 < 26 || byte &- 48 < 10 || byte == 43 || byte == 47
        }
        var pieces: [UnsafeBufferPointer<UInt8>] = []
        var rest = encoded[...]
        while let end = rest.firstIndex(of: ASCII.equals),
            let next = rest[end...].firstIndex(where: isLetter)
        {
            pieces.append(UnsafeBufferPointer(rebasing: rest[..<next]))
            rest = rest[next...]
        }
        return pieces + [UnsafeBufferPointer(rebasing: rest)]
    }

    private static func undone(
        _ encoding: GMimeContentEncoding, _ bytes: UnsafeBufferPointer<UInt8>
    ) -> [UInt8] {
        var state = GMimeEncoding()
        g_mime_encoding_init_decode(&state, encoding)
        let room = Int(g_mime_encoding_outlen(&state, bytes.count)) + 8
        return [UInt8](unsafeUninitializedCapacity: room) { out, count in
            bytes.withMemoryRebound(to: CChar.self) { input in
                out.withMemoryRebound(to: CChar.self) { output in
                    count = Int(
                        g_mime_encoding_flush(
                            &state, input.baseAddress, bytes.count, output.baseAddress))
                }
            }
        }
    }

    /// Without blanks at the ends of lines, which mail servers put there (rule 3 of §6.7); nil when
    /// there are none.
    private static func trimmed(_ bytes: UnsafeBufferPointer<UInt8>) -> [UInt8]? {
        func isLineEnd(_ byte: UInt8) -> Bool { byte == 10 || byte == 13 }
        let isClean = !bytes.indices.dropFirst().contains {
            isLineEnd(bytes[$0]) && ASCII.isBlank(bytes[$0 - 1])
        }
        if isClean { return nil }
        var out: [UInt8] = []
        out.reserveCapacity(bytes.count)
        for byte in bytes {
            while isLineEnd(byte), let last = out.last, ASCII.isBlank(last) { out.removeLast() }
            out.append(byte)
        }
        return out
    }

    /// Whether every equals sign up to the empty line begins a code or ends a line. The fields of a
    /// signature are full of them.
    static func isQuotedPrintable(_ bytes: UnsafeBufferPointer<UInt8>) -> Bool {
        func isHex(_ place: Int) -> Bool {
            place < bytes.count
                && ((48...57).contains(bytes[place]) || (65...70).contains(bytes[place] & 0xDF))
        }
        for place in bytes.indices {
            let isBehindLine = place > 1 && bytes[place] == ASCII.lineFeed
            if isBehindLine,
                bytes[place - 1] == ASCII.lineFeed || bytes[place - 2] == ASCII.lineFeed
            {
                return true
            }
            guard bytes[place] == ASCII.equals else { continue }
            let isLineEnd = place + 1 < bytes.count && bytes[place + 1] <= ASCII.blank
            guard isLineEnd || isHex(place + 1) && isHex(place + 2) else { return false }
        }
        return true
    }
}
