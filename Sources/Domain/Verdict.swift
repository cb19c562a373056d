// SPDX-License-Identifier: Apache-2.0

/// What is to happen with one payment, and why.
package struct Verdict: Hashable, Sendable {
    /// The decision in one word. The raw values are stable names for reports and the ledger.
    package enum Kind: String, Sendable, Codable, CaseIterable {
        case approve, underpaid, overpaid, split, credit, review, duplicate, none
    }

    /// A part of the payment that goes to one registration.
    package struct Allocation: Hashable, Sendable {
        package let registration: RegistrationID
        package let amount: Money
        /// The own kuruş of the registration was not paid and is let go, in minor units.
        package let waivedMinorUnits: Int64
        /// The registration's time to pay was over; it is opened again first.
        package let revives: Bool

        package init(
            registration: RegistrationID, amount: Money, waivedMinorUnits: Int64 = 0,
            revives: Bool = false
        ) {
            self.registration = registration
            self.amount = amount
            self.waivedMinorUnits = waivedMinorUnits
            self.revives = revives
        }
    }

    /// A registration that a person may want to choose, with what speaks for and against it.
    package struct Candidate: Hashable, Sendable {
        package let registration: RegistrationID
        package let reasons: [Reason]
        /// How alike the payer's name and the guest's are, 0 to 100; it ranks and never decides.
        package let similarity: Int

        package init(registration: RegistrationID, reasons: [Reason], similarity: Int) {
            self.registration = registration
            self.reasons = reasons
            self.similarity = similarity
        }
    }

    package var kind: Kind
    package var allocations: [Allocation]
    /// What is left of the payment after the allocations; nil when nothing is.
    package var surplus: Money?
    package var reasons: [Reason]
    /// Best first; filled when a person has to choose.
    package var candidates: [Candidate]
    /// The code that was found in the payer's words, repaired if need be.
    package var reference: ReferenceCode?

    package init(
        _ kind: Kind, allocations: [Allocation] = [], surplus: Money? = nil,
        reasons: [Reason], candidates: [Candidate] = [], reference: ReferenceCode? = nil
    ) {
        self.kind = kind
        self.allocations = allocations
        self.surplus = surplus
        self.reasons = reasons
        self.candidates = candidates
        self.reference = reference
    }
}

/// Why a verdict is what it is. The raw values are stable names for reports and the ledger.
package enum Reason: String, Sendable, Codable, CaseIterable {
    case codeExact = "code_exact"
    case codeRepaired = "code_repaired"
    case codeUnknown = "code_unknown"
    case codeAmbiguous = "code_ambiguous"
    case noCode = "no_code"
    case amountEqual = "amount_equal"
    case amountTooLow = "amount_too_low"
    case amountTooHigh = "amount_too_high"
    case amountCompletes = "amount_completes_the_sum"
    case amountsAddUp = "amounts_add_up"
    case amountDiffers = "amount_differs"
    case nameEqual = "name_equal"
    case nameAgrees = "name_agrees"
    case nameDiffers = "name_differs"
    case nameMasked = "name_masked"
    case nameMissing = "name_missing"
    case nameInDescription = "name_in_description"
    case otherNamed = "other_guest_named"
    case otherPurpose = "other_purpose"
    case onlyCandidate = "only_candidate"
    case severalCandidates = "several_candidates"
    case noCandidate = "no_candidate"
    case otherCurrency = "other_currency"
    case foreignAccount = "foreign_account"
    case alreadyPaid = "already_paid"
    case registrationClosed = "registration_closed"
    case senderUnverified = "sender_unverified"
    case senderForged = "sender_forged"
    case forwardedByHand = "forwarded_by_hand"
    case ruleIsDraft = "rule_is_draft"
    case timeSuspicious = "time_suspicious"
    case paidLongBefore = "paid_long_before"
    case mailUnclear = "mail_unclear"
    case detailsMissing = "details_missing"
    case reversalNeedsPerson = "reversal_needs_person"
    case seenBefore = "seen_before"
    case mailBroken = "mail_broken"
    case mailTooLarge = "mail_too_large"
    case mailNotGiven = "mail_not_given"
    case attachedNotRead = "attached_not_read"
    case mailEncrypted = "mail_encrypted"
    case forwardingConfirmation = "forwarding_confirmation"
    case amountOwn = "amount_own"
    case ownWaived = "own_kurus_waived"
    case nameSimilar = "name_similar"
    case companyPays = "company_pays"
    case paidOnBehalf = "paid_on_behalf"
    case payerKnown = "payer_known"
    case rivalNear = "rival_near"
    case graceRevives = "grace_revives"
    case graceOver = "grace_over"
    case noSeatFree = "no_seat_free"
    case switchedOff = "switched_off"
    case accountUnknown = "account_unknown"
    case sameTransfer = "same_transfer"
    case perhapsSameTransfer = "perhaps_same_transfer"
    case originalFound = "original_found"
    case originalNotFound = "original_not_found"
    case partTakenBack = "part_taken_back"
    case takenBackBefore = "taken_back_before"
    case refundedBefore = "refunded_before"
    case refundNotDue = "refund_not_due"
    case moneyReturned = "money_returned"
    case undone = "undone"
}
