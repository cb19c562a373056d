// SPDX-License-Identifier: Apache-2.0

import Domain
import Foundation
import TestSupport
import Testing

@testable import Mailbox

/// The watcher against a real Dovecot.
@Suite(.serialized, .timeLimit(.minutes(10)))
struct WatcherTests {
    let server: Dovecot
    let intake = RecordingIntake()
    let loop: NetworkLoop

    init() throws {
        server = try Dovecot()
        loop = try NetworkLoop()
    }

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
        let watcher = MailboxWatcher(account: account, intake: intake, loop: loop, tuning: tuning) {
            intake.note($1)
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
        #expect(watcher.health[0].isConnected)
        watcher.stop()
        #expect(subjects == ["1", "2", "3", "4"])
        #expect(Set(intake.received.map(\.raw)) == Set((1...4).map { mail($0) }))
        #expect(intake.received.allSatisfy { !$0.isTruncated && $0.internalDate != nil })
        #expect(intake.events.last == .stopped)
    }

    @Test("A wrong password is refused and not tried again")
    func wrongPassword() throws {
        let watcher = watch(account(password: "wrong"))
        #expect(intake.wait { _, events in events.contains { $0.isCredentialsRefused } })
        // Nothing but stopping ends the long wait.
        watcher.wake()
        watcher.stop()
        #expect(intake.events.count == 2)
        guard case .credentialsRefused(let reason, let gap) = intake.events.first else { return }
        #expect(gap == .seconds(1800))
        #expect(reason.hasPrefix("stream: log in localhost:"))
        #expect(reason.hasSuffix("server said NO [AUTHENTICATIONFAILED] Authentication failed."))
    }

    @Test(
        "A certificate of a stranger is refused",
        arguments: [
            MailboxAccount.Security.tls, .startTLS,
        ])
    func wrongAuthority(security: MailboxAccount.Security) throws {
        let other = try Dovecot()
        let watcher = watch(account(security, caFile: other.caFile))
        #expect(intake.wait { _, events in events.contains { $0.isCertificateRefused } })
        watcher.stop()
        #expect(intake.events.count == 2)
    }

    @Test("Without TLS only this machine is asked")
    func refusesClearText() throws {
        var account = account(.none)
        account.host = "imap.example.org"
        let watcher = watch(account)
        #expect(intake.wait { _, events in !events.isEmpty })
        watcher.stop()
        guard case .misconfigured? = intake.events.first, intake.events.count == 1 else {
            Issue.record("\(intake.events)")
            return
        }
        // What a person has to mend is not hidden behind "stopped".
        #expect(watcher.health.map(\.state) == [.misconfigured])
        #expect(watcher.health.map(\.trouble) == [.configuration])
    }

    @Test("A server that restarts in the middle loses no mail and doubles none")
    func survivesRestart() throws {
        let watcher = watch(account())
        for number in 1...50 { try server.deliver(mail(number, bytes: 20_000)) }
        #expect(intake.wait { mails, _ in mails.count >= 5 })
        try server.restart()
        for number in 51...60 { try server.deliver(mail(number)) }
        // A server that is going down may ask for patience, and is given up to a minute of it.
        #expect(intake.wait { mails, _ in mails.count >= 60 })
        watcher.stop()
        #expect(subjects == (1...60).map(String.init))
    }

    @Test("A burst of 200 mails arrives whole")
    func takesBurst() throws {
        let watcher = watch(account())
        #expect(intake.wait { _, events in events.contains(.idling) })
        for number in 1...200 { try server.deliver(mail(number, bytes: 3000)) }
        #expect(intake.wait { mails, _ in mails.count >= 200 })
        watcher.stop()
        #expect(subjects == (1...200).map(String.init))
    }

