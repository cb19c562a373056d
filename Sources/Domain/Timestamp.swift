// SPDX-License-Identifier: Apache-2.0

package import FoundationEssentials

/// Points in time as ISO 8601 text, by plain calendar arithmetic: ten thousand reports a second do
/// not need a calendar library, and the same text comes out on every machine.
package enum Timestamp {
    /// UTC to the second: `2026-11-22T11:05:33Z`.
    package static func text(_ date: Date) -> String {
        let seconds = Int64(bounded(date).rounded(.down))
        let day = seconds >= 0 ? seconds / 86_400 : (seconds - 86_399) / 86_400
        let clock = seconds - day * 86_400
        let (year, month, dayOfMonth) = civil(day)
        return String(unsafeUninitializedCapacity: 20) { text in
            var place = 0
            func put(_ value: Int64, _ width: Int, _ sign: Unicode.Scalar) {
                var rest = value
                for digit in (place..<place + width).reversed() {
                    text[digit] = UInt8(truncatingIfNeeded: 48 + rest % 10)
                    rest /= 10
                }
                text[place + width] = UInt8(ascii: sign)
                place += width + 1
            }
            put(year, 4, "-")
            put(month, 2, "-")
            put(dayOfMonth, 2, "T")
            put(clock / 3600, 2, ":")
            put(clock / 60 % 60, 2, ":")
            put(clock % 60, 2, "Z")
            return place
        }
    }

    /// `2026-11-22T11:05:33Z`, also with a fraction, an offset (`+03:00`), a blank for the `T`,
    /// without seconds, or a date alone; without a zone it is Istanbul (UTC+3). Else nil.
    package static func date(_ text: String) -> Date? {
        var rest = Substring(text).utf8[...]
        guard let year = number(&rest, 4), skip(&rest, 45), let month = number(&rest, 2),
            skip(&rest, 45), let day = number(&rest, 2), (1...12).contains(month),
            (1...daysIn(month, of: year)).contains(day)
        else { return nil }
        var seconds = days(year, month, day) * 86_400
        var fraction = 0.0
        var offset: Int64? = nil
        if !rest.isEmpty {
            guard skip(&rest, 84) || skip(&rest, 32), let hour = number(&rest, 2), hour < 24,
                skip(&rest, 58), let minute = number(&rest, 2), minute < 60
            else { return nil }
            seconds += hour * 3600 + minute * 60
            if skip(&rest, 58) {
                guard let second = number(&rest, 2), second < 61 else { return nil }
                seconds += second
                if skip(&rest, 46) {
                    let digits = rest.prefix { (48...57).contains($0) }
                    guard (1...9).contains(digits.count) else { return nil }
                    var scale = 0.1
                    for digit in digits {
                        fraction += Double(digit - 48) * scale
                        scale /= 10
                    }
                    rest = rest.dropFirst(digits.count)
                }
            }
            if skip(&rest, 90) {
                offset = 0
            } else if let sign = rest.first, sign == 43 || sign == 45 {
                rest = rest.dropFirst()
                guard let hours = number(&rest, 2), hours < 24 else { return nil }
                _ = skip(&rest, 58)
                guard let minutes = number(&rest, 2), minutes < 60 else { return nil }
                offset = (hours * 3600 + minutes * 60) * (sign == 43 ? 1 : -1)
            }
        }
        guard rest.isEmpty else { return nil }
        return Date(timeIntervalSince1970: Double(seconds - (offset ?? istanbul)) + fraction)
    }

    /// Turkey keeps UTC+3 the whole year since 2016.
    package static let istanbul: Int64 = 3 * 3600

    /// Seconds since 1970, kept within the years 0 to 9999.
    private static func bounded(_ date: Date) -> Double {
        let value = date.timeIntervalSince1970
        return value.isNaN ? 0 : min(max(value, -62_167_219_200), 253_402_300_799)
    }

    private static func number(_ text: inout Substring.UTF8View, _ width: Int) -> Int64? {
        let digits = text.prefix(width)
        guard digits.count == width, digits.allSatisfy({ (48...57).contains($0) }) else {
            return nil
        }
        text = text.dropFirst(width)
        return digits.reduce(0) { $0 * 10 + Int64($1 - 48) }
    }

    private static func skip(_ text: inout Substring.UTF8View, _ sign: UInt8) -> Bool {
        guard text.first == sign else { return false }
        text = text.dropFirst()
        return true
    }

    private static func daysIn(_ month: Int64, of year: Int64) -> Int64 {
        if month == 2 { return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28 }
        return [4, 6, 9, 11].contains(month) ? 30 : 31
    }

    /// Days since 1 January 1970 in the proleptic Gregorian calendar; years begin in March, so that
    /// the leap day comes last.
    private static func days(_ year: Int64, _ month: Int64, _ day: Int64) -> Int64 {
        let shifted = month > 2 ? year : year - 1
        let era = (shifted >= 0 ? shifted : shifted - 399) / 400
        let yearOfEra = shifted - era * 400
        let dayOfYear = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1
        let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
        return era * 146_097 + dayOfEra - 719_468
    }

    /// The inverse of `days`.
    private static func civil(_ day: Int64) -> (year: Int64, month: Int64, day: Int64) {
        let shifted = day + 719_468
        let era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
        let dayOfEra = shifted - era * 146_097
        let yearOfEra =
            (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let part = (5 * dayOfYear + 2) / 153
        let month = part < 10 ? part + 3 : part - 9
        return (
            yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month,
            dayOfYear - (153 * part + 2) / 5 + 1
        )
    }
}
