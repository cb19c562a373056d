// SPDX-License-Identifier: Apache-2.0

import Domain
import Foundation
import Glibc
import TestSupport
import Testing

@testable import Mailbox

/// A real Dovecot that is killed, stopped, renumbered and cut off while mail comes. What was
/// delivered and what was recorded must be the same in the end, each mail once.
@Suite(.serialized, .timeLimit(.minutes(10)))
struct ChaosTests {
    let intake = RecordingIntake()
    let loop: NetworkLoop

    init() throws { loop = try NetworkLoop() }

    /// Half a second of silence is noticed here; in the service it is 115 seconds, IDLE's renewal
    /// and the wait for the first byte, which are the same two numbers.
    func watch(_ server: Dovecot, settledAge: Duration = .seconds(600)) -> MailboxWatcher {
        var account = MailboxAccount(
            name: "inbox", host: server.host, port: server.tlsPort, security: .tls,
            user: server.user, password: Secret(server.password), caFile: server.caFile)
        account.idleRenewal = .milliseconds(250)
        var tuning = MailboxWatcher.Tuning()
        tuning.patience.firstByte = .milliseconds(250)
        tuning.patience.silence = .milliseconds(500)
        tuning.patience.settledAge = settledAge
        tuning.patience.overlapGap = .milliseconds(300)
        tuning.connectTimeout = .seconds(2)
        tuning.responseTimeout = .seconds(2)
        tuning.firstGap = .milliseconds(100)
        tuning.longestGap = .milliseconds(300)
        tuning.busyGap = .milliseconds(100)
        tuning.busyLongestGap = .milliseconds(300)
        let intake = intake
        let watcher = MailboxWatcher(account: account, intake: intake, loop: loop, tuning: tuning) {
            intake.note($1)
        }
        watcher.start()
        return watcher
    }

    func mail(_ number: Int) -> [UInt8] {
        Array("From: bank@example.org\r\nSubject: Notice \(number)\r\n\r\ntext\r\n".utf8)
    }

    func number(_ mail: FetchedMail) -> Int? {
        let words = String(decoding: mail.raw, as: UTF8.self).split(whereSeparator: \.isWhitespace)
        return words.count > 4 ? Int(words[4]) : nil
    }

    /// What may happen to a server.
    enum Blow: CaseIterable { case killed, stopped, restarted, renumbered, quiet }

