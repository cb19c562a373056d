// SPDX-License-Identifier: Apache-2.0

package import Domain
package import FoundationEssentials

/// What a bank says moved on one account, line by line, as the operator downloaded it.
package struct Statement: Hashable, Sendable {
    /// The kind of file; the raw values are stable names for the ledger.
    package enum Format: String, Sendable, CaseIterable {
        case mt940, camt, csv
    }

    package var format: Format
    /// The organizer's own account: an IBAN whose check digits fit, else the number that the bank
    /// gave it; nil when the file names none.
    package var account: String?
    package var currency: Currency
    package var opening: Money?
    package var closing: Money?
    /// In the order of the file.
    package var lines: [StatementLine]
    package var warnings: [StatementWarning] = []

    package init(
        format: Format, account: String?, currency: Currency, opening: Money? = nil,
        closing: Money? = nil, lines: [StatementLine], warnings: [StatementWarning] = []
    ) {
        self.format = format
        self.account = account
        self.currency = currency
        self.opening = opening
        self.closing = closing
        self.lines = lines
        self.warnings = warnings
    }

    /// First and last day on which something was booked; nil without lines.
    package var days: ClosedRange<BankDay>? {
        guard let first = lines.map(\.booked).min(), let last = lines.map(\.booked).max() else {
            return nil
        }
        return first...last
    }

    /// Whether opening + lines = closing; nil when a balance is missing.
    ///
    /// A sum that does not fit into a number cannot be that of an account, and is a no.
    package var isBalanced: Bool? {
        guard let opening, let closing else { return nil }
        var sum: Money? = opening
        for line in lines { sum = sum?.adding(line.amount) }
        return sum == closing
    }
}

/// One movement of an account.
package struct StatementLine: Hashable, Sendable {
    /// 1 for the first line of the statement.
    package var index: Int
    /// Where it stands in the file, for people: 1 for the first line of text.
    package var row: Int
    package var booked: BankDay
    package var value: BankDay?
    /// Seconds since midnight in Istanbul, where the bank prints a time.
    package var clockSeconds: Int?
    /// Above zero came in, below zero went out.
    package var amount: Money
    /// The bank took an earlier line back; money that comes in by it is no payment.
    package var isReversal = false
    package var counterparty: String?
    package var counterpartyIBAN: String?
    package var description: String?
    /// The bank's number of the transfer.
    package var reference: String?

    package init(index: Int, row: Int, booked: BankDay, amount: Money) {
        self.index = index
        self.row = row
        self.booked = booked
        self.amount = amount
    }

    /// Money that somebody sent.
    package var isIncoming: Bool { amount.minorUnits > 0 && !isReversal }

    /// The line as a notice. Without a printed time it is noon of the day, and said to be less
    /// certain.
    package func notice(account: String?) -> PaymentNotice {
        PaymentNotice(
            amount: amount, payer: counterparty, description: description,
            occurredAt: booked.instant(clockSeconds ?? 43_200),
            timeFrom: clockSeconds == nil ? .arrival : .body, transactionID: reference,
            senderIBAN: counterpartyIBAN, receivingAccount: account)
    }
}

/// Something about a statement that a person should know before believing it.
package enum StatementWarning: Hashable, Sendable {
    /// Opening, lines and closing do not add up: lines are missing, or were read wrongly.
    case balanceDiffers
    /// So many lines are announced and not booked yet; they are left out.
    case pending(Int)
    /// The balances beside the lines do not follow from the amounts, first at this row.
    case runningBalanceDiffers(row: Int)
    /// The file names no account of its own.
    case noAccount
    /// The mapping was never seen to read a real file.
    case draftMapping(String)
}

/// A day of the bank's books: no time, no zone.
package struct BankDay: Hashable, Comparable, Sendable, CustomStringConvertible {
    /// Days since 1 January 1970.
    package let number: Int

    /// Files of banks are of our time; other years are misread digits.
    private static let years = 1970...2200

    /// Nil when there is no such day.
    package init?(year: Int, month: Int, day: Int) {
        guard Self.years.contains(year), (1...12).contains(month), (1...31).contains(day),
            let noon = Timestamp.date(
                "\(year)-\(Self.twoDigits(month))-\(Self.twoDigits(day))T12:00:00Z")
        else { return nil }
        number = Int(noon.timeIntervalSince1970) / 86_400
    }

    /// The day on the calendar of Istanbul, where the banks' day ends.
    package init(of date: Date) {
        let seconds = date.timeIntervalSince1970 + Double(Timestamp.istanbul)
        number = Int((min(max(seconds, 0), 7_258_118_400) / 86_400).rounded(.down))
    }

    /// A time of this day in Istanbul.
    package func instant(_ clockSeconds: Int) -> Date {
        Date(
            timeIntervalSince1970: Double(number * 86_400 + clockSeconds)
                - Double(Timestamp.istanbul))
    }

    /// `2026-11-22`.
    package var description: String {
        String(Timestamp.text(Date(timeIntervalSince1970: Double(number) * 86_400)).prefix(10))
    }

    package static func < (left: BankDay, right: BankDay) -> Bool { left.number < right.number }

    private static func twoDigits(_ number: Int) -> String {
        number < 10 ? "0\(number)" : "\(number)"
    }
}
