// SPDX-License-Identifier: Apache-2.0

import Connectors
import Cryptography
import Domain
import Foundation
import Ledger
import Synchronization
import Testing

@testable import Agent

/// The lanes of the outbox with scripted providers and a clock that only the test moves.
@Suite("The dispatcher", .timeLimit(.minutes(10)))
struct DispatcherTests {
    /// A ledger with guests who have paid, two lanes, and a dispatcher at work.
    private final class Bench {
        let ledger: LedgerDatabase
        let clock = ManualClock(Date(timeIntervalSince1970: 1_795_345_533))
        let log = ScriptedConnector.CallLog()
        let faults: Faults
        private let events = Heard()
        private let rests = Rests()
        private let dispatcher: Dispatcher
        private let work: Task<Void, Never>

        private final class Heard: Sendable {
            let events = Mutex<[AgentEvent]>([])
        }

        /// Pauses of whole lanes; they last until the work is cancelled.
        final class Rests: Sendable {
            let durations = Mutex<[Duration]>([])
        }

        /// Lets commits fail as on a full disk.
        final class Faults: Sendable {
            private let state = Mutex((after: 0, count: 0))

            func fail(after commits: Int, count: Int) {
                state.withLock { $0 = (commits, count) }
            }

            func strike() throws {
                let strikes = state.withLock { state in
                    guard state.count > 0 else { return false }
                    if state.after > 0 {
                        state.after -= 1
                        return false
                    }
                    state.count -= 1
                    return true
                }
                guard strikes else { return }
                throw LedgerError(operation: "write", subject: "test", cause: .diskFull)
            }
        }

        init(
            guests: Int = 1, luma: [EffectOutcome] = [], sms: [EffectOutcome] = [],
            lumaEvents: [EventID: String] = [EventID("gala"): "evt-1"],
            state: RegistrationState = .paid, restsEnd: Bool = false, failAfter: Int? = nil,
            failures: Int = 1,
            lumaDoor: WakeUp? = nil
        ) throws {
            let (clock, heard, rests, faults) = (clock, events, rests, Faults())
            self.faults = faults
            ledger = try LedgerDatabase.temporary(
                masterKey: .random(), hooks: LedgerHooks(willCommit: { try faults.strike() }))
            try ledger.write { books in
                for number in 1...guests {
                    let registration = try Bench.registration(number, state)
                    try books.insert(registration)
                    try books.enqueue(
                        Effect(.lumaApprove, registration: registration.id), at: clock.now)
                    try books.enqueue(
                        Effect(
                            .message(.ticket, by: .sms), registration: registration.id,
                            after: .lumaApprove),
                        at: clock.now)
                }
            }
            if let failAfter { faults.fail(after: failAfter, count: failures) }
            dispatcher = Dispatcher(
                world: World(
                    ledger: ledger, now: { clock.now },
                    report: { event in heard.events.withLock { $0.append(event) } },
                    rest: { duration in
                        rests.durations.withLock { $0.append(duration) }
                        if !restsEnd { try? await Task.sleep(for: .seconds(3_600)) }
                    }),
                connectors: [
                    ScriptedConnector(.lumaApprove, luma, log: log, door: lumaDoor),
                    ScriptedConnector(.message(.ticket, by: .sms), sms, log: log),
                ],
                targets: EffectTargets(
                    lumaEvents: lumaEvents, ticketBaseURL: "https://bilet.example.org",
                    smsTemplate: "Bilet: {link}"))
            work = Task { [dispatcher] in await dispatcher.run() }
        }

        deinit { work.cancel() }

        private static func registration(
            _ number: Int, _ state: RegistrationState
        ) throws -> Registration {
            let due = Money(minorUnits: 125_000, currency: .turkishLira)
            return Registration(
                id: RegistrationID("reg-\(number)"), event: EventID("gala"),
                name: PersonName("Elif Karaca"), email: "guest\(number)@example.org",
                phone: PhoneNumber("532000001\(number)"), due: due,
                reference: try #require(
                    ReferenceCode(prefix: "KT", payload: "2C3D4\(number + 1)")),
                registeredAt: Date(timeIntervalSince1970: 1_795_000_000), state: state)
        }

        var heard: [AgentEvent] { events.events.withLock { $0 } }
        var rested: [Duration] { rests.durations.withLock { $0 } }

        func effect(_ key: String) throws -> EffectRecord {
            try #require(try ledger.read { try $0.effect(key) })
        }

        func state(_ number: Int = 1) throws -> RegistrationState? {
            try ledger.read { try $0.registration(RegistrationID("reg-\(number)"))?.state }
        }

