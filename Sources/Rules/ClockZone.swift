// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials

/// Where a bank's clock stands: a fixed distance to UTC, and the summer time of Europe or North
/// America. A handful of zones in a table give the same instant on every machine.
struct ClockZone: Hashable, Sendable {
    enum Summer: Hashable, Sendable {
        case none
        /// Last Sunday of March to last Sunday of October, both at 01:00 UTC (2000/84/EC).
        case europe
        /// Second Sunday of March to first Sunday of November, at 02:00 on the clock.
        case northAmerica
    }

    private let seconds: Int
    private let summer: Summer

    private static let hours: [String: (Double, Summer)] = [
        "Europe/Istanbul": (3, .none), "UTC": (0, .none), "Europe/London": (0, .europe),
        "Europe/Berlin": (1, .europe), "Europe/Prague": (1, .europe), "Europe/Warsaw": (1, .europe),
        "America/New_York": (-5, .northAmerica), "America/Chicago": (-6, .northAmerica),
        "America/Los_Angeles": (-8, .northAmerica), "America/Toronto": (-5, .northAmerica),
        "America/Sao_Paulo": (-3, .none), "America/Santo_Domingo": (-4, .none),
        "Asia/Kolkata": (5.5, .none),
    ]

    static var names: [String] { hours.keys.sorted() }

    static let utc = ClockZone(seconds: 0, summer: .none)
    static let istanbul = ClockZone(seconds: 3 * 3600, summer: .none)

    private init(seconds: Int, summer: Summer) {
        self.seconds = seconds
        self.summer = summer
    }

    /// A name of the table, or a distance to UTC: `+05:30`. Else nil.
    init?(_ text: String) {
        if let (hours, summer) = Self.hours[text] {
            self.init(seconds: Int(hours * 3600), summer: summer)
            return
        }
        let signs = Array(text.utf8)
        guard signs.count == 6, signs[0] == 43 || signs[0] == 45, signs[3] == 58,
            let hours = Int(text.dropFirst().prefix(2)), let minutes = Int(text.suffix(2)),
            (0...14).contains(hours), (0...59).contains(minutes)
        else { return nil }
        let distance = hours * 3600 + minutes * 60
        self.init(seconds: signs[0] == 45 ? -distance : distance, summer: .none)
    }

    /// The instant at which the clock shows `seconds` since 1970. An hour that comes twice is the
    /// first of the two; one that is left out goes on from the hour before.
    func instant(clock: Int, year: Int) -> Date {
        let standard = clock - seconds
        guard let (from, to) = summerTime(of: year) else {
            return Date(timeIntervalSince1970: Double(standard))
        }
        let isSummer = standard >= from && standard - 3600 < to
        return Date(timeIntervalSince1970: Double(isSummer ? standard - 3600 : standard))
    }

    private func summerTime(of year: Int) -> (from: Int, to: Int)? {
        switch summer {
        case .none: nil
        case .europe:
            (
                Self.sunday(onOrBefore: 31, of: 3, year) * 86_400 + 3600,
                Self.sunday(onOrBefore: 31, of: 10, year) * 86_400 + 3600
            )
        case .northAmerica:
            (
                Self.sunday(onOrBefore: 14, of: 3, year) * 86_400 + 7200 - seconds,
                Self.sunday(onOrBefore: 7, of: 11, year) * 86_400 + 3600 - seconds
            )
        }
    }

    /// 1 January 1970 was a Thursday.
    private static func sunday(onOrBefore day: Int, of month: Int, _ year: Int) -> Int {
        let days = CalendarDay.days(year: year, month: month, day: day)
        return days - ((days + 4) % 7 + 7) % 7
    }
}

/// Days since 1970 by counting whole years from March, so that the leap day comes last.
enum CalendarDay {
    static func days(year: Int, month: Int, day: Int) -> Int {
        let shifted = month <= 2 ? year - 1 : year
        let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
        return shifted * 365 + shifted / 4 - shifted / 100 + shifted / 400 + dayOfYear - 719_468
    }

    static func length(of month: Int, _ year: Int) -> Int {
        let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
        return [31, leap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31][month - 1]
    }

    /// The year in which day and month come last before `date`, two days of grace given.
    static func year(ofDay day: Int, month: Int, before date: Date) -> Int {
        let today = Int((date.timeIntervalSince1970 / 86_400).rounded(.down))
        // 400 years have 146097 days; the estimate is off by one at most.
        let guess = 1970 + Int((Double(today) / 365.2425).rounded(.down)) + 1
        return (0...3).map { guess - $0 }.first {
            days(year: $0, month: month, day: day) <= today + 2
        } ?? guess - 3
    }
}
