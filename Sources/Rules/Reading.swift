// SPDX-License-Identifier: Apache-2.0

package import Domain

/// What the rules make of one mail.
package struct Reading: Sendable {
    /// What the mail is; with several movements what the most telling of them is.
    package let outcome: MailOutcome
    /// The variant that fits, or the one that nearly did. Nil when none came near.
    package let rule: RuleID?
    /// The rule is a draft: nothing may happen by itself on its word.
    package let isDraft: Bool
    /// `outgoing`, `card`, `fee`, …; nil unless `outcome` is `notAPayment`.
    package let notAPaymentKind: String?
    /// All movements in their order, counted from 1; empty when the mail tells of none.
    package let movements: [Movement]
    /// The domains that a signature must be aligned with; empty when no rule is for this sender.
    package let domains: [String]
    /// Whose word may prove the mail, where the rule says so.
    package let proof: RequiredProof
    package let reasons: [Reason]
    /// One English sentence without personal data: `garanti-bbva/incoming-transfer: frame fits,
    /// field amount is ambiguous (1.250)`.
    package let explanation: String
    /// No rule is for this sender, but the mail looks like this one: a person should see it.
    package let imitates: RuleID?
    /// The sender is right, and the mail is none that its rule knows.
    package let nearMiss: NearMiss?

    /// The payments among the movements.
    package var notices: [PaymentNotice] { movements.compactMap(\.payment) }

    /// A reading as it is given.
    package init(
        outcome: MailOutcome, rule: RuleID? = nil, isDraft: Bool = false,
        notAPaymentKind: String? = nil, movements: [Movement] = [], domains: [String] = [],
        proof: RequiredProof = RequiredProof(), reasons: [Reason] = [], explanation: String,
        imitates: RuleID? = nil, nearMiss: NearMiss? = nil
    ) {
        self.outcome = outcome
        self.rule = rule
        self.isDraft = isDraft
        self.notAPaymentKind = notAPaymentKind
        self.movements = movements
        self.domains = domains
        self.proof = proof
        self.reasons = reasons
        self.explanation = explanation
        self.imitates = imitates
        self.nearMiss = nearMiss
    }
}

/// One movement of money that a mail tells of.
package struct Movement: Hashable, Sendable {
    /// From 1, in the order of the mail.
    package var index: Int
    /// `payment`, `reversal`, `paymentWithoutDetails` or `notAPayment`.
    package let outcome: MailOutcome
    /// `outgoing` and the like for `notAPayment`; for `reversal` `whole` or `part` where the words
    /// say how much went back.
    package let kind: String?
    /// What is said of it, as far as it was read.
    package let notice: PaymentNotice?
    /// Which payment a `reversal` is about, where it prints no sum.
    package let clue: PaymentClue?

    /// A movement as it is given.
    package init(
        index: Int, outcome: MailOutcome, kind: String? = nil, notice: PaymentNotice?,
        clue: PaymentClue? = nil
    ) {
        self.index = index
        self.outcome = outcome
        self.kind = kind
        self.notice = notice
        self.clue = clue
    }

    /// The bank's number of the payment that it is about.
    var number: String? { notice?.transactionID ?? clue?.transactionID }

    /// The notice of money that came in.
    package var payment: PaymentNotice? {
        outcome == .notAPayment || outcome == .reversal ? nil : notice
    }
}

/// What a rule asks for as a proof beyond an aligned signature or the word of a trusted host.
package struct RequiredProof: Hashable, Sendable {
    /// Only a signature that is checked here counts; the mail host's word does not.
    package let needsSignature: Bool
    /// The only forwarders whose sealed word counts; nil for all that are configured.
    package let forwarders: [String]?
    /// Shorter RSA keys prove nothing; nil for the least that is taken anywhere.
    package let rsaBitsMin: Int?

    /// Without arguments: anything that the configuration trusts.
    package init(
        needsSignature: Bool = false, forwarders: [String]? = nil, rsaBitsMin: Int? = nil
    ) {
        self.needsSignature = needsSignature
        self.forwarders = forwarders
        self.rsaBitsMin = rsaBitsMin
    }
}

/// A mail from the right sender that its rule does not know: the bank may have changed its wording.
package struct NearMiss: Hashable, Sendable {
    /// The rule file.
    package let file: String
    /// The variant that came nearest.
    package let rule: RuleID?
    /// What was missing, without personal data: `frame: hesabınıza para geldi`.
    package let missing: [String]
    /// The same for all mails of one form, 16 hexadecimal digits.
    package let shape: String

    /// A near miss as it is given.
    package init(file: String, rule: RuleID?, missing: [String], shape: String) {
        self.file = file
        self.rule = rule
        self.missing = missing
        self.shape = shape
    }
}
