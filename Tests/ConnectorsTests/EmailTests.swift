// SPDX-License-Identifier: Apache-2.0

import Domain
import Foundation
import MailServer
import Testing
import Wire

@testable import Connectors

@Suite("Mail to guests, through a real server", .serialized, .timeLimit(.minutes(10)))
struct EmailConnectorTests {
    private static let start = Date(timeIntervalSince1970: 1_795_689_600)

    private func connector(
        _ server: MailServer, logIn: Bool = false,
        _ change: (inout EmailConnector.Settings) -> Void = { _ in }
    ) throws -> EmailConnector {
        let smtp = SMTPServer(
            host: "localhost", port: server.port, security: logIn ? .startTLS : .none,
            user: logIn ? server.user : nil, password: logIn ? Secret(server.password) : nil,
            caFile: logIn ? server.caFile : nil, clientName: "etkinlik.example")
        var settings = EmailConnector.Settings(
            server: smtp, from: try #require(MailAddress("bilet@etkinlik.example")),
            fromName: "Kahve Atölyesi")
        change(&settings)
        return EmailConnector(settings: settings)
    }

    private func task(
        attempt: Int = 1, handle: String? = nil, startedAt: Date? = start,
        address: String = "can@example.org"
    ) throws -> EffectTask {
        EffectTask(
            key: "ticket.email:reg-17", kind: .message(.ticket, by: .email), attempt: attempt,
            handle: handle,
            startedAt: startedAt, registration: try sampleRegistration(),
            target: .email(
                EmailTarget(
                    address: address, name: "Can Demir", subject: "Kahve Atölyesi: biletiniz",
                    text: "Merhaba Can Demir,\n", html: "<p>Merhaba</p>\n")))
    }

    private func handle(_ connector: EmailConnector, after earlier: String? = nil) throws -> String
    {
        try #require(connector.attemptHandle(for: try task(handle: earlier)))
    }

    @Test("One mail, and the server's receipt without the address in it")
    func sends() async throws {
        let server = try await MailServer.start()
        let connector = try connector(server)
        let outcome = await connector.perform(try task(handle: try handle(connector)))
        #expect(outcome == .done(handle: "2.0.0 Ok: queued as 4Rx1 for"))
        let mail = try #require(server.mails.first)
        let text = String(decoding: mail, as: UTF8.self)
        #expect(text.contains("Date: Thu, 26 Nov 2026 10:40:00 +0000\r\n"))
        #expect(text.contains("Message-ID: <\(try handle(connector))@etkinlik.example>\r\n"))
        #expect(server.heard.last == "taken from bilet@etkinlik.example for can@example.org")
    }

    @Test("A lost answer: once more after a quarter of an hour, the very same mail; then a person")
    func lost() async throws {
        let server = try await MailServer.start(steps: [["cut": "taken"], ["cut": "taken"]])
        let connector = try connector(server)
        let first = try handle(connector)
        guard
            case .unknown(let wait, let kept?, _) = await connector.perform(
                try task(handle: first))
        else { return try #require(nil, "the answer was not lost") }
        #expect(wait == .seconds(900))
        #expect(connector.mayBeOut(kept) && !connector.mayBeOut(first))

        let early = await connector.reconcile(
            try task(handle: kept), now: Self.start + 899)
        #expect(early.summary == "unknown smtp_answer_lost")
        #expect(
            await connector.reconcile(try task(handle: kept), now: Self.start + 901) == .notThere)

        let second = try #require(connector.attemptHandle(for: try task(attempt: 2, handle: kept)))
        let again = await connector.perform(
            try task(attempt: 2, handle: second, startedAt: Self.start + 902))
        #expect(again.summary == "unknown smtp_answer_lost")
        #expect(server.mails.count == 2)
        #expect(server.mails.first == server.mails.last)

        let end = await connector.reconcile(
            try task(attempt: 2, handle: second, startedAt: Self.start + 902),
            now: Self.start + 9_000)
        #expect(end.summary == "given up smtp_lost_twice")
    }

