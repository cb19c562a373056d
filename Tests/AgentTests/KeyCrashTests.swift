// SPDX-License-Identifier: Apache-2.0

import Domain
import Foundation
import Ledger
import Sandbox
import TestSupport
import Testing

/// SIGKILL around the commits of the loop that asks DNS for keys and settles what waited for them.
///
///     store ─► hold ─► (DNS answers) ─► keep the key ─► settle ─► effects
///
/// A key that is known is not asked for again, so each life meets a bank that is new. Lives go on,
/// site after site, until deaths were seen in both gaps: while a mail was held and its key was not
/// kept, and when the key was kept and the mail not settled.
@Suite("A crash while keys are asked for", .serialized, .timeLimit(.minutes(10)))
struct KeyCrashTests {
    private static let banks = SampleBank.Bank.transferring
    /// Commits of a life up to the first effect, and some more.
    private static let commitsMax = 7
    /// Of each site; only an agent that makes no progress gets here.
    private static let killsMax = 80
    /// One is often enough.
    private static let sitesMax = 8

    /// How often the agent died, and with what in hand.
    private struct Deaths {
        var count = 0
        var beforeKey = 0
        var beforeSettling = 0
    }

    @Test("records every mail once and approves nobody twice", arguments: ["after", "before"])
    func crash(when: String) async throws {
        var deaths = Deaths()
        var sites = 0
        while deaths.beforeKey == 0 || deaths.beforeSettling == 0 {
            sites += 1
            try #require(sites <= Self.sitesMax, "never in both gaps: \(deaths)")
            try await season(when, &deaths)
        }
        #expect(deaths.count >= Self.banks.count)
    }

    private func season(_ when: String, _ deaths: inout Deaths) async throws {
        let genuine = Self.banks.count
        let site = try await Site(guests: genuine + 1, banks: Self.banks)
        let names = try NameServer(keyFile: site.bank.keyFile)
        names.isSilent = false
        var settings = Site.Settings()
        settings.trust = "dns_server: 127.0.0.1:\(names.port)"
        try site.configure(settings)
        // One that nobody may be approved for.
        try site.deliver(genuine, .changedBody)
        let killsMax = deaths.count + Self.killsMax
        var delivered = 0
        var isSettled = false
        while !isSettled {
            if delivered < genuine {
                try site.deliver(delivered)
                delivered += 1
            }
            let agent = try Program(
                "killable-agent",
                [site.configurationPath, when, String(deaths.count % Self.commitsMax + 1)],
                in: site.folder)
            let born = ContinuousClock.now
            var isAtRest = false
            try await eventually("the agent dies or is at rest", within: .seconds(200)) {
                guard agent.isRunning else { return true }
                // A look into the ledger would mend what a crash left.
                guard delivered == genuine, ContinuousClock.now - born > .seconds(2) else {
                    return false
                }
                isAtRest = try site.read { books in
                    let counts = try books.counts()
                    return counts.registrations[.confirmed] == genuine
                        && counts.heldMails == 0 && counts.storedMails == 0
                        && Site.inHand.allSatisfy { counts.effects[$0, default: 0] == 0 }
                }
                return isAtRest
            }
            if isAtRest {
                let end = try await agent.stop()
                #expect([0, SIGKILL].contains(end.status), "\(end.errors)")
                isSettled = try await !site.answerForLostMessages()
            } else {
                let end = try await agent.end()
                try #require(end.status == SIGKILL, "\(end.errors)")
                deaths.count += 1
                try look(at: site, &deaths)
                try #require(deaths.count < killsMax, "no progress")
            }
        }
        try await expectRecordedOnce(site, genuine)
        #expect(names.questions > 0)
        await site.sandbox.stop()
    }

    /// What the agent had in hand when it died.
    private func look(at site: Site, _ deaths: inout Deaths) throws {
        let keys = site.bank.keyFile.split(separator: "\n").map {
            String($0.prefix { $0 != "\t" })
        }
        let kept: [Bool] = try site.readCopy { books in
            try books.mails(limit: 100).compactMap { mail in
                guard case .held = mail.reading.state else { return nil }
                let raw = String(decoding: try books.rawMail(mail.id) ?? [], as: UTF8.self)
                return try keys.contains { name in
                    let domain = name.components(separatedBy: "._domainkey.").last ?? ""
                    guard raw.contains(" d=\(domain);") else { return false }
                    return try !books.dnsAnswers(name: name).isEmpty
                }
            }
        }
        if kept.contains(false) { deaths.beforeKey += 1 }
        if kept.contains(true) { deaths.beforeSettling += 1 }
    }

    private func expectRecordedOnce(_ site: Site, _ genuine: Int) async throws {
        try await site.expectServed(Array(0..<genuine))
        try site.read { books in
            let mails = try books.mails(limit: 1_000)
            #expect(mails.count == genuine + 1)
            #expect(Set(mails.map(\.place)).count == genuine + 1)
            #expect(mails.allSatisfy { $0.reading.copyOf == nil })
            #expect(mails.allSatisfy { $0.reading.state == .settled })
            #expect(try books.openReviews(limit: 10).count == 1, "the forged one")
        }
    }
}
