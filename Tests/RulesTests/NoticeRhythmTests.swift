// SPDX-License-Identifier: Apache-2.0

import Domain
import FoundationEssentials
import Rules
import Testing

@Suite("The rhythm of notices")
struct NoticeRhythmTests {
    private static func at(_ text: String) throws -> Date { try #require(Timestamp.date(text)) }

    /// Three notices a day from Monday to Friday, at 10, 13 and 16, from 1 September 2026 on.
    private static func workdays(until end: String) throws -> [Date] {
        let start = try at("2026-09-01 00:00")
        let last = try at(end)
        var notices: [Date] = []
        for day in 0..<200 {
            for hour in [10, 13, 16] {
                let date = start + Double(day * 86_400 + hour * 3600 + (day * 7 + hour) % 50 * 60)
                let place = TurkishCalendar.hour(of: date)
                guard place.weekday < 5, !TurkishCalendar.isHoliday(place.day), date < last else {
                    continue
                }
                notices.append(date)
            }
        }
        return notices
    }

    @Test(
        "a silence is noticed when it is longer than usual, by day and on no holiday",
        arguments: [
            // The last notice came on Friday the 16th of October at 16:…
            ("2026-10-17 00:00", "2026-10-18 12:00", false),
            ("2026-10-17 00:00", "2026-10-19 09:30", false),
            ("2026-10-17 00:00", "2026-10-19 17:30", false),
            ("2026-10-17 00:00", "2026-10-20 18:30", true),
            ("2026-10-17 00:00", "2026-10-20 23:30", false),
            ("2026-10-17 00:00", "2026-10-21 08:30", true),
            // The 28th is the eve, the 29th a holiday; the week before was as busy as always.
            ("2026-10-28 00:00", "2026-10-29 18:00", false),
        ])
    func silence(_ last: String, _ now: String, _ expected: Bool) throws {
        let now = try Self.at(now)
        let rhythm = NoticeRhythm(notices: try Self.workdays(until: last), now: now)
        #expect((rhythm.silence(at: now) != nil) == expected)
    }

    @Test("it says since when, and how many did not come")
    func words() throws {
        let now = try Self.at("2026-10-21 08:30")
        let notices = try Self.workdays(until: "2026-10-17 00:00")
        let silence = try #require(NoticeRhythm(notices: notices, now: now).silence(at: now))
        #expect(silence.since == notices.last)
        #expect(silence.missed == 6)
    }

    @Test("without some weeks of notices nothing is said")
    func unknown() throws {
        let now = try Self.at("2026-12-01 12:00")
        #expect(NoticeRhythm(notices: [], now: now).silence(at: now) == nil)
        let few = (0..<10).map { now - Double($0 + 5) * 86_400 }
        #expect(NoticeRhythm(notices: few, now: now).silence(at: now) == nil)
        let young = try Self.workdays(until: "2026-09-10 00:00")
        let soon = try Self.at("2026-09-14 12:00")
        #expect(NoticeRhythm(notices: young, now: soon).silence(at: soon) == nil)
    }

    @Test("an organizer with bursts and long gaps is not told of every gap")
    func bursts() throws {
        let start = try Self.at("2026-09-01 12:00")
        let bursts = [0, 11, 20, 33].flatMap { day in
            (0..<12).map { start + Double(day) * 86_400 + Double($0) * 600 }
        }
        let now = start + 44 * 86_400
        #expect(NoticeRhythm(notices: bursts, now: now).silence(at: now) == nil)
    }

    @Test(
        "public holidays of Turkey",
        arguments: [
            ("2026-01-01", true), ("2026-04-23", true), ("2026-05-01", true), ("2026-05-19", true),
            ("2026-07-15", true), ("2026-08-30", true), ("2026-10-29", true), ("2026-11-22", false),
            ("2026-03-19", true), ("2026-03-22", true), ("2026-03-23", false), ("2026-05-26", true),
            ("2026-05-30", true), ("2026-05-31", false), ("2027-03-09", true), ("2027-05-16", true),
            ("2028-02-26", true), ("2028-02-29", false), ("2029-04-24", true), ("2040-10-29", true),
        ])
    func holidays(_ day: String, _ expected: Bool) throws {
        let date = try Self.at(day + " 12:00")
        #expect(TurkishCalendar.isHoliday(TurkishCalendar.hour(of: date).day) == expected)
    }

    @Test("the clock of Istanbul")
    func clock() throws {
        let sunday = TurkishCalendar.hour(of: try Self.at("2026-11-22 00:30"))
        #expect(sunday.hour == 0)
        #expect(sunday.weekday == 6)
        #expect(TurkishCalendar.hour(of: Date(timeIntervalSince1970: -4 * 3600)).hour == 23)
    }
}
