// SPDX-License-Identifier: Apache-2.0

package import Domain
internal import FoundationEssentials
package import Ledger
internal import Matching
internal import Rules
internal import Statements

/// What was booked back because the bank took it back, for the one who reads about it.
package struct BookedBack: Sendable {
    package let payment: PaymentID
    package let amount: Money
    /// Where the registrations stand now that it touched.
    package var registrations: [(id: RegistrationID, state: RegistrationState)] = []
    /// What was due back and must not be sent any more.
    package var notDueAnyMore: [AnswerReport.Part] = []
    /// What a person is asked about it.
    package var review: ReviewID?
}

/// A mail that says that money went back, or a line of a statement: a transfer returned, a card
/// payment disputed or refunded.
///
/// When the payment and the sum are certain (`Original`) the books follow at once, because the
/// money is gone: what was allocated is booked back, the registration suspended, and a person asked
/// what is to become of the guest. Otherwise nothing is touched, and the person chooses among the
/// payments that may be meant.
struct Reversal {
    let findings: MailFindings
    var mail: MailID
    let now: Date
    let books: LedgerTransaction
    /// Where a statement says it.
    var line: TakenBack?
    /// What was booked back without a person.
    private(set) var bookedBack: [BookedBack] = []

    /// Card holders may dispute for up to 120 days, banks return within days; half a year is past
    /// either.
    static let lookBack: TimeInterval = 183 * 86_400
    /// As many as fit a screen and can be compared by eye.
    private static let candidatesMax = 5

    mutating func settle() throws -> Verdict {
        let retractions = findings.movements.compactMap { Retraction($0) }
        let doubts = findings.doubts.filter { $0 != .reversalNeedsPerson }
        let isBelieved = doubts.isEmpty
        let search = search
        var question = Question()
        var isAnyReversed = false
        for (place, retraction) in retractions.enumerated() {
            let original = try original(of: retraction)
            switch original {
            case .certain(let payment, let part) where isBelieved:
                try reverse(payment, part)
                isAnyReversed = true
            case .settled where isBelieved: break
            case .certain, .settled, .doubtful, .possible:
                question.add(retraction, original)
                guard isBelieved, line?.line.isReversal ?? true, case .possible = original,
                    let bank = search.bank
                else { break }
                try books.expectTakenBack(
                    in: mail, place: place, bank: bank, number: retraction.clue.transactionID)
            }
        }
        if retractions.isEmpty { question.isOriginalFound = false }
        guard question.isOpen || retractions.isEmpty || isAnyReversed else {
            return Verdict(.duplicate, reasons: [.originalFound, .seenBefore])
        }
        let isAsked = question.isOpen || retractions.isEmpty
        let reasons =
            doubts + (isAsked ? question.reasons : [.originalFound]) + [.reversalNeedsPerson]
        var candidates: [Verdict.Candidate] = []
        for payment in question.payments {
            let guests = try search.guests(of: payment).filter { guest in
                !candidates.contains { $0.registration == guest }
            }
            candidates += try books.candidates(guests, of: payment.id)
        }
        if isAsked {
            try books.openReview(
                of: .mail(mail), kind: MailOutcome.reversal.rawValue, reasons: reasons,
                candidates: Array(candidates.prefix(Self.candidatesMax)),
                amount: question.amount, at: now)
        }
        return Verdict(.review, reasons: reasons, candidates: candidates)
    }

    private var search: Original.Search {
        Original.Search(
            bank: findings.rule.map { Kinship.bank($0) }, line: line?.draft,
            since: now - Self.lookBack, until: now + 86_400, books: books)
    }

    /// Of a line the payments that it is listed with may be meant; for certain one only where the
    /// bank marks it as a reversal.
    private func original(of retraction: Retraction) throws -> Original {
        let found = try search.original(of: retraction)
        guard let line else { return found }
        switch found {
        case .settled, .doubtful: return found
        case .certain where line.line.isReversal: return found
        case .certain, .possible:
            return .possible(try line.payments.compactMap { try books.payment($0) })
        }
    }

