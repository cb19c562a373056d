// SPDX-License-Identifier: Apache-2.0

import Domain
import FoundationEssentials

/// Makes one notice of the values that were found. Two readings of one field are no reading.
struct NoticeBuilder {
    /// A notice, or what is wrong with the values in a few words without personal data.
    enum Result {
        case notice(PaymentNotice)
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
        case .none: return .missing("field amount is missing")
        case .one(let money): amount = money
        case .wrong(let why): return .unclear(why)
        }
        var notice = PaymentNotice(amount: amount, occurredAt: arrival, timeFrom: .arrival)
        for field in Field.allCases where field != .amount {
            let problem =
                field == .occurredAt ? readTime(into: &notice) : readText(field, into: &notice)
            if let problem { return .unclear(problem) }
        }
        for rule in variant.fields where rule.isRequired && values(rule.field).isEmpty {
            return .missing("field \(rule.field.rawValue) is missing")
        }
        return .notice(notice)
    }

    /// What stands in the mail for a field, without what means empty.
    private func values(_ field: Field) -> [String] {
        var values: [String] = []
        for value in found where value.field == field && !value.text.isEmpty {
            let empty = variant.rule(of: field)?.empty ?? []
            if empty.isEmpty || !empty.contains(value.text.turkishFolded()) {
                values.append(value.text)
            }
        }
        return values
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

    /// Digits and separators of an amount, for a report; nothing else of the text.
    private static func shown(_ text: String) -> String {
        String(
            text.unicodeScalars.filter { (44...57).contains($0.value) }.prefix(20).map(
                Character.init))
    }

    private func readTime(into notice: inout PaymentNotice) -> String? {
        let patterns = variant.rule(of: .occurredAt)?.dates ?? []
        var result: Date?
        for text in values(.occurredAt) {
            guard let date = patterns.lazy.compactMap({ $0.read(text) }).first else {
                return "field occurred_at is unreadable"
            }
            if let result, result != date { return "field occurred_at is read in two ways" }
            result = date
        }
        if let result {
            notice.occurredAt = result
            notice.timeFrom = .body
        }
        return nil
    }

    private func readText(_ field: Field, into notice: inout PaymentNotice) -> String? {
        var result: String?
        for text in values(field) {
            if let result, result.turkishFolded() != text.turkishFolded() {
                return "field \(field.rawValue) is read in two ways"
            }
            result = result ?? text
        }
        guard let result else { return nil }
        switch field {
        case .payer: notice.payer = result
        case .description: notice.description = result
        case .transactionID: notice.transactionID = result
        case .senderIBAN: notice.senderIBAN = String(result.filter { $0 != " " })
        case .receivingAccount: notice.receivingAccount = result
        case .amount, .occurredAt: break
        }
        return nil
    }
}
