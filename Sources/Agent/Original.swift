// SPDX-License-Identifier: Apache-2.0

internal import Domain
internal import FoundationEssentials
internal import Ledger
internal import Matching
internal import Rules

/// What a mail says of one movement that was taken back.
struct Retraction {
    /// How much of the payment went back, where the words say it.
    enum Extent: String { case whole, part }

    /// Nil when the mail prints none.
    let amount: Money?
    let clue: PaymentClue
    let extent: Extent?

    init?(_ movement: Movement) {
        guard movement.outcome == .reversal,
            let clue = movement.clue ?? movement.notice.map({ PaymentClue($0) })
        else { return nil }
        amount = movement.notice?.amount
        self.clue = clue
        extent = movement.kind.flatMap(Extent.init)
    }
}

/// What the books know of a movement that was taken back.
enum Original {
    /// It can be this payment only, and this part of it; nil is all that is left of it.
    case certain(PaymentRecord, Money?)
    /// By its number it is this payment; why it is not certain how much of it went back.
    case doubtful(PaymentRecord, Reason)
    /// The bank's number is known, and its money was taken out of the books before.
    case settled
    /// One of these, or none that is known; those that it can hardly be are left out.
    case possible([PaymentRecord])

    /// Finds the payment: by the bank's number, else by the code and the exact sum.
    struct Search {
        let bank: String?
        /// The line that says it, where no mail does.
        let line: StatementDraft?
        let since: Date
        let until: Date
        let books: LedgerTransaction
    }

    /// The registrations that the money of a payment lies with, or because of which it is kept.
    static func guests(
        of payment: PaymentRecord, in books: LedgerTransaction
    ) throws -> [RegistrationID] {
        var seen: Set<RegistrationID> = []
        return try books.holdings(of: payment.id).compactMap(\.about)
            .filter { seen.insert($0).inserted }
    }
}

extension Original.Search {
    /// Payments of one sum or payer that are compared with the reversal; more cannot be told apart
    /// by eye.
    private static let equalsMax = 500
    /// A bank gives a number once; more only if it counts anew, and then a person looks.
    private static let numbersMax = 10

    func guests(of payment: PaymentRecord) throws -> [RegistrationID] {
        try Original.guests(of: payment, in: books)
    }

    /// A number of the bank decides alone: who bears another one is another payment, and one that
    /// was taken back already is not taken for the payer's next.
    func original(of retraction: Retraction) throws -> Original {
        if let number = retraction.clue.transactionID {
            let known = try counted(
                books.payments(transactionID: number, since: since, limit: Self.numbersMax)
                    .filter(isOfBank))
            let open = known.filter(Self.isOpen)
            if let only = open.first, open.count == 1 { return try share(retraction, of: only) }
            if !known.isEmpty { return open.isEmpty ? .settled : .possible(open) }
        }
        guard let amount = retraction.amount else {
            return .possible(try hinted(at: retraction.clue))
        }
        let equals = try books.payments(of: amount, in: since...until, limit: Self.equalsMax)
            .filter(Self.isOpen)
        if let code = try code(in: retraction.clue) {
            let known = try equals.filter { try isAbout($0, code) }
            let fitting = known.filter {
                isOfBank($0)
                    && (retraction.clue.transactionID == nil || $0.notice.transactionID == nil)
            }
            if let only = fitting.first, fitting.count == 1, retraction.extent != .part,
                try isUntouched(only)
            {
                return try isSentBack(only)
                    ? .doubtful(only, .refundedBefore) : .certain(only, nil)
            }
            if !known.isEmpty { return .possible(known) }
        }
        guard !equals.isEmpty else { return .possible(try hinted(at: retraction.clue)) }
        guard let payer = retraction.clue.payer.flatMap({ PersonName($0) }) else {
            return .possible(equals)
        }
        let named = equals.filter {
            NameAgreement(payer: payer, guest: $0.notice.payer.flatMap { PersonName($0) })
                >= .masked
        }
        return .possible(named.isEmpty ? equals : named)
    }

