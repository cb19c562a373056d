// SPDX-License-Identifier: Apache-2.0

/// Something to be done in the outside world once, and only once, for one registration.
package struct Effect: Hashable, Sendable {
    /// What is done. The raw values are stable names for reports and the ledger.
    package enum Kind: String, Sendable, Codable, CaseIterable {
        case lumaApprove = "luma.approve"
        case ticketSMS = "ticket.sms"
        /// Takes an approval back: the guest waits on the platform again.
        case lumaUnapprove = "luma.unapprove"
        /// Tells the guest what to pay, to which account and with which code.
        case instructionsSMS = "instructions.sms"
        /// Tells it once more before the time to pay is over.
        case reminderSMS = "reminder.sms"
        case ticketEmail = "ticket.email"
        case instructionsEmail = "instructions.email"
        case reminderEmail = "reminder.email"
    }

    package let kind: Kind
    package let registration: RegistrationID
    /// The effect that has to be done before this one may start.
    package let after: Kind?
    /// 1, or more when the same is done again on purpose: a second reminder, an approval after one
    /// that was taken back.
    package let round: Int

    package init(_ kind: Kind, registration: RegistrationID, after: Kind? = nil, round: Int = 1) {
        self.kind = kind
        self.registration = registration
        self.after = after
        self.round = round
    }

    /// Unique in the ledger: the same effect written twice is one row. `luma.approve:reg-17`,
    /// `luma.approve#2:reg-17`.
    package var key: String {
        kind.rawValue + (round > 1 ? "#\(round)" : "") + ":\(registration.text)"
    }
}

/// Where an effect stands.
package enum EffectState: String, Sendable, Codable, CaseIterable {
    case ready
    /// Handed to the connector. Found after a restart, it means: outcome unknown.
    case running
    case done
    /// To be tried again at `notBefore`.
    case waiting
    /// Sent, and the reply lost. It is looked up before anything is repeated.
    case unknown
    /// The other side said a final no.
    case refused
    /// Given up after the last try.
    case dead
}

/// How an effect may be repeated when nobody knows whether it took place.
package enum Repetition: String, Sendable {
    /// Setting the same value again changes nothing.
    case absolute
    /// The other side is read first; the effect is repeated only when it is not there.
    case readBackFirst
    /// Only the provider's report tells.
    case reconcileByReport
    /// Repeated once, under the same name, so that the receiver can tell the copy as one.
    case onceMoreRecognisable
    /// A person decides.
    case neverWithoutPerson
}
