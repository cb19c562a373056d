// SPDX-License-Identifier: Apache-2.0

import Agent
import Cryptography
package import Domain
package import FoundationEssentials
import Ledger
import Mail
import Matching
import Rules
import Sandbox
import Statements
import Workflow

/// What became of one payment, held against what its payer meant.
package enum Fate: Sendable {
    /// Booked for whom it was meant, without a person.
    case untouched
    /// Booked for somebody else, wholly or in part.
    case wrong
    /// Before a person, and the right registration is the first, another or none of the proposals.
    case first, among, absent
    /// For nobody, and booked for nobody.
    case leftAlone
    /// Another notice of a transfer that is known.
    case toldAgain
    /// Neither booked nor asked about.
    case lost
}

/// One payment and its fate.
package struct Outcome: Sendable {
    package let payment: Payment
    package let fate: Fate
    package let verdict: Verdict
    /// What the notice said, for the eye.
    package let notice: PaymentNotice?
}

/// All that came of a season.
package struct SeasonReport: Sendable {
    package let outcomes: [Outcome]
    /// How many questions a person had on each evening.
    package let evenings: [Int]
    /// Questions that nobody answered.
    package let openQuestions: Int
    /// What `mutabik check` finds at the end.
    package let broken: [String]
    /// What became of the lines of statements.
    package let lines: (joined: Int, new: Int, asked: Int)
}

extension Season {
    /// Lets the agent see the season: registrations appear and mails come in the order of their
    /// times, what time brings about happens once an hour, and each evening a person answers what
    /// is open. At the end time goes on until nobody can pay any more.
    ///
    /// - Parameter rules: the folder of the rule files.
    package func run(rules: URL) throws -> SeasonReport {
        var run = try SeasonRun(self, rules: rules)
        for (number, payment) in payments.enumerated() {
            try run.bring(payment, number)
        }
        return try run.end()
    }
}

/// The agent and its world at one moment of a season.
private struct SeasonRun {
    private let season: Season
    private let ledger: LedgerDatabase
    private let bank: SampleBank
    private let keys: [String: [String]]
    private let reader: MailReader
    private let pipeline: PaymentPipeline
    private let schedule: PaymentSchedule
    private var desk: EveningDesk
    private var statements: SeasonStatements
    private var told: [Verdict] = []
    private var coming: ArraySlice<Registration>
    private var nextHour: Date
    private var nextEvening: Date

    private static let hour: TimeInterval = 3_600
    private static let day: TimeInterval = 86_400
    /// Nine in the evening in Turkey, after midnight in Greenwich.
    private static let evening = 18 * hour

    init(_ season: Season, rules: URL) throws {
        self.season = season
        ledger = try LedgerDatabase.temporary(masterKey: .random())
        bank = try SampleBank(.ed25519)
        keys = try KeyRing.parse(bank.keyFile)
        reader = MailReader(
            rules: try Self.book(rules), authenticator: Authenticator(trustedAuthserv: nil))
        var policy = MatchingPolicy(
            ownAccounts: .these(SampleBank.accounts + SeasonStatements.accounts),
            ownAddresses: .these([SampleBank.recipient]))
        policy.standard = EventPolicy(title: "Kapadokya Gezisi")
        pipeline = PaymentPipeline(matcher: Matcher(policy: policy))
        let terms = PaymentTerms(payWithin: Season.payWithin)
        schedule = PaymentSchedule(
            terms: Dictionary(
                Set(season.registrations.map(\.event)).map { ($0, terms) },
                uniquingKeysWith: { first, _ in first }))
        desk = EveningDesk(season: season, ledger: ledger, pipeline: pipeline)
        statements = SeasonStatements(season: season, ledger: ledger, pipeline: pipeline)
        coming = season.registrations[...]
        let start = season.registrations.first?.registeredAt ?? Date(timeIntervalSince1970: 0)
        nextHour = start + Self.hour
        let midnight = (start.timeIntervalSince1970 / Self.day).rounded(.down) * Self.day
        nextEvening = Date(timeIntervalSince1970: midnight + Self.evening)
    }

    /// A mail of the season.
    mutating func bring(_ payment: Payment, _ number: Int) throws {
        let now = payment.transfer.occurredAt + 5
        try wait(until: now)
        guard !payment.isMailLost else {
            told.append(Verdict(.none, reasons: []))
            return
        }
        let raw = try bank.mail(payment.transfer, payment.variant)
        let findings = reader.read(
            raw, receivedAt: now, isTruncated: false,
            keys: { keys[$0].map(KeyAnswer.records) ?? .absent })
        let reports = try ledger.write { books in
            try pipeline.settle(findings, at: Self.place(number), raw: raw, now: now, in: books)
        }
        told.append(reports.first?.verdict ?? Verdict(.none, reasons: []))
    }

