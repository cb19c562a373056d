// SPDX-License-Identifier: Apache-2.0

internal import Domain
package import FoundationEssentials
package import Ledger
internal import Rules
package import Statements

/// Compares statements with the ledger and, when the operator says so, books what they tell.
///
/// A line is a word of the bank that the operator brought: it counts as `vouched`, and every row
/// that comes of it names the file and who brought it.
package struct StatementDesk: Sendable {
    /// The statements of one file and what is asked about them.
    package struct File: Sendable {
        package let statements: [Statement]
        /// Of the file, 32 bytes.
        package let sha256: [UInt8]
        /// Only lines booked on these days; nil: all.
        package var days: ClosedRange<BankDay>?
        /// What a person says about lines that nobody else can place.
        package var choices: [StatementChoice]

        package init(
            _ statements: [Statement], sha256: [UInt8], days: ClosedRange<BankDay>? = nil,
            choices: [StatementChoice] = []
        ) {
            self.statements = statements
            self.sha256 = sha256
            self.days = days
            self.choices = choices
        }

        /// The days that are told of; nil without a line.
        fileprivate var span: ClosedRange<BankDay>? {
            let all = statements.compactMap(\.days)
            guard let first = all.map(\.lowerBound).min(),
                let last = all.map(\.upperBound).max()
            else { return days }
            return days.map { $0.clamped(to: first...last) } ?? first...last
        }
    }

    private let pipeline: PaymentPipeline

    package init(pipeline: PaymentPipeline) { self.pipeline = pipeline }

    /// The account under which lines of statements stand among the mails.
    package static let account = "statement"

    /// What files that were compared before this one would write.
    package struct Earlier: Sendable {
        /// By their identities.
        var lines: Set<[UInt8]> = []
        /// Those that were taken for a line's.
        var payments: Set<PaymentID> = []

        package init() {}

        fileprivate mutating func add(_ items: [Reconciliation.Item]) {
            for item in items {
                switch item.finding {
                case .known, .repeated, .uncertain: continue
                case .both(let payment): payments.insert(payment)
                case .bankOnly: break
                }
                lines.insert(item.draft.identity)
            }
        }
    }

    /// Nothing is written.
    ///
    /// - Throws: `StatementRefusal`.
    package func compare(_ file: File, in books: LedgerTransaction) throws -> Reconciliation {
        var earlier = Earlier()
        return try compare(file, after: &earlier, in: books)
    }

    /// The same for one of several files, as if those before it were applied.
    package func compare(
        _ file: File, after earlier: inout Earlier, in books: LedgerTransaction
    ) throws -> Reconciliation {
        var result = Reconciliation()
        let others = file.statements.flatMap(\.lines).count {
            !$0.isIncoming && file.days?.contains($0.booked) != false
        }
        let all = try StatementDraft.all(
            file.statements, sha256: file.sha256, days: file.days, in: books)
        result.takenBack = try TakenBack.all(all.filter(\.line.isOutgoing), in: books)
        result.returned = try ReturnedRefund.all(
            all.map(\.line).filter(\.isReturned), in: books)
        result.otherLines = others - result.takenBack.count - result.returned.count
        guard let span = file.span else { return result }
        let drafts = all.filter(\.line.isIncoming)
        var comparison = try StatementComparison(
            drafts, span: span, after: earlier, in: books)
        try comparison.choose(file.choices)
        try comparison.pair()
        result.items = comparison.items
        earlier.add(result.items)
        result.mailOnly = comparison.mailOnly(span, Set(file.statements.map(\.currency)))
        return result
    }

    // MARK: - Applying

    /// Lines that are written in one transaction: a fifth of a second, for which the agent waits.
    private static let linesAtOnce = 200
    /// Before the books are held still for a comparison, because somebody writes all the time.
    private static let looksMax = 3

    /// What was compared, and how far it is written.
    private struct Progress {
        var result: Reconciliation
        /// Places among the items: what a person says comes first, so that it is written together
        /// or refused together.
        var order: [Int]
        /// `lastAuditSequence` when what was compared was true last.
        var sequence: Int64
        var next = 0
    }

    /// `compare`, and then everything that is certain is written: a line that a mail told of is
    /// joined to that payment, one of which no mail told becomes a payment of its own. The same
    /// statement again changes nothing.
    ///
    /// Some lines are written at a time, so that an agent that is at work is not kept from it. When
    /// somebody else wrote in between, the rest is compared anew. A crash leaves some lines
    /// written; the same call goes on with the others.
    ///
    /// - Parameter progress: told how many lines of how many are done.
    /// - Throws: `StatementRefusal`; nothing is written then.
    package func apply(
        _ file: File, by actor: String, now: Date, in ledger: LedgerDatabase,
        progress: (_ done: Int, _ total: Int) -> Void = { _, _ in }
    ) throws -> Reconciliation {
        var written: [Int: Reconciliation.Finding] = [:]
        var reports: [MailReport] = []
        var looks = 0
        var state: Progress?
        while true {
            if state == nil, looks < Self.looksMax {
                looks += 1
                state = try ledger.read { try look(file, in: $0) }
            }
            let (after, told) = try ledger.write { books in
                try step(state, file, by: actor, now: now, in: books)
            }
            state = after
            guard let after else { continue }
            looks = 0
            reports += told.map(\.report)
            for item in told.map(\.item) { written[item.number] = item.finding }
            progress(after.next, after.result.items.count)
            guard after.next == after.result.items.count else { continue }
            var result = after.result
            result.reports = reports
            let source = Source(sha256: file.sha256, actor: actor, now: now)
            result.takenBack = try settle(result.takenBack.map(\.draft), source, in: ledger)
            for index in result.items.indices {
                guard let finding = written[result.items[index].number] else { continue }
                result.items[index].finding = finding
            }
            return result
        }
    }

    private func look(_ file: File, in books: LedgerTransaction) throws -> Progress {
        let result = try compare(file, in: books)
        let chosen = Set(file.choices.map(\.line))
        let isChosen = result.items.map { chosen.contains($0.number) }
        return Progress(
            result: result,
            order: result.items.indices.filter { isChosen[$0] }
                + result.items.indices.filter { !isChosen[$0] },
            sequence: try books.lastAuditSequence())
    }

    /// Writes the next lines, unless what was found is not true any more.
    ///
    /// - Parameter state: nil: it is found out here, where nobody else can write.
    /// - Returns: nil when somebody else has written.
    private func step(
        _ state: Progress?, _ file: File, by actor: String, now: Date, in books: LedgerTransaction
    ) throws -> (Progress?, [(item: Reconciliation.Item, report: MailReport)]) {
        var state = try state ?? look(file, in: books)
        guard try books.lastAuditSequence() == state.sequence else { return (nil, []) }
        var told: [(item: Reconciliation.Item, report: MailReport)] = []
        let source = Source(sha256: file.sha256, actor: actor, now: now)
        let atOnce = max(Self.linesAtOnce, file.choices.count)
        while state.next < state.order.count, told.count < atOnce {
            let item = state.result.items[state.order[state.next]]
            state.next += 1
            if let report = try write(item, source, in: books) { told.append((item, report)) }
        }
        if !told.isEmpty {
            let joined = told.count {
                if case .both = $0.item.finding { true } else { false }
            }
            try books.audit(
                "statement.applied",
                [
                    "file": Self.name(of: file.sha256), "by": actor, "joined": "\(joined)",
                    "added": "\(told.count - joined)",
                ], at: now)
        }
        state.sequence = try books.lastAuditSequence()
        return (state, told)
    }

    /// The digest as people compare it.
    static func name(of sha256: [UInt8]) -> String {
        sha256.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    }

    // MARK: - Taken back

    /// What was taken back goes the way of a mail that says so, once the payments of the file are
    /// in the books.
    ///
    /// - Returns: where they stand now, with what was booked back.
    private func settle(
        _ drafts: [StatementDraft], _ source: Source, in ledger: LedgerDatabase
    ) throws -> [TakenBack] {
        guard !drafts.isEmpty else { return [] }
        var booked: [Int: [BookedBack]] = [:]
        var open = try ledger.read { try TakenBack.all(drafts, in: $0) }.filter(\.isOpen)[...]
        while !open.isEmpty {
            let some = open.prefix(Self.linesAtOnce)
            open = open.dropFirst(Self.linesAtOnce)
            let done = try ledger.write { books in
                try some.map { ($0.draft.number, try settle($0, source, in: books)) }
            }
            booked.merge(done) { $1 }
        }
        return try ledger.read { try TakenBack.all(drafts, in: $0) }.map { line in
            var line = line
            line.bookedBack = booked[line.draft.number] ?? []
            return line
        }
    }

    private func settle(
        _ taken: TakenBack, _ source: Source, in books: LedgerTransaction
    ) throws -> [BookedBack] {
        let draft = taken.draft
        guard try draft.mail(in: books) == nil else { return [] }
        var findings = findings(draft, source)
        findings.outcome = .reversal
        findings.reasons = []
        findings.movements = [
            Movement(index: 1, outcome: .reversal, notice: draft.retraction)
        ]
        var reversal = Reversal(
            findings: findings, mail: MailID(0), now: source.now, books: books, line: taken)
        // The same file brought the money, and it is asked about there.
        let asked = try taken.payments.first.flatMap { try books.openReview(of: .payment($0)) }
        if asked?.reasons.contains(.takenBackBefore) == true, try !reversal.isCertain() {
            return []
        }
        reversal.mail = try record(draft, findings, source, in: books)
        _ = try reversal.settle()
        return reversal.bookedBack
    }

    // MARK: - One line

    /// Where lines come from, and who brought them.
    private struct Source {
        let sha256: [UInt8]
        let actor: String
        let now: Date
    }

    private func write(
        _ item: Reconciliation.Item, _ source: Source, in books: LedgerTransaction
    ) throws -> MailReport? {
        switch item.finding {
        case .known, .repeated, .uncertain: return nil
        case .bankOnly: return try book(item.draft, source, in: books).report
        case .both(let id):
            guard let payment = try books.payment(id) else { return nil }
            return try join(item.draft, to: payment, source, in: books)
        }
    }

    /// A mail's payment that was booked takes the line as a further notice. One that was not, as
    /// nobody could prove it, becomes a further notice of the line, which proves it.
    private func join(
        _ draft: StatementDraft, to payment: PaymentRecord, _ source: Source,
        in books: LedgerTransaction
    ) throws -> MailReport {
        guard try books.bookings(of: payment.id).isEmpty else {
            let findings = findings(draft, source)
            let mail = try record(draft, findings, source, in: books)
            return try pipeline.join(
                draft.notice, movement: 1, rule: StatementRule.of(draft.format), to: payment,
                findings, mail: mail, source: draft.place.source, now: source.now, in: books)
        }
        let (line, report) = try book(draft, source, in: books)
        if let review = try books.openReview(of: .payment(payment.id)) {
            try books.closeReview(review.id, decision: "joined", at: source.now)
        }
        try books.join(payment.id, to: line)
        try books.audit(
            "payment.joined", ["payment": payment.id.description, "to": line.description],
            at: source.now)
        return report
    }

    private func book(
        _ draft: StatementDraft, _ source: Source, in books: LedgerTransaction
    ) throws -> (payment: PaymentID, report: MailReport) {
        let findings = findings(draft, source)
        let mail = try record(draft, findings, source, in: books)
        var report = try pipeline.settle(
            draft.notice, movement: 1, rule: StatementRule.of(draft.format), findings, mail: mail,
            source: draft.place.source, known: Twin.none, now: source.now, in: books)
        report.notice = draft.notice
        guard let payment = try books.payments(of: mail).first else {
            throw LedgerError(
                operation: "statement.book", subject: "mail \(mail)", cause: .notFound)
        }
        return (payment.id, report)
    }

    private func record(
        _ draft: StatementDraft, _ findings: MailFindings, _ source: Source,
        in books: LedgerTransaction
    ) throws -> MailID {
        try books.record(
            findings.reading(now: source.now), at: draft.place, sha256: findings.sha256, raw: nil,
            sizeBytes: 0, receivedAt: findings.receivedAt, now: source.now)
    }

    private func findings(_ draft: StatementDraft, _ source: Source) -> MailFindings {
        var findings = MailFindings(of: [], receivedAt: draft.notice.occurredAt)
        findings.disposition = .settle
        findings.sha256 = source.sha256
        findings.identity = draft.identity
        findings.outcome = .payment
        findings.rule = StatementRule.of(draft.format)
        findings.trust = TrustVerdict(.vouched, by: "statement, brought by \(source.actor)")
        findings.movements = [Movement(index: 1, outcome: .payment, notice: draft.notice)]
        if draft.isTakenBack { findings.reasons = [.takenBackBefore] }
        findings.explanation = "line \(draft.number) of a statement (\(draft.format.rawValue))"
        return findings
    }
}
