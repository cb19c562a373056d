// SPDX-License-Identifier: Apache-2.0

internal import Domain
internal import FoundationEssentials
internal import Ledger
internal import Matching
internal import Statements

/// Lays the lines of a file beside what the ledger knows of the same days. Nothing is written.
struct StatementComparison {
    private let books: LedgerTransaction
    private let drafts: [StatementDraft]
    private var findings: [Reconciliation.Finding?]
    /// By draft: why it was taken for a mail's.
    private var bases: [Int: StatementPairing.Basis] = [:]
    /// What mails told of near these days and no line of any statement.
    private var mails: [PaymentRecord]
    /// What lines told of that this file does not show.
    private var otherLines: [Ground: [PaymentRecord]] = [:]
    /// The accounts of those, where they are known.
    private var otherAccounts: Set<IBAN?> = []
    /// The lines that were applied as payments of their own.
    private var booked: Set<Int> = []
    /// Lines that may be those of another statement, told otherwise.
    private var perhapsLines: Set<Int> = []
    /// Payments that are some line's, or may be.
    private var used: Set<PaymentID> = []

    /// What two lines share that may be one, told otherwise.
    private struct Ground: Hashable {
        let day: BankDay
        let amount: Money
        /// Nil when it is not known.
        let account: IBAN?
    }

    private func grounds(of draft: StatementDraft) -> [Ground] {
        let account = draft.notice.receivingAccount.flatMap { IBAN($0) }
        return otherAccounts.filter { $0 == nil || account == nil || $0 == account }.map {
            Ground(day: draft.line.booked, amount: draft.notice.amount, account: $0)
        }
    }

    /// - Parameters:
    ///   - span: the days that the file tells of.
    ///   - earlier: what other files would write before it.
    init(
        _ drafts: [StatementDraft], span: ClosedRange<BankDay>,
        after earlier: StatementDesk.Earlier, in books: LedgerTransaction
    ) throws {
        self.books = books
        self.drafts = drafts
        findings = drafts.map { earlier.lines.contains($0.identity) ? .repeated : nil }
        used = earlier.payments
        let day: TimeInterval = 86_400
        let gap = Double(StatementKinship.strayDays) * day
        let range = span.lowerBound.instant(0)...span.upperBound.instant(86_399)
        let around = range.lowerBound - gap...range.upperBound + gap
        mails = try Self.all {
            try books.payments(
                in: around, withoutNoticeBy: StatementRule.bank, after: $0, limit: $1)
        }
        try findKnown(
            among: try Self.all {
                try books.payments(in: range, rule: StatementRule.bank, after: $0, limit: $1)
            })
    }

    /// Payments read at once; the number does not matter.
    private static let page = 1_000

    private static func all(
        _ read: (PaymentID?, Int) throws -> [PaymentRecord]
    ) throws -> [PaymentRecord] {
        var payments: [PaymentRecord] = []
        while true {
            let next = try read(payments.last?.id, page)
            payments += next
            if next.count < page { return payments }
        }
    }

    /// Lines that were applied before, from this file or from another one. Where a line of the
    /// same day, sum and account was applied that this file does not show, perhaps it is this one,
    /// told otherwise: by another format, or a mapping that was changed.
    private mutating func findKnown(among lines: [PaymentRecord]) throws {
        var shown: Set<PaymentID> = []
        for (index, draft) in drafts.enumerated() where findings[index] == nil {
            guard let mail = try draft.mail(in: books),
                let payment = try books.payments(of: mail).first
            else { continue }
            findings[index] = .known(payment.sameAs ?? payment.id)
            used.insert(payment.sameAs ?? payment.id)
            if payment.sameAs == nil { booked.insert(index) }
            shown.insert(payment.id)
        }
        otherLines = Dictionary(grouping: lines.filter { !shown.contains($0.id) }) {
            Ground(
                day: BankDay(of: $0.notice.occurredAt), amount: $0.notice.amount,
                account: $0.notice.receivingAccount.flatMap { IBAN($0) })
        }
        otherAccounts = Set(otherLines.keys.map(\.account))
        for (index, draft) in drafts.enumerated() where findings[index] == nil {
            let equals = grounds(of: draft).flatMap { otherLines[$0] ?? [] }
            guard !equals.isEmpty else { continue }
            if let same = try same(as: draft, among: equals) {
                findings[index] = .known(same.sameAs ?? same.id)
                used.insert(same.sameAs ?? same.id)
                for ground in grounds(of: draft) {
                    otherLines[ground]?.removeAll { $0.id == same.id }
                }
            } else {
                let some = equals.prefix(StatementPairing.shownMax)
                findings[index] = .uncertain(some.map { $0.sameAs ?? $0.id })
                perhapsLines.insert(index)
            }
        }
    }

    /// The one with the same number of the bank, where no code says otherwise.
    private func same(
        as draft: StatementDraft, among equals: [PaymentRecord]
    ) throws -> PaymentRecord? {
        guard let number = draft.line.reference else { return nil }
        let word = StatementWord(draft.notice)
        return try equals.first {
            try $0.notice.transactionID == number
                && !word.contradicts(StatementWord($0.notice, codes: $0.codes(in: books)))
        }
    }

    // MARK: - What a person says

