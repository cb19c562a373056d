// SPDX-License-Identifier: Apache-2.0

package import Connectors
package import Domain

/// Turns an effect of the ledger into what a connector needs, with the settings of the events.
package struct EffectTargets: Sendable {
    /// Event → its id on Luma.
    package let lumaEvents: [EventID: String]
    /// Ticket pages are found under this address.
    package let ticketBaseURL: String
    /// The text of the SMS with `{link}` in it.
    package let smsTemplate: String

    package init(lumaEvents: [EventID: String], ticketBaseURL: String, smsTemplate: String) {
        self.lumaEvents = lumaEvents
        self.ticketBaseURL = ticketBaseURL
        self.smsTemplate = smsTemplate
    }

    /// A target, or a sentence that says what is missing.
    package enum Answer: Sendable {
        case target(EffectTask.Target)
        case missing(label: String, hint: String)
    }

    /// The guest, or the phone and the text, that an effect is aimed at.
    ///
    /// - Parameter ticketToken: the last part of the ticket's address.
    package func target(
        of kind: Effect.Kind, for registration: Registration, ticketToken: String
    ) -> Answer {
        switch kind {
        case .lumaApprove:
            return luma(registration)
        case .ticketSMS:
            guard let phone = registration.phone, phone.isTurkishMobile else {
                return .missing(
                    label: "no_phone", hint: "The registration has no Turkish mobile number.")
            }
            let base = ticketBaseURL.hasSuffix("/") ? ticketBaseURL : ticketBaseURL + "/"
            let text = SMSText(template: smsTemplate, link: base + ticketToken).text
            return .target(.sms(SMSTarget(phone: phone, text: text)))
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
