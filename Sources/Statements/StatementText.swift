// SPDX-License-Identifier: Apache-2.0

/// The bytes of a text file as lines. What is neither UTF-8 nor marked as UTF-16 is windows-1254,
/// in which banks in Turkey export; the same letters stand in ISO 8859-9.
enum StatementText {
    static let charsets = ["utf-8", "windows-1254", "iso-8859-9"]

    static func lines(_ bytes: [UInt8], charset: String?) -> [Substring] {
        let text = decode(bytes, charset)
        return text.split(omittingEmptySubsequences: false) { $0.isNewline }
    }

    static func decode(_ bytes: [UInt8], _ charset: String?) -> String {
        if let text = utf16(bytes) { return text }
        var bytes = bytes[...]
        if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { bytes = bytes.dropFirst(3) }
        let isTurkish = charset == "windows-1254" || charset == "iso-8859-9"
        if !isTurkish, let text = String(validating: bytes, as: UTF8.self) { return text }
        var scalars = String.UnicodeScalarView()
        scalars.reserveCapacity(bytes.count)
        for byte in bytes { scalars.append(scalar(byte)) }
        return String(scalars)
    }

    /// "Unicode text" of Excel; nil without the mark of its byte order.
    private static func utf16(_ bytes: [UInt8]) -> String? {
        let isLittle = bytes.starts(with: [0xFF, 0xFE])
        guard isLittle || bytes.starts(with: [0xFE, 0xFF]) else { return nil }
        let units = stride(from: 2, to: bytes.count - 1, by: 2).map { place in
            let (one, other) = (UInt16(bytes[place]), UInt16(bytes[place + 1]))
            return isLittle ? other << 8 | one : one << 8 | other
        }
        return String(decoding: units, as: UTF16.self)
    }

    /// Source: the WHATWG index of windows-1254.
    private static func scalar(_ byte: UInt8) -> Unicode.Scalar {
        switch byte {
        case 0x80...0x9F: Unicode.Scalar(high[Int(byte - 0x80)]) ?? "\u{FFFD}"
        case 0xD0: "Ğ"
        case 0xDD: "İ"
        case 0xDE: "Ş"
        case 0xF0: "ğ"
        case 0xFD: "ı"
        case 0xFE: "ş"
        default: Unicode.Scalar(byte)
        }
    }

    private static let high: [UInt16] = [
        0x20AC, 0xFFFD, 0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021, 0x02C6, 0x2030, 0x0160,
        0x2039, 0x0152, 0xFFFD, 0xFFFD, 0xFFFD, 0xFFFD, 0x2018, 0x2019, 0x201C, 0x201D, 0x2022,
        0x2013, 0x2014, 0x02DC, 0x2122, 0x0161, 0x203A, 0x0153, 0xFFFD, 0xFFFD, 0x0178,
    ]

    /// One line of text without its ends; nil when nothing is left.
    static func filled(_ text: some StringProtocol) -> String? {
        let words = text.split { $0.isWhitespace }
        guard !words.isEmpty else { return nil }
        return String(words.joined(separator: " ").unicodeScalars.prefix(textScalarsMax))
    }

    /// Banks print at most some hundred; the rest says nothing that matters.
    private static let textScalarsMax = 1_000
}
