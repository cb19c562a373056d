// SPDX-License-Identifier: Apache-2.0

extension String {
    /// The text as it is compared: lower-case ASCII where a Latin letter allows, blanks as one.
    ///
    /// `İIıi → i`, `Şş → s`, `Ğğ → g`, `Üü → u`, `Öö → o`, `Çç → c`, `Ââ → a`; a combining mark
    /// (`I` + U+0307) goes the way of its letter. The usual lower-casing breaks i/İ and ı/I, so this
    /// is the one place where letters of names and bank texts are folded.
    package func turkishFolded() -> String {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(utf8.count)
        var pendingBlank = false
        func put(_ byte: UInt8) {
            if pendingBlank, !bytes.isEmpty { bytes.append(32) }
            pendingBlank = false
            bytes.append(byte)
        }
        for scalar in unicodeScalars {
            switch scalar.turkishFold {
            case .letter(let byte): put(byte)
            case .blank: pendingBlank = true
            case .nothing: break
            case .other: for byte in String(scalar).lowercased().utf8 { put(byte) }
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}

/// What becomes of one scalar when a text is folded for comparison.
package enum TurkishFold: Sendable {
    /// One ASCII sign, never a capital.
    case letter(UInt8)
    /// A blank or a line end; several in a row count as one.
    case blank
    /// Invisible, or a mark that belongs to the letter before it.
    case nothing
    /// Its lower-case form, whatever that is.
    case other
}

extension Unicode.Scalar {
    /// How `String.turkishFolded` treats this scalar, for readers that must keep track of places.
    package var turkishFold: TurkishFold {
        switch value {
        case 65...90: .letter(UInt8(truncatingIfNeeded: value) + 32)
        case 9, 10, 13, 32, 0xA0, 0x2000...0x200A, 0x202F, 0x3000: .blank
        case 0x21...0x7E: .letter(UInt8(truncatingIfNeeded: value))
        case 0x130, 0x131, 0xCC...0xCF, 0xEC...0xEF: .letter(105)
        case 0x15E, 0x15F, 0x218, 0x219: .letter(115)
        case 0x11E, 0x11F: .letter(103)
        case 0xD9...0xDC, 0xF9...0xFC: .letter(117)
        case 0xD2...0xD6, 0xF2...0xF6: .letter(111)
        case 0xC7, 0xE7: .letter(99)
        case 0xC0...0xC5, 0xE0...0xE5: .letter(97)
        case 0xC8...0xCB, 0xE8...0xEB: .letter(101)
        case 0xD1, 0xF1: .letter(110)
        case 0x300...0x36F, 0xAD, 0x200B...0x200F, 0x202A...0x202E, 0x2060...0x2064, 0xFEFF:
            .nothing
        default: .other
        }
    }
}
