// SPDX-License-Identifier: Apache-2.0

internal import Agent
internal import Domain
internal import FoundationEssentials
internal import Workflow

extension Configuration {
    static func payee(
        _ section: SettingsSection, _ event: EventID, _ refuse: (String) -> ConfigurationError
    ) throws(ConfigurationError) -> Payee? {
        guard let text = section.text("iban") else { return nil }
        guard let iban = IBAN(text) else {
            throw refuse("`iban` of event `\(event)`: the check digits do not fit")
        }
        guard let holder = section.text("account_holder") else {
            throw refuse("`account_holder` of event `\(event)` is missing; banks compare it")
        }
        let texts = ["instructions_text", "reminder_text"].map { section.text($0) }
        for case let text? in texts where !text.contains("{code}") || !text.contains("{amount}") {
            throw refuse("the texts of event `\(event)` must hold {amount} and {code}")
        }
        for case let text? in texts where Payee.hasUnknownPlace(text) {
            throw refuse(
                "in the texts of event `\(event)` only this stands in braces: "
                    + Payee.places.joined(separator: ", "))
        }
        if let link = section.text("pay_link"), !isAddress(link) {
            throw refuse(
                "`pay_link` of event `\(event)` is an address such as https://example.org/ode")
        }
        return Payee(
            iban: iban, holder: holder, link: section.text("pay_link"), instructions: texts[0],
            reminder: texts[1], payWithin: payWithin(section))
    }

    static func terms(
        _ section: SettingsSection, _ event: EventID, hasPayee: Bool,
        _ refuse: (String) -> ConfigurationError
    ) throws(ConfigurationError) -> PaymentTerms? {
        let sends = section.flag("instructions") ?? false
        guard !sends || hasPayee else {
            throw refuse("`instructions` of event `\(event)` needs `iban` and `account_holder`")
        }
        var remind: [TimeInterval] = []
        for text in section.texts("remind_after_hours") {
            guard let hours = Int(text), (1...87_600).contains(hours) else {
                throw refuse("`remind_after_hours` of event `\(event)` lists whole hours")
            }
            remind.append(Double(hours) * 3600)
        }
        let within = payWithin(section)
        if let within, let last = remind.max(), last >= within {
            throw refuse(
                "`remind_after_hours` of event `\(event)` lists hours before the end of "
                    + "`pay_within_hours`")
        }
        guard sends || within != nil else { return nil }
        return PaymentTerms(payWithin: within, remindAfter: remind, sendsInstructions: sends)
    }

    /// Of a page that a guest can open.
    private static func isAddress(_ text: String) -> Bool {
        guard !text.contains(where: \.isWhitespace), let url = URL(string: text),
            ["https", "http"].contains(url.scheme?.lowercased())
        else { return false }
        return !(url.host() ?? "").isEmpty
    }

    private static func payWithin(_ section: SettingsSection) -> TimeInterval? {
        section.integer("pay_within_hours").map { Double($0) * 3600 }
    }
}
