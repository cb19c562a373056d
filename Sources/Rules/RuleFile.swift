// SPDX-License-Identifier: Apache-2.0

import Domain

/// What a rule can read from a notice. The raw values are the names in rule files.
enum Field: String, CaseIterable, Sendable {
    case amount, payer, description
    case occurredAt = "occurred_at"
    case transactionID = "transaction_id"
    case senderIBAN = "sender_iban"
    case receivingAccount = "receiving_account"
}

/// A rule file after it has been read: who may send, and which kinds of notices there are.
struct RuleFile: Sendable {
    enum Status: String, CaseIterable, Sendable { case confirmed, draft }

    var path: String
    var id: String
    var bank: String
    var status: Status
    /// Whole addresses, small letters.
    var addresses: [String]
    /// Domains with all that is below them, small letters.
    var domains: [String]
    /// The domains that a signature must be aligned with.
    var authentication: [String]
    /// Names that only this bank has a right to; folded.
    var names: [String]
    var neverSends: Set<Field>
    /// Words that no payment of this bank holds.
    var deny: [TextTest]
    var variants: [Variant]

    func ruleID(_ variant: Variant) -> RuleID { RuleID("\(id)/\(variant.id)") }
}

/// One kind of notice that a bank sends.
struct Variant: Sendable {
    enum Outcome: String, CaseIterable, Sendable {
        case payment, reversal, unclear
        case notAPayment = "not_a_payment"
        case paymentWithoutDetails = "payment_without_details"

        var mail: MailOutcome {
            switch self {
            case .payment: .payment
            case .reversal: .reversal
            case .unclear: .unclear
            case .notAPayment: .notAPayment
            case .paymentWithoutDetails: .paymentWithoutDetails
            }
        }

        /// Whether money is said to have come in, so that a near miss must not be passed over.
        var isMoneyIn: Bool { self == .payment || self == .paymentWithoutDetails }
    }

    enum Body: String, CaseIterable, Sendable { case any, plain, html }

    var id: String
    var outcome: Outcome
    /// `outgoing`, `card`, `fee`, …; only for `not_a_payment`.
    var kind: String?
    var body: Body
    var subject: TextCondition
    var frame: TextCondition
    /// One of these says that the money came in; none of `directionOut` may stand anywhere.
    var directionIn: [TextTest]
    var directionOut: [TextTest]
    var deny: [TextTest]
    var subjectSentences: [Sentence]
    var sentences: [Sentence]
    /// In the order in which the bank prints them.
    var fields: [FieldRule]
    /// Labels of the bank that fill no field but end the value before them; folded.
    var labels: [[UInt8]]
    /// Labels stand anywhere in a line instead of at its start or that of a cell.
    var labelsRunTogether: Bool

    func rule(of field: Field) -> FieldRule? { fields.first { $0.field == field } }
}

/// How one field of a variant is found and read.
struct FieldRule: Sendable {
    enum Place: String, CaseIterable, Sendable {
        case sameLine = "same_line"
        case nextCell = "next_cell"
        case thirdCell = "third_cell"
        case nextLine = "next_line"
    }

    enum Occurrence: String, CaseIterable, Sendable { case first, last }

    var field: Field
    /// Folded; the field is captured by a sentence when there is none.
    var labels: [[UInt8]]
    /// Tried in this order until one holds a value.
    var places: [Place]
    /// Nil: all places where the label stands must say the same.
    var occurrence: Occurrence?
    var style: NumberStyle?
    var currency: Currency?
    var dates: [DatePattern]
    /// Folded texts that mean: nothing was written.
    var empty: Set<String>
    var isRequired: Bool
    var isPayerControlled: Bool
}

/// A literal text or a pattern that stands in a text or does not.
enum TextTest: Sendable {
    /// Folded, blanks as one.
    case literal([UInt8])
    case pattern(Pattern)

    func holds(in text: VisibleText) -> Bool {
        switch self {
        case .literal(let bytes): text.contains(bytes)
        case .pattern(let pattern): pattern.isFound(in: text.lines)
        }
    }
}

/// What must stand in a text: all of `all`, one of `any`, none of `none`.
struct TextCondition: Sendable {
    var all: [TextTest] = []
    var any: [TextTest] = []
    var none: [TextTest] = []

    var isEmpty: Bool { all.isEmpty && any.isEmpty && none.isEmpty }

    /// Whether it holds once parts of `text` are hidden: false only when it surely does not.
    func mayHold(in text: VisibleText) -> Bool {
        all.allSatisfy { $0.holds(in: text) }
            && (any.isEmpty || any.contains { $0.holds(in: text) })
    }

    func holds(in text: VisibleText) -> Bool {
        all.allSatisfy { $0.holds(in: text) }
            && (any.isEmpty || any.contains { $0.holds(in: text) })
            && !none.contains { $0.holds(in: text) }
    }
}

/// A pattern with named groups that fills several fields at once.
struct Sentence: Sendable {
    let pattern: Pattern
    /// The same pattern with greedy and sparing repetitions exchanged. Where the two differ, the
    /// sentence can be read in two ways: somebody may have written a second one into the first.
    let exchanged: Pattern
    /// What each group fills.
    let groups: [Group?]

    /// The names that groups may have.
    enum Group: Hashable, Sendable {
        case field(Field)
        /// The currency that belongs to `amount`.
        case currency
        /// Day and hour of `occurred_at`, when they stand apart.
        case date, time

        init?(_ name: String) {
            switch name {
            case "currency": self = .currency
            case "date": self = .date
            case "time": self = .time
            default:
                guard let field = Field(rawValue: name) else { return nil }
                self = .field(field)
            }
        }

        static let names = Field.allCases.map(\.rawValue) + ["currency", "date", "time"]

        var field: Field {
            switch self {
            case .field(let field): field
            case .currency: .amount
            case .date, .time: .occurredAt
            }
        }
    }

    var fields: Set<Field> { Set(groups.compactMap { $0?.field }) }
}
