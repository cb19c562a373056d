// SPDX-License-Identifier: Apache-2.0

import Domain
import Foundation
import Ledger
import MailServer
import Sandbox
import Testing

/// SIGKILL around one commit after the other, with tickets that go by mail. SMTP cannot be asked
/// what became of a mail: what was in hand may go out once more, and then under the same name.
@Suite("A crash while mails go out", .serialized, .timeLimit(.minutes(10)))
struct MailCrashTests {
    private static let guests = 14
    /// Commits of the longest life.
    private static let commitsMax = 12
    private static let killsMax = 200

    @Test(
        "every guest gets the ticket, and a second copy bears the same Message-ID",
        arguments: ["after", "before"])
    func crash(when: String) async throws {
        let server = try await MailServer.start()
        let site = try await Site(guests: Self.guests)
        var settings = Site.Settings()
        settings.mailServer = server
        try site.configure(settings)
        var (kills, delivered, letGo) = (0, 0, Set<String>())
        while true {
            for guest in delivered..<min(delivered + 2, Self.guests) { try site.deliver(guest) }
            delivered = min(delivered + 2, Self.guests)
            let agent = try Program(
                "killable-agent",
                [site.configurationPath, when, String(kills % Self.commitsMax + 1)],
                in: site.folder)
            let born = ContinuousClock.now
            var isAtRest = false
            try await eventually("the agent dies or is at rest", within: .seconds(200)) {
                guard agent.isRunning else { return true }
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
                _ = try await agent.stop()
                let lost = try site.read { try $0.effects(in: [.dead], limit: 100) }
                for effect in lost {
                    // The person who is asked lets it go once more.
                    try #require(effect.lastError == "smtp_lost_twice")
                    letGo.insert(effect.effect.registration.text)
                    try site.write { try $0.rearm(effect.key, at: Date()) }
                }
                if lost.isEmpty { break }
            } else {
                let end = try await agent.end()
                try #require(end.status == SIGKILL, "\(end.errors)")
                kills += 1
                try #require(kills < Self.killsMax, "no progress")
            }
        }
        #expect(kills >= Self.guests / 2)
        try await expectMailed(site, server, letGo)
        await site.sandbox.stop()
    }

    private func expectMailed(
        _ site: Site, _ server: MailServer, _ letGo: Set<String>
    ) async throws {
        var ids: [String: [String]] = [:]
        for mail in server.mails {
            let lines = String(decoding: mail, as: UTF8.self).components(separatedBy: "\r\n")
            // A long name stands on a line of its own before the address.
            let address = try #require(
                lines.first {
                    ($0.hasPrefix("To: ") || $0.hasPrefix(" <")) && $0.hasSuffix(">")
                        && !$0.contains("bilet@")
                })
            let to = String(address.drop { $0 != "<" }.dropFirst().dropLast())
            let id = try #require(lines.first { $0.hasPrefix("Message-ID: ") })
            ids[to, default: []].append(id)
        }
        #expect(ids.count == Self.guests)
        for entry in site.season.entries {
            let copies = ids[entry.registration.email ?? ""] ?? []
            // Each time that a person lets it go is one more.
            #expect((1...2).contains(copies.count) || letGo.contains(entry.registration.id.text))
            #expect(Set(copies).count == 1)
        }
        #expect(Set(ids.values.joined()).count == Self.guests)
        let state = try await site.sandbox.look()
        #expect(state.messages.isEmpty, "nothing was said twice, by mail and by SMS")
        #expect(try site.read { try $0.imbalances() }.isEmpty)
    }
}
