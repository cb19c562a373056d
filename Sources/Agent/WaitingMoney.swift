// SPDX-License-Identifier: Apache-2.0

package import Domain
package import FoundationEssentials
package import Ledger
internal import Matching

// Money that lay before a person because nobody it could be for was known: a new registration, or
// more words about the transfer, may answer the question.

extension PaymentPipeline {
    /// What would be decided about a proven notice now. Nothing is written.
    package func verdict(
        for notice: PaymentNotice, in books: LedgerTransaction
    ) throws -> Verdict {
        try matcher.verdict(
            for: notice, trust: TrustVerdict(.verified), lookup: LedgerLookup(books: books))
    }

    /// Looks again at proven money that found no registration, after registrations were added.
    ///
    /// - Returns: how many payments found theirs.
    package func matchWaitingMoney(now: Date, in books: LedgerTransaction) throws -> Int {
        var found = 0
        for review in try books.openReviews(limit: Self.waitingMax) {
            guard case .payment(let id) = review.subject, let payment = try books.payment(id),
                payment.state == .review, payment.trust.allowsAutomaticApproval,
                Self.mayFindItsRegistration(payment.reasons)
            else { continue }
            let (notice, recipients) = try books.whole(payment)
            let verdict = try matcher.verdict(
                for: notice, trust: TrustVerdict(payment.trust), recipients: recipients,
                lookup: LedgerLookup(books: books))
            if try settleWaiting(payment, review, verdict, now: now, in: books) != nil {
                found += 1
            }
        }
        return found
    }

    /// Books a payment that lay before a person, now that more is known; the question is answered
    /// by it. Nil, and the question brought up to date, when it still takes a person.
    func settleWaiting(
        _ payment: PaymentRecord, _ review: ReviewRecord?, _ proposed: Verdict, now: Date,
        in books: LedgerTransaction
    ) throws -> (Verdict, PaymentPlan)? {
        // Of a part that went back nobody can say for whom the rest is.
        let lies = try books.takeable(of: payment.id)
        guard lies.isEmpty || lies.map(\.amount) == [payment.notice.amount] else { return nil }
        let allowed = try switched(proposed, .moneyFirst, of: payment.notice, in: books)
        let (verdict, plan) = try plan(allowed, of: payment.notice, in: books)
        guard !plan.isEmpty else {
            if review != nil { try ask(verdict, about: payment.id, now: now, in: books) }
            return nil
        }
        try books.setVerdict(verdict, of: payment.id)
        try books.decide("match", by: Self.actor, payment: payment.id, at: now) {
            if let review { try books.closeReview(review.id, decision: "matched", at: now) }
            try carryOut(
                verdict, plan, payment: payment.id, notice: payment.notice, now: now, in: books)
        }
        return (verdict, plan)
    }

    /// More open questions than any organizer leaves open.
    private static let waitingMax = 10_000
    /// Whether a new registration, or more words about the transfer, can answer the question. A
    /// doubt about the mail cannot be taken away, and where several were meant, or one that has
    /// paid, a person goes on looking.
    static func mayFindItsRegistration(_ reasons: [Reason]) -> Bool {
        guard lasting.isDisjoint(with: reasons) else { return false }
        return reasons.contains(.codeUnknown)
            || reasons.contains(.noCode)
                && bindings.isDisjoint(with: reasons)
    }

    private static let lasting: Set<Reason> = [
        .senderUnverified, .senderForged, .forwardedByHand, .ruleIsDraft, .timeSuspicious,
        .mailUnclear, .mailBroken, .mailTooLarge, .mailNotGiven, .attachedNotRead, .mailEncrypted,
        .detailsMissing, .foreignAccount, .accountUnknown, .otherCurrency, .perhapsSameTransfer,
        .takenBackBefore, .moneyReturned, .switchedOff, .undone,
    ]
    private static let bindings: Set<Reason> = [
        .severalCandidates, .rivalNear, .alreadyPaid, .registrationClosed, .onlyCandidate,
    ]
}
