// SPDX-License-Identifier: Apache-2.0

/// A moment as calendar and clock show it, at a fixed distance from UTC.
///
/// The days are counted as in the proleptic Gregorian calendar, eras of 400 years.
struct CivilTime: Hashable, Sendable {
    /// Turkey keeps UTC+3 all year.
    static let istanbul = 3 * 3600

    let year: Int
    let month: Int
    let day: Int
    let hour: Int
    let minute: Int
    let second: Int
    /// 0 is Sunday.
    let weekday: Int

    init(secondsSince1970 seconds: Int, offset: Int = CivilTime.istanbul) {
        let local = seconds + offset
        let days = Int((Double(local) / 86_400).rounded(.down))
        let rest = local - days * 86_400
        let shifted = days + 719_468
        let era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
        let dayOfEra = shifted - era * 146_097
        let yearOfEra =
            (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let monthIndex = (5 * dayOfYear + 2) / 153
        day = dayOfYear - (153 * monthIndex + 2) / 5 + 1
        month = monthIndex < 10 ? monthIndex + 3 : monthIndex - 9
        year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
        hour = rest / 3600
        minute = rest / 60 % 60
        second = rest % 60
        weekday = ((days + 4) % 7 + 7) % 7
    }

    /// Seconds since 1970 of a date and time that exists; nil for the 30th of February and the
    /// like.
    static func seconds(
        year: Int, month: Int, day: Int, hour: Int = 0, minute: Int = 0, second: Int = 0,
        offset: Int = CivilTime.istanbul
    ) -> Int? {
        guard (1900...9999).contains(year), (1...12).contains(month), (1...31).contains(day),
            (0...23).contains(hour), (0...59).contains(minute), (0...59).contains(second)
        else { return nil }
        let shiftedYear = month <= 2 ? year - 1 : year
        let era = shiftedYear / 400
        let yearOfEra = shiftedYear - era * 400
        let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
        let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
        let days = era * 146_097 + dayOfEra - 719_468
        let total = days * 86_400 + hour * 3600 + minute * 60 + second - offset
        let back = CivilTime(secondsSince1970: total, offset: offset)
        return back.day == day && back.month == month ? total : nil
    }

    /// `22.11.2026`, or with another separator.
    func date(_ separator: String = ".") -> String {
        "\(two(day))\(separator)\(two(month))\(separator)\(year)"
    }

    /// `14:05`, or with another separator.
    func clock(_ separator: String = ":") -> String { "\(two(hour))\(separator)\(two(minute))" }

    /// `14:05:33`.
    var clockWithSeconds: String { "\(clock()):\(two(second))" }

    /// `2026-11-22T14:05:33`, without fraction and zone.
    var iso: String { "\(year)-\(two(month))-\(two(day))T\(clockWithSeconds)" }

    /// `Sun, 22 Nov 2026 14:05:33 +0300`. Source: RFC 5322 §3.3; for Istanbul only.
    var mail: String {
        "\(Self.days[weekday]), \(two(day)) \(Self.months[month - 1]) \(year) "
            + "\(clockWithSeconds) +0300"
    }

    /// `Sun Nov 22 11:05:33 2026`, as `From ` lines of mailbox files have it.
    var asctime: String {
        "\(Self.days[weekday]) \(Self.months[month - 1]) \(two(day)) \(clockWithSeconds) \(year)"
    }

    private static let days = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"]
    private static let months = [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ]

    private func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
}
