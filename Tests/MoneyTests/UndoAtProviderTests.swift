// SPDX-License-Identifier: Apache-2.0

import Connectors
import Domain
import Foundation
import Sandbox
import Testing
import Wire

@testable import Agent
@testable import Ledger

/// A till whose effects are carried out: lanes, connectors and HTTP are those of the agent, the
/// providers are the stand-ins.
private final class LiveTill {
    let till: Till
    let sandbox: RunningSandbox
    private let dispatcher: Dispatcher
    private let work: Task<Void, Never>

    init(guests: Int) async throws {
        let till = try Till()
        till.now = Date()
        var options = SandboxOptions(
            lumaKey: Secret("key"), netgsmUser: "8500000000", netgsmPassword: Secret("word"),
            netgsmHeader: "MUTABIK")
        for number in 1...guests {
            let guest = try till.guest(number)
            options.guests.append(
                SandboxGuest(
                    id: "gst-\(guest.id)", event: "evt-1", name: "Elif Karaca",
                    email: guest.email ?? "", phone: guest.phone))
        }
        options.deliveryDelay = .zero
        let sandbox = try await SandboxServer.start(options)
        let http = try HTTPClient()
        var luma = LumaConnector.Settings(apiKey: Secret("key"))
        luma.baseURL = sandbox.url
        luma.lookAgainAfter = .milliseconds(10)
        luma.pace = Pace(minGap: .zero, perMinute: 100_000)
        var netgsm = NetgsmConnector.Settings(
            usercode: "8500000000", password: Secret("word"), header: "MUTABIK")
        netgsm.baseURL = sandbox.url
        netgsm.pace = Pace(minGap: .zero, perMinute: 100_000)
        let dispatcher = Dispatcher(
            world: World(ledger: till.ledger, now: { Date() }, report: { _ in }),
            connectors: [
                LumaConnector(settings: luma, http: http),
                NetgsmConnector(settings: netgsm, http: http),
            ],
            targets: EffectTargets(
                lumaEvents: [gala: "evt-1"], ticketBaseURL: "https://bilet.example.org",
                smsTemplate: "Bilet: {link}"))
        (self.till, self.sandbox, self.dispatcher) = (till, sandbox, dispatcher)
        work = Task { await dispatcher.run() }
    }

    deinit { work.cancel() }

    func stop() async {
        work.cancel()
        await work.value
        await sandbox.stop()
    }

    /// What the stand-in for Luma says about a guest, asked for over the network.
    func status(_ number: Int) async throws -> String? {
        let guest = try await http("/sandbox/state")
        let guests = guest["guests"] as? [String: [String: Any]]
        return guests?["gst-g\(number)"]?["status"] as? String
    }

    /// How many messages a guest got.
    func messages(_ number: Int) async throws -> Int {
        let phone = try till.registration(number).phone?.digits ?? ""
        let messages = try await http("/sandbox/state")["messages"] as? [String: [Any]]
        return messages?[phone]?.count ?? 0
    }

    private func http(_ path: String) async throws -> [String: Any] {
        let reply = try await HTTPClient().send(
            HTTPRequest(.get, sandbox.url + path), timeout: .seconds(60))
        let object = try JSONSerialization.jsonObject(with: Data(reply.body))
        return object as? [String: Any] ?? [:]
    }

    /// Lets the next call that sets a status take effect and its reply be lost.
    func loseReply() async throws {
        let request = HTTPRequest(
            .post, sandbox.url + "/sandbox/faults", headers: [("Content-Type", "application/json")],
            body: Array(
                #"{"where":"luma.update-status","fault":"reset_after_effect","count":1}"#.utf8))
        let reply = try await HTTPClient().send(request, timeout: .seconds(60))
        try #require(reply.status == 200)
    }

    /// Rings until the effect has come to this end.
    func settle(_ key: String, _ state: EffectState = .done) async throws {
        try await eventually("\(key) is \(state)") {
            dispatcher.ring()
            return try till.ledger.read { try $0.effect(key)?.state == state }
        }
    }
}

/// Asks until the answer is yes; the limit only ends a test that has failed.
private func eventually(_ what: String, _ isTrue: () async throws -> Bool) async throws {
    let end = ContinuousClock.now + .seconds(200)
    while try await !isTrue() {
        try #require(ContinuousClock.now < end, "not in time: \(what)")
        try await Task.sleep(for: .milliseconds(20))
    }
}

@Suite("Undone at the providers", .timeLimit(.minutes(5)))
struct UndoAtProviderTests {
    @Test("the guest waits again on the platform, the message is said, and all of it once more")
    func undone() async throws {
        let live = try await LiveTill(guests: 2)
        let till = live.till
        try till.pay(125_000, "\(try code(1))")
        let approval = try till.lastDecision()
        try till.pay(125_000, "\(try code(2))")
        for guest in 1...2 { try await live.settle("ticket.sms:g\(guest)") }
        #expect(try await live.status(1) == "approved")
        #expect(try await live.messages(1) == 1)
        #expect(try till.state(1) == .confirmed)

        let undone = try till.undo(approval)
        #expect(undone.effects.map(\.fate) == [.takenBack, .stays])
        try await live.settle("luma.unapprove:g1")
        #expect(try await live.status(1) == "pending_approval")
        #expect(try till.state(1) == .awaitingPayment)
        // Nobody else was touched, and nothing that was sent came back.
        #expect(try await live.status(2) == "approved")
        #expect(try till.state(2) == .confirmed)
        #expect(try await live.messages(1) == 1)
        // An undoing is not undone: the question is answered anew, and all of it happens anew.
        #expect(refusal { try till.undo(undone.decision) } == .undo(.isUndo))
        try till.answer(.accept(nil))
        try await live.settle("ticket.sms#2:g1")
        #expect(try await live.status(1) == "approved")
        #expect(try await live.messages(1) == 2)
        #expect(try till.state(1) == .confirmed)
        // And back once more, the reply lost on the way.
        try await live.loseReply()
        try till.undo(try till.ledger.read { try $0.decisions(limit: 1)[0].id })
        try await live.settle("luma.unapprove#2:g1")
        #expect(try await live.status(1) == "pending_approval")
        try till.expectSound()
        await live.stop()
    }

    @Test("a registration that is called off loses its approval, and its money is due back")
    func cancelled() async throws {
        let live = try await LiveTill(guests: 1)
        let till = live.till
        try till.pay(125_000, "\(try code(1))")
        try await live.settle("ticket.sms:g1")
        let cancelled = try till.ledger.write {
            try till.desk.cancel(RegistrationID("g1"), by: "ayla", now: till.now, in: $0)
        }
        try await live.settle("luma.unapprove:g1")
        #expect(try await live.status(1) == "pending_approval")
        #expect(try till.state(1) == .refundDue)
        // Taken back, the guest is approved again and not written to once more.
        #expect(try till.undo(cancelled.decision).effects.map(\.fate) == [.takenBack])
        try await live.settle("luma.approve#2:g1")
        #expect(try await live.status(1) == "approved")
        #expect(try await live.messages(1) == 1)
        #expect(try till.state(1) == .confirmed)
        try till.expectSound()
        await live.stop()
    }
}
