// SPDX-License-Identifier: Apache-2.0

internal import Domain
internal import FoundationEssentials
package import Ledger
internal import Mail
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

    /// The refunds of which a mail may tell that they came back, the newest first: those whose sums
    /// it prints. The bank's words say no more.
    package static func told(
        by mail: MailID, in books: LedgerTransaction
    ) throws -> [RefundSent] {
        guard let record = try books.mail(mail), let raw = try books.rawMail(mail),
            let message = try? MessageParser.parse(raw)
        else { return [] }
        let texts = [message.subject] + message.bodies.map(\.text)
        let numbers = texts.reduce(into: Set<Substring>()) { $0.formUnion(Self.numbers(in: $1)) }
        let sent = try books.refundsSent(
            since: record.receivedAt - Reversal.lookBack, limit: equalsMax)
        let meant = sent.filter { !$0.isUndone && !printed($0.amount).isDisjoint(with: numbers) }
        return Array(meant.prefix(shownMax))
    }

    private static func numbers(in text: String) -> [Substring] {
        let signs = text.split { !($0.isASCII && $0.isNumber) && $0 != "." && $0 != "," }
        return signs.map { sign in
            var number = sign
            while let last = number.last, !last.isNumber { number.removeLast() }
            return number
        }
    }

    /// `1.250,00`, `1,250.00`, `1250,00` and `1250.00`; a whole sum also without decimals.
    private static func printed(_ amount: Money) -> Set<Substring> {
        let plain = amount.decimal
        let turkish = String(amount.description.prefix { $0 != " " })
        let forms = [plain, turkish].flatMap { form in
            [form, String(form.map { $0 == "." ? "," : $0 == "," ? "." : $0 })]
        }
        let isWhole = plain.hasSuffix(".00")
        return Set((forms + (isWhole ? forms.map { String($0.dropLast(3)) } : [])).map { $0[...] })
    }

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
