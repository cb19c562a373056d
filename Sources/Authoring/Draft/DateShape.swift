// SPDX-License-Identifier: Apache-2.0

internal import Domain
internal import FoundationEssentials
internal import Rules

/// How a bank writes a day and perhaps an hour, told by the form of the text.
///
///     22.11.2026 / 14:05:33  →  dd.MM.yyyy / HH:mm:ss
///     Nov 19, 2026 2:05 PM   →  MMM d, yyyy h:mm a
struct DateShape {
    /// Signs between day and hour, such as ` / `; more is a text of its own.
    private static let gapMax = 5

    private let bytes: [UInt8]
    private var place = 0

    private init(_ text: String) {
        bytes = Weekday.dropped(from: Array(text.turkishFolded().utf8))
    }

    /// The form as rule files name it, or nil when the text does not begin with a day.
    ///
    /// - Parameter hasRest: something may follow that says no more of the time: `14:05 (TSİ)`.
    static func pattern(_ text: String, hasRest: Bool = false) -> String? {
        var shape = DateShape(text)
        guard let day = shape.day() else { return nil }
        guard !shape.isAtEnd else { return day }
        let form = shape.hour(behind: day) ?? day
        guard form != day, shape.isAtEnd || hasRest && !shape.isTwelveHours else {
            // An hour that cannot be told leaves the day.
            return hasRest && !shape.isDigit(shape.dayEnd) ? day + "*" : nil
        }
        return shape.isAtEnd ? form : form + "*"
    }

    /// `HH:mm` for a text that is an hour and nothing else.
    static func hour(_ text: String) -> String? {
        var shape = DateShape(text)
        guard let form = shape.clock(), shape.isAtEnd else { return nil }
        return form
    }

    private var dayEnd = 0
    private var isAtEnd: Bool { place == bytes.count }
    private var isTwelveHours: Bool {
        let rest = bytes[place...].drop { $0 == 32 || $0 == 46 }
        return [97, 112].contains(rest.first) && rest.dropFirst().first { $0 != 46 } == 109
    }

    // MARK: - Days

    private mutating func day() -> String? {
        let form = letters(at: place) > 0 ? monthFirst() : numberFirst()
        dayEnd = place
        return form
    }

    private mutating func numberFirst() -> String? {
        let (first, width) = number()
        guard place < bytes.count, (1...4).contains(width) else { return nil }
        let sign = bytes[place]
        guard [45, 46, 47].contains(sign), digits(at: place + 1) > 0 else {
            guard width < 3, let month = monthName(after: [". ", " ", "-", "."]) else { return nil }
            // A day is printed with one digit or two where its month is a word.
            return year(after: [" ", ", ", "-"]).map { "d\(month.before)\(month.form)\($0)" }
        }
        let mark = String(Unicode.Scalar(sign))
        place += 1
        let (second, secondWidth) = number()
        guard (1...2).contains(secondWidth), skip(mark) else { return nil }
        let (third, thirdWidth) = number()
        if width == 4 {
            guard thirdWidth <= 2, (1...12).contains(second), (1...31).contains(third) else {
                return nil
            }
            return "yyyy" + mark + Self.form("M", secondWidth) + mark + Self.form("d", thirdWidth)
        }
        guard width < 3, thirdWidth == 4 || thirdWidth == 2 else { return nil }
        let year = thirdWidth == 4 ? "yyyy" : "yy"
        let isMonthFirst = second > 12 && (1...12).contains(first)
        let (month, day) = isMonthFirst ? (first, second) : (second, first)
        guard (1...12).contains(month), (1...31).contains(day) else { return nil }
        let signs = isMonthFirst ? ("M", "d") : ("d", "M")
        return Self.form(signs.0, width) + mark + Self.form(signs.1, secondWidth) + mark + year
    }

    /// `November 19, 2026`
    private mutating func monthFirst() -> String? {
        guard let month = monthName(after: [""]), skip(" "), digits(at: place) > 0 else {
            return nil
        }
        let (day, width) = number()
        guard width < 3, (1...31).contains(day) else { return nil }
        return year(after: [", ", " "]).map { "\(month.form) d\($0)" }
    }

