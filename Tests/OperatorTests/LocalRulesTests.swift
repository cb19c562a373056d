// SPDX-License-Identifier: Apache-2.0

import Foundation
import Rules
import Testing

@testable import Operator

/// A folder `rules` with the rule of Mari Bank, and an empty one `local` beside it.
struct RuleFolders {
    let rules: String
    let local: String

    /// Calls `body` with new folders that are gone afterwards.
    static func with<Result>(_ body: (RuleFolders) throws -> Result) throws -> Result {
        try RulesDesk.withFolder { folder in
            let folders = RuleFolders(rules: folder + "/rules", local: folder + "/local")
            try FileManager.default.copyItem(atPath: RulesDesk.folder, toPath: folders.rules)
            try FileManager.default.createDirectory(
                atPath: folders.local, withIntermediateDirectories: true)
            return try body(folders)
        }
    }

    var options: [String] { ["--rules", rules, "--local-rules", local] }

    /// Writes a file of one's own and gives its path.
    @discardableResult
    func add(_ name: String, _ text: String) throws -> String {
        let file = URL(filePath: local).appending(path: name)
        try FileManager.default.createDirectory(
            at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
        try Data(text.utf8).write(to: file)
        return file.path
    }

    /// An addition that holds one more word to be denied; that word stands in `mari.eml`.
    @discardableResult
    func addDenial() throws -> String {
        try add("maribank/more.yaml", "extends: maribank\ndeny: [SAHNE KAPISI]\n")
    }

    /// A notice of another kind of the same bank.
    func otherNotice() throws -> String {
        try add(
            "other.eml",
            """
            From: Mari Bank <bildirim@maribank.example>
            Subject: =?utf-8?Q?FAST_ile_=C3=B6deme?=
            Date: Mon, 23 Nov 2026 10:06:10 +0300
            Content-Type: text/plain; charset=utf-8

            Hesabınıza FAST ile ödeme ulaştı.
            Gönderen: BORA TANYEL
            Tutar: 1.250,00 TL
            Açıklama: KTF6HV349
            İşlem Tarihi: 23.11.2026 10:05
            """)
    }

    func run<Command: RuleAnswering>(
        _ type: Command.Type, _ arguments: [String], _ manner: Manner = RulesDesk.english
    ) throws -> CommandReply {
        try type.given(arguments).reply(manner)
    }
}

/// A command that gives its answer instead of writing it.
protocol RuleAnswering {
    static func given(_ arguments: [String]) throws -> Self
    func reply(_ manner: Manner) throws -> CommandReply
}

extension RulesCommand.Check: RuleAnswering {}
extension RulesCommand.Test: RuleAnswering {}
extension RulesCommand.Try: RuleAnswering {}
extension RulesCommand.Explain: RuleAnswering {}
extension RulesCommand.New: RuleAnswering {}

@Suite("own rules beside those that ship")
struct LocalRulesTests {
    private static let mail = RulesDesk.mail("mari.eml")

    @Test("are used by try and explain alike")
    func oneLoader() throws {
        try RuleFolders.with { folders in
            let plain = try folders.run(
                RulesCommand.Try.self, ["maribank", Self.mail] + folders.options)
            #expect(plain.failure == nil, "\(plain.output)")
            let more = try folders.addDenial()
            for rule in ["maribank", folders.rules + "/maribank", more] {
                let reply = try folders.run(
                    RulesCommand.Try.self, [rule, Self.mail] + folders.options)
                #expect(reply.failure?.code == .negative, "\(rule)")
                #expect(reply.output.contains("Outcome: unclear"), "\(rule): \(reply.output)")
            }
            let explained = try folders.run(
                RulesCommand.Explain.self, [Self.mail] + folders.options)
            #expect(explained.output.contains("Together: unclear"))
        }
    }

