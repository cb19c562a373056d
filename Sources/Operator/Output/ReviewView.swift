// SPDX-License-Identifier: Apache-2.0

internal import Agent
internal import Domain
internal import FoundationEssentials
internal import Ledger
internal import Matching

/// A question as a person sees it: what came, who may be meant, what speaks for and against each.
struct ReviewView {
    private struct Row {
        let candidate: Verdict.Candidate
        let registration: Registration?
        /// Who else may be meant: the one before, of the first the one behind.
        let rival: RegistrationID?
    }

    private let review: ReviewRecord
    private let payment: PaymentRecord?
    /// The payer and the words of all its notices.
    private let told: [String]
    private let mail: MailRecord?
    private let rows: [Row]
    /// Where the payment's money lies; empty while it is not in the books.
    private let holdings: [LedgerTransaction.Holding]
    /// The payment that this one may be another notice of.
    private let twin: PaymentRecord?
    /// The refunds that may have come back.
    private let refunds: [RefundSent]
    /// What the mail says, where no payment was made of it.
    private let words: MailWords?
    private let language: Language

    init(_ review: ReviewRecord, language: Language, in books: LedgerTransaction) throws {
        self.review = review
        self.language = language
        switch review.subject {
        case .payment(let id):
            payment = try books.payment(id)
            refunds = []
            mail = try payment.flatMap { try books.mail($0.mail) }
            words = nil
        case .mail(let id):
            payment = nil
            refunds =
                review.reasons.contains(.moneyReturned)
                ? try ReturnedRefund.told(by: id, in: books) : []
            mail = try books.mail(id)
            words = try books.rawMail(id).flatMap { MailWords($0) }
        }
        told =
            try payment.map { try books.whole($0).notice }
            .map { [$0.payer, $0.description].compactMap { $0?.shown } } ?? []
        holdings =
            try payment.map { payment in
                try books.holdings(of: payment.id).filter { $0.account != .bank }
            } ?? []
        let mayBeTold = review.reasons.contains(.perhapsSameTransfer)
        twin = mayBeTold ? try payment.flatMap { try Twin.payment(told: $0, in: books) } : nil
        let ids = review.candidates.map(\.registration)
        rows = try review.candidates.enumerated().map { place, candidate in
            Row(
                candidate: candidate, registration: try books.registration(candidate.registration),
                rival: place > 0 ? ids[0] : ids.dropFirst().first)
        }
    }

    // MARK: - For a program

    var json: JSONLine {
        var line = JSONLine()
        line.put("id", review.id.number)
        line.put("revision", review.revision)
        line.put("kind", review.kind)
        line.put("opened_at", review.openedAt)
        line.put("closed_at", review.closedAt)
        line.put("decision", review.decision)
        line.put("reasons", reasons(review.reasons))
        if let amount = review.amount { line.put("amount", amount) }
        line.put("payment", payment.map(object))
        if let twin { line.put("perhaps_same_as", object(twin)) }
        line.put("mail", mail.map(object))
        if let words { line.put("says", words.json) }
        line.put("booked", holdings.map(object))
        if !refunds.isEmpty { line.put("refunds", refunds.map(object)) }
        line.put("candidates", rows.map(object))
        return line
    }

    private func object(_ holding: LedgerTransaction.Holding) -> JSONLine {
        var line = JSONLine()
        line.put("account", holding.account.label)
        line.put("about", holding.about?.text)
        line.put("amount", holding.amount)
        return line
    }

    private func object(_ refund: RefundSent) -> JSONLine {
        var line = JSONLine()
        line.put("payment", refund.payment.number)
        line.put("about", refund.about?.text)
        line.put("amount", refund.amount)
        line.put("decision", refund.decision.number)
        return line
    }

    private func object(_ payment: PaymentRecord) -> JSONLine {
        var line = JSONLine()
        line.put("id", payment.id.number)
        line.put("amount", payment.notice.amount)
        line.put("currency", payment.notice.amount.currency.code)
        line.put("payer", payment.notice.payer)
        line.put("description", payment.notice.description)
        line.put("occurred_at", payment.notice.occurredAt)
        line.put("trust", payment.trust.rawValue)
        line.put("state", payment.state.rawValue)
        return line
    }

    private func object(_ mail: MailRecord) -> JSONLine {
        var line = JSONLine()
        line.put("id", mail.id.number)
        line.put("source", mail.place.source)
        line.put("outcome", mail.reading.outcome.rawValue)
        line.put("trust", mail.reading.trust.trust.rawValue)
        line.put("explanation", mail.reading.explanation)
        return line
    }

