// SPDX-License-Identifier: Apache-2.0

package import Domain

/// An event that cannot happen to a registration as it stands. Nothing was changed.
package struct WorkflowRefusal: Error, Hashable, Sendable, CustomStringConvertible {
    /// Why there is no way from the state.
    package enum Cause: String, Sendable, Codable, CaseIterable {
        /// No way leads out of this state by this event.
        case impossible
        /// The sums contradict the state or each other: two currencies, below zero, money where
        /// there is none.
        case badSum = "bad_sum"
    }

    /// The event, by `RegistrationMachine.Event.name`.
    package let operation: String
    package let subject: RegistrationID
    package let state: RegistrationState
    package let cause: Cause

    package init(
        operation: String, subject: RegistrationID, state: RegistrationState, cause: Cause
    ) {
        self.operation = operation
        self.subject = subject
        self.state = state
        self.cause = cause
    }

    /// What the organizer can do.
    package var hint: String {
        switch cause {
        case .impossible: "look at the registration's history; it may have changed meanwhile"
        case .badSum: "compare the registration's allocations with the ledger"
        }
    }

    /// `workflow: money_allocated for reg-17: impossible while confirmed`
    package var description: String {
        "workflow: \(operation) for \(subject): \(cause.rawValue) while \(state.rawValue)"
    }
}
