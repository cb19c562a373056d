// SPDX-License-Identifier: Apache-2.0

import Foundation
import Rules
import Testing

@testable import Operator

@Suite("links among rules")
struct LinkedRulesTests {
    private static func link(_ path: String, to target: String) throws {
        try FileManager.default.createSymbolicLink(atPath: path, withDestinationPath: target)
    }

    @Test("a folder of rules that is a link is read, and its rules as well")
    func folder() throws {
        try RuleFolders.with { folders in
            let rules = folders.rules + "-link"
            let local = folders.local + "-link"
            try Self.link(rules, to: folders.rules)
            try Self.link(local, to: folders.local)
            try folders.addDenial()
            for (rules, local) in [(rules, local), (rules + "/", local + "/")] {
                let directory = RuleDirectory(path: rules, local: local)
                let (book, problems) = try directory.compile()
                #expect(problems.map(\.description) == [])
                #expect(book.fileCount == 1)
                #expect(book.holdsOwnRules)
                #expect(directory.stamp() != FolderStamp())
            }
            let test = try folders.run(RulesCommand.Test.self, [rules + "/maribank"])
            #expect(test.failure == nil, "\(test.output)")
        }
    }

    @Test("inside they are followed to what lies inside, and refused to what does not")
    func inside() throws {
        try RuleFolders.with { folders in
            try folders.add(
                "..data/maribank/rule.yaml", "extends: maribank\ndeny: [SAHNE KAPISI]\n")
            try Self.link(folders.local + "/maribank", to: "..data/maribank")
            try Self.link(folders.local + "/again", to: "..")
            let directory = RuleDirectory(path: folders.rules, local: folders.local)
            let (book, problems) = try directory.compile()
            #expect(book.holdsOwnRules)
            #expect(problems.map(\.path) == [folders.local + "/again"])
            try FileManager.default.removeItem(atPath: folders.local + "/again")
            try Self.link(folders.local + "/ring", to: ".")
            try Self.link(folders.local + "/notes.txt", to: "/etc/hostname")
            #expect(try directory.compile().1.map(\.description) == [])
            #expect(try directory.sources().count == 2)
        }
    }

    @Test("one that leads out of the folder is named", arguments: [true, false])
    func stray(isFolder: Bool) throws {
        try RuleFolders.with { folders in
            let own = folders.local + (isFolder ? "/maribank" : "/maribank.yaml")
            try Self.link(own, to: folders.rules + "/maribank" + (isFolder ? "" : "/rule.yaml"))
            let check = try folders.run(RulesCommand.Check.self, folders.options)
            #expect(check.failure?.code == .negative)
            #expect(check.output.contains("\(own):1:1: this link leads out of the rules folder"))
        }
    }

    @Test(
        "a folder in force that becomes one, or is closed, stays in force",
        arguments: [true, false])
    func kept(isLink: Bool) throws {
        try RuleFolders.with { folders in
            let directory = RuleDirectory(path: folders.rules, local: folders.local)
            let (book, _) = try directory.compile()
            let bank = folders.rules + "/maribank"
            let elsewhere = folders.rules + "-elsewhere"
            try FileManager.default.moveItem(atPath: bank, toPath: elsewhere)
            defer { try? FileManager.default.removeItem(atPath: elsewhere) }
            if isLink {
                try Self.link(bank, to: elsewhere)
            } else {
                // Nobody can list what is no folder any more: root may enter any folder.
                try FileManager.default.createDirectory(
                    atPath: bank, withIntermediateDirectories: false)
                try FileManager.default.setAttributes([.posixPermissions: 0], ofItemAtPath: bank)
                guard (try? FileManager.default.contentsOfDirectory(atPath: bank)) == nil else {
                    return
                }
            }
            let (kept, problems) = try directory.compile(keeping: book)
            #expect(kept.ruleIDs == book.ruleIDs && kept.fileCount == 1)
            #expect(problems.contains { $0.path == bank } && !problems.isEmpty)
            // It is the agent's first look: nothing was in force.
            #expect(try directory.compile().0.fileCount == 0)
            try FileManager.default.removeItem(atPath: bank)
            try FileManager.default.moveItem(atPath: elsewhere, toPath: bank)
            let (again, none) = try directory.compile(keeping: kept)
            #expect(again.fileCount == 1 && none.map(\.description) == [])
        }
    }

    @Test("one that leads nowhere is a file that cannot be read")
    func nowhere() throws {
        try RuleFolders.with { folders in
            try Self.link(folders.local + "/maribank.yaml", to: "gone.yaml")
            let check = try folders.run(RulesCommand.Check.self, folders.options)
            #expect(check.output.contains("maribank.yaml:1:1: the file cannot be read"))
        }
    }
}
