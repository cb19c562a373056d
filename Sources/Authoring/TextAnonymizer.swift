// SPDX-License-Identifier: Apache-2.0

internal import Domain

/// Replaces what is personal in texts of one mail, the same everywhere.
///
/// Kept are words that many mails hold (`Vocabulary`), days and hours but for birthdays, and the
/// form of all else: letters stay letters, digits digits, an IBAN and a reference code stay valid,
/// an amount keeps its style. A word of the vocabulary is replaced all the same where it stands in
/// a value that a person chose, such as the name of a company.
struct TextAnonymizer: Sendable {
    private let vocabulary: Set<String>
    /// Values that are personal as a whole, as folded words.
    private let phrases: [[String]]
    /// Folded words of the mail that no list knows.
    private let personalWords: Set<String>
    private let disguise: Disguise
    /// What stays as it is: the bank's own address.
    private let keptAddresses: Set<String>
    /// Hosts below it are kept in links and addresses; empty for a person's mail.
    private let keptDomain: String
    /// Amounts of the mail in words (`binikiyuzelli`), with those of the invented amounts.
    private let amountsInWords: [String: String]

    /// - Parameters:
    ///   - texts: all texts of the mail; no invented word is one of theirs.
    ///   - vocabulary: folded words that are kept.
    ///   - values: what people chose; replaced even where the vocabulary knows the words.
    init(
        seed: UInt64, texts: [String], vocabulary: Set<String>, values: [String],
        keptAddresses: Set<String>, keptDomain: String
    ) {
        let scanned = texts.map { Array($0.unicodeScalars) }
        let spans = scanned.map { TextScanner($0).spans() }
        var words = vocabulary
        for (text, spans) in zip(scanned, spans) {
            for span in spans where span.kind == .word {
                words.insert(Self.folded(text[span.range]))
            }
        }
        let known = vocabulary.union(words.filter(Vocabulary.hasBankForm))
        let disguise = Disguise(seed: seed, avoiding: words)
        var amounts: [String: String] = [:]
        for spans in spans {
            for case .number(let whole, let cents) in spans.lazy.map(\.kind) {
                let invented = disguise.amount(whole: whole, cents: cents)
                guard let old = AmountInWords.text(whole),
                    let new = AmountInWords.text(invented.whole)
                else { continue }
                amounts[old] = new
                guard let oldCents = AmountInWords.text(cents),
                    let newCents = AmountInWords.text(invented.cents)
                else { continue }
                amounts[oldCents] = amounts[oldCents] ?? newCents
            }
        }
        self.vocabulary = known
        personalWords = words.subtracting(known)
        self.disguise = disguise
        self.keptAddresses = keptAddresses
        self.keptDomain = keptDomain
        amountsInWords = amounts
        var phrases: Set<[String]> = []
        for value in values + texts.flatMap(Self.addressed) {
            let words = Self.words(of: value)
            if !words.isEmpty, words.count <= 40 { phrases.insert(words) }
        }
        self.phrases = phrases.sorted { $0.count > $1.count }
    }

    /// Whether many mails hold the word.
    func isKnown(_ word: String) -> Bool { vocabulary.contains(word) }

    static func folded(_ signs: ArraySlice<Unicode.Scalar>) -> String {
        String(String.UnicodeScalarView(signs)).turkishFolded()
    }

    private static func words(of text: String) -> [String] {
        let signs = Array(text.unicodeScalars)
        return TextScanner(signs).spans().filter { $0.kind == .word }.map {
            folded(signs[$0.range])
        }
    }

    /// Who is greeted by name: what follows `Sayın` up to the end of the line or a comma.
    private static func addressed(in text: String) -> [String] {
        text.split(whereSeparator: \.isNewline).flatMap { line -> [String] in
            let folded = line.prefix(400)
            guard let word = Self.greetings.first(where: folded.contains),
                let range = folded.range(ofFirst: word)
            else { return [] }
            let name = folded[range...].prefix { !",.:;!\t".contains($0) }
            // A whole sentence is no name; courtesy is not one either.
            guard name.split(separator: " ").count <= 6,
                !Self.courtesies.contains(String(name).turkishFolded())
            else { return [] }
            return [String(name)]
        }
    }

