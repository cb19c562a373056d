// SPDX-License-Identifier: Apache-2.0

internal import Domain
internal import FoundationEssentials
package import Ledger
internal import Matching

/// Looks for a payment of the ledger that a new notice tells of once more.
package enum Twin {
    case none
    case same(PaymentRecord)
    case perhaps(PaymentRecord)

    /// A bank's other notices of one sum within ten minutes; a season has a handful.
    private static let equalsMax = 200
    /// A bank's notices of one sum in forty days that are compared with one that nobody proved:
    /// what came long before it is seldom meant.
    private static let copiesMax = 500

    /// Each payment takes one further notice of each kind: two equal transfers with two receipts
    /// stay two.
    static func find(
        _ notice: PaymentNotice, rule: RuleID, mail: MailID, in books: LedgerTransaction
    ) throws -> Twin {
        if let told = try letter(notice, mail: mail, in: books) { return .perhaps(told) }
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
        let booked = try booked(notice, rule: rule, mail: mail, in: books)
        guard case .none = booked else { return booked }
        // A person may have counted a copy that came before this notice.
        let copies = try copies(of: notice, rule: rule, mail: mail, isUnproven: true, in: books)
        return try copies.first { try !books.holdings(of: $0.id).isEmpty }.map { .perhaps($0) }
            ?? .none
    }

    /// The payment of this sum that another proven mail told of with the same Message-ID and Date,
    /// or with the same signed content: one mail that was changed on one of its ways, or a bank
    /// that numbers its mails badly, or does not sign their numbers.
    private static func letter(
        _ notice: PaymentNotice, mail: MailID, in books: LedgerTransaction
    ) throws -> PaymentRecord? {
        let told = try books.payments(
            of: notice.amount, inMailsMarkedAs: mail, limit: equalsMax
        ).first { $0.state != .ignored || $0.sameAs != nil || $0.verdict != .none }
        return try told?.sameAs.flatMap { try books.payment($0) } ?? told
    }

    /// Payments that a notice which nobody proved may be a copy of, or such a copy of it: those of
    /// the same payer and the last ones first.
    private static func copies(
        of notice: PaymentNotice, rule: RuleID, mail: MailID, isUnproven: Bool = false,
        in books: LedgerTransaction
    ) throws -> [PaymentRecord] {
        let gap = Double(Kinship.copyDays) * 86_400
        return try books.payments(
            of: notice.amount, bank: Kinship.bank(rule) + "/", isUnproven: isUnproven,
            in: notice.occurredAt - gap...notice.occurredAt + gap, limit: copiesMax
        ).filter {
            $0.mail != mail && $0.state != .ignored
                && Kinship.mayBeCopy(notice, rule: rule, of: $0.notice, rule: $0.rule)
        }
    }

    /// The same for a notice that nobody proved: certain is nothing.
    static func findCopied(
        _ notice: PaymentNotice, rule: RuleID, mail: MailID, in books: LedgerTransaction
    ) throws -> Twin {
        if let one = try copies(of: notice, rule: rule, mail: mail, in: books).first {
            return .perhaps(one)
        }
        switch try booked(notice, rule: rule, mail: mail, in: books) {
        case .same(let line), .perhaps(let line): return .perhaps(line)
        case .none: return .none
        }
    }

    /// Open questions about copies that nobody proved of a payment that is booked now.
    static func questions(
        aboutCopiesOf notice: PaymentNotice, rule: RuleID, mail: MailID,
        in books: LedgerTransaction
    ) throws -> [ReviewRecord] {
        try copies(of: notice, rule: rule, mail: mail, isUnproven: true, in: books).compactMap {
            try books.openReview(of: .payment($0.id))
        }
    }

    /// The payment that the notice of another may tell of once more, as a person is told who looks
    /// at a question about it.
    package static func payment(
        told payment: PaymentRecord, in books: LedgerTransaction
    ) throws -> PaymentRecord? {
        if StatementRule.names(payment.rule) { return try told(line: payment, in: books) }
        let look = payment.trust.allowsAutomaticApproval ? find : findCopied
        switch try look(payment.notice, payment.rule, payment.mail, books) {
        case .same(let other), .perhaps(let other): return other
        case .none: return nil
        }
    }

    /// Lines of one sum in six weeks that no mail told of when they were applied; a statement may
    /// be the only source for all of a season.
    private static let linesMax = 5_000

    /// Looks among the lines of statements that no mail told of when they were read. Only
    /// one of the same account is certainly the same: who pays to two banks on a day paid twice.
    /// Whom words name is looked up for lines that may be meant.
    private static func booked(
        _ notice: PaymentNotice, rule: RuleID, mail: MailID, in books: LedgerTransaction
    ) throws -> Twin {
        let day: TimeInterval = 86_400
        let gap = Double(StatementKinship.strayDays + 1) * day
        let range = notice.occurredAt - gap...notice.occurredAt + gap
        var word = StatementWord(notice, rule: rule)
        let lookup = LedgerLookup(books: books)
        var likest: (line: PaymentRecord, kinship: StatementKinship)?
        var known: (line: PaymentRecord, kinship: StatementKinship)?
        for line in try books.payments(
            of: notice.amount, in: range, rule: StatementRule.bank, limit: linesMax)
        where line.mail != mail {
            var told = StatementWord(line.notice, codes: try line.codes(in: books))
            guard StatementKinship.of(told, and: word) != nil,
                try !isTaken(line, by: rule, notice, in: books)
            else { continue }
            if told.isNameless { told = try told.naming(line.notice, lookup) }
            if told.namesGuests, !word.namesGuests { word = try word.naming(notice, lookup) }
            guard let kinship = StatementKinship.of(told, and: word) else { continue }
            if kinship >= .name, StatementKinship.home(told, word) == .same,
                known.map({ $0.kinship < kinship }) ?? true
            {
                known = (line, kinship)
            }
            if likest.map({ $0.kinship < kinship }) ?? true { likest = (line, kinship) }
        }
        return known.map { .same($0.line) } ?? likest.map { .perhaps($0.line) } ?? .none
    }

    /// The payment that a mail told of and that is the likest to be a line's, among those that no
    /// line told of.
    private static func told(
        line: PaymentRecord, in books: LedgerTransaction
    ) throws -> PaymentRecord? {
        let gap = Double(StatementKinship.strayDays + 1) * 86_400
        let range = line.notice.occurredAt - gap...line.notice.occurredAt + gap
        let word = StatementWord(line.notice, codes: try line.codes(in: books))
        var likest: (payment: PaymentRecord, kinship: StatementKinship)?
        for payment in try books.payments(of: line.notice.amount, in: range, limit: linesMax)
        where payment.sameAs == nil && payment.state != .ignored
            && !StatementRule.names(payment.rule)
        {
            let told = StatementWord(
                payment.notice, rule: payment.rule, codes: try payment.codes(in: books))
            guard let kinship = StatementKinship.of(word, and: told),
                likest.map({ $0.kinship < kinship }) ?? true,
                try !books.notices(sameAs: payment.id).contains(where: {
                    StatementRule.names($0.rule)
                })
            else { continue }
            likest = (payment, kinship)
        }
        return likest?.payment
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
