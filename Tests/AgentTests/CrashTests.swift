// SPDX-License-Identifier: Apache-2.0

import Domain
import Foundation
import Ledger
import Sandbox
import TestSupport
import Testing

/// SIGKILL at one commit boundary after the other while payments arrive.
///
/// The agent is a process of its own, started anew until everything is settled. Each life is ended
/// around its N-th commit, where N goes through 1, 2, 3 …: every kind of commit (start, mail,
/// cursor, *running*, outcome) is at some time the last one or the first that is missing.
@Suite("A crash", .serialized, .timeLimit(.minutes(5)))
struct CrashTests {
    private static let guests = 50
    /// Mails that come between two lives.
    private static let mailsPerLife = 2
    /// Commits of the longest life: larger than the effects of one guest, smaller than those of two.
    private static let commitsMax = 8
    /// Far more than are needed; only an agent that makes no progress gets here.
    private static let livesMax = 400

    @Test("around any commit loses nothing and repeats nothing", arguments: ["after", "before"])
    func crash(when: String) async throws {
        let site = try await Site(guests: Self.guests, banks: SampleBank.Bank.allCases)
        var lives = 0
        var kills = 0
        var delivered = 0
        while true {
            for guest in delivered..<min(delivered + Self.mailsPerLife, Self.guests) {
                try site.deliver(guest)
                delivered += 1
            }
            lives += 1
            try #require(lives < Self.livesMax, "no progress")
            let commits = (lives - 1) % Self.commitsMax + 1
            let agent = try Program(
                "killable-agent", [site.configurationPath, when, String(commits)],
                in: site.folder)
            var isSettled = false
            try await eventually("the agent dies or everything is settled") {
                guard agent.isRunning else { return true }
                guard delivered == Self.guests, try await site.areServed(0..<Self.guests) else {
                    return false
                }
                isSettled = try site.read { try $0.counts().effects[.done] == 2 * Self.guests }
                return isSettled
            }
            if isSettled {
                let end = try await agent.stop()
                #expect(end.status == 0 || end.status == SIGKILL, "\(end.errors)")
                break
            }
            let end = try await agent.end()
            try #require(end.status == SIGKILL, "\(end.errors)")
            kills += 1
        }
        print("crash \(when): \(lives) lives, \(kills) kills")

        try await site.expectServed(Array(0..<Self.guests))
        try site.read { books in
            let mails = try books.mails(limit: 1_000)
            #expect(mails.count == Self.guests)
            #expect(Set(mails.map(\.place)).count == Self.guests)
            #expect(mails.allSatisfy { $0.reading.copyOf == nil })
            #expect(try books.openReviews(limit: 10).isEmpty)
        }
        #expect(kills > Self.guests / Self.mailsPerLife)
        await site.sandbox.stop()
    }
}
