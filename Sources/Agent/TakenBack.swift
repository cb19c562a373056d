// SPDX-License-Identifier: Apache-2.0

internal import Domain
internal import FoundationEssentials
package import Ledger
internal import Matching
package import Statements

/// A line by which the bank took back money that had come in. Nothing is booked for it: a person
/// says which payment it was, `payments reverse`.
package struct TakenBack: Sendable {
    package let line: StatementLine
    /// The payments that it may be and that still hold their money, the newest first; none when
    /// one was taken back already.
    package let payments: [PaymentID]
    /// The books do not know of it yet.
    package let isOpen: Bool

    /// Those that a person compares by eye.
    private static let shownMax = 5
    /// Payments of one sum that are looked through.
    private static let equalsMax = 500

    /// The lines of a file, in their order. A payment that was taken back in the books stands for
    /// one of them.
    static func all(
        _ lines: [StatementLine], in books: LedgerTransaction
    ) throws -> [TakenBack] {
        var known: Set<PaymentID> = []
        return try lines.map { try TakenBack($0, known: &known, in: books) }
    }

    /// Looks for payments of the same sum: by the bank's number where one bears it, else by the
    /// name where one fits. The likest by their words come first.
    private init(
        _ line: StatementLine, known: inout Set<PaymentID>, in books: LedgerTransaction
    ) throws {
        self.line = line
        let sum = Money(
            minorUnits: Int64(clamping: line.amount.minorUnits.magnitude),
            currency: line.amount.currency)
        let day = line.booked.instant(86_399)
        let equals = try books.payments(
            of: sum, in: (day - Reversal.lookBack)...day, limit: Self.equalsMax
        ).filter { $0.sameAs == nil && $0.state != .ignored }
        let numbered = equals.filter {
            line.reference != nil && $0.notice.transactionID == line.reference
        }
        let payer = line.counterparty.flatMap { PersonName($0) }
        let named = equals.filter {
            NameAgreement(payer: payer, guest: $0.notice.payer.flatMap { PersonName($0) })
                >= .masked
        }
        let meant = [numbered, named].first { !$0.isEmpty } ?? equals
        let words = StatementWord(line.notice(account: nil))
        let likeness = try meant.map {
            ($0, try Self.likeness(of: $0, to: words, line.words, in: books))
        }.sorted { ($1.1, $1.0.id) < ($0.1, $0.0.id) }
        // One that is less like it than others was taken back by another line.
        let free = likeness.filter { !known.contains($0.0.id) }
        let reversed = free.first { $0.0.state == .reversed && $0.1 == free.first?.1 }
        if let reversed {
            known.insert(reversed.0.id)
            isOpen = false
            payments = []
        } else {
            isOpen = true
            payments = likeness.map(\.0).filter { $0.state != .reversed }
                .prefix(Self.shownMax).map(\.id)
        }
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