    @Test(
        "Whatever befalls the server, what was delivered is what was recorded", arguments: [1, 2])
    func chaos(seed: UInt64) throws {
        let server = try Dovecot()
        var random = SeededRandom(seed: seed)
        let watcher = watch(server)
        var delivered = 0
        func deliver(_ count: Int) throws {
            for _ in 0..<count {
                delivered += 1
                try server.deliver(mail(delivered))
            }
        }
        try deliver(5)
        var stopped: [pid_t] = []
        // Each blow twice, in an order of its own.
        for blow in (Blow.allCases + Blow.allCases).shuffled(using: &random) {
            try deliver(Int.random(in: 1...4, using: &random))
            if Bool.random(using: &random) {
                #expect(
                    intake.wait { _, _ in watcher.health[0].state == .idling },
                    "\(watcher.health[0].state) before \(blow): \(intake.events.suffix(9))")
            }
            switch blow {
            case .killed: server.signalSessions(SIGKILL)
            case .stopped:
                stopped += server.sessions
                server.signalSessions(SIGSTOP)
                try deliver(2)
            case .restarted:
                server.stop()
                try deliver(2)
                try server.start()
            case .renumbered:
                let before = intake.events.filter(\.isNewEpoch).count
                try server.resetUIDValidity()
                #expect(intake.wait { $1.filter(\.isNewEpoch).count > before })
            case .quiet: watcher.wake()
            }
            try deliver(1)
            if Bool.random(using: &random) {
                for session in stopped { kill(session, SIGCONT) }
            }
        }
        for session in stopped { kill(session, SIGCONT) }
        let all = Set(1...delivered)
        #expect(
            intake.wait { mails, _ in
                // Under the last numbering too, so that nothing is on its way any more.
                let last = mails.map(\.epoch).max()
                return Set(mails.filter { $0.epoch == last }.compactMap(number)) == all
            })
        watcher.stop()
        let byEpoch = Dictionary(grouping: intake.received, by: \.epoch)
        #expect(byEpoch.count == 3)
        for (epoch, mails) in byEpoch {
            let numbers = mails.compactMap(number)
            #expect(numbers.count == mails.count)
            #expect(Set(numbers).count == numbers.count, "twice in epoch \(epoch)")
            #expect(Set(numbers).isSubset(of: all))
        }
    }

    @Test("A stopped server process is noticed by its silence, and what it says later is not heard")
    func stoppedProcess() throws {
        let server = try Dovecot()
        let watcher = watch(server)
        #expect(intake.wait { _, events in events.contains(.idling) })
        let stopped = server.sessions
        let began = SuspendingClock.now
        server.signalSessions(SIGSTOP)
        try server.deliver(mail(1))
        #expect(intake.wait { _, events in events.contains { $0.trouble == .silence } })
        // Renewal and wait take a quarter of a second each; two minutes are what is promised.
        #expect(SuspendingClock.now - began < .seconds(120))
        #expect(intake.wait { mails, _ in mails.count == 1 })
        for session in stopped { kill(session, SIGCONT) }
        try server.deliver(mail(2))
        #expect(intake.wait { mails, _ in mails.count == 2 })
        watcher.stop()
        #expect(intake.received.compactMap(number) == [1, 2])
    }

    @Test("The service notices a silent server within two minutes")
    func twoMinutes() {
        let account = MailboxAccount(
            name: "x", host: "x", port: 1, security: .tls, user: "x", password: Secret("x"))
        // The configuration allows no more than this.
        let quiet = Duration.seconds(MailboxAccount.quietSecondsMax)
        #expect(account.idleRenewal <= quiet && account.pollInterval <= quiet)
        #expect(quiet + IMAPSession.Patience().firstByte < .seconds(120))
        #expect(IMAPSession.Patience().silence < .seconds(120))
    }

    @Test(
        "A route that swallows everything is noticed, and mail comes once it is back",
        .enabled(
            if: FarNetwork.isPermitted, "needs root, iproute2 and the right to make a namespace"))
    func blackHole() throws {
        let network = try FarNetwork()
        let server = try Dovecot(in: network)
        try server.deliver(mail(1))
        let watcher = watch(server)
        #expect(intake.wait { mails, events in mails.count == 1 && events.last == .idling })
        try network.swallow()
        try server.deliver(mail(2))
        #expect(intake.wait { _, events in events.contains { $0.trouble == .silence } })
        // A new connection does not get through either.
        #expect(intake.wait { _, events in events.contains { $0.trouble == .network } })
        #expect(intake.received.count == 1)
        try network.restore()
        #expect(intake.wait { mails, _ in mails.count == 2 })
        try server.deliver(mail(3))
        #expect(intake.wait { mails, _ in mails.count == 3 })
        watcher.stop()
        #expect(intake.received.compactMap(number) == [1, 2, 3])
    }

    @Test("A mail that Dovecot shows late, below others, comes once and is told")
    func lateMail() throws {
        let server = try Dovecot()
        for number in 1...3 { try server.deliver(mail(number)) }
        try server.number()
        let late = try server.hide(uid: 2)
        let watcher = watch(server, settledAge: .zero)
        #expect(intake.wait { mails, events in mails.count == 2 && events.contains(.idling) })
        try server.deliver(mail(4))
        #expect(intake.wait { mails, _ in mails.count == 3 })
        try server.show(late)
        #expect(intake.wait { mails, _ in mails.count == 4 })
        #expect(intake.wait { _, events in events.last == .idling })
        watcher.stop()
        #expect(Set(intake.received.compactMap(number)) == [1, 2, 3, 4])
        #expect(intake.received.map(\.uid).max() == 4)
        #expect(intake.received.last?.uid == 2)
        #expect(intake.events.contains(.lateUID(2)))
        #expect(Set(intake.received.map(\.epoch)) == [0])
    }
}

extension MailboxEvent {
    fileprivate var isNewEpoch: Bool { if case .newEpoch = self { true } else { false } }
}
