// SPDX-License-Identifier: Apache-2.0

package import Connectors
package import Domain
package import FoundationEssentials

/// Turns an effect of the ledger into what a connector needs, with the settings of the events.
package struct EffectTargets: Sendable {
    /// What guests of an event read.
    package struct Manner: Hashable, Sendable {
        /// The event's name in mails; nil takes its id.
        package let title: String?
        package let language: GuestLanguage

        package init(title: String? = nil, language: GuestLanguage = .turkish) {
            self.title = title
            self.language = language
        }
    }

    /// Event → its id on Luma.
    package let lumaEvents: [EventID: String]
    /// Ticket pages are found under this address.
    package let ticketBaseURL: String
    /// The text of the SMS with `{link}` in it.
    package let smsTemplate: String
    /// Event → what its guests are told about paying.
    package let payees: [EventID: Payee]
    package let manners: [EventID: Manner]
    package let channels: ChannelOrder
    /// A message that a channel certainly has not sent by then takes the next one.
    package let nextChannelAfter: TimeInterval

    package init(
        lumaEvents: [EventID: String], ticketBaseURL: String, smsTemplate: String,
        payees: [EventID: Payee] = [:], manners: [EventID: Manner] = [:],
        channels: ChannelOrder = ChannelOrder(), nextChannelAfter: TimeInterval = 86_400
    ) {
        self.lumaEvents = lumaEvents
        self.ticketBaseURL = ticketBaseURL
        self.smsTemplate = smsTemplate
        self.payees = payees
        self.manners = manners
        self.channels = channels
        self.nextChannelAfter = nextChannelAfter
    }

    /// A target, or a sentence that says what is missing.
    package enum Answer: Sendable {
        case target(EffectTask.Target)
        /// A setting is missing, or data that may still come.
        case missing(label: String, hint: String)
        /// The guest has nothing that this channel could send to.
        case unreachable(label: String, hint: String)
    }

    /// The guest, or the mailbox or phone and the words, that an effect is aimed at.
    ///
    /// - Parameter ticketToken: the last part of the ticket's address.
    package func target(
        of kind: Effect.Kind, for registration: Registration, ticketToken: String
    ) -> Answer {
        guard case .message(let content, let channel) = kind else { return luma(registration) }
        guard registration.isReached(by: channel) else { return Self.unreachable(by: channel) }
        let base = ticketBaseURL.hasSuffix("/") ? ticketBaseURL : ticketBaseURL + "/"
        let manner = manners[registration.event] ?? Manner()
        let event = manner.title ?? registration.event.text
        // What is said is made when it is sent, from what the ledger holds then: the code and the
        // sum that a guest reads are those that are in force.
        switch (content, channel) {
        case (.ticket, .sms):
            return sms(SMSText(template: smsTemplate, link: base + ticketToken), registration)
        case (.ticket, .email):
            return email(
                .ticket(
                    registration, at: base + ticketToken, event: event, in: manner.language),
                registration, manner)
        case (.instructions, _), (.reminder, _):
            guard let payee = payees[registration.event] else {
                return .missing(
                    label: "no_payee",
                    hint: "Name the account: events, id `\(registration.event.text)`, iban.")
            }
            let isReminder = content == .reminder
            guard channel == .email else {
                let text = payee.text(
                    for: registration, isReminder: isReminder, in: manner.language)
                return sms(SMSText(template: text), registration)
            }
            return email(
                .aboutPaying(
                    registration, to: payee, event: event, isReminder: isReminder,
                    in: manner.language), registration, manner)
        }
    }

    private func sms(_ text: SMSText, _ registration: Registration) -> Answer {
        guard let phone = registration.phone else { return Self.unreachable(by: .sms) }
        return .target(.sms(SMSTarget(phone: phone, text: text.text)))
    }

    private func email(
        _ letter: Letter, _ registration: Registration, _ manner: Manner
    ) -> Answer {
        guard let target = letter.target(for: registration, in: manner.language) else {
            return Self.unreachable(by: .email)
        }
        return .target(.email(target))
    }

    private static func unreachable(by channel: Channel) -> Answer {
        switch channel {
        case .sms:
            .unreachable(
                label: "no_phone", hint: "The registration has no Turkish mobile number.")
        case .email:
            .unreachable(label: "no_email", hint: "The registration has no e-mail address.")
        }
    }

    private func luma(_ registration: Registration) -> Answer {
        let named = registration.event.text
        guard let event = lumaEvents[registration.event] ?? (named.hasPrefix("evt-") ? named : nil)
        else {
            return .missing(
                label: "no_luma_event",
                hint: "Name the event's id on Luma: events, id `\(named)`, luma_event.")
        }
        let id = registration.id.text
        if id.hasPrefix("gst-") {
            return .target(.luma(LumaTarget(eventID: event, guestID: id)))
        }
        guard let email = registration.email else {
            return .missing(
                label: "no_guest",
                hint: "The registration has neither a Luma guest id (gst-…) nor an e-mail.")
        }
        return .target(.luma(LumaTarget(eventID: event, email: email)))
    }
}
