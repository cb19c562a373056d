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

@Suite("Rule files over rule files")
struct LayerTests {
    private let base = RuleSource(path: "bank/rule.yaml", text: RuleProblemTests.good)

    private func extending(_ more: String) -> RuleSource {
        RuleSource(path: "mine/bank.yaml", text: "extends: bank\n" + more, layer: .local)
    }

    private func outcome(
        _ book: RuleBook, _ text: String, _ subject: String = "Gelen"
    ) -> Reading {
        book.read(
            TestMail.message(from: "bilgi@bank.example", subject: subject, text: text),
            receivedAt: TestMail.arrival)
    }

    private let paid = "hesabınıza para geldi\nELİF KARACA kişisinden 1.250,00 TL geldi"

    @Test("a local file takes the place of the shipped one with its id")
    func replaces() {
        let mine = RuleSource(
            path: "other/name.yaml",
            text: RuleProblemTests.good.replacing("status: confirmed", with: "status: draft"),
            layer: .local)
        let (book, problems) = RuleBook.compile([mine, base])
        #expect(problems.isEmpty)
        #expect(book.fileCount == 1)
        #expect(outcome(book, paid).isDraft)
    }

    @Test("while a local file is broken the shipped one stands in, and a person decides")
    func standsIn() {
        let mine = RuleSource(
            path: "other/name.yaml",
            text: RuleProblemTests.good.replacing("outcome: payment", with: "outcome: paid"),
            layer: .local)
        let (book, problems) = RuleBook.compile([mine, base])
        #expect(problems.map(\.path) == ["other/name.yaml"])
        let reading = outcome(book, paid)
        #expect(reading.outcome == .payment)
        #expect(reading.isDraft)
        let mended = RuleSource(
            path: "other/name.yaml", text: RuleProblemTests.good, layer: .local)
        let next = RuleBook.compile([mended, base], keeping: book).book
        #expect(!outcome(next, paid).isDraft)
        #expect(next.digest != book.digest)
    }

    @Test("a file may add to another one: senders, denied words, variants, samples")
    func extends() throws {
        let mine = extending(
            """
            senders: { addresses: [yeni@bank2.example] }
            deny: [iade edilmiştir]
            variants:
              - id: gift
                outcome: not_a_payment
                kind: gift
                frame: [hediye kartı]
            samples:
              no_match:
                - name: returned
                  from: yeni@bank2.example
                  subject: Gelen
                  text: "hesabınıza para geldi\\nA kişisinden 5 TL geldi\\niade edilmiştir"
                  expect: { outcome: unclear }
            """)
        let (book, problems) = RuleBook.compile([mine, base])
        #expect(problems.map(\.description) == [])
        #expect(book.ruleIDs.map(\.text) == ["bank/gift", "bank/incoming"])
        #expect(outcome(book, paid).outcome == .payment)
        #expect(outcome(book, "hediye kartı").notAPaymentKind == "gift")
        let reading = book.read(
            TestMail.message(from: "yeni@bank2.example", text: paid), receivedAt: TestMail.arrival)
        #expect(reading.domains == ["bank.example", "bank2.example"])
        // The shipped file changes and the addition stays.
        let newer = RuleSource(path: base.path, text: base.text + "# newer\n")
        let next = RuleBook.compile([mine, newer], keeping: book).book
        #expect(next.ruleIDs.map(\.text) == ["bank/gift", "bank/incoming"])
        #expect(
            RuleBook.compile([newer], keeping: next).book.ruleIDs.map(\.text) == ["bank/incoming"])
    }

    @Test("an addition that breaks a sample of the file is refused and told at its own place")
    func breaks() {
        let mine = extending("deny: [para geldi]")
        let (book, problems) = RuleBook.compile([mine, base])
        #expect(problems.first?.path == "mine/bank.yaml")
        #expect(
            problems.first?.message.english.hasPrefix(
                "with this file a sample of bank/rule.yaml fails: sample one:") == true)
        #expect(outcome(book, paid).isDraft)
        let nobody = RuleSource(path: "x.yaml", text: "extends: bnk", layer: .local)
        #expect(
            RuleBook.compile([base, nobody]).problems.map(\.description) == [
                "x.yaml:1:1: there is no rule file bnk to extend; did you mean bank?"
            ])
        #expect(
            RuleBook.compile([nobody]).problems.map(\.turkishDescription) == [
                "x.yaml:1:1: genişletilecek bnk kural dosyası yok; genişlettiği dosyayı yanına koyun "
                    + "ya da klasörünü --rules ile verin"
            ])
    }

    @Test("a fragment gives its parts to every file that includes it")
    func includes() {
        let shared = RuleSource(
            path: "common/look.yaml",
            text:
                "fragment: look\nlook_alikes: { fee: [ücret alındı] }\nempty: [Yok]\ndeny: [iptal]\n"
        )
        let file = RuleSource(
            path: "bank/rule.yaml",
            text: RuleProblemTests.good.replacing(
                "never_sends:", with: "include: [common/look.yaml]\nnever_sends:"))
        let (book, problems) = RuleBook.compile([file, shared])
        #expect(problems.map(\.description) == [])
        #expect(outcome(book, "ücret alındı", "Bilgi").notAPaymentKind == "fee")
        #expect(outcome(book, paid + "\niptal").outcome == .unclear)
        // A change of the fragment is a change of the file.
        let other = RuleSource(
            path: shared.path, text: shared.text.replacing("ücret alındı", with: "masraf alındı"))
        let next = RuleBook.compile([file, other], keeping: book).book
        #expect(next.changes(since: book) == ["bank/rule.yaml"])
        #expect(outcome(next, "masraf alındı", "Bilgi").notAPaymentKind == "fee")
        // A local fragment takes the place of the shipped one.
        let own = RuleSource(path: other.path, text: other.text, layer: .local)
        let mine = RuleBook.compile([file, shared, own]).book
        #expect(outcome(mine, "masraf alındı", "Bilgi").notAPaymentKind == "fee")
        let broken = RuleSource(path: shared.path, text: "fragment: look\nvariants: []\n")
        let problem = RuleBook.compile([file, broken], keeping: book)
        #expect(problem.problems.map(\.path) == ["bank/rule.yaml", "common/look.yaml"])
        #expect(problem.book.ruleIDs == book.ruleIDs)
    }
}
