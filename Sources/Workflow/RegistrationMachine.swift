// SPDX-License-Identifier: Apache-2.0

package import Domain

/// The life of a registration: a state and an event give the next state and what is to be done.
///
/// Pure. The caller writes the state and the effects in one commit; an effect's key keeps it from
/// being written twice.
package enum RegistrationMachine {
    /// What happened. Sums are those after the event, in the currency of the registration.
    package enum Event: Hashable, Sendable {
        case moneyAllocated(paid: Money, due: Money)
        /// The bank took money back.
        case moneyReversed(paid: Money, due: Money)
        /// The platform lists the guest as approved.
        case approvalDone
        /// The platform said a final no. The money is there, so a person has to look.
        case approvalRefused
        /// A freed seat was offered to somebody on the waiting list.
        case seatOffered
        /// The time to pay is over.
        case expired(paid: Money)
        /// The guest or the organizer called it off.
        case cancelled(paid: Money)
        /// A person opened a closed registration again.
        case revived
        /// Everything that was due back went back.
        case refundBooked
    }

    /// What the machine must know besides the state.
    package struct Facts: Hashable, Sendable {
        package let registration: RegistrationID
        /// The channel that the ticket takes first; nil when none reaches the guest.
        package let ticketBy: Channel?
        /// The platform approved the guest already, before money was taken back.
        package let isApproved: Bool
        /// A ticket was written for the guest then.
        package let isTicketed: Bool
        /// The channel by which the guest hears what is still to pay; nil when the event tells
        /// nothing about paying, or nothing reaches the guest.
        package let restBy: Channel?

        package init(
            registration: RegistrationID, ticketBy: Channel?, isApproved: Bool = false,
            isTicketed: Bool? = nil, restBy: Channel? = nil
        ) {
            self.registration = registration
            self.ticketBy = ticketBy
            self.isApproved = isApproved
            self.isTicketed = isTicketed ?? isApproved
            self.restBy = restBy
        }
    }

    /// The next state and the effects that are to be written with it.
    package struct Transition: Hashable, Sendable {
        package let state: RegistrationState
        package let effects: [Effect]

        package init(_ state: RegistrationState, effects: [Effect] = []) {
            self.state = state
            self.effects = effects
        }
    }

    /// The next state, or why there is none.
    ///
    /// - Throws: `.impossible` when the state knows no such event, `.badSum` when the sums
    ///   contradict the state; the payment then belongs in front of a person.
    package static func transition(
        from state: RegistrationState, on event: Event, facts: Facts
    ) throws(WorkflowRefusal) -> Transition {
        switch outcome(from: state, on: event, facts: facts) {
        case .next(let transition): return transition
        case .refused(let cause):
            throw WorkflowRefusal(
                operation: event.name, subject: facts.registration, state: state, cause: cause)
        }
    }

    private enum Outcome {
        case next(Transition)
        case refused(WorkflowRefusal.Cause)

        static func to(_ state: RegistrationState) -> Outcome { .next(Transition(state)) }
        static let impossible = Outcome.refused(.impossible)
        static let badSum = Outcome.refused(.badSum)
    }

    private static func outcome(
        from state: RegistrationState, on event: Event, facts: Facts
    ) -> Outcome {
        switch event {
        case .moneyAllocated(let paid, let due):
            Sum(paid: paid, due: due).map { allocated($0, in: state, facts: facts) } ?? .badSum
        case .moneyReversed(let paid, let due):
            Sum(paid: paid, due: due).map { reversed($0, in: state) } ?? .badSum
        case .approvalDone: approvalAnswered(in: state, whenPaid: .confirmed)
        case .approvalRefused:
            state == .confirmed
                ? .impossible
                : approvalAnswered(
                    in: state, whenPaid: .paid)
        case .seatOffered: state == .waitlisted ? .to(.offered) : .impossible
        case .expired(let paid): expired(paid.minorUnits, in: state)
        case .cancelled(let paid): cancelled(paid.minorUnits, in: state)
        case .revived: revived(in: state, facts: facts)
        case .refundBooked: state == .refundDue ? .to(.refunded) : .impossible
        }
    }

    // MARK: - Money

    /// How the allocated sum stands to the due one.
    private enum Sum {
        case nothing, part, whole

        /// Nil for two currencies and for sums below zero.
        init?(paid: Money, due: Money) {
            guard paid.currency == due.currency, paid.minorUnits >= 0, due.minorUnits >= 0 else {
                return nil
            }
            if paid.minorUnits >= due.minorUnits {
                self = .whole
            } else {
                self = paid.minorUnits == 0 ? .nothing : .part
            }
        }
    }

    private static func allocated(
        _ sum: Sum, in state: RegistrationState, facts: Facts
    ) -> Outcome {
        switch state {
        case .awaitingPayment, .underpaid, .offered:
            switch sum {
            case .nothing: .badSum
            case .part: .next(incomplete(facts))
            case .whole: .next(complete(facts))
            }
        case .suspended:
            switch sum {
            case .nothing: .badSum
            case .part: .to(.suspended)
            case .whole: .next(complete(facts))
            }
        case .paid, .confirmed, .waitlisted, .expired, .cancelled, .refundDue, .refunded:
            .impossible
        }
    }

    /// Something is missing: the guest is told how much.
    private static func incomplete(_ facts: Facts) -> Transition {
        Transition(
            .underpaid,
            effects: facts.restBy.map {
                [Effect(.message(.instructions, by: $0), registration: facts.registration)]
            } ?? [])
    }

    /// The sum is reached: approve, then send the ticket. What was done before is not done again.
    private static func complete(_ facts: Facts) -> Transition {
        var effects: [Effect] = []
        if !facts.isApproved {
            effects.append(Effect(.lumaApprove, registration: facts.registration))
        }
        if let channel = facts.ticketBy, !(facts.isApproved && facts.isTicketed) {
            effects.append(
                Effect(
                    .message(.ticket, by: channel), registration: facts.registration,
                    after: .lumaApprove))
        }
        return Transition(facts.isApproved ? .confirmed : .paid, effects: effects)
    }

    /// A guest who is approved, or about to be, is suspended: only a person takes a seat away.
    private static func reversed(_ sum: Sum, in state: RegistrationState) -> Outcome {
        switch (state, sum) {
        case (.underpaid, .nothing): .to(.awaitingPayment)
        case (.underpaid, .part): .to(.underpaid)
        case (.paid, .whole), (.confirmed, .whole): .to(state)
        case (.paid, .nothing), (.paid, .part), (.confirmed, .nothing), (.confirmed, .part):
            .to(.suspended)
        case (.suspended, .nothing), (.suspended, .part): .to(.suspended)
        case (.refundDue, .nothing): .to(.cancelled)
        case (.refundDue, .part), (.refundDue, .whole): .to(.refundDue)
        case (.underpaid, .whole), (.suspended, .whole): .badSum
        case (.awaitingPayment, _), (.waitlisted, _), (.offered, _), (.expired, _),
            (.cancelled, _), (.refunded, _):
            .impossible
        }
    }

    // MARK: - Platform, time, people

    /// An answer may come after money went back or the guest left; then it changes nothing.
    private static func approvalAnswered(
        in state: RegistrationState, whenPaid next: RegistrationState
    ) -> Outcome {
        switch state {
        case .paid: .to(next)
        case .confirmed, .suspended, .cancelled, .refundDue, .refunded: .to(state)
        case .awaitingPayment, .underpaid, .waitlisted, .offered, .expired: .impossible
        }
    }

    private static func expired(_ paid: Int64, in state: RegistrationState) -> Outcome {
        switch state {
        case .awaitingPayment, .offered: paid == 0 ? .to(.expired) : .badSum
        case .underpaid: paid > 0 ? .to(.refundDue) : .badSum
        case .paid, .confirmed, .waitlisted, .expired, .cancelled, .refundDue, .refunded,
            .suspended:
            .impossible
        }
    }

    private static func cancelled(_ paid: Int64, in state: RegistrationState) -> Outcome {
        guard paid >= 0 else { return .badSum }
        switch state {
        case .awaitingPayment, .offered, .waitlisted, .expired:
            return paid == 0 ? .to(.cancelled) : .badSum
        case .underpaid, .paid, .confirmed, .suspended:
            return .to(paid > 0 ? .refundDue : .cancelled)
        case .cancelled, .refundDue, .refunded: return .impossible
        }
    }

    /// Who was approved and called off starts anew: the old approval is done and is not repeated.
    private static func revived(in state: RegistrationState, facts: Facts) -> Outcome {
        switch state {
        case .expired, .cancelled, .refundDue, .refunded:
            facts.isApproved ? .impossible : .to(.awaitingPayment)
        case .awaitingPayment, .underpaid, .paid, .confirmed, .waitlisted, .offered, .suspended:
            .impossible
        }
    }
}

extension RegistrationMachine.Event {
    /// A stable name for logs and the ledger.
    package var name: String {
        switch self {
        case .moneyAllocated: "money_allocated"
        case .moneyReversed: "money_reversed"
        case .approvalDone: "approval_done"
        case .approvalRefused: "approval_refused"
        case .seatOffered: "seat_offered"
        case .expired: "expired"
        case .cancelled: "cancelled"
        case .revived: "revived"
        case .refundBooked: "refund_booked"
        }
    }
}