    /// Places lines as a person says, before any other.
    ///
    /// - Throws: `StatementRefusal`.
    mutating func choose(_ choices: [StatementChoice]) throws {
        let places = Dictionary(
            drafts.enumerated().map { ($1.number, $0) }, uniquingKeysWith: { first, _ in first })
        var said: Set<Int> = []
        for choice in choices {
            guard said.insert(choice.line).inserted else {
                throw StatementRefusal.saidTwice(choice.line)
            }
            guard let place = places[choice.line] else {
                throw StatementRefusal.noLine(choice.line)
            }
            switch choice {
            case .new:
                if case .known(let payment) = findings[place] {
                    // The same word again changes nothing.
                    if booked.contains(place) { continue }
                    throw StatementRefusal.applied(choice.line, payment)
                }
                findings[place] = .bankOnly
            case .same(_, let payment):
                try pair(place, with: payment)
            }
        }
    }

    private mutating func pair(_ place: Int, with id: PaymentID) throws {
        let draft = drafts[place]
        guard let named = try books.payment(id),
            let payment = try named.sameAs.map({ try books.payment($0) }) ?? named
        else { throw StatementRefusal.noPayment(id) }
        guard payment.notice.amount == draft.notice.amount else {
            throw StatementRefusal.amountDiffers(draft.number, id)
        }
        if case .known(let known) = findings[place] {
            if known == payment.id { return }
            throw StatementRefusal.applied(draft.number, known)
        }
        guard try !used.contains(payment.id) && canTake(payment, draft) else {
            throw StatementRefusal.taken(payment.id)
        }
        used.insert(payment.id)
        findings[place] = .both(payment.id)
    }

    /// Whether no line told of the payment, or only one that this may be, told otherwise.
    private func canTake(_ payment: PaymentRecord, _ draft: StatementDraft) throws -> Bool {
        let lines = try ([payment] + books.notices(sameAs: payment.id)).filter {
            StatementRule.names($0.rule)
        }
        let others = Set(grounds(of: draft).flatMap { otherLines[$0] ?? [] }.map(\.id))
        return lines.allSatisfy { others.contains($0.id) }
    }

    // MARK: - What speaks for itself

    /// Brings the lines that are left together with what mails told.
    mutating func pair() throws {
        let open = drafts.indices.filter { findings[$0] == nil }
        let lines = Dictionary(grouping: open) { drafts[$0].notice.amount }
        let payments = Dictionary(
            grouping: mails.filter { !used.contains($0.id) && $0.trust != .forged }
        ) { $0.notice.amount }
        var comparisons = StatementPairing.comparisonsMax
        for (amount, lines) in lines.sorted(by: { $0.value[0] < $1.value[0] }) {
            guard let equals = payments[amount] else {
                for line in lines { findings[line] = .bankOnly }
                continue
            }
            let (words, told) = try words(of: lines, and: equals)
            let result = StatementPairing.match(words, told, comparisons: &comparisons)
            for (place, line) in lines.enumerated() { bases[line] = result.bases[place] }
            for (line, match) in zip(lines, result.matches) {
                switch match {
                case .pair(let place):
                    findings[line] = .both(equals[place].id)
                    used.insert(equals[place].id)
                case .uncertain(let places):
                    findings[line] = .uncertain(places.map { equals[$0].id })
                case .alone: findings[line] = .bankOnly
                }
            }
            used.formUnion(result.inDoubt.map { equals[$0].id })
        }
    }

    /// Whom words name is looked up where it can matter: for lines without a name, and for mails
    /// where such a line names a guest.
    private func words(
        of lines: [Int], and payments: [PaymentRecord]
    ) throws -> (lines: [StatementWord], payments: [StatementWord]) {
        let lookup = LedgerLookup(books: books)
        let words = try lines.map { line in
            let notice = drafts[line].notice
            let word = StatementWord(notice)
            return word.isNameless ? try word.naming(notice, lookup) : word
        }
        let isAnyNamed = words.contains(where: \.namesGuests)
        let told = try payments.map { payment in
            let word = try StatementWord(
                payment.notice, rule: payment.rule, codes: payment.codes(in: books))
            return isAnyNamed ? try word.naming(payment.notice, lookup) : word
        }
        return (words, told)
    }

    // MARK: - The result

    var items: [Reconciliation.Item] {
        drafts.indices.map {
            Reconciliation.Item(
                draft: drafts[$0], finding: findings[$0] ?? .bankOnly, basis: bases[$0],
                isPerhapsLine: perhapsLines.contains($0))
        }
    }

    /// What mails told of in `span` and no line shows.
    func mailOnly(_ span: ClosedRange<BankDay>, _ currencies: Set<Currency>) -> [PaymentRecord] {
        mails.filter { payment in
            span.contains(BankDay(of: payment.notice.occurredAt)) && !used.contains(payment.id)
                && payment.state != .ignored && currencies.contains(payment.notice.amount.currency)
        }
    }
}

extension PaymentRecord {
    /// The code that was read, and those of the registrations the money lies with.
    func codes(in books: LedgerTransaction) throws -> Set<ReferenceCode> {
        var codes = Set([reference].compactMap(\.self))
        for holding in try books.holdings(of: id) {
            guard let guest = holding.account.registration,
                let registration = try books.registration(guest)
            else { continue }
            codes.insert(registration.reference)
        }
        return codes
    }
}
