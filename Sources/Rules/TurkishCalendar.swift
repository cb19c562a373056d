// SPDX-License-Identifier: Apache-2.0

package import FoundationEssentials

/// The clock and the public holidays of Turkey (law 2429): days on which fewer notices come.
///
/// The religious days follow the moon; the Diyanet İşleri Başkanlığı announces them. They stand
/// here until 2032, the eve included. 2025 and 2026 are as announced. The others are computed: a
/// month begins on the day after the conjunction when 13 hours or more lie between it and the end
/// of that day in UTC, which gives the announced days of both years. With 13 to 14 hours the second
/// feast of 2027 and the first ones of 2028 and 2029 may be announced a day later. Years beyond
/// the table have the fixed days only.
package enum TurkishCalendar {
    /// Where an instant falls on the clock of Istanbul, UTC+3 all year.
    package struct Hour: Hashable, Sendable {
        /// Days since 1970.
        package let day: Int
        /// 0 to 23.
        package let hour: Int
        /// 0 is Monday.
        package var weekday: Int { ((day + 3) % 7 + 7) % 7 }
    }

    /// Month and day of the feasts that come each year, and the eve of 29 October.
    private static let fixed: Set<Int> = [101, 423, 501, 519, 715, 830, 1028, 1029]

    /// The first day of Ramazan Bayramı (three days) and of Kurban Bayramı (four days): MMDD.
    private static let feasts: [Int: (ramazan: Int, kurban: Int)] = [
        2025: (330, 606), 2026: (320, 527), 2027: (309, 516), 2028: (226, 505), 2029: (214, 424),
        2030: (204, 413), 2031: (124, 402), 2032: (114, 322),
    ]

    /// The hour of Istanbul in which `date` lies.
    package static func hour(of date: Date) -> Hour {
        let hours = Int(((date.timeIntervalSince1970 + 3 * 3600) / 3600).rounded(.down))
        let day = hours >= 0 ? hours / 24 : (hours - 23) / 24
        return Hour(day: day, hour: hours - day * 24)
    }

    /// Whether the day (counted from 1970) is a public holiday or the eve of a religious one.
    package static func isHoliday(_ day: Int) -> Bool {
        let year = CalendarDay.year(of: day)
        if fixed.contains(where: { CalendarDay.days(year, monthDay: $0) == day }) { return true }
        guard let feast = feasts[year] else { return false }
        let ramazan = CalendarDay.days(year, monthDay: feast.ramazan)
        let kurban = CalendarDay.days(year, monthDay: feast.kurban)
        return (ramazan - 1...ramazan + 2).contains(day) || (kurban - 1...kurban + 3).contains(day)
    }
}

extension CalendarDay {
    /// 1029 is the 29th of October.
    static func days(_ year: Int, monthDay: Int) -> Int {
        days(year: year, month: monthDay / 100, day: monthDay % 100)
    }

    static func year(of day: Int) -> Int {
        let guess = 1970 + Int((Double(day) / 365.2425).rounded(.down))
        return days(year: guess + 1, month: 1, day: 1) <= day
            ? guess + 1 : days(year: guess, month: 1, day: 1) > day ? guess - 1 : guess
    }
}
