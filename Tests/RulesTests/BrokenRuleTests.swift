// SPDX-License-Identifier: Apache-2.0

import Domain
import Foundation
import Rules
import Testing

/// Files with one mistake each, and what is said about it, in both languages.
enum BrokenRules {
    static let folder = ShippedRules.folder.deletingLastPathComponent()
        .appendingPathComponent("Tests/Fixtures/rules-broken")

    static let names: [String] = {
        let files = try? FileManager.default.contentsOfDirectory(atPath: folder.path)
        return (files ?? []).filter { $0.hasSuffix(".yaml") }.map { String($0.dropLast(5)) }
            .sorted()
    }()

    static func text(_ name: String) throws -> String {
        try String(contentsOf: folder.appendingPathComponent(name), encoding: .utf8)
    }
}

@Suite("Broken rule files")
struct BrokenRuleTests {
    @Test("there are some of every kind")
    func corpus() { #expect(BrokenRules.names.count >= 60) }

    /// `x.expected` holds the English message, the Turkish one and the offending text, a line each.
    @Test(
        "say what is wrong, where, and what to write, in both languages",
        arguments: BrokenRules.names)
    func message(_ name: String) throws {
        let text = try BrokenRules.text(name + ".yaml")
        let (book, problems) = RuleBook.compile([RuleSource(path: "bank/rule.yaml", text: text)])
        #expect(book.fileCount == 0)
        let first = try #require(problems.first)
        let actual = """
            \(first.description)
            \(first.turkishDescription)
            \(first.offending ?? "")

            """
        let file = BrokenRules.folder.appendingPathComponent(name + ".expected")
        let expected = try? String(contentsOf: file, encoding: .utf8)
        if actual != expected {
            try actual.write(
                to: BrokenRules.folder.appendingPathComponent(name + ".actual"), atomically: true,
                encoding: .utf8)
        }
        #expect(actual == expected)
        #expect(first.message.english != first.message.turkish)
    }

    @Test("give the same book and problems in whichever order they are read")
    func spread() throws {
        let broken = try BrokenRules.names.map { name in
            RuleSource(path: "\(name)/rule.yaml", text: try BrokenRules.text(name + ".yaml"))
        }
        let sources = ShippedRules.sources + broken
        let turned = RuleBook.compile(sources) { count, work in
            (0..<count).reversed().forEach(work)
        }
        let (book, problems) = RuleBook.compile(sources)
        #expect(turned.problems == problems)
        #expect(turned.book.digests == book.digests)
        #expect(turned.book.ruleIDs == book.ruleIDs)
    }

    @Test("leave the last good version in force, and are mended by a good one")
    func lastGood() throws {
        let good = RuleSource(path: "bank/rule.yaml", text: RuleProblemTests.good)
        let book = RuleBook.compile([good]).book
        for name in BrokenRules.names {
            let text = try BrokenRules.text(name + ".yaml")
            let broken = RuleSource(path: "bank/rule.yaml", text: text)
            let (next, problems) = RuleBook.compile([broken], keeping: book)
            #expect(!problems.isEmpty, "\(name)")
            #expect(next.ruleIDs == book.ruleIDs, "\(name)")
            #expect(next.digest == book.digest, "\(name)")
        }
        #expect(RuleBook.compile([], keeping: book).book.fileCount == 0)
    }
}
