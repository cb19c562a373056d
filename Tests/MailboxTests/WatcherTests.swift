// SPDX-License-Identifier: Apache-2.0

import Domain
import Foundation
import TestSupport
import Testing

@testable import Mailbox

/// The watcher against a real Dovecot.
@Suite(.serialized, .timeLimit(.minutes(2)))
struct WatcherTests {
    let server: Dovecot
    let intake = RecordingIntake()

    init() throws { server = try Dovecot() }

    func account(
        _ security: MailboxAccount.Security = .tls, password: String = "sesame",
        caFile: String? = nil
    ) -> MailboxAccount {
        MailboxAccount(
            name: "inbox", host: server.host,
            port: security == .tls ? server.tlsPort : server.port, security: security,
            user: server.user, password: Secret(password), caFile: caFile ?? server.caFile)
    }

    /// A watcher in a hurry.
    func watch(_ account: MailboxAccount, _ patience: IMAPSession.Patience = .init())
        -> MailboxWatcher
    {
        var tuning = MailboxWatcher.Tuning()
        tuning.patience = patience
        tuning.firstGap = .milliseconds(100)
        tuning.longestGap = .milliseconds(300)
        let intake = intake
        let watcher = MailboxWatcher(account: account, intake: intake, tuning: tuning) {
            intake.note($0)
        }
        watcher.start()
        return watcher
    }

    func mail(_ number: Int, bytes: Int = 200) -> [UInt8] {
        let head = "From: bank@example.org\r\nSubject: Notice \(number)\r\n\r\n"
        return Array(head.utf8) + Array(repeating: UInt8(ascii: "x"), count: bytes) + [0x0d, 0x0a]
    }

    /// The numbers in the subjects of the received mails, sorted; never the bytes, they are long.
    var subjects: [String] {
        intake.received.map { mail in
            let line = mail.raw.split(separator: 0x0a).dropFirst().first ?? []
            return String(decoding: line.dropFirst("Subject: Notice ".utf8.count), as: UTF8.self)
                .trimmingCharacters(in: .whitespacesAndNewlines)
        }.sorted { Int($0) ?? 0 < Int($1) ?? 0 }
    }

    @Test(
        "Mail that was there before and mail that comes while idling arrives once",
        arguments: [
            MailboxAccount.Security.tls, .startTLS, .none,
        ])
    func fetchesAndIdles(security: MailboxAccount.Security) throws {
        for number in 1...3 { try server.deliver(mail(number)) }
        let watcher = watch(account(security))
        #expect(intake.wait { mails, events in mails.count == 3 && events.contains(.idling) })
        try server.deliver(mail(4))
        #expect(intake.wait { mails, _ in mails.count == 4 })
        #expect(watcher.health.isConnected)
        watcher.stop()
        #expect(subjects == ["1", "2", "3", "4"])
        #expect(Set(intake.received.map(\.raw)) == Set((1...4).map { mail($0) }))
        #expect(intake.received.allSatisfy { !$0.isTruncated && $0.internalDate != nil })
        #expect(intake.events.last == .stopped)
    }
}