    private static let greetings = [
        "Sayın ", "SAYIN ", "Sayin ", "sayın ", "Dear ", "DEAR ", "Sn. ", "SN. ", "Sn.", "SN.",
    ]
    private static let courtesies: Set<String> = [
        "musterimiz", "yetkili", "ilgili", "kullanicimiz", "uyemiz", "customer", "sir or madam",
        "client", "user", "member", "madam", "sir",
    ]

    /// Names of a program's, such as those of classes: only words that the mail's texts hold and
    /// that nobody else knows are replaced, so that what refers to a name still does.
    func rewriteNames(_ names: ArraySlice<Unicode.Scalar>) -> [Unicode.Scalar] {
        var output: [Unicode.Scalar] = []
        var rest = names
        while let first = rest.first {
            let word = rest.prefix { $0.properties.isAlphabetic }
            guard !word.isEmpty else {
                output.append(first)
                rest = rest.dropFirst()
                continue
            }
            let isPersonal = word.count > 2 && personalWords.contains(Self.folded(word))
            output += isPersonal ? disguise.word(word) { $0.isASCII } : Array(word)
            rest = rest[word.endIndex...]
        }
        return output
    }

    // MARK: - Texts

    /// A replaced piece, and where it stood.
    struct Edit {
        let range: Range<Int>
        let signs: [Unicode.Scalar]
    }

    /// The text with everything personal replaced.
    func rewrite(_ text: String, canWrite: (Unicode.Scalar) -> Bool = { _ in true }) -> String {
        let signs = Array(text.unicodeScalars)
        var output = String.UnicodeScalarView()
        var index = 0
        for edit in edits(signs, canWrite: canWrite) {
            output.append(contentsOf: signs[index..<edit.range.lowerBound])
            output.append(contentsOf: edit.signs)
            index = edit.range.upperBound
        }
        output.append(contentsOf: signs[index...])
        return String(output)
    }

    /// What is to be replaced, in order; most pieces keep their length.
    func edits(
        _ text: [Unicode.Scalar], canWrite: (Unicode.Scalar) -> Bool
    ) -> [Edit] {
        let spans = TextScanner(text).spans()
        let owned = ownedWords(text, spans).union(spacedNames(text, spans))
        return spans.enumerated().compactMap { index, span in
            let old = text[span.range]
            if span.kind == .time {
                let isBirthday = Self.isBirthday(index, text, spans)
                return isBirthday ? Edit(range: span.range, signs: birthday(old)) : nil
            }
            guard let new = replacement(span, old, isOwned: owned.contains(index), canWrite) else {
                return nil
            }
            return Edit(range: span.range, signs: new)
        }
    }

    /// Words of the label before a day, with which people say when they were born; folded.
    private static let birthWords = [
        "dogum", "birth", "dob", "geburts", "naissance", "nacimiento", "narozeni", "urodzenia",
    ]
    /// `Date and place of birth`
    private static let birthWordsBack = 5

    /// Whether a day stands behind such a label, with no other value between.
    private static func isBirthday(
        _ index: Int, _ text: [Unicode.Scalar], _ spans: [TextSpan]
    ) -> Bool {
        let label = spans[..<index].suffix(birthWordsBack).reversed().prefix { $0.kind == .word }
        return label.contains { span in
            let word = folded(text[span.range])
            return birthWords.contains(where: word.hasPrefix)
        }
    }

    /// Another day of the last century, in the same form.
    private func birthday(_ old: ArraySlice<Unicode.Scalar>) -> [Unicode.Scalar] {
        let new = disguise.signs(old)
        var output: [Unicode.Scalar] = []
        for (index, sign) in old.enumerated() {
            guard TextScanner.isDigit(sign), output.count == index else {
                if output.count == index { output.append(sign) }
                continue
            }
            let count = old.dropFirst(index).prefix(while: TextScanner.isDigit).count
            let digits = new[index..<(index + count)].map { Int($0.value) - 48 }
            // Days and months up to nine exist everywhere.
            let year = 1950 + digits[0] % 5 * 10 + digits[count - 1]
            let text = count == 4 ? "\(year)" : "\(1 + digits[count - 1] % 9)"
            output += String(repeating: "0", count: count - min(count, text.count)).unicodeScalars
            output += text.unicodeScalars
        }
        return output
    }

