// SPDX-License-Identifier: Apache-2.0

internal import CGMime

/// Bytes of any charset → UTF-8. What the mail says about itself is checked, not believed.
enum Charset {
    /// `bytes` as UTF-8, and whether the charset that was named (nil: none) had to be put right.
    ///
    /// Turkish mail often says iso-8859-1 and holds windows-1254: six letters differ, and the
    /// Icelandic ones that would stand there instead are not expected in a notice. A template in
    /// one charset may have words of another filled in: what is surely UTF-8 is read so wherever it
    /// stands, and the rest as the table says.
    static func utf8(_ bytes: [UInt8], named name: String?) -> (bytes: [UInt8], repaired: Bool) {
        if isASCII(bytes), !isWide(name) { return (bytes, false) }
        switch name?.asciiLowercased() {
        case "utf-8", "utf8", "us-ascii", "ascii":
            return isValidUTF8(bytes) ? (bytes, false) : (decode(bytes, .turkish).bytes, true)
        case nil, "":
            return isValidUTF8(bytes) ? (bytes, false) : (decode(bytes, .turkish).bytes, true)
        case "windows-1254", "cp1254", "iso-8859-9", "iso8859-9", "latin5", "iso_8859-9":
            return decode(bytes, .turkish)
        case "iso-8859-1", "iso8859-1", "latin1", "windows-1252", "cp1252", "iso_8859-1":
            if isValidUTF8(bytes) { return (bytes, true) }
            return holdsTurkishLetters(bytes)
                ? (decode(bytes, .turkish).bytes, true) : decode(bytes, .western)
        case .some(let other):
            if let converted = convert(bytes, from: other), isValidUTF8(converted) {
                return (converted, false)
            }
            return isValidUTF8(bytes) ? (bytes, true) : (decode(bytes, .turkish).bytes, true)
        }
    }

    /// Whether another charset may be meant than `name`: the bytes are not UTF-8, and the mail
    /// names nothing, UTF-8, ASCII, or ISO-8859-1, which mailers write for whatever they send.
    static func isUncertain(_ bytes: [UInt8], named name: String?) -> Bool {
        switch name?.asciiLowercased() {
        case nil, "", "utf-8", "utf8", "us-ascii", "ascii", "iso-8859-1", "iso8859-1", "latin1",
            "iso_8859-1":
            return !isValidUTF8(bytes)
        case let other?:
            return !isWide(other) && !isValidUTF8(bytes) && convert(bytes, from: other) == nil
        }
    }

    /// `bytes` as UTF-8, taken to be in `name` and nothing else; nil when they do not fit.
    static func exactly(_ bytes: [UInt8], as name: String) -> [UInt8]? {
        switch name.asciiLowercased() {
        // As browsers read it: the signs of windows-1254 stand where ISO-8859-9 has controls.
        case "windows-1254", "cp1254", "iso-8859-9": return decode(bytes, .turkish).bytes
        case "windows-1252", "cp1252", "iso-8859-1": return decode(bytes, .western).bytes
        default:
            guard let utf8 = convert(bytes, from: name), isValidUTF8(utf8) else { return nil }
            return utf8
        }
    }

    static func isASCII(_ bytes: [UInt8]) -> Bool {
        bytes.withUnsafeBytes { endOfASCII($0, from: 0) == $0.count }
    }

    static func isValidUTF8(_ bytes: [UInt8]) -> Bool {
        bytes.withUnsafeBytes { raw in
            var index = endOfASCII(raw, from: 0)
            while index < raw.count {
                guard let length = scalarLength(raw, at: index) else { return false }
                index = endOfASCII(raw, from: index + length)
            }
            return true
        }
    }

    /// The first place at or after `start` that is not ASCII; eight bytes are looked at together.
    private static func endOfASCII(_ raw: UnsafeRawBufferPointer, from start: Int) -> Int {
        var index = start
        while index + 8 <= raw.count,
            raw.loadUnaligned(fromByteOffset: index, as: UInt64.self) & 0x8080_8080_8080_8080 == 0
        {
            index &+= 8
        }
        while index < raw.count, raw[index] < 0x80 { index &+= 1 }
        return index
    }

