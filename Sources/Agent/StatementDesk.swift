// SPDX-License-Identifier: Apache-2.0

package import Domain
package import FoundationEssentials
package import Ledger
internal import Matching
internal import Rules
package import Statements

/// How payments that a statement told of are named in the ledger: `statement/mt940`.
package enum StatementRule {
    static let bank = "statement/"

    static func of(_ format: Statement.Format) -> RuleID { RuleID(bank + format.rawValue) }

    /// Whether a payment was told of by a line of a statement.
    package static func names(_ rule: RuleID) -> Bool { rule.text.hasPrefix(bank) }
}

extension PaymentRecord {
    /// The code that was read, and those of the registrations the money lies with.
    func codes(in books: LedgerTransaction) throws -> Set<ReferenceCode> {
        var codes = Set([reference].compactMap(\.self))
        for holding in try books.holdings(of: id) {
            guard let guest = holding.account.registration,
                let registration = try books.registration(guest)
            else { continue }
            codes.insert(registration.reference)
        }
        return codes
    }
}

/// What a statement and the ledger say about the same days.
package struct Reconciliation: Sendable {
    /// What is known about money that came in by one line.
    package enum Finding: Hashable, Sendable {
        /// The line was applied before.
        case known(PaymentID)
        /// A mail told of it.
        case both(PaymentID)
        /// It may be one of these; a person has to look.
        case uncertain([PaymentID])
        case bankOnly
    }

    /// One line with money that came in.
    package struct Item: Sendable {
        package let statement: Int
        package let line: StatementLine
        package let finding: Finding
        let notice: PaymentNotice
        let identity: [UInt8]
        let place: MailPlace
    }

    package var items: [Item] = []
    /// What mails told of in these days and no line shows.
    package var mailOnly: [PaymentRecord] = []
    /// Lines with money that went out, and those by which the bank took one back.
    package var otherLines = 0
    /// What was booked, in the order of the items that are new or joined.
    package var reports: [MailReport] = []

    /// Whether bank and mails say the same, or the difference was booked.
    package var isClear: Bool {
        mailOnly.isEmpty
            && !items.contains {
                switch $0.finding {
                case .uncertain: true
                case .known, .both: false
                case .bankOnly: reports.isEmpty
                }
            }
    }
}

