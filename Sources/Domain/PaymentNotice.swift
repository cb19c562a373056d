// SPDX-License-Identifier: Apache-2.0

package import FoundationEssentials

/// What a notice says about one movement of money. Facts only: nothing in here is guessed.
package struct PaymentNotice: Hashable, Sendable {
    package var amount: Money
    package var payer: String?
    /// The payer's own words (açıklama). Nothing but codes and messages may be read from it.
    package var description: String?
    package var occurredAt: Date
    package var timeFrom: TimeSource
    /// `2026-11-22` where the bank prints a day and no hour: `occurredAt` is how it began there.
    package var dayOnly: String?
    package var transactionID: String?
    package var senderIBAN: String?
    /// The account the money came to, as the bank masks it.
    package var receivingAccount: String?

    /// Where `occurredAt` was taken from; arrival is the mail's own date and trusted less.
    package enum TimeSource: String, Sendable, Codable { case body, arrival }

    /// What tells this payment from others: the bank's number, or, without one, all that the notice
    /// says and the mail's own digest.
    package enum IDSource: String, Sendable { case bank, derived }

    package var idFrom: IDSource { transactionID == nil ? .derived : .bank }

    package init(
        amount: Money, payer: String? = nil, description: String? = nil, occurredAt: Date,
        timeFrom: TimeSource, transactionID: String? = nil, senderIBAN: String? = nil,
        receivingAccount: String? = nil
    ) {
        self.amount = amount
        self.payer = payer
        self.description = description
        self.occurredAt = occurredAt
        self.timeFrom = timeFrom
        self.transactionID = transactionID
        self.senderIBAN = senderIBAN
        self.receivingAccount = receivingAccount
    }
}

/// What a notice that prints no sum says about the payment that it means.
package struct PaymentClue: Hashable, Sendable {
    package var payer: String?
    package var description: String?
    package var transactionID: String?

    package init(
        payer: String? = nil, description: String? = nil, transactionID: String? = nil
    ) {
        self.payer = payer
        self.description = description
        self.transactionID = transactionID
    }

    /// What of a whole notice says which payment it is.
    package init(_ notice: PaymentNotice) {
        self.init(
            payer: notice.payer, description: notice.description,
            transactionID: notice.transactionID)
    }
}

/// What a mail turned out to be.
package enum MailOutcome: String, Sendable, Codable, CaseIterable {
    case payment
    case reversal
    case notAPayment = "not_a_payment"
    case paymentWithoutDetails = "payment_without_details"
    case unclear
    /// No rule is for this sender.
    case unread
}

/// How sure we are that the mail comes from whom it says.
package enum Trust: String, Sendable, Codable, CaseIterable {
    /// A signature that we checked ourselves and that is aligned with the rule's domains.
    case verified
    /// The organizer's own mail host says so in its first Authentication-Results header.
    case vouched
    case unverified
    /// A proof is there and fails, or it is one of another domain.
    case forged

    /// Whether money may be booked on this word without a person.
    package var allowsAutomaticApproval: Bool { self == .verified || self == .vouched }
}

/// How far a mail may be believed, and on whose word: `dkim garantibbva.com.tr`.
package struct TrustVerdict: Hashable, Sendable {
    package let trust: Trust
    /// The proof in a few words without personal data; nil when there is none.
    package let by: String?

    package init(_ trust: Trust, by: String? = nil) {
        self.trust = trust
        self.by = by
    }
}
