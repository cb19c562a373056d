// SPDX-License-Identifier: Apache-2.0

import Domain
import Foundation
import TestSupport
import Testing

@testable import Mailbox

/// Many mails at once, from a real Dovecot.
@Suite(.serialized, .timeLimit(.minutes(10)))
struct VolumeTests {
    let server: Dovecot
    let loop: NetworkLoop

    init() throws {
        server = try Dovecot()
        loop = try NetworkLoop()
    }

    func watch(_ intake: RecordingIntake) -> MailboxWatcher {
        let account = MailboxAccount(
            name: "inbox", host: server.host, port: server.tlsPort, security: .tls,
            user: server.user, password: Secret(server.password), caFile: server.caFile)
        let watcher = MailboxWatcher(account: account, intake: intake, loop: loop) {
            intake.note($1)
        }
        watcher.start()
        return watcher
    }

    func deliver(_ count: Int) throws {
        for number in 1...count {
            try server.deliver(
                "From: bank@example.org\r\nSubject: Notice \(number)\r\n\r\ntext\r\n")
        }
    }

    @Test("A folder of 5,000 mails is caught up, many in one commit, and not read again")
    func catchesUp() throws {
        try deliver(5000)
        let intake = RecordingIntake(keepsMails: false)
        var watcher = watch(intake)
        #expect(intake.wait { _, events in events.contains(.caughtUp(count: 5000)) })
        watcher.stop()
        #expect(intake.count == 5000)
        #expect(intake.handedOver.count < 1000)
        watcher = watch(intake)
        #expect(intake.wait { _, events in events.contains(.caughtUp(count: 0)) })
        watcher.stop()
        #expect(intake.count == 5000)
    }

    @Test("A burst of 1,000 into a folder that is watched arrives whole, each mail once")
    func takesBurst() throws {
        let intake = RecordingIntake()
        let watcher = watch(intake)
        #expect(intake.wait { _, events in events.contains(.idling) })
        try deliver(1000)
        #expect(intake.wait { mails, _ in mails.count >= 1000 })
        #expect(intake.wait { _, events in events.last == .idling })
        watcher.stop()
        #expect(intake.received.count == 1000)
        #expect(Set(intake.received.map(\.raw)).count == 1000)
        #expect(Set(intake.received.map(\.uid)).count == 1000)
    }
}
