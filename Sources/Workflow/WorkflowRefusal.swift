// SPDX-License-Identifier: Apache-2.0

package import Domain

/// An event that cannot happen in this state. Nothing was changed.
package struct WorkflowRefusal: Error, Hashable, Sendable {
    package enum Cause: String, Sendable, Codable {
        /// The state has no way out by this event.
        case impossible
        /// The sums are of two currencies, negative, or no sum was allocated at all.
        case badSum
    }

    package let state: RegistrationState
    package let cause: Cause
}
