// SPDX-License-Identifier: Apache-2.0

import Domain

/// A registration with all that speaks for and against it as the goal of one payment.
struct Assessed {
    let registration: Registration
    let agreement: NameAgreement
    let isSameCurrency: Bool
    /// The payer wrote the guest's name.
    let isNamed: Bool
    /// The payment is exactly what is still open.
    let isAmountEqual: Bool
    let reasons: [Reason]

    init(
        _ registration: Registration, notice: PaymentNotice, payer: PersonName?, isNamed: Bool,
        first: [Reason]
    ) {
        self.registration = registration
        agreement = NameAgreement(payer: payer, guest: registration.name)
        // A name in the description says something only when the payer's own does not.
        self.isNamed = isNamed && agreement < .agrees
        isSameCurrency = notice.amount.currency == registration.due.currency
        isAmountEqual = notice.amount == registration.open
        let amount = Self.amountReason(registration, notice.amount)
        let state: [Reason] =
            switch registration.standing {
            case .open: []
            case .settled: [.alreadyPaid]
            case .closed: [.registrationClosed]
            }
        let named: [Reason] = self.isNamed ? [.nameInDescription] : []
        reasons = first + [amount, Self.nameReason(agreement)] + named + state
    }

    var candidate: Verdict.Candidate {
        Verdict.Candidate(registration: registration.id, reasons: reasons)
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

    /// Open ones first, then by name, then by amount; older registrations before younger ones.
    static func best(of candidates: [Assessed]) -> [Verdict.Candidate] {
        let ranked = candidates.sorted { left, right in
            let (one, other) = (weight(left), weight(right))
            if one != other { return one > other }
            if left.registration.registeredAt != right.registration.registeredAt {
                return left.registration.registeredAt < right.registration.registeredAt
            }
            return left.registration.id.text < right.registration.id.text
        }
        return ranked.prefix(candidatesMax).map(\.candidate)
    }

    /// The verdict with its bookings turned into proposals.
    static func toPerson(_ verdict: Verdict) -> Verdict {
        guard let goal = verdict.allocations.first else { return verdict }
        let proposed = Verdict.Candidate(
            registration: goal.registration, reasons: verdict.reasons)
        return Verdict(.review, reasons: verdict.reasons, candidates: [proposed])
    }

    private static func weight(_ candidate: Assessed) -> Int {
        let isOpen = candidate.registration.standing == .open
        let agreement = candidate.isNamed ? NameAgreement.masked : candidate.agreement
        return (isOpen ? 100 : 0) + 10 * max(agreement, candidate.agreement).rawValue
            + (candidate.isAmountEqual ? 5 : 0) + (candidate.isSameCurrency ? 1 : 0)
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
}
