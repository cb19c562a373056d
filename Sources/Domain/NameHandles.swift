// SPDX-License-Identifier: Apache-2.0

/// By what a name is found when somebody wrote it a little differently: short texts, of which the
/// other form shares at least one. Words are those of `PersonName.words`; of a word with a mask
/// only the initial counts, and of a text of one word there is but the surname.
package struct NameHandles: Hashable, Sendable {
    /// First word and initial of the second (`elif k`): a slip in the surname, a name cut off.
    package let given: String?
    /// The last word (`karaca`): somebody of the family, a slip in the given name.
    package let surname: String?
    /// Initials of first and last word (`e k`): a masked name; with the surname, a shortened one.
    package let initials: String?

    /// Whether the two share a handle.
    package func meet(_ other: NameHandles) -> Bool {
        given != nil && given == other.given || surname != nil && surname == other.surname
            || initials != nil && initials == other.initials
    }
}

/// The first and the last word of a name, in whichever order they were written.
package struct NameEnds: Hashable, Sendable {
    /// The two in the order of the alphabet.
    package let words: [String]

    package init(_ one: String, _ other: String) {
        words = one < other ? [one, other] : [other, one]
    }
}

extension PersonName {
    /// The first of `words` and `lastWord`: banks and guests do not agree which comes first.
    package var ends: NameEnds? {
        guard let first = words.first, let last = lastWord else { return nil }
        return NameEnds(first, last)
    }

    /// By what the name is found when it was written a little differently.
    package var handles: NameHandles {
        let isWhole = { (word: String) in word.count > 1 && !word.utf8.contains(0x2A) }
        let surname = lastWord.flatMap { isWhole($0) ? $0 : nil }
        guard words.count > 1, let first = words.first, let last = lastWord else {
            return NameHandles(given: nil, surname: surname, initials: nil)
        }
        let heads = (first.prefix(1), words[1].prefix(1), last.prefix(1))
        let isGiven = !first.utf8.contains(0x2A) && heads.1 != "*"
        return NameHandles(
            given: isGiven ? "\(first) \(heads.1)" : nil, surname: surname,
            initials: heads.0 == "*" || heads.2 == "*" ? nil : "\(heads.0) \(heads.2)")
    }
}