/// Compares statements with the ledger and, when the operator says so, books what they tell.
///
/// A line is a word of the bank that the operator brought: it counts as `vouched`, and every row
/// that comes of it names the file and who brought it.
package struct StatementDesk: Sendable {
    private let pipeline: PaymentPipeline

    package init(pipeline: PaymentPipeline) { self.pipeline = pipeline }

    /// The account under which lines of statements stand among the mails.
    package static let account = "statement"
    /// Payments read at once; the number does not matter.
    private static let page = 1_000

    /// Nothing is written.
    ///
    /// - Parameters:
    ///   - sha256: of the file, 32 bytes.
    ///   - days: only lines booked on these days; nil: all.
    package func compare(
        _ statements: [Statement], sha256: [UInt8], days: ClosedRange<BankDay>? = nil,
        in books: LedgerTransaction
    ) throws -> Reconciliation {
        var result = Reconciliation()
        var drafts = self.drafts(statements, sha256: sha256, in: books)
        drafts.removeAll { !$0.line.isIncoming || days?.contains($0.line.booked) == false }
        result.otherLines =
            statements.flatMap(\.lines).filter {
                !$0.isIncoming && days?.contains($0.booked) != false
            }.count
        guard let span = span(statements, days) else { return result }
        var findings: [Int: Reconciliation.Finding] = [:]
        var told = try payments(span, in: books)
        try findKnown(drafts, told, &findings, in: books)
        let covered = Set(told.lines.compactMap(\.sameAs))
        told.mails.removeAll { covered.contains($0.id) }
        var used = covered
        let open = drafts.indices.filter { findings[$0] == nil }
        for amount in Set(open.map { drafts[$0].notice.amount }) {
            let lines = open.filter { drafts[$0].notice.amount == amount }
            let equals = told.mails.filter { $0.notice.amount == amount && $0.trust != .forged }
            let codes = try equals.map { try $0.codes(in: books) }
            let kinship = lines.map { line in
                zip(equals, codes).map {
                    StatementKinship.of(drafts[line].notice, and: $0.notice, codes: $1)
                }
            }
            for (line, match) in zip(
                lines, StatementPairing.match(kinship, payments: equals.count))
            {
                switch match {
                case .pair(let place):
                    findings[line] = .both(equals[place].id)
                    used.insert(equals[place].id)
                case .uncertain(let places):
                    findings[line] = .uncertain(places.map { equals[$0].id })
                    used.formUnion(places.map { equals[$0].id })
                case .alone: findings[line] = .bankOnly
                }
            }
        }
        result.items = drafts.enumerated().map { index, draft in
            Reconciliation.Item(
                statement: draft.statement, line: draft.line,
                finding: findings[index] ?? .bankOnly, notice: draft.notice,
                identity: draft.identity, place: draft.place)
        }
        let currencies = Set(statements.map(\.currency))
        result.mailOnly = told.mails.filter { payment in
            span.contains(BankDay(of: payment.notice.occurredAt)) && !used.contains(payment.id)
                && payment.state != .ignored && currencies.contains(payment.notice.amount.currency)
        }
        return result
    }

    /// `compare`, and then everything that is certain is written: a line that a mail told of is
    /// joined to that payment, one of which no mail told becomes a payment of its own. The same
    /// statement again changes nothing.
    package func apply(
        _ statements: [Statement], sha256: [UInt8], days: ClosedRange<BankDay>? = nil,
        by actor: String, now: Date, in books: LedgerTransaction
    ) throws -> Reconciliation {
        var result = try compare(statements, sha256: sha256, days: days, in: books)
        var joined = 0
        var added = 0
        for item in result.items {
            let format = statements[item.statement].format
            switch item.finding {
            case .known, .uncertain: continue
            case .both(let id):
                guard let payment = try books.payment(id) else { continue }
                joined += 1
                result.reports.append(
                    try join(item, format, to: payment, sha256, actor, now: now, in: books))
            case .bankOnly:
                added += 1
                result.reports.append(
                    try book(item, format, sha256, actor, now: now, in: books).report)
            }
        }
        if joined + added > 0 {
            try books.audit(
                "statement.applied",
                [
                    "file": Self.name(of: sha256),
                    "by": actor, "joined": "\(joined)", "added": "\(added)",
                ], at: now)
        }
        return result
    }

    // MARK: - Lines

    /// The digest as people compare it.
    private static func name(of sha256: [UInt8]) -> String {
        sha256.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    }

    private struct Draft {
        let statement: Int
        let line: StatementLine
        let notice: PaymentNotice
        let identity: [UInt8]
        let place: MailPlace
    }

    /// Every line with its identity: what it says, and the how-manieth it is that says this.
    private func drafts(
        _ statements: [Statement], sha256: [UInt8], in books: LedgerTransaction
    ) -> [Draft] {
        var drafts: [Draft] = []
        var seen: [String: Int] = [:]
        let folder = Self.name(of: sha256)
        for (number, statement) in statements.enumerated() {
            for line in statement.lines {
                let notice = line.notice(account: statement.account)
                let text = [
                    statement.account?.text, line.booked.description,
                    line.clockSeconds.map(String.init), String(line.amount.minorUnits),
                    line.amount.currency.code, line.reference, line.counterparty, line.description,
                ].map { $0 ?? "" }.joined(separator: "\u{1F}")
                seen[text, default: 0] += 1
                drafts.append(
                    Draft(
                        statement: number, line: line, notice: notice,
                        identity: books.identity(
                            ofStatementLine: "\(text)\u{1F}\(seen[text] ?? 1)"),
                        place: MailPlace(
                            account: Self.account, folder: folder, uidvalidity: 1,
                            uid: UInt32(clamping: drafts.count + 1))))
            }
        }
        return drafts
    }

    private func span(
        _ statements: [Statement], _ days: ClosedRange<BankDay>?
    ) -> ClosedRange<BankDay>? {
        let all = statements.compactMap(\.days)
        guard let first = all.map(\.lowerBound).min(), let last = all.map(\.upperBound).max() else {
            return days
        }
        let whole = first...last
        return days.map { $0.clamped(to: whole) } ?? whole
    }

    // MARK: - What the ledger says

    /// Payments near these days: those that mails told of first, and what statements told.
    private func payments(
        _ span: ClosedRange<BankDay>, in books: LedgerTransaction
    ) throws -> (mails: [PaymentRecord], lines: [PaymentRecord]) {
        let range =
            span.lowerBound.number - StatementKinship.bookedDaysLater...span.upperBound.number
            + StatementKinship.bookedDaysEarlier
        var mails: [PaymentRecord] = []
        var lines: [PaymentRecord] = []
        var last: PaymentID?
        while true {
            let page = try books.payments(after: last, limit: Self.page)
            guard let end = page.last else { return (mails, lines) }
            last = end.id
            for payment in page
            where range.contains(BankDay(of: payment.notice.occurredAt).number) {
                if StatementRule.names(payment.rule) {
                    lines.append(payment)
                } else if payment.sameAs == nil {
                    mails.append(payment)
                }
            }
        }
    }

    /// Lines that were applied before, from this file or from another one. Where a line of the
    /// same day and sum was applied that this file does not show, perhaps it is this one, told
    /// otherwise: by another format, or a mapping that was changed.
    private func findKnown(
        _ drafts: [Draft], _ told: (mails: [PaymentRecord], lines: [PaymentRecord]),
        _ findings: inout [Int: Reconciliation.Finding], in books: LedgerTransaction
    ) throws {
        var rest = told.lines
        for (index, draft) in drafts.enumerated() {
            let mail =
                try books.mail(at: draft.place)?.id
                ?? books.settledMail(identity: draft.identity)
            guard let mail, let payment = try books.payments(of: mail).first else { continue }
            findings[index] = .known(payment.sameAs ?? payment.id)
            rest.removeAll { $0.id == payment.id }
        }
        for (index, draft) in drafts.enumerated() where findings[index] == nil {
            let equals = rest.filter {
                $0.notice.amount == draft.notice.amount
                    && BankDay(of: $0.notice.occurredAt) == draft.line.booked
            }
            guard !equals.isEmpty else { continue }
            let number = draft.line.reference
            if number != nil, let same = equals.first(where: { $0.notice.transactionID == number })
            {
                findings[index] = .known(same.sameAs ?? same.id)
                rest.removeAll { $0.id == same.id }
            } else {
                findings[index] = .uncertain(equals.map { $0.sameAs ?? $0.id })
            }
        }
    }

    // MARK: - Writing

    /// A mail's payment that was booked takes the line as a further notice. One that was not, as
    /// nobody could prove it, becomes a further notice of the line, which proves it.
    private func join(
        _ item: Reconciliation.Item, _ format: Statement.Format, to payment: PaymentRecord,
        _ sha256: [UInt8], _ actor: String, now: Date, in books: LedgerTransaction
    ) throws -> MailReport {
        let isBooked = try !books.bookings(of: payment.id).isEmpty
        guard !isBooked, payment.state == .review || payment.state == .received else {
            let findings = findings(item, format, sha256, actor)
            let mail = try record(item, findings, now: now, in: books)
            return try pipeline.join(
                item.notice, movement: 1, rule: StatementRule.of(format), to: payment, findings,
                mail: mail, source: item.place.source, now: now, in: books)
        }
        let (line, report) = try book(item, format, sha256, actor, now: now, in: books)
        if let review = try books.openReview(of: .payment(payment.id)) {
            try books.closeReview(review.id, decision: "joined", at: now)
        }
        try books.join(payment.id, to: line)
        try books.audit(
            "payment.joined", ["payment": payment.id.description, "to": line.description], at: now)
        return report
    }

    private func book(
        _ item: Reconciliation.Item, _ format: Statement.Format, _ sha256: [UInt8],
        _ actor: String, now: Date, in books: LedgerTransaction
    ) throws -> (payment: PaymentID, report: MailReport) {
        let findings = findings(item, format, sha256, actor)
        let mail = try record(item, findings, now: now, in: books)
        var report = try pipeline.settle(
            item.notice, movement: 1, rule: StatementRule.of(format), findings, mail: mail,
            source: item.place.source, known: Twin.none, now: now, in: books)
        report.notice = item.notice
        guard let payment = try books.payments(of: mail).first else {
            throw LedgerError(
                operation: "statement.book", subject: "mail \(mail)", cause: .notFound)
        }
        return (payment.id, report)
    }

    private func record(
        _ item: Reconciliation.Item, _ findings: MailFindings, now: Date,
        in books: LedgerTransaction
    ) throws -> MailID {
        try books.record(
            findings.reading(now: now), at: item.place, sha256: findings.sha256, raw: nil,
            sizeBytes: 0, receivedAt: findings.receivedAt, now: now)
    }

    private func findings(
        _ item: Reconciliation.Item, _ format: Statement.Format, _ sha256: [UInt8],
        _ actor: String
    ) -> MailFindings {
        var findings = MailFindings(of: [], receivedAt: item.notice.occurredAt)
        findings.disposition = .settle
        findings.sha256 = sha256
        findings.identity = item.identity
        findings.outcome = .payment
        findings.rule = StatementRule.of(format)
        findings.trust = TrustVerdict(.vouched, by: "statement, brought by \(actor)")
        findings.movements = [Movement(index: 1, outcome: .payment, notice: item.notice)]
        findings.explanation = "line \(item.line.index) of a statement (\(format.rawValue))"
        return findings
    }
}