    private static func form(_ sign: String, _ width: Int) -> String {
        String(repeating: sign, count: width)
    }

    private mutating func monthName(
        after separators: [String]
    ) -> (before: String, form: String)? {
        for before in separators where bytes[place...].starts(with: before.utf8) {
            let start = place + before.utf8.count
            let count = letters(at: start)
            let word = String(decoding: bytes[start..<(start + count)], as: UTF8.self)
            let isWhole = Self.months.contains(word)
            guard isWhole || count == 3 && Self.months.contains(where: { $0.hasPrefix(word) })
            else { continue }
            place = start + count
            // The pattern passes over the dot of a month that is cut short.
            if !isWhole, bytes[place...].starts(with: [46, 32]) { place += 1 }
            return (before, isWhole ? "MMMM" : "MMM")
        }
        return nil
    }

    private mutating func year(after separators: [String]) -> String? {
        for before in separators where bytes[place...].starts(with: before.utf8) {
            let start = place + before.utf8.count
            guard digits(at: start) == 4 else { continue }
            place = start + 4
            return before + "yyyy"
        }
        return nil
    }

    private static let months: Set<String> = Set(
        """
        ocak subat mart nisan mayis haziran temmuz agustos eylul ekim kasim aralik january february
        march april may june july august september october november december januar februar marz mai
        juni juli oktober dezember
        """.split(whereSeparator: \.isWhitespace).map(String.init))

    // MARK: - Hours

    private mutating func hour(behind day: String) -> String? {
        var end = place
        while end < bytes.count, end - place < Self.gapMax, !isWord(end), bytes[end] < 127,
            bytes[end] != 42
        {
            end += 1
        }
        guard end > place, isDigit(end) else { return nil }
        let gap = String(decoding: bytes[place..<end], as: UTF8.self)
        let start = place
        place = end
        guard let clock = clock() else {
            place = start
            return nil
        }
        return day + gap + clock
    }

    private mutating func clock() -> String? {
        let width = digits(at: place)
        guard (1...2).contains(width), place + width < bytes.count else { return nil }
        let sign = bytes[place + width]
        guard sign == 58 || sign == 46, digits(at: place + width + 1) == 2 else { return nil }
        place += width + 3
        let mark = String(Unicode.Scalar(sign))
        var form = Self.form("H", width) + mark + "mm"
        if place < bytes.count, bytes[place] == sign, digits(at: place + 1) == 2 {
            place += 3
            form += mark + "ss"
        }
        for gap in ["", " "] where bytes[place...].starts(with: gap.utf8) {
            guard let end = halfOfDayEnd(place + gap.utf8.count) else { continue }
            place = end
            return form.replacing("H", with: "h") + gap + "a"
        }
        return form
    }

    /// Behind AM, `p.m.` or, in Turkish, ÖÖ or ÖS, where nothing of a word follows.
    private func halfOfDayEnd(_ start: Int) -> Int? {
        [4, 2].lazy.map { start + $0 }.first { end in
            end <= bytes.count && !isWord(end)
                && HalfOfDay.names[String(decoding: bytes[start..<end], as: UTF8.self)] != nil
        }
    }

    // MARK: - Signs

    private func isDigit(_ index: Int) -> Bool {
        index < bytes.count && (48...57).contains(bytes[index])
    }

    private func isWord(_ index: Int) -> Bool {
        isDigit(index) || index < bytes.count && (97...122).contains(bytes[index])
    }

    /// How many digits stand there; five stand for more.
    private func digits(at start: Int) -> Int {
        (0..<5).first { !isDigit(start + $0) } ?? 5
    }

    private func letters(at start: Int) -> Int {
        var end = start
        while end < bytes.count, (97...122).contains(bytes[end]) { end += 1 }
        return end - start
    }

    private mutating func number() -> (value: Int, width: Int) {
        let width = digits(at: place)
        let value = bytes[place..<(place + width)].reduce(0) { $0 * 10 + Int($1 - 48) }
        place += width
        return (value, width)
    }

    private mutating func skip(_ text: String) -> Bool {
        guard bytes[place...].starts(with: text.utf8) else { return false }
        place += text.utf8.count
        return true
    }
}
