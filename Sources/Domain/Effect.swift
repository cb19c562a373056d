// SPDX-License-Identifier: Apache-2.0

/// Something to be done in the outside world once, and only once, for one registration.
package struct Effect: Hashable, Sendable {
    /// What is done.
    package enum Kind: Hashable, Sendable {
        case lumaApprove
        /// Takes an approval back: the guest waits on the platform again.
        case lumaUnapprove
        case message(GuestMessage, by: Channel)
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

extension Effect.Kind: RawRepresentable, CaseIterable {
    /// A stable name for reports and the ledger: `luma.approve`, `ticket.sms`.
    package var rawValue: String {
        switch self {
        case .lumaApprove: "luma.approve"
        case .lumaUnapprove: "luma.unapprove"
        case .message(let message, let channel): message.rawValue + "." + channel.rawValue
        }
    }

    package init?(rawValue: String) {
        guard let kind = Self.allCases.first(where: { $0.rawValue == rawValue }) else { return nil }
        self = kind
    }

    package static let allCases =
        [lumaApprove, lumaUnapprove] + Channel.allCases.flatMap(Self.messages)

    /// All that goes out by one channel.
    package static func messages(by channel: Channel) -> [Self] {
        GuestMessage.allCases.map { .message($0, by: channel) }
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
