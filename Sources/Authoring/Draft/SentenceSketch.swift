// SPDX-License-Identifier: Apache-2.0

internal import Domain
internal import Rules

/// A sentence that tells of a payment, cut into the bank's words and the values between them.
struct SentenceSketch {
    /// A value, and where it stands in the line.
    struct Value: Hashable {
        let group: String
        let field: Field
        /// Scalars of the line.
        let range: Range<Int>
        /// What the value looks like, as a pattern on folded text.
        let form: String
    }

    let line: String
    fileprivate(set) var values: [Value] = []
    private(set) var dateForm: String?
    private(set) var amountStyle: String?
    let signs: [Unicode.Scalar]

    /// A longer line is no sentence of a notice, and is read many times over.
    private static let lineBytesMax = 4000
    /// Words of the bank that are kept before the first and behind the last value.
    private static let wordsAround = 3

    /// Nil when no amount stands in the line.
    init?(_ line: String) {
        guard line.utf8.count <= Self.lineBytesMax else { return nil }
        self.line = line
        signs = Array(line.unicodeScalars)
        guard let amount = Self.movement(signs) else { return nil }
        amountStyle = amount.style
        values = [
            Value(
                group: "amount", field: .amount, range: amount.range, form: Self.form(amount))
        ]
        findPayer()
        findAccount()
        findTime()
        findDescription()
        values.sort { $0.range.lowerBound < $1.range.lowerBound }
    }

    func text(_ range: Range<Int>) -> String {
        String(String.UnicodeScalarView(signs[range]))
    }

    // MARK: - Values

    /// The amount that moved: none that is called a balance, a limit or a fee.
    private static func movement(_ signs: [Unicode.Scalar]) -> ValueShape.Amount? {
        let amounts = ValueShape.amounts(signs).filter { $0.unit != nil }
        return amounts.first { amount in
            let before = String(
                String.UnicodeScalarView(signs[..<amount.range.lowerBound].suffix(40)))
            let folded = before.turkishFolded().split(separator: " ").suffix(3)
            return !folded.contains { word in
                PayerWords.otherAmounts.contains { word.hasPrefix($0) }
            }
        }
    }

