// SPDX-License-Identifier: Apache-2.0

import Domain
import Foundation
import Rules
import Testing

@testable import Agent
@testable import Operator

/// Mails, rules and answers of the commands on rules.
enum RulesDesk {
    static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent()
    static let rules = root.appendingPathComponent("rules").path
    static let fixtures = root.appendingPathComponent("Tests/Fixtures/rules-commands")
    /// A folder with one rule file, that of Mari Bank.
    static let folder = fixtures.appendingPathComponent("rules").path
    static let english = Manner(language: .english, paints: false)
    static let turkish = Manner(language: .turkish, paints: false)

    static func mail(_ name: String) -> String { fixtures.appendingPathComponent(name).path }

    /// Calls `body` with a new folder that is gone afterwards.
    static func withFolder<Result>(_ body: (String) throws -> Result) throws -> Result {
        let folder = FileManager.default.temporaryDirectory
            .appendingPathComponent("mutabik-rules-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        return try body(folder.path)
    }

    /// Compares with the file of that name; on a mismatch the actual answer is written beside it.
    static func expect(
        _ text: String, is name: String, at location: SourceLocation = #_sourceLocation
    ) {
        let file = fixtures.appendingPathComponent(name)
        let expected = try? String(contentsOf: file, encoding: .utf8)
        guard expected != text else { return }
        let actual = fixtures.appendingPathComponent(name + ".actual")
        try? Data(text.utf8).write(to: actual)
        Issue.record("differs from \(name); see \(name).actual", sourceLocation: location)
    }

    /// Drafts a rule from `mails` into `folder` and gives its path.
    static func draft(_ mails: [String], in folder: String, language: Manner = english) throws
        -> (path: String, reply: CommandReply)
    {
        let command = try RulesCommand.New.given(
            mails.map(mail) + ["--out", folder, "--rules", rules, "--seed", "11"])
        return (folder + "/maribank/rule.yaml", try command.reply(language))
    }
}

@Suite("mutabik rules new")
struct RulesNewTests {
    @Test("makes of an unknown bank's mail a file that passes its tests and reads the mail")
    func fromMailToRule() throws {
        try RulesDesk.withFolder { folder in
            let (path, reply) = try RulesDesk.draft(["mari.eml"], in: folder)
            #expect(reply.failure == nil, "\(reply.output)")
            #expect(reply.output.contains("Gönderen:"))
            let test = try RulesCommand.Test.given([path, "--rules", RulesDesk.rules])
            #expect(try test.reply(RulesDesk.english).failure == nil)
            let attempt = try RulesCommand.Try.given(
                [path, RulesDesk.mail("mari.eml"), "--rules", RulesDesk.rules, "--json"])
            let answer = try attempt.reply(RulesDesk.english)
            #expect(answer.failure == nil)
            #expect(answer.output.contains(#""amount_minor":125000"#))
            #expect(answer.output.contains(#""payer":"BORA TANYEL""#))
            #expect(answer.output.contains(#""description":"Atölye KTF6HV349""#))
            let text = try String(contentsOfFile: path, encoding: .utf8)
            for word in ["TANYEL", "tanyel", "SAHNE", "KTF6HV349\n", "1.250,00"] {
                #expect(!text.contains(word), "\(word) stands in the draft")
            }
        }
    }

    @Test("finds what several mails have in common and what only some of them have")
    func severalMails() throws {
        try RulesDesk.withFolder { folder in
            let (path, reply) = try RulesDesk.draft(["mari.eml", "mari-2.eml"], in: folder)
            #expect(reply.failure == nil, "\(reply.output)")
            let text = try String(contentsOfFile: path, encoding: .utf8)
            #expect(text.contains("transaction_id: { label: Sorgu No, place: next_cell }"))
            #expect(text.contains("description: { label: Açıklama"))
            for mail in ["mari.eml", "mari-2.eml"] {
                let attempt = try RulesCommand.Try.given(
                    [path, RulesDesk.mail(mail), "--rules", RulesDesk.rules])
                #expect(try attempt.reply(RulesDesk.english).failure == nil)
            }
        }
    }

