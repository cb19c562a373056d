// SPDX-License-Identifier: Apache-2.0

internal import Domain
internal import Ledger
internal import Matching

extension LedgerTransaction {
    /// Guests whom a question about a payment proposes, with how alike their names and the
    /// payer's are.
    ///
    /// - Parameter reasons: none where it says nothing about the answer why they were paid for.
    func candidates(
        _ guests: [RegistrationID], of payment: PaymentID, _ reasons: [Reason] = []
    ) throws -> [Verdict.Candidate] {
        try candidates(guests, paidBy: try self.payment(payment)?.notice, reasons)
    }

    /// The same for a payment that is not in the books yet.
    func candidates(
        _ guests: [RegistrationID], paidBy notice: PaymentNotice?, _ reasons: [Reason] = []
    ) throws -> [Verdict.Candidate] {
        try guests.map { guest in
            let name = try registration(guest)?.name
            return Verdict.Candidate(
                registration: guest, reasons: reasons,
                similarity: notice.map { NameSimilarity.score($0, name) } ?? 0)
        }
    }
}
