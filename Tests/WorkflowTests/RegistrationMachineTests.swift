// SPDX-License-Identifier: Apache-2.0

import Domain
import Testing
import Workflow

private func lira(_ minorUnits: Int64) -> Money {
    Money(minorUnits: minorUnits, currency: .turkishLira)
}

private typealias Event = RegistrationMachine.Event

private func go(
    _ state: RegistrationState, _ event: Event, by channel: Channel? = .sms, approved: Bool = false
) throws(WorkflowRefusal) -> RegistrationMachine.Transition {
    try RegistrationMachine.transition(
        from: state, on: event,
        facts: .init(
            registration: RegistrationID("reg-17"), ticketBy: channel,
            isApproved: approved))
}

@Suite("The life of a registration")
struct RegistrationMachineTests {
    @Test("Money complete gives paid, an approval, and a ticket that waits for it")
    func moneyComplete() throws {
        for state in [RegistrationState.awaitingPayment, .underpaid, .offered, .suspended] {
            let next = try go(state, .moneyAllocated(paid: lira(125_000), due: lira(125_000)))
            #expect(next.state == .paid)
            #expect(next.effects.map(\.key) == ["luma.approve:reg-17", "ticket.sms:reg-17"])
            #expect(next.effects.map(\.after) == [nil, .lumaApprove])
        }
    }

    @Test(
        "The ticket takes the channel that reaches the guest, or there is none",
        arguments: [
            (.sms, [.lumaApprove, .message(.ticket, by: .sms)]),
            (.email, [.lumaApprove, .message(.ticket, by: .email)]),
            (nil, [.lumaApprove]),
        ] as [(Channel?, [Effect.Kind])])
    func channel(_ channel: Channel?, _ effects: [Effect.Kind]) throws {
        let next = try go(
            .awaitingPayment, .moneyAllocated(paid: lira(2), due: lira(2)), by: channel)
        #expect(next.effects.map(\.kind) == effects)
    }

    @Test("A guest who was approved before gets nothing twice")
    func approvedBefore() throws {
        let next = try go(
            .suspended, .moneyAllocated(paid: lira(2), due: lira(2)), approved: true)
        #expect(next.state == .confirmed)
        #expect(next.effects.isEmpty)
    }

    @Test(
        "Other ways lead where the table says",
        arguments: [
            (.awaitingPayment, .moneyAllocated(paid: lira(1), due: lira(2)), .underpaid),
            (.paid, .approvalDone, .confirmed),
            (.paid, .approvalRefused, .paid),
            (.suspended, .approvalDone, .suspended),
            (.confirmed, .moneyReversed(paid: lira(0), due: lira(2)), .suspended),
            (.confirmed, .moneyReversed(paid: lira(2), due: lira(2)), .confirmed),
            (.underpaid, .moneyReversed(paid: lira(0), due: lira(2)), .awaitingPayment),
            (.waitlisted, .seatOffered, .offered),
            (.offered, .expired(paid: lira(0)), .expired),
            (.underpaid, .expired(paid: lira(1)), .refundDue),
            (.confirmed, .cancelled(paid: lira(2)), .refundDue),
            (.awaitingPayment, .cancelled(paid: lira(0)), .cancelled),
            (.expired, .revived, .awaitingPayment),
            (.refundDue, .revived, .awaitingPayment),
            (.refunded, .revived, .awaitingPayment),
            (.refundDue, .refundBooked, .refunded),
        ] as [(RegistrationState, RegistrationMachine.Event, RegistrationState)])
    func ways(from: RegistrationState, event: RegistrationMachine.Event, to: RegistrationState)
        throws
    {
        let next = try go(from, event)
        #expect(next.state == to)
        #expect(next.effects.isEmpty)
    }

