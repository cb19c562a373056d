// SPDX-License-Identifier: Apache-2.0

internal import Glibc

/// How the bytes of a part travel (RFC 2045 section 6).
enum TransferEncoding: Sendable {
    case identity, base64, quotedPrintable

    /// Columns that a line has at most, its end not counted (RFC 2045 sections 6.7 and 6.8).
    private static let columnsMax = 76

    init(_ name: String) {
        switch name.lowercased() {
        case "base64": self = .base64
        case "quoted-printable": self = .quotedPrintable
        default: self = .identity
        }
    }

    /// The bytes that are meant. Signs that do not belong there are skipped, as readers do.
    func decode(_ bytes: ArraySlice<UInt8>) -> [UInt8] {
        switch self {
        case .identity: Array(bytes)
        case .base64: Self.base64Decoded(bytes)
        case .quotedPrintable: Self.quotedDecoded(bytes)
        }
    }

    /// The bytes as they travel, in lines that end with `newline`.
    func encode(_ bytes: [UInt8], newline: [UInt8]) -> [UInt8] {
        switch self {
        case .identity: bytes
        case .base64: Self.base64Encoded(bytes, columns: Self.columnsMax, newline: newline)
        case .quotedPrintable: Self.quotedEncoded(bytes, newline: newline)
        }
    }

    // MARK: - Base64

    private static let signs = Array(
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)

    private static let values: [UInt8] = {
        var values = [UInt8](repeating: 255, count: 256)
        for (value, sign) in signs.enumerated() { values[Int(sign)] = UInt8(value) }
        return values
    }()

    private static func base64Decoded(_ bytes: ArraySlice<UInt8>) -> [UInt8] {
        var output: [UInt8] = []
        output.reserveCapacity(bytes.count / 4 * 3)
        var buffer: UInt32 = 0
        var bits: UInt32 = 0
        for byte in bytes {
            let value = values[Int(byte)]
            guard value < 64 else {
                if byte == 61 { break }
                continue
            }
            buffer = (buffer << 6 | UInt32(value)) & 0xFFFFFF
            bits += 6
            if bits >= 8 {
                bits -= 8
                output.append(UInt8(truncatingIfNeeded: buffer >> bits))
            }
        }
        return output
    }

    static func base64Encoded(_ bytes: [UInt8], columns: Int, newline: [UInt8]) -> [UInt8] {
        var output: [UInt8] = []
        output.reserveCapacity(bytes.count / 3 * 4 + 8)
        var column = 0
        for start in stride(from: 0, to: bytes.count, by: 3) {
            let rest = bytes.count - start
            let second = rest > 1 ? bytes[start + 1] : 0
            let third = rest > 2 ? bytes[start + 2] : 0
            output.append(signs[Int(bytes[start] >> 2)])
            output.append(signs[Int((bytes[start] & 3) << 4 | second >> 4)])
            output.append(rest > 1 ? signs[Int((second & 15) << 2 | third >> 6)] : 61)
            output.append(rest > 2 ? signs[Int(third & 63)] : 61)
            column += 4
            if column >= columns, start + 3 < bytes.count {
                output += newline
                column = 0
            }
        }
        return output + (output.isEmpty ? [] : newline)
    }

    // MARK: - Quoted-printable

    private static func hexadecimal(_ byte: UInt8) -> UInt8? {
        switch byte {
        case 48...57: byte - 48
        case 65...70: byte - 55
        case 97...102: byte - 87
        default: nil
        }
    }

    static func quotedDecoded(_ bytes: ArraySlice<UInt8>) -> [UInt8] {
        var output: [UInt8] = []
        output.reserveCapacity(bytes.count)
        var index = bytes.startIndex
        while index < bytes.endIndex {
            guard bytes[index] == 61 else {
                output.append(bytes[index])
                index += 1
                continue
            }
            if index + 2 < bytes.endIndex, let high = hexadecimal(bytes[index + 1]),
                let low = hexadecimal(bytes[index + 2])
            {
                output.append(high << 4 | low)
                index += 3
                continue
            }
            // A line that goes on: blanks may stand before its end.
            var end = index + 1
            while end < bytes.endIndex, bytes[end] == 32 || bytes[end] == 9 { end += 1 }
            if end < bytes.endIndex, bytes[end] == 13 { end += 1 }
            if end < bytes.endIndex, bytes[end] == 10 {
                index = end + 1
            } else {
                output.append(61)
                index += 1
            }
        }
        return output
    }

    private static let digits = Array("0123456789ABCDEF".utf8)