    /// How much of a payment that is known by its number went back.
    private func share(_ retraction: Retraction, of payment: PaymentRecord) throws -> Original {
        guard let amount = retraction.amount else {
            switch retraction.extent {
            case .whole: return .certain(payment, nil)
            case .part: return .doubtful(payment, .partTakenBack)
            case nil: return .doubtful(payment, .detailsMissing)
            }
        }
        guard try !isSentBack(payment) else { return .doubtful(payment, .refundedBefore) }
        let paid = payment.notice.amount
        guard amount.currency == paid.currency else { return .doubtful(payment, .otherCurrency) }
        if let code = try code(in: retraction.clue), try !isAbout(payment, code) {
            return .doubtful(payment, .otherNamed)
        }
        if amount == paid, retraction.extent != .part, try isUntouched(payment) {
            return .certain(payment, nil)
        }
        let lies = try books.takeable(of: payment.id)
        let left = lies.reduce(Int64(0)) { $0 + $1.amount.minorUnits }
        guard amount.minorUnits > 0, amount.minorUnits <= left else {
            return .doubtful(payment, .amountTooHigh)
        }
        guard retraction.extent != .whole || amount.minorUnits == left else {
            return .doubtful(payment, .amountDiffers)
        }
        // Two mails may tell of one refund, and this one of what a person sent back.
        guard try !books.wasTakenBack(amount, of: payment.id),
            try !books.holdings(of: payment.id).contains(where: { $0.account == .refunded })
        else { return .doubtful(payment, .perhapsSameTransfer) }
        guard amount.minorUnits < left else { return .certain(payment, nil) }
        let guests = Set(lies.compactMap(\.account.registration))
        let surplus = lies.reduce(Int64(0)) {
            $0 + ($1.account.registration == nil ? $1.amount.minorUnits : 0)
        }
        return guests.count > 1 && amount.minorUnits > surplus
            ? .doubtful(payment, .severalCandidates) : .certain(payment, amount)
    }

    /// Whether all that was there was sent back: this may be that refund, as its provider tells it.
    private func isSentBack(_ payment: PaymentRecord) throws -> Bool {
        try !PaymentReversal.refunded(payment.id, in: books).isEmpty
            && books.takeable(of: payment.id).isEmpty
    }

    /// Whether the bank has taken nothing of it yet.
    private func isUntouched(_ payment: PaymentRecord) throws -> Bool {
        let outside = try books.holdings(of: payment.id).first { $0.account == .bank }
        return outside.map { -$0.amount.minorUnits == payment.notice.amount.minorUnits } ?? true
    }

    /// Where neither number nor sum says it: what lies with the owner of the code, else what came
    /// from the payer.
    private func hinted(at clue: PaymentClue) throws -> [PaymentRecord] {
        var payments: [PaymentRecord] = []
        if let code = try code(in: clue), let guest = try books.registration(reference: code) {
            payments = try books.payments(holdingMoneyOf: guest.id).compactMap { id in
                try books.payment(id)
            }
        }
        if payments.isEmpty, let payer = clue.payer.flatMap({ PersonName($0) }) {
            payments = try books.payments(from: payer, since: since, limit: Self.equalsMax)
        }
        return payments.filter { isOfBank($0) && Self.isOpen($0) }
    }

    /// Whether it can be the word of the bank where the money came in.
    private func isOfBank(_ payment: PaymentRecord) -> Bool {
        line?.mayTakeBack(payment) ?? (Kinship.bank(payment.rule) == bank)
    }

    private static func isOpen(_ payment: PaymentRecord) -> Bool {
        payment.state != .reversed && payment.state != .ignored
    }

    private func isAbout(_ payment: PaymentRecord, _ code: ReferenceCode) throws -> Bool {
        try payment.reference == code
            || guests(of: payment).contains { try books.registration($0)?.reference == code }
    }

    /// Those that hold the money: of two notices of one transfer the number may stand in the other.
    private func counted(_ payments: [PaymentRecord]) throws -> [PaymentRecord] {
        var seen: Set<PaymentID> = []
        return try payments.compactMap { payment in
            try payment.sameAs.map { try books.payment($0) } ?? payment
        }.filter { seen.insert($0.id).inserted }
    }

    private func code(in clue: PaymentClue) throws -> ReferenceCode? {
        guard let text = clue.description else { return nil }
        let found = ReferenceFinder.find(in: text, prefixes: try books.referencePrefixes())
        guard found.count == 1, case .exact(let code)? = found.first else { return nil }
        return code
    }
}
