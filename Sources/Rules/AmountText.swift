// SPDX-License-Identifier: Apache-2.0

import Domain

/// How a bank writes numbers.
enum NumberStyle: String, CaseIterable, Sendable {
    /// `1.250,00`
    case turkish
    /// `1,250.00`
    case english
    /// `1250`, `1250,00` or `1250.00`: nothing between thousands
    case plain
    /// `3,25,000.00`: groups of two above the thousand
    case indian
}

/// Reads `1.250,00 TL`, `₺1.250`, `TRY 1,234.56` and the like: never a guess, never zero.
enum AmountText {
    enum Result: Equatable {
        case money(Money)
        /// More than one number may be meant.
        case ambiguous
        /// No number, a digit outside 0–9, grouping that is wrong, zero or too large.
        case unreadable
        case negative
        case noCurrency
    }

    /// Amounts have at most 15 digits; so no sum of kuruş can overflow.
    private static let digitsMax = 15

    static func read(
        _ text: String, style: NumberStyle?, currency: Currency?
    ) -> Result {
        var signs = Array(text.unicodeScalars)[...]
        let before = takeCurrency(&signs, fromStart: true)
        let after = takeCurrency(&signs, fromStart: false)
        if case .some(.none) = before { return .unreadable }
        if case .some(.none) = after { return .unreadable }
        let written = (before ?? nil) ?? (after ?? nil)
        if let first = before ?? nil, let second = after ?? nil, first != second {
            return .unreadable
        }
        guard let currency = written ?? currency else { return .noCurrency }
        var negative = false
        if let sign = signs.first, sign == "+" || sign == "-" {
            negative = sign == "-"
            signs.removeFirst()
        }
        guard let number = Number(signs) else { return .unreadable }
        switch number.minorUnits(style: style) {
        case .none: return .unreadable
        case .some(.none): return .ambiguous
        case .some(.some(let units)):
            guard units > 0 else { return .unreadable }
            return negative ? .negative : .money(Money(minorUnits: units, currency: currency))
        }
    }

    /// Takes letters and ₺ off one end. Nil: there are none; `.some(nil)`: no currency we know.
    private static func takeCurrency(
        _ signs: inout ArraySlice<Unicode.Scalar>, fromStart: Bool
    ) -> Currency?? {
        func trim() {
            while let edge = fromStart ? signs.first : signs.last, edge == " " || edge == "\u{A0}" {
                if fromStart { signs.removeFirst() } else { signs.removeLast() }
            }
        }
        trim()
        var word = signs
        if fromStart {
            word = signs.prefix(while: isCurrencySign)
            signs = signs.dropFirst(word.count)
        } else {
            let end = signs.lastIndex { !isCurrencySign($0) }
            word = signs[(end.map { $0 + 1 } ?? signs.startIndex)...]
            signs = signs.dropLast(word.count)
        }
        trim()
        guard !word.isEmpty else { return nil }
        switch String(String.UnicodeScalarView(word)) {
        case "$": return .some(Currency("USD"))
        case "€": return .some(Currency("EUR"))
        case "£": return .some(Currency("GBP"))
        case let name: return .some(Currency(name).flatMap { $0.isInUse ? $0 : nil })
        }
    }

    private static func isCurrencySign(_ scalar: Unicode.Scalar) -> Bool {
        // Looking properties up is dear, and most signs of an amount are ASCII.
        if scalar.isASCII { return scalar == "$" || (scalar.value | 32) &- 97 < 26 }
        return scalar.properties.isAlphabetic
            || scalar.properties.generalCategory == .currencySymbol
    }

    /// Digits in groups, and what stands between them.
    private struct Number {
        private var groups: [[UInt8]] = [[]]
        private var separators: [UInt8] = []

        /// Nil for anything but digits 0–9, dots, commas and single blanks between digits.
        init?(_ signs: ArraySlice<Unicode.Scalar>) {
            var digits = 0
            for scalar in signs {
                switch scalar.value {
                case 48...57:
                    groups[groups.count - 1].append(UInt8(scalar.value) - 48)
                    digits += 1
                case 0x2C, 0x2E, 0x20, 0xA0:
                    separators.append(scalar.value == 0xA0 ? 0x20 : UInt8(scalar.value))
                    groups.append([])
                default: return nil
                }
            }
            guard digits <= AmountText.digitsMax, !groups.contains(where: \.isEmpty) else {
                return nil
            }
        }

        /// Nil: not a number of this style; `.some(nil)`: two numbers may be meant.
        func minorUnits(style: NumberStyle?) -> Int64?? {
            switch style {
            case .turkish: return value(grouping: [0x2E, 0x20], decimal: [0x2C])
            case .english: return value(grouping: [0x2C, 0x20], decimal: [0x2E])
            case .plain: return value(grouping: [], decimal: [0x2C, 0x2E])
            case .indian: return value(grouping: [0x2C], decimal: [0x2E], upperGroup: 2)
            case nil:
                let turkish = value(grouping: [0x2E, 0x20], decimal: [0x2C])
                let english = value(grouping: [0x2C, 0x20], decimal: [0x2E])
                if separators.count == 1, separators[0] != 0x20, groups[1].count == 3 {
                    return .some(nil)
                }
                if let turkish, let english, turkish != english { return .some(nil) }
                return turkish ?? english
            }
        }

        private func value(
            grouping: [UInt8], decimal: [UInt8], upperGroup: Int = 3
        ) -> Int64?? {
            var whole = groups
            var between = separators
            var cents: [UInt8] = [0, 0]
            if let last = separators.last, decimal.contains(last) {
                guard let end = whole.popLast(), end.count <= 2 else { return nil }
                between.removeLast()
                cents = end.count == 2 ? end : end + [0]
            }
            if let first = between.first {
                guard grouping.contains(first), between.allSatisfy({ $0 == first }),
                    whole[0].count <= upperGroup, whole[whole.count - 1].count == 3,
                    whole.dropFirst().dropLast().allSatisfy({ $0.count == upperGroup })
                else { return nil }
            }
            let digits = whole.joined() + cents
            return digits.reduce(Int64(0)) { $0 * 10 + Int64($1) }
        }
    }
}
