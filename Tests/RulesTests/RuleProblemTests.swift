// SPDX-License-Identifier: Apache-2.0

import Domain
import FoundationEssentials
import Testing

@testable import Rules

/// A good rule file with one place changed, and the sentence that must come of it.
struct BrokenRule: Sendable, CustomTestStringConvertible {
    let name: String
    let from: String
    let to: String
    let problem: String

    var testDescription: String { name }
}

@Suite("Problems of rule files")
struct RuleProblemTests {
    static let good = """
        id: bank
        bank: Örnek Bank
        status: confirmed
        senders:
          addresses: [bilgi@bank.example]
        never_sends: [sender_iban]
        variants:
          - id: incoming
            outcome: payment
            subject: [Gelen]
            frame: [hesabınıza para geldi]
            sentence: '(?<payer>.+) kişisinden (?<amount>[\\d.,]+ TL) geldi'
            fields:
              amount: { style: turkish }
              occurred_at: { label: Zaman, dates: ['dd.MM.yyyy HH:mm'] }
        samples:
          match:
            - name: one
              from: bilgi@bank.example
              subject: Gelen
              text: |
                hesabınıza para geldi
                ELİF KARACA kişisinden 1.250,00 TL geldi
              expect: { amount: 1250.00 TRY, payer: ELİF KARACA }
          no_match:
            - name: two
              from: bilgi@bank.example
              subject: Giden
              text: para gitti
              expect: { outcome: unclear }
          hostile:
            - name: three
              from: bilgi@else.example
              subject: Gelen
              text: hesabınıza para geldi
              expect: { outcome: unread }
        """

