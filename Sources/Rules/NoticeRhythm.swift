// SPDX-License-Identifier: Apache-2.0

package import FoundationEssentials

/// How often notices come, by hour and weekday, learned from those of the past weeks; and whether
/// the silence of now is longer than usual.
///
/// A silence is measured in notices that should have come meanwhile: a night measures next to
/// nothing, a holiday nothing at all, a busy hour much. It is unusual when it measures more than
/// chance allows and half as much again as the longest silence of the past weeks: notices come in
/// bursts, and each organizer has bursts of their own.
package struct NoticeRhythm: Sendable {
    /// A silence that somebody should look at.
    package struct Silence: Hashable, Sendable {
        /// When the last notice came.
        package let since: Date
        /// How many should have come meanwhile, rounded down.
        package let missed: Int
    }

    /// Weeks that are looked back at: long enough for each hour of each weekday to show, short
    /// enough to follow the season.
    package static let weeks = 8
    /// With less nothing is known yet, and nothing is said.
    private static let daysMin = 21
    private static let noticesMin = 20
    /// At this many missed notices chance leaves less than one case in four hundred.
    private static let missedMin = 6.0
    /// More than the longest silence of the past by this factor.
    private static let longer = 1.5
    /// People are told between these hours only, on no holiday.
    private static let waking = 8..<22

    /// Notices expected in each hour of each weekday.
    private let expected: [Double]
    private let last: Date?
    /// The longest silence of the past, in missed notices.
    private let longest: Double

    /// - Parameters:
    ///   - notices: when notices came, in any order; those before the window are left out.
    ///   - now: the end of the window.
    package init(notices: [Date], now: Date) {
        let today = TurkishCalendar.hour(of: now).day
        let window = today - 7 * Self.weeks
        let known = notices.filter { $0 <= now && TurkishCalendar.hour(of: $0).day > window }
            .sorted()
        last = known.last
        guard let first = known.first, known.count >= Self.noticesMin,
            today - TurkishCalendar.hour(of: first).day >= Self.daysMin
        else {
            expected = []
            longest = 0
            return
        }
        let firstDay = TurkishCalendar.hour(of: first).day
        // The silence of now must not teach that silence is usual.
        let lastDay = last.map { TurkishCalendar.hour(of: $0).day } ?? firstDay
        expected = Self.expected(known, days: firstDay..<lastDay + 1)
        var longest = 0.0
        for (one, next) in zip(known, known.dropFirst()) {
            longest = max(longest, Self.missed(from: one, to: next, expected))
        }
        self.longest = longest
    }

    /// The silence at `now`; nil when it is usual, at night, on a holiday, or nothing is known.
    package func silence(at now: Date) -> Silence? {
        guard let last, !expected.isEmpty else { return nil }
        let hour = TurkishCalendar.hour(of: now)
        guard Self.waking.contains(hour.hour), !TurkishCalendar.isHoliday(hour.day) else {
            return nil
        }
        let missed = Self.missed(from: last, to: now, expected)
        guard missed >= max(Self.missedMin, longest * Self.longer) else { return nil }
        return Silence(since: last, missed: Int(missed))
    }

    /// Each hour with half of its neighbours' weight, so that 10:58 and 11:02 are not strangers.
    private static func expected(_ notices: [Date], days: Range<Int>) -> [Double] {
        var counts = [Double](repeating: 0, count: 7 * 24)
        for notice in notices {
            let hour = TurkishCalendar.hour(of: notice)
            guard days.contains(hour.day), !TurkishCalendar.isHoliday(hour.day) else { continue }
            counts[hour.weekday * 24 + hour.hour] += 1
        }
        var dayCounts = [Double](repeating: 0, count: 7)
        for day in days where !TurkishCalendar.isHoliday(day) {
            dayCounts[((day + 3) % 7 + 7) % 7] += 1
        }
        return counts.indices.map { place in
            let total = counts.count
            let sum =
                2 * counts[place] + counts[(place + 1) % total]
                + counts[(place + total - 1) % total]
            return sum / 4 / max(1, dayCounts[place / 24])
        }
    }

    private static func missed(from start: Date, to end: Date, _ expected: [Double]) -> Double {
        // A longer silence is one in any case.
        let end = min(end, start + Double(weeks * 7 * 86_400))
        var sum = 0.0
        var instant = start
        while instant < end {
            let hour = TurkishCalendar.hour(of: instant)
            let next = Date(
                timeIntervalSince1970: Double((hour.day * 24 + hour.hour + 1 - 3) * 3600))
            let part = min(end, next).timeIntervalSince(instant) / 3600
            if !TurkishCalendar.isHoliday(hour.day) {
                sum += part * expected[hour.weekday * 24 + hour.hour]
            }
            instant = next
        }
        return sum
    }
}
