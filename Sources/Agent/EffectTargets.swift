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
    /// Event → what its guests are told about paying.
    package let payees: [EventID: Payee]

    package init(
        lumaEvents: [EventID: String], ticketBaseURL: String, smsTemplate: String,
        payees: [EventID: Payee] = [:]
    ) {
        self.lumaEvents = lumaEvents
        self.ticketBaseURL = ticketBaseURL
        self.smsTemplate = smsTemplate
        self.payees = payees
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
        case .lumaApprove, .lumaUnapprove:
            return luma(registration)
        case .instructionsSMS, .reminderSMS:
            return instructions(kind, registration)
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

    /// The text is made when it is sent, from what the ledger holds then: the code and the sum that
    /// a guest reads are those that are in force.
    private func instructions(_ kind: Effect.Kind, _ registration: Registration) -> Answer {
        guard let payee = payees[registration.event] else {
            return .missing(
                label: "no_payee",
                hint: "Name the account: events, id `\(registration.event.text)`, iban.")
        }
        guard let phone = registration.phone, phone.isTurkishMobile else {
            return .missing(
                label: "no_phone", hint: "The registration has no Turkish mobile number.")
        }
        let text = payee.text(for: registration, isReminder: kind == .reminderSMS)
        return .target(.sms(SMSTarget(phone: phone, text: SMSText(template: text).text)))
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
