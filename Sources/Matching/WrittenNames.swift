// SPDX-License-Identifier: Apache-2.0

import Domain

/// The names that may stand in the words of a payer, as people write them in a hurry:
///
///     elif karaca · KARACA ELIF · elifkaraca · Elif Karaca'nın ücreti · Elifnur Karacaya
struct WrittenNames {
    private let words: [String]
    /// The folded words without the blanks between them, and where they begin.
    private let letters: [UInt8]
    private let starts: [Int]

    /// Descriptions end at 140 signs; the rest of a longer text names nobody.
    private static let textMax = 500
    /// A description of 140 signs has some twenty words.
    private static let wordsMax = 24
    /// Each costs some two microseconds; plain readings of twenty words are ninety.
    private static let endsMax = 128
    /// The longest names that people have; longer words are numbers of banks.
    private static let gluedMax = 40
    /// What has fewer letters is another word by chance: `canak` is not Can Ak.
    private static let gluedMin = 6
    /// `elifnurkaraca`: shorter names than these two are too often parts of words.
    private static let pieceMin = 3

    init(_ description: String) {
        words = Array(Self.words(of: description).prefix(Self.wordsMax))
        var letters: [UInt8] = []
        var starts: [Int] = []
        for word in words {
            starts.append(letters.count)
            letters += Array(word.utf8)
        }
        self.letters = letters
        self.starts = starts + [letters.count]
    }

    /// The folded words of a text.
    static func words(of description: String) -> [String] {
        let text = String(description.prefix(textMax))
        // ASCII and the letters up to U+017F: each is one character, and folded stays what it is,
        // a letter or none.
        let isPlain = text.utf8.allSatisfy { byte in
            byte < 0x80 ? byte != 0x0D : byte < 0xC0 || (0xC3...0xC5).contains(byte)
        }
        guard isPlain else {
            return text.split { !($0.isLetter || $0.isNumber) }
                .map { String($0).turkishFolded() }
        }
        return text.turkishFolded().foldedWords()
    }

    // MARK: - Who is looked for

    /// By what to look for those who may be named, the likeliest first: the ends of each name that
    /// a few words may be, as they stand, with a suffix, then glued together in whole or in part.
    ///
    /// A word of payments is nobody's glued name, and two of them are no name.
    func ends() -> [NameEnds] {
        let whole = words.map { [$0] + Self.stems(of: $0) }
        let isName = words.map { !PaymentVocabulary.contains($0) }
        let glued = words.indices.filter { isName[$0] && Self.isGlued(words[$0]) }
        var found: [NameEnds] = []
        var seen: Set<NameEnds> = []
        func add(_ one: some StringProtocol, _ others: [String]) {
            for other in others where found.count < Self.endsMax {
                let ends = NameEnds(String(one), other)
                if seen.insert(ends).inserted { found.append(ends) }
            }
        }
        for start in words.indices {
            for length in 1...3 where start + length < words.count {
                if isName[start] || isName[start + length] {
                    add(words[start], whole[start + length])
                }
            }
        }
        for place in glued {
            for (head, tail) in Self.splits(of: words[place], 2) {
                add(head, [tail] + Self.stems(of: tail))
            }
        }
        for start in words.indices.dropLast() {
            let (one, next) = (words[start], words[start + 1])
            // `Elif Nur Karaca` for a guest who writes Elifnur, and the other way round.
            if start + 2 < words.count, isName[start] || isName[start + 1] {
                add(one + next, whole[start + 2])
            }
            if isName[start] {
                for (head, _) in Self.splits(of: one, Self.pieceMin) { add(head, whole[start + 1]) }
            }
            if isName[start + 1] {
                for (_, tail) in Self.splits(of: next, Self.pieceMin) {
                    add(one, [tail] + Self.stems(of: tail))
                }
            }
        }
        for place in glued {
            for (head, rest) in Self.splits(of: words[place], Self.pieceMin) {
                for (_, tail) in Self.splits(of: rest, Self.pieceMin) {
                    add(head, [tail] + Self.stems(of: tail))
                }
            }
        }
        return found
    }