    @Test("After a crash it is written down that a copy may be out before it is repeated")
    func crashed() async throws {
        let server = try await MailServer.start()
        let connector = try connector(server)
        let first = try handle(connector)
        let look = await connector.reconcile(try task(handle: first), now: Self.start + 86_400)
        #expect(
            look
                == .unknown(
                    lookAgainAfter: .seconds(1), handle: first + "@1795689600",
                    label: "smtp_answer_lost"))
        #expect(
            await connector.reconcile(
                try task(handle: first + "@1795689600"), now: Self.start + 86_401) == .notThere)
    }

    @Test("What a repetition is refused with says nothing about the first")
    func refusedRepetition() async throws {
        let server = try await MailServer.start(steps: [["rcpt": "550 5.1.1 nobody"]])
        let connector = try connector(server)
        let second = try handle(connector, after: try handle(connector) + "@1795689600")
        #expect(second.hasSuffix("@1795689600#2"))
        let outcome = await connector.perform(try task(attempt: 2, handle: second))
        #expect(outcome.summary == "given up smtp_recipient_550")
    }

    @Test(
        "Refusals for now wait, refusals for good are final",
        arguments: [
            (["rcpt": "450 4.2.0 greylisted"], "retry smtp_recipient_450"),
            (["mail": "421 4.3.2 closing"], "retry smtp_sender_421 60s"),
            (["rcpt": "550 5.1.1 nobody"], "refused smtp_recipient_550"),
            (["rcpt": "552 5.2.2 full"], "retry smtp_recipient_552"),
            (["data": "554 5.7.1 spam"], "refused smtp_acceptance_554"),
            (["data": "451 4.3.0 later"], "retry smtp_acceptance_451"),
            (["mail": "550 5.7.1 not you"], "ask smtp_sender_550"),
            (["cut": "rcpt"], "retry smtp_lost_recipient"),
        ] as [([String: String], String)])
    func refusals(_ step: [String: String], _ expected: String) async throws {
        let server = try await MailServer.start(steps: [step])
        let connector = try connector(server)
        let outcome = await connector.perform(try task(handle: try handle(connector)))
        #expect(outcome.summary == expected)
        #expect(server.mails.isEmpty)
    }

    @Test("A full mailbox is tried five times")
    func fullMailbox() async throws {
        let server = try await MailServer.start(steps: [["rcpt": "552 5.2.2 full"]])
        let connector = try connector(server)
        let outcome = await connector.perform(
            try task(attempt: 5, handle: try handle(connector)))
        #expect(outcome.summary == "refused smtp_recipient_552")
    }

    @Test("A refused log-in is not repeated at once: servers lock out who insists")
    func lockOut() async throws {
        let server = try await MailServer.start(
            security: "starttls", asksLogIn: true, logIn: "535 5.7.8 wrong")
        let connector = try connector(server, logIn: true)
        for _ in 1...3 {
            let outcome = await connector.perform(try task(handle: try handle(connector)))
            #expect(outcome.summary == "ask smtp_login_535")
        }
        #expect(server.heard.count { $0.hasPrefix("auth") } == 1)
    }

    @Test("An address that is none is refused without asking anybody")
    func address() async throws {
        let server = try await MailServer.start()
        let connector = try connector(server)
        for address in ["can", "can@example.org>\r\nRCPT TO:<x@example.net", "can@"] {
            let outcome = await connector.perform(
                try task(handle: try handle(connector), address: address))
            #expect(outcome.summary == "refused smtp_address_unusable")
        }
        #expect(server.heard.isEmpty)
    }

    @Test("Registrations that share an id have mails of their own")
    func messageIDs() async throws {
        let server = try await MailServer.start()
        let connector = try connector(server)
        let one = try sampleRegistration()
        let other = Registration(
            id: one.id, event: EventID("swift-13"), name: nil, email: nil, phone: nil,
            due: one.due, reference: one.reference, registeredAt: one.registeredAt)
        let handles = [one, other].map { registration in
            connector.attemptHandle(
                for: EffectTask(
                    key: "ticket.email:reg-17", kind: .message(.ticket, by: .email),
                    registration: registration,
                    target: .luma(LumaTarget(eventID: "x"))))
        }
        #expect(handles[0] != handles[1])
    }
}
