// SPDX-License-Identifier: Apache-2.0

import Cryptography
import Domain
import Foundation
import Ledger
import Mail
import Mailbox
import Matching
import Testing

@testable import Agent

@Suite struct SavedNoticeTests {
    /// Trust in the mails of an mbox, in their order.
    private func trust(inMbox text: String) async throws -> [Trust] {
        let file = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
        try Data(text.utf8).write(to: file)
        defer { try? FileManager.default.removeItem(at: file) }
        var mailbox = try SavedMailbox(path: file.path)
        var mails: [SavedMail] = []
        while let mail = try mailbox.next() { mails.append(mail) }
        let record = "v=DKIM1; p=\(Base64.encode(try #require(PassedOnMail.key).publicKey))"
        let replay = Replay(
            reader: try PassedOnMail.reader(),
            pipeline: PaymentPipeline(
                matcher: Matcher(policy: MatchingPolicy(ownAccounts: .any, ownAddresses: .any))),
            ledger: try LedgerDatabase.temporary(masterKey: .random()), now: PassedOnMail.arrival,
            keys: { $0 == PassedOnMail.keyName ? .records([record]) : .absent })
        return try await replay.settle(replay.read(mails)).map(\.trust.trust)
    }

    private static let from = "From garanti@example.com Sun Nov 22 08:05:33 2026\r\n"

    @Test(
        "a notice with a line that begins with From verifies, whatever the dialect",
        arguments: [
            // What the bank signed, and how it stands in the file.
            ("From Ankara", ">From Ankara"), (">From Ankara", ">>From Ankara"),
            (">From Ankara", ">From Ankara"), ("From Ankara", "From Ankara"),
        ])
    func dialects(signed: String, written: String) async throws {
        let notice = try PassedOnMail.notice(closing: [signed])
        let file = Self.from + notice.replacing("\r\n" + signed, with: "\r\n" + written)
        #expect(try await trust(inMbox: file + "\r\n" + file) == [.verified, .verified])
    }

    @Test func `a notice behind an old program's line about its sender verifies`() async throws {
        let file = Self.from + ">" + Self.from + (try PassedOnMail.notice(closing: []))
        #expect(try await trust(inMbox: file + "\r\n" + file) == [.verified, .verified])
    }

    @Test func `a notice with a quoted line and one that had its own quote verifies`() async throws
    {
        let notice = try PassedOnMail.notice(closing: ["From Ankara", ">From Bursa"])
        let file = Self.from + notice.replacing("\r\nFrom Ankara", with: "\r\n>From Ankara")
        #expect(try await trust(inMbox: file) == [.verified])
    }

    @Test func `what is quoted whole in a mail that says its length is no mail of its own`()
        async throws
    {
        let inner = [Self.from + "From: a@example.org", "", "Tutar: 1.250,00 TL"]
        let plain = try Self.measured(try PassedOnMail.notice(closing: []))
        let file = try Self.measured(try PassedOnMail.notice(closing: inner))
        #expect(
            try await trust(inMbox: plain + file + file + plain)
                == [.verified, .verified, .verified, .verified])
    }

    @Test func `a mail that says it is longer takes no notice with it`() async throws {
        let notice = Self.from + (try PassedOnMail.notice(closing: [])) + "\r\n"
        let stranger = "From: a@example.org\r\nContent-Length: \(notice.utf8.count + 5)\r\n"
        let file = Self.from + stranger + "\r\nx\r\n\r\n" + notice
        for file in [file, file + notice] {
            #expect(try await trust(inMbox: file).dropFirst().first == .verified)
        }
    }

    @Test func `a notice that a measured mail took in is found by its signature`() async throws {
        let plain = try Self.measured(try PassedOnMail.notice(closing: []))
        let stranger = "From: a@example.org\r\n\r\nx\r\n\r\n"
        let file = plain + (try Self.measured(stranger + plain + plain)) + plain
        #expect(
            try await trust(inMbox: file)
                == [.verified, .unverified, .verified, .verified, .verified])
        let empty = Self.from + "From: b@example.org\r\n\r\nx\r\n"
        #expect(
            try await trust(inMbox: plain + (try Self.measured(stranger + empty)) + plain)
                == [.verified, .unverified, .verified])
    }

    private static func measured(_ mail: String) throws -> String {
        let head = try #require(mail.range(of: "\r\n\r\n"))
        return from + "Content-Length: \(mail[head.upperBound...].utf8.count)\r\n" + mail + "\r\n"
    }

    @Test func `a changed notice is forged, quoted or not`() async throws {
        let notice = try PassedOnMail.notice(closing: [">From Ankara"])
        let file = Self.from + notice.replacing("1.250,00", with: "9.250,00")
        #expect(try await trust(inMbox: file) == [.forged])
    }
}