    private static func isGlued(_ word: String) -> Bool {
        (gluedMin...gluedMax).contains(word.utf8.count)
    }

    /// The word in two parts with so many letters at least; what has signs other than letters is
    /// no name.
    static func splits(of word: String, _ least: Int) -> [(head: String, tail: String)] {
        let letters = Array(word.utf8)
        guard letters.count >= 2 * least, letters.count <= gluedMax,
            letters.allSatisfy({ $0 &- 97 < 26 })
        else { return [] }
        return (least...(letters.count - least)).map { place in
            (
                String(decoding: letters[..<place], as: UTF8.self),
                String(decoding: letters[place...], as: UTF8.self)
            )
        }
    }

    // MARK: - Suffixes

    /// What Turkish puts behind a name, folded: `-nın, -ya, -yı, -yla` behind a vowel, `-ın, -a,
    /// -ı` behind a consonant, `-da, -dan, -la` behind both. Not all write the apostrophe.
    private static let afterVowel: Set<String> = [
        "nin", "nun", "ya", "ye", "yi", "yu", "yla", "yle", "da", "de", "dan", "den", "la", "le",
    ]
    private static let afterConsonant: Set<String> = [
        "in", "un", "a", "e", "i", "u", "da", "de", "ta", "te", "dan", "den", "tan", "ten", "la",
        "le",
    ]
    private static let vowels = Set("aeiou".utf8)
    /// The letters of the longest suffix.
    private static let suffixMax = 3

    private static func isSuffix(_ text: ArraySlice<UInt8>, behind letter: UInt8) -> Bool {
        guard text.count <= suffixMax else { return false }
        return (vowels.contains(letter) ? afterVowel : afterConsonant)
            .contains(String(decoding: text, as: UTF8.self))
    }

    /// What is left of a word when a suffix is taken off; none of a single letter.
    static func stems(of word: String) -> [String] {
        let letters = Array(word.utf8)
        return (1...suffixMax).compactMap { length in
            let place = letters.count - length
            guard place > 1, isSuffix(letters[place...], behind: letters[place - 1])
            else { return nil }
            return String(decoding: letters[..<place], as: UTF8.self)
        }
    }

    // MARK: - Whether somebody is named

    /// Whether the name stands there, the surname first or last, a middle name left out or not.
    func contains(_ name: PersonName) -> Bool {
        !letters.isEmpty
            && Self.orders(of: name).contains { order in
                starts.indices.dropLast().contains { end(of: order, at: $0) != nil }
            }
    }

    /// Whether nothing but the name stands there, in the same sense, as it is or in the genitive:
    /// with another suffix it may be another name (`Elif Kaya`, when Elif Kay is meant).
    func isOnly(_ name: PersonName) -> Bool {
        !letters.isEmpty
            && Self.orders(of: name).contains { order in
                end(of: order, at: 0) { Self.genitives.contains($0) } == letters.count
            }
    }

    /// Whose something is: `elifin`, `karacanın`.
    static let genitives: Set<String> = ["in", "un", "nin", "nun"]

    private static func orders(of name: PersonName) -> [[String]] {
        guard name.words.count > 1, let first = name.words.first, let last = name.words.last
        else { return [] }
        return [name.words, [last] + name.words.dropLast(), [first, last], [last, first]]
    }

    /// Where these words end if they begin at the word `start` and end with a word, or with a
    /// suffix before its end. The blanks between them do not matter.
    private func end(
        of name: [String], at start: Int, if isAllowed: (String) -> Bool = { _ in true }
    ) -> Int? {
        var place = starts[start]
        var isAligned = true
        for word in name {
            guard letters[place...].starts(with: word.utf8) else { return nil }
            isAligned = isAligned && starts[start...].contains(place)
            place += word.utf8.count
        }
        guard isAligned || place - starts[start] >= Self.gluedMin,
            let end = starts.first(where: { $0 >= place })
        else { return nil }
        if end == place { return end }
        let suffix = letters[place..<end]
        return Self.isSuffix(suffix, behind: letters[place - 1])
            && isAllowed(String(decoding: suffix, as: UTF8.self)) ? end : nil
    }
}