    @Test("are tested with the rule that they add to, and break its samples where they do")
    func tested() throws {
        try RuleFolders.with { folders in
            try folders.addDenial()
            let whole = try folders.run(RulesCommand.Test.self, folders.options)
            #expect(whole.failure == nil, "\(whole.output)")
            #expect(whole.output.contains("samples in 2 files, 0 wrong"))
            try folders.add("maribank/more.yaml", "extends: maribank\ndeny: [LUHA MIKVAM]\n")
            for place in [[], ["maribank"], [folders.local + "/maribank/more.yaml"]] {
                let reply = try folders.run(RulesCommand.Test.self, place + folders.options)
                #expect(reply.failure?.code == .negative, "\(place)")
                #expect(reply.output.contains(folders.local + "/maribank/more.yaml"))
                #expect(
                    reply.output.contains("with this file a sample of maribank/rule.yaml fails"))
            }
        }
    }

    @Test("a variant from rules new --extends is found by the commands that it prints")
    func nextSteps() throws {
        try RuleFolders.with { folders in
            let mail = try folders.otherNotice()
            let reply = try folders.run(
                RulesCommand.New.self,
                [
                    mail, "--extends", "maribank", "--rules", folders.rules,
                    "--out", folders.local, "--seed", "3",
                ])
            #expect(reply.failure == nil, "\(reply.output)")
            let path = folders.local + "/maribank/incoming-2.yaml"
            #expect(reply.output.contains("mutabik rules test \(path) --rules \(folders.rules)\n"))
            let test = try folders.run(RulesCommand.Test.self, [path, "--rules", folders.rules])
            #expect(test.failure == nil, "\(test.output)")
            #expect(test.output.contains("samples in 2 files, 0 wrong"))
            let attempt = try folders.run(
                RulesCommand.Try.self,
                [path, mail, "--rules", folders.rules])
            #expect(attempt.failure == nil, "\(attempt.output)")
            let next = try folders.run(
                RulesCommand.New.self,
                [
                    mail, "--extends", "maribank", "--rules", folders.rules,
                    "--out", folders.local, "--seed", "3",
                ])
            #expect(next.output.hasPrefix("written: \(folders.local)/maribank/incoming-3.yaml"))
        }
    }

    @Test("a rule that is drafted into a folder of its own needs no other folder")
    func ownFolder() throws {
        try RuleFolders.with { folders in
            let draft = try folders.run(
                RulesCommand.New.self,
                [
                    RulesDesk.mail("mari.eml"), "--rules", RulesDesk.rules, "--out", folders.local,
                    "--seed", "3",
                ])
            #expect(draft.failure == nil)
            let check = try folders.run(RulesCommand.Check.self, ["--rules", folders.local])
            #expect(check.failure == nil, "\(check.output)")
            let beside = try folders.run(
                RulesCommand.New.self,
                [
                    RulesDesk.mail("mari.eml"), "--rules", RulesDesk.rules, "--local-rules",
                    folders.local, "--out", folders.local, "--id", "mari", "--seed", "3",
                ])
            #expect(beside.failure == nil)
            let text = try String(
                contentsOfFile: folders.local + "/mari/rule.yaml", encoding: .utf8)
            #expect(text.contains("include: common/"))
        }
    }

    @Test("a file in the bank's own folder counts too, its failing samples as well")
    func sameFolder() throws {
        try RuleFolders.with { folders in
            let mail = try folders.otherNotice()
            _ = try folders.run(
                RulesCommand.New.self,
                [
                    mail, "--extends", "maribank", "--rules", folders.rules,
                    "--out", folders.rules, "--seed", "3",
                ])
            let file = folders.rules + "/maribank/incoming-2.yaml"
            let good = try folders.run(
                RulesCommand.Test.self, ["maribank", "--rules", folders.rules])
            #expect(good.output.contains("samples in 2 files, 0 wrong"))
            let text = try String(contentsOfFile: file, encoding: .utf8)
            try text.replacingOccurrences(of: "outcome: unread", with: "outcome: unclear")
                .write(toFile: file, atomically: true, encoding: .utf8)
            let bad = try folders.run(
                RulesCommand.Test.self, ["maribank", "--rules", folders.rules])
            #expect(bad.failure?.code == .negative)
        }
    }

