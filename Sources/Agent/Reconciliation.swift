// SPDX-License-Identifier: Apache-2.0

package import Domain
package import Ledger
package import Matching
package import Statements

/// How payments that a statement told of are named in the ledger: `statement/mt940`.
package enum StatementRule {
    static let bank = "statement/"

    static func of(_ format: Statement.Format) -> RuleID { RuleID(bank + format.rawValue) }

    /// Whether a payment was told of by a line of a statement.
    package static func names(_ rule: RuleID) -> Bool { rule.text.hasPrefix(bank) }
}

/// What a statement and the ledger say about the same days.
package struct Reconciliation: Sendable {
    /// What is known about money that came in by one line.
    package enum Finding: Hashable, Sendable {
        /// The line was applied before.
        case known(PaymentID)
        /// It stands in an earlier file of the same comparison, which would be applied before.
        case repeated
        /// A mail told of it.
        case both(PaymentID)
        /// It may be one of these; a person has to look. None are named where too many are alike.
        case uncertain([PaymentID])
        case bankOnly
    }

    /// One line with money that came in.
    package struct Item: Sendable {
        let draft: StatementDraft
        package var finding: Finding
        let basis: StatementPairing.Basis?
        /// What it may be was told by a line of another statement, not by a mail.
        package let isPerhapsLine: Bool

        /// What line and mail have in common; nil where nothing was joined, or a person said it.
        package var joinedBy: StatementKinship? { basis?.kinship }

        /// Whether no other line or payment had it in common as well.
        package var isOnlyChoice: Bool { basis?.isOnlyChoice ?? true }

        /// 1 for the first line of the file, all its statements counted through.
        package var number: Int { draft.number }
        package var line: StatementLine { draft.line }
    }

    package var items: [Item] = []
    /// What mails told of in these days and no line shows.
    package var mailOnly: [PaymentRecord] = []
    /// Lines by which the bank took back money that had come in.
    package var takenBack: [TakenBack] = []
    /// Lines by which money came back that had been sent, such as a refund to a closed account.
    package var returned: [ReturnedRefund] = []
    /// Lines with money that went out.
    package var otherLines = 0
    /// What was booked, in the order of the items that are new or joined.
    package var reports: [MailReport] = []

    /// Whether bank and mails say the same, or the difference was booked.
    package var isClear: Bool {
        mailOnly.isEmpty && !takenBack.contains(where: \.isOpen)
            && !returned.contains(where: \.isOpen)
            && !items.contains {
                switch $0.finding {
                case .uncertain: true
                case .known, .repeated, .both: false
                case .bankOnly: reports.isEmpty
                }
            }
    }
}

/// What a person says about a line that nobody else can place. Lines are named by
/// `Reconciliation.Item.number`.
package enum StatementChoice: Hashable, Sendable {
    /// The line tells of this payment.
    case same(line: Int, payment: PaymentID)
    /// No mail told of the line: it is a payment of its own.
    case new(line: Int)

    package var line: Int {
        switch self {
        case .same(let line, _), .new(let line): line
        }
    }
}

/// Why what was said about a line cannot be. Nothing was changed.
package enum StatementRefusal: Error, Hashable, Sendable {
    /// The file has no such line with money that came in on these days.
    case noLine(Int)
    case noPayment(PaymentID)
    /// Two things are said about one line.
    case saidTwice(Int)
    case amountDiffers(Int, PaymentID)
    /// The line was applied as something else: somebody was faster.
    case applied(Int, PaymentID)
    /// Another line tells of that payment.
    case taken(PaymentID)

    /// Whether the wish was clear and only came too late.
    package var isTooLate: Bool {
        switch self {
        case .applied, .taken: true
        case .noLine, .noPayment, .saidTwice, .amountDiffers: false
        }
    }

    /// A stable name for scripts.
    package var label: String { texts.label }
    package var english: String { texts.english }
    package var turkish: String { texts.turkish }

    private var texts: (label: String, english: String, turkish: String) {
        switch self {
        case .noLine(let line):
            (
                "no_line", "There is no line \(line) with money that came in.",
                "\(line) numaralı, para girişi olan bir satır yok."
            )
        case .noPayment(let id):
            ("no_payment", "There is no payment \(id).", "\(id) numaralı ödeme yok.")
        case .saidTwice(let line):
            (
                "said_twice", "Two things are said about line \(line).",
                "\(line). satır için iki ayrı şey söylendi."
            )
        case .amountDiffers(let line, let id):
            (
                "amount_differs", "Line \(line) and payment \(id) are different sums.",
                "\(line). satır ile \(id) numaralı ödemenin tutarı farklı."
            )
        case .applied(let line, let id):
            (
                "applied", "Line \(line) is applied already: payment \(id).",
                "\(line). satır zaten işlenmiş: ödeme \(id)."
            )
        case .taken(let id):
            (
                "taken", "Another line tells of payment \(id) already.",
                "\(id) numaralı ödemenin satırı zaten var."
            )
        }
    }
}
