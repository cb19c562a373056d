// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import Rules

@Suite("What a pattern may cost")
struct PatternCostTests {
    @Test(
        "as many places as several beginnings may share",
        arguments: [
            // What is counted behind a sign that it holds itself.
            ("a[ab]{400}q", 400), ("a[ab]{8}q", 8), ("a.{400}b", 400), ("iban.{0,40}gonder", 40),
            ("(?:a|b)(?:a|ab){300}", 300), ("(?:[a-z]{1,9} ?){1,9}y", 90),
            // The same, written out.
            ("a[ab][ab][ab]q", 3), ("[ab]?[ab]?[ab]?q", 2), (#"(?:[a-z]+ ){2,3}x"#, 6),
            ("a...q", 3),
            // One beginning only.
            ("x[ab]{400}q", 0), ("[ab]{64}q", 0), ("(?:ab{3}){2}q", 4),
            (#"iban [a-z]{2}\d{2} ?[\d]{4}"#, 0),
            (#"(?P<payer>.{1,40}) (?P<amount>\d{1,3}(?:\.\d{3})*,\d{2} [a-z]{3})"#, 0),
            (#"(?m)^(?P<date>[\d.]+) tarihinde (?P<payer>.+?) tarafindan"#, 0),
            ("odemesi (?:geldi|gelmistir|ulasti)", 0), (#"\{4\} (?P<payer>[{9}]+)"#, 0),
            // One beginning that goes on in many ways.
            ("xb+[^a]{1,5}[ab]{40}q", 45),
            // Loops that signs may stop one by one.
            ("a[ab]*b[bc]*c[ca]*q", 3),
        ])
    func places(_ pattern: String, _ places: Int) {
        #expect(PatternCost(pattern).places == places)
    }

    @Test("patterns that a mail could make slow are refused, alone or together")
    func refused() {
        func problems(_ deny: [String]) -> [String] {
            let list = deny.map { "{ pattern: '\($0)' }" }.joined(separator: ", ")
            let said = Said(
                line: "", file: "senders: { domains: [bank.example] }\ndeny: [\(list)]", expect: "")
            return RuleBook.compile([said.rule]).problems.faults.map(\.message.english)
        }
        for pattern in [
            "a[ab]{400}q", "a" + String(repeating: ".", count: 300) + "q",
            "a" + String(repeating: "[ab]", count: 1500) + "q",
            String(repeating: "[ab]?", count: 1000) + "q", "a[ab]{60}q",
        ] {
            let found = problems([pattern])
            #expect(found.count == 1)
            #expect(found.first?.hasPrefix("a mail could make this pattern slow") == true)
        }
        #expect(problems((0..<30).map { "a[ab]{60}q\($0)" }).count >= 1)
        #expect(problems((0..<5).map { "a[ab]{8}q\($0)" }) == [])
        #expect(
            problems((0..<6).map { "a[ab]{8}q\($0)" }).first?.hasPrefix(
                "a mail could make the patterns of this file slow together") == true)
        #expect(
            problems((0..<90).map { "x\($0).*q" }).first?.hasPrefix(
                "this file looks for too much: 90 patterns") == true)
    }
}
