// SPDX-License-Identifier: Apache-2.0

import Domain

/// Whether the words around a sum that nothing read tell of another payment, in a wording that no
/// rule file knows: somebody sent it, a code stands beside it, or it is a row of who paid what.
///
/// Sums of balances, limits, fees and advertisements stand in every notice. They are told by the
/// words beside them, and an advertisement by what it lacks: nobody paid, and no cents.
final class OtherMoney {
    /// What the reading took from the text.
    struct Taken {
        /// Where the sums stand that it read.
        let amounts: [Range<Int>]
        /// Where the payer's words stand.
        let payer: [Range<Int>]
        /// Their name and words as they were read; they may stand elsewhere once more.
        let payerTexts: [String]
        /// Where labels stand that the variant knows.
        let labels: Set<Int>
    }

    /// A sentence of a bank has 300 letters.
    private static let reachBytes = 300
    /// Sums of one sentence; whoever writes more is looked at.
    private static let sumsMax = 32
    /// Digits and signs of an account in one.
    private static let accountBytes = 34
    /// `Gönderen`, `Hesap`, `Tutar`: a block of a notice.
    private static let blockLines = 3

    private let text: FoldedText
    private let lines: [UInt8]
    private let taken: Taken
    private let worths: Set<[UInt8]>
    private let vocabulary: () -> Set<String>
    private lazy var payerWords = Set(
        taken.payerTexts.flatMap { text in
            text.turkishFolded().utf8.split { !Self.isWordByte($0) }
                .map { String(decoding: $0, as: UTF8.self) }
        })
    /// Words that are no name: the file's, and those of the one who paid.
    private lazy var known = vocabulary().union(payerWords)
    /// Where labels of one who paid begin that the variant does not know, by their stretch of the
    /// text: a mail may hold thousands.
    private lazy var payerLabels = Dictionary(
        grouping: AmountPlaces.payerLabels(in: lines).filter { place in
            let line = lineRange(around: place)
            return !taken.labels.contains(place) && !taken.payer.contains { $0.overlaps(line) }
        }, by: { $0 / Self.blockBytes })
    private static let blockBytes = reachBytes * blockLines

    /// - Parameter vocabulary: folded words of the rule file; asked for when it is needed.
    init(
        _ text: FoldedText, _ visible: VisibleText, taken: Taken,
        vocabulary: @escaping () -> Set<String>
    ) {
        self.text = text
        self.taken = taken
        self.vocabulary = vocabulary
        lines = visible.lines
        worths = Set(taken.amounts.map { AmountPlaces.worth(of: text.bytes[$0]) })
    }

    /// Whether a sum of the sentence belongs to another payment.
    ///
    /// - Parameter isWrapped: it is put together from lines of which each may be a heading.
    func isTold(in sentence: Range<Int>, isWrapped: Bool = false) -> Bool {
        let sums = AmountPlaces.find(in: Array(lines[sentence]))
            .map { $0 + sentence.lowerBound }
            .filter { sum in
                !(taken.amounts + taken.payer).contains { $0.contains(sum) }
                    && !isInAccount(sum)
            }
        guard sums.count <= Self.sumsMax else { return true }
        return sums.contains { isTold($0, in: sentence, isWrapped) }
    }

    private func isTold(_ sum: Int, in sentence: Range<Int>, _ isWrapped: Bool) -> Bool {
        let number = AmountPlaces.number(at: sum, in: lines)
        let around =
            max(
                sentence.lowerBound, sum - Self.reachBytes)..<min(
                sentence.upperBound, number.upperBound + Self.reachBytes)
        let words = words(in: around)
        let label = label(of: sum, in: sentence)
        guard !isExplained(number, words, label) else { return false }
        let isSame = worths.contains(AmountPlaces.worth(of: lines[number]))
        if !isWrapped, hasPayerLabel(near: sum) { return true }
        let hasName = holdsName(words)
        let hasCode = words.contains(where: isCode)
        if let label {
            if !isSame, !isWrapped, !taken.labels.contains(label.start), label.isOfAmount {
                return true
            }
        } else {
            if words.contains(where: \.saysMoved), !isSame || hasName || hasCode { return true }
            if !isWrapped, hasCode { return true }
        }
        guard isWrapped ? hasName && hasCode : hasName, isSame || hasCents(number) else {
            return false
        }
        return words.allSatisfy { isNeutral($0) || isCode($0) || $0.isCapitalised }
    }

    /// `6612XXXX0934 TL`: the number goes on before its last digits.
    private func isInAccount(_ sum: Int) -> Bool {
        let before = lines[..<sum].suffix(Self.accountBytes).reversed()
            .prefix(while: Self.isWordByte)
        return before.contains { (48...57).contains($0) }
    }

    // MARK: - Words

    private struct Word {
        let range: Range<Int>
        let folded: String
        let isCapitalised: Bool
        let digits: Int

        /// `gönderdi`, `yapılmıştır`, `received`
        var saysMoved: Bool {
            MoneyWords.moved.contains(folded)
                || MoneyWords.pastEndings.contains(where: folded.hasSuffix)
                    && MoneyWords.moving.contains(where: folded.hasPrefix)
        }
    }

    private func words(in range: Range<Int>) -> [Word] {
        var found: [Word] = []
        var start = range.lowerBound
        while start < range.upperBound {
            guard Self.isWordByte(lines[start]) else {
                start += 1
                continue
            }
            var end = start
            while end < range.upperBound, Self.isWordByte(lines[end]) { end += 1 }
            let first = text.value(start..<end).unicodeScalars.first
            found.append(
                Word(
                    range: start..<end, folded: String(decoding: lines[start..<end], as: UTF8.self),
                    isCapitalised: first?.properties.isUppercase ?? false,
                    digits: lines[start..<end].count { (48...57).contains($0) }))
            start = end
        }
        return found
    }

