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
    /// name where one fits.
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
        if let reversed = meant.first(where: { $0.state == .reversed && !known.contains($0.id) }) {
            known.insert(reversed.id)
            isOpen = false
            payments = []
        } else {
            isOpen = true
            payments = meant.filter { $0.state != .reversed }.sorted { $0.id > $1.id }
                .prefix(Self.shownMax).map(\.id)
        }
    }
}
