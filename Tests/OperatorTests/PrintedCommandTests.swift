// SPDX-License-Identifier: Apache-2.0

import Foundation
import Rules
import Testing

@testable import Operator

/// Runs commands on rules as they are written in a guide or printed by the program, as if in the
/// folder `home`: names of files in it need no path before them.
struct CommandLineDesk {
    let home: String
    let manner: Manner

    /// The answer, after which the printed commands can be run as well. Behind `>` stands the file
    /// that it is written to.
    func reply(_ command: String) async throws -> CommandReply {
        let parts = command.split(separator: " > ", maxSplits: 1).map(String.init)
        guard parts.count == 2, let file = Self.words(parts[1]).first else {
            return try await answer(command)
        }
        let reply = try await answer(parts[0])
        let bytes = reply.raw ?? Array(reply.output.utf8)
        try Data(bytes).write(to: URL(fileURLWithPath: "\(home)/\(file)"))
        return reply
    }

    private func answer(_ command: String) async throws -> CommandReply {
        let words = Self.words(command)
        #expect(words.first == "mutabik", "\(command)")
        let arguments = Array(words.dropFirst(2))
        let name = words.dropFirst().first ?? ""
        guard name == "rules" else {
            #expect(name == "replay", "\(command)")
            var reply = CommandReply()
            do {
                try await ReplayCommand.given(arguments.map(placed)).run()
            } catch let failure as Failure {
                reply.failure = failure
            }
            return reply
        }
        let rest = arguments.dropFirst().map(placed)
        switch arguments.first {
        case "new": return try RulesCommand.New.given(rest).reply(manner)
        case "check": return try RulesCommand.Check.given(rest).reply(manner)
        case "test": return try RulesCommand.Test.given(rest).reply(manner)
        case "try": return try RulesCommand.Try.given(rest).reply(manner)
        case "explain": return try RulesCommand.Explain.given(rest).reply(manner)
        case "coverage": return try RulesCommand.Coverage.given(rest).reply(manner)
        case "schema": return CommandReply(output: RuleSchema.text)
        case "anonymize": return try RulesCommand.Anonymize.given(rest).reply(manner)
        default:
            Issue.record("no such command: \(command)")
            return CommandReply()
        }
    }

    /// A path below the folder where the word names a file there, or one that is to be made.
    private func placed(_ word: String) -> String {
        guard word != RulesCommand.Folders.usual else { return RulesDesk.rules }
        let first = word.prefix { $0 != "/" && $0 != "#" }
        let isThere = FileManager.default.fileExists(atPath: "\(home)/\(first)")
        return isThere || first == "kurallarim" || first == "my-rules" ? "\(home)/\(word)" : word
    }

    /// The words of a command line without its remark; what stands in quotes is one.
    static func words(_ command: String) -> [String] {
        var words: [String] = []
        var word: String?
        var isQuoted = false
        for sign in command {
            if sign == "'" {
                isQuoted.toggle()
                word = word ?? ""
            } else if sign == " ", !isQuoted {
                if let word { words.append(word) }
                word = nil
            } else {
                if sign == "#", word == nil { break }
                word = (word ?? "") + String(sign)
            }
        }
        return words + [word].compactMap(\.self)
    }

    /// The commands that an answer advises, each without the mark before it.
    static func printed(_ reply: CommandReply) -> [String] {
        let lines = (reply.output + "\n" + reply.notes.joined(separator: "\n")).split(
            whereSeparator: \.isNewline)
        return lines.compactMap { line in
            line.range(of: "mutabik rules ").map { String(line[$0.lowerBound...]) }
        }
    }
}

@Suite("Commands that the program prints")
struct PrintedCommandTests {
    /// A folder with two mails of an unknown bank, and a folder with a blank in its name.
    private static func withMails(_ body: (String) async throws -> Void) async throws {
        let home = FileManager.default.temporaryDirectory
            .appendingPathComponent("mutabik-printed-\(UUID().uuidString)").path
        let manager = FileManager.default
        defer { try? manager.removeItem(atPath: home) }
        try manager.createDirectory(atPath: home + "/my mails", withIntermediateDirectories: true)
        for name in ["mari.eml", "mari-2.eml"] {
            try manager.copyItem(
                atPath: RulesDesk.mail(name), toPath: "\(home)/my mails/\(name)")
        }
        try await body(home)
    }

