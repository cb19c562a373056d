// SPDX-License-Identifier: Apache-2.0

internal import Domain
internal import FoundationEssentials
package import Ledger
internal import Matching
package import Statements

/// A line by which money came back that had been sent. Nothing is booked for it: a person says
/// which refund it was and undoes its confirmation, so that it is due again.
package struct ReturnedRefund: Sendable {
    package let line: StatementLine
    /// The refunds that it may be and whose confirmations stand, the newest first; none when the
    /// confirmation of one was undone already.
    package let refunds: [RefundSent]
    /// The books do not know of it yet.
    package let isOpen: Bool

    /// Those that a person compares by eye.
    private static let shownMax = 5
    /// Refunds of one sum that are looked through.
    private static let equalsMax = 500

    /// The lines of a file, in their order. A confirmation that was undone stands for one of them.
    static func all(
        _ lines: [StatementLine], in books: LedgerTransaction
    ) throws -> [ReturnedRefund] {
        var known: Set<DecisionID> = []
        return try lines.map { try ReturnedRefund($0, known: &known, in: books) }
    }

    /// Looks for refunds of the same sum, by the name where one fits.
    private init(
        _ line: StatementLine, known: inout Set<DecisionID>, in books: LedgerTransaction
    ) throws {
        self.line = line
        let since = line.booked.instant(0) - Reversal.lookBack
        let equals = try books.refundsSent(of: line.amount, since: since, limit: Self.equalsMax)
        let payer = line.counterparty.flatMap { PersonName($0) }
        let named = try equals.filter { refund in
            let paid = try books.payment(refund.payment)?.notice.payer
            return NameAgreement(payer: payer, guest: paid.flatMap { PersonName($0) }) >= .masked
        }
        let meant = named.isEmpty ? equals : named
        if let undone = meant.first(where: { $0.isUndone && !known.contains($0.decision) }) {
            known.insert(undone.decision)
            isOpen = false
            refunds = []
        } else {
            isOpen = true
            refunds = Array(meant.filter { !$0.isUndone }.prefix(Self.shownMax))
        }
    }
}
