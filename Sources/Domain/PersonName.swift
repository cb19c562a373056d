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
        let kinds = all.map { $0.utf8.count <= formLengthMax ? forms[$0] : nil }
        let leading = zip(all, kinds).dropLast().prefix { word, kind in
            kind == .title || kind == .doubtfulTitle && folded.contains(word + ".")
        }.count
        let full = leading == 0 ? all : Array(all.dropFirst(leading))
        guard full.contains(where: { $0.contains(where: \.isLetter) }) else { return nil }
        self.text = trimmed
        fullWords = full
        guard kinds.contains(where: { $0 != nil }) else {
            words = full
            bareWords = full
            return
        }
        let ownKinds = kinds.dropFirst(leading)
        let titles = ownKinds.dropLast().prefix { $0 == .title || $0 == .doubtfulTitle }.count
        words = titles == 0 ? full : Array(full.dropFirst(titles))
        let bare = zip(full, ownKinds).filter { $1 == nil || $1 == .doubtfulTitle }.map(\.0)
        bareWords = bare.count > 1 ? bare : full
    }

    package var description: String { text }

    /// The last of `words` that is somebody's name. With the first one a name is looked up by it.
    package var lastWord: String? { bareWords.last }

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

/// A word of a name that is nobody's.
private enum Form {
    /// However it is written.
    case title
    /// A title for certain only with a full stop (`Av.`): some are surnames, with others a
    /// company's name may begin.
    case doubtfulTitle
    /// A form of address behind the name, or that the account is one of several people.
    case addition
}

private let forms: [String: Form] = {
    let words: [(Form, [String])] = [
        (.title, ["dr", "prof", "doc", "uzm", "yrd", "ogr", "uyesi"]),
        (
            .doubtfulTitle,
            [
                "av", "bay", "bayan", "sayin", "sn", "gor", "uz", "op", "opr", "ord", "ars", "dt",
                "ecz", "muh", "yuk", "mim", "vet", "psk", "mr", "mrs", "avukat", "doktor", "mimar",
            ]
        ),
        (
            .addition,
            ["hanim", "bey", "hanimefendi", "beyefendi", "musterek", "hesap", "hesabi"]
        ),
    ]
    return Dictionary(
        uniqueKeysWithValues: words.flatMap { form, words in words.map { ($0, form) } })
}()

/// Longer words are none of them: a name need not be hashed to know that.
private let formLengthMax = 11

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
