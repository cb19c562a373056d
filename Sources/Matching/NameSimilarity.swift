// SPDX-License-Identifier: Apache-2.0

package import Domain

/// How alike two names are, from 0 to 100. It ranks candidates for a person; nothing is decided on
/// it, for relatives and strangers have names that are very much alike.
///
/// | Value | Meaning |
/// | --- | --- |
/// | 100 | all words equal (`NameAgreement.equal`) |
/// | 90 | the same name shortened, ordered differently, cut off, one of a joint account |
/// | 70 | masks or initials that fit |
/// | 1…89 | slips: the mean likeness of each word of the shorter name to its best partner |
/// | 0 | nothing in common, or one side has no name |
package enum NameSimilarity {
    /// From here on two names look like one with a slip; below it they share a word at most.
    package static let slip = 80

    /// Names of more words are lists or sentences: it bounds the work.
    private static let wordsMax = 8

    /// The likeness of a payer and a guest on the scale above. Bounded work for any texts.
    package static func score(_ payer: PersonName?, _ guest: PersonName?) -> Int {
        score(payer, guest, NameAgreement(payer: payer, guest: guest))
    }

    /// The same where the agreement of the two is known.
    static func score(
        _ payer: PersonName?, _ guest: PersonName?, _ agreement: NameAgreement
    ) -> Int {
        switch agreement {
        case .equal: return 100
        case .agrees: return 90
        case .masked: return 70
        case .unknown: return 0
        case .differs: break
        }
        guard let payer, let guest else { return 0 }
        let (left, right) = (letters(payer), letters(guest))
        let (few, many) = left.count <= right.count ? (left, right) : (right, left)
        guard !few.isEmpty else { return 0 }
        var free = Array(many.indices)
        var sum = 0
        for word in few {
            let best = free.map { (place: $0, value: likeness(word, many[$0])) }
                .max { $0.value < $1.value }
            guard let best else { continue }
            sum += best.value
            free.removeAll { $0 == best.place }
        }
        // A missing word costs a little: it may be a middle name.
        return max(0, min(89, sum / few.count - 5 * (many.count - few.count)))
    }

    private static func letters(_ name: PersonName) -> [Letters] {
        name.words.prefix(wordsMax).map(Letters.init)
    }

    /// 100 less what share of the longer word has to be changed; words that are less than half
    /// alike have nothing in common.
    private static func likeness(_ left: Letters, _ right: Letters) -> Int {
        let longest = max(left.count, right.count)
        // Signs that one word has more than the other are changes at least: no need to count.
        guard longest > 0, 2 * min(left.count, right.count) >= longest else { return 0 }
        let value = 100 - 100 * distance(left, right) / longest
        return value < 50 ? 0 : value
    }

    /// Optimal string alignment: signs put in, left out, replaced, or two neighbours swapped.
    static func distance(_ left: Letters, _ right: Letters) -> Int {
        var before = Letters.Row(repeating: 0)
        var last = before
        for column in 0...right.count { last[column] = UInt8(column) }
        for row in 0..<left.count {
            let sign = left.signs[row]
            var next = before
            next[0] = UInt8(row + 1)
            for column in 0..<right.count {
                let other = right.signs[column]
                var cost = min(
                    last[column] + (sign == other ? 0 : 1), last[column + 1] + 1, next[column] + 1)
                if row > 0, column > 0, sign == right.signs[column - 1],
                    left.signs[row - 1] == other
                {
                    cost = min(cost, before[column - 1] + 1)
                }
                next[column + 1] = cost
            }
            before = last
            last = next
        }
        return Int(last[right.count])
    }

    /// The letters of a word, in room of their own: words are compared by the hundred for a
    /// payment. Longer words are no names; they are compared by their beginning.
    struct Letters {
        static let countMax = 32
        typealias Row = InlineArray<33, UInt8>

        private(set) var signs = Row(repeating: 0)
        private(set) var count = 0

        init(_ word: String) {
            for byte in word.utf8.prefix(Self.countMax) {
                signs[count] = byte
                count += 1
            }
        }
    }
}
