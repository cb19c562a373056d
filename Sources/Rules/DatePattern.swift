// SPDX-License-Identifier: Apache-2.0

import Domain
import FoundationEssentials

/// A way to write a date: `dd.MM.yyyy HH:mm:ss`. All times are those of Istanbul.
///
/// `dd` two digits, `d` one or two; likewise `MM`/`M`, `HH`/`H`; `MMMM` is a Turkish month name,
/// `yy` a year of this century. Every other sign stands for itself.
struct DatePattern: Sendable {
    private enum Piece: Sendable {
        case number(Part, digits: ClosedRange<Int>)
        case monthName
        case sign(UInt8)
    }

    private enum Part: Int, Sendable { case year, month, day, hour, minute, second }

    /// Turkey has kept UTC+3 all year since 2016.
    private static let zoneSeconds = 3 * 3600
    private static let months = [
        "ocak", "subat", "mart", "nisan", "mayis", "haziran", "temmuz", "agustos", "eylul", "ekim",
        "kasim", "aralik",
    ].map { Array($0.utf8) }

    private let pieces: [Piece]

    /// Nil when a letter stands for nothing known, or day, month and year are not all there once.
    init?(_ text: String) {
        var pieces: [Piece] = []
        var seen: Set<Int> = []
        var rest = Array(text.utf8)[...]
        while let first = rest.first {
            let run = rest.prefix { $0 == first }
            rest = rest.dropFirst(run.count)
            let letter = Unicode.Scalar(first)
            let part: Part
            switch (letter, run.count) {
            case ("d", 1...2): part = .day
            case ("M", 1...2): part = .month
            case ("M", 4): part = .month
            case ("y", 2), ("y", 4): part = .year
            case ("H", 1...2): part = .hour
            case ("m", 2): part = .minute
            case ("s", 2): part = .second
            default:
                if letter.properties.isAlphabetic || first > 127 { return nil }
                pieces += run.map { .sign($0) }
                continue
            }
            guard seen.insert(part.rawValue).inserted else { return nil }
            if run.count == 4, part == .month {
                pieces.append(.monthName)
            } else {
                pieces.append(.number(part, digits: run.count...max(run.count, 2)))
            }
        }
        guard [Part.year, .month, .day].allSatisfy({ seen.contains($0.rawValue) }) else {
            return nil
        }
        self.pieces = pieces
    }

    /// The instant that `text` names, or nil when it is not written this way or does not exist.
    func read(_ text: String) -> Date? {
        let bytes = Array(text.turkishFolded().utf8)
        var parts = [0, 0, 0, 0, 0, 0]
        var index = 0
        for piece in pieces {
            switch piece {
            case .sign(let sign):
                guard index < bytes.count, bytes[index] == sign else { return nil }
                index += 1
            case .monthName:
                guard
                    let month = Self.months.firstIndex(where: { bytes[index...].starts(with: $0) })
                else { return nil }
                parts[Part.month.rawValue] = month + 1
                index += Self.months[month].count
            case .number(let part, let digits):
                let end = index
                var value = 0
                while index < bytes.count, index - end < digits.upperBound,
                    (48...57).contains(bytes[index])
                {
                    value = value * 10 + Int(bytes[index] - 48)
                    index += 1
                }
                guard index - end >= digits.lowerBound else { return nil }
                parts[part.rawValue] =
                    part == .year && digits.upperBound == 2 ? 2000 + value : value
            }
        }
        guard index == bytes.count else { return nil }
        return Self.instant(parts)
    }

    /// Days since 1970 by counting whole years from March, so that the leap day comes last.
    private static func instant(_ parts: [Int]) -> Date? {
        let (year, month, day) = (parts[0], parts[1], parts[2])
        guard (1970...2200).contains(year), (1...12).contains(month), parts[3] < 24, parts[4] < 60,
            parts[5] < 60
        else { return nil }
        let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
        let lengths = [31, leap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
        guard (1...lengths[month - 1]).contains(day) else { return nil }
        let shifted = month <= 2 ? year - 1 : year
        let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
        let days = shifted * 365 + shifted / 4 - shifted / 100 + shifted / 400 + dayOfYear - 719_468
        let seconds = days * 86_400 + parts[3] * 3600 + parts[4] * 60 + parts[5] - zoneSeconds
        return Date(timeIntervalSince1970: Double(seconds))
    }
}
