// SPDX-License-Identifier: Apache-2.0

/// Lower-case hexadecimal.
package enum Hex {
    private static let digits = Array("0123456789abcdef".utf8)

    /// Two small letters or digits for each byte.
    package static func encode(_ bytes: [UInt8]) -> String {
        var out: [UInt8] = []
        out.reserveCapacity(bytes.count * 2)
        for byte in bytes {
            out.append(digits[Int(byte >> 4)])
            out.append(digits[Int(byte & 15)])
        }
        return String(decoding: out, as: UTF8.self)
    }
}

/// Base64 (RFC 4648 §4). Decoding skips white space, as mail headers fold it in.
package enum Base64 {
    private static let signs = Array(
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)
    private static let values: [UInt8] = {
        var table = [UInt8](repeating: 255, count: 256)
        for (value, sign) in signs.enumerated() { table[Int(sign)] = UInt8(value) }
        return table
    }()

    /// With padding, in one line.
    package static func encode(_ bytes: [UInt8]) -> String {
        var out: [UInt8] = []
        out.reserveCapacity((bytes.count + 2) / 3 * 4)
        var index = 0
        while index < bytes.count {
            let rest = bytes.count - index
            let first = UInt32(bytes[index]) << 16
            let second = rest > 1 ? UInt32(bytes[index + 1]) << 8 : 0
            let third = rest > 2 ? UInt32(bytes[index + 2]) : 0
            let group = first | second | third
            out.append(signs[Int(group >> 18)])
            out.append(signs[Int(group >> 12 & 63)])
            out.append(rest > 1 ? signs[Int(group >> 6 & 63)] : 61)
            out.append(rest > 2 ? signs[Int(group & 63)] : 61)
            index += 3
        }
        return String(decoding: out, as: UTF8.self)
    }

    /// Nil when a sign is not of the alphabet or the padding is wrong.
    package static func decode(_ text: some Sequence<UInt8>) -> [UInt8]? { decoded(Array(text)) }

    package static func decode(_ text: String) -> [UInt8]? { decoded(Array(text.utf8)) }

    private static func decoded(_ text: [UInt8]) -> [UInt8]? {
        var out: [UInt8] = []
        out.reserveCapacity(text.count / 4 * 3 + 3)
        var bits: UInt32 = 0
        var count = 0
        var padding = 0
        let values = Self.values
        for sign in text {
            let value = values[Int(sign)]
            guard value != 255 else {
                if sign == 32 || (9...13).contains(sign) { continue }
                guard sign == 61 else { return nil }
                padding += 1
                continue
            }
            guard padding == 0 else { return nil }
            bits = bits << 6 | UInt32(value)
            count &+= 1
            if count & 3 == 0 {
                out.append(UInt8(truncatingIfNeeded: bits >> 16))
                out.append(UInt8(truncatingIfNeeded: bits >> 8))
                out.append(UInt8(truncatingIfNeeded: bits))
                bits = 0
            }
        }
        switch count % 4 {
        case 0: return padding == 0 ? out : nil
        case 2 where padding == 0 || padding == 2:
            out.append(UInt8(truncatingIfNeeded: bits >> 4))
            return out
        case 3 where padding <= 1:
            out.append(UInt8(truncatingIfNeeded: bits >> 10))
            out.append(UInt8(truncatingIfNeeded: bits >> 2))
            return out
        default: return nil
        }
    }
}
