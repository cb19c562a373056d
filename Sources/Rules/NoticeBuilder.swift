// SPDX-License-Identifier: Apache-2.0

import Domain
import FoundationEssentials

/// Makes one notice of the values that were found. Two readings of one field are no reading.
struct NoticeBuilder {
    /// A notice, or what is wrong with the values in a few words without personal data.
    enum Result {
        case notice(PaymentNotice)
        /// Of money that went back: no sum, and something that says which payment it was.
        case clue(PaymentClue)
        /// A value is not there at all; another body of the mail may hold it.
        case missing(String)
        case unclear(String)
    }

    private enum Value<Content> {
        case none
        case one(Content)
        case wrong(String)
    }

    let variant: Variant
    let found: [FieldReader.Found]

    /// Without a time in the text the notice bears `arrival`.
    func build(arrival: Date) -> Result {
        let amount: Money
        switch self.amount() {
        case .none: return clue() ?? .missing("field amount is missing")
        case .one(let money): amount = money
        case .wrong(let why): return .unclear(why)
        }
        for value in found where value.isDoubtful && !value.text.isEmpty {
            return .unclear("field \(value.field.rawValue) stands only behind the payer's words")
        }
        if let problem = compareWords(with: amount) { return .unclear(problem) }
        var notice = PaymentNotice(amount: amount, occurredAt: arrival, timeFrom: .arrival)
        for field in Field.allCases where field != .amount && field != .amountInWords {
            let problem =
                field == .occurredAt
                ? readTime(into: &notice, arrival) : readText(field, into: &notice)
            if let problem { return .unclear(problem) }
        }
        for rule in variant.fields where rule.isRequired && values(rule.field).isEmpty {
            return .missing("field \(rule.field.rawValue) is missing")
        }
        return .notice(notice)
    }

    /// Who took back what was paid does not always say how much it was.
    private func clue() -> Result? {
        guard variant.outcome == .reversal, !found.contains(where: \.isDoubtful) else { return nil }
        var notice = PaymentNotice(
            amount: Money(minorUnits: 0, currency: .turkishLira), occurredAt: .distantPast,
            timeFrom: .arrival)
        for field in [Field.payer, .description, .transactionID] {
            if let problem = readText(field, into: &notice) { return .unclear(problem) }
        }
        let clue = PaymentClue(notice)
        return clue == PaymentClue() ? nil : .clue(clue)
    }

    /// What stands in the mail for a field, without what means empty.
    private func values(_ field: Field) -> [String] {
        var values: [String] = []
        for value in found
        where value.field == field && !value.text.isEmpty && !value.isClockOnly {
            let empty = variant.rule(of: field)?.empty ?? []
            if empty.isEmpty || !empty.contains(value.text.turkishFolded()) {
                values.append(value.text)
            }
        }
        return values
    }

    /// Each day with each hour that stands apart from it: two of one kind are two ways to read.
    private func times() -> [String] {
        let clocks = found.filter { $0.isClockOnly && !$0.text.isEmpty }.map(\.text)
        let days = values(.occurredAt)
        guard !clocks.isEmpty else { return days }
        return days.flatMap { day in clocks.map { "\(day) \($0)" } }
    }

    private func amount() -> Value<Money> {
        let rule = variant.rule(of: .amount)
        var result: Money?
        for text in values(.amount) {
            switch AmountText.read(text, style: rule?.style, currency: rule?.currency) {
            case .money(let money):
                if let result, result != money {
                    return .wrong("field amount is read in two ways")
                }
                result = money
            case .ambiguous: return .wrong("field amount is ambiguous (\(Self.shown(text)))")
            case .unreadable: return .wrong("field amount is unreadable")
            case .negative: return .wrong("field amount is negative")
            case .noCurrency: return .wrong("field amount has no currency")
            }
        }
        return result.map(Value.one) ?? .none
    }

    private func compareWords(with amount: Money) -> String? {
        for text in values(.amountInWords) {
            guard let units = AmountWords.minorUnits(text) else {
                return "field amount_in_words is unreadable"
            }
            guard units == amount.minorUnits else { return "the amount and its words differ" }
        }
        return nil
    }

    /// Digits and separators of an amount, for a report; nothing else of the text.
    private static func shown(_ text: String) -> String {
        String(
            text.unicodeScalars.filter { (44...57).contains($0.value) }.prefix(20).map(
                Character.init))
    }

    private func readTime(into notice: inout PaymentNotice, _ arrival: Date) -> String? {
        let rule = variant.rule(of: .occurredAt)
        let patterns = rule?.dates ?? []
        let zone = rule?.zone ?? .istanbul
        var result: Date?
        for text in times() {
            let readings = patterns.lazy.compactMap { pattern in
                pattern.read(text, zone: zone, arrival: arrival).map { ($0, pattern) }
            }
            guard let (date, pattern) = readings.first else {
                return "field occurred_at is unreadable"
            }
            if let result, result != date { return "field occurred_at is read in two ways" }
            result = date
            notice.dayOnly = pattern.day(text, arrival: arrival)
        }
        if let result {
            notice.occurredAt = result
            notice.timeFrom = .body
        }
        return nil
    }

    private func readText(_ field: Field, into notice: inout PaymentNotice) -> String? {
        let rule = variant.rule(of: field)
        var result: String?
        for text in values(field) {
            guard rule?.letters.holds(text) ?? true else {
                return "field \(field.rawValue) is not in the bank's letters"
            }
            if let result, result.turkishFolded() != text.turkishFolded() {
                return "field \(field.rawValue) is read in two ways"
            }
            result = result ?? text
        }
        guard var value = result else { return nil }
        if let rule {
            // Comparing names knows one sign for what is hidden, and one for what is cut off.
            if !rule.mask.isEmpty {
                value = Self.unmasked(value, rule.mask)
            }
            if let cut = rule.cut, value.count >= cut, !value.hasSuffix("…") { value += "…" }
        }
        switch field {
        case .payer: notice.payer = value
        case .description: notice.description = value
        case .transactionID: notice.transactionID = value
        case .senderIBAN: notice.senderIBAN = String(value.filter { $0 != " " })
        case .receivingAccount: notice.receivingAccount = value
        case .amount, .amountInWords, .occurredAt: break
        }
        return nil
    }

    /// `*` for every masking sign. A letter masks only beside another such sign: `XXXX`, not `Xan`.
    private static func unmasked(_ text: String, _ mask: Set<Character>) -> String {
        let signs = Array(text)
        return String(
            signs.indices.map { index in
                let sign = signs[index]
                guard mask.contains(sign) else { return sign }
                let before = index > 0 && mask.contains(signs[index - 1])
                let after = index + 1 < signs.count && mask.contains(signs[index + 1])
                return !sign.isLetter || before || after ? "*" : sign
            })
    }
}
