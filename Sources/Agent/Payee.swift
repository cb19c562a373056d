// SPDX-License-Identifier: Apache-2.0

package import Domain
package import FoundationEssentials

/// To whom guests of an event pay, until when, and in which words they are told.
package struct Payee: Hashable, Sendable {
    package let iban: IBAN
    /// As the bank knows it; payers' banks compare it.
    package let holder: String
    /// The page on which the guest pays or reads what to do; the code is put behind it.
    package let link: String?
    /// The SMS, with `places` in it; nil takes one in the language of the event.
    package let instructions: String?
    package let reminder: String?
    /// From the moment a registration began to wait; nil when it may wait for ever.
    package let payWithin: TimeInterval?

    package init(
        iban: IBAN, holder: String, link: String?, instructions: String? = nil,
        reminder: String? = nil, payWithin: TimeInterval? = nil
    ) {
        self.iban = iban
        self.holder = holder
        self.link = link
        self.instructions = instructions
        self.reminder = reminder
        self.payWithin = payWithin
    }

    /// What can stand in braces.
    package static let places = [
        "{amount}", "{iban}", "{holder}", "{code}", "{link}", "{deadline}",
    ]

    /// Whether something else than one of `places` stands in braces: a guest would read it as it
    /// is written.
    package static func hasUnknownPlace(_ text: String) -> Bool {
        text.indices.contains { place in
            text[place] == "{" && !places.contains(where: { text[place...].hasPrefix($0) })
        }
    }

    /// The SMS for one registration: what is still to pay, not what was due at first.
    package func text(
        for registration: Registration, isReminder: Bool, in language: GuestLanguage = .turkish
    ) -> String {
        let values = [
            registration.open.description, iban.text, holder, registration.reference.text,
            link(for: registration.reference) ?? "",
            deadline(of: registration).map(language.moment) ?? "",
        ]
        let standard = language.shortText(
            isReminder: isReminder, isPart: registration.paid.minorUnits > 0,
            hasDeadline: payWithin != nil)
        var text = ""
        var rest = Substring((isReminder ? reminder : instructions) ?? standard)
        // From brace to brace, so that a value with braces in it is not read again.
        while let brace = rest.firstIndex(of: "{") {
            text += rest[..<brace]
            rest = rest[brace...]
            if let place = Self.places.firstIndex(where: { rest.hasPrefix($0) }) {
                text += values[place]
                rest = rest.dropFirst(Self.places[place].count)
            } else {
                text += rest.prefix(1)
                rest = rest.dropFirst()
            }
        }
        text += rest
        while text.last == " " { text.removeLast() }
        return text
    }

    /// `https://bilet.example.org/ode?ref=KTF6HV349`; a fragment stays at the end.
    package func link(for reference: ReferenceCode) -> String? {
        link.map { link in
            let address = link.prefix { $0 != "#" }
            return address + (address.contains("?") ? "&" : "?") + "ref=" + reference.text
                + link.dropFirst(address.count)
        }
    }

    /// When a registration that waits for money ends.
    package func deadline(of registration: Registration) -> Date? {
        payWithin.map { registration.stateSince + $0 }
    }
}
