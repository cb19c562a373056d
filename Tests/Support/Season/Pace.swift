// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials

import func Glibc.exp

/// How registrations and payments lie in time.
package enum Pace: String, CaseIterable, Sendable {
    /// Six weeks. Three events are announced one after the other, each with a rush that ebbs away;
    /// evenings are fuller than mornings, weekends than weekdays. Half of those who pay do so
    /// within three hours, four of five within a day.
    case weeks
    /// A sale opens: somebody registers every ten to fifteen minutes for nine days, and everybody
    /// pays at some time within four days, so that half of all owe at once.
    case opening
}

/// The times of `Pace.weeks`. Nothing here was measured: the shape is that of a small organizer's
/// season, and was not changed to reach a share.
struct PaceTimes {
    private static let days = 42
    /// On which days the events are announced, at noon.
    private static let announcedOn: [Double] = [0, 12, 24]
    /// How full each hour of the day is, from midnight on, in Turkey.
    private static let hours: [Double] = [
        0.25, 0.1, 0.05, 0.03, 0.03, 0.05, 0.15, 0.4, 0.7, 1, 1, 1, 1.3, 1.3, 1, 1, 1, 1, 1.2, 1.4,
        1.8, 1.8, 1.6, 0.9,
    ]
    private static let turkey: TimeInterval = 3 * 3_600

    /// Seconds from the beginning of the season to midnight before it, in Turkey.
    private let intoDay: TimeInterval
    private let firstDay: Int
    /// The share of all registrations by the end of each hour.
    private var shares: [Double] = []

    init(start: Date) {
        let local = start.timeIntervalSince1970 + Self.turkey
        firstDay = Int(local / 86_400)
        intoDay = local - Double(firstDay) * 86_400
        var sum = 0.0
        for hour in 0..<Self.days * 24 {
            sum += fullness(hour)
            shares.append(sum)
        }
        shares = shares.map { $0 / sum }
    }

    private func fullness(_ hour: Int) -> Double {
        // The first of January 1970 was a Thursday.
        let weekday = (firstDay + hour / 24 + 4) % 7
        let isWeekend = weekday == 0 || weekday == 6
        let rush = Self.rush(at: Double(hour) / 24).reduce(0, +)
        return Self.hours[hour % 24] * (isWeekend ? 1.25 : 1) * rush
    }

    /// How many come for each event, days after the season's first midnight.
    private static func rush(at day: Double) -> [Double] {
        announcedOn.map { announced in
            let since = day - announced - 0.5
            return since < 0 ? 0 : 0.2 + 3 * exp(-since / 1.5)
        }
    }

    /// When so large a part of all has registered, in seconds from the beginning.
    func moment(share: Double) -> TimeInterval {
        let hour = shares.firstIndex { $0 > share } ?? shares.count - 1
        let before = hour == 0 ? 0 : shares[hour - 1]
        let part = (share - before) / max(shares[hour] - before, .leastNormalMagnitude)
        return (Double(hour) + part) * 3_600 - intoDay
    }

    /// For which event somebody comes who registers then.
    func event(at moment: TimeInterval, share: Double) -> Int {
        let rush = Self.rush(at: (moment + intoDay) / 86_400)
        var rest = share * rush.reduce(0, +)
        for (event, weight) in rush.enumerated() {
            rest -= weight
            if rest < 0 { return event }
        }
        return 0
    }

    /// From the instructions to the payment: half of all within three hours, three in ten within
    /// the first day, one in ten up to the last day, one in ten in the hours after the reminder.
    static func delay(_ kind: Double, _ part: Double) -> TimeInterval {
        let hour = 3_600.0
        switch kind {
        case ..<0.5: return 300 + part * (3 * hour - 300)
        case ..<0.8: return 3 * hour + part * 21 * hour
        case ..<0.9: return 24 * hour + part * (Season.payWithin - 30 * hour)
        default: return Season.remindAfter + part * 12 * hour
        }
    }
}
