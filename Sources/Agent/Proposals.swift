// SPDX-License-Identifier: Apache-2.0

package import Domain
package import Ledger
internal import Matching

extension PaymentPipeline {
    /// An open question with its proposals as the ledger stands now: who was proposed may have paid
    /// since, or lost the place. Nothing is written, and why a person is asked stays as it was;
    /// that is for an answer, a new registration or more words about the transfer to change.
    package func ranked(
        _ review: ReviewRecord, in books: LedgerTransaction
    ) throws -> ReviewRecord {
        guard review.closedAt == nil, case .payment(let id) = review.subject,
            let payment = try books.payment(id), payment.state == .review
        else { return review }
        var ranked = review
        ranked.candidates = try proposals(for: payment, in: books)
        return ranked
    }

    /// What an answer means by what its giver may have seen. Whoever accepts without a name means
    /// the one who stood first when he looked, and nobody knows when that was: so it counts only
    /// while the first is the one of the beginning.
    ///
    /// - Throws: `ReviewRefusal.firstChanged`.
    package func meaning(
        of answer: ReviewAnswer, to id: ReviewID, in books: LedgerTransaction
    ) throws -> ReviewAnswer {
        guard case .accept(let chosen) = answer, let review = try books.review(id) else {
            return answer
        }
        let now = try ranked(review, in: books).candidates.map(\.registration)
        let asked = review.candidates.map(\.registration)
        guard let chosen else {
            guard now.first == asked.first else { throw ReviewRefusal.firstChanged(now.first) }
            return answer
        }
        return now.contains(chosen) && !asked.contains(chosen) ? .assign(chosen, nil) : answer
    }

    /// Whom the payment may be for. Where the evidence would decide by now, that comes first.
    func proposals(
        for payment: PaymentRecord, in books: LedgerTransaction
    ) throws -> [Verdict.Candidate] {
        let (notice, recipients) = try books.whole(payment)
        let lookup = LedgerLookup(books: books)
        let verdict = try matcher.verdict(
            for: notice, trust: TrustVerdict(payment.trust), recipients: recipients,
            lookup: lookup)
        return try verdict.proposal(of: notice, lookup).candidates
    }
}

extension LedgerTransaction {
    /// What all notices of a payment say together, and to whom they were written: of a proven one
    /// only those that are proven too.
    package func whole(
        _ payment: PaymentRecord
    ) throws -> (notice: PaymentNotice, recipients: [String]) {
        let others = try notices(sameAs: payment.id).filter {
            $0.trust.allowsAutomaticApproval || !payment.trust.allowsAutomaticApproval
        }
        return (
            others.reduce(payment.notice) { $0.completed(by: $1.notice) },
            others.reduce(payment.recipients) { $0 + $1.recipients }
        )
    }
}
