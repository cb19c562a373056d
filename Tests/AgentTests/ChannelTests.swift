// SPDX-License-Identifier: Apache-2.0

import Connectors
import Cryptography
import Domain
import Foundation
import Ledger
import MailServer
import Synchronization
import Testing
import Wire

@testable import Agent

/// Tickets by SMS, as scripted, and by e-mail, through a real server, in the organizer's order.
@Suite("Channels", .serialized, .timeLimit(.minutes(10)))
struct ChannelTests {
    private static let gala = EventID("gala")
    private static let sms = "ticket.sms:reg-1"
    private static let email = "ticket.email:reg-1"

    private final class Bench {
        let ledger: LedgerDatabase
        let clock = ManualClock(Date(timeIntervalSince1970: 1_795_345_533))
        let log = ScriptedConnector.CallLog()
        private var dispatcher: Dispatcher?
        private var work: Task<Void, Never>?
        private let connectors: [any EffectConnector]
        private let order: [Channel]

        init(
            _ order: [Channel], sms: [EffectOutcome] = [], server: MailServer,
            phone: String? = "5320000011", address: String? = "elif@example.org",
            patience: Duration = .seconds(60)
        ) throws {
            ledger = try LedgerDatabase.temporary(masterKey: .random())
            self.order = order
            var smtp = SMTPServer(
                host: "localhost", port: server.port, security: .none, clientName: "x.example")
            smtp.patience.reply = patience
            let from = try #require(MailAddress("bilet@etkinlik.example"))
            connectors = [
                ScriptedConnector(.message(.ticket, by: .sms), sms, log: log),
                EmailConnector(settings: .init(server: smtp, from: from)),
            ]
            let registration = Registration(
                id: RegistrationID("reg-1"), event: ChannelTests.gala,
                name: PersonName("Elif Karaca"), email: address,
                phone: phone.flatMap(PhoneNumber.init),
                due: Money(minorUnits: 125_000, currency: .turkishLira),
                reference: try #require(ReferenceCode("KTF6HV349")),
                registeredAt: Date(timeIntervalSince1970: 1_795_000_000), state: .confirmed)
            let first = try #require(
                ChannelOrder(order).first(for: registration) ?? order.first)
            try ledger.write { books in
                try books.insert(registration)
                try books.enqueue(
                    Effect(.message(.ticket, by: first), registration: registration.id),
                    at: clock.now)
            }
        }

        deinit { work?.cancel() }

        func begin() {
            let (clock, ledger) = (clock, ledger)
            let dispatcher = Dispatcher(
                world: World(
                    ledger: ledger, now: { clock.now }, report: { _ in },
                    rest: { _ in await Task.yield() }),
                connectors: connectors,
                targets: EffectTargets(
                    lumaEvents: [:], ticketBaseURL: "https://bilet.example.org",
                    smsTemplate: "Bilet: {link}", channels: ChannelOrder(order)))
            self.dispatcher = dispatcher
            work = Task { await dispatcher.run() }
        }

        func advance(_ seconds: Double) {
            clock.advance(seconds)
            dispatcher?.ring()
        }

        func stop() async {
            work?.cancel()
            await work?.value
        }

        func effect(_ key: String) throws -> EffectRecord? {
            try ledger.read { try $0.effect(key) }
        }

