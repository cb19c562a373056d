// SPDX-License-Identifier: Apache-2.0

import Domain
import FoundationEssentials

/// A registration with all that speaks for and against it as the goal of one payment.
struct Assessed {
    let registration: Registration
    let agreement: NameAgreement
    let similarity: Int
    let isSameCurrency: Bool
    /// The payer wrote the guest's name.
    let isNamed: Bool
    /// The payer is remembered for this guest.
    let isKnown: Bool
    /// The payment is exactly what is still open.
    let isAmountEqual: Bool
    /// What is missing is the own kuruş of the registration or a part of it: in minor units.
    let waivable: Int64
    /// The surname is the payer's and no more of the name: one of the family, perhaps. That two
    /// strangers have one given name says less.
    let isFamily: Bool
    /// This registration alone was given the sum.
    let isOwner: Bool
    /// How long the registration had been waiting for its money when this came, in seconds;
    /// infinite for one that came later, or waits for none.
    let waited: TimeInterval
    let reasons: [Reason]

    init(
        _ registration: Registration, notice: PaymentNotice, who: PayerText, isNamed: Bool,
        isKnown: Bool, first: [Reason]
    ) {
        self.registration = registration
        agreement = NameAgreement(payer: who.payer, guest: registration.name)
        similarity = NameSimilarity.score(who.payer, registration.name, agreement)
        // A name in the description says something only when the payer's own does not.
        self.isNamed = isNamed && agreement < .agrees
        self.isKnown = isKnown
        isSameCurrency = notice.amount.currency == registration.due.currency
        isAmountEqual = notice.amount == registration.open
        waivable = Self.waivable(registration, notice.amount)
        isFamily =
            agreement == .differs && who.payer?.lastWord == registration.name?.lastWord
        isOwner = first.contains(.amountOwn)
        let waited = notice.occurredAt.timeIntervalSince(registration.stateSince)
        self.waited = registration.standing == .open && waited >= 0 ? waited : .infinity
        let amount = Self.amountReason(registration, notice.amount)
        let state: [Reason] =
            switch registration.standing {
            case .open: []
            case .settled: [.alreadyPaid]
            case .closed: [.registrationClosed]
            }
        var others: [Reason] = []
        if self.isNamed {
            let isFor = NameAgreement(payer: who.beneficiary, guest: registration.name) >= .agrees
            others.append(isFor ? .paidOnBehalf : .nameInDescription)
        }
        if agreement == .differs, similarity >= NameSimilarity.slip { others.append(.nameSimilar) }
        if agreement == .differs, who.isCompany { others.append(.companyPays) }
        if isKnown { others.append(.payerKnown) }
        reasons = first + [amount, Self.nameReason(agreement)] + others + state
    }

    var candidate: Verdict.Candidate {
        Verdict.Candidate(
            registration: registration.id, reasons: reasons, similarity: similarity)
    }

    private static func amountReason(_ registration: Registration, _ amount: Money) -> Reason {
        guard amount.currency == registration.due.currency else { return .otherCurrency }
        guard registration.standing == .open else {
            return amount == registration.due ? .amountEqual : .amountDiffers
        }
        let open = registration.open.minorUnits
        if amount.minorUnits < open { return .amountTooLow }
        if amount.minorUnits > open { return .amountTooHigh }
        return registration.paid.minorUnits > 0 ? .amountCompletes : .amountEqual
    }

    private static func waivable(_ registration: Registration, _ amount: Money) -> Int64 {
        guard registration.standing == .open,
            let missing = registration.open.subtracting(amount)?.minorUnits
        else { return 0 }
        return missing > 0 && missing <= registration.ownMinorUnits ? missing : 0
    }

    private static func nameReason(_ agreement: NameAgreement) -> Reason {
        switch agreement {
        case .equal: .nameEqual
        case .agrees: .nameAgrees
        case .masked: .nameMasked
        case .differs: .nameDiffers
        case .unknown: .nameMissing
        }
    }
}

/// Which candidates a person sees, and in which order.
enum Ranking {
    /// As many as fit a screen and can be compared by eye.
    private static let candidatesMax = 5

    /// Open ones and those of the payer's own name first, for many pay twice or late; then by name
    /// and amount together. Where these are equal, who has been waiting for the shortest time comes
    /// first: most guests pay soon after they were told what to pay. That orders proposals, and
    /// decides nothing.
    static func best(of candidates: [Assessed]) -> [Verdict.Candidate] {
        let ranked = candidates.map { (weight: weight($0), candidate: $0) }.sorted { left, right in
            if left.weight != right.weight { return left.weight > right.weight }
            if left.candidate.waited != right.candidate.waited {
                return left.candidate.waited < right.candidate.waited
            }
            let (one, other) = (left.candidate.registration, right.candidate.registration)
            if one.registeredAt != other.registeredAt {
                return one.registeredAt < other.registeredAt
            }
            return one.id.text < other.id.text
        }
        return ranked.prefix(candidatesMax).map(\.candidate.candidate)
    }

    /// The verdict with its bookings turned into proposals.
    static func toPerson(_ verdict: Verdict, because reason: Reason? = nil) -> Verdict {
        guard !verdict.allocations.isEmpty else { return verdict }
        let reasons = [reason].compactMap(\.self) + verdict.reasons
        let proposed = verdict.allocations.map {
            Verdict.Candidate(registration: $0.registration, reasons: verdict.reasons)
        }
        let others = verdict.candidates.filter { other in
            !proposed.contains { $0.registration == other.registration }
        }
        return Verdict(
            .review, reasons: reasons, candidates: Array((proposed + others).prefix(candidatesMax)),
            reference: verdict.reference)
    }

    /// A guest whom the payer names, or whose own sum it is, comes even before the one of the
    /// payer's own name; a remembered payer is worth as much as an agreeing name. The exact sum
    /// outweighs the step from a fitting mask to an agreeing name, and no more: many registrations
    /// cost the same.
    private static func weight(_ candidate: Assessed) -> Int {
        let isOpen = candidate.registration.standing == .open
        let isWhose = isOpen || candidate.agreement >= .agrees
        let isSum = candidate.isAmountEqual || candidate.reasons.contains(.amountEqual)
        let name = max(
            candidate.similarity, candidate.isNamed || candidate.isOwner ? 101 : 0,
            candidate.isKnown ? 90 : 0)
        return (isWhose ? 1_000 : 0) + (isOpen ? 10 : 0) + 2 * name + (isSum ? 45 : 0)
            + (candidate.isFamily ? 5 : 0) + (candidate.waivable > 0 ? 40 : 0)
            + (candidate.isSameCurrency ? 1 : 0)
    }
}

extension Registration {
    /// What a payment can do to a registration.
    enum Standing { case open, settled, closed }

    var standing: Standing {
        switch state {
        case .awaitingPayment, .underpaid, .offered: open.minorUnits > 0 ? .open : .settled
        case .paid, .confirmed: .settled
        case .waitlisted, .expired, .cancelled, .refundDue, .refunded, .suspended: .closed
        }
    }

    /// Whether both are certainly one guest's: the same address or number.
    func isSameGuest(as other: Registration) -> Bool {
        if let email, let theirs = other.email, email.turkishFolded() == theirs.turkishFolded() {
            return true
        }
        if let phone, phone == other.phone { return true }
        return false
    }
}
