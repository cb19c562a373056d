// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials

/// A text message in the letters that a phone network carries, and how much room it takes.
///
/// One sign outside the GSM alphabet and its Turkish shift table (3GPP TS 23.038) makes the network
/// fall back to 70 signs per message. So what can be written plainly is replaced before counting.
package struct SMSText: Hashable, Sendable {
    /// Composed (NFC), with plain quotes, dashes and blanks and without emoji.
    package let text: String
    /// Room it takes, in units of seven bits; letters of a shift table and line breaks take two.
    package let units: Int
    /// Signs left in the text that force the 70-sign form, such as Cyrillic letters.
    package let hasForeignSigns: Bool

    /// The smallest room that any published rule gives a message with Turkish letters.
    package static let segmentUnitsMax = 150

    /// - Parameters:
    ///   - template: may hold `{link}`.
    ///   - link: put in its place as it is.
    package init(template: String, link: String = "") {
        let plain = Self.normalised(template).split(
            separator: "{link}", omittingEmptySubsequences: false)
        self.init(plain: plain.joined(separator: link))
    }

    private init(plain: String) {
        var units = 0
        var hasForeignSigns = false
        for scalar in plain.unicodeScalars {
            if Self.double.contains(scalar) {
                units += 2
            } else {
                units += 1
                if !Self.isSingle(scalar) { hasForeignSigns = true }
            }
        }
        text = plain
        self.units = units
        self.hasForeignSigns = hasForeignSigns
    }

    /// Whether it is one message by every counting rule in use.
    package var fitsOneSegment: Bool { !hasForeignSigns && units <= Self.segmentUnitsMax }

    // MARK: - Letters

    private static let double = Set("ŞşĞğçıİ^{}[]~\\|€\n".unicodeScalars)
    private static let basic = Set("@£$¥èéùìòÇØøÅåÄÖÑÜäöñüàÆæßÉ¡¿§¤\r".unicodeScalars)

    private static func isSingle(_ scalar: Unicode.Scalar) -> Bool {
        (0x20...0x7E).contains(scalar.value) && scalar != "`" || basic.contains(scalar)
    }

    private static func normalised(_ template: String) -> String {
        var result = String.UnicodeScalarView()
        for scalar in compose(template).unicodeScalars {
            if let plain = replacement(scalar) {
                result.append(contentsOf: plain.unicodeScalars)
            } else if !isDropped(scalar) {
                result.append(scalar)
            }
        }
        return String(result)
    }

    /// NFC, without Foundation's big half: only the letters that Turkish phones write decomposed.
    private static func compose(_ text: String) -> String {
        String(text.map { composed[$0.unicodeScalars.map(\.value)] ?? $0 })
    }

    /// Letter and combining mark to the one sign that a shift table has.
    private static let composed: [[UInt32]: Character] = {
        var table: [[UInt32]: Character] = [:]
        let marks: [(UInt32, String, String)] = [
            (0x327, "SsCc", "ŞşÇç"), (0x306, "Gg", "Ğğ"), (0x307, "I", "İ"),
            (0x308, "OoUuAa", "ÖöÜüÄä"), (0x302, "AaIiUu", "ÂâÎîÛû"),
        ]
        for (mark, plain, marked) in marks {
            for (letter, whole) in zip(plain.unicodeScalars, marked) {
                table[[letter.value, mark]] = whole
            }
        }
        return table
    }()

    private static func replacement(_ scalar: Unicode.Scalar) -> String? {
        switch scalar.value {
        case 0x2018...0x201B, 0x60, 0xB4, 0x2032: "'"
        case 0x201C...0x201F, 0xAB, 0xBB, 0x2033: "\""
        case 0x2010...0x2015, 0x2212: "-"
        case 0x2026: "..."
        case 0xA0, 0x2000...0x200A, 0x202F, 0x205F, 0x3000, 0x09: " "
        case 0x2028, 0x2029: "\n"
        case 0x2022: "*"
        case 0x20BA: "TL"
        // The circumflex letters of Turkish words are in no GSM table.
        case 0xC2: "A"
        case 0xE2: "a"
        case 0xCE: "I"
        case 0xEE: "i"
        case 0xDB: "U"
        case 0xFB: "u"
        default: nil
        }
    }

    /// Emoji, their joiners and colours, controls and marks without width.
    private static func isDropped(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x0A: false
        case 0...0x1F, 0x7F...0x9F, 0xAD, 0x200B...0x200F, 0x202A...0x202E, 0x2060...0x206F: true
        case 0x300...0x36F, 0x20D0...0x20FF, 0xFE00...0xFE0F, 0xFEFF: true
        case 0x2190...0x21FF, 0x2300...0x23FF, 0x2460...0x27BF, 0x2900...0x297F, 0x2B00...0x2BFF:
            true
        case 0x1F000...0x1FAFF, 0xE0000...0xE007F: true
        default: scalar.properties.isEmojiPresentation
        }
    }
}
