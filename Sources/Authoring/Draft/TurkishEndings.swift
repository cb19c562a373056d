// SPDX-License-Identifier: Apache-2.0

/// What stands behind the apostrophe of a name or a number changes with the sound of the word
/// before it: `16:27'de`, `16:40'ta`. The meaning does not.
enum TurkishEndings {
    /// Endings of one meaning each, folded.
    private static let kinds: [[String]] = [
        ["de", "da", "te", "ta"], ["den", "dan", "ten", "tan"],
        ["e", "a", "ye", "ya", "ne", "na"], ["i", "u", "yi", "yu", "ni", "nu"],
        ["in", "un", "nin", "nun"], ["dir", "dur", "tir", "tur"], ["lik", "luk"],
        ["li", "lu"], ["si", "su"],
    ]

    /// A pattern for all forms of an ending; nil for what is none.
    ///
    /// - Parameter ending: folded, without the apostrophe.
    static func pattern(_ ending: String) -> String? {
        kinds.first { $0.contains(ending) }.map { "(?:" + $0.joined(separator: "|") + ")" }
    }
}
