// SPDX-License-Identifier: Apache-2.0

/// An account number whose check digits fit (ISO 13616: the number modulo 97 is 1).
package struct IBAN: Hashable, Sendable, CustomStringConvertible {
    /// Capitals and digits without blanks: `TR330006100519786457841326`.
    package let text: String

    /// Turkish ones have 26 signs; the longest registered have 34.
    private static let lengths = 15...34
    private static let turkishLength = 26

    /// Blanks are dropped and letters made capitals. Nil when signs, length or check digits do not
    /// fit, as with a masked number.
    package init?(_ text: String) {
        var signs: [UInt8] = []
        for byte in text.utf8.prefix(64) {
            switch byte {
            case 32: continue
            case 48...57, 65...90: signs.append(byte)
            case 97...122: signs.append(byte - 32)
            default: return nil
            }
        }
        guard text.utf8.count <= 64, Self.lengths.contains(signs.count),
            signs.prefix(2).allSatisfy({ $0 > 64 }), signs[2...3].allSatisfy({ $0 < 58 })
        else { return nil }
        let isTurkish = signs.starts(with: Array("TR".utf8))
        guard !isTurkish || signs.count == Self.turkishLength, Self.remainder(signs) == 1 else {
            return nil
        }
        self.text = String(decoding: signs, as: UTF8.self)
    }

    /// In groups of four, as banks print it.
    package var grouped: String {
        var groups = ""
        for (place, sign) in text.enumerated() {
            if place > 0, place % 4 == 0 { groups.append(" ") }
            groups.append(sign)
        }
        return groups
    }

    package var description: String { text }

    /// The first four signs go to the end; letters count from A = 10.
    private static func remainder(_ signs: [UInt8]) -> Int {
        (signs[4...] + signs[..<4]).reduce(0) { rest, sign in
            sign < 58 ? (rest * 10 + Int(sign - 48)) % 97 : (rest * 100 + Int(sign - 55)) % 97
        }
    }
}
