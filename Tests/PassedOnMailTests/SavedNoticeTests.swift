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

    @Test func `what is quoted whole in a mail that says its length is no mail of its own`()
        async throws
    {
        let inner = [Self.from + "From: a@example.org", "", "Tutar: 1.250,00 TL"]
        let notice = try PassedOnMail.notice(closing: inner)
        let head = try #require(notice.range(of: "\r\n\r\n"))
        let length = notice[head.upperBound...].utf8.count
        let file = Self.from + "Content-Length: \(length)\r\n" + notice + "\r\n"
        #expect(try await trust(inMbox: file + file) == [.verified, .verified])
    }

    @Test func `a changed notice is forged, quoted or not`() async throws {
        let notice = try PassedOnMail.notice(closing: [">From Ankara"])
        let file = Self.from + notice.replacing("1.250,00", with: "9.250,00")
        #expect(try await trust(inMbox: file) == [.forged])
    }
}
