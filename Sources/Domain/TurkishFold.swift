// SPDX-License-Identifier: Apache-2.0

extension String {
    /// The text as it is compared: lower-case ASCII where a Latin letter allows, blanks as one.
    ///
    /// `İIıi → i`, `Şş → s`, `Ğğ → g`, `Üü → u`, `Öö → o`, `Çç → c`, `Ââ → a`; a combining mark
    /// (`I` + U+0307) goes the way of its letter. The usual lower-casing breaks i/İ and ı/I, so
    /// this is the one place where letters of names and bank texts are folded.
    package func turkishFolded() -> String {
        var text = self
        return text.withUTF8 { utf8 in
            var bytes: [UInt8] = []
            bytes.reserveCapacity(utf8.count)
            var pendingBlank = false
            var index = 0
            while index < utf8.count {
                let byte = utf8[index]
                // Nearly all of a text is ASCII; this is what the fold does with it.
                if byte < 0x80 {
                    index &+= 1
                    if byte == 32 || (9...13).contains(byte) {
                        pendingBlank = true
                        continue
                    }
                    if pendingBlank, !bytes.isEmpty { bytes.append(32) }
                    pendingBlank = false
                    bytes.append(byte &- 65 < 26 ? byte | 32 : byte)
                    continue
                }
                let (scalar, length) = Unicode.Scalar.decoded(utf8, at: index)
                index &+= length
                let fold = scalar.turkishFold
                switch fold {
                case .blank: pendingBlank = true
                case .nothing: break
                case .letter, .other:
                    if pendingBlank, !bytes.isEmpty { bytes.append(32) }
                    pendingBlank = false
                    if case .letter(let letter) = fold {
                        bytes.append(letter)
                    } else {
                        bytes.append(contentsOf: String(scalar).lowercased().utf8)
                    }
                }
            }
            return String(decoding: bytes, as: UTF8.self)
        }
    }
}

extension Unicode.Scalar {
    /// The scalar that begins at a place of valid UTF-8, and how many bytes it takes.
    package static func decoded(
        _ utf8: UnsafeBufferPointer<UInt8>, at index: Int
    ) -> (scalar: Unicode.Scalar, length: Int) {
        let lead = utf8[index]
        if lead < 0x80 { return (Unicode.Scalar(lead), 1) }
        let length = lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4
        guard index + length <= utf8.count else { return ("\u{FFFD}", 1) }
        var value = UInt32(lead) & (0x7F >> UInt32(length))
        for offset in 1..<length {
            value = value << 6 | UInt32(utf8[index + offset] & 0x3F)
        }
        return (Unicode.Scalar(value) ?? "\u{FFFD}", length)
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
        case 9...13, 32, 0x85, 0xA0, 0x1680, 0x2000...0x200A, 0x2028, 0x2029, 0x202F, 0x205F,
            0x3000:
            .blank
        case 0x21...0x7E: .letter(UInt8(truncatingIfNeeded: value))
        case 0x300...0x36F, 0xAD, 0x200B...0x200F, 0x202A...0x202E, 0x2060...0x2069, 0xFEFF:
            .nothing
        default: baseLetter(of: value).map { .letter($0) } ?? .other
        }
    }
}

/// The ASCII letter below the marks of a Latin letter (Latin-1, Extended-A, the Romanian letters
/// and the two unit signs that Unicode takes for letters); nil for any other character.
private func baseLetter(of value: UInt32) -> UInt8? {
    let letter: Unicode.Scalar? =
        switch value {
        case 0xC0...0xC5, 0xE0...0xE5, 0x100...0x105, 0x212B: "a"
        case 0xC7, 0xE7, 0x106...0x10D: "c"
        case 0x10E...0x111: "d"
        case 0xC8...0xCB, 0xE8...0xEB, 0x112...0x11B: "e"
        case 0x11C...0x123: "g"
        case 0x124...0x127: "h"
        case 0xCC...0xCF, 0xEC...0xEF, 0x128...0x131: "i"
        case 0x134...0x135: "j"
        case 0x136...0x137, 0x212A: "k"
        case 0x139...0x142: "l"
        case 0xD1, 0xF1, 0x143...0x148: "n"
        case 0xD2...0xD6, 0xD8, 0xF2...0xF6, 0xF8, 0x14C...0x151: "o"
        case 0x154...0x159: "r"
        case 0x15A...0x161, 0x218...0x219: "s"
        case 0x162...0x167, 0x21A...0x21B: "t"
        case 0xD9...0xDC, 0xF9...0xFC, 0x168...0x173: "u"
        case 0x174...0x175: "w"
        case 0xDD, 0xFD, 0xFF, 0x176...0x178: "y"
        case 0x179...0x17E: "z"
        default: nil
        }
    return letter.map { UInt8($0.value) }
}
