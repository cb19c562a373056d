// SPDX-License-Identifier: Apache-2.0

internal import Domain
internal import Rules

/// Days and hours, as banks write them.
extension TextScanner {
    private static let months: Set<String> = [
        "ocak", "subat", "mart", "nisan", "mayis", "haziran", "temmuz", "agustos", "eylul",
        "ekim", "kasim", "aralik", "oca", "sub", "nis", "haz", "tem", "agu", "eyl", "eki", "kas",
        "ara", "jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep",
        "oct", "nov", "dec", "january", "february", "march", "april", "june", "july", "august",
        "september", "october", "november", "december",
    ]

    /// Behind a day, or an hour with a colon; a day may be followed by its hour, and the day of the
    /// week may stand between them.
    func timeEnd(_ start: Int) -> Int? {
        if let end = Self.isDigit(text[start]) ? dayEnd(start) : monthFirstEnd(start) {
            var hour = weekdayEnd(end)
            let gap = hour
            while hour < text.count, hour - gap < 3,
                ["-", ",", "T", "/"].contains(text[hour]) || Self.isBlank(text[hour])
            {
                hour += 1
            }
            if hour > gap, let hourEnd = hourEnd(hour, separators: [":", "."]) { return hourEnd }
            return end
        }
        return hourEnd(start, separators: [":"])
    }

    private func dayEnd(_ start: Int) -> Int? {
        let first = digits(start)
        var index = start + first
        guard index < text.count else { return nil }
        if [".", "/", "-"].contains(text[index]) {
            let separator = text[index]
            let second = digits(index + 1)
            index += 1 + second
            guard (1...2).contains(second), index < text.count, text[index] == separator else {
                return monthSecondEnd(start)
            }
            let third = digits(index + 1)
            let end = index + 1 + third
            guard end == text.count || !Self.isWordSign(text[end]) || text[end] == "T" else {
                return nil
            }
            let isDayFirst = (1...2).contains(first) && (third == 2 || third == 4)
            return isDayFirst || (first == 4 && (1...2).contains(third)) ? end : nil
        }
        return monthSecondEnd(start)
    }

    /// Behind `22 November`, `22-Nov-2026`, `22. Kasım 2026` or `22 Kas. 2026`.
    private func monthSecondEnd(_ start: Int) -> Int? {
        let first = digits(start)
        var index = start + first
        if index < text.count, text[index] == "." { index += 1 }
        guard (1...2).contains(first), index < text.count,
            text[index] == "-" || Self.isBlank(text[index]), let end = monthEnd(index + 1)
        else { return nil }
        let dot = end < text.count && text[end] == "." ? end + 1 : end
        return yearEnd(dot) ?? end
    }

    /// Behind `November 22`, `Nov 22, 2026` or `Nov. 22 2026`.
    private func monthFirstEnd(_ start: Int) -> Int? {
        guard var index = monthEnd(start) else { return nil }
        if index < text.count, text[index] == "." { index += 1 }
        guard index < text.count, Self.isBlank(text[index]) else { return nil }
        let day = digits(index + 1)
        let end = index + 1 + day
        guard (1...2).contains(day), end == text.count || !Self.isWordSign(text[end]) else {
            return nil
        }
        return yearEnd(end) ?? end
    }

    private func monthEnd(_ start: Int) -> Int? {
        var end = start
        while end < text.count, end - start < 12, text[end].properties.isAlphabetic { end += 1 }
        var month = String.UnicodeScalarView()
        month.append(contentsOf: text[start..<end])
        let folded = String(month).turkishFolded()
        return Self.months.contains(folded) ? end : nil
    }

    /// Behind the four digits of a year, which a blank, a comma or a hyphen parts from the rest.
    private func yearEnd(_ start: Int) -> Int? {
        var index = start
        while index < text.count, index - start < 2,
            [",", "-"].contains(text[index]) || Self.isBlank(text[index])
        {
            index += 1
        }
        return index > start && digits(index) == 4 ? index + 4 : nil
    }

    /// Behind the AM, `p.m.` or, in Turkish, ÖÖ or ÖS that follows an hour; else where it began.
    private func halfOfDayEnd(_ start: Int) -> Int {
        var index = start
        if index < text.count, Self.isBlank(text[index]) { index += 1 }
        for count in [4, 2] {
            let end = index + count
            guard end <= text.count, end == text.count || !Self.isWordSign(text[end]) else {
                continue
            }
            var half = String.UnicodeScalarView()
            half.append(contentsOf: text[index..<end])
            if HalfOfDay.names[String(half).turkishFolded()] != nil { return end }
        }
        return start
    }

    /// Behind the day of the week that follows a day (`22 Kasım 2026 Pazar 14:05`), else where it
    /// began.
    private func weekdayEnd(_ start: Int) -> Int {
        var index = start
        while index < text.count, index - start < 2,
            text[index] == "," || Self.isBlank(text[index])
        {
            index += 1
        }
        var end = index
        while end < text.count, end - index < 12, Self.isLetter(text[end]) { end += 1 }
        guard index > start, end > index else { return start }
        var word = String.UnicodeScalarView()
        word.append(contentsOf: text[index..<end])
        return Weekday.names.contains(String(word).turkishFolded()) ? end : start
    }

    static func isBlank(_ sign: Unicode.Scalar) -> Bool {
        [" ", "\u{A0}", "\u{202F}", "\u{2009}"].contains(sign)
    }

    private func hourEnd(_ start: Int, separators: [Unicode.Scalar]) -> Int? {
        guard (1...2).contains(digits(start)) else { return nil }
        var end = start + digits(start)
        var parts = 1
        while parts < 3, end < text.count, separators.contains(text[end]), digits(end + 1) == 2 {
            end += 3
            parts += 1
        }
        return parts > 1 ? halfOfDayEnd(end) : nil
    }
}
