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
            let value = scalar.value
            switch value {
            case 65...90: put(UInt8(value) + 32)
            case 9, 10, 13, 32, 0xA0, 0x2000...0x200A, 0x202F, 0x3000: pendingBlank = true
            case 0x21...0x7E: put(UInt8(value))
            case 0x130, 0x131, 0xCC...0xCF, 0xEC...0xEF: put(105)
            case 0x15E, 0x15F, 0x218, 0x219: put(115)
            case 0x11E, 0x11F: put(103)
            case 0xD9...0xDC, 0xF9...0xFC: put(117)
            case 0xD2...0xD6, 0xF2...0xF6: put(111)
            case 0xC7, 0xE7: put(99)
            case 0xC0...0xC5, 0xE0...0xE5: put(97)
            case 0xC8...0xCB, 0xE8...0xEB: put(101)
            case 0xD1, 0xF1: put(110)
            case 0x300...0x36F, 0xAD, 0x200B...0x200F, 0x202A...0x202E, 0x2060...0x2064, 0xFEFF:
                break
            default:
                for byte in String(scalar).lowercased().utf8 { put(byte) }
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}
