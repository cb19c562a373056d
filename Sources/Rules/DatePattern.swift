// SPDX-License-Identifier: Apache-2.0

import Domain
import FoundationEssentials

/// A way to write a date: `dd.MM.yyyy HH:mm:ss`.
///
/// `dd` two digits, `d` one or two; likewise `MM`/`M`, `HH`/`H`; `MMMM` is the name of a month,
/// `MMM` its first three letters, `yy` a year of this century. Without a year it is the last one in
/// which the day was past when the mail came. `h` or `hh` with `a` is the clock of twelve hours:
/// `a` stands for AM or PM, in Turkish ÖÖ or ÖS. `*` stands for the rest. Every other sign stands
/// for itself. A day of the week in the text is passed over, and so is the dot of a month that is
/// cut short (`22 Kas. 2026`).
struct DatePattern: Sendable {
    private enum Piece: Sendable {
        case number(Part, digits: ClosedRange<Int>)
        case monthName(isShort: Bool)
        case halfOfDay
        case sign(UInt8)
        case rest
    }

    private enum Part: Int, Sendable { case year, month, day, hour, minute, second }

    /// Turkish, English, German, Portuguese, Czech (both cases) and Polish (genitive), folded.
    private static let months = [
        ["ocak", "january", "januar", "janeiro", "leden", "ledna", "stycznia"],
        ["subat", "february", "februar", "fevereiro", "unor", "unora", "lutego"],
        ["mart", "march", "marz", "marco", "brezen", "brezna", "marca"],
        ["nisan", "april", "abril", "duben", "dubna", "kwietnia"],
        ["mayis", "may", "mai", "maio", "kveten", "kvetna", "maja"],
        ["haziran", "june", "juni", "junho", "cervna", "czerwca"],
        ["temmuz", "july", "juli", "julho", "cervence", "lipca"],
        ["agustos", "august", "agosto", "srpen", "srpna", "sierpnia"],
        ["eylul", "september", "setembro", "zari", "wrzesnia"],
        ["ekim", "october", "oktober", "outubro", "rijen", "rijna", "pazdziernika"],
        ["kasim", "november", "novembro", "listopad", "listopadu", "listopada"],
        ["aralik", "december", "dezember", "dezembro", "prosinec", "prosince", "grudnia"],
    ].map { $0.map { Array($0.utf8) }.sorted { $0.count > $1.count } }

    /// As it stands in the file.
    let written: String
    private let pieces: [Piece]
    private let hasYear: Bool
    /// It says at which hour of the day.
    private let hasHour: Bool
    /// Its hours are 1 to 12, and `a` says which half of the day.
    private let isTwelveHours: Bool

    /// Nil when a letter stands for nothing known, or day and month are not there once.
    init?(_ text: String) {
        var pieces: [Piece] = []
        var seen: Set<Int> = []
        var isTwelveHours = false
        var halves = 0
        var rest = Array(text.utf8)[...]
        while let first = rest.first {
            let run = rest.prefix { $0 == first }
            rest = rest.dropFirst(run.count)
            let letter = Unicode.Scalar(first)
            let part: Part
            switch (letter, run.count) {
            case ("*", 1) where rest.isEmpty:
                pieces.append(.rest)
                continue
            case ("d", 1...2): part = .day
            case ("M", 1...4): part = .month
            case ("y", 2), ("y", 4): part = .year
            case ("a", 1):
                pieces.append(.halfOfDay)
                halves += 1
                continue
            case ("h", 1...2):
                part = .hour
                isTwelveHours = true
            case ("H", 1...2): part = .hour
            case ("m", 2): part = .minute
            case ("s", 2): part = .second
            default:
                if letter.properties.isAlphabetic || first > 127 { return nil }
                pieces += run.map { .sign($0) }
                continue
            }
            guard seen.insert(part.rawValue).inserted else { return nil }
            if run.count >= 3, part == .month {
                pieces.append(.monthName(isShort: run.count == 3))
            } else {
                pieces.append(.number(part, digits: run.count...max(run.count, 2)))
            }
        }
        guard [Part.month, .day].allSatisfy({ seen.contains($0.rawValue) }) else { return nil }
        guard halves == (isTwelveHours ? 1 : 0) else { return nil }
        written = text
        self.pieces = pieces
        hasYear = seen.contains(Part.year.rawValue)
        hasHour = seen.contains(Part.hour.rawValue)
        self.isTwelveHours = isTwelveHours
    }

