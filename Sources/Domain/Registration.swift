// SPDX-License-Identifier: Apache-2.0

package import FoundationEssentials

/// Where a registration stands. Approval, ticket and invoice are effects, not states.
package enum RegistrationState: String, Sendable, Codable, CaseIterable {
    case awaitingPayment, underpaid, paid, confirmed, waitlisted, offered, expired, cancelled
    case refundDue, refunded, suspended
}

/// A place somebody asked for and has to pay.
package struct Registration: Hashable, Sendable {
    package let id: RegistrationID
    package let event: EventID
    package let name: PersonName?
    package let email: String?
    package let phone: PhoneNumber?
    package let due: Money
    package let reference: ReferenceCode
    package let registeredAt: Date
    package var state: RegistrationState
    /// What has been allocated to it so far, in the currency of `due`.
    package var paid: Money

    package init(
        id: RegistrationID, event: EventID, name: PersonName?, email: String?,
        phone: PhoneNumber?, due: Money, reference: ReferenceCode, registeredAt: Date,
        state: RegistrationState = .awaitingPayment, paid: Money? = nil
    ) {
        self.id = id
        self.event = event
        self.name = name
        self.email = email
        self.phone = phone
        self.due = due
        self.reference = reference
        self.registeredAt = registeredAt
        self.state = state
        self.paid = paid ?? Money(minorUnits: 0, currency: due.currency)
    }

    /// What is still to pay; zero once the sum is reached.
    package var open: Money {
        let rest = due.subtracting(paid) ?? due
        return rest.minorUnits > 0 ? rest : Money(minorUnits: 0, currency: due.currency)
    }
}
