// SPDX-License-Identifier: Apache-2.0

import Domain
import FoundationEssentials
import Testing

@Suite("Timestamps")
struct TimestampTests {
    @Test(
        "A text is read as the point in time that it names",
        arguments: [
            ("1970-01-01T00:00:00Z", 0.0),
            ("2026-11-22T11:05:33Z", 1_795_345_533),
            ("2026-11-22T14:05:33+03:00", 1_795_345_533),
            ("2026-11-22T14:05:33", 1_795_345_533),
            ("2026-11-22 14:05", 1_795_345_500),
            ("2026-11-22T11:05:33.250Z", 1_795_345_533.25),
            ("2024-02-29", 1_709_154_000),
            ("2000-03-01T00:00:00Z", 951_868_800),
        ])
    func read(text: String, seconds: Double) throws {
        #expect(try #require(Timestamp.date(text)).timeIntervalSince1970 == seconds)
    }

    @Test(
        "What is not a date is refused",
        arguments: [
            "", "2026", "2026-13-01", "2026-02-29", "2026-00-10", "2026-11-22T25:00Z",
            "22.11.2026", "2026-11-22T11:05:33Zx", "2026-11-22T", "2026-11-22T11:05:33.Z",
        ])
    func refused(text: String) {
        #expect(Timestamp.date(text) == nil)
    }

    @Test("Writing and reading agree for 20,000 points over 800 years")
    func roundTrip() {
        for step in 0..<20_000 {
            let date = Date(timeIntervalSince1970: Double(step) * 1_262_277 - 12_622_780_800)
            #expect(Timestamp.date(Timestamp.text(date)) == date)
        }
    }
}