    /// What happens without a mail, in the order of its times.
    private mutating func wait(until now: Date) throws {
        while true {
            let registered = coming.first?.registeredAt ?? .distantFuture
            let next = min(registered, nextHour, nextEvening)
            guard next <= now else { return }
            if next == registered, let guest = coming.popFirst() {
                try ledger.write { books in
                    try books.insert(guest)
                    _ = try pipeline.matchWaitingMoney(now: next, in: books)
                }
            } else if next == nextHour {
                _ = try ledger.write { try schedule.run(now: next, in: $0) }
                nextHour += Self.hour
            } else {
                try statements.apply(
                    BankDay(of: next - Self.day), now: next, mailPlace: Self.place)
                try desk.answerAll(statements.numbers, now: next)
                nextEvening += Self.day
            }
        }
    }

    mutating func end() throws -> SeasonReport {
        let last = season.payments.last?.transfer.occurredAt ?? nextHour
        try wait(until: last + Season.payWithin + 2 * Self.day)
        return try ledger.read { books in
            SeasonReport(
                outcomes: try season.payments.indices.map { try outcome(of: $0, in: books) },
                evenings: desk.evenings,
                openQuestions: try books.openReviews(limit: 10_000).count,
                broken: try books.brokenInvariants().map { "\($0.name) \($0.subject)" }
                    + statements.wrong + vanished(in: books), lines: statements.counts)
        }
    }

    /// Money that came and that no payment tells of, or that two tell of: each transfer is one
    /// payment, however many mails and lines told of it.
    private func vanished(in books: LedgerTransaction) throws -> [String] {
        var came: [Money: Int] = [:]
        for payment in season.payments where payment.variant == .genuine {
            came[payment.transfer.amount, default: 0] += payment.transfer.isReceipt ? 0 : 1
        }
        for payment in try books.payments(limit: 100_000)
        where payment.sameAs == nil && payment.rule != RuleID("by-hand/payment") {
            came[payment.notice.amount, default: 0] -= 1
        }
        return came.filter { $0.value != 0 }.map { "\($0.value) payments of \($0.key) vanished" }
    }

    // MARK: - What became of it

    private static func place(_ number: Int) -> MailPlace {
        MailPlace(account: "bank", folder: "INBOX", uidvalidity: 1, uid: UInt32(number + 1))
    }

    private func outcome(of number: Int, in books: LedgerTransaction) throws -> Outcome {
        let payment = season.payments[number]
        var record: PaymentRecord?
        let place = payment.isMailLost ? statements.places[number] : Self.place(number)
        if let mail = try place.flatMap({ try books.mail(at: $0) }) {
            record = try books.payments(of: mail.id).first
        }
        let fate = try fate(of: payment, record, shown: desk.shown[number], in: books)
        var verdict = told[number]
        if payment.isMailLost, let record {
            verdict = Verdict(record.verdict, reasons: record.reasons)
        }
        return Outcome(payment: payment, fate: fate, verdict: verdict, notice: record?.notice)
    }

    private func fate(
        of payment: Payment, _ record: PaymentRecord?, shown: Fate?, in books: LedgerTransaction
    ) throws -> Fate {
        if payment.variant == .chargeback, let guest = payment.meant.first {
            guard try books.registration(guest)?.paid.minorUnits == 0 else { return .wrong }
        }
        guard let record else { return shown ?? (payment.meant.isEmpty ? .leftAlone : .lost) }
        if record.sameAs != nil { return payment.isMailLost ? .lost : .toldAgain }
        // Also what was taken back when the time to pay was over.
        let booked = Set(try books.bookings(of: record.id).compactMap(\.credit.registration))
        guard booked.isSubset(of: payment.meant) else { return .wrong }
        if let shown { return shown }
        if payment.meant.isEmpty { return .leftAlone }
        if booked.isEmpty { return .lost }
        return booked.count == Set(payment.meant).count ? .untouched : .among
    }

    private static func book(_ folder: URL) throws -> RuleBook {
        let paths = try FileManager.default.subpathsOfDirectory(atPath: folder.path)
        let sources = try paths.filter { $0.hasSuffix(".yaml") }.sorted().map {
            let bytes = try Data(contentsOf: folder.appending(path: $0))
            return RuleSource(path: $0, text: String(decoding: bytes, as: UTF8.self))
        }
        return RuleBook.compile(sources).book
    }
}