    @Test("a problem names the file where it stands")
    func places() throws {
        try RuleFolders.with { folders in
            let path = try folders.add("maribank/x.yaml", "extends: maribank\n\ncolour: red\n")
            let reply = try folders.run(RulesCommand.Check.self, folders.options)
            #expect(reply.failure?.code == .negative)
            #expect(reply.output.hasPrefix("\(path):3:1: "), "\(reply.output)")
            let (_, problems) = try RuleDirectory(path: folders.rules, local: folders.local)
                .compile()
            #expect(problems.first?.description.hasPrefix("\(path):3:1: ") == true)
        }
    }

    @Test("check answers in both languages and as JSON")
    func check() throws {
        try RuleFolders.with { folders in
            let good = try folders.run(
                RulesCommand.Check.self, folders.options, RulesDesk.turkish)
            #expect(good.output == "1 dosya, 7 varyant, sorun yok\n")
            let path = try folders.add("bad.YAML", "id: Kıyı Bankası\n")
            let bad = try folders.run(
                RulesCommand.Check.self, folders.options, RulesDesk.turkish)
            #expect(bad.output.hasSuffix("1 dosya, 7 varyant kullanılabilir\n"))
            #expect(bad.failure?.message.hasPrefix("kural dosyalarında ") == true)
            let json = try folders.run(RulesCommand.Check.self, folders.options + ["--json"])
            let lines = json.output.split(separator: "\n")
            let tested = try folders.run(
                RulesCommand.Test.self, folders.options, RulesDesk.turkish)
            #expect(tested.output.contains("✗ \(path):1:"), "\(tested.output)")
            #expect(
                lines.first?.hasPrefix(#"{"file":"\#(path)","line":1,"column":"#) == true)
            #expect(lines.contains { $0.contains(#""offending":"Kıyı Bankası""#) })
            #expect(lines.last == #"{"files":1,"variants":7,"problems":\#(lines.count - 1)}"#)
        }
    }

    @Test("check takes a folder without an option, names untested words and .yaml.txt")
    func checkNotes() throws {
        try RuleFolders.with { folders in
            let none = try folders.run(RulesCommand.Check.self, ["--rules", folders.local])
            #expect(none.output == "")
            #expect(none.failure?.message == "\(folders.local): no rule file is there")
            #expect(none.failure?.code == .configuration)
            let empty = try folders.run(RulesCommand.Check.self, [folders.rules])
            #expect(empty.failure == nil)
            #expect(empty.output == "1 file, 7 variants, ok\n")
            #expect(empty.notes == [])
            let path = try folders.add(
                "maribank/more.yaml", "extends: maribank\ndeny: [SAHNE KAPSI, SAHNE KAPISI]\n")
            let other = try folders.add("maribank/rule.yaml.txt", "id: x\n")
            let own = try folders.run(RulesCommand.Check.self, folders.options, RulesDesk.turkish)
            #expect(own.failure == nil)
            #expect(own.notes.count == 2)
            #expect(own.notes.first?.hasPrefix("\(path):2:1: deny ya da out altındaki") == true)
            #expect(own.notes.first?.contains("“SAHNE KAPSI”, “SAHNE KAPISI”") == true)
            #expect(own.notes.last == "\(other): okunmadı; adının sonundaki .txt'yi silin")
            #expect(throws: Failure.self) {
                try folders.run(RulesCommand.Check.self, ["nothing"] + folders.options)
            }
        }
    }

