// SPDX-License-Identifier: Apache-2.0

/// A phone number that a ticket can be sent to.
///
/// Turkish mobile numbers are kept as the ten digits that Netgsm wants (`5XXXXXXXXX`); others as
/// `00`, country code and number. How the digits were written does not matter.
package struct PhoneNumber: Hashable, Sendable {
    package let digits: String

    /// Nil for what is neither a Turkish mobile number nor an international one (7 to 15 digits).
    package init?(_ text: String) {
        var digits = ""
        var international = false
        for (offset, scalar) in text.unicodeScalars.enumerated() {
            switch scalar.value {
            case 48...57: digits.unicodeScalars.append(scalar)
            case 0xFF10...0xFF19, 0x660...0x669:
                digits += String((scalar.value & 0xF) % 10)
            case 0x2B where offset == 0: international = true
            case 0x20, 0xA0, 0x28, 0x29, 0x2D, 0x2E, 0x2F: break
            default: return nil
            }
        }
        if digits.hasPrefix("00") {
            digits.removeFirst(2)
            international = true
        }
        if digits.hasPrefix("90"), digits.utf8.count == 12 {
            digits.removeFirst(2)
            international = false
        } else if !international, digits.hasPrefix("0"), digits.utf8.count == 11 {
            digits.removeFirst()
        }
        if !international, digits.utf8.count == 10, digits.hasPrefix("5") {
            self.digits = digits
        } else if international, (7...15).contains(digits.utf8.count), !digits.hasPrefix("90") {
            self.digits = "00" + digits
        } else {
            return nil
        }
    }

    package var isTurkishMobile: Bool { digits.utf8.count == 10 && digits.hasPrefix("5") }
}
