// SPDX-License-Identifier: Apache-2.0

import Domain

/// What a rule can read from a notice. The raw values are the names in rule files.
package enum Field: String, CaseIterable, Sendable {
    /// How much, with its currency.
    case amount
    /// The same in words, to compare with.
    case amountInWords = "amount_in_words"
    /// Who paid.
    case payer
    /// The payer's own words.
    case description
    /// When it happened.
    case occurredAt = "occurred_at"
    /// The bank's own number of the movement.
    case transactionID = "transaction_id"
    /// The account the money came from.
    case senderIBAN = "sender_iban"
    /// The account the money came to.
    case receivingAccount = "receiving_account"

    var meaning: String {
        switch self {
        case .amount: "How much came in, with its currency."
        case .amountInWords: "The amount in Turkish words; it must say the same."
        case .payer: "Who paid."
        case .description: "The payer's own words (açıklama)."
        case .occurredAt: "When it happened."
        case .transactionID: "The bank's number of the movement."
        case .senderIBAN: "The account the money came from."
        case .receivingAccount: "The account the money came to, as the bank masks it."
        }
    }
}

/// A rule file after it has been read: who may send, and which kinds of notices there are.
struct RuleFile: Sendable {
    enum Status: String, CaseIterable, Sendable { case confirmed, draft }

    /// What proves that a mail comes from the bank.
    enum Proof: String, CaseIterable, Sendable { case any, signature }

    /// How letters beyond ASCII are written, by the names that mails use.
    enum Charset: String, CaseIterable, Sendable {
        case turkish = "windows-1254"
        case latin5 = "iso-8859-9"
        case western = "windows-1252"
        case latin1 = "iso-8859-1"
        case latin9 = "iso-8859-15"
        case centralEuropean = "windows-1250"
        case latin2 = "iso-8859-2"
        case baltic = "windows-1257"
        case greek = "windows-1253"
        case cyrillic = "windows-1251"
        case koi8 = "koi8-r"
        case arabic = "windows-1256"
        case chinese = "gb18030"
        case japanese = "shift_jis"
        case korean = "euc-kr"
    }

    /// RFC 8301 §3.2 wants 1024 at least; nobody publishes more than 8192 in DNS.
    static let rsaBits = 1024...8192

    var path: String
    var id: String
    /// Where the file names its id.
    var idPlace: Place
    var bank: String
    var status: Status
    /// Whole addresses, small letters.
    var addresses: [String]
    /// Domains with all that is below them, small letters.
    var domains: [String]
    /// The domains that a signature must be aligned with.
    var authentication: [String]
    var proof: Proof
    /// The forwarders whose word counts; nil for all that are configured.
    var forwarders: [String]?
    /// Shorter RSA keys prove nothing; nil for what is the least anywhere.
    var rsaBitsMin: Int?
    /// The charset of texts for which the mail names none or a wrong one.
    var charset: Charset?
    /// Names that only this bank has a right to; folded.
    var names: [String]
    var neverSends: Set<Field>
    /// Whose account it is; folded.
    var accountOwner: Set<String>
    /// Words that no payment of this bank holds.
    var deny: [TextTest]
    /// Words that say that money came in: a mail that holds them is not lightly passed over.
    var moneyIn: [TextTest] = []
    var variants: [Variant]

    func ruleID(_ variant: Variant) -> RuleID { RuleID("\(id)/\(variant.id)") }

    func isDraft(_ variant: Variant) -> Bool { (variant.status ?? status) == .draft }

    /// The same file with every variant of this status.
    func wholly(_ status: Status) -> RuleFile {
        var file = self
        file.status = status
        for index in file.variants.indices { file.variants[index].status = nil }
        return file
    }

    var requiredProof: RequiredProof {
        RequiredProof(
            needsSignature: proof == .signature, forwarders: forwarders, rsaBitsMin: rsaBitsMin)
    }
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

    enum Body: String, CaseIterable, Sendable { case any, plain, html, inner }

    var id: String
    var outcome: Outcome
    /// `outgoing`, `card`, `fee`, … for `not_a_payment`; `whole`, `part` for `reversal`.
    var kind: String?
    /// Nil: that of the file.
    var status: RuleFile.Status?
    /// Whole addresses, small letters: nobody else sends such mails. Empty: whoever the file names.
    var senders: [String] = []
    var body: Body
    /// Read instead of a body.
    var attachment: AttachmentTest?
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
    /// A movement per row.
    var rows: TableRule?
    /// It came with a file that extends the bank's own.
    var isAdded = false
    /// It was written as a look-alike: all variants come before it, wherever they are read.
    var isLookAlike = false
    /// The file that it stands in, and where: for messages.
    var path = ""
    var place = Place(line: 1, column: 1)

    func rule(of field: Field) -> FieldRule? { fields.first { $0.field == field } }

    /// Whether the payer wrote the value of `field`.
    func isPayerControlled(_ field: Field) -> Bool {
        field == .description || rule(of: field)?.isPayerControlled == true
    }

    /// - Parameter anyName: whether an attachment of another name and type counts as well.
    func reads(_ part: MailPart, anyName: Bool = false) -> Bool {
        if anyName, part.isAttachment { return attachment != nil }
        return switch part.source {
        case .plain: attachment == nil && (body == .any || body == .plain)
        case .html: attachment == nil && (body == .any || body == .html)
        case .inner: attachment == nil && body == .inner
        case .nothing: attachment == nil && body == .any
        case .attachment(let name, let type): attachment?.holds(name: name, type: type) ?? false
        }
    }
}

/// Which attachment a variant reads.
struct AttachmentTest: Sendable {
    enum Kind: String, CaseIterable, Sendable {
        case html, pdf, text

