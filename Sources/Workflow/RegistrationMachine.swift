// SPDX-License-Identifier: Apache-2.0

package import Domain

/// The life of a registration: a state and an event give the next state and what is to be done.
///
/// Pure. The caller writes the state and the effects in one commit; an effect's key keeps it from
/// being written twice.
package enum RegistrationMachine {
    /// What happened. Sums are those after the event, both in the currency of the registration.
    package enum Event: Hashable, Sendable {
        case moneyAllocated(paid: Money, due: Money)
        /// The bank took money back.
        case moneyReversed(paid: Money, due: Money)
        /// The platform lists the guest as approved.
        case approvalDone
        /// The platform said a final no.
        case approvalRefused
        /// A freed seat was offered to somebody on the waiting list.
        case seatOffered
        /// The time to pay is over. `paid` is what is allocated so far.
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
        /// A ticket by SMS goes to Turkish mobile numbers only.
        package let hasTurkishMobile: Bool
        /// The platform has approved the guest already, in an earlier round.
        package let isApproved: Bool

        package init(
            registration: RegistrationID, hasTurkishMobile: Bool, isApproved: Bool = false
        ) {
            self.registration = registration
            self.hasTurkishMobile = hasTurkishMobile
            self.isApproved = isApproved
        }
    }

    /// The next state and the effects that are to be written with it.
    package struct Transition: Hashable, Sendable {
        package let state: RegistrationState
        package let effects: [Effect]
    }

    /// The next state, or why there is none.
    package static func transition(
        from state: RegistrationState, on event: Event, facts: Facts
    ) throws(WorkflowRefusal) -> Transition {
        throw WorkflowRefusal(state: state, cause: .impossible)
    }
}