    @Test(
        "A mail of 30 MB comes whole within the limit and cut off beyond it",
        arguments: [
            (40 << 20, false), (25 << 20, true),
        ])
    func takesLargeMail(limit: Int, isTruncated: Bool) throws {
        try server.deliver(mail(1, bytes: 30_000_000))
        try server.deliver(mail(2))
        var account = account()
        account.mailBytesMax = limit
        let watcher = watch(account)
        #expect(intake.wait { mails, _ in mails.count >= 2 })
        watcher.stop()
        let large = intake.received.first { $0.sizeBytes > 1_000_000 }
        #expect(large?.isTruncated == isTruncated)
        #expect(large?.sizeBytes == mail(1, bytes: 30_000_000).count)
        let head = mail(1, bytes: 0).count - 2
        #expect(large?.raw.count == (isTruncated ? head + 262_144 : large?.sizeBytes))
        #expect(subjects == ["1", "2"])
    }

    @Test("A session killed while idling is noticed at once and begun again")
    func survivesKill() throws {
        let watcher = watch(account())
        #expect(intake.wait { _, events in events.contains(.idling) })
        #expect(server.signalSessions(SIGKILL) == 1)
        #expect(intake.wait { _, events in events.filter { $0 == .idling }.count == 2 })
        try server.deliver(mail(1))
        #expect(intake.wait { mails, _ in mails.count == 1 })
        watcher.stop()
    }

    @Test("A session that is stopped but still connected is noticed by its silence")
    func noticesStoppedServer() throws {
        var patience = IMAPSession.Patience()
        patience.firstByte = .milliseconds(500)
        var account = account()
        account.idleRenewal = .milliseconds(500)
        let watcher = watch(account, patience)
        #expect(intake.wait { _, events in events.contains(.idling) })
        let stopped = server.sessions
        #expect(server.signalSessions(SIGSTOP) == 1)
        #expect(intake.wait { _, events in events.contains { $0.isDisconnected } })
        try server.deliver(mail(1))
        #expect(intake.wait { mails, _ in mails.count == 1 })
        for session in stopped { kill(session, SIGCONT) }
        watcher.stop()
    }

    @Test("A folder that was renumbered is taken in again under its new number")
    func noticesNewEpoch() throws {
        try server.deliver(mail(1))
        let watcher = watch(account())
        #expect(intake.wait { mails, _ in mails.count == 1 })
        try server.resetUIDValidity()
        try server.deliver(mail(2))
        #expect(intake.wait { mails, _ in mails.count >= 3 })
        watcher.stop()
        #expect(Set(intake.received.map(\.uidValidity)).count == 2)
        #expect(intake.events.contains { if case .newEpoch = $0 { true } else { false } })
    }

    @Test("A mail that the intake refuses comes again")
    func deliversAgain() throws {
        intake.refuse(2)
        for number in 1...3 { try server.deliver(mail(number)) }
        let watcher = watch(account())
        #expect(intake.wait { mails, _ in mails.count >= 3 })
        watcher.stop()
        #expect(subjects == ["1", "2", "3"])
        let failures = intake.events.filter { if case .intakeFailed = $0 { true } else { false } }
        #expect(failures.count == 2)
        #expect(intake.handedOver.reduce(0, +) == 3)
    }

    @Test("A server that is away is tried with growing gaps, and stopping does not wait for it")
    func backsOff() throws {
        server.stop()
        let watcher = watch(account())
        #expect(intake.wait { _, events in events.filter(\.isDisconnected).count >= 3 })
        #expect(watcher.health[0].failures >= 3)
        watcher.stop()
        watcher.stop()
        #expect(intake.events.last == .stopped)
    }
}

extension MailboxEvent {
    fileprivate var isDisconnected: Bool {
        if case .disconnected = self { true } else { false }
    }

    fileprivate var isCredentialsRefused: Bool {
        if case .credentialsRefused = self { true } else { false }
    }

    fileprivate var isCertificateRefused: Bool {
        if case .certificateRefused = self { true } else { false }
    }
}