    /// The bytes of a scalar beyond ASCII; nil when they are not well formed (Unicode, table 3-7).
    private static func scalarLength(_ raw: UnsafeRawBufferPointer, at index: Int) -> Int? {
        let lead = raw[index]
        let length: Int
        var second: ClosedRange<UInt8> = 0x80...0xBF
        switch lead {
        case 0xC2...0xDF: length = 2
        case 0xE0: (length, second) = (3, 0xA0...0xBF)
        case 0xED: (length, second) = (3, 0x80...0x9F)
        case 0xE1...0xEF: length = 3
        case 0xF0: (length, second) = (4, 0x90...0xBF)
        case 0xF1...0xF3: length = 4
        case 0xF4: (length, second) = (4, 0x80...0x8F)
        default: return nil
        }
        guard index + length <= raw.count, second.contains(raw[index + 1]) else { return nil }
        for place in index + 2..<max(index + 2, index + length) where raw[place] & 0xC0 != 0x80 {
            return nil
        }
        return length
    }

    private static func holdsTurkishLetters(_ bytes: [UInt8]) -> Bool {
        bytes.contains { byte in
            switch byte {
            case 0xD0, 0xDD, 0xDE, 0xF0, 0xFD, 0xFE: true
            default: false
            }
        }
    }

    /// Charsets in which bytes below 0x80 need not be ASCII.
    private static func isWide(_ name: String?) -> Bool {
        guard let name = name?.asciiLowercased() else { return false }
        return name.hasPrefix("utf-16") || name.hasPrefix("utf-32") || name.hasPrefix("utf-7")
            || name.hasPrefix("iso-2022") || name.hasPrefix("ucs") || name.hasPrefix("hz")
            || name.hasPrefix("ebcdic") || name.hasPrefix("cp037")
    }

    // MARK: - Conversion

    private enum Table {
        case western
        case turkish

        /// Source: the WHATWG index of windows-1252 and windows-1254, 0x80–0x9F.
        private static let high: [UInt16] = [
            0x20AC, 0xFFFD, 0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021, 0x02C6, 0x2030, 0x0160,
            0x2039, 0x0152, 0xFFFD, 0x017D, 0xFFFD, 0xFFFD, 0x2018, 0x2019, 0x201C, 0x201D, 0x2022,
            0x2013, 0x2014, 0x02DC, 0x2122, 0x0161, 0x203A, 0x0153, 0xFFFD, 0x017E, 0x0178,
        ]

        func scalar(_ byte: UInt8) -> Unicode.Scalar {
            if (0x80...0x9F).contains(byte) {
                return Unicode.Scalar(Self.high[Int(byte - 0x80)]) ?? "\u{FFFD}"
            }
            guard self == .turkish else { return Unicode.Scalar(byte) }
            return switch byte {
            case 0xD0: "Ğ"
            case 0xDD: "İ"
            case 0xDE: "Ş"
            case 0xF0: "ğ"
            case 0xFD: "ı"
            case 0xFE: "ş"
            default: Unicode.Scalar(byte)
            }
        }
    }

    /// Repaired: some of it was UTF-8.
    private static func decode(_ bytes: [UInt8], _ table: Table) -> (bytes: [UInt8], repaired: Bool)
    {
        var out: [UInt8] = []
        out.reserveCapacity(bytes.count + bytes.count / 4)
        var isMixed = false
        bytes.withUnsafeBytes { raw in
            var index = 0
            while index < raw.count {
                let byte = raw[index]
                if byte < 0x80 {
                    out.append(byte)
                } else if let length = sureScalarLength(raw, at: index) {
                    out.append(contentsOf: raw[index..<index + length])
                    isMixed = true
                    index += length
                    continue
                } else {
                    out.append(contentsOf: String(table.scalar(byte)).utf8)
                }
                index += 1
            }
        }
        return (out, isMixed)
    }

    /// The bytes of a scalar that stands in no text of one byte a letter. The letters of Turkish
    /// begin with 0xC3, 0xC4 or 0xC5 in UTF-8, which would be `Ã`, `Ä` or `Å` before a sign; a
    /// capital `Ç` before a quotation mark looks like two bytes too, but of another script.
    private static func sureScalarLength(_ raw: UnsafeRawBufferPointer, at index: Int) -> Int? {
        guard let length = scalarLength(raw, at: index) else { return nil }
        return length > 2 || (0xC2...0xC5).contains(raw[index]) ? length : nil
    }

    /// Nil when the charset is unknown or the bytes do not fit it.
    private static func convert(_ bytes: [UInt8], from name: String) -> [UInt8]? {
        bytes.withUnsafeBytes { raw in
            var written: gsize = 0
            guard
                let text = g_convert(
                    raw.baseAddress?.assumingMemoryBound(to: CChar.self), gssize(raw.count),
                    "UTF-8", name, nil, &written, nil)
            else { return nil }
            defer { g_free(text) }
            return Array(UnsafeRawBufferPointer(start: text, count: Int(written)))
        }
    }
}
