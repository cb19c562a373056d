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

    @Test("a file that is no rule file is refused by its name, not its neighbours by theirs")
    func noRuleFile() throws {
        try RulesDesk.withFolder { folder in
            let file = folder + "/kiyi.txt"
            try "id: kiyi".write(toFile: file, atomically: true, encoding: .utf8)
            for arguments in [[file], [file, "--json"]] {
                #expect {
                    try RulesCommand.Check.given(arguments + ["--rules", RulesDesk.rules])
                        .reply(RulesDesk.english)
                } throws: { "\($0)".contains("kiyi.txt: this is no rule file") }
            }
        }
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
        #expect(
            reply.notes[1] == "left out files, as what is inside them cannot be made anonymous: "
                + "image/png")
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