    @Test("tells in comments of the locale what to check", arguments: [true, false])
    func comments(turkish: Bool) throws {
        try RulesDesk.withFolder { folder in
            let manner = turkish ? RulesDesk.turkish : RulesDesk.english
            let (path, reply) = try RulesDesk.draft(["mari.eml"], in: folder, language: manner)
            let text = try String(contentsOfFile: path, encoding: .utf8)
            #expect(text.contains("# Taslak kendiliğinden kimseyi onaylamaz.") == turkish)
            #expect(text.contains("# A draft approves nobody by itself.") == !turkish)
            #expect(reply.output.hasPrefix(turkish ? "yazıldı: " : "written: "))
        }
    }

    @Test("never writes over a file, and refuses what is no notice of money that came in")
    func refusals() throws {
        try RulesDesk.withFolder { folder in
            _ = try RulesDesk.draft(["mari.eml"], in: folder)
            #expect(throws: Failure.self) { try RulesDesk.draft(["mari.eml"], in: folder) }
        }
        let outgoing = try RulesCommand.New.given([RulesDesk.mail("mari-out.eml")])
        #expect {
            _ = try outgoing.reply(RulesDesk.english)
        } throws: { error in
            let failure = error as? Failure
            return failure?.code == .data
                && failure?.message.contains(
                    "it tells of money that went out (hesabınızdan). "
                        + "give a notice of money that came in; copy the sentence of this one")
                    == true
        }
        let missing = try RulesCommand.New.given(["/nowhere/x.eml"])
        #expect(throws: Failure.self) { try missing.reply(RulesDesk.english) }
    }
}

@Suite("mutabik rules test, try and explain")
struct RulesTryTests {
    @Test("test runs the samples of a bank, names those that fail, and ends with 1")
    func test() throws {
        let good = try RulesCommand.Test.given(["akbank", "--rules", RulesDesk.rules])
        let reply = try good.reply(RulesDesk.english)
        #expect(reply.failure == nil)
        #expect(reply.output.contains("P04"))
        try RulesDesk.withFolder { folder in
            let (path, _) = try RulesDesk.draft(["mari.eml"], in: folder)
            let text = try String(contentsOfFile: path, encoding: .utf8)
            let broken = text.replacingOccurrences(of: "label: Tutar", with: "label: Toplam")
            try broken.write(toFile: path, atomically: true, encoding: .utf8)
            let bad = try RulesCommand.Test.given([path, "--rules", RulesDesk.rules, "--failed"])
            let reply = try bad.reply(RulesDesk.turkish)
            #expect(reply.failure?.code == .negative)
            #expect(reply.output.contains("✗"))
            #expect(reply.output.contains("amount"))
        }
        let nothing = try RulesCommand.Test.given(["no-such-bank", "--rules", RulesDesk.rules])
        #expect(throws: Failure.self) { try nothing.reply(RulesDesk.english) }
    }

    @Test(
        "try marks what it takes, in colours and without",
        arguments: [
            ("try.txt", false, false), ("try.colour.txt", true, false), ("try.tr.txt", false, true),
        ])
    func marks(name: String, paints: Bool, turkish: Bool) throws {
        let command = try RulesCommand.Try.given(
            ["maribank", RulesDesk.mail("mari.eml"), "--rules", RulesDesk.folder])
        let reply = try command.reply(
            Manner(language: turkish ? .turkish : .english, paints: paints))
        #expect(reply.failure == nil)
        #expect(reply.output.contains("\u{1B}[") == paints)
        RulesDesk.expect(reply.output, is: name)
    }

    @Test("try says what is missing when a rule does not take the mail")
    func missing() throws {
        let command = try RulesCommand.Try.given(
            ["garanti-bbva", RulesDesk.mail("mari.eml"), "--rules", RulesDesk.rules])
        let reply = try command.reply(RulesDesk.english)
        #expect(reply.failure?.code == .negative)
        #expect(reply.output.contains("not for this sender (bildirim@maribank.example)"))
        #expect(reply.output.contains("the text does not hold"))
    }

