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

extension Season {
    /// Lets the agent see the season: registrations appear and mails come in the order of their
    /// times, and what time brings about happens once an hour.
    ///
    /// - Parameter rules: the folder of the rule files.
    package func run(rules: URL) throws -> [Outcome] {
        let ledger = try LedgerDatabase.temporary(masterKey: .random())
        let bank = try SampleBank(.ed25519)
        let keys = try KeyRing.parse(bank.keyFile)
        let reader = MailReader(
            rules: try Self.book(rules), authenticator: Authenticator(trustedAuthserv: nil))
        let pipeline = PaymentPipeline(
            matcher: Matcher(
                policy: MatchingPolicy(
                    ownAccounts: .these(SampleBank.accounts),
                    ownAddresses: .these([SampleBank.recipient]))))
        let schedule = PaymentSchedule(
            terms: Dictionary(
                Set(registrations.map(\.event)).map {
                    ($0, PaymentTerms(payWithin: Self.payWithin))
                }, uniquingKeysWith: { first, _ in first }))
        var told: [Verdict] = []
        var coming = registrations[...]
        var lookedAt = registrations.first?.registeredAt ?? Date(timeIntervalSince1970: 0)
        for (number, payment) in payments.enumerated() {
            let now = payment.transfer.occurredAt + 5
            try ledger.write { books in
                while let next = coming.first, next.registeredAt <= now {
                    coming.removeFirst()
                    try books.insert(next)
                    _ = try pipeline.matchWaitingMoney(now: next.registeredAt, in: books)
                }
                while now.timeIntervalSince(lookedAt) > 3_600 {
                    lookedAt += 3_600
                    _ = try schedule.run(now: lookedAt, in: books)
                }
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
        return try ledger.read { books in
            try payments.indices.map { number in
                try outcome(of: payments[number], number, told[number], in: books)
            }
        }
    }

    private static func place(_ number: Int) -> MailPlace {
        MailPlace(account: "bank", folder: "INBOX", uidvalidity: 1, uid: UInt32(number + 1))
    }

    private func outcome(
        of payment: Payment, _ number: Int, _ verdict: Verdict, in books: LedgerTransaction
    ) throws -> Outcome {
        var record: PaymentRecord?
        if let mail = try books.mail(at: Self.place(number)) {
            record = try books.payments(of: mail.id).first
        }
        return Outcome(
            payment: payment, fate: try fate(of: payment, record, in: books), verdict: verdict,
            notice: record?.notice)
    }

    private func fate(
        of payment: Payment, _ record: PaymentRecord?, in books: LedgerTransaction
    ) throws -> Fate {
        guard let record else { return payment.meant.isEmpty ? .leftAlone : .lost }
        if record.sameAs != nil { return .toldAgain }
        let meant = Set(payment.meant)
        // Also what was taken back when the time to pay was over.
        let booked = try books.bookings(of: record.id).compactMap(\.credit.registration)
        if !booked.isEmpty {
            guard meant.isSuperset(of: booked) else { return .wrong }
            return meant == Set(booked) ? .untouched : .among
        }
        if meant.isEmpty { return .leftAlone }
        guard let review = try books.openReview(of: .payment(record.id)) else { return .lost }
        let proposed = review.candidates.map(\.registration)
        guard let first = proposed.first else { return .absent }
        return meant.contains(first) ? .first : meant.isDisjoint(with: proposed) ? .absent : .among
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
