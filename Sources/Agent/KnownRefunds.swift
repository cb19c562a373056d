// SPDX-License-Identifier: Apache-2.0

internal import Domain
internal import FoundationEssentials
internal import Ledger
internal import Matching
internal import Statements

/// The refunds that the books know of, due or sent, by their sums: a line by which one went out
/// takes nothing back.
struct KnownRefunds {
    private struct Refund {
        let payment: PaymentID
        let about: RegistrationID?
    }

    private var refunds: [Money: [Refund]] = [:]

    /// Refunds of half a year; a season of the largest organizer has a tenth of them.
    private static let sentMax = 10_000

    init(in books: LedgerTransaction) throws {
        for due in try books.refundsDue() {
            refunds[due.amount, default: []].append(Refund(payment: due.payment, about: due.about))
        }
        let sent = try books.refundsSent(since: Date(timeIntervalSince1970: 0), limit: Self.sentMax)
        for refund in sent where !refund.isUndone {
            refunds[refund.amount, default: []].append(
                Refund(payment: refund.payment, about: refund.about))
        }
    }

    /// Whether a line is the refund of somebody whom its code or name tells; each is taken once.
    mutating func take(_ draft: StatementDraft, in books: LedgerTransaction) throws -> Bool {
        guard draft.line.isOutgoing, !draft.line.isReversal else { return false }
        let sum = draft.retraction.amount
        guard let some = refunds[sum] else { return false }
        let word = StatementWord(draft.notice)
        guard let place = try some.firstIndex(where: { try fits(word, $0, in: books) }) else {
            return false
        }
        refunds[sum]?.remove(at: place)
        return true
    }

    private func fits(
        _ word: StatementWord, _ refund: Refund, in books: LedgerTransaction
    ) throws -> Bool {
        guard let payment = try books.payment(refund.payment) else { return false }
        let guest = try refund.about.flatMap { try books.registration($0) }
        let codes = try payment.codes(in: books).union([guest?.reference].compactMap(\.self))
        guard word.codes.isEmpty || codes.isEmpty else {
            return !word.codes.isDisjoint(with: codes)
        }
        let names = [payment.notice.payer.flatMap { PersonName($0) }, guest?.name]
        return names.compactMap(\.self).contains { word.tells(of: $0) }
    }
}
