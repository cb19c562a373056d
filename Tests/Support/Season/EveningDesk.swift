// SPDX-License-Identifier: Apache-2.0

import Agent
import Domain
import FoundationEssentials
import Ledger
import Sandbox

/// The person who answers every open question each evening, through the same door as
/// `mutabik review`. Which questions there are says the ledger; the answers say the truth.
struct EveningDesk {
    let season: Season
    let ledger: LedgerDatabase
    let pipeline: PaymentPipeline
    private let desk = ReviewDesk()
    private var lines: [MailPlace: Int] = [:]

    /// Where the right registration stood when the question about a mail was first shown.
    private(set) var shown: [Int: Fate] = [:]
    /// How many questions each evening had.
    private(set) var evenings: [Int] = []

    init(season: Season, ledger: LedgerDatabase, pipeline: PaymentPipeline) {
        self.season = season
        self.ledger = ledger
        self.pipeline = pipeline
    }

    /// Answers until nothing is open.
    ///
    /// - Parameter lines: which payment a line of a statement shows.
    mutating func answerAll(_ lines: [MailPlace: Int], now: Date) throws {
        self.lines = lines
        var count = 0
        var last: ReviewID?
        while let review = try ledger.read({ try $0.openReviews(after: last, limit: 1).first }) {
            try answer(review, now: now)
            last = review.id
            count += 1
        }
        evenings.append(count)
    }

    private mutating func answer(_ listed: ReviewRecord, now: Date) throws {
        let review = try ledger.read { try pipeline.ranked(listed, in: $0) }
        let (number, record) = try ledger.read { try mail(of: review, in: $0) }
        let truth = season.payments[number]
        // Who is not in the list of guests yet may be by tomorrow.
        guard try ledger.read({ try isKnown(truth, in: $0) }) else { return }
        if shown[number] == nil, record.map({ $0.state == .review }) ?? true {
            shown[number] = place(of: truth, in: review)
        }
        _ = try ledger.write { books in
            // Who names nobody is refused when somebody else stands first by now.
            var answer = try answer(to: review, record, truth, in: books)
            if answer == .accept(nil), let first = review.candidates.first {
                answer = .accept(first.registration)
            }
            answer = try pipeline.meaning(of: answer, to: review.id, in: books)
            return try desk.answer(
                review.id, answer, revision: review.revision, by: "evening", now: now, in: books)
        }
    }

    private func isKnown(_ truth: Payment, in books: LedgerTransaction) throws -> Bool {
        try truth.meant.isEmpty || truth.meant.contains { try books.registration($0) != nil }
    }

    private func mail(
        of review: ReviewRecord, in books: LedgerTransaction
    ) throws -> (Int, PaymentRecord?) {
        var mail: MailID
        var record: PaymentRecord?
        switch review.subject {
        case .mail(let id): mail = id
        case .payment(let id):
            record = try books.payment(id)
            mail = record?.mail ?? MailID(0)
        }
        let place = try books.mail(mail)?.place
        return (place.flatMap { lines[$0] } ?? Int(place?.uid ?? 1) - 1, record)
    }

    private func place(of truth: Payment, in review: ReviewRecord) -> Fate {
        if truth.meant.isEmpty { return .leftAlone }
        let proposed = review.candidates.map(\.registration)
        guard let first = proposed.first else { return .absent }
        if truth.meant.contains(first) { return .first }
        return truth.meant.contains(where: proposed.contains) ? .among : .absent
    }

    // MARK: - What is right

    private func answer(
        to review: ReviewRecord, _ record: PaymentRecord?, _ truth: Payment,
        in books: LedgerTransaction
    ) throws -> ReviewAnswer {
        guard let record else { return answer(toMail: review, truth) }
        // The money is gone, or is no money of the organizer's, or was counted before.
        if record.state == .reversed || truth.transfer.isToOtherAccount
            || truth.transfer.isReceipt
        {
            return .ignore
        }
        let owing = try truth.meant.compactMap { try books.registration($0) }.filter {
            $0.open.minorUnits > 0 && $0.due.currency == record.notice.amount.currency
        }
        // What is left over, or was for nobody, or came twice.
        guard record.state == .review, let goal = owing.first else {
            return record.id.number % 2 == 0 ? .refund : .credit
        }
        let sum = owing.reduce(0) { $0 + $1.open.minorUnits }
        if owing.count > 1, sum == record.notice.amount.minorUnits {
            return .split(owing.map { .init(registration: $0.id, amount: $0.open) })
        }
        let proposed = review.candidates.map(\.registration)
        if proposed.first == goal.id { return .accept(nil) }
        return proposed.contains(goal.id) ? .accept(goal.id) : .assign(goal.id, nil)
    }

    private func answer(toMail review: ReviewRecord, _ truth: Payment) -> ReviewAnswer {
        guard let goal = truth.meant.first else { return .ignore }
        if truth.variant == .chargeback { return .accept(goal) }
        return .assign(goal, truth.transfer.amount)
    }
}
