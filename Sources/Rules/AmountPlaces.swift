// SPDX-License-Identifier: Apache-2.0

import Domain

/// Sums of money in a folded text, wherever they stand and whoever wrote them.
///
/// A text that no variant reads may still tell of money. What counts is a number beside a
/// currency, or one with two decimals as sums are written; nothing is read from it.
enum AmountPlaces {
    /// Currencies as texts write them besides the codes of ISO 4217; folded.
    private static let words: Set<String> = [
        "tl", "lira", "euro", "dolar", "rs", "zl", "kc",
    ]
    private static let signs = ["₺", "€", "$", "£", "¥", "₹", "₽", "₴"].map { Array($0.utf8) }
    /// `dolar`; a code has three letters.
    private static let wordBytesMax = 5

    /// Where the numbers begin, in order.
    static func find(in text: [UInt8]) -> [Int] {
        var places: [Int] = []
        var index = 0
        while index < text.count {
            guard isDigit(text[index]) else {
                index += 1
                continue
            }
            let start = index
            var isZero = true
            // Digits and what stands between two of them.
            while index < text.count {
                if isDigit(text[index]) {
                    isZero = isZero && text[index] == 48
                } else if !isBetween(text, index) {
                    break
                }
                index += 1
            }
            if !isZero,
                isCurrency(behind: index, text) || isCurrency(before: start, text)
                    || isSum(text, start..<index)
            {
                places.append(start)
            }
        }
        return places
    }

    /// The sentences that hold such a sum, each with the lines around it: a mailer may have wrapped
    /// it. A line ends a sentence as a full stop does, so that a footer is none with a notice.
    ///
    /// - Parameter clauses: between two sums a comma ends a sentence as well: what is said of one
    ///   is not said of the other.
    static func sentences(
        in text: [UInt8], clauses: Bool
    ) -> [(own: Range<Int>, around: Range<Int>)] {
        let places = find(in: text)
        guard !places.isEmpty else { return [] }
        var ends: [Int] = []
        var comma: Int?
        var sums = places[...]
        var hasSum = false
        for index in text.indices {
            let isLast = index + 1 == text.count || isBlank(text[index + 1])
            if sums.first == index {
                sums.removeFirst()
                if hasSum, let comma { ends.append(comma) }
                (hasSum, comma) = (true, nil)
            }
            if text[index] == 10 || isLast && [33, 46, 59, 63].contains(text[index]) {
                ends.append(index + 1)
                (hasSum, comma) = (false, nil)
            } else if clauses, isLast, text[index] == 44, hasSum {
                comma = index + 1
            }
        }
        if ends.last != text.count { ends.append(text.count) }
        var found: [(own: Range<Int>, around: Range<Int>)] = []
        var current = 0
        for place in places {
            while current < ends.count, ends[current] <= place { current += 1 }
            let start = current > 0 ? ends[current - 1] : 0
            guard found.last?.own.lowerBound != start else { continue }
            // A sentence before a full stop is another one.
            let isWrapped = start > 0 && text[start - 1] == 10
            let goesOn = text[ends[current] - 1] == 10 && current + 1 < ends.count
            let first = isWrapped ? (current > 1 ? ends[current - 2] : 0) : start
            let last = goesOn ? ends[current + 1] : ends[current]
            found.append((start..<ends[current], first..<last))
        }
        return found
    }

    /// What an account holds; with other endings money moves: `bakiyenize`.
    private static let holdings: Set<String> = [
        "bakiye", "bakiyesi", "bakiyen", "bakiyeniz", "limit", "limiti", "limitin", "limitiniz",
        "balance",
    ]

    /// A currency and the word beside it.
    private static let besideBytes = 64

    /// Whether every sum is a value of a notice: it stands behind a label's colon, first in a line
    /// or cell of a table, or beside a word for what an account holds.
    static func areValues(in text: [UInt8]) -> Bool {
        find(in: text).allSatisfy { place in
            let before = withoutCurrency(text[..<place].suffix(besideBytes).reversed())
            guard let border = before.first, ![58, 9, 10].contains(border) else { return true }
            let behind = withoutCurrency(
                text[place...].drop { isDigit($0) || $0 == 44 || $0 == 46 }.prefix(besideBytes))
            let words =
                [Array(before.prefix(while: isLetter).reversed())] + [
                    Array(behind.prefix(while: isLetter))
                ]
            return words.contains { holdings.contains(String(decoding: $0, as: UTF8.self)) }
        }
    }

    /// Labels of the one who paid, in notices of banks and providers; folded.
    private static let payerLabels = [
        "gonderen", "gonderici", "musteri", "odeyen", "odemeyi yapan", "kimden", "from", "sender",
        "payer", "paid by", "customer", "buyer",
    ].map { Array($0.utf8) }
    /// `gönderici ad soyad / unvan`
    private static let labelBytesMax = 40

    /// What stands behind such a word in labels of something else: `Gönderen Banka`.
    private static let othersOfPayer = [
        "banka", "iban", "hesap", "hesab", "no", "sube", "hizmet", "adres", "tc", "vkn", "bank",
    ].map { Array($0.utf8) }

    /// Whether a line or cell begins with a label of the one who paid.
    static func namePayer(in text: [UInt8]) -> Bool {
        !payerLabels(in: text, orOfTheirs: true).isEmpty
    }

