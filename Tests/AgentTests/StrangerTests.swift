// SPDX-License-Identifier: Apache-2.0

import Domain
import Foundation
import Ledger
import Sandbox
import TestSupport
import Testing

/// Money that really came, and to somebody else: the notice is genuine, and so is its signature.
@Suite("A genuine notice of a stranger's money", .serialized, .timeLimit(.minutes(10)))
struct StrangerTests {
    private static let stranger = "yabanci@baska.example"
    /// One that prints the account, three that print too little of it, one that prints none.
    private static let banks: [SampleBank.Bank] = [
        .garanti, .akbank, .kuveytTurk, .ziraat, .papara,
    ]

    /// How the stranger's notice gets here.
    enum Way: CaseIterable { case redirected, attached }

    /// The notice of a guest's transfer as the bank would write it to the stranger who got it.
    private static func notice(_ site: Site, _ guest: Int) throws -> [UInt8] {
        var transfer = site.season.entries[guest].transfer
        transfer.isToOtherAccount = transfer.bank == .garanti
        return try site.bank.mail(transfer, to: stranger)
    }

    /// A mail of a person with a notice attached.
    private static func cover(of notice: [UInt8], _ number: Int) -> [UInt8] {
        let head = """
            From: Bir Misafir <misafir@ornek.example>
            To: \(SampleBank.recipient)
            Subject: FW: bildirim
            Message-ID: <fw\(number)@ornek.example>
            MIME-Version: 1.0
            Content-Type: multipart/mixed; boundary="fw"

            --fw
            Content-Type: text/plain

            ektedir
            --fw
            Content-Type: message/rfc822


            """
        return Array(head.replacing("\n", with: "\r\n").utf8) + notice
            + Array("\r\n--fw--\r\n".utf8)
    }

    @Test(
        "goes to a person, whether the bank prints the account or not, and blocks nobody",
        arguments: Way.allCases)
    func sentOn(way: Way) async throws {
        let count = Self.banks.count
        let site = try await Site(guests: 2 * count, banks: Self.banks)
        for guest in 0..<count {
            let notice = try Self.notice(site, guest)
            try site.mailbox.deliver(way == .attached ? Self.cover(of: notice, guest) : notice)
        }
        for guest in count..<2 * count { try site.deliver(guest) }
        let agent = try site.start()
        try await eventually("our own are served") {
            try await site.areServed(count..<2 * count)
        }
        try await eventually("each of the others is a question") {
            try site.read { try $0.counts().openReviews == count }
        }
        #expect(try await agent.stop().status == 0)
        try await site.expectServed(Array(count..<2 * count))
        #expect(!agent.errors.contains(" is any: "))
        try site.read { books in
            let asked = try books.payments(limit: 100).filter { $0.state == .review }
            #expect(asked.count == count && asked.allSatisfy { $0.trust == .verified })
            for payment in asked {
                let isPrinted = payment.rule.text.hasPrefix("garanti-bbva/")
                #expect(payment.reasons.first == (isPrinted ? .foreignAccount : .accountUnknown))
            }
            #expect(asked.count { $0.reasons.first == .foreignAccount } == 1)
            for guest in 0..<count {
                let id = site.season.entries[guest].registration.id
                #expect(try books.bookings(of: id).isEmpty)
            }
        }
        await site.sandbox.stop()
    }

    @Test("whose To nothing proves goes to a person too, unless the settings say any, aloud")
    func vouched() async throws {
        let site = try await Site(guests: 1, banks: [.papara])
        var settings = Site.Settings()
        settings.trust = "authserv_id: mx.example.org, dns: false"
        try site.configure(settings)
        let results = "Authentication-Results: mx.example.org; dkim=pass header.d=papara.com"
        let mail = try Array("\(results)\r\n".utf8) + site.mail(0, .unsigned)
        try site.mailbox.deliver(mail)
        let careful = try site.start()
        try await eventually("a person is asked") {
            try site.read { try $0.counts().openReviews == 1 }
        }
        #expect(try await careful.stop().status == 0)
        try await site.expectServed([])
        try site.read { books in
            let payment = try #require(try books.payments(limit: 2).first)
            #expect(payment.trust == .vouched && payment.reasons.first == .accountUnknown)
        }

        let other = try await Site(guests: 1, banks: [.papara])
        settings.own = "own_accounts: any, own_addresses: any"
        try other.configure(settings)
        try other.mailbox.deliver(mail)
        let trusting = try other.start()
        try await eventually("the guest is served") { try await other.areServed([0]) }
        #expect(try await trusting.stop().status == 0)
        for setting in ["own_accounts", "own_addresses"] {
            #expect(trusting.errors.contains("matching.\(setting) is any: "))
        }
        let check = try await other.mutabik([
            "config", "check", "--config", other.configurationPath,
        ])
        #expect(check.status == 0 && check.lines == ["\(other.configurationPath): ok"])
        #expect(check.errors.contains("matching.own_accounts is any: "))
        await site.sandbox.stop()
        await other.sandbox.stop()
    }
}