        func holds(name: String, type: String) -> Bool {
            switch self {
            case .html: type == "text/html" || name.hasSuffix(".html") || name.hasSuffix(".htm")
            case .pdf: type == "application/pdf" || name.hasSuffix(".pdf")
            case .text: type == "text/plain" || name.hasSuffix(".txt") || name.hasSuffix(".csv")
            }
        }
    }

    /// Folded; `*` stands for any signs, `?` for one. Empty: any name.
    var names: [[UInt8]]
    var kind: Kind?

    func holds(name: String, type: String) -> Bool {
        let folded = name.turkishFolded()
        let bytes = Array(folded.utf8)
        return (kind?.holds(name: folded, type: type.lowercased()) ?? true)
            && (names.isEmpty || names.contains { Self.fits($0, bytes) })
    }

    /// Goes back to the last `*` only: at most pattern times name steps.
    private static func fits(_ glob: [UInt8], _ name: [UInt8]) -> Bool {
        var (at, index) = (0, 0)
        var star: (glob: Int, name: Int)?
        while index < name.count {
            if at < glob.count, glob[at] == 0x3F || glob[at] == name[index], glob[at] != 0x2A {
                at += 1
                index += 1
            } else if at < glob.count, glob[at] == 0x2A {
                star = (at, index)
                at += 1
            } else if let last = star {
                star = (last.glob, last.name + 1)
                at = last.glob + 1
                index = last.name + 1
            } else {
                return false
            }
        }
        return glob[at...].allSatisfy { $0 == 0x2A }
    }
}

/// How one field of a variant is found and read.
struct FieldRule: Sendable {
    enum Place: String, CaseIterable, Sendable {
        case sameLine = "same_line"
        case nextCell = "next_cell"
        case thirdCell = "third_cell"
        case nextLine = "next_line"
        case untilLabel = "until_label"
    }

    enum Occurrence: String, CaseIterable, Sendable { case first, last }
    enum Author: String, CaseIterable, Sendable { case bank, payer }

    /// The letters a bank uses for a value.
    enum LetterCase: String, CaseIterable, Sendable {
        case upper, title
        case asTyped = "as_typed"

        /// Whether every word of `text` is written so; letters without cases fit all.
        func holds(_ text: String) -> Bool {
            switch self {
            case .asTyped: return true
            case .upper:
                return !text.unicodeScalars.contains { $0.properties.isLowercase }
            case .title:
                return text.split(whereSeparator: { !$0.isLetter && !$0.isNumber }).allSatisfy {
                    !$0.unicodeScalars.dropFirst().contains { $0.properties.isUppercase }
                }
            }
        }
    }

    var field: Field
    /// In the file of its variant: for messages.
    var place: Rules.Place
    /// Folded; the field is captured by a sentence when there is none.
    var labels: [[UInt8]] = []
    /// Tried in this order until one holds a value.
    var places: [Place] = [.sameLine]
    /// Nil: all places where the label stands must say the same.
    var occurrence: Occurrence?
    var style: NumberStyle?
    var currency: Currency?
    var dates: [DatePattern] = []
    var zone: ClockZone = .istanbul
    /// Folded texts that mean: nothing was written.
    var empty: Set<String> = []
    /// Signs that stand for hidden ones.
    var mask: Set<Character> = []
    /// The bank cuts the value at this many signs.
    var cut: Int?
    var letters: LetterCase = .asTyped
    var isRequired = false
    var isPayerControlled = false

    /// The value may go on in the next line: it is bound by labels, not by a cell.
    var flows: Bool {
        places.contains { $0 == .sameLine || $0 == .nextLine || $0 == .untilLabel }
    }
}

/// A literal text or a pattern that stands in a text or does not.
enum TextTest: Sendable {
    /// Folded, blanks as one; and as it is written in the file.
    case literal([UInt8], written: String)
    case pattern(Pattern)

    func holds(in text: VisibleText) -> Bool {
        switch self {
        case .literal(let bytes, _): text.contains(bytes)
        case .pattern(let pattern): text.contains(pattern)
        }
    }

    var isLiteral: Bool {
        if case .literal = self { true } else { false }
    }

    /// As a message shows it.
    var shown: String {
        switch self {
        case .literal(_, let written): written
        case .pattern(let pattern): pattern.written
        }
    }

    /// The same for texts that mean the same.
    var key: String {
        switch self {
        case .literal(let bytes, _): String(decoding: bytes, as: UTF8.self)
        case .pattern(let pattern): pattern.text
        }
    }
}

/// What must stand in a text: all of `all`, one of `any`, none of `none`.
struct TextCondition: Sendable {
    var all: [TextTest] = []
    var any: [TextTest] = []
    var none: [TextTest] = []

    var isEmpty: Bool { all.isEmpty && any.isEmpty && none.isEmpty }

    /// Something must stand there.
    var isTelling: Bool { !all.isEmpty || !any.isEmpty }

    /// Whether it holds once parts of `text` are hidden: false only when it surely does not.
    func mayHold(in text: VisibleText) -> Bool {
        all.allSatisfy { $0.holds(in: text) }
            && (any.isEmpty || any.contains { $0.holds(in: text) })
    }

    func holds(in text: VisibleText) -> Bool {
        mayHold(in: text) && !none.contains { $0.holds(in: text) }
    }

    /// What of it does not stand in `text`, as messages show it.
    func missing(in text: VisibleText) -> [String] {
        var missing = all.filter { !$0.holds(in: text) }.map(\.shown)
        if !any.isEmpty, !any.contains(where: { $0.holds(in: text) }) {
            missing.append(any.map(\.shown).joined(separator: " | "))
        }
        return missing
    }

    /// What stands in `text` and must not.
    func forbidden(in text: VisibleText) -> [String] {
        none.filter { $0.holds(in: text) }.map(\.shown)
    }
}