        func eventually(_ key: String, is state: EffectState) async throws {
            try await AgentTests.eventually("\(key) is \(state)", within: .seconds(200)) {
                dispatcher?.ring()
                return try effect(key)?.state == state
            }
        }
    }

    @Test("what one channel finally refuses, the next one carries; once")
    func fallsOver() async throws {
        let server = try await MailServer.start()
        let bench = try Bench(
            [.sms, .email], sms: [.refused(label: "netgsm_report_refused", hint: "")],
            server: server)
        bench.begin()
        try await bench.eventually(Self.email, is: .done)
        await bench.stop()
        #expect(try bench.effect(Self.sms)?.state == .refused)
        #expect(server.mails.count == 1)
        let mail = String(decoding: try #require(server.mails.first), as: UTF8.self)
        #expect(mail.contains("\r\nTo: Elif Karaca <elif@example.org>\r\n"))
        #expect(mail.contains("https://bilet.example.org/"))
    }

    @Test("an address that takes no mail leaves the ticket to the phone")
    func mailFirst() async throws {
        let server = try await MailServer.start(steps: [["rcpt": "550 5.1.1 nobody"]])
        let bench = try Bench([.email, .sms], server: server)
        bench.begin()
        try await bench.eventually(Self.sms, is: .done)
        await bench.stop()
        let refused = try #require(try bench.effect(Self.email))
        #expect(refused.state == .refused && refused.lastError == "smtp_recipient_550")
        #expect(bench.log.calls.count == 1)
    }

    @Test(
        "what may have arrived is never said again by another channel",
        arguments: [
            ([.unknown(lookAgainAfter: .seconds(60), handle: nil, label: "lost")], .unknown),
            ([.givenUp(label: "netgsm_lost_twice", hint: "")], .dead),
        ] as [([EffectOutcome], EffectState)])
    func uncertain(_ script: [EffectOutcome], _ state: EffectState) async throws {
        let server = try await MailServer.start()
        let bench = try Bench([.sms, .email], sms: script, server: server)
        bench.begin()
        try await bench.eventually(Self.sms, is: state)
        await bench.stop()
        #expect(try bench.effect(Self.email) == nil)
        #expect(server.mails.isEmpty)
    }

    @Test("a channel that is away for a day is left, and not before")
    func leftBehind() async throws {
        let server = try await MailServer.start()
        let away = EffectOutcome.retry(after: nil, label: "netgsm_lost")
        let bench = try Bench(
            [.sms, .email], sms: Array(repeating: away, count: 1_000), server: server)
        bench.begin()
        var attempts = 0
        for _ in 0..<3 {
            try await AgentTests.eventually("another attempt", within: .seconds(200)) {
                let now = try bench.effect(Self.sms)
                return now?.state == .waiting && now?.attempts ?? 0 > attempts
            }
            // Before the clock goes on: the next one may follow at once.
            attempts = try bench.effect(Self.sms)?.attempts ?? 0
            bench.advance(21_600)
        }
        #expect(try bench.effect(Self.email) == nil)
        bench.advance(21_600)
        try await bench.eventually(Self.email, is: .done)
        #expect(try bench.effect(Self.sms)?.lastError == "netgsm_lost")
        #expect(server.mails.count == 1)
        await bench.stop()
    }

    @Test("after a lost answer the mail goes out once more, and no SMS")
    func lostAnswer() async throws {
        let server = try await MailServer.start(steps: [["cut": "taken"]])
        let bench = try Bench([.email, .sms], server: server)
        bench.begin()
        try await bench.eventually(Self.email, is: .unknown)
        bench.advance(901)
        try await bench.eventually(Self.email, is: .done)
        await bench.stop()
        #expect(server.mails.count == 2 && server.mails.first == server.mails.last)
        #expect(bench.log.calls.isEmpty)
    }

    @Test("a mail that was in hand when the agent was killed is repeated once, recognisably")
    func killed() async throws {
        let server = try await MailServer.start()
        let bench = try Bench([.email], server: server)
        // Everything up to the call, as the lane does it; and then nothing.
        try bench.ledger.write { books in
            _ = try books.markRunning(
                Self.email, handle: "mtb-0123456789abcdef", at: bench.clock.now)
        }
        _ = try bench.ledger.write { try $0.recoverRunning(at: bench.clock.now) }
        bench.begin()
        try await AgentTests.eventually("it is written down", within: .seconds(200)) {
            try bench.effect(Self.email)?.handle == "mtb-0123456789abcdef@1795345533"
        }
        #expect(server.mails.isEmpty)
        bench.advance(901)
        try await bench.eventually(Self.email, is: .done)
        await bench.stop()
        let mail = String(decoding: try #require(server.mails.first), as: UTF8.self)
        #expect(mail.contains("Message-ID: <mtb-0123456789abcdef@etkinlik.example>\r\n"))
        #expect(mail.contains("Date: Sun, 22 Nov 2026 11:05:33 +0000\r\n"))
    }

    @Test("a guest without a number is written to by mail, and waits where nothing is left")
    func unreachable() async throws {
        let server = try await MailServer.start()
        let bench = try Bench([.sms, .email], server: server, phone: nil)
        // Written when there still was a number.
        try bench.ledger.write { books in
            try books.withdraw(Self.email)
            try books.enqueue(
                Effect(.message(.ticket, by: .sms), registration: RegistrationID("reg-1")),
                at: bench.clock.now)
        }
        bench.begin()
        try await bench.eventually(Self.email, is: .done)
        await bench.stop()
        #expect(try bench.effect(Self.sms)?.lastError == "no_phone")
        #expect(bench.log.calls.isEmpty)

        let nothing = try Bench([.sms, .email], server: server, phone: nil, address: nil)
        nothing.begin()
        try await nothing.eventually(Self.sms, is: .waiting)
        await nothing.stop()
        #expect(try nothing.effect(Self.sms)?.lastError == "no_phone")
    }

    @Test("a mail server that says nothing holds up no SMS")
    func slow() async throws {
        let server = try await MailServer.start(steps: [["wait": "rcpt", "for": "300"]])
        let bench = try Bench([.email, .sms], server: server, patience: .seconds(2))
        try bench.ledger.write { books in
            try books.enqueue(
                Effect(.message(.ticket, by: .sms), registration: RegistrationID("reg-1")),
                at: bench.clock.now)
        }
        bench.begin()
        try await bench.eventually(Self.email, is: .running)
        try await bench.eventually(Self.sms, is: .done)
        try await bench.eventually(Self.email, is: .waiting)
        await bench.stop()
    }

    @Test("an undone decision takes the message along that fell over to another channel")
    func undone() async throws {
        let server = try await MailServer.start()
        let bench = try Bench(
            [.sms, .email], sms: [.refused(label: "netgsm_20", hint: "")], server: server)
        let decision = try bench.ledger.write { books in
            try books.withdraw(Self.sms)
            return try books.decide("accept", by: "ayla", at: bench.clock.now) {
                try books.enqueue(
                    Effect(.message(.ticket, by: .sms), registration: RegistrationID("reg-1")),
                    at: bench.clock.now)
            }
        }
        bench.begin()
        try await bench.eventually(Self.email, is: .done)
        await bench.stop()
        #expect(
            try bench.ledger.read { try $0.effects(of: decision).map(\.key) }
                == [Self.sms, Self.email])
    }
}
