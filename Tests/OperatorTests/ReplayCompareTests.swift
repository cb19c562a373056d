// SPDX-License-Identifier: Apache-2.0

import Domain
import Foundation
import Rules
import Testing

@testable import Agent
@testable import Operator

@Suite("mutabik replay --compare")
struct ReplayCompareTests {
    private static func compare(_ other: String, _ mails: String) async throws -> Int32 {
        let command = try ReplayCommand.given(
            ["--rules", RulesDesk.rules, "--compare", other, "--json", mails])
        let replay = command
        do {
            try await replay.run()
            return 0
        } catch let failure as Failure {
            return failure.code.rawValue
        }
    }

    @Test("ends with 0 when nothing differs, with 1 when something does")
    func exitCodes() async throws {
        let mails = RulesDesk.rules + "/akbank/samples"
        #expect(try await Self.compare(RulesDesk.rules, mails) == 0)
        let folder = FileManager.default.temporaryDirectory
            .appendingPathComponent("mutabik-compare-\(UUID().uuidString)")
        try FileManager.default.copyItem(atPath: RulesDesk.rules, toPath: folder.path)
        defer { try? FileManager.default.removeItem(at: folder) }
        try FileManager.default.removeItem(at: folder.appendingPathComponent("akbank"))
        #expect(try await Self.compare(folder.path, mails) == 1)
    }

