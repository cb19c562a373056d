// SPDX-License-Identifier: Apache-2.0

/// The name of a payer or guest as somebody wrote it, and its words as they are compared.
package struct PersonName: Hashable, Sendable, CustomStringConvertible {
    package let text: String
    /// Folded words in their order, without punctuation and titles before them:
    /// `["elif", "karaca"]`.
    package let words: [String]
    /// `words`, and before them a title that may be a surname as well: in `BAY MEHMET ALİ` either
    /// a gentleman is addressed, or Mehmet Ali Bay is written with the surname first.
    package let fullWords: [String]
    /// `fullWords` without what is nobody's name wherever it stands: `Elif Karaca Hanım`,
    /// `ELİF KARACA MÜŞTEREK HESAP`. Two words at least are left.
    package let bareWords: [String]

    /// Blanks around the text are dropped. A text without any letter is nil.
    package init?(_ text: String) {
        let trimmed = Self.trimmed(text)
        let folded = trimmed.turkishFolded()
        let all = folded.foldedWords { $0 == 0x2A }
        // The last word is never a title: `Mehmet Ali Bay`, `Ayşe Nur Sayın`.
        let full = Self.dropping(all) {
            titles.contains($0) || doubtfulTitles.contains($0) && folded.contains($0 + ".")
        }
        guard full.contains(where: { $0.contains(where: \.isLetter) }) else { return nil }
        let bare = full.filter { !titles.contains($0) && !additions.contains($0) }
        self.text = trimmed
        fullWords = full
        words = Self.dropping(full) { titles.contains($0) || doubtfulTitles.contains($0) }
        bareWords = bare.count > 1 ? bare : full
    }

    package var description: String { text }

    /// The last of `words` that is somebody's name. With the first one a name is looked up by it.
    package var lastWord: String? { bareWords.last }

    /// The words without those of a kind that stand before the last one.
    private static func dropping(
        _ words: [String], _ isOfKind: (String) -> Bool
    ) -> [String] {
        let count = words.dropLast().prefix(while: isOfKind).count
        return count == 0 ? words : Array(words.dropFirst(count))
    }

    /// Blanks as one, none around.
    private static func trimmed(_ text: String) -> String {
        // Before U+0300 every scalar is a character of its own, but for CR LF, both blanks.
        guard text.utf8.allSatisfy({ $0 < 0xCC }) else {
            return text.split(whereSeparator: \.isWhitespace).joined(separator: " ")
        }
        var isBlank = true
        var needsWork = false
        var before: UInt8 = 0
        for byte in text.utf8 {
            let isOdd = (9...13).contains(byte) || before == 0xC2 && (byte == 0x85 || byte == 0xA0)
            needsWork = needsWork || isOdd || byte == 32 && isBlank
            isBlank = byte == 32
            before = byte
        }
        guard needsWork || isBlank else { return text }
        return text.split(whereSeparator: \.isWhitespace).joined(separator: " ")
    }
}

/// Nobody's name, however it is written.
private let titles: Set<String> = ["dr", "prof", "doc", "uzm", "yrd", "ogr", "uyesi"]
/// Titles for certain only with a full stop (`Av.`): some are surnames, with others a company's
/// name may begin.
private let doubtfulTitles: Set<String> = [
    "av", "bay", "bayan", "sayin", "sn", "gor", "uz", "op", "opr", "ord", "ars", "dt", "ecz", "muh",
    "yuk", "mim", "vet", "psk", "mr", "mrs", "avukat", "doktor", "mimar",
]
/// What is added to a name: a form of address, or that the account is one of several people.
private let additions: Set<String> = [
    "hanim", "bey", "hanimefendi", "beyefendi", "musterek", "hesap", "hesabi",
]

extension String {
    /// The runs of letters, digits and signs that `isSign` names (ASCII) in a folded text.
    package func foldedWords(_ isSign: (UInt8) -> Bool = { _ in false }) -> [String] {
        guard utf8.allSatisfy({ $0 < 0x80 }) else {
            return split { character in
                !(character.isLetter || character.isNumber
                    || character.asciiValue.map(isSign) ?? false)
            }.map(String.init)
        }
        return utf8.split { byte in
            !(byte &- 48 < 10 || (byte | 32) &- 97 < 26 || isSign(byte))
        }.map { String(Substring($0)) }
    }
}