    private static func isWordByte(_ byte: UInt8) -> Bool {
        byte >= 128 || (48...57).contains(byte) || (97...122).contains(byte)
    }

    /// Letters and digits in one, as long as a code: `Ktf6hv349`; not the payer's own.
    private func isCode(_ word: Word) -> Bool {
        let count = word.range.count
        return (6...20).contains(count) && word.digits > 1 && word.digits < count - 1
            && !payerWords.contains(word.folded)
    }

    /// A number, a currency, or a word that stands in headings of notices.
    private func isNeutral(_ word: Word) -> Bool {
        word.digits == word.range.count || AmountPlaces.isCurrency(word.folded.utf8)
            || MoneyWords.heading.contains(where: word.folded.hasPrefix)
    }

    /// Two words side by side that begin with capitals and that no file knows.
    private func holdsName(_ words: [Word]) -> Bool {
        func isName(_ word: Word) -> Bool {
            word.isCapitalised && word.digits == 0 && word.range.count > 1 && !isNeutral(word)
                && !known.contains(word.folded)
        }
        return zip(words, words.dropFirst()).contains { one, next in
            one.range.upperBound + 1 == next.range.lowerBound
                && lines[one.range.upperBound] == 32 && isName(one) && isName(next)
        }
    }

    // MARK: - Places

    /// Whether the words beside a sum, or its label, say that it is a balance, a fee or a prize.
    private func isExplained(
        _ number: Range<Int>, _ words: [Word], _ label: (start: Int, isOfAmount: Bool)?
    ) -> Bool {
        let telling = words.filter { !AmountPlaces.isCurrency($0.folded.utf8) }
        let start = label?.start ?? 0
        let before = telling.filter {
            $0.range.lowerBound >= start && $0.range.upperBound <= number.lowerBound
        }.suffix(label == nil ? 2 : telling.count)
        let behind = telling.filter { $0.range.lowerBound >= number.upperBound }.prefix(2)
        return (before + behind).contains { word in
            MoneyWords.explaining.contains(where: word.folded.hasPrefix)
        }
    }

    /// The label whose value the sum is: what its line or the cell before begins with.
    private func label(of sum: Int, in sentence: Range<Int>) -> (start: Int, isOfAmount: Bool)? {
        let line = lines[sentence.lowerBound..<sum].suffix(Self.reachBytes)
        let start = line.lastIndex(of: 10).map { $0 + 1 } ?? line.startIndex
        guard let border = lines[start..<sum].lastIndex(where: { $0 == 58 || $0 == 9 }) else {
            return nil
        }
        guard !lines[border..<sum].contains(where: { (97...122).contains($0) }) else { return nil }
        let own = lines[start..<border]
        let cell = own.drop { $0 == 9 || $0 == 32 }.startIndex
        let name = String(decoding: lines[cell..<border], as: UTF8.self)
        return (cell, MoneyWords.amounts.contains(where: name.contains))
    }

    private func hasPayerLabel(near sum: Int) -> Bool {
        let stretch = sum / Self.blockBytes
        return (stretch - 1...stretch + 1).contains { stretch in
            payerLabels[stretch, default: []].contains { place in
                let between = place < sum ? place..<sum : sum..<place
                return between.count <= Self.blockBytes
                    && lines[between].count { $0 == 10 } <= Self.blockLines
            }
        }
    }

    /// As much of the line as a label and its value take.
    private func lineRange(around place: Int) -> Range<Int> {
        let before = lines[..<place].suffix(Self.reachBytes)
        let start = before.lastIndex(of: 10).map { $0 + 1 } ?? before.startIndex
        return start..<text.lineEnd(from: place, atMost: Self.reachBytes)
    }

    private func hasCents(_ number: Range<Int>) -> Bool {
        number.count > 3 && [44, 46].contains(lines[number.upperBound - 3])
    }
}

/// Words about money, folded, by their beginnings where Turkish puts endings to them.
private enum MoneyWords {
    static let moving = [
        "gel", "gec", "gonder", "yolla", "yatir", "yatt", "aktar", "ulas", "yap", "alacak",
        "havale", "ilet", "gir", "odendi", "odenmis",
    ]
    static let pastEndings = [
        "di", "du", "ti", "tu", "mis", "mus", "mistir", "mustur",
    ]
    static let moved: Set<String> = [
        "sent", "paid", "received", "credited", "deposited", "transferred",
    ]
    static let explaining = [
        "bakiye", "limit", "ucret", "masraf", "komisyon", "toplam", "kesinti", "vergi", "bsmv",
        "kdv", "faiz", "borc", "taksit", "puan", "bonus", "kampanya", "indirim", "hediye",
        "kazan", "cekilis", "sigorta", "kadar", "sermaye", "uzeri", "balance", "fee", "total",
        "tax", "charge", "commission", "reward", "cashback", "discount", "offer", "capital",
        "available", "insured", "gift", "prize",
    ]
    static let amounts = ["tutar", "miktar", "meblag", "amount"]
    static let heading = [
        "gelen", "giden", "para", "transfer", "havale", "eft", "fast", "kolas", "odeme", "islem",
        "tutar", "hesa", "tarih", "giris", "turk", "lira", "anlik", "dekont", "banka", "sayin",
        "degerli", "musteri", "detay", "bilgi", "aciklama", "yeni", "tahsilat", "payment",
        "deposit", "received", "money", "incoming", "amount", "you", "account", "from", "new", "diger", "ayrica", "baska", "ilave",
        "ek", "other", "also", "further", "and", "ve", "ile",
    ]
}
