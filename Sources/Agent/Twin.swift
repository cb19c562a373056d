// SPDX-License-Identifier: Apache-2.0

internal import Domain
internal import FoundationEssentials
internal import Ledger
internal import Matching

/// Looks for a payment of the ledger that a new notice tells of once more.
enum Twin {
    case none
    case same(PaymentRecord)
    case perhaps(PaymentRecord)

    /// A bank's other notices of one sum within ten minutes; a season has a handful.
    private static let equalsMax = 200

    /// Each payment takes one further notice of each kind: two equal transfers with two receipts
    /// stay two.
    static func find(
        _ notice: PaymentNotice, rule: RuleID, mail: MailID, in books: LedgerTransaction
    ) throws -> Twin {
        let gap = Kinship.sameArrivalSeconds
        let range = notice.occurredAt - gap...notice.occurredAt + gap
        let bank = Kinship.bank(rule) + "/"
        var doubtful: PaymentRecord?
        for earlier in try books.payments(
            like: notice, rule: rule, bank: bank, in: range, limit: equalsMax)
        where earlier.mail != mail && earlier.trust.allowsAutomaticApproval
            && earlier.state != .ignored
        {
            switch Kinship.of(notice, rule: rule, and: earlier.notice, rule: earlier.rule) {
            case .another: continue
            case .same:
                if try isTaken(earlier, by: rule, notice, in: books) { continue }
                return .same(earlier)
            case .perhaps:
                if try isTaken(earlier, by: rule, notice, in: books) { continue }
                doubtful = doubtful ?? earlier
            }
        }
        if let doubtful { return .perhaps(doubtful) }
        return try booked(notice, rule: rule, in: books)
    }

    /// Lines of one sum in a week that no mail told of when they were applied; a statement may be
    /// the only source for all of a season.
    private static let linesMax = 5_000

    /// Looks among the lines of statements that no mail told of when they were read.
    private static func booked(
        _ notice: PaymentNotice, rule: RuleID, in books: LedgerTransaction
    ) throws -> Twin {
        let day: TimeInterval = 86_400
        let range =
            notice.occurredAt - Double(StatementKinship.bookedDaysEarlier + 1) * day...notice
            .occurredAt + Double(StatementKinship.bookedDaysLater + 1) * day
        let word = StatementWord(notice)
        var doubtful: PaymentRecord?
        for line in try books.payments(
            of: notice.amount, in: range, rule: StatementRule.bank, limit: linesMax)
        {
            guard
                let kinship = StatementKinship.of(
                    StatementWord(line.notice, codes: try line.codes(in: books)), and: word),
                try !isTaken(line, by: rule, notice, in: books)
            else { continue }
            if kinship >= .name { return .same(line) }
            doubtful = doubtful ?? line
        }
        return doubtful.map { .perhaps($0) } ?? .none
    }

    /// Whether a notice of this kind has told of the payment already, and bore another number.
    private static func isTaken(
        _ payment: PaymentRecord, by rule: RuleID, _ notice: PaymentNotice,
        in books: LedgerTransaction
    ) throws -> Bool {
        try books.notices(sameAs: payment.id).contains { known in
            known.rule == rule
                && (known.notice.transactionID == nil
                    || known.notice.transactionID != notice.transactionID)
        }
    }
}