    /// Where lines and cells begin with a label of the one who paid.
    ///
    /// - Parameter orOfTheirs: labels of their bank or account count as well.
    static func payerLabels(in text: [UInt8], orOfTheirs: Bool = false) -> [Int] {
        text.split { $0 == 10 }.flatMap { line in
            let cells = line.split(separator: 9, omittingEmptySubsequences: false)
            return cells.enumerated().compactMap { index, cell -> Int? in
                let cell = cell.drop { $0 == 32 }
                let label = cell.prefix { $0 != 58 }.prefix(labelBytesMax + 1)
                guard label.count <= labelBytesMax,
                    label.count < cell.count || index + 1 < cells.count
                else { return nil }
                let isLabel = payerLabels.contains { word in
                    let rest = label.dropFirst(word.count)
                    guard label.starts(with: word), !(rest.first.map(isLetter) ?? false) else {
                        return false
                    }
                    let next = rest.drop { !isLetter($0) }
                    return orOfTheirs || !othersOfPayer.contains { next.starts(with: $0) }
                }
                return isLabel ? cell.startIndex : nil
            }
        }
    }

    /// The number that begins at `place`, with what groups its digits.
    static func number(at place: Int, in text: [UInt8]) -> Range<Int> {
        var end = place
        while end < text.count, isDigit(text[end]) || isBetween(text, end) { end += 1 }
        return place..<end
    }

    /// The digits of a sum with those of its cents, equal for `1.250`, `1,250.00` and `1250,00`.
    static func worth(of text: ArraySlice<UInt8>) -> [UInt8] {
        let number = text.drop { !isDigit($0) }
            .prefix { isDigit($0) || [32, 44, 46].contains($0) }
        let digits = number.filter(isDigit)
        let cents = number.reversed().drop { !isDigit($0) }.prefix(while: isDigit).count
        let isWhole = cents == digits.count || cents != 2
        return Array(digits.drop { $0 == 48 }) + (isWhole ? [48, 48] : [])
    }

    /// What stands beside a sum, read away from it.
    private static func withoutCurrency(_ text: some Sequence<UInt8>) -> [UInt8] {
        func isGap(_ byte: UInt8) -> Bool { [32, 43, 45].contains(byte) }
        let rest = Array(text.drop(while: isGap))
        let sign = signs.first { rest.starts(with: $0) || rest.starts(with: $0.reversed()) }
        let word = rest.prefix(while: isLetter)
        let length =
            sign?.count ?? (isCurrency(word) || isCurrency(word.reversed()) ? word.count : 0)
        return Array(rest.dropFirst(length).drop(while: isGap))
    }

    private static func isDigit(_ byte: UInt8) -> Bool { byte &- 48 < 10 }

    /// A dot or comma with a digit on either side, or a blank before three digits.
    private static func isBetween(_ text: [UInt8], _ index: Int) -> Bool {
        let behind = text[(index + 1)...].prefix(4).prefix(while: isDigit).count
        return switch text[index] {
        case 44, 46: behind > 0
        case 32: behind == 3
        default: false
        }
    }

    private static func isBlank(_ byte: UInt8) -> Bool { byte == 32 || byte == 9 || byte == 10 }

    private static func isLetter(_ byte: UInt8) -> Bool { byte &- 97 < 26 }

    /// `1.250,00` and `1,250.00`, which are neither a time nor a day; a rate has its sign.
    private static func isSum(_ text: [UInt8], _ number: Range<Int>) -> Bool {
        let separators = number.filter { text[$0] == 44 || text[$0] == 46 }
        guard let last = separators.last, number.upperBound - last == 3,
            text[last] == 44 || separators.contains(where: { text[$0] == 44 })
        else { return false }
        let percent = UInt8(ascii: "%")
        let before = text[..<number.lowerBound].last { !isBlank($0) }
        return before != percent
            && text[number.upperBound...].first { !isBlank($0) } != percent
    }

    private static func isCurrency(behind end: Int, _ text: [UInt8]) -> Bool {
        var start = end
        while start < text.count, isBlank(text[start]) { start += 1 }
        let rest = text[start...]
        if signs.contains(where: { rest.starts(with: $0) }) { return true }
        // `lirası`, `liralık`, `Türk Lirası`
        if ["lira", "turk lira"].contains(where: { rest.starts(with: $0.utf8) }) { return true }
        let word = rest.prefix(Self.wordBytesMax + 1).prefix(while: isLetter)
        return isCurrency(word)
    }

    private static func isCurrency(before start: Int, _ text: [UInt8]) -> Bool {
        var end = start
        // `$ -25`, `+1 250 CZK`
        while end > 0, isBlank(text[end - 1]) || text[end - 1] == 45 || text[end - 1] == 43 {
            end -= 1
        }
        if end > 0, text[end - 1] == 46 { end -= 1 }
        let before = text[..<end]
        if signs.contains(where: { before.reversed().starts(with: $0.reversed()) }) { return true }
        let word = before.suffix(Self.wordBytesMax + 1).reversed().prefix(while: isLetter)
        return isCurrency(word.reversed())
    }

    static func isCurrency(_ word: some Collection<UInt8>) -> Bool {
        guard (2...wordBytesMax).contains(word.count) else { return false }
        let text = String(decoding: word, as: UTF8.self)
        return words.contains(text) || Currency(text.uppercased())?.isInUse == true
    }
}