    private static func form(_ amount: ValueShape.Amount) -> String {
        guard let unit = amount.unit else { return #"[\d.,]+"# }
        let folded = unit.turkishFolded()
        let isWord = folded.utf8.allSatisfy { (97...122).contains($0) }
        let word = isWord ? "[a-z]{2,4}" : escaped(folded)
        return amount.unitIsBefore ? "\(word) ?[\\d.,]+" : "[\\d., ]+ ?\(word)"
    }

    private mutating func add(_ group: String, _ field: Field, _ range: Range<Int>, _ form: String)
    {
        guard !range.isEmpty, !values.contains(where: { $0.range.overlaps(range) }) else { return }
        values.append(Value(group: group, field: field, range: range, form: form))
    }

    private mutating func findPayer() {
        for marker in PayerWords.markers {
            guard let at = find(" " + marker + " ") ?? find(" " + marker + ",") else { continue }
            let start = nameStart(endingAt: at)
            if start < at { return add("payer", .payer, start..<at, ".+?") }
        }
        if let at = apostrophe() {
            let start = nameStart(endingAt: at)
            if start < at { return add("payer", .payer, start..<at, ".+?") }
        }
        for lead in PayerWords.leads {
            guard let at = find(" " + lead + " ") else { continue }
            let start = at + lead.unicodeScalars.count + 2
            let end = nameEnd(from: start)
            if end > start { return add("payer", .payer, start..<end, ".+?") }
        }
    }

    /// `ELİF KARACA'dan`: where the name ends.
    private func apostrophe() -> Int? {
        signs.indices.first { index in
            guard signs[index] == "'" || signs[index] == "’", index + 4 <= signs.count else {
                return false
            }
            let ending = text((index + 1)..<(index + 4)).turkishFolded()
            return PayerWords.fromEndings.contains(ending)
                && (index + 4 == signs.count || [" ", ",", "."].contains(signs[index + 4]))
        }
    }

    /// Where a folded text stands.
    private func find(_ text: String) -> Int? {
        let part = Array(text.turkishFolded().utf8)
        // The fold takes blanks at the ends away.
        let words = text.hasPrefix(" ") ? [UInt8(32)] + part : part
        let whole = text.hasSuffix(" ") ? words + [32] : words
        let folded = signs.map { sign -> UInt8 in
            if case .letter(let byte) = sign.turkishFold { return byte }
            if case .blank = sign.turkishFold { return 32 }
            return 0
        }
        guard folded.count >= whole.count else { return nil }
        return (0...(folded.count - whole.count)).first {
            folded[$0..<($0 + whole.count)].elementsEqual(whole)
        }
    }

    private struct Word {
        let range: Range<Int>
        let isName: Bool
    }

    /// Words between blanks; a name is written with a capital and is no common word of a bank.
    private func words(_ range: Range<Int>) -> [Word] {
        var words: [Word] = []
        var start: Int?
        for index in range.lowerBound...range.upperBound {
            let isBlank = index == range.upperBound || [" ", "\t", "\u{A0}"].contains(signs[index])
            if isBlank, let first = start {
                let word = signs[first..<index]
                let letters = word.filter { TextScanner.isLetter($0) }
                let isCapital = word.first?.properties.isUppercase ?? false
                let ends = word.last.map { [",", ";", ":", "!"].contains($0) } ?? false
                words.append(
                    Word(range: first..<index, isName: isCapital && !letters.isEmpty && !ends))
                start = nil
            } else if !isBlank, start == nil {
                start = index
            }
        }
        return words
    }

    private func nameStart(endingAt end: Int) -> Int {
        var start = end
        for word in words(0..<end).reversed().prefix(8) {
            guard word.isName else { break }
            let text = text(word.range).turkishFolded()
            // Hesabınıza ELİF KARACA: a word of the bank with a capital begins the sentence.
            if Vocabulary.isKnown(text), !isCapitals(word.range),
                !["a.s.", "ltd.", "sti.", "tic.", "san.", "ve"].contains(text)
            {
                break
            }
            start = word.range.lowerBound
        }
        return start
    }

    private func isCapitals(_ range: Range<Int>) -> Bool {
        !signs[range].contains { $0.properties.isLowercase }
    }

    private func nameEnd(from start: Int) -> Int {
        var end = start
        for word in words(start..<signs.count).prefix(6) {
            let isLast =
                word.range.upperBound > start
                && [".", ","].contains(signs[word.range.upperBound - 1])
            let capital = signs[word.range.lowerBound].properties.isUppercase
            guard capital else { break }
            end = isLast ? word.range.upperBound - 1 : word.range.upperBound
            if isLast { break }
        }
        return end
    }

    /// A masked or whole number near the word for account.
    private mutating func findAccount() {
        let spans = TextScanner(signs).spans()
        for (index, span) in spans.enumerated() {
            let near = spans[max(0, index - 2)..<min(spans.count, index + 4)]
            let isNear = near.contains { other in
                guard other.kind == .word else { return false }
                let word = text(other.range).turkishFolded()
                return word.hasPrefix("hesab") || word.hasPrefix("account") || word == "hesap"
            }
            guard isNear else { continue }
            switch span.kind {
            case .iban:
                return add(
                    "receiving_account", .receivingAccount, span.range, #"[a-z]{2}[\dx* ]+?"#)
            case .mixed, .number:
                // A masked number is cut at its hyphens: 412-****567.
                var range = span.range
                while range.upperBound < signs.count, Self.isAccountSign(signs[range.upperBound]) {
                    range = range.lowerBound..<(range.upperBound + 1)
                }
                while range.lowerBound > 0, Self.isAccountSign(signs[range.lowerBound - 1]) {
                    range = (range.lowerBound - 1)..<range.upperBound
                }
                let isAmount = values.contains { $0.range.overlaps(range) }
                if !isAmount {
                    return add("receiving_account", .receivingAccount, range, #"[\dx*-]+"#)
                }
            default: continue
            }
        }
    }

    private static func isAccountSign(_ sign: Unicode.Scalar) -> Bool {
        TextScanner.isDigit(sign) || sign == "*" || sign == "X" || sign == "-"
    }

    private mutating func findTime() {
        let found = Self.times(signs)
        for value in found.values { add(value.group, value.field, value.range, value.form) }
        dateForm = found.form
    }

    private mutating func findDescription() {
        for marker in ["açıklaması ile", "açıklamasıyla", "açıklamalı"] {
            guard let at = find(" " + marker + " ") else { continue }
            // Whatever stands between the words before it and the marker was typed by the payer.
            let before =
                values.filter { $0.range.upperBound <= at }.map(\.range.upperBound).max() ?? 0
            let words = words(before..<at)
            guard
                let from = words.firstIndex(where: { word in
                    !Vocabulary.isKnown(
                        text(word.range).turkishFolded().filter { $0 != "." })
                })
            else { continue }
            return add("description", .description, words[from].range.lowerBound..<at, ".+")
        }
        for marker in PayerWords.descriptions {
            guard let at = find(" " + marker) else { continue }
            let start = at + marker.unicodeScalars.count + 1
            let rest = signs[start...]
            var end = rest.firstIndex(of: ".") ?? signs.count
            var first = start
            while first < end, signs[first] == " " { first += 1 }
            while end > first, signs[end - 1] == " " { end -= 1 }
            if first < end { return add("description", .description, first..<end, ".*?") }
        }
    }

    // MARK: - Pattern

    /// The sentence as a pattern with named groups.
    /// - Parameter varies: folded words that other mails of the kind do not hold.
    func pattern(varying varies: Set<String> = []) -> String {
        guard let first = values.first, let last = values.last else { return "" }
        // What ends with a comma or a full stop before it, such as a greeting, is left out.
        let before = words(0..<first.range.lowerBound).suffix(Self.wordsAround)
        let stop = before.lastIndex { word in
            [",", ".", ":", "!"].contains(signs[word.range.upperBound - 1])
                && word.range.upperBound - word.range.lowerBound > 3
        }
        let lead = stop.map { before[($0 + 1)...] } ?? before
        let tail = words(last.range.upperBound..<signs.count).prefix(Self.wordsAround)
        var output = literal(
            (lead.first?.range.lowerBound ?? first.range.lowerBound)..<first.range.lowerBound,
            varies)
        if output.isEmpty { output = behindGreeting(first.range.lowerBound) }
        // A name at the beginning of its line must not begin in the words of somebody else.
        if output.isEmpty, first.range.lowerBound == 0 { output = "^" }
        for (index, value) in values.enumerated() {
            output += "(?<\(value.group)>\(value.form))"
            let next =
                index + 1 < values.count
                ? values[index + 1].range.lowerBound
                : tail.last?.range.upperBound ?? value.range.upperBound
            output += literal(value.range.upperBound..<next, varies)
        }
        // A sparing last group would be empty: what the payer wrote last ends with its line.
        if last.form.hasSuffix("?"), output.hasSuffix(")") {
            output += last.field == .description ? "$" : #"(?:[.,]|$)"#
        }
        return output
    }

    /// The way to a value that stands behind `Sayın müşterimiz,` in its line: whoever is greeted,
    /// the value begins behind as many commas. Empty where no such sign stands before it.
    private func behindGreeting(_ start: Int) -> String {
        let before = signs[..<start]
        let last = before.last { ![" ", "\u{A0}"].contains($0) }
        guard let last, [",", "!", ":", "."].contains(last) else { return "" }
        let count = before.count { $0 == last }
        return count == 1 ? "^[^\(last)]*[\(last)] " : "^(?:[^\(last)]*[\(last)]){\(count)} "
    }

    /// The bank's own words between the values, longest first: what every such mail holds.
    func literals(varying varies: Set<String> = []) -> [String] {
        var found: [String] = []
        var start = 0
        for value in values + [
            Value(group: "", field: .amount, range: signs.count..<signs.count, form: "")
        ] {
            var run: [String] = []
            for word in words(start..<max(start, value.range.lowerBound)) {
                let text = Self.bare(text(word.range))
                let folded = text.turkishFolded()
                if text.contains(where: \.isNumber) || varies.contains(folded)
                    || Self.changes.contains(folded) || !Self.isCommon(text)
                {
                    if !run.isEmpty { found.append(run.joined(separator: " ")) }
                    run = []
                } else {
                    run.append(text)
                }
            }
            if !run.isEmpty { found.append(run.joined(separator: " ")) }
            start = value.range.upperBound
        }
        return found.filter { $0.filter(\.isLetter).count >= 8 }.sorted { $0.count > $1.count }
    }

    static let channels: Set<String> = ["fast", "eft", "havale", "swift", "transfer"]
    /// Words that differ from one mail of a kind to the next: channels and currencies.
    static let changes: Set<String> = channels.union([
        "tl", "try", "usd", "eur", "gbp", "chf", "lira",
    ])

    private static func isCommon(_ word: String) -> Bool {
        let signs = Array(word.unicodeScalars)
        return TextScanner(signs).spans().allSatisfy { span in
            span.kind == .word
                && Vocabulary.isKnown(
                    String(String.UnicodeScalarView(signs[span.range])).turkishFolded())
        }
    }

    private static func bare(_ word: String) -> String {
        var word = word[...]
        while let last = word.last, ".,;!".contains(last) { word = word.dropLast() }
        return String(word)
    }
}

extension SentenceSketch {
    /// The sentence with only those values whose field `isWanted`.
    func keeping(_ isWanted: (Field) -> Bool) -> SentenceSketch {
        var copy = self
        copy.values = values.filter { isWanted($0.field) }
        return copy
    }
}
