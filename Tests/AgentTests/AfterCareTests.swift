// SPDX-License-Identifier: Apache-2.0

import Domain
import Foundation
import Ledger
import Sandbox
import TestSupport
import Testing

/// Flags and moves on a real Dovecot, for settled mails and for no others.
@Suite("after-care", .serialized, .timeLimit(.minutes(10)))
struct AfterCareTests {
    private func site(
        guests: Int, _ care: String, folders: String = "[INBOX]"
    ) async throws -> Site {
        let site = try await Site(guests: guests)
        try configure(site, care, folders: folders)
        return site
    }

    private func configure(_ site: Site, _ care: String?, folders: String = "[INBOX]") throws {
        var settings = Site.Settings()
        settings.afterCare = care
        settings.folders = folders
        try site.configure(settings)
    }

    /// Nothing is left to do.
    private func isDone(_ site: Site) throws -> Bool {
        try site.read { try $0.afterCareCounts().isEmpty }
    }

    @Test("moves what is settled into a folder that it makes, and what a person answered")
    func moves() async throws {
        let site = try await site(
            guests: 3, "flag: $Mutabik, move_to: Biten", folders: "[INBOX, Biten]")
        let agent = try site.start()
        try site.deliver(0)
        try site.deliver(1, .unsigned)
        try site.deliver(2, .promotion)
        try await eventually("the guest is served") { try await site.areServed([0]) }
        try await eventually("the mail lies in the folder") {
            site.mailbox.mails(in: "Biten").count == 1 && site.mailbox.mails().count == 2
        }
        try await eventually("its keyword is known there") {
            site.mailbox.keywords(in: "Biten").contains("$Mutabik")
        }
        let moved = try #require(site.mailbox.mails(in: "Biten").first)
        #expect(try moved.raw == Data(site.mail(0)))
        #expect(moved.flags.contains("a"))
        #expect(site.mailbox.mails().allSatisfy { !$0.flags.contains("a") })

        // Watched there too, it is a copy, and stays where it is.
        try await eventually("it is found again") {
            try site.read { try $0.mails(limit: 10).contains { $0.reading.copyOf != nil } }
        }
        try site.write { books in
            for review in try books.openReviews(limit: 10) {
                try books.closeReview(review.id, decision: "ignored", at: Date())
            }
        }
        try await eventually("the answered one follows") {
            site.mailbox.mails(in: "Biten").count == 2
        }
        try await eventually("nothing is left to do") { try isDone(site) }
        // The advertisement is no payment.
        #expect(site.mailbox.mails().count == 1)
        let end = try await agent.stop()
        #expect(end.errors.contains("looked after 1 mails"))
        try await site.expectServedOnce([0])
        #expect(try site.read { try $0.mails(limit: 10).count } <= 5)
        await site.sandbox.stop()
    }

    @Test("without MOVE removes the very mails and no others")
    func withoutMove() async throws {
        let site = try await site(guests: 2, "move_to: Biten")
        try site.mailbox.tell(capability: "IMAP4rev1 SASL-IR ID IDLE UIDPLUS LITERAL+")
        let agent = try site.start()
        try site.deliver(0)
        try site.deliver(1)
        try await eventually("both are moved") {
            site.mailbox.mails(in: "Biten").count == 2 && site.mailbox.mails().isEmpty
        }
        try await eventually("both are served") { try await site.areServed([0, 1]) }
        try await eventually("nothing is left to do") { try isDone(site) }
        _ = try await agent.stop()
        try await site.expectServed([0, 1])
        await site.sandbox.stop()
    }