    private func object(_ row: Row) -> JSONLine {
        var line = JSONLine()
        line.put("registration", row.candidate.registration.text)
        line.put("name", row.registration?.name?.text)
        line.put("event", row.registration?.event.text)
        line.put("state", row.registration?.state.rawValue)
        if let registration = row.registration {
            line.put("due", registration.due)
            line.put("open", registration.open)
            line.put("reference", registration.reference.text)
        }
        line.put("similarity", row.candidate.similarity)
        for side in ReasonText.Side.allCases where side != .neither {
            line.put(side.rawValue, reasons(row.candidate.reasons.filter { side.holds($0) }))
        }
        line.put("rival", row.rival?.text)
        return line
    }

    private func reasons(_ reasons: [Reason]) -> [JSONLine] {
        reasons.map {
            var line = JSONLine()
            line.put("reason", $0.rawValue)
            line.put("text", sentence($0))
            return line
        }
    }

    // MARK: - For a person

    var text: String {
        var lines = [head, review.why(language)]
        if let amount = review.amount {
            lines.append(language.pick("The mail says: ", "Postada yazan: ") + amount.description)
        }
        if let payment {
            lines.append(
                "\(payment.notice.amount) · \(Timestamp.text(payment.notice.occurredAt)) · "
                    + told.joined(separator: " · "))
        }
        lines += holdings.filter { $0.account != .unallocated }.map { holding in
            "   \(holding.amount) · \(words(holding.account)) · \(holding.about?.text ?? "–")"
        }
        if let twin {
            let words = [
                "\(twin.notice.amount)", Timestamp.text(twin.notice.occurredAt),
                (twin.notice.payer ?? "").shown, language.word(twin.state),
            ]
            lines.append(
                language.pick(
                    "? it may be payment \(twin.id)", "? \(twin.id) numaralı ödeme olabilir")
                    + ": " + words.filter { !$0.isEmpty }.joined(separator: " · "))
        }
        if let mail {
            let why = language.explanation(mail.reading.explanation ?? "")
            lines.append("\(source(of: mail)) · \(why)")
        }
        lines += words?.lines ?? []
        lines += refunds.map { refund in
            let whose = [refund.about?.text, "\(refund.amount)"].compactMap(\.self)
            return language.pick(
                "? refund of payment \(refund.payment)",
                "? \(refund.payment) numaralı ödemenin iadesi")
                + " · " + whose.joined(separator: " · ")
                + language.pick(
                    ", due again with: review undo --decision \(refund.decision)",
                    "; yeniden ödenecekse: review undo --decision \(refund.decision)")
        }
        for (place, row) in rows.enumerated() { lines += self.lines(row, place + 1) }
        if rows.isEmpty {
            lines.append(language.pick("Nobody is proposed.", "Önerilen kayıt yok."))
        }
        return lines.filter { !$0.isEmpty }.joined(separator: "\n")
    }

    /// Of the digest of a statement as much as people compare; JSON and `mails list` show it whole.
    private func source(of mail: MailRecord) -> String {
        let place = mail.place
        guard place.account == StatementDesk.account else { return place.source }
        return "\(place.account)/\(place.folder.prefix(12))…;UID=\(place.uid)"
    }

    private func words(_ account: Account) -> String {
        switch account {
        case .bank: language.pick("bank", "banka")
        case .unallocated: language.pick("not booked", "yazılmadı")
        case .registration: language.pick("booked", "kayda yazıldı")
        case .credit: language.pick("over, kept as credit", "fazla, alacak olarak duruyor")
        case .refundDue: language.pick("due back", "iade edilecek")
        case .refunded: language.pick("sent back", "iade edildi")
        }
    }

    private var head: String {
        let state = review.decision.map { " – \(language.word($0))" } ?? ""
        return Terminal.painted(
            "\(review.id) \(review.about(language)) (\(language.word(review.kind)))\(state)", .bold)
    }

    private func lines(_ row: Row, _ number: Int) -> [String] {
        var lines: [String] = []
        let name = row.registration?.name?.text.shown ?? "–"
        let sum =
            row.registration.map { "\($0.open) / \($0.due), \(language.word($0.state))" } ?? ""
        lines.append("\(number). \(row.candidate.registration)  \(name)  \(sum)")
        for (side, mark) in [(ReasonText.Side.speaksFor, "+"), (.against, "–")] {
            lines += row.candidate.reasons.filter { side.holds($0) }
                .map { "   \(mark) \(sentence($0))" }
        }
        if number == 1, let rival = row.rival {
            lines.append(
                language.pick("   ? it may also be \(rival)", "   ? \(rival) de olabilir"))
        }
        return lines
    }

    private func sentence(_ reason: Reason) -> String {
        ReasonText.sentence(reason, language: language.ofReasons)
    }
}

extension ReasonText.Side {
    fileprivate func holds(_ reason: Reason) -> Bool { ReasonText.side(of: reason) == self }
}
