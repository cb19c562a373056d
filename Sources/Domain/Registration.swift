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
    /// When it entered `state`: deadlines and the grace period count from here.
    package var stateSince: Date
    /// What has been allocated to it so far, in the currency of `due`.
    package var paid: Money
    /// The part of `due` that only makes the sum unmistakable (1.250,07), in minor units; 0
    /// without. Who pays all but this has paid.
    package let ownMinorUnits: Int64
    /// The guest agreed that who paid for them is remembered.
    package let remembersPayer: Bool

    package init(
        id: RegistrationID, event: EventID, name: PersonName?, email: String?,
        phone: PhoneNumber?, due: Money, reference: ReferenceCode, registeredAt: Date,
        state: RegistrationState = .awaitingPayment, stateSince: Date? = nil, paid: Money? = nil,
        ownMinorUnits: Int64 = 0, remembersPayer: Bool = false
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
        self.stateSince = stateSince ?? registeredAt
        self.paid = paid ?? Money(minorUnits: 0, currency: due.currency)
        self.ownMinorUnits = ownMinorUnits
        self.remembersPayer = remembersPayer
    }

    /// What is still to pay; zero once the sum is reached.
    package var open: Money {
        let rest = due.subtracting(paid) ?? due
        return rest.minorUnits > 0 ? rest : Money(minorUnits: 0, currency: due.currency)
    }
}
