// SPDX-License-Identifier: Apache-2.0

internal import Domain
package import FoundationEssentials
package import Ledger
internal import Matching

extension PaymentPipeline {
    /// Ranks the proposals of an open question by what the ledger holds now: who was proposed may
    /// have paid since, or lost the place. Nothing is booked, and why a person is asked stays as it
    /// was; that is for an answer, a new registration or more words about the transfer to change.
    ///
    /// - Returns: the question as it is now, with a revision of its own if its proposals changed.
    package func rankAgain(
        _ review: ReviewRecord, now: Date, in books: LedgerTransaction
    ) throws -> ReviewRecord {
        guard review.closedAt == nil, case .payment(let id) = review.subject,
            let payment = try books.payment(id), payment.state == .review
        else { return review }
        let proposals = try proposals(for: payment, in: books)
        guard proposals != review.candidates else { return review }
        try books.openReview(
            of: review.subject, kind: review.kind, reasons: review.reasons, candidates: proposals,
            at: now)
        return try books.review(review.id) ?? review
    }

    /// The same for every open question.
    ///
    /// - Parameter write: runs a transaction; each takes so many questions that no payment waits
    ///   long for the write lock.
    package func rankOpenQuestions(
        now: Date, write: ((LedgerTransaction) throws -> ReviewID?) throws -> ReviewID?
    ) throws {
        var last: ReviewID?
        repeat {
            last = try write { books in
                let page = try books.openReviews(after: last, limit: Self.rankedAtOnce)
                for review in page { _ = try rankAgain(review, now: now, in: books) }
                return page.last?.id
            }
        } while last != nil
    }

    /// Some 20 ms of matching and writing.
    private static let rankedAtOnce = 50

    /// Whom the payment may be for, all notices of it taken together. Where the evidence would
    /// decide by now, that comes first.
    private func proposals(
        for payment: PaymentRecord, in books: LedgerTransaction
    ) throws -> [Verdict.Candidate] {
        let others = try books.notices(sameAs: payment.id)
        let verdict = try matcher.verdict(
            for: others.reduce(payment.notice) { $0.completed(by: $1.notice) },
            trust: TrustVerdict(payment.trust),
            recipients: others.reduce(payment.recipients) { $0 + $1.recipients },
            lookup: LedgerLookup(books: books))
        let decided = verdict.allocations.map {
            Verdict.Candidate(registration: $0.registration, reasons: verdict.reasons)
        }
        return decided
            + verdict.candidates.filter { other in
                !decided.contains { $0.registration == other.registration }
            }
    }
}