    /// Indices of the words that belong to a value a person chose.
    private func ownedWords(_ text: [Unicode.Scalar], _ spans: [TextSpan]) -> Set<Int> {
        guard !phrases.isEmpty else { return [] }
        let words = spans.indices.filter { spans[$0].kind == .word }
        let folded = words.map { Self.folded(text[spans[$0].range]) }
        var places: [String: [Int]] = [:]
        for (place, word) in folded.enumerated() { places[word, default: []].append(place) }
        var owned: Set<Int> = []
        for phrase in phrases {
            guard let first = phrase.first else { continue }
            // A name that stands a thousand times says nothing new.
            for place in (places[first] ?? []).prefix(1000)
            where folded[place...].starts(with: phrase) {
                // A single common word is a person's only where the person stands alone.
                if phrase.count == 1, vocabulary.contains(first),
                    !isAlone(words[place], text, spans)
                {
                    continue
                }
                for index in place..<(place + phrase.count) { owned.insert(words[index]) }
            }
        }
        return owned
    }

    /// Nothing but signs between the word and the borders of its line or cell, or a colon.
    private func isAlone(_ index: Int, _ text: [Unicode.Scalar], _ spans: [TextSpan]) -> Bool {
        let borders: Set<Unicode.Scalar> = ["\n", "\t", ":", "\r", HTMLAnonymizer.border]
        let from = index > 0 ? spans[index - 1].range.upperBound : 0
        let to = index + 1 < spans.count ? spans[index + 1].range.lowerBound : text.count
        let range = spans[index].range
        return (from == 0 || text[from..<range.lowerBound].contains(where: borders.contains))
            && (to == text.count || text[range.upperBound..<to].contains(where: borders.contains))
    }

    private func replacement(
        _ span: TextSpan, _ old: ArraySlice<Unicode.Scalar>, isOwned: Bool,
        _ canWrite: (Unicode.Scalar) -> Bool
    ) -> [Unicode.Scalar]? {
        switch span.kind {
        case .time: return nil
        case .link: return link(old)
        case .address: return address(old)
        case .code(let code): return Self.spread(disguise.code(code).text, over: old)
        case .iban:
            let signs = old.filter { !Self.isBlank($0) }
            let isMasked = signs.dropFirst(2).contains { TextScanner.isMask($0) }
            let new = disguise.iban(signs) { isMasked && TextScanner.isMask($0) }
            return Self.fill(old, with: new, where: { !Self.isBlank($0) })
        case .number(let whole, let cents):
            let new = disguise.amount(whole: whole, cents: cents)
            let digits = (new.whole + new.cents).map { Unicode.Scalar($0) }
            return Self.fill(old, with: digits, where: TextScanner.isDigit)
        case .mixed:
            if vocabulary.contains(Self.folded(old)) { return nil }
            return mixed(old)
        case .word:
            let word = Self.folded(old)
            if let amount = amountInWords(word, old) { return amount }
            if !isOwned, vocabulary.contains(word) || old.count == 1 { return nil }
            return disguise.word(old, canWrite: canWrite)
        }
    }

    /// The words of another amount, with the currency that is printed behind them in one.
    private func amountInWords(
        _ word: String, _ old: ArraySlice<Unicode.Scalar>
    ) -> [Unicode.Scalar]? {
        // One is also the article: a common word is no amount.
        guard !vocabulary.contains(word) else { return nil }
        for currency in ["", "tl", "lira", "turklirasi"] where word.hasSuffix(currency) {
            guard let amount = amountsInWords[String(word.dropLast(currency.count))] else {
                continue
            }
            let isUpper = old.prefix(3).allSatisfy { !$0.properties.isLowercase }
            let written = AmountInWords.written(amount, upper: isUpper)
            return (isUpper ? written : written.prefix(1).uppercased() + written.dropFirst())
                .unicodeScalars + old.suffix(currency.count)
        }
        return nil
    }

    /// Letters and digits in one: masks stay, all else changes.
    private func mixed(_ old: ArraySlice<Unicode.Scalar>) -> [Unicode.Scalar] {
        let new = disguise.signs(old)
        var output = Array(old)
        for (index, sign) in old.enumerated() {
            let previous = index > 0 ? output[index - 1] : nil
            let following = old.startIndex + index + 1
            let next = following < old.endIndex ? old[following] : nil
            let isMask =
                sign == "*" || sign == "•"
                || ((sign == "X" || sign == "x") && (previous == sign || next == sign))
            if !isMask { output[index] = new[index] }
        }
        return output
    }

