// SPDX-License-Identifier: Apache-2.0

/// The name of a payer or guest as somebody wrote it, and its words as they are compared.
package struct PersonName: Hashable, Sendable, CustomStringConvertible {
    package let text: String
    /// Folded words in their order, without titles and punctuation: `["elif", "karaca"]`.
    package let words: [String]

    /// Blanks around the text are dropped. A text without any letter is nil.
    package init?(_ text: String) {
        let trimmed = Self.trimmed(text)
        let words = Self.words(of: trimmed)
        guard words.contains(where: { $0.contains(where: \.isLetter) }) else { return nil }
        self.text = trimmed
        self.words = words
    }

    package var description: String { text }

    private static let titles: Set<String> = [
        "dr", "av", "uzm", "prof", "doc", "sn", "sayin", "bay", "bayan",
    ]

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

    private static func words(of text: String) -> [String] {
        let folded = text.turkishFolded()
        let all = folded.foldedWords { $0 == 0x2A }
        let named = all.filter { !titles.contains($0) }
        return named.isEmpty ? all.filter { $0 != "*" } : named
    }
}

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