    /// The instant that `text` names, or nil when it is not written this way or does not exist.
    ///
    /// - Parameter arrival: when the mail came, for dates without a year.
    func read(_ text: String, zone: ClockZone = .istanbul, arrival: Date? = nil) -> Date? {
        let bytes = Weekday.dropped(from: Array(text.turkishFolded().utf8))
        var parts = [0, 0, 0, 0, 0, 0]
        var isAfternoon = false
        var index = 0
        for (place, piece) in pieces.enumerated() {
            switch piece {
            case .rest: index = bytes.count
            case .sign(let sign):
                guard index < bytes.count, bytes[index] == sign else { return nil }
                index += 1
            case .monthName(let isShort):
                guard let (month, length) = Self.month(at: bytes[index...], isShort) else {
                    return nil
                }
                parts[Part.month.rawValue] = month
                index += length
                if isShort, !isDot(behind: place), index < bytes.count, bytes[index] == 46 {
                    index += 1
                }
            case .halfOfDay:
                guard let half = Self.halfOfDay(bytes[index...]) else { return nil }
                isAfternoon = half.isSecond
                index += half.length
            case .number(let part, let digits):
                guard let value = Self.number(bytes, &index, digits) else { return nil }
                parts[part.rawValue] =
                    part == .year && digits.upperBound == 2 ? 2000 + value : value
            }
        }
        guard index == bytes.count else { return nil }
        if isTwelveHours {
            // 12 AM is midnight and 12 PM is noon.
            let hour = parts[Part.hour.rawValue]
            guard (1...12).contains(hour) else { return nil }
            parts[Part.hour.rawValue] = hour % 12 + (isAfternoon ? 12 : 0)
        }
        if !hasYear {
            guard let arrival, (1...12).contains(parts[1]) else { return nil }
            parts[0] = CalendarDay.year(ofDay: parts[2], month: parts[1], before: arrival)
        }
        return Self.instant(parts, zone)
    }

    /// `2026-11-22` for a text of this pattern that names a day and no hour, else nil.
    func day(_ text: String, arrival: Date? = nil) -> String? {
        guard !hasHour, let date = read(text, zone: .utc, arrival: arrival) else { return nil }
        return String(Timestamp.text(date).prefix(10))
    }

    private static func number(
        _ bytes: [UInt8], _ index: inout Int, _ digits: ClosedRange<Int>
    ) -> Int? {
        let start = index
        var value = 0
        while index < bytes.count, index - start < digits.upperBound,
            (48...57).contains(bytes[index])
        {
            value = value * 10 + Int(bytes[index] - 48)
            index += 1
        }
        return index - start >= digits.lowerBound ? value : nil
    }

    /// Which half of the day the text begins with; nil for anything else.
    private static func halfOfDay(_ bytes: ArraySlice<UInt8>) -> (isSecond: Bool, length: Int)? {
        for length in [4, 2] {
            let name = String(decoding: bytes.prefix(length), as: UTF8.self)
            if let isSecond = HalfOfDay.names[name] { return (isSecond, name.utf8.count) }
        }
        return nil
    }

    /// Whether the pattern itself has a dot behind this piece.
    private func isDot(behind place: Int) -> Bool {
        guard place + 1 < pieces.count, case .sign(let sign) = pieces[place + 1] else {
            return false
        }
        return sign == 46
    }

    private static func month(
        at bytes: ArraySlice<UInt8>, _ isShort: Bool
    ) -> (month: Int, length: Int)? {
        for (index, names) in months.enumerated() {
            for name in names where bytes.starts(with: isShort ? name.prefix(3) : name[...]) {
                return (index + 1, isShort ? 3 : name.count)
            }
        }
        return nil
    }

    private static func instant(_ parts: [Int], _ zone: ClockZone) -> Date? {
        let (year, month, day) = (parts[0], parts[1], parts[2])
        guard (1970...2200).contains(year), (1...12).contains(month), parts[3] < 24, parts[4] < 60,
            parts[5] < 60, (1...CalendarDay.length(of: month, year)).contains(day)
        else { return nil }
        let days = CalendarDay.days(year: year, month: month, day: day)
        let clock = days * 86_400 + parts[3] * 3600 + parts[4] * 60 + parts[5]
        return zone.instant(clock: clock, year: year)
    }
}
