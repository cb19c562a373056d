// SPDX-License-Identifier: Apache-2.0

import Domain
import Foundation
import Ledger
import Sandbox
import TestSupport
import Testing

/// Mails that are not what they seem, and mails that come twice.
@Suite("A mail", .serialized, .timeLimit(.minutes(10)))
struct ForgeryTests {
    private static let forgeries: [SampleBank.Variant] = [
        .unsigned, .changedBody, .foreignSignature, .lookAlike,
    ]

    @Test("that is forged approves nobody, books nothing, and does not block the real one")
    func forged() async throws {
        let site = try await Site(guests: Self.forgeries.count)
        let guests = Self.forgeries.indices
        for (guest, variant) in zip(guests, Self.forgeries) { try site.deliver(guest, variant) }
        let agent = try site.start()
        try await eventually("the forgeries are read") {
            try site.hasRead(Self.forgeries.count)
        }
        try await site.expectServed([])
        try site.read { books in
            for guest in guests {
                let id = site.season.entries[guest].registration.id
                #expect(try books.bookings(of: id).isEmpty)
            }
            for payment in try books.payments(limit: 10) {
                #expect(try books.bookings(of: payment.id).isEmpty)
                #expect(!payment.trust.allowsAutomaticApproval)
                #expect(payment.state == .review)
            }
            #expect(try books.openReviews(limit: 10).count == Self.forgeries.count)
            #expect(try books.effects(limit: 10).isEmpty)
        }

        for guest in guests { try site.deliver(guest) }
        try await eventually("the real mails are served") { try await site.areServed(guests) }
        #expect(try await agent.stop().status == 0)
        try await site.expectServed(Array(guests))
        await site.sandbox.stop()
    }

    @Test("that tells of money going out, or advertises, approves nobody and asks nobody")
    func harmless() async throws {
        let site = try await Site(guests: 3)
        try site.deliver(0, .outgoing)
        try site.deliver(1, .promotion)
        try site.deliver(2)
        let agent = try site.start()
        try await eventually("the payment behind them is served") {
            try await site.areServed([2])
        }
        #expect(try await agent.stop().status == 0)
        try await site.expectServed([2])
        #expect(try site.read { try $0.openReviews(limit: 10) }.isEmpty)
        await site.sandbox.stop()
    }

    @Test("counts once, be it forwarded again, renumbered or met after a restart")
    func copies() async throws {
        let site = try await Site(guests: 2)
        let original = try site.mail(0)
        try site.mailbox.deliver(original)
        let first = try site.start()
        try await eventually("the payment is served") { try await site.areServed([0]) }
        // The same bytes, and the same mail with what another server writes on top.
        try site.mailbox.deliver(original)
        let received = "Received: from relay.example by mx.example; Sun, 22 Nov 2026 11:05:33 +0000"
        try site.mailbox.deliver(Array("\(received)\r\n".utf8) + original)
        try await eventually("the copies are recorded") {
            try site.hasRead(3)
        }
        #expect(try await first.stop().status == 0)

        try site.mailbox.resetUIDValidity()
        let second = try site.start()
        try await eventually("the renumbered mails are recorded") {
            try site.hasRead(6)
        }
        try site.deliver(1)
        try await eventually("the next payment is served") { try await site.areServed([1]) }
        #expect(try await second.stop().status == 0)

        try await site.expectServed([0, 1])
        try site.read { books in
            let mails = try books.mails(limit: 10)
            let first = try #require(mails.first)
            #expect(first.reading.copyOf == nil)
            #expect(mails[1..<6].allSatisfy { $0.reading.copyOf == first.id })
            #expect(try books.payments(limit: 10).count == 2)
            #expect(try books.openReviews(limit: 10).isEmpty)
        }
        await site.sandbox.stop()
    }

    @Test("about a second, equal payment is a second payment, which a person decides on")
    func equalPayments() async throws {
        let site = try await Site(guests: 1)
        var again = site.season.entries[0].transfer
        again.occurredAt += 60
        try site.deliver(0)
        try site.mailbox.deliver(site.bank.mail(again))
        let agent = try site.start()
        try await eventually("both are read and the guest is served") {
            let isRead = try site.read { try $0.payments(limit: 10).count == 2 }
            let isServed = try await site.areServed([0])
            return isRead && isServed
        }
        #expect(try await agent.stop().status == 0)
        try await site.expectServed([0])
        try site.read { books in
            let payments = try books.payments(limit: 10)
            let second = try #require(payments.last)
            #expect(payments.map(\.verdict) == [.approve, .duplicate])
            #expect(second.state == .review)
            let balances = try books.balances(of: second.id)
                .filter { $0.1.minorUnits != 0 && $0.0 != .bank }
            #expect(balances.map(\.0) == [.unallocated])
            #expect(balances.map(\.1) == [again.amount])
            let reviews = try books.openReviews(limit: 10)
            #expect(reviews.map(\.subject) == [.payment(second.id)])
            #expect(reviews.first?.reasons.contains(.alreadyPaid) == true)
        }
        await site.sandbox.stop()
    }

    @Test(
        "that comes before its registration is matched when that is imported; a forged one is not")
    func moneyFirst() async throws {
        let site = try await Site(guests: 3, registered: 1)
        try site.deliver(1)
        try site.deliver(2, .unsigned)
        let agent = try site.start()
        try await eventually("both mails wait for a person") {
            try site.read { try $0.counts().openReviews == 2 }
        }
        try site.write(site.season.csv, to: "guests.csv")
        let arguments = ["registrations", "import", "--json", "--config", site.configurationPath]
        let first = try await site.mutabik(arguments + [site.path("guests.csv")])
        #expect(first.lines == [#"{"inserted":2,"unchanged":1,"matched_payments":1,"expired":0}"#])
        // The agent at work learns of it without a word.
        try await eventually("the guest is served") { try await site.areServed([1]) }
        let second = try await site.mutabik(arguments + [site.path("guests.csv")])
        #expect(second.lines == [#"{"inserted":0,"unchanged":3,"matched_payments":0,"expired":0}"#])
        #expect(try await agent.stop().status == 0)
        try await site.expectServed([1])
        #expect(try site.read { try $0.openReviews(limit: 10) }.count == 1)
        await site.sandbox.stop()
    }
}
