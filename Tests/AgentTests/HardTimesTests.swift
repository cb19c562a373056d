// SPDX-License-Identifier: Apache-2.0

import Domain
import Foundation
import Ledger
import Mailbox
import Sandbox
import TestSupport
import Testing

/// Misfortunes that pass: the name server is away, the disk is full, the provider locks us out.
@Suite("Hard times", .serialized, .timeLimit(.minutes(10)))
struct HardTimesTests {
    @Test("without a name server hold a mail, and it is approved once when the key can be had")
    func nameServerAway() async throws {
        let site = try await Site(guests: 2)
        let names = try NameServer(keyFile: site.bank.keyFile)
        var settings = Site.Settings()
        settings.trust = "dns_server: 127.0.0.1:\(names.port)"
        try site.configure(settings)
        let clock = ManualClock()
        try site.deliver(0)
        try site.deliver(1, .changedBody)

        let first = try InnerAgent(site, clock: clock)
        try await eventually("both mails are held") {
            try site.read { try $0.counts().heldMails == 2 }
        }
        // They are held before anybody is asked.
        try await eventually("the name server is asked") { names.questions > 0 }
        try await first.stop()
        try await site.expectServed([])
        #expect(try site.read { try $0.openReviews(limit: 10) }.isEmpty)

        // The clock stands: the mail is not due yet, whoever answers.
        names.isSilent = false
        clock.advance(121)
        let second = try InnerAgent(site, clock: clock)
        try await eventually("the genuine mail is served") { try await site.areServed([0]) }
        try await eventually("nothing is held any more") {
            try site.read { try $0.counts().heldMails == 0 }
        }
        try await second.stop()

        // A third life finds nothing left to do.
        clock.advance(500)
        let third = try InnerAgent(site, clock: clock)
        try await eventually("the third life is connected") {
            third.hasCaughtUp
        }
        try await third.stop()
        try await site.expectServed([0])
        #expect(try site.read { try $0.openReviews(limit: 10) }.count == 1)
        await site.sandbox.stop()
    }

    @Test("on a full disk lose no mail, say so, and end when there is room")
    func fullDisk() async throws {
        let guests = 6
        let site = try await Site(guests: guests)
        let agent = try InnerAgent(site, clock: ManualClock())
        try agent.ledger.limit(pages: 1)
        for guest in 0..<guests { try site.deliver(guest) }
        try await eventually("the agent says that the disk is full") {
            agent.troubles.contains { $0.contains("disk full") }
        }
        #expect(agent.troubles.contains { $0.contains("make room on the disk") })
        let before = try site.read { try $0.counts().registrations[.confirmed, default: 0] }
        #expect(before < guests)
        #expect(try site.read { try $0.imbalances() }.isEmpty)

        try agent.ledger.limit(pages: 1_000_000)
        try await eventually("everybody is served") { try await site.areServed(0..<guests) }
        try await eventually("every effect is done") {
            try site.read { try $0.counts().effects[.done] == 2 * guests }
        }
        try await agent.stop()
        try await site.expectServed(Array(0..<guests))
        #expect(try site.read { try $0.mails(limit: 100) }.count == guests)
        await site.sandbox.stop()
    }

    @Test(
        "on a file system without room lose no mail, and end when there is some",
        .enabled(if: SmallDisk.isPossible))
    func fullFileSystem() async throws {
        let guests = 12
        let site = try await Site(guests: guests, registered: 0)
        let disk = try #require(SmallDisk(over: site.path("state")))
        site.disk = disk
        try site.write { books in
            for entry in site.season.entries { try books.insert(entry.registration) }
        }
        let agent = try site.start()
        try await eventually("the agent is connected") { agent.errors.contains("connected") }
        try disk.fill(butFor: 64 << 10)
        for guest in 0..<guests { try site.deliver(guest) }
        try await eventually("the agent says that the disk is full") {
            agent.errors.contains("disk full (make room on the disk")
        }
        #expect(agent.isRunning)
        try disk.makeRoom()
        try await eventually("everybody is served") { try await site.areServed(0..<guests) }
        #expect(try await agent.stop().status == 0)
        try await site.expectServed(Array(0..<guests))
        #expect(try site.read { try $0.mails(limit: 100) }.count == guests)
        await site.sandbox.stop()
    }

    @Test("with a provider that locks out for a minute delay, and repeat nothing")
    func lockedOut() async throws {
        let site = try await Site(guests: 2)
        let clock = ManualClock()
        try await site.sandbox.arm("luma.get", "status_429")
        try await site.sandbox.arm("netgsm.send", "code_80")
        try site.deliver(0)
        let first = try InnerAgent(site, clock: clock)
        try await eventually("the approval waits") {
            try site.read { try $0.counts().effects[.waiting] == 1 }
        }
        #expect(try await site.sandbox.look().places == ["luma.get"])
        try await first.stop()

        clock.advance(61)
        let second = try InnerAgent(site, clock: clock)
        try await eventually("the message waits") {
            try site.read { books in
                let counts = try books.counts().effects
                return counts[.waiting] == 1 && counts[.done] == 1
            }
        }
        // One lane rests; the other goes on.
        try site.deliver(1)
        try await eventually("the next guest is approved") {
            try await site.sandbox.look().effects["approvals"] == 2
        }
        #expect(try await site.sandbox.look().places.count { $0 == "netgsm.send" } == 1)
        try await second.stop()

        clock.advance(61)
        let third = try InnerAgent(site, clock: clock)
        try await eventually("both are done") {
            try site.read { try $0.counts().effects[.done] == 4 }
        }
        try await third.stop()
        try await site.expectServed([0, 1])
        await site.sandbox.stop()
    }
}
