// SPDX-License-Identifier: Apache-2.0

internal import Domain

/// Days of the week, which a date says twice and no reader needs.
package enum Weekday {
    /// Turkish, English and German, folded, as words and cut.
    package static let names: Set<String> = Set(
        """
        pazartesi sali carsamba persembe cuma cumartesi pazar pzt sal car per cum cmt paz
        monday tuesday wednesday thursday friday saturday sunday mon tue tues wed thu thur thurs
        fri sat sun montag dienstag mittwoch donnerstag freitag samstag sonnabend sonntag
        """.split(whereSeparator: \.isWhitespace).map(String.init))

    /// A folded text without the words that are days of the week, and without the comma or dot
    /// behind them: `pazar, 22 kasim 2026` and `22 kasim 2026 pazar` are `22 kasim 2026`.
    package static func dropped(from text: [UInt8]) -> [UInt8] {
        var index = 0
        while index < text.count {
            let end = letterEnd(text, index)
            guard end > index else {
                index += 1
                continue
            }
            guard stands(text, index, end) else {
                index = end
                continue
            }
            var rest = text[end...]
            if let sign = rest.first, [44, 46].contains(sign) { rest = rest.dropFirst() }
            rest = rest.drop { $0 == 32 }
            var before = text[..<index]
            // A date ends with its last number.
            while rest.isEmpty, let sign = before.last, [32, 44].contains(sign) {
                before.removeLast()
            }
            return Array(before + rest)
        }
        return text
    }

    /// A day of the week between blanks or the ends of the text.
    private static func stands(_ text: [UInt8], _ start: Int, _ end: Int) -> Bool {
        guard start == 0 || text[start - 1] == 32,
            end == text.count || [32, 44, 46].contains(text[end])
        else { return false }
        return names.contains(String(decoding: text[start..<end], as: UTF8.self))
    }

    private static func letterEnd(_ text: [UInt8], _ start: Int) -> Int {
        text[start...].firstIndex { !(97...122).contains($0) } ?? text.count
    }
}

/// What follows an hour of the clock of twelve.
package enum HalfOfDay {
    /// Folded, and whether it is the second half; no name is the beginning of another.
    package static let names = [
        "am": false, "a.m.": false, "oo": false, "o.o.": false,
        "pm": true, "p.m.": true, "os": true, "o.s.": true,
    ]
}
