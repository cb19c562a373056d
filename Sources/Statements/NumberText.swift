// SPDX-License-Identifier: Apache-2.0

internal import Domain

/// How a file writes amounts.
package enum NumberStyle: String, Sendable, CaseIterable {
    /// `1.250,00`
    case turkish
    /// `1,250.00`
    case english
    /// `1250`, `1250,5` or `1250.50`: nothing between thousands
    case plain
}

/// Amounts as files of banks write them. Never a guess: what the style does not allow is nil.
enum NumberText {
    /// Minor units with their sign. Blanks, `TL`, `TRY`, `₺` and a `+` may stand around.
    ///
    /// Nil for other signs, wrong groups, more than two decimals (unless zeros) and for amounts
    /// that the ledger does not take.
    ///
    /// - Parameter isStandard: the format itself says which sign divides the decimals, so that three
    ///   of them cannot be thousands.
    static func minorUnits(
        _ text: some StringProtocol, style: NumberStyle, isStandard: Bool = false
    ) -> Int64? {
        var digits: [UInt8] = []
        var isNegative = false
        var rest = Array(text.utf8.filter { $0 != 32 && $0 != 9 }.prefix(64))
        rest = withoutCurrency(rest)
        if rest.last == UInt8(ascii: "-") {
            isNegative = true
            rest.removeLast()
        } else if let sign = rest.first, sign == UInt8(ascii: "-") || sign == UInt8(ascii: "+") {
            isNegative = sign == UInt8(ascii: "-")
            rest.removeFirst()
        }
        let (group, point) = signs(style, in: rest)
        let parts = rest.split(separator: point, omittingEmptySubsequences: false)
        guard (1...2).contains(parts.count), let whole = whole(parts[0], group) else { return nil }
        digits += whole
        let decimals = parts.count == 2 ? Array(parts[1]) : []
        guard decimals.allSatisfy(isDigit),
            parts.count == 1 || style == .plain || decimals.count > 0,
            // `1.250` is a thousand in one country and one and a quarter in another.
            isStandard || decimals.count != 3, decimals.dropFirst(2).allSatisfy({ $0 == 48 })
        else { return nil }
        digits += (decimals + [48, 48]).prefix(2)
        guard digits.count <= 16 else { return nil }
        let value = digits.reduce(Int64(0)) { $0 * 10 + Int64($1 - 48) }
        guard value <= StatementLimits.minorUnitsMax else { return nil }
        return isNegative ? -value : value
    }

    /// What divides thousands (nil: nothing) and what the decimals.
    private static func signs(_ style: NumberStyle, in text: [UInt8]) -> (UInt8?, UInt8) {
        let (dot, comma) = (UInt8(ascii: "."), UInt8(ascii: ","))
        return switch style {
        case .turkish: (dot, comma)
        case .english: (comma, dot)
        case .plain: (nil, text.contains(comma) ? comma : dot)
        }
    }

    /// Digits before the decimals; with groups, all but the first have three.
    private static func whole(_ text: ArraySlice<UInt8>, _ group: UInt8?) -> [UInt8]? {
        var parts = [text]
        if let group { parts = text.split(separator: group, omittingEmptySubsequences: false) }
        guard parts.allSatisfy({ !$0.isEmpty && $0.allSatisfy(isDigit) }),
            parts.count == 1 || parts[0].count <= 3,
            parts.dropFirst().allSatisfy({ $0.count == 3 })
        else { return nil }
        return Array(parts.joined())
    }

    private static func withoutCurrency(_ text: [UInt8]) -> [UInt8] {
        for unit in ["TRY", "TL", "₺"] {
            let bytes = Array(unit.utf8)
            if text.starts(with: bytes) { return Array(text.dropFirst(bytes.count)) }
            if text.count > bytes.count, Array(text.suffix(bytes.count)) == bytes {
                return Array(text.dropLast(bytes.count))
            }
        }
        return text
    }

    static func isDigit(_ byte: UInt8) -> Bool { (48...57).contains(byte) }
}

/// Days and times by a pattern of `dd`, `MM`, `yyyy`, `yy`, `HH`, `mm`, `ss`; other signs stand for
/// themselves. A day and a month may be written with one digit.
package struct DayPattern: Hashable, Sendable {
    package let text: String
    private let pieces: [Piece]

    private enum Piece: Hashable {
        case number(Part, width: ClosedRange<Int>)
        case sign(UInt8)
    }
    private enum Part: Int, Hashable { case year, month, day, hour, minute, second }

    /// Nil when day, month or year is missing or twice there, or a letter means nothing.
    package init?(_ text: String) {
        self.text = text
        var pieces: [Piece] = []
        var seen: Set<Part> = []
        var rest = Array(text.utf8.prefix(64))[...]
        while let first = rest.first {
            let run = rest.prefix { $0 == first }.count
            rest = rest.dropFirst(run)
            let part: Part
            var width = 1...2
            switch (Unicode.Scalar(first), run) {
            case ("d", 1...2): part = .day
            case ("M", 1...2): part = .month
            case ("y", 2), ("y", 4): (part, width) = (.year, run...run)
            case ("H", 1...2): part = .hour
            case ("m", 1...2): (part, width) = (.minute, 2...2)
            case ("s", 1...2): (part, width) = (.second, 2...2)
            default:
                guard first < 128, !Unicode.Scalar(first).properties.isAlphabetic else {
                    return nil
                }
                pieces += Array(repeating: .sign(first), count: run)
                continue
            }
            guard seen.insert(part).inserted else { return nil }
            pieces.append(.number(part, width: width))
        }
        guard seen.isSuperset(of: [.year, .month, .day]),
            !seen.contains(.minute)
                || seen.contains(.hour), !seen.contains(.hour) || seen.contains(.minute)
        else { return nil }
        self.pieces = pieces
    }

    /// The day, and the seconds since midnight when the pattern has a time; nil when `text` is not
    /// written this way or there is no such day.
    package func read(_ text: some StringProtocol) -> (day: BankDay, clockSeconds: Int?)? {
        let bytes = Array(text.utf8.prefix(64))
        var parts = [0, 0, 0, 0, 0, 0]
        var index = 0
        var hasTime = false
        for piece in pieces {
            switch piece {
            case .sign(let sign):
                guard index < bytes.count, bytes[index] == sign else { return nil }
                index += 1
            case .number(let part, let width):
                let digits = bytes[index...].prefix(width.upperBound).prefix(
                    while: NumberText.isDigit)
                guard digits.count >= width.lowerBound else { return nil }
                let value = digits.reduce(0) { $0 * 10 + Int($1 - 48) }
                parts[part.rawValue] = part == .year && digits.count == 2 ? 2000 + value : value
                hasTime = hasTime || part == .hour
                index += digits.count
            }
        }
        guard index == bytes.count, parts[3] < 24, parts[4] < 60, parts[5] < 60,
            let day = BankDay(year: parts[0], month: parts[1], day: parts[2])
        else { return nil }
        return (day, hasTime ? parts[3] * 3600 + parts[4] * 60 + parts[5] : nil)
    }
}