    static let broken: [BrokenRule] = [
        BrokenRule(
            name: "unknown key", from: "    frame:", to: "    fram:",
            problem: "11:5: the key fram is not known in a variant; did you mean frame?"),
        BrokenRule(
            name: "missing key", from: "status: confirmed\n", to: "",
            problem: "1:1: the key status is missing in a rule file; add status:"),
        BrokenRule(
            name: "wrong word", from: "status: confirmed", to: "status: stable",
            problem: "3:9: stable is not known as status; write one of confirmed, draft"),
        BrokenRule(
            name: "same key twice", from: "bank: Örnek Bank", to: "id: other",
            problem: "1:1: the key id stands here twice; keep one"),
        BrokenRule(
            name: "nobody may send", from: "addresses: [bilgi@bank.example]", to: "addresses: []",
            problem:
                "5:3: no sender is named; list addresses or domains, or anybody could send this"),
        BrokenRule(
            name: "domain of everybody", from: "addresses: [bilgi@bank.example]",
            to: "domains: [com.tr]",
            problem: "5:13: com.tr belongs to everybody; name the bank's own domain"),
        BrokenRule(
            name: "address of everybody", from: "addresses: [bilgi@bank.example]",
            to: "addresses: [bilgi@gov.tr]",
            problem: "5:15: gov.tr belongs to everybody; name the bank's own domain"),
        BrokenRule(
            name: "pattern without quotes",
            from: "'(?<payer>.+) kişisinden (?<amount>[\\d.,]+ TL) geldi'",
            to: "(?<payer>.+) kişisinden (?<amount>[\\d.,]+ TL) geldi",
            problem:
                "12:15: a pattern stands in single quotes or in a | block, so that YAML leaves it alone"
        ),
        BrokenRule(
            name: "pattern in double quotes",
            from: "'(?<payer>.+) kişisinden (?<amount>[\\d.,]+ TL) geldi'",
            to: "\"(?<payer>.+) kişisinden (?<amount>[\\d.,]+ TL) geldi\"",
            problem:
                "12:51: a backslash in double quotes means something else; use single quotes: '…'"),
        BrokenRule(
            name: "group not closed", from: "(?<payer>.+) kişi", to: "(?<payer>.+ kişi",
            problem: "12:16: a group ( is not closed; add )"),
        BrokenRule(
            name: "group not opened", from: "(?<payer>.+) kişi", to: "(?<payer>.+)) kişi",
            problem: "12:28: a ) has no ( before it; write \\) for the sign itself"),
        BrokenRule(
            name: "set not closed", from: "[\\d.,]+ TL", to: "[\\d.,+ TL",
            problem: "12:50: a set [ is not closed; add ], or write \\[ for the sign itself"),
        BrokenRule(
            name: "nothing to repeat", from: " kişisinden", to: "(*) kişisinden",
            problem: "12:29: there is nothing to repeat here; write \\* for the sign itself"),
        BrokenRule(
            name: "look ahead", from: " kişisinden", to: "(?=x) kişisinden",
            problem:
                "12:28: looking ahead or behind is not supported; match the whole sentence and name the part you want with (?<name>…)"
        ),
        BrokenRule(
            name: "ASCII-only word sign", from: ".+) kişi", to: "\\w+) kişi",
            problem: "12:25: \\w knows no Turkish letters; write [\\p{L}\\d_] instead"),
        BrokenRule(
            name: "ASCII-only word border", from: " kişisinden", to: "\\bkişisinden",
            problem:
                "12:28: \\b knows no Turkish letters; write the blank or sign that stands there"),
        BrokenRule(
            name: "group of no field", from: "(?<payer>", to: "(?<payr>",
            problem: "12:15: the group payr fills no field; did you mean payer?"),
        BrokenRule(
            name: "group twice", from: "kişisinden ", to: "kişisinden (?<payer>x) ",
            problem: "12:40: the group payer stands here twice; keep one"),
        BrokenRule(
            name: "pattern in a block",
            from: "'(?<payer>.+) kişisinden (?<amount>[\\d.,]+ TL) geldi'",
            to: "|\n      (?<payer>.+) kişisinden\n      (?<amount>(?!x)[\\d.,]+ TL) geldi",
            problem:
                "14:17: looking ahead or behind is not supported; match the whole sentence and name the part you want with (?<name>…)"
        ),
        BrokenRule(
            name: "tab", from: "    outcome: payment", to: "\toutcome: payment",
            problem: "9:1: a tab stands before the text; indent with blanks"),
        BrokenRule(
            name: "quote not closed", from: "TL) geldi'", to: "TL) geldi",
            problem: "12:15: the quote that opens here is not closed"),
        BrokenRule(
            name: "colon in a text", from: "bank: Örnek Bank", to: "bank: Örnek: Bank",
            problem: "2:12: a text that holds a colon and a blank stands in single quotes: '…'"),
        BrokenRule(
            name: "text that begins with @", from: "bank: Örnek Bank", to: "bank: @Bank",
            problem: "2:7: a text that begins with @ stands in single quotes: '…'"),
        BrokenRule(
            name: "list not closed", from: "subject: [Gelen]", to: "subject: [Gelen",
            problem:
                "10:14: this list is not closed; a pattern or text that begins with [ or { stands in single quotes: '…'"
        ),
        BrokenRule(
            name: "anchor", from: "bank: Örnek Bank", to: "bank: &b Örnek Bank",
            problem: "2:7: anchors and aliases (& and *) are not used here; write the text out"),
        BrokenRule(
            name: "alias", from: "bank: Örnek Bank", to: "bank: *b",
            problem: "2:7: anchors and aliases (& and *) are not used here; write the text out"),
        BrokenRule(
            name: "date", from: "dd.MM.yyyy HH:mm", to: "DD.MM.YYYY",
            problem:
                "15:44: DD.MM.YYYY is no date; write it with dd MM yyyy HH mm ss, such as dd.MM.yyyy HH:mm"
        ),
        BrokenRule(
            name: "field that is never sent", from: "never_sends: [sender_iban]",
            to: "never_sends: [payer]",
            problem: "8:5: payer is read here, but never_sends names it; drop one of the two"),
        BrokenRule(
            name: "no amount", from: "(?<amount>[\\d.,]+ TL)", to: "[\\d.,]+ TL",
            problem:
                "8:5: nothing fills amount; give it a label: or a group (?<amount>…) in a sentence"),
        BrokenRule(
            name: "frame that says nothing", from: "frame: [hesabınıza para geldi]",
            to: "frame: [geldi]",
            problem:
                "8:5: the frame of a payment needs a text of 8 letters or more that every such mail holds"
        ),
        BrokenRule(
            name: "no hostile sample", from: "  hostile:\n    - name: three",
            to: "    - name: three",
            problem: "17:3: there is no sample under hostile; a rule file has one of each kind"),
        BrokenRule(
            name: "sample that fails", from: "amount: 1250.00 TRY", to: "amount: 1.25 TRY",
            problem:
                "24:25: sample one: amount is 1250.00 TRY, not 1.25 TRY (bank/incoming: payment)"),
        BrokenRule(
            name: "sample that must not be a payment",
            from: "subject: Giden\n      text: para gitti",
            to:
                "subject: Gelen\n      text: \"hesabınıza para geldi\\nA kişisinden 5 TL geldi\"",
            problem:
                "26:7: sample two: this must not be taken as a payment, but bank/incoming: payment"),
    ]

