// SPDX-License-Identifier: Apache-2.0

/// The name of a payer or guest as somebody wrote it, and its words as they are compared.
package struct PersonName: Hashable, Sendable, CustomStringConvertible {
    package let text: String
    /// Folded words in their order, without titles and punctuation: `["elif", "karaca"]`.
    package let words: [String]

    /// Blanks around the text are dropped. A text without any letter is nil.
    package init?(_ text: String) {
        let trimmed = text.split(whereSeparator: \.isWhitespace).joined(separator: " ")
        let words = Self.words(of: trimmed)
        guard words.contains(where: { $0.contains(where: \.isLetter) }) else { return nil }
        self.text = trimmed
        self.words = words
    }

    package var description: String { text }

    private static let titles: Set<String> = [
        "dr", "av", "uzm", "prof", "doc", "sn", "sayin", "bay", "bayan",
    ]

    private static func words(of text: String) -> [String] {
        let folded = text.turkishFolded()
        let all = folded.split { !($0.isLetter || $0.isNumber || $0 == "*") }.map(String.init)
        let named = all.filter { !titles.contains($0) }
        return named.isEmpty ? all.filter { $0 != "*" } : named
    }
}
