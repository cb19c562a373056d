// SPDX-License-Identifier: Apache-2.0

internal import Domain
internal import Rules

/// Whether a value looks like what a field holds, and how the bank writes it.
enum ValueShape {
    /// An amount in a text: where it stands with its currency, and how it is written.
    struct Amount: Hashable {
        /// Scalars of number and currency.
        let range: Range<Int>
        /// `turkish`, `english` or nil where both are possible.
        let style: String?
        /// The currency as it was written, nil when there is none.
        let unit: String?
        let unitIsBefore: Bool
    }

    private static let units: Set<String> = [
        "tl", "try", "usd", "eur", "gbp", "chf", "cad", "czk", "pln", "inr", "brl", "kc", "zl",
        "lira", "₺", "$", "€", "£", "r$", "rs", "aud",
    ]

    static func fits(_ value: String, _ field: Field) -> Bool {
        let signs = Array(value.unicodeScalars)
        switch field {
        case .amount:
            guard let first = amounts(signs).first else { return false }
            // Nothing but the amount, its sign and a remark in brackets.
            return signs.count - first.range.count <= 40
        case .amountInWords: return value.contains { $0.isLetter }
        case .payer:
            return value.contains { $0.isLetter }
                && !signs.contains { TextScanner.isDigit($0) && signs.count < 4 }
        case .description: return true
        case .occurredAt: return DateShape.pattern(value, hasRest: true) != nil
        case .transactionID:
            return signs.contains(where: TextScanner.isDigit) && !value.contains("\t")
                && value.count <= 40 && value.split(separator: " ").count <= 2
        case .senderIBAN:
            return TextScanner(signs).spans().contains { $0.kind == .iban }
        case .receivingAccount:
            return signs.contains(where: TextScanner.isDigit) && value.count <= 60
        }
    }

    /// Whether a day or an IBAN stands anywhere in a text.
    static func stands(_ text: String, _ field: Field) -> Bool {
        let signs = Array(text.unicodeScalars)
        return TextScanner(signs).spans().contains { span in
            let part = String(String.UnicodeScalarView(signs[span.range]))
            return field == .senderIBAN
                ? span.kind == .iban : span.kind == .time && DateShape.pattern(part) != nil
        }
    }

    // MARK: - Amounts

    static func amounts(_ signs: [Unicode.Scalar]) -> [Amount] {
        let spans = TextScanner(signs).spans()
        return spans.indices.compactMap { index in
            guard case .number(let whole, let cents) = spans[index].kind, !whole.isEmpty else {
                return nil
            }
            let range = spans[index].range
            let (before, after) = units(around: range, in: signs)
            guard before != nil || after != nil || !cents.isEmpty else { return nil }
            let style = style(signs[range], hasCents: !cents.isEmpty)
            if let after {
                return Amount(
                    range: range.lowerBound..<after.end, style: style, unit: after.text,
                    unitIsBefore: false)
            }
            if let before {
                return Amount(
                    range: before.start..<range.upperBound, style: style, unit: before.text,
                    unitIsBefore: true)
            }
            return Amount(range: range, style: style, unit: nil, unitIsBefore: false)
        }
    }

    private static func isUnitSign(_ sign: Unicode.Scalar) -> Bool {
        TextScanner.isLetter(sign) || sign.properties.generalCategory == .currencySymbol
    }

    private static func units(
        around range: Range<Int>, in signs: [Unicode.Scalar]
    ) -> (before: (text: String, start: Int)?, after: (text: String, end: Int)?) {
        var start = range.upperBound
        if start < signs.count, [" ", "\u{A0}"].contains(signs[start]) { start += 1 }
        var end = start
        while end < signs.count, end - start < 6, isUnitSign(signs[end]) { end += 1 }
        let after = String(String.UnicodeScalarView(signs[start..<end]))
        var stop = range.lowerBound
        if stop > 0, ["+", "-"].contains(signs[stop - 1]) { stop -= 1 }
        if stop > 0, [" ", "\u{A0}"].contains(signs[stop - 1]) { stop -= 1 }
        var begin = stop
        while begin > 0, stop - begin < 4, isUnitSign(signs[begin - 1]) { begin -= 1 }
        let before = String(String.UnicodeScalarView(signs[begin..<stop]))
        return (
            units.contains(before.turkishFolded()) ? (before, begin) : nil,
            units.contains(after.turkishFolded()) ? (after, end) : nil
        )
    }

    private static func style(_ number: ArraySlice<Unicode.Scalar>, hasCents: Bool) -> String? {
        let separators = number.filter { $0 == "." || $0 == "," }
        guard let last = separators.last else { return "turkish" }
        if hasCents { return last == "," ? "turkish" : "english" }
        // 1.250 in a Turkish notice is a thousand; the organizer confirms it.
        return last == "." ? "turkish" : "english"
    }
}
