// SPDX-License-Identifier: Apache-2.0

/// A phone number that a ticket can be sent to.
///
/// Turkish mobile numbers are kept as the ten digits that Netgsm wants (`5XXXXXXXXX`); others as
/// `00`, country code and number. How the digits were written does not matter.
package struct PhoneNumber: Hashable, Sendable {
    package let digits: String

    /// 15 digits of E.164 and the `00` before them.
    private static let digitsMax = 17

    /// Nil for what is neither a Turkish mobile number nor an international one (7 to 15 digits).
    package init?(_ text: String) {
        var digits = ""
        var international = false
        for scalar in text.unicodeScalars {
            switch scalar.value {
            case 48...57: digits.unicodeScalars.append(scalar)
            case 0xFF10...0xFF19, 0x660...0x669:
                digits += String((scalar.value & 0xF) % 10)
            case 0x2B where digits.isEmpty && !international: international = true
            case 0x09, 0x0A, 0x0D, 0x20, 0xA0, 0x202F, 0x28, 0x29, 0x2D...0x2F, 0x2010...0x2013:
                break
            // Marks of direction that come along when a number is copied from a contact.
            case 0x200B...0x200F, 0x202A...0x202E, 0x2066...0x2069: break
            default: return nil
            }
            // What is longer than any number is none; the text may be of any length.
            guard digits.utf8.count <= Self.digitsMax else { return nil }
        }
        if digits.hasPrefix("00") {
            digits.removeFirst(2)
            international = true
        }
        if digits.hasPrefix("90"), digits.utf8.count == 12 {
            digits.removeFirst(2)
            international = false
        } else if international, digits.hasPrefix("900"), digits.utf8.count == 13 {
            // `+90 0532 …`: the zero of the trunk was kept.
            digits.removeFirst(3)
            international = false
        } else if !international, digits.hasPrefix("0"), digits.utf8.count == 11 {
            digits.removeFirst()
        }
        if !international, digits.utf8.count == 10, digits.hasPrefix("5") {
            self.digits = digits
        } else if international, (7...15).contains(digits.utf8.count),
            !digits.hasPrefix("90"), !digits.hasPrefix("0")
        {
            self.digits = "00" + digits
        } else {
            return nil
        }
    }

    package var isTurkishMobile: Bool { digits.utf8.count == 10 && digits.hasPrefix("5") }
}