        /// Moves the clock and lets the lanes look.
        func advance(_ seconds: Double) {
            clock.advance(seconds)
            dispatcher.ring()
        }

        func eventually(_ key: String, is state: EffectState) async throws {
            try await AgentTests.eventually("\(key) is \(state)") {
                try effect(key).state == state
            }
        }

        func cancel() { work.cancel() }

        func stop() async {
            work.cancel()
            await work.value
        }
    }

    private let approval = "luma.approve:reg-1"
    private let ticket = "ticket.sms:reg-1"

    @Test("sends the ticket after the approval, and confirms the guest with it")
    func order() async throws {
        let bench = try Bench(guests: 3)
        for number in 1...3 { try await bench.eventually("ticket.sms:reg-\(number)", is: .done) }
        await bench.stop()
        let calls = bench.log.calls
        #expect(calls.count == 6)
        for number in 1...3 {
            let approval = calls.firstIndex { $0.hasPrefix("perform luma.approve:reg-\(number)") }
            let ticket = calls.firstIndex { $0.hasPrefix("perform ticket.sms:reg-\(number)") }
            #expect(try #require(approval) < #require(ticket))
            #expect(try bench.state(number) == .confirmed)
        }
    }

    @Test("tries again after 5, 10, 20 seconds, and not a second sooner")
    func gaps() async throws {
        let bench = try Bench(
            luma: Array(repeating: .retry(after: nil, label: "luma_5xx"), count: 3))
        for (attempt, gap) in [5.0, 10, 20].enumerated() {
            try await AgentTests.eventually("attempt \(attempt + 1)") {
                let effect = try bench.effect(approval)
                return effect.attempts == attempt + 1 && effect.state == .waiting
            }
            let waiting = try bench.effect(approval)
            #expect(waiting.lastError == "luma_5xx")
            #expect(waiting.notBefore == bench.clock.now + gap)
            bench.advance(gap - 0.01)
            #expect(try bench.effect(approval).attempts == attempt + 1)
            bench.advance(0.01)
        }
        try await bench.eventually(ticket, is: .done)
        #expect(try bench.effect(approval).attempts == 4)
        await bench.stop()
    }

    @Test("gaps double up to six hours")
    func gapsEnd() {
        #expect(
            [1, 2, 3, 12, 13, 14, 1_000].map { EffectLane.gap(afterAttempts: $0) } == [
                5, 10, 20, 10_240, 20_480, 21_600, 21_600,
            ])
    }

    @Test("gives up after twenty days, and says so")
    func givingUp() async throws {
        let bench = try Bench(
            luma: Array(repeating: .retry(after: nil, label: "luma_5xx"), count: 2))
        try await bench.eventually(approval, is: .waiting)
        bench.advance(20 * 86_400)
        try await bench.eventually(approval, is: .dead)
        await bench.stop()
        #expect(bench.log.calls.count == 2)
        #expect(try bench.effect(ticket).state == .ready)
    }

    @Test("waits as long as the provider says, with the whole lane")
    func retryAfter() async throws {
        let bench = try Bench(
            guests: 2, luma: [.retry(after: .seconds(60), label: "luma_429")])
        try await bench.eventually(approval, is: .waiting)
        try await AgentTests.eventually("the lane rests") { bench.rested == [.seconds(60)] }
        #expect(try bench.effect(approval).notBefore == bench.clock.now + 60)
        await bench.stop()
        #expect(bench.log.calls == ["perform luma.approve:reg-1 attempt-1"])
    }

    @Test("looks an unknown outcome up before anything is repeated")
    func unknown() async throws {
        let lost = EffectOutcome.unknown(
            lookAgainAfter: .seconds(2), handle: "job-7", label: "luma_reply_lost")
        let bench = try Bench(luma: [lost, lost, .notThere])
        try await bench.eventually(approval, is: .unknown)
        #expect(try bench.effect(approval).notBefore == bench.clock.now + 2)
        bench.advance(2)
        try await AgentTests.eventually("it is still unknown") {
            try bench.effect(approval).reconcileCount == 1
        }
        bench.advance(2)
        try await bench.eventually(ticket, is: .done)
        await bench.stop()
        #expect(
            bench.log.calls == [
                "perform luma.approve:reg-1 attempt-1", "reconcile luma.approve:reg-1 job-7",
                "reconcile luma.approve:reg-1 job-7", "perform luma.approve:reg-1 attempt-2",
                "perform ticket.sms:reg-1 attempt-1",
            ])
    }

    @Test("does not repeat what a look-up finds done")
    func foundDone() async throws {
        let bench = try Bench(
            luma: [
                .unknown(lookAgainAfter: .seconds(2), handle: nil, label: "luma_reply_lost"),
                .done(handle: "gst-1"),
            ])
        try await bench.eventually(approval, is: .unknown)
        bench.advance(2)
        try await bench.eventually(ticket, is: .done)
        await bench.stop()
        #expect(bench.log.calls.count { $0.hasPrefix("perform luma") } == 1)
        #expect(try bench.effect(approval).handle == "gst-1")
    }

    @Test("pauses the lane that needs a person, and only that one")
    func askOperator() async throws {
        let bench = try Bench(
            guests: 2, luma: [.done(handle: nil), .done(handle: nil)],
            sms: [.askOperator(label: "netgsm_30", hint: "Check the password.")])
        try await bench.eventually(ticket, is: .waiting)
        try await bench.eventually("luma.approve:reg-2", is: .done)
        await bench.stop()
        #expect(bench.rested == [EffectLane.pause])
        #expect(bench.log.calls.count { $0.hasPrefix("perform ticket") } == 1)
        #expect(
            bench.heard.contains {
                if case .lanePaused("ticket", "netgsm_30", "Check the password.") = $0 {
                    true
                } else {
                    false
                }
            })
    }

    @Test("ends what was refused; its ticket is not sent and the guest stays paid")
    func refused() async throws {
        let bench = try Bench(
            guests: 2, luma: [.refused(label: "luma_declined", hint: "Decide by hand.")])
        try await bench.eventually(approval, is: .refused)
        try await bench.eventually("ticket.sms:reg-2", is: .done)
        await bench.stop()
        #expect(try bench.effect(ticket).state == .ready)
        #expect(try bench.state() == .paid)
        #expect(!bench.log.calls.contains { $0.contains(ticket) })
    }

    @Test("puts off an effect whose setting is missing, and goes on with others")
    func missingSetting() async throws {
        let bench = try Bench(lumaEvents: [:])
        try await bench.eventually(approval, is: .waiting)
        #expect(try bench.effect(approval).lastError == "no_luma_event")
        #expect(try bench.effect(approval).attempts == 0)
        await bench.stop()
        #expect(bench.rested.isEmpty && bench.log.calls.isEmpty)
        #expect(
            bench.heard.contains {
                if case .effect(_, .waiting, "no_luma_event", let hint?) = $0 {
                    hint.contains("gala")
                } else {
                    false
                }
            })
    }

    @Test(
        "sends nothing for a registration that is no longer paid",
        arguments: [RegistrationState.suspended, .refundDue, .cancelled, .awaitingPayment])
    func noLongerPaid(state: RegistrationState) async throws {
        let bench = try Bench(state: state)
        try await bench.eventually(approval, is: .refused)
        await bench.stop()
        #expect(try bench.effect(approval).lastError == "no_longer_paid")
        #expect(bench.log.calls.isEmpty)
        #expect(try bench.state() == state)
    }

    @Test("writes an outcome that the ledger could not take, and repeats nothing")
    func outcomeNotWritten() async throws {
        // The first commit says running; the second, which fails, would have said done.
        let bench = try Bench(restsEnd: true, failAfter: 1)
        try await bench.eventually(ticket, is: .done)
        await bench.stop()
        #expect(bench.rested == [EffectLane.troubleGap])
        #expect(
            bench.log.calls == [
                "perform luma.approve:reg-1 attempt-1", "perform ticket.sms:reg-1 attempt-1",
            ])
        #expect(
            bench.heard.contains {
                if case .trouble(let words) = $0 { words.contains("disk full") } else { false }
            })
    }

    @Test("stops also while the disk is full; the next life looks the attempt up")
    func stopOnFullDisk() async throws {
        let bench = try Bench(failAfter: 1, failures: 1_000)
        try await AgentTests.eventually("the lane rests") { !bench.rested.isEmpty }
        await bench.stop()
        #expect(try bench.effect(approval).state == .running)
        bench.faults.fail(after: 0, count: 0)
        try bench.ledger.write { _ = try $0.recoverRunning(at: bench.clock.now) }
        #expect(try bench.effect(approval).state == .unknown)
    }

    @Test("waits for the call in hand when it is stopped, and begins no other")
    func stopDuringCall() async throws {
        let door = WakeUp()
        let bench = try Bench(guests: 2, lumaDoor: door)
        try await AgentTests.eventually("a call is in hand") { !bench.log.calls.isEmpty }
        bench.cancel()
        door.ring()
        await bench.stop()
        #expect(bench.log.calls == ["perform luma.approve:reg-1 attempt-1"])
        #expect(try bench.effect(approval).state == .done)
        #expect(try bench.state() == .confirmed)
    }
}
