// SPDX-License-Identifier: Apache-2.0

internal import Domain
internal import FoundationEssentials
internal import Ledger

extension PaymentPipeline {
    /// How rules name a transfer of ours that did not reach its account and came back.
    private static let returned = "returned"

    /// A mail that is no payment: left alone when it is plainly none, else shown to a person.
    func settleOther(
        _ findings: MailFindings, mail: MailID, source: String, now: Date,
        in books: LedgerTransaction
    ) throws -> MailReport {
        var reasons = findings.reasons
        var needsPerson = true
        switch findings.outcome {
        case .reversal:
            var reversal = Reversal(findings: findings, mail: mail, now: now, books: books)
            return MailReport(findings, source: source, verdict: try reversal.settle())
        case .paymentWithoutDetails:
            if !reasons.contains(.detailsMissing) { reasons.append(.detailsMissing) }
        case .unclear, .payment: if reasons.isEmpty { reasons.append(.mailUnclear) }
        case .unread:
            needsPerson = findings.imitates != nil
            if needsPerson, !reasons.contains(.senderForged) { reasons.append(.senderForged) }
        case .notAPayment:
            // The books may say of that money that it was sent back.
            if findings.kind == Self.returned { reasons.append(.moneyReturned) }
            // A draft may take for nothing what is money.
            needsPerson = !Set(reasons).isDisjoint(
                with: [.forwardingConfirmation, .moneyReturned, .mailUnclear])
        }
        if needsPerson {
            // What a rule made of a mail that nobody proved must not be shown as a fact.
            if findings.rule != nil {
                let doubts = findings.doubts
                reasons = doubts + reasons.filter { !doubts.contains($0) }
            }
            let kind = findings.drift == nil ? findings.outcome.rawValue : "drift"
            let isReturned = reasons.contains(.moneyReturned)
            let guests = isReturned ? try returnedRefunds(in: mail, books) : []
            try books.openReview(
                of: .mail(mail), kind: kind, reasons: reasons, candidates: guests,
                amount: findings.outcome == .paymentWithoutDetails ? findings.onlyAmount : nil,
                at: now)
        }
        var report = MailReport(
            findings, source: source,
            verdict: Verdict(needsPerson ? .review : .none, reasons: reasons))
        if let drift = findings.drift, try books.note(drift, at: now) { report.drift = drift }
        return report
    }

    /// The guests to whom was sent what came back, as the mail tells.
    private func returnedRefunds(
        in mail: MailID, _ books: LedgerTransaction
    ) throws -> [Verdict.Candidate] {
        var seen: Set<RegistrationID> = []
        let guests = try ReturnedRefund.told(by: mail, in: books).compactMap(\.about)
        return try books.candidates(guests.filter { seen.insert($0).inserted }, paidBy: nil)
    }

    /// Refunds of one sum that are compared with money that comes for the guest.
    private static let refundsMax = 500

    /// Money for a guest to whom just this sum was sent back may be that refund, returned.
    func perhapsReturned(
        _ verdict: Verdict, _ notice: PaymentNotice, in books: LedgerTransaction
    ) throws -> Verdict {
        guard verdict.kind == .review, let first = verdict.candidates.first?.registration,
            try books.registration(first)?.state == .refunded
        else { return verdict }
        let sent = try books.refundsSent(
            of: notice.amount, since: notice.occurredAt - Reversal.lookBack,
            limit: Self.refundsMax)
        guard sent.contains(where: { $0.about == first && !$0.isUndone }) else { return verdict }
        var verdict = verdict
        verdict.reasons.insert(.moneyReturned, at: 0)
        return verdict
    }

    /// A question about a copy that nobody proved says from now on that the money may be counted.
    func warn(
        ofCopies notice: PaymentNotice, rule: RuleID, mail: MailID, now: Date,
        in books: LedgerTransaction
    ) throws {
        for review in try Twin.questions(aboutCopiesOf: notice, rule: rule, mail: mail, in: books)
        where !review.reasons.contains(.perhapsSameTransfer) {
            try books.openReview(
                of: review.subject, kind: review.kind,
                reasons: [.perhapsSameTransfer] + review.reasons, candidates: review.candidates,
                at: now)
        }
    }
}
