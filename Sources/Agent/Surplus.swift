// SPDX-License-Identifier: Apache-2.0

internal import Domain
internal import FoundationEssentials
internal import Ledger

/// What is left of a payment and kept as credit: a person says what is to become of it.
enum Surplus {
    /// Asks, naming the registrations that the payment went to, so that it is clear whose it is.
    /// None of them owes anything of it any more; to move it, another one has to be named.
    @discardableResult
    static func ask(
        _ payment: PaymentID, _ reasons: [Reason], now: Date, in books: LedgerTransaction
    ) throws -> ReviewID {
        var seen: Set<RegistrationID> = []
        let paid = try books.holdings(of: payment).compactMap(\.about)
            .filter { seen.insert($0).inserted }
        return try books.openReview(
            of: .payment(payment), kind: Verdict.Kind.overpaid.rawValue, reasons: reasons,
            candidates: try books.candidates(paid, of: payment), at: now)
    }
}
