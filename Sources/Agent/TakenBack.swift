// SPDX-License-Identifier: Apache-2.0

internal import Domain
internal import FoundationEssentials
package import Ledger
internal import Matching
package import Statements

/// A line by which money that had come in went out again. It is the bank's mark that says so, or
/// the number, the code, or a word such as `iade` beside the whole name.
package struct TakenBack: Sendable {
    let draft: StatementDraft
    /// The payments that it may be and that still hold their money, the likest first; none when
    /// one was taken back already.
    package let payments: [PaymentID]
    /// The books do not know of it yet.
    package let isOpen: Bool
    /// What was booked back just now because of it.
    package var bookedBack: [BookedBack] = []

    package var line: StatementLine { draft.line }

    /// Those that a person compares by eye.
    private static let shownMax = 5
    /// Payments of one sum that are looked through.
    private static let equalsMax = 500

    /// The lines of a file, in their order. A payment that was taken back in the books stands for
    /// one of them. Money that went out for anything else is left out.
    ///
    /// - Parameter drafts: of lines with money that went out.
    static func all(
        _ drafts: [StatementDraft], in books: LedgerTransaction
    ) throws -> [TakenBack] {
        var known: Set<PaymentID> = []
        return try drafts.compactMap { try TakenBack($0, known: &known, in: books) }
    }

    /// Looks for payments of the same sum: by the bank's number where one bears it, else by the
    /// name where one fits. The likest by their words come first.
    private init?(
        _ draft: StatementDraft, known: inout Set<PaymentID>, in books: LedgerTransaction
    ) throws {
        self.draft = draft
        let meant = try Self.meant(by: draft, in: books)
        guard draft.line.isReversal || draft.isTakenBack || !meant.isEmpty else { return nil }
        let line = draft.line
        let words = StatementWord(line.notice(account: nil))
        let likeness = try meant.map {
            ($0, try Self.likeness(of: $0, to: words, line.words, in: books))
        }.sorted { ($1.1, $1.0.id) < ($0.1, $0.0.id) }
        // One that is less like it than others was taken back by another line.
        let free = likeness.filter { !known.contains($0.0.id) }
        let sum = draft.retraction.amount
        let likest = free.filter { $0.1 == free.first?.1 }
        let reversed = try likest.first { try Self.isTakenBack(sum, of: $0.0, in: books) }
        if let reversed { known.insert(reversed.0.id) }
        if try reversed != nil || Self.isSettled(draft, in: books) {
            isOpen = false
            payments = []
        } else {
            isOpen = true
            payments = likeness.map(\.0).filter { $0.state != .reversed }
                .prefix(Self.shownMax).map(\.id)
        }
    }

    /// The payments that a line may be about. One that the bank does not mark as a reversal is
    /// about nothing but what it names.
    private static func meant(
        by draft: StatementDraft, in books: LedgerTransaction
    ) throws -> [PaymentRecord] {
        let sum = draft.retraction.amount
        let day = draft.line.booked.instant(86_399)
        let word = StatementWord(draft.notice)
        func may(_ payment: PaymentRecord) -> Bool {
            payment.sameAs == nil && payment.state != .ignored && payment.notice.amount.covers(sum)
                && draft.mayTakeBack(payment)
        }
        let isSaid = draft.line.saysTakenBack
        let numbered = try draft.line.reference.map { number in
            try books.payments(
                transactionID: number, since: day - Reversal.lookBack, limit: numbersMax
            ).map { payment in
                try payment.sameAs.flatMap { try books.payment($0) } ?? payment
            }.filter { may($0) && (isSaid || $0.notice.amount == sum) }
        }
        if let numbered, !numbered.isEmpty { return numbered }
        guard draft.line.isReversal || isSaid || !word.codes.isEmpty else { return [] }
        let equals = try books.payments(
            of: sum, in: (day - Reversal.lookBack)...day, limit: equalsMax
        ).filter(may)
        let named = equals.filter { payment in
            let payer = payment.notice.payer.flatMap { PersonName($0) }
            return draft.line.isReversal
                ? NameAgreement(payer: word.payer, guest: payer) >= .masked
                : isSaid && payer.map { word.tells(of: $0) } ?? false
        }
        let coded = try coded(word, equals, in: books).filter(may)
        let choices =
            draft.line.isReversal
            ? [named, equals, coded] : [coded, word.codes.isEmpty ? named : []]
        return choices.first { !$0.isEmpty } ?? []
    }

    /// Whether somebody was asked about it and has answered. What was booked back unasked, and was
    /// undone, nobody has answered: the books hold money that the bank took back.
    private static func isSettled(
        _ draft: StatementDraft, in books: LedgerTransaction
    ) throws -> Bool {
        guard let mail = try draft.mail(in: books) else { return false }
        return try books.wasAnswered(.mail(mail))
    }

    /// Whether the books say so of all of a payment, or of this part of it.
    private static func isTakenBack(
        _ sum: Money, of payment: PaymentRecord, in books: LedgerTransaction
    ) throws -> Bool {
        if payment.state == .reversed { return true }
        return try sum != payment.notice.amount && books.wasTakenBack(sum, of: payment.id)
    }

    /// A bank gives a number once.
    private static let numbersMax = 10

    /// What came with the code, or lies with its owner.
    private static func coded(
        _ word: StatementWord, _ equals: [PaymentRecord], in books: LedgerTransaction
    ) throws -> [PaymentRecord] {
        guard !word.codes.isEmpty else { return [] }
        let owned = try word.codes.flatMap { code in
            try books.registration(reference: code).map {
                try books.payments(holdingMoneyOf: $0.id)
            }
                ?? []
        }.compactMap { try books.payment($0) }
        let told = try equals.filter { payment in
            try !payment.codes(in: books).isDisjoint(with: word.codes)
        }
        return told + owned.filter { payment in !told.contains { $0.id == payment.id } }
    }

    /// How much a payment, with all notices of it, is like what the line says: the same code, else
    /// the words that both have; less than none where both have codes and none in common.
    private static func likeness(
        of payment: PaymentRecord, to line: StatementWord, _ words: Set<String>,
        in books: LedgerTransaction
    ) throws -> Int {
        let notices = try [payment] + books.notices(sameAs: payment.id)
        let codes = try notices.reduce(into: Set<ReferenceCode>()) { codes, notice in
            try codes.formUnion(
                StatementWord(notice.notice, codes: notice.codes(in: books)).codes)
        }
        if !line.codes.isEmpty, !codes.isEmpty {
            return line.codes.isDisjoint(with: codes) ? -1 : codeLikeness
        }
        let texts = notices.flatMap { [$0.notice.payer, $0.notice.description] }
        return StatementLine.words(of: texts).intersection(words).count
    }

    /// A description of 4,096 bytes has fewer words.
    private static let codeLikeness = 10_000
}

extension StatementDraft {
    /// The line as it was written before, from this file or another.
    func mail(in books: LedgerTransaction) throws -> MailID? {
        try books.mail(at: place)?.id ?? books.settledMail(identity: identity)
    }

    /// Whether a payment can have come in where the line tells of, and before it.
    func mayTakeBack(_ payment: PaymentRecord) -> Bool {
        guard payment.notice.occurredAt <= line.booked.instant(86_399) else { return false }
        let rule = StatementRule.names(payment.rule) ? nil : payment.rule
        let told = StatementWord(payment.notice, rule: rule)
        return StatementKinship.home(StatementWord(notice), told) != .another
    }
}

extension Money {
    /// Whether `other` can be all of it or a part.
    fileprivate func covers(_ other: Money) -> Bool {
        currency == other.currency && other.minorUnits <= minorUnits
    }
}
