// SPDX-License-Identifier: Apache-2.0

import Domain
import Foundation
import Ledger
import Sandbox
import TestSupport
import Testing

/// Mails that nobody can read must neither stop the agent nor hide the mails behind them.
@Suite("Bad mail", .serialized, .timeLimit(.minutes(10)))
struct BadMailTests {
    private static let fromBank =
        "From: Garanti BBVA <garantibbva@garantibbva.com.tr>\r\nSubject: Gelen Para Transferi\r\n"

    /// Bytes of every kind that a mailbox may hold; the random ones are the same in every run.
    ///
    /// But for a mail of no byte at all: that is asked for again for an hour.
    private static var mails: [[UInt8]] {
        var random = SplitMix(state: 7)
        let noise = (0..<4).map { size in
            (0..<(1 << (size * 5))).map { _ in UInt8(truncatingIfNeeded: random.next()) }
        }
        let texts = [
            "\r\n", "\r\n\r\n", "x", ":\r\n\r\n", "no header at all",
            fromBank,
            fromBank + "Content-Type: multipart/mixed; boundary=\"a\"\r\n\r\n--a\r\n--a\r\n--a",
            fromBank + "Content-Type: multipart/mixed; boundary=\"\"\r\n\r\n----\r\n",
            fromBank + "Content-Type: text/html; charset=x-none\r\n"
                + "Content-Transfer-Encoding: base64\r\n\r\n!!!!=\u{0}====\r\n",
            fromBank + "From: <second@example.org>\r\n\r\nHesabınıza para transferi gerçekleşti",
            fromBank + "DKIM-Signature: v=1; a=rsa-sha256; d=; s=; bh=; b=\r\n\r\n",
            fromBank + "\r\n" + String(repeating: "<table><tr><td>", count: 20_000),
            fromBank + "X: " + String(repeating: "a", count: 200_000) + "\r\n\r\n",
            String(repeating: "Received: x\r\n", count: 20_000) + "\r\n",
        ]
        return noise + texts.map { Array($0.utf8) }
            + [Array(fromBank.utf8) + [0, 13, 10, 0xFF, 0xFE, 13, 10, 13, 10, 0xC3, 0x28]]
    }

    /// SplitMix64.
    private struct SplitMix {
        var state: UInt64

        mutating func next() -> UInt64 {
            state &+= 0x9E37_79B9_7F4A_7C15
            var mixed = state
            mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
            mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
            return mixed ^ (mixed >> 31)
        }
    }

    @Test("of any kind stops neither the agent nor the payments behind it")
    func anyBytes() async throws {
        let site = try await Site(guests: 2)
        let agent = try site.start()
        try site.deliver(0)
        for mail in Self.mails { try site.mailbox.deliver(mail) }
        try await eventually("every bad mail is recorded") {
            try site.hasRead(Self.mails.count + 1)
        }
        try site.deliver(1)
        try await eventually("the payments are served") { try await site.areServed([0, 1]) }
        #expect(try await agent.stop().status == 0)
        try await site.expectServed([0, 1])
        // What cannot be read might have been a payment: a person sees all of it.
        let counts = try site.read { try $0.counts() }
        #expect(counts.payments == [.allocated: 2])
        #expect(counts.openReviews == Self.mails.count)
        await site.sandbox.stop()
    }

    @Test("of 30 MB goes to a person, and the next mail is handled")
    func tooLarge() async throws {
        let site = try await Site(guests: 1)
        let line = Array(repeating: UInt8(ascii: "x"), count: 98) + [13, 10]
        var mail = Array((Self.fromBank + "\r\n").utf8)
        mail.reserveCapacity(31_000_000)
        for _ in 0..<300_000 { mail += line }
        try site.mailbox.deliver(mail)
        let agent = try site.start()
        try await eventually("the large mail is recorded") {
            try site.hasRead(1)
        }
        try site.deliver(0)
        try await eventually("the payment is served") { try await site.areServed([0]) }
        let end = try await agent.stop()
        #expect(end.status == 0)
        #expect(end.errors.contains("is too large (30000"))
        try await site.expectServed([0])
        try site.read { books in
            let large = try #require(try books.mails(limit: 1).first)
            #expect(large.reading.state == .quarantined)
            #expect(large.reading.reasons == [.mailTooLarge])
            let review = try #require(try books.openReviews(limit: 10).first)
            #expect(review.subject == .mail(large.id))
            #expect(review.reasons == [.mailTooLarge])
        }
        await site.sandbox.stop()
    }
}