    @Test("that the server refuses is told and tried later, and holds up nothing")
    func refused() async throws {
        let site = try await site(guests: 2, "flag: seen, move_to: Biten")
        // Neither MOVE nor UIDPLUS: a copy could not be taken away from where it was.
        try site.mailbox.tell(capability: "IMAP4rev1 SASL-IR ID IDLE LITERAL+")
        let agent = try site.start()
        try site.deliver(0)
        try await eventually("the refusal is written down") {
            try site.read { try $0.afterCareCounts()["bank"]?.refused == 1 }
        }
        try site.deliver(1)
        try await eventually("both are served") { try await site.areServed([0, 1]) }
        let status = try await site.mutabik(["status", "--config", site.configurationPath])
        #expect(status.output.contains("neither MOVE nor UIDPLUS"))
        // Flags need neither.
        #expect(site.mailbox.mails().contains { $0.flags.contains("S") })
        let end = try await agent.stop()
        #expect(end.errors.contains("again in 60 s"))
        #expect(site.mailbox.mails().count == 2)
        await site.sandbox.stop()
    }

    @Test("leaves mails alone whose numbers may be others' now, and finds them again")
    func renumbered() async throws {
        let site = try await site(guests: 1, "move_to: Biten")
        try configure(site, nil)
        try site.deliver(0)
        let reader = try site.start()
        try await eventually("the guest is served") { try await site.areServed([0]) }
        _ = try await reader.stop()
        #expect(site.mailbox.mails().count == 1 && site.mailbox.mails()[0].flags.isEmpty)
        let old = try #require(try site.read { try $0.mails(limit: 1).first?.place })
        try site.write { try $0.requestAfterCare(at: old, now: Date()) }
        try site.mailbox.resetUIDValidity()
        try configure(site, "move_to: Biten")
        let agent = try site.start()
        try await eventually("it is moved under its new number") {
            site.mailbox.mails(in: "Biten").count == 1 && site.mailbox.mails().isEmpty
        }
        let end = try await agent.stop()
        #expect(end.errors.contains("1 mails were renumbered"))
        try await site.expectServedOnce([0])
        await site.sandbox.stop()
    }

    @Test(
        "survives a kill around any commit, and is done once in effect",
        arguments: [
            "after", "before",
        ])
    func killed(when: String) async throws {
        let site = try await site(
            guests: 4, "flag: flagged, move_to: Biten", folders: "[INBOX, Biten]")
        var life = 0
        var isAtRest = false
        while !isAtRest {
            if life < 4 { try site.deliver(life) }
            life += 1
            try #require(life < 60, "no progress")
            let agent = try Program(
                "killable-agent",
                [site.configurationPath, when, String(life <= 30 ? 3 + life % 12 : 1_000)],
                in: site.folder)
            let born = ContinuousClock.now
            try await eventually("it dies or is at rest") {
                guard agent.isRunning else { return true }
                guard life >= 4, ContinuousClock.now - born > .seconds(4) else { return false }
                isAtRest =
                    try isDone(site) && site.mailbox.mails().isEmpty
                    && site.read { books in
                        let effects = try books.counts().effects
                        return Site.inHand.allSatisfy { effects[$0, default: 0] == 0 }
                    }
                return isAtRest
            }
            if isAtRest {
                _ = try await agent.stop()
                isAtRest = try await !site.answerForLostMessages()
            }
        }
        #expect(life > 6, "it was hardly ever killed")
        #expect(site.mailbox.mails(in: "Biten").count == 4)
        #expect(site.mailbox.mails(in: "Biten").allSatisfy { $0.flags.contains("F") })
        try await site.expectServedOnce(Array(0..<4))
        await site.sandbox.stop()
    }
}

extension Site {
    /// Approved once and texted once, however often their mails were seen.
    fileprivate func expectServedOnce(_ guests: [Int]) async throws {
        let state = try await sandbox.look()
        for (index, entry) in season.entries.enumerated() {
            let once = guests.contains(index) ? 1 : 0
            #expect(state.guests[entry.registration.id.text]?.approvals == once)
            #expect((state.messages[entry.registration.phone?.digits ?? ""] ?? []).count == once)
        }
        try read { books in
            let counts = try books.counts()
            #expect(counts.payments[.allocated, default: 0] == guests.count)
            #expect(try books.imbalances().isEmpty)
        }
    }
}
