// SPDX-License-Identifier: Apache-2.0

internal import Domain
internal import FoundationEssentials
internal import Ledger
internal import Matching

/// What is left of a payment and kept as credit: a person says what is to become of it.
enum Surplus {
    /// What is kept as credit because of a registration and nobody is asked about.
    static func unasked(
        about guest: RegistrationID, in books: LedgerTransaction
    ) throws -> [AnswerReport.Part] {
        try books.payments(holdingMoneyOf: guest).flatMap { payment -> [AnswerReport.Part] in
            guard try books.openReview(of: .payment(payment)) == nil else { return [] }
            return try books.holdings(of: payment)
                .filter { $0.account == .credit && $0.about == guest }
                .map { (payment, $0.amount) }
        }
    }

    /// Asks, naming first whom it may be for, then the registrations that the payment went to, so
    /// that it is clear whose it is. These owe nothing of it any more.
    @discardableResult
    static func ask(
        _ payment: PaymentID, _ reasons: [Reason], now: Date, in books: LedgerTransaction
    ) throws -> ReviewID {
        var seen: Set<RegistrationID> = []
        let holdings = try books.holdings(of: payment)
        let paid = holdings.compactMap(\.about).filter { seen.insert($0).inserted }
        var goals: [Verdict.Candidate] = []
        if let notice = try books.payment(payment)?.notice {
            let left = holdings.filter { $0.account == .credit }.reduce(0) {
                $0 + $1.amount.minorUnits
            }
            goals = try Verdict.candidates(
                forSurplus: Money(minorUnits: left, currency: notice.amount.currency), of: notice,
                paid: seen, lookup: LedgerLookup(books: books))
        }
        return try books.openReview(
            of: .payment(payment), kind: Verdict.Kind.overpaid.rawValue, reasons: reasons,
            candidates: goals + (try books.candidates(paid, of: payment)), at: now)
    }
}