    @Test("try gives the bytes of every value as JSON")
    func spans() throws {
        let command = try RulesCommand.Try.given(
            [
                "garanti-bbva", RulesDesk.rules + "/garanti-bbva/samples/p01.text.eml", "--rules",
                RulesDesk.rules, "--json",
            ])
        let object = try #require(
            try JSONSerialization.jsonObject(
                with: Data(try command.reply(RulesDesk.english).output.utf8)) as? [String: Any])
        let variants = try #require(object["variants"] as? [[String: Any]])
        let captures = variants.flatMap { $0["captures"] as? [[String: Any]] ?? [] }
        let amount = try #require(captures.first { $0["field"] as? String == "amount" })
        let (start, end) = (amount["start"] as? Int ?? 0, amount["end"] as? Int ?? 0)
        #expect(amount["value"] as? String == "1.250,00 TL")
        #expect(end - start == "1.250,00 TL".utf8.count)
    }

    @Test(
        "explain says for each rule why, the nearest first, in both languages",
        arguments: [("explain.txt", false), ("explain.tr.txt", true)])
    func explains(name: String, turkish: Bool) throws {
        let command = try RulesCommand.Explain.given(
            [RulesDesk.mail("mari-out.eml"), "--rules", RulesDesk.folder])
        let reply = try command.reply(turkish ? RulesDesk.turkish : RulesDesk.english)
        #expect(reply.failure == nil)
        RulesDesk.expect(reply.output, is: name)
    }

    @Test("explain tells a newcomer how to write the rule that is missing")
    func unknownBank() throws {
        let command = try RulesCommand.Explain.given(
            [RulesDesk.mail("mari.eml"), "--rules", RulesDesk.rules])
        let reply = try command.reply(RulesDesk.turkish)
        #expect(reply.failure?.code == .negative)
        #expect(reply.output.contains("Yazmak için: mutabik rules new"))
    }
}

@Suite("mutabik rules anonymize and coverage")
struct RulesCoverageTests {
    @Test("anonymize keeps the form, names what it left out, and lets nothing through")
    func anonymize() throws {
        let command = try RulesCommand.Anonymize.given(
            [RulesDesk.mail("mari.eml"), "--rules", RulesDesk.rules, "--seed", "3"])
        let reply = try command.reply(RulesDesk.english)
        let text = String(decoding: try #require(reply.raw), as: UTF8.self)
        for word in ["TANYEL", "anyel", "Bora", "8aF33kd", "900112233", "sahnekapisi", "KTF6HV349"]
        {
            #expect(!text.contains(word), "\(word) got through")
        }
        #expect(text.contains("charset=\"windows-1254\""))
        #expect(text.contains("Content-Transfer-Encoding: quoted-printable"))
        #expect(text.contains("From: Mari Bank <bildirim@maribank.example>"))
        #expect(reply.notes[0] == "left out headers: Received, DKIM-Signature")
        #expect(reply.notes[1] == "left out files: image/png")
    }

    @Test("coverage counts mails by rule and groups the others by shape")
    func coverage() throws {
        try RulesDesk.withFolder { folder in
            for name in ["mari.eml", "mari-2.eml", "mari-out.eml"] {
                try FileManager.default.copyItem(
                    atPath: RulesDesk.mail(name), toPath: "\(folder)/\(name)")
            }
            try FileManager.default.copyItem(
                atPath: RulesDesk.mail("mari-2.eml"), toPath: "\(folder)/mari-3.eml")
            try FileManager.default.copyItem(
                atPath: RulesDesk.rules + "/akbank/samples/p04.html.eml", toPath: folder + "/a.eml")
            let command = try RulesCommand.Coverage.given([folder, "--rules", RulesDesk.rules])
            let reply = try command.reply(RulesDesk.english)
            #expect(reply.output.hasPrefix("5 mails: 1 read, 4 not\n"))
            #expect(reply.output.contains("1  akbank/incoming  1 payment"))
            #expect(reply.output.contains("3×  bildirim@maribank.example"))
            #expect(!reply.output.contains("ATALAN"))
            let json = try RulesCommand.Coverage.given(
                [folder, "--rules", RulesDesk.rules, "--json"])
            let lines = try json.reply(RulesDesk.english).output.split(separator: "\n")
            #expect(lines.contains { $0.hasPrefix(#"{"rule":null,"mails":3,"senders":["#) })
            #expect(
                lines.contains { $0.hasPrefix(#"{"rule":"akbank/incoming","mails":1,"payment":1"#) }
            )
        }
    }

    @Test("coverage ends with 65 when a mailbox is not there")
    func noMailbox() throws {
        let command = try RulesCommand.Coverage.given(["/nowhere", "--rules", RulesDesk.rules])
        #expect(try command.reply(RulesDesk.english).failure?.code == .data)
    }
}

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
}