    private static func isBlank(_ sign: Unicode.Scalar) -> Bool { sign == " " || sign == "\u{A0}" }

    /// `new` written over those signs of `old` that count, in order.
    private static func fill(
        _ old: ArraySlice<Unicode.Scalar>, with new: [Unicode.Scalar],
        where counts: (Unicode.Scalar) -> Bool
    ) -> [Unicode.Scalar] {
        var rest = new[...]
        return old.map { counts($0) ? rest.popFirst() ?? $0 : $0 }
    }

    /// A code with the capitals and the blanks of the one that stood there.
    private static func spread(
        _ code: String, over old: ArraySlice<Unicode.Scalar>
    ) -> [Unicode.Scalar] {
        var rest = Array(code.unicodeScalars)[...]
        return old.map { sign in
            guard !TextScanner.isCodeSeparator(sign), let next = rest.popFirst() else {
                return sign
            }
            let isSmall = sign.properties.isLowercase
            // A digit says nothing about capitals; the letters around it do.
            return isSmall && (65...90).contains(next.value)
                ? Unicode.Scalar(UInt8(next.value) + 32) : next
        }
    }

    func scrambled(_ run: ArraySlice<Unicode.Scalar>) -> [Unicode.Scalar] {
        disguise.signs(run)
    }

    // MARK: - Links and addresses

    /// The host of the bank stays, its path and its questions are invented.
    private func link(_ old: ArraySlice<Unicode.Scalar>) -> [Unicode.Scalar] {
        let text = Array(old)
        var start = 0
        if let colon = text.firstIndex(of: ":"), text[colon...].starts(with: "://".unicodeScalars) {
            start = colon + 3
        }
        let end = text[start...].firstIndex { ["/", "?", "#"].contains($0) } ?? text.count
        let host = String(String.UnicodeScalarView(text[start..<end]))
        return text[..<start] + self.host(host).unicodeScalars + disguise.signs(text[end...])
    }

    /// An address of the bank itself stays; any other gets an invented name.
    private func address(_ old: ArraySlice<Unicode.Scalar>) -> [Unicode.Scalar] {
        let text = String(String.UnicodeScalarView(old))
        if keptAddresses.contains(text.lowercased()) { return Array(old) }
        guard let at = old.firstIndex(of: "@") else { return disguise.signs(old) }
        let host = String(String.UnicodeScalarView(old[(at + 1)...]))
        return disguise.signs(old[..<at]) + ["@"] + self.host(host).unicodeScalars
    }

    private func host(_ host: String) -> String {
        let name = host.lowercased()
        if !keptDomain.isEmpty, name == keptDomain || name.hasSuffix("." + keptDomain) {
            return host
        }
        let labels = name.split(separator: ".")
        let own = labels.dropLast(labels.count > 1 ? 1 : 0)
        // Names below .example belong to nobody (RFC 2606 section 2).
        return own.map {
            String(String.UnicodeScalarView(disguise.signs(Array($0.unicodeScalars)[...])))
        }.joined(separator: ".") + ".example"
    }
}

extension StringProtocol {
    /// Behind the first place where `part` stands.
    fileprivate func range(ofFirst part: String) -> Index? {
        indices.first { self[$0...].hasPrefix(part) }.map {
            self[$0...].dropFirst(part.count).startIndex
        }
    }
}

extension TextAnonymizer {
    /// Message ids, part ids and boundaries: letters for letters, digits for digits, the same for
    /// the same run of them, so that what refers to a part still does.
    func identifiers(_ value: [UInt8]) -> [UInt8] {
        let signs = value.map { Unicode.Scalar($0) }
        var output: [Unicode.Scalar] = []
        var index = 0
        while index < signs.count {
            let run = signs[index...].prefix { TextScanner.isWordSign($0) && $0.isASCII }
            if run.isEmpty {
                output.append(signs[index].isASCII ? signs[index] : "x")
                index += 1
            } else {
                output += scrambled(run)
                index += run.count
            }
        }
        return output.map { UInt8(truncatingIfNeeded: $0.value) }
    }
}
