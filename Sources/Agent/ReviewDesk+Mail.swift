// SPDX-License-Identifier: Apache-2.0

package import Domain
package import FoundationEssentials
package import Ledger

/// Answers to questions about mails that are no payments of the books, and what a bank took back.
extension ReviewDesk {
    /// A mail that is no payment in the books yet: taken for one with the amount that the person
    /// names, for the reversal of a payment, or left alone.
    func settle(
        _ mail: MailID, _ review: ReviewRecord, _ answer: ReviewAnswer, by actor: String,
        now: Date, in books: LedgerTransaction
    ) throws -> AnswerReport {
        var report = AnswerReport(decision: DecisionID(0), payment: nil)
        switch answer {
        case .ignore:
            report.decision = try books.decide(answer.name, by: actor, at: now) {
                try close(review, answer, by: actor, now: now, in: books)
            }
        case .assign(let goal, let amount):
            let isReversal = review.kind == MailOutcome.reversal.rawValue
            // Of what went back a part is said; what came is as much as the mail prints.
            guard let amount = amount ?? (isReversal ? nil : review.amount), amount.minorUnits > 0
            else { throw ReviewRefusal.amountMissing }
            guard !isReversal else {
                return try takeBack(
                    amount, of: goal, review, answer, by: actor, now: now, in: books)
            }
            guard let record = try books.mail(mail) else { throw ReviewRefusal.unknown }
            let movement = try books.payments(of: mail).count + 1
            let payment = try books.record(
                PaymentNotice(amount: amount, occurredAt: record.receivedAt, timeFrom: .arrival),
                of: mail, movement: movement, rule: Self.byHand,
                trust: record.reading.trust.trust,
                verdict: Verdict(.review, reasons: review.reasons), state: .review)
            report.payment = payment
            guard let written = try books.payment(payment) else { throw ReviewRefusal.unknown }
            report.decision = try books.decide(answer.name, by: actor, payment: payment, at: now) {
                try close(review, answer, by: actor, now: now, in: books)
                try books.receive(payment, at: now)
                try book(written, to: goal, &report, now: now, in: books)
            }
        case .accept(let chosen):
            guard review.kind == MailOutcome.reversal.rawValue else {
                throw ReviewRefusal.amountMissing
            }
            guard let guest = chosen ?? review.candidates.first?.registration else {
                throw ReviewRefusal.noCandidate
            }
            guard review.amount != nil || !review.reasons.contains(.partTakenBack) else {
                throw ReviewRefusal.amountMissing
            }
            return try takeBack(
                review.amount, of: guest, review, answer, by: actor, now: now, in: books)
        case .split, .credit, .refund: throw ReviewRefusal.amountMissing
        }
        return report
    }

    // MARK: - Taken back

    /// What a mail says went back, of the payment that lies with a guest; nil is all of it.
    private func takeBack(
        _ amount: Money?, of guest: RegistrationID, _ review: ReviewRecord,
        _ answer: ReviewAnswer, by actor: String, now: Date, in books: LedgerTransaction
    ) throws -> AnswerReport {
        // Only what is with the guest now can be taken back from them.
        let payments = try books.payments(holdingMoneyOf: guest)
        guard let payment = payments.first else { throw ReviewRefusal.moneyGone }
        guard payments.count == 1 else { throw ReviewRefusal.severalPayments(payments) }
        let part = try part(amount, of: payment, about: guest, in: books)
        var report = AnswerReport(decision: DecisionID(0), payment: payment)
        report.decision = try books.decide("reverse", by: actor, payment: payment, at: now) {
            try close(review, answer, by: actor, now: now, in: books)
            try reverse(payment, part, about: guest, &report, by: actor, now: now, in: books)
        }
        return report
    }

    /// The bank took a payment or a part of it back, and a person says so.
    ///
    /// - Parameters:
    ///   - amount: nil for all that is left of it.
    ///   - guest: whose part it is, where the payment is for several.
    /// - Throws: `ReviewRefusal.unknown`, `.moneyGone`, `.moreThanThere`, `.severalRegistrations`.
    package func reverse(
        _ id: PaymentID, _ amount: Money? = nil, about guest: RegistrationID? = nil,
        by actor: String, now: Date, in books: LedgerTransaction
    ) throws -> AnswerReport {
        guard let payment = try books.payment(id) else { throw ReviewRefusal.unknown }
        guard
            try payment.sameAs == nil && payment.state != .reversed && payment.state != .ignored
                && !books.holdings(of: id).isEmpty
        else { throw ReviewRefusal.moneyGone }
        let part = try part(amount, of: id, about: guest, in: books)
        var report = AnswerReport(decision: DecisionID(0), payment: id)
        report.decision = try books.decide("reverse", by: actor, payment: id, at: now) {
            try reverse(id, part, about: guest, &report, by: actor, now: now, in: books)
        }
        return report
    }

    /// What is to be booked back: nil for all that is left of the payment.
    private func part(
        _ amount: Money?, of payment: PaymentID, about guest: RegistrationID?,
        in books: LedgerTransaction
    ) throws -> Money? {
        guard let amount else { return nil }
        let lies = try books.takeable(of: payment)
        let currency = lies.first?.amount.currency ?? amount.currency
        let sum = { (some: [LedgerTransaction.Holding]) in
            Money(
                minorUnits: some.reduce(0) { $0 + $1.amount.minorUnits }, currency: currency)
        }
        if amount == sum(lies) { return nil }
        let there = sum(lies.filter { guest == nil || $0.about == guest })
        guard amount.currency == currency,
            (1...max(1, there.minorUnits)).contains(amount.minorUnits),
            there.minorUnits > 0
        else { throw ReviewRefusal.moreThanThere(there) }
        let surplus = sum(lies.filter { $0.account.registration == nil })
        let owners = Set(lies.compactMap(\.account.registration))
        guard guest != nil || owners.count < 2 || amount.minorUnits <= surplus.minorUnits else {
            throw ReviewRefusal.severalRegistrations(owners.sorted { $0.text < $1.text })
        }
        return amount
    }

    private func reverse(
        _ payment: PaymentID, _ part: Money?, about guest: RegistrationID?,
        _ report: inout AnswerReport, by actor: String, now: Date, in books: LedgerTransaction
    ) throws {
        let outcome = try PaymentReversal.carryOut(
            payment, part, about: guest, by: actor, now: now, in: books)
        report.registrations = outcome.registrations
        report.notDueAnyMore = outcome.notDueAnyMore.map { (payment, $0.amount) }
        let sent = try part == nil ? PaymentReversal.refunded(payment, in: books) : []
        var asked = report.registrations.filter { $0.state == .suspended }.map(\.id)
        guard !asked.isEmpty || !sent.isEmpty else { return }
        asked += sent.compactMap(\.about).filter { !asked.contains($0) }
        report.review = try PaymentReversal.ask(
            payment,
            (part == nil ? [] : [.partTakenBack])
                + (outcome.notDueAnyMore.isEmpty ? [] : [.refundNotDue]),
            about: asked, now: now, in: books)
    }
}
