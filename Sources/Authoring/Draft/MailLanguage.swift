// SPDX-License-Identifier: Apache-2.0

internal import Domain

/// In which language a mail is written, by its common words: names have letters of all languages.
enum MailLanguage {
    private static let turkish = Vocabulary.turkish.subtracting(Vocabulary.englishWords)
    private static let english = Vocabulary.englishWords.subtracting(Vocabulary.turkish)

    static func isTurkish(_ texts: [String]) -> Bool {
        let words = texts.flatMap(DraftPlan.words)
        let ours = words.count(where: turkish.contains)
        let theirs = words.count(where: english.contains)
        guard ours == theirs else { return ours > theirs }
        return texts.contains { $0.contains { "ğışĞİŞ".contains($0) } }
    }
}
