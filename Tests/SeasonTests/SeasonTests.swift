// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials
import Season
import Testing

/// Small seasons of fixed seeds; `make season` prints large ones.
@Suite("A season")
struct SeasonTests {
    private static let rules = URL(filePath: #filePath).deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent().appending(path: "rules")

    @Test("approves nobody wrongly and leaves little to people", arguments: Pace.allCases, [1, 2])
    func goals(pace: Pace, seed: UInt64) throws {
        let season = Season(seed: seed, count: 300, pace: pace)
        let table = SeasonTable(try season.run(rules: Self.rules))
        #expect(table.wrong.isEmpty, "seed \(seed)\n\(table.text)")
        #expect(table.lost.isEmpty, "seed \(seed)\n\(table.text)")
        #expect(table.leftBroken.isEmpty, "seed \(seed)\n\(table.text)")
        #expect(
            table.untouched.part * 100 >= table.untouched.of * 99, "seed \(seed)\n\(table.text)")
        #expect(
            table.rightFirst.part * 100 >= table.rightFirst.of * 95, "seed \(seed)\n\(table.text)")
    }

    @Test("is the same for the same seed", arguments: Pace.allCases)
    func repeats(pace: Pace) {
        let one = Season(seed: 7, count: 120, pace: pace)
        let other = Season(seed: 7, count: 120, pace: pace)
        #expect(one.registrations == other.registrations)
        #expect(one.payments.map(\.transfer) == other.payments.map(\.transfer))
        #expect(Set(one.payments.map(\.way)).count == Way.allCases.count - 1)
    }
}