    @Test("a file that cannot be read leaves no rule of its bank confirmed")
    func unreadable() throws {
        try RuleFolders.with { folders in
            // Twice as large as any rule file may be.
            let path = try folders.add(
                "maribank/own.yaml", String(repeating: "# ", count: 1 << 20))
            let whole = try folders.run(RulesCommand.Check.self, folders.options)
            #expect(whole.failure?.code == .negative)
            #expect(
                whole.output == """
                    \(path):1:1: larger than 1 MiB; this is no rule file
                    \(path):1:1: until this file is mended a person sees each notice of maribank
                    1 file, 7 variants can be used

                    """)
            let (book, _) = try RuleDirectory(path: folders.rules, local: folders.local).compile()
            let (plain, _) = try RuleDirectory(path: folders.rules).compile()
            #expect(book.ruleIDs == plain.ruleIDs)
            #expect(book.digest != plain.digest)
            for place in [[], [folders.local], [path]] {
                let tested = try folders.run(RulesCommand.Test.self, place + folders.options)
                #expect(tested.failure?.code == .negative)
                #expect(tested.output.contains("larger than 1 MiB"), "\(tested.output)")
            }
            let tried = try folders.run(
                RulesCommand.Try.self, ["maribank", Self.mail] + folders.options)
            #expect(tried.failure == nil, "\(tried.output)")
            #expect(throws: Failure.self) {
                try folders.run(RulesCommand.Try.self, [path, Self.mail] + folders.options)
            }
            // With what it said before, that stays in force.
            let good = "extends: maribank\ndeny: [SAHNE KAPISI]\n"
            try folders.add("maribank/own.yaml", good)
            let directory = RuleDirectory(path: folders.rules, local: folders.local)
            let (before, problems) = try directory.compile()
            #expect(problems.isEmpty)
            try folders.add("maribank/own.yaml", String(repeating: "# ", count: 1 << 20))
            #expect(try directory.compile(keeping: before).0.digest == before.digest)
        }
    }

    @Test("a file that is not UTF-8 is said to be none, and its rule becomes a draft")
    func letters() throws {
        try RuleFolders.with { folders in
            let path = try folders.add("maribank/rule.yaml", "id: maribank\nbank: Mari ")
            var bytes = try Data(contentsOf: URL(filePath: path))
            bytes += [0xDD, 0xFE, 0x0A]
            try bytes.write(to: URL(filePath: path))
            let reply = try folders.run(RulesCommand.Check.self, folders.options)
            #expect(
                reply.output.hasPrefix(
                    "\(path):2:12: this letter is not UTF-8; save the file as UTF-8"),
                "\(reply.output)")
        }
    }

    @Test(
        "test and try of a rule tell what a fragment of one's own does to it",
        arguments: [
            "fragment: x\ndeny: [hesabınıza]\n", "fragment: x\nlook_alikes: [a]\n",
        ])
    func spoilingFragment(_ fragment: String) throws {
        try RuleFolders.with { folders in
            let rule = folders.rules + "/maribank/rule.yaml"
            let text = try String(contentsOfFile: rule, encoding: .utf8)
            try Data(("include: common/mari.yaml\n" + text).utf8).write(
                to: URL(fileURLWithPath: rule))
            try FileManager.default.createDirectory(
                atPath: folders.rules + "/common", withIntermediateDirectories: true)
            try Data("fragment: mari\ndeny: [ters kayıt]\n".utf8).write(
                to: URL(fileURLWithPath: folders.rules + "/common/mari.yaml"))
            let own = try folders.add("common/mari.yaml", fragment)
            try folders.add("common/other.yaml", "fragment: other\ncolour: red\n")
            let test = try folders.run(RulesCommand.Test.self, ["maribank"] + folders.options)
            #expect(test.failure?.code == .negative)
            #expect(test.output.contains(own))
            #expect(!test.output.contains("other.yaml"))
            let attempt = try folders.run(
                RulesCommand.Try.self, ["maribank", Self.mail] + folders.options)
            #expect(attempt.notes.contains { $0.contains(own) }, "\(attempt.notes)")
        }
    }
}
