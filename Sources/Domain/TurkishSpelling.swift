// SPDX-License-Identifier: Apache-2.0

extension PersonName {
    /// Whether the text has letters that only somebody writes who keeps the Turkish ones apart.
    package var hasTurkishLetters: Bool {
        guard !text.utf8.allSatisfy({ $0 < 0x80 }) else { return false }
        return text.unicodeScalars.contains {
            $0.isMarkedInTurkish || $0.isTurkishMark || $0 == "İ" || $0 == "ı"
        }
    }

    /// Whether two names of the same folded words have `ç ğ ö ş ü` in the same places. The letters
    /// of `i` do not count: banks mix them up when they change the case.
    package func isSpelled(like other: PersonName) -> Bool { spelling == other.spelling }

    /// `fullWords` with capitals for the letters that have a mark: `["aySe", "can"]`.
    private var spelling: [String] {
        var signs: [UInt8] = []
        for scalar in text.unicodeScalars {
            switch scalar.turkishFold {
            case .blank: signs.append(32)
            case .letter(let letter):
                signs.append(scalar.isMarkedInTurkish ? letter & ~32 : letter)
            case .nothing:
                guard scalar.isTurkishMark, let last = signs.last, last | 32 != 105 else {
                    continue
                }
                signs[signs.count - 1] = last & ~32
            case .other: signs.append(contentsOf: String(scalar).lowercased().utf8)
            }
        }
        return String(decoding: signs, as: UTF8.self).foldedWords { $0 == 0x2A }
            .suffix(fullWords.count)
    }
}

extension Unicode.Scalar {
    fileprivate var isMarkedInTurkish: Bool { "çÇğĞöÖşŞüÜ".unicodeScalars.contains(self) }

    /// Cedilla, breve, diaeresis and dot, for a letter before them.
    fileprivate var isTurkishMark: Bool { [0x327, 0x306, 0x308, 0x307].contains(value) }
}