    @Test("A refusal names event, registration, state and cause")
    func refusal() throws {
        let late = #expect(throws: WorkflowRefusal.self) {
            try go(.expired, .moneyAllocated(paid: lira(2), due: lira(2)))
        }
        #expect(
            late?.description == "workflow: money_allocated for reg-17: impossible while expired")
        let euro = Money(minorUnits: 2, currency: try #require(Currency("EUR")))
        for event: Event in [
            .moneyAllocated(paid: euro, due: lira(2)), .moneyAllocated(paid: lira(0), due: lira(2)),
            .moneyAllocated(paid: lira(-1), due: lira(2)), .expired(paid: lira(1)),
            .cancelled(paid: lira(.min)),
        ] {
            let refusal = #expect(throws: WorkflowRefusal.self) { try go(.awaitingPayment, event) }
            #expect(refusal?.cause == .badSum)
        }
    }
}

/// One registration with its money, driven through every sequence of events.
private struct World {
    var state: RegistrationState
    var paid: Int64 = 0
    var approved = false
    var effects: [String: Effect] = [:]
    var trail: [String] = []

    static let due: Int64 = 2

    /// Every event that can happen to money of 0, 1 or 2 with a due of 2. Only an approval that
    /// was asked for is answered.
    var steps: [(event: RegistrationMachine.Event, paid: Int64)] {
        let all: [Int64] = [0, 1, 2]
        let due = World.due
        let answers: [(event: RegistrationMachine.Event, paid: Int64)] =
            effects.isEmpty ? [] : [(.approvalDone, paid), (.approvalRefused, paid)]
        return answers
            + all.filter { $0 > paid }.map {
                (.moneyAllocated(paid: lira($0), due: lira(due)), $0)
            }
            + all.filter { $0 < paid }.map {
                (.moneyReversed(paid: lira($0), due: lira(due)), $0)
            } + [
                (.seatOffered, paid),
                (.expired(paid: lira(paid)), paid), (.cancelled(paid: lira(paid)), paid),
                // What was paid is due back then, and no longer with the registration.
                (.revived, 0), (.refundBooked, 0),
            ]
    }

    /// Nil when the machine refuses: then nothing has changed.
    func after(_ step: (event: RegistrationMachine.Event, paid: Int64)) -> World? {
        guard let next = try? go(state, step.event, approved: approved) else { return nil }
        var world = self
        world.trail.append(step.event.name)
        for effect in next.effects {
            if let before = effects[effect.key] {
                #expect(before == effect, "\(world.trail)")
            }
            world.effects[effect.key] = effect
        }
        let keys = Set(next.effects.map(\.key))
        #expect(keys.count == next.effects.count, "\(world.trail)")
        #expect(next.effects.isEmpty || next.state == .paid && state != .paid, "\(world.trail)")
        world.state = next.state
        world.paid = step.paid
        if step.event == .approvalDone { world.approved = true }
        return world
    }

    func check() {
        switch state {
        case .paid, .confirmed:
            #expect(paid >= World.due, "\(trail)")
            #expect(effects.count == 2, "\(trail)")
            #expect(state == .paid || approved, "\(trail)")
        case .underpaid: #expect(paid > 0 && paid < World.due, "\(trail)")
        case .refundDue: #expect(paid > 0, "\(trail)")
        case .awaitingPayment, .waitlisted, .offered, .expired, .cancelled, .refunded:
            #expect(paid == 0, "\(trail)")
        case .suspended: #expect(paid < World.due, "\(trail)")
        }
    }
}

@Suite("Every sequence of events")
struct SequenceTests {
    /// Four is what the house asks for; with refused branches cut, eight still takes a moment.
    static let lengthMax = 8

    @Test(
        "keeps money, state and effects together",
        arguments: [RegistrationState.awaitingPayment, .waitlisted])
    func everySequence(start: RegistrationState) {
        var worlds = [World(state: start)]
        var reached: Set<RegistrationState> = []
        for _ in 0..<Self.lengthMax {
            var next: [World] = []
            for world in worlds {
                for step in world.steps {
                    guard let after = world.after(step) else { continue }
                    after.check()
                    reached.insert(after.state)
                    next.append(after)
                }
            }
            worlds = next
        }
        let never: Set<RegistrationState> =
            start == .waitlisted ? [.waitlisted] : [.waitlisted, .offered]
        #expect(reached == Set(RegistrationState.allCases).subtracting(never))
    }
}
