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
/// around its N-th commit, where N goes through 1, 2, 3 …: every kind of commit (start, mail
/// stored, mail settled, cursor, *running*, outcome) is at some time the last one or the first that
/// is missing.
@Suite("A crash", .serialized, .timeLimit(.minutes(10)))
struct CrashTests {
    private static let guests = 50
    /// Mails that come between two lives.
    private static let mailsPerLife = 2
    /// Commits of the longest life. A life of four gets one effect done even right after a crash.
    private static let commitsMax = 9
    /// Far more than are needed; only an agent that makes no progress gets here.
    private static let killsMax = 400

    @Test("around any commit loses nothing and repeats nothing", arguments: ["after", "before"])
    func crash(when: String) async throws {
        let site = try await Site(guests: Self.guests, banks: SampleBank.Bank.transferring)
        var kills = 0
        var killsBeforeReading = 0
        var delivered = 0
        var isSettled = false
        while !isSettled {
            for guest in delivered..<min(delivered + Self.mailsPerLife, Self.guests) {
                try site.deliver(guest)
                delivered += 1
            }
            let agent = try Program(
                "killable-agent",
                [site.configurationPath, when, String(kills % Self.commitsMax + 1)],
                in: site.folder)
            let born = ContinuousClock.now
            var isAtRest = false
            try await eventually("the agent dies or is at rest") {
                guard agent.isRunning else { return true }
                // A look into the ledger would mend what a crash left: only who lives on is asked.
                guard delivered == Self.guests, ContinuousClock.now - born > .seconds(2) else {
                    return false
                }
                isAtRest = try site.read { books in
                    let counts = try books.counts()
                    return counts.registrations[.confirmed] == Self.guests
                        && Site.inHand.allSatisfy { counts.effects[$0, default: 0] == 0 }
                }
                return isAtRest
            }
            if isAtRest {
                let end = try await agent.stop()
                // Stopping writes that the folder is watched no longer: a last commit to die at.
                #expect([0, SIGKILL].contains(end.status), "\(end.errors)")
                isSettled = try await !site.answerForLostMessages()
            } else {
                let end = try await agent.end()
                try #require(end.status == SIGKILL, "\(end.errors)")
                kills += 1
                if try site.readCopy({ try $0.counts().storedMails > 0 }) {
                    killsBeforeReading += 1
                }
                try #require(kills < Self.killsMax, "no progress")
            }
        }

        #expect(kills > Self.guests / Self.mailsPerLife)
        #expect(killsBeforeReading > 0, "never between storing a mail and reading it")
        try await site.expectServed(Array(0..<Self.guests))
        try site.read { books in
            let mails = try books.mails(limit: 1_000)
            #expect(mails.count == Self.guests)
            #expect(Set(mails.map(\.place)).count == Self.guests)
            #expect(mails.allSatisfy { $0.reading.copyOf == nil })
            #expect(mails.allSatisfy { $0.reading.state == .settled })
            #expect(try books.openReviews(limit: 10).isEmpty)
        }
        await site.sandbox.stop()
    }
}