    /// Whether the books can follow without a person.
    func isCertain() throws -> Bool {
        try findings.movements.compactMap { Retraction($0) }.allSatisfy {
            if case .certain = try original(of: $0) { true } else { false }
        }
    }

    /// Books a payment or a part of it back and asks what is to become of its registrations.
    /// Money that nobody had decided about is asked about with those who were proposed for it.
    private mutating func reverse(_ payment: PaymentRecord, _ part: Money?) throws {
        let actor = PaymentPipeline.actor
        let left = try books.takeable(of: payment.id)
        var done = BookedBack(
            payment: payment.id, amount: part ?? left.sum(in: payment.notice.amount.currency))
        try books.decide("reverse", by: actor, payment: payment.id, at: now) {
            let guests = try Original.guests(of: payment, in: books)
            let proposed = try books.openReview(of: .payment(payment.id))?.candidates ?? []
            let outcome = try PaymentReversal.carryOut(
                payment.id, part, by: actor, now: now, in: books)
            done.registrations = outcome.registrations
            done.notDueAnyMore = outcome.notDueAnyMore.map { (payment.id, $0.amount) }
            // Of a part nobody is asked about a guest whose surplus it was.
            let owing = outcome.registrations.filter(\.state.awaitsMoney).map(\.id)
            let unsent = outcome.notDueAnyMore
            let asked =
                part == nil
                ? (guests.isEmpty ? proposed.map(\.registration) : guests)
                : owing + unsent.compactMap(\.about).filter { !owing.contains($0) }
            guard part == nil || !asked.isEmpty || !unsent.isEmpty else { return }
            done.review = try PaymentReversal.ask(
                payment.id,
                [.originalFound] + (part == nil ? [] : [.partTakenBack])
                    + (unsent.isEmpty ? [] : [.refundNotDue]),
                about: asked, now: now, in: books)
        }
        bookedBack.append(done)
    }

    /// A payment has come of which proven mails or statements said before that it was taken back:
    /// what they asked is asked with it.
    static func meet(
        _ number: String?, of bank: String, now: Date, in books: LedgerTransaction
    ) throws -> Bool {
        guard let number else { return false }
        let told = try Set([bank, Kinship.bank(StatementRule.of(.csv))]).flatMap {
            try books.mails(takingBack: number, bank: $0)
        }
        for (mail, isAll) in told where isAll {
            guard let open = try books.openReview(of: .mail(mail)) else { continue }
            try books.closeReview(open.id, decision: "joined", at: now)
        }
        return !told.isEmpty
    }

    /// What a person is asked about the movements of a mail of which the books could not say all.
    private struct Question {
        private(set) var isOpen = false
        private(set) var payments: [PaymentRecord] = []
        var isOriginalFound = true
        private var doubts: [Reason] = []
        private var amounts: [Money?] = []

        /// The sum that the mail tells, if it is a question about one movement.
        var amount: Money? { amounts.count == 1 ? amounts[0] : nil }
        var reasons: [Reason] { [isOriginalFound ? .originalFound : .originalNotFound] + doubts }

        mutating func add(_ retraction: Retraction, _ original: Original) {
            isOpen = true
            amounts.append(retraction.amount)
            if retraction.extent == .part { doubt(.partTakenBack) }
            switch original {
            case .certain(let payment, let part):
                payments.append(payment)
                if part != nil { doubt(.partTakenBack) }
            case .doubtful(let payment, let reason):
                payments.append(payment)
                doubt(reason)
            case .possible(let some):
                payments += some
                isOriginalFound = false
            case .settled: isOriginalFound = false
            }
        }

        private mutating func doubt(_ reason: Reason) {
            if !doubts.contains(reason) { doubts.append(reason) }
        }
    }
}

extension [LedgerTransaction.Holding] {
    fileprivate func sum(in currency: Currency) -> Money {
        Money(minorUnits: reduce(0) { $0 + $1.amount.minorUnits }, currency: currency)
    }
}

extension RegistrationState {
    /// Whether a guest in this state lacks money, once some was taken back.
    fileprivate var awaitsMoney: Bool {
        self == .suspended || self == .underpaid || self == .awaitingPayment
    }
}
