// SPDX-License-Identifier: Apache-2.0

/// A way in which a message reaches a guest.
package enum Channel: String, Sendable, Codable, CaseIterable {
    case sms, email
}

/// What a guest is written.
package enum GuestMessage: String, Sendable, CaseIterable {
    case ticket
    /// What to pay, to which account and with which code.
    case instructions
    /// The same once more, before the time to pay is over.
    case reminder
}

extension Registration {
    /// Whether there is something to send to. SMS goes to Turkish mobile numbers only; whether an
    /// address takes mail, its server alone can say.
    package func isReached(by channel: Channel) -> Bool {
        switch channel {
        case .sms: phone?.isTurkishMobile ?? false
        case .email: email?.contains("@") ?? false
        }
    }
}

/// The channels in the organizer's order: the first that reaches the guest is taken, and the next
/// one when it fails.
package struct ChannelOrder: Hashable, Sendable {
    /// For events that have no order of their own.
    package let usual: [Channel]
    package let events: [EventID: [Channel]]

    package init(_ usual: [Channel] = [.sms], events: [EventID: [Channel]] = [:]) {
        self.usual = usual
        self.events = events
    }

    /// The order of one event.
    package func channels(of event: EventID) -> [Channel] { events[event] ?? usual }

    /// Nil when nothing reaches the guest.
    package func first(for registration: Registration) -> Channel? {
        channels(of: registration.event).first { registration.isReached(by: $0) }
    }

    /// The channel after a failed one, also when that is no longer in the order.
    package func next(after channel: Channel, for registration: Registration) -> Channel? {
        let order = channels(of: registration.event)
        let rest = order.firstIndex(of: channel).map { order[($0 + 1)...] } ?? order[...]
        return rest.first { registration.isReached(by: $0) }
    }
}