    @Test("never ends well with a broken file in either set", arguments: [true, false])
    func broken(isOther: Bool) async throws {
        let folder = FileManager.default.temporaryDirectory
            .appendingPathComponent("mutabik-compare-\(UUID().uuidString)")
        try FileManager.default.copyItem(atPath: RulesDesk.folder, toPath: folder.path)
        defer { try? FileManager.default.removeItem(at: folder) }
        try FileManager.default.createDirectory(
            at: folder.appendingPathComponent("zz"), withIntermediateDirectories: true)
        try Data("id: zz\n".utf8).write(to: folder.appendingPathComponent("zz/rule.yaml"))
        let sets = isOther ? [RulesDesk.folder, folder.path] : [folder.path, RulesDesk.folder]
        let replay = try ReplayCommand.given(
            ["--rules", sets[0], "--compare", sets[1], "--json", RulesDesk.mail("mari.eml")])
        await #expect {
            try await replay.run()
        } throws: { error in
            (error as? Failure)?.code == .configuration
        }
    }

    @Test("compares with own rules beside either directory")
    func ownRules() async throws {
        let local = FileManager.default.temporaryDirectory
            .appendingPathComponent("mutabik-compare-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: local, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: local) }
        try Data("extends: maribank\ndeny: [SAHNE KAPISI]\n".utf8)
            .write(to: local.appendingPathComponent("more.yaml"))
        let common = ["--rules", RulesDesk.folder, "--compare", RulesDesk.folder, "--json"]
        for (options, isDifferent) in [
            (["--local-rules", local.path], true),
            (["--compare-local-rules", local.path], true),
            (["--local-rules", local.path, "--compare-local-rules", local.path], false),
        ] {
            let replay = try ReplayCommand.given(common + options + [RulesDesk.mail("mari.eml")])
            do {
                try await replay.run()
                #expect(!isDifferent, "\(options)")
            } catch let failure as Failure {
                #expect(isDifferent && failure.code == .negative, "\(failure.message)")
            }
        }
    }

    @Test(
        "refuses a folder of own rules that is not there",
        arguments: [
            ["--local-rules", "/nowhere/rules"],
            ["--compare", RulesDesk.folder, "--compare-local-rules", "/nowhere/rules"],
        ])
    func missingOwnRules(_ options: [String]) async throws {
        let replay = try ReplayCommand.given(
            ["--rules", RulesDesk.folder, "--json"] + options + [RulesDesk.mail("mari.eml")])
        await #expect(throws: ConfigurationError.self) { try await replay.run() }
        let folders = RuleDirectory(path: RulesDesk.folder, local: "/nowhere/rules")
        #expect(throws: ConfigurationError.self) { try folders.trials() }
        let usual = RuleDirectory(
            path: RulesDesk.folder, local: "/nowhere/rules", isLocalOptional: true)
        #expect(try usual.compile().0.fileCount > 0)
    }

    private func report(
        _ outcome: MailOutcome, payer: String?, kuruş: Int64 = 125_000, guest: String? = nil
    ) -> MailReport {
        let findings = MailFindings(
            disposition: .settle, sha256: [], identity: [], sizeBytes: 0,
            receivedAt: Date(timeIntervalSince1970: 0), messageID: nil, outcome: outcome,
            rule: RuleID("a/b"), ruleIsDraft: false, trust: TrustVerdict(.verified), movements: [],
            reasons: [], explanation: "")
        var report = MailReport(
            findings, source: "a.mbox#1", verdict: Verdict(.review, reasons: []))
        let amount = Money(minorUnits: kuruş, currency: .turkishLira)
        if outcome == .payment {
            var notice = PaymentNotice(
                amount: amount, occurredAt: findings.receivedAt, timeFrom: .body)
            notice.payer = payer
            report.notice = notice
        }
        if let guest {
            report.verdict.allocations = [
                .init(registration: RegistrationID(guest), amount: amount)
            ]
        }
        return report
    }

    private func notice(_ change: (inout PaymentNotice) -> Void) throws -> MailReport {
        var report = report(.payment, payer: "BORA TANYEL")
        var notice = try #require(report.notice)
        notice.transactionID = "20261122-8841"
        notice.senderIBAN = "TR330006100519786457841326"
        notice.receivingAccount = "412-****567"
        change(&notice)
        report.notice = notice
        return report
    }

    @Test("numbers, accounts and times count, and are shown by their last signs")
    func facts() throws {
        let read = try notice { _ in }
        #expect(ReplayDifference([read], [read]) == nil)
        let changes: [(ReplayDifference.Change, (inout PaymentNotice) -> Void)] = [
            (.transactionID, { $0.transactionID = nil }),
            (.senderIBAN, { $0.senderIBAN = nil }),
            (.receivingAccount, { $0.receivingAccount = "412-****568" }),
            (.occurredAt, { $0.timeFrom = .arrival }), (.occurredAt, { $0.dayOnly = "1970-01-01" }),
            (.occurredAt, { $0.occurredAt += 60 }),
        ]
        for (change, apply) in changes {
            #expect(ReplayDifference([read], [try notice(apply)])?.changes == [change])
        }
        let poor = ReplayDifference(
            [read],
            [
                try notice {
                    $0.transactionID = nil
                    $0.senderIBAN = nil
                    $0.receivingAccount = "5001"
                }
            ])
        #expect(
            poor?.text(RulesDesk.english) == """
                a.mbox#1  transaction number, sender's IBAN, receiving account
                  - a/b  payment  1.250,00 TL  BORA TANYEL  → review
                  + a/b  payment  1.250,00 TL  BORA TANYEL  → review
                  ~ transaction number: …8841 → –
                  ~ sender's IBAN: …1326 → –
                  ~ receiving account: …*567 → …01
                """)
        let json = try #require(poor?.json.finished)
        #expect(json.contains("…1326") && !json.contains("TR330006100519786457841326"))
    }

    @Test("names every way in which two readings differ")
    func changes() {
        let read = report(.payment, payer: "BORA TANYEL")
        #expect(ReplayDifference([read], [read]) == nil)
        #expect(
            ReplayDifference([report(.unread, payer: nil)], [read])?.changes == [.newlyRead])
        #expect(ReplayDifference([read], [report(.unclear, payer: nil)])?.changes == [.newlyLost])
        #expect(
            ReplayDifference([read], [report(.payment, payer: "NEHİR ATALAN", kuruş: 1)])?.changes
                == [.amount, .payer])
        #expect(
            ReplayDifference([read], [report(.payment, payer: "BORA TANYEL", guest: "reg-1")])?
                .changes == [.guest])
        let lost = ReplayDifference([read], [report(.unread, payer: nil)])
        #expect(
            lost?.text(RulesDesk.english) == """
                a.mbox#1  newly lost
                  - a/b  payment  1.250,00 TL  BORA TANYEL  → review
                  + a/b  unread  → review
                """)
    }

    @Test(
        "counts one mail as one, in both languages",
        arguments: [
            (1, 1, "1 mail, 1 differs", "1 e-posta, 1 tanesi farklı"),
            (3, 1, "3 mails, 1 differs", "3 e-posta, 1 tanesi farklı"),
            (3, 2, "3 mails, 2 differ", "3 e-posta, 2 tanesi farklı"),
            (3, 0, "3 mails, 0 differ", "3 e-posta, 0 tanesi farklı"),
        ])
    func counts(_ mails: Int, _ different: Int, _ english: String, _ turkish: String) {
        var result = ReplayComparison.Result()
        result.mails = mails
        result.different = different
        #expect(result.text(RulesDesk.english) == english)
        #expect(result.text(RulesDesk.turkish) == turkish)
    }
}