    @Test("the file that the others are made of is good")
    func goodFile() {
        let (book, problems) = RuleBook.compile([
            RuleSource(path: "bank/rule.yaml", text: Self.good)
        ])
        #expect(problems.map(\.description) == [])
        #expect(book.ruleIDs == [RuleID("bank/incoming")])
    }

    @Test("every mistake is named with its place and what to write", arguments: broken)
    func golden(_ rule: BrokenRule) throws {
        try #require(Self.good.contains(rule.from))
        let text = Self.good.replacing(rule.from, with: rule.to, maxReplacements: 1)
        let (book, problems) = RuleBook.compile([RuleSource(path: "bank/rule.yaml", text: text)])
        #expect(problems.first?.description == "bank/rule.yaml:" + rule.problem)
        #expect(book.fileCount == 0)
    }

    @Test("a broken file leaves the others in force; an id is used once")
    func others() {
        let good = RuleSource(path: "a/rule.yaml", text: Self.good)
        let same = RuleSource(path: "b/rule.yaml", text: Self.good)
        let bad = RuleSource(path: "c/rule.yaml", text: "id: [")
        let (book, problems) = RuleBook.compile([bad, same, good])
        #expect(book.fileCount == 1)
        #expect(book.digests.keys.sorted() == ["a/rule.yaml"])
        #expect(
            problems.first?.description
                == "b/rule.yaml:1:1: the id bank is already used by a/rule.yaml; ids are never shared"
        )
        #expect(problems.last?.path == "c/rule.yaml")
    }

    @Test("a digest follows the text")
    func digests() {
        let one = RuleBook.compile([RuleSource(path: "a", text: Self.good)]).book.digests["a"]
        let two = RuleBook.compile([RuleSource(path: "a", text: Self.good + "\n")]).book.digests[
            "a"]
        #expect(one != nil)
        #expect(one != two)
    }

    @Test("any bytes give problems, never a crash", arguments: 0..<40)
    func randomBytes(_ seed: UInt64) {
        var state = seed &* 0x9e37_79b9_7f4a_7c15 &+ 1
        func next() -> UInt64 {
            state ^= state << 13
            state ^= state >> 7
            state ^= state << 17
            return state
        }
        let marks = Array(" \n\t-:[]{}&*!|>'\"%@`#,?aç(\\<\u{0}\u{85}".utf8)
        for _ in 0..<25 {
            var bytes = Array(Self.good.utf8)
            for _ in 0..<(1 + next() % 12) {
                let index = Int(next() % UInt64(bytes.count))
                let mark =
                    next() % 4 == 0
                    ? UInt8(truncatingIfNeeded: next()) : marks[Int(next() % UInt64(marks.count))]
                switch next() % 3 {
                case 0: bytes[index] = mark
                case 1: bytes.insert(mark, at: index)
                default:
                    bytes.removeSubrange(index..<min(bytes.count, index + Int(next() % 30) + 1))
                }
                if bytes.isEmpty { bytes = [mark] }
            }
            let text = String(decoding: bytes, as: UTF8.self)
            let (book, problems) = RuleBook.compile([RuleSource(path: "x", text: text)])
            #expect(book.fileCount == 1 || !problems.isEmpty)
            #expect(problems.allSatisfy { $0.line >= 1 && $0.column >= 1 })
        }
        let noise = (0..<2000).map { _ in UInt8(truncatingIfNeeded: next()) }
        _ = RuleBook.compile([RuleSource(path: "x", text: String(decoding: noise, as: UTF8.self))])
    }

    @Test(
        "deep nesting is refused before it is walked",
        arguments: [
            String(repeating: "[", count: 100_000), String(repeating: "{a: ", count: 50_000),
            String(repeating: "- ", count: 100_000), String(repeating: "? ", count: 100_000),
            (0..<3000).map { String(repeating: " ", count: $0) + "a:\n" }.joined(),
        ])
    func deep(_ text: String) {
        let (_, problems) = RuleBook.compile([RuleSource(path: "x", text: text)])
        #expect(problems.count == 1)
        #expect(
            problems.first?.message.english
                == "this is nested too deeply; rule files need ten levels at most")
    }
}