    @Test("work as they stand, with every folder that was named", arguments: [true, false])
    func chain(isTurkish: Bool) async throws {
        try await Self.withMails { home in
            let desk = CommandLineDesk(
                home: "/nowhere", manner: isTurkish ? RulesDesk.turkish : RulesDesk.english)
            let folders = "--rules \(RulesDesk.rules) --local-rules \(home)/own"
            try FileManager.default.createDirectory(
                atPath: home + "/own", withIntermediateDirectories: true)
            let coverage = try await desk.reply(
                "mutabik rules coverage \(folders) '\(home)/my mails'")
            let explain = try #require(CommandLineDesk.printed(coverage).first)
            #expect(explain.hasSuffix(folders))
            let explained = try await desk.reply(explain)
            let draft = try #require(CommandLineDesk.printed(explained).first)
            #expect(draft.hasSuffix(folders))
            _ = try await desk.reply(draft)
            let written = try await desk.reply(draft + " --out \(home)/own")
            let advised = CommandLineDesk.printed(written)
            #expect(advised.count == 2)
            let file = try String(contentsOfFile: home + "/own/maribank/rule.yaml", encoding: .utf8)
            let inFile = try #require(
                file.split(separator: "\n").first { $0.hasPrefix("#   mutabik") })
            for command in advised + [String(inFile.dropFirst(4))] {
                #expect(command.contains(folders))
                #expect(try await desk.reply(command).failure == nil, "\(command)")
            }
        }
    }

    @Test("--extends takes the path of a rule file, wherever it stands")
    func extends() async throws {
        try await Self.withMails { home in
            let desk = CommandLineDesk(home: "/nowhere", manner: RulesDesk.english)
            let (one, two) = ("'\(home)/my mails/mari.eml'", "'\(home)/my mails/mari-2.eml'")
            let rules = "--rules \(RulesDesk.rules)"
            _ = try await desk.reply("mutabik rules new \(one) \(rules) --out \(home)/own")
            let path = "\(home)/own/maribank/rule.yaml"
            for more in ["--local-rules \(home)/own", ""] {
                let draft = try await desk.reply(
                    "mutabik rules new \(two) --extends \(path) \(rules) \(more)")
                #expect(draft.output.contains("extends: maribank"))
            }
            let added = try await desk.reply(
                "mutabik rules new \(two) --extends \(path) \(rules) --out \(home)/own")
            for command in CommandLineDesk.printed(added) {
                // Of a kind that the file reads already: its samples speak against the addition.
                let code = try await desk.reply(command).failure?.code
                #expect(code == nil || code == .negative, "\(command)")
            }
            await #expect {
                _ = try await desk.reply(
                    "mutabik rules new \(two) --extends \(path) \(rules) --out \(home)/other")
            } throws: { error in
                (error as? Failure)?.message.hasSuffix("--out \(home)/own") == true
            }
        }
    }

    @Test("a draft that is only printed loads by itself wherever it is saved")
    func printedDraft() async throws {
        try await Self.withMails { home in
            let desk = CommandLineDesk(home: "/nowhere", manner: RulesDesk.turkish)
            let draft = try await desk.reply(
                "mutabik rules new '\(home)/my mails/mari.eml' --rules \(RulesDesk.rules)")
            #expect(!draft.output.contains("include:"))
            let folder = home + "/kept/maribank"
            try FileManager.default.createDirectory(
                atPath: folder, withIntermediateDirectories: true)
            try Data(draft.output.utf8).write(to: URL(fileURLWithPath: folder + "/rule.yaml"))
            let check = try await desk.reply("mutabik rules check --rules \(home)/kept")
            #expect(check.failure == nil, "\(check.output)")
        }
    }
}
