// SPDX-License-Identifier: Apache-2.0

import Domain

/// The machine prints itself: every line is the answer of `transition` to a real event.
extension RegistrationMachine {
    /// A Mermaid state diagram of all ways from one state to another.
    package static var diagram: String {
        let lines = ways.filter { $0.from != $0.to }.map { way in
            let done = way.effects.isEmpty ? "" : " / " + way.effects
            return "    \(way.from.rawValue) --> \(way.to.rawValue): \(way.occasion)\(done)"
        }
        let start = [RegistrationState.awaitingPayment, .waitlisted].map {
            "    [*] --> \($0.rawValue)"
        }
        return (["stateDiagram-v2"] + start + lines).joined(separator: "\n") + "\n"
    }

    /// A table of all transitions, also of those that keep the state. What is not in it is refused.
    package static var table: String {
        let head = [
            "| From | Event | To | Effects |",
            "| --- | --- | --- | --- |",
        ]
        let lines = ways.map {
            "| \($0.from.rawValue) | \($0.occasion) | \($0.to.rawValue) | \($0.effects) |"
        }
        return (head + lines).joined(separator: "\n") + "\n"
    }

    /// The page `docs/states.md`.
    package static var page: String {
        """
        # States of a registration

        This page is printed by the machine itself (`mutabik workflow`). An event that is not listed
        for a state is refused and changes nothing. Effects are written in the same commit as the
        state. A ticket starts only after `luma.approve` is done, and takes the first of the event's
        channels that reaches the guest, here SMS; when it is refused there, the next one. What is
        still to pay is told where the event tells about paying at all.

        ```mermaid
        \(diagram)```

        \(table)
        """
    }

    // MARK: - Asking the machine

    private struct Way {
        let from: RegistrationState
        let occasion: String
        let to: RegistrationState
        let effects: String
    }

    private static var ways: [Way] {
        RegistrationState.allCases.flatMap { state in
            occasions.flatMap { occasion in ways(from: state, occasion.name, occasion.event) }
        }
    }

    /// One line, or two where it matters whether the guest was approved before.
    private static func ways(
        from state: RegistrationState, _ name: String, _ event: Event
    ) -> [Way] {
        let first = way(from: state, name, event, isApproved: false)
        let again = way(from: state, name, event, isApproved: true)
        let canBeApproved = [.suspended, .cancelled, .refundDue, .refunded].contains(state)
        guard canBeApproved, first?.to != again?.to else { return [first].compactMap(\.self) }
        return [
            way(from: state, name + ", not approved before", event, isApproved: false),
            way(from: state, name + ", approved before", event, isApproved: true),
        ].compactMap(\.self)
    }

    private static func way(
        from state: RegistrationState, _ name: String, _ event: Event, isApproved: Bool
    ) -> Way? {
        func ask(by channel: Channel?) -> Transition? {
            let facts = Facts(
                registration: RegistrationID("reg-1"), ticketBy: channel, isApproved: isApproved,
                restBy: channel)
            return try? transition(from: state, on: event, facts: facts)
        }
        guard let with = ask(by: .sms), let without = ask(by: nil) else { return nil }
        let effects = with.effects.map { effect in
            without.effects.contains(effect)
                ? effect.kind.rawValue
                : effect.kind.rawValue + " (when a channel reaches the guest)"
        }
        return Way(
            from: state, occasion: name, to: with.state, effects: effects.joined(separator: ", "))
    }

    /// Every event in every relation of its sums that the machine tells apart.
    private static var occasions: [(name: String, event: Event)] {
        let due = Money(minorUnits: 2, currency: .turkishLira)
        let part = Money(minorUnits: 1, currency: .turkishLira)
        let nothing = Money(minorUnits: 0, currency: .turkishLira)
        return [
            ("money allocated, sum reached", .moneyAllocated(paid: due, due: due)),
            ("money allocated, less than due", .moneyAllocated(paid: part, due: due)),
            ("money reversed, sum still reached", .moneyReversed(paid: due, due: due)),
            ("money reversed, part left", .moneyReversed(paid: part, due: due)),
            ("money reversed, nothing left", .moneyReversed(paid: nothing, due: due)),
            ("approval done", .approvalDone),
            ("approval refused", .approvalRefused),
            ("seat offered", .seatOffered),
            ("expired, nothing paid", .expired(paid: nothing)),
            ("expired, part paid", .expired(paid: part)),
            ("cancelled, nothing paid", .cancelled(paid: nothing)),
            ("cancelled, money there", .cancelled(paid: part)),
            ("revived", .revived),
            ("refund booked", .refundBooked),
        ]
    }
}
