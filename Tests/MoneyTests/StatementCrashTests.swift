// SPDX-License-Identifier: Apache-2.0

import Domain
import Foundation
import Testing

@testable import Agent
@testable import Ledger

/// SIGKILL around each commit by which a statement is applied. Two hundred lines are one commit, so
/// that one that dies before it has some hundred lines written that are on no disk.
@Suite("A crash while a statement is applied", .serialized, .timeLimit(.minutes(10)))
struct StatementCrashTests {
    /// Three commits.
    private static let lines = 430
    private static let guests = 90

    /// Lines of one sum on one day. The mails of the first guests came before, those of the others
    /// were lost; all other lines are of people who are no guests, many of them of one name.
    private func statement() throws -> String {
        let lines = try (1...Self.lines).map { number in
            let words =
                number <= Self.guests
                ? "UYE\(number) ADI \(try code(number))" : "CAN ADIVAR \(number / 7)"
            return ":61:2611221122C1250,00NTRFNONREF\n:86:\(words)\n"
        }
        return ":20:HESAP\n:25:\(ownAccount)\n:28C:1/1\n:60F:C261121TRY0,00\n" + lines.joined()
            + ":62F:C261122TRY\(Self.lines * 1_250),00\n-\n"
    }

    private func prepared() throws -> Counter {
        let counter = try Counter()
        try counter.write(try statement(), to: "kasim.sta")
        for number in 1...Self.guests { try counter.till.guest(number, "Uye\(number) Adi") }
        for number in 1...Self.guests / 2 {
            try counter.till.pay(125_000, from: "Uye\(number) Adi", "\(try code(number))")
        }
        return counter
    }

    @Test("every line is booked once, however often it is killed", arguments: ["after", "before"])
    func crash(when: String) async throws {
        let counter = try prepared()
        let till = counter.till
        var sizes: Set<Int> = []
        // Before its first commit a life has done nothing. The last one sees no such commit.
        let commits = when == "after" ? [1, 1, 1, 1_000] : [1, 2, 2, 1_000]
        for commit in commits {
            let end = try await counter.start(
                "killable-agent",
                [counter.folder.path, when, "\(commit)", counter.path("kasim.sta")]
            ).value
            try #require(end.code == (commit < 1_000 ? SIGKILL : 0), "\(end.errors)")
            sizes.insert(try till.ledger.read { try $0.payments(limit: 10_000).count })
        }
        #expect(sizes.count > 2, "\(sizes)")
        try till.ledger.read { books in
            let payments = try books.payments(limit: 10_000)
            let lines = payments.filter { StatementRule.names($0.rule) }
            #expect(lines.count == Self.lines)
            #expect(Set(lines.map(\.mail)).count == Self.lines)
            #expect(Set(lines.compactMap(\.sameAs)).count == Self.guests / 2)
            #expect(lines.count { $0.sameAs != nil } == Self.guests / 2)
        }
        #expect(try till.received == Int64(Self.lines) * 125_000)
        for number in 1...Self.guests { #expect(try till.state(number) == .paid) }
        try till.expectSound()
        let again = try await counter.mutabik(
            "payments", "reconcile", "kasim.sta", "--apply", "--yes")
        #expect(again.code == 0 && again.output.contains("Applied before: \(Self.lines)."))
        #expect(try till.received == Int64(Self.lines) * 125_000)
    }
}
