// SPDX-License-Identifier: Apache-2.0

package import Domain

/// What the rules make of one mail.
package struct Reading: Sendable {
    package let outcome: MailOutcome
    /// The variant that fits, or the one that nearly did. Nil when none came near.
    package let rule: RuleID?
    /// The rule is a draft: nothing may happen by itself on its word.
    package let isDraft: Bool
    /// `outgoing`, `card`, `fee`, …; nil unless `outcome` is `notAPayment`.
    package let notAPaymentKind: String?
    /// The movements, for now at most one.
    package let notices: [PaymentNotice]
    /// The domains that a signature must be aligned with; empty when no rule is for this sender.
    package let domains: [String]
    package let reasons: [Reason]
    /// One English sentence without personal data: `garanti-bbva/incoming-transfer: frame fits,
    /// field amount is ambiguous (1.250)`.
    package let explanation: String
    /// No rule is for this sender, but the mail looks like this one: a person should see it.
    package let imitates: RuleID?

    package init(
        outcome: MailOutcome, rule: RuleID? = nil, isDraft: Bool = false,
        notAPaymentKind: String? = nil, notices: [PaymentNotice] = [], domains: [String] = [],
        reasons: [Reason] = [], explanation: String, imitates: RuleID? = nil
    ) {
        self.outcome = outcome
        self.rule = rule
        self.isDraft = isDraft
        self.notAPaymentKind = notAPaymentKind
        self.notices = notices
        self.domains = domains
        self.reasons = reasons
        self.explanation = explanation
        self.imitates = imitates
    }
}
