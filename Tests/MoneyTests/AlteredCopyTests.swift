// SPDX-License-Identifier: Apache-2.0

import Domain
import FoundationEssentials
import Mail
import Rules
import Testing

@testable import Agent
@testable import Ledger

/// One signed mail that comes twice, once with what its signature does not cover changed.
@Suite("An altered copy of a bank's mail")
struct AlteredCopyTests {
    private func findings(_ text: String, _ outcome: MailOutcome, in till: Till) -> MailFindings {
        var findings = MailFindings(of: Array(text.utf8), receivedAt: till.now)
        findings.disposition = .settle
        findings.outcome = outcome
        findings.rule = RuleID("bank/transfer")
        findings.trust = TrustVerdict(.verified)
        findings.identity = Array(repeating: 7, count: 32)
        if outcome == .payment {
            findings.movements = [
                Movement(
                    index: 1, outcome: outcome,
                    notice: PaymentNotice(
                        amount: lira(125_000), payer: "ELİF KARACA", description: nil,
                        occurredAt: till.now, timeFrom: .body))
            ]
        } else {
            findings.reasons = [.mailUnclear]
        }
        return findings
    }

    @discardableResult
    private func take(_ findings: MailFindings, _ uid: UInt32, in till: Till) throws -> MailReport {
        let place = MailPlace(account: "box", folder: "INBOX", uidvalidity: 1, uid: uid)
        let reports = try till.ledger.write { books in
            try till.pipeline.settle(findings, at: place, raw: [1], now: till.now, in: books)
        }
        return try #require(reports.first)
    }

    @Test("that comes first does not keep the real one from being read", arguments: [false, true])
    func first(isStored: Bool) throws {
        let till = try Till()
        try till.guest(1)
        try take(findings("altered", .unclear, in: till), 1, in: till)
        #expect(try till.open.count == 1)
        let real = findings("real", .payment, in: till)
        if isStored {
            // As the live agent does: first the bytes, then what they say.
            let place = MailPlace(account: "box", folder: "INBOX", uidvalidity: 1, uid: 2)
            let reports = try till.ledger.write { books in
                try books.store(
                    [1], sha256: real.sha256, isTruncated: false, sizeBytes: 1, at: place,
                    receivedAt: till.now, now: till.now)
                let mail = try #require(try books.mail(at: place))
                return try till.pipeline.settle(
                    real, of: mail.id, at: place, now: till.now, in: books)
            }
            #expect(reports.first?.verdict.kind == .approve)
        } else {
            #expect(try take(real, 2, in: till).verdict.kind == .approve)
        }
        #expect(try till.state(1) == .paid)
        #expect(try till.open.isEmpty)
        let mails = try till.ledger.read { try $0.mails(limit: 9) }
        #expect(mails.map(\.reading.copyOf) == [mails[1].id, nil])
        // And a third is a copy, as ever.
        #expect(
            try take(findings("again", .payment, in: till), 3, in: till).verdict.kind == .duplicate)
        #expect(try till.ledger.read { try $0.payments(limit: 9).count } == 1)
        #expect(try till.ledger.read { try $0.brokenInvariants().isEmpty })
    }

    @Test("that a person waved off does not keep the real one from being read")
    func wavedOff() throws {
        let till = try Till()
        try till.guest(1)
        try take(findings("altered", .unclear, in: till), 1, in: till)
        try till.answer(.ignore)
        try take(findings("real", .payment, in: till), 2, in: till)
        #expect(try till.state(1) == .paid && till.open.isEmpty)
    }

    @Test("that a person booked by hand is not counted again")
    func booked() throws {
        let till = try Till()
        try till.guest(1)
        try take(findings("altered", .unclear, in: till), 1, in: till)
        try till.answer(.assign(RegistrationID("g1"), lira(125_000)))
        let report = try take(findings("real", .payment, in: till), 2, in: till)
        #expect(report.verdict.kind == .duplicate)
        #expect(try till.ledger.read { try $0.payments(limit: 9).count } == 1)
    }

    @Test("that comes second changes nothing")
    func second() throws {
        let till = try Till()
        try till.guest(1)
        try take(findings("real", .payment, in: till), 1, in: till)
        let report = try take(findings("altered", .unclear, in: till), 2, in: till)
        #expect(report.verdict.kind == .duplicate)
        #expect(try till.state(1) == .paid && till.open.isEmpty)
    }
}
