// SPDX-License-Identifier: Apache-2.0

import Domain
import Foundation
import Mail
import Testing

@testable import Rules

@Suite("How much a rule may search")
struct SearchWorkTests {
    private static func spent(_ file: RuleFile, _ message: Message) throws -> (Reading?, Int) {
        let reader = MailReader(
            file: file, message: message, receivedAt: TestMail.arrival,
            texts: try #require(MailTexts(message)))
        return (reader.read(), reader.work.spentBytes)
    }

    private static func file(_ source: RuleSource) throws -> RuleFile {
        guard case .file(let file)? = RuleParser.parse(source, shelf: PatternShelf()).content else {
            throw CancellationError()
        }
        return file
    }

    @Test("no shipped rule comes near it with the mails of its bank")
    func shipped() throws {
        let shelf = PatternShelf()
        var fragments: [String: Fragment] = [:]
        for source in ShippedRules.sources where source.isFragment {
            fragments[source.path] = RuleParser.fragment(source, shelf: shelf).fragment
        }
        var most = 0
        var count = 0
        for source in ShippedRules.sources where !source.isFragment {
            let parsed = RuleParser.parse(source, shelf: shelf, fragments: fragments)
            guard case .file(let file)? = parsed.content else { continue }
            for sample in parsed.samples {
                count += 1
                most = max(most, try Self.spent(file, sample.message).1)
            }
        }
        #expect(count > 200)
        #expect((1..<SearchWork.patternBytesMax / 50).contains(most), "\(most)")
    }

    private static let page = String(repeating: "Aynı satır yine\tve yine\n", count: 12_000)

    /// What each of them makes a rule do grows with the text, though the file's patterns are few.
    private static let busy: [(String, String)] = [
        (
            "many variants look for one pattern",
            (0..<300).map {
                "  - id: v\($0)\n    outcome: not_a_payment\n    kind: fee\n    frame: [pattern: 'olmaz .*son']"
            }.joined(separator: "\n")
        ),
        (
            "many variants look for texts",
            (0..<250).map { number in
                let texts = (0..<13).map { "olmaz \($0)" }.joined(separator: ", ")
                return
                    "  - id: v\(number)\n    outcome: not_a_payment\n    kind: fee\n    frame: { any: [\(texts)] }"
            }.joined(separator: "\n")
        ),
    ]

    @Test("what goes on for too long is for a person, today and in every replay", arguments: busy)
    func exceeded(_ name: String, _ variants: String) throws {
        let said = Said(line: name, before: variants, expect: "")
        let book = TestMail.book(said.rule)
        let usual = book.read(said.message(), receivedAt: TestMail.arrival)
        #expect(usual.outcome == .payment)
        let message = said.message(text: Said.usual + "\n" + Self.page)
        let readings = (0..<2).map { _ in book.read(message, receivedAt: TestMail.arrival) }
        for reading in readings {
            #expect(reading.outcome == .unclear)
            #expect(reading.reasons == [.mailUnclear])
            #expect(reading.notices.isEmpty)
            #expect(reading.explanation == "bank: the mail makes this rule search too much")
            #expect(reading.wording.turkish == "bank: e-posta bu kurala çok fazla arama yaptırıyor")
        }
        let explained = book.explain(message, receivedAt: TestMail.arrival)
        #expect(explained.first?.reading?.explanation == readings.first?.explanation)
        let file = try Self.file(said.rule)
        let spent = try (0..<2).map { _ in try Self.spent(file, message).1 }
        #expect(spent[0] == spent[1])
        // Nothing is searched any more once it is too much.
        #expect(spent[0] <= SearchWork.patternBytesMax + message.bodies[0].text.utf8.count)
    }

    @Test("labels that run together are counted where they may stand")
    func labels() throws {
        let labels = (0..<200).map { "ay\($0)" }.joined(separator: ", ")
        let said = Said(
            line: "", variant: "    labels_run_together: true\n    labels: [\(labels)]", expect: "")
        let file = try Self.file(said.rule)
        let text = Said.usual + String(repeating: " a", count: 40_000)
        let (reading, spent) = try Self.spent(file, said.message(text: text))
        #expect(reading?.outcome == .unclear)
        #expect(spent > SearchWork.patternBytesMax)
        #expect(try Self.spent(file, said.message()).0?.outcome == .payment)
    }
}
