// SPDX-License-Identifier: Apache-2.0

package import Domain
internal import FoundationEssentials

/// To whom guests of an event pay, and in which words they are told.
package struct Payee: Hashable, Sendable {
    package let iban: IBAN
    /// As the bank knows it; payers' banks compare it.
    package let holder: String
    /// The page on which the guest pays or reads what to do; the code is put behind it.
    package let link: String?
    /// With `{amount}`, `{iban}`, `{holder}`, `{code}` and `{link}` in them.
    package let instructions: String
    package let reminder: String

    package init(
        iban: IBAN, holder: String, link: String?, instructions: String, reminder: String
    ) {
        self.iban = iban
        self.holder = holder
        self.link = link
        self.instructions = instructions
        self.reminder = reminder
    }

    /// What can stand in braces.
    package static let places = ["{amount}", "{iban}", "{holder}", "{code}", "{link}"]

    /// The text for one registration: what is still to pay, not what was due at first.
    package func text(for registration: Registration, isReminder: Bool) -> String {
        let values = [
            registration.open.description, iban.text, holder, registration.reference.text,
            link(for: registration.reference) ?? "",
        ]
        var text = ""
        var rest = Substring(isReminder ? reminder : instructions)
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
        return text + rest
    }

    /// `https://bilet.example.org/ode?ref=KTF6HV349`
    package func link(for reference: ReferenceCode) -> String? {
        link.map { $0 + ($0.contains("?") ? "&" : "?") + "ref=" + reference.text }
    }
}