    private static func quotedEncoded(_ bytes: [UInt8], newline: [UInt8]) -> [UInt8] {
        var output: [UInt8] = []
        output.reserveCapacity(bytes.count + bytes.count / 8)
        var column = 0
        for (index, byte) in bytes.enumerated() {
            let next = index + 1 < bytes.count ? bytes[index + 1] : 10
            if byte == 10 || byte == 13 && next == 10 {
                output.append(byte)
                column = 0
                continue
            }
            // A blank before the end of a line would be lost on the way.
            let isBlankAtEnd = (byte == 32 || byte == 9) && (next == 10 || next == 13)
            let isPlain = (byte == 9 || (32...126).contains(byte)) && byte != 61 && !isBlankAtEnd
            let width = isPlain ? 1 : 3
            if column + width > columnsMax - 1 {
                output.append(61)
                output += newline
                column = 0
            }
            if isPlain {
                output.append(byte)
            } else {
                output += [61, digits[Int(byte >> 4)], digits[Int(byte & 15)]]
            }
            column += width
        }
        return output
    }
}

/// A charset as mails name it, through iconv(3).
struct MailCharset: Sendable {
    let name: String

    /// Turkish bytes that Latin-1 takes for letters no Turkish text holds: `ý þ ð Ý Þ Ð`.
    private static let mislabelled: Set<UInt8> = [0xD0, 0xDD, 0xDE, 0xF0, 0xFD, 0xFE]

    /// The charset in which `bytes` are read: the one that is named, unless the bytes cannot be
    /// meant so.
    init(named name: String?, of bytes: [UInt8]) {
        let name = (name ?? "").lowercased()
        let latin = ["iso-8859-1", "latin1", "windows-1252", "us-ascii", "ascii", ""]
        let high = bytes.contains { $0 > 127 }
        if latin.contains(name) {
            let isUTF8 = high && String(validating: bytes, as: UTF8.self) != nil
            let isTurkish = bytes.contains { Self.mislabelled.contains($0) }
            self.name =
                isUTF8 && !name.hasPrefix("iso")
                ? "utf-8"
                : isTurkish
                    ? "windows-1254"
                    : high && name.contains("ascii") || name.isEmpty
                        ? (high ? "windows-1254" : "us-ascii") : name
        } else if name == "utf-8" || name == "utf8" {
            self.name = String(validating: bytes, as: UTF8.self) == nil ? "windows-1254" : "utf-8"
        } else if name == "iso-8859-9" {
            // What says 8859-9 is read as 1254, which is the same and more.
            self.name = "windows-1254"
        } else {
            self.name = Self.converted([65], from: name, to: "utf-8") == nil ? "windows-1254" : name
        }
    }

    /// The text; bytes that mean nothing are dropped.
    func decode(_ bytes: [UInt8]) -> String {
        if name == "utf-8" { return String(decoding: bytes, as: UTF8.self) }
        let text = Self.converted(bytes, from: name, to: "utf-8")
        return String(decoding: text ?? bytes.filter { $0 < 128 }, as: UTF8.self)
    }

    /// The bytes; signs that the charset does not have become question marks.
    func encode(_ text: String) -> [UInt8] {
        if name == "utf-8" { return Array(text.utf8) }
        if let bytes = Self.converted(Array(text.utf8), from: "utf-8", to: name, strict: true) {
            return bytes
        }
        let clean = String(
            String.UnicodeScalarView(text.unicodeScalars.map { canWrite($0) ? $0 : "?" }))
        return Self.converted(Array(clean.utf8), from: "utf-8", to: name) ?? Array(clean.utf8)
    }

    func canWrite(_ sign: Unicode.Scalar) -> Bool {
        if sign.isASCII || name == "utf-8" { return true }
        return Self.converted(Array(String(sign).utf8), from: "utf-8", to: name, strict: true)
            != nil
    }

    /// Nil when iconv does not know the charset, or when `strict` and something cannot be said.
    private static func converted(
        _ bytes: [UInt8], from: String, to: String, strict: Bool = false
    ) -> [UInt8]? {
        guard let converter = iconv_open(to, from), converter != iconv_t(bitPattern: -1) else {
            return nil
        }
        defer { iconv_close(converter) }
        var input = bytes.map { CChar(bitPattern: $0) }
        // No sign of a mail's charset takes more than four bytes in another.
        var output = [CChar](repeating: 0, count: bytes.count * 4 + 16)
        var lost = false
        let written = input.withUnsafeMutableBufferPointer { input -> Int in
            output.withUnsafeMutableBufferPointer { output -> Int in
                var source = input.baseAddress
                var sourceLeft = input.count
                var target = output.baseAddress
                var targetLeft = output.count
                while sourceLeft > 0 {
                    let result = iconv(converter, &source, &sourceLeft, &target, &targetLeft)
                    if result != Int(bitPattern: UInt.max), result != -1 { break }
                    lost = true
                    // One byte is skipped; the rest may be fine.
                    guard sourceLeft > 0, targetLeft > 0 else { break }
                    source = source?.advanced(by: 1)
                    sourceLeft -= 1
                }
                return output.count - targetLeft
            }
        }
        if strict, lost { return nil }
        return output[..<written].map { UInt8(bitPattern: $0) }
    }
}
