// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials
import Wire

extension HTTPResponse {
    /// What the server wants us to wait, or `fallback` when it does not say (RFC 9110 §10.2.3).
    ///
    /// A date is measured against the reply's own `Date`, so a wrong clock here does no harm. More
    /// than an hour is taken as an hour: a lane must not sleep for years on a server's word.
    func retryAfter(otherwise fallback: Duration) -> Duration {
        guard let text = header("retry-after") else { return fallback }
        let seconds: Int?
        if let number = Int(text) {
            seconds = number
        } else if let until = HTTPDate.seconds(text),
            let now = header("date").flatMap(HTTPDate.seconds)
        {
            seconds = until - now
        } else {
            seconds = nil
        }
        guard let seconds else { return fallback }
        return .seconds(min(max(seconds, 1), 3_600))
    }
}

/// The one date form that servers may send: `Sun, 22 Nov 2026 10:42:07 GMT` (RFC 9110 §5.6.7).
enum HTTPDate {
    private static let months = [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ]

    /// Seconds since 1970, nil when it is not such a date.
    static func seconds(_ text: String) -> Int? {
        let parts = text.split(separator: " ")
        guard parts.count == 6, parts[5] == "GMT", let day = Int(parts[1]),
            let month = months.firstIndex(of: String(parts[2])), let year = Int(parts[3]),
            (1...31).contains(day), (1970...9999).contains(year)
        else { return nil }
        let clock = parts[4].split(separator: ":").compactMap { Int($0) }
        guard clock.count == 3, clock.allSatisfy({ (0...60).contains($0) }) else { return nil }
        let days = CivilDay.number(year: year, month: month + 1, day: day)
        return days * 86_400 + clock[0] * 3_600 + clock[1] * 60 + clock[2]
    }
}

/// Days of the Gregorian calendar counted from 1970-01-01, without a time zone in between.
enum CivilDay {
    static func number(year: Int, month: Int, day: Int) -> Int {
        // Years begin in March, so that the leap day is the last of its year.
        let shifted = month <= 2 ? year - 1 : year
        let era = shifted / 400
        let yearOfEra = shifted - era * 400
        let dayOfYear = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1
        return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
            - 719_468
    }
}
