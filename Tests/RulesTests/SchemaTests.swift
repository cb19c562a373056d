// SPDX-License-Identifier: Apache-2.0

import Foundation
import Rules
import Testing

@Suite("The schema of rule files")
struct SchemaTests {
    private static let root = ShippedRules.folder.deletingLastPathComponent()

    @Test("is the one that stands beside the rules: mutabik rules schema > rules/schema.json")
    func isWritten() throws {
        let file = ShippedRules.folder.appendingPathComponent(RuleSchema.fileName)
        #expect(try String(contentsOf: file, encoding: .utf8) == RuleSchema.text)
    }

    @Test("and the reference: mutabik rules reference > docs/rules-reference.md")
    func referenceIsWritten() throws {
        let file = Self.root.appendingPathComponent("docs/rules-reference.md")
        #expect(try String(contentsOf: file, encoding: .utf8) == RuleReference.text)
    }

    /// What only the parser can see: YAML that is none, patterns, what belongs together, samples.
    static let beyondSchema: Set<String> = [
        "address-of-everybody", "alias", "amount-by-the-payer", "anchor", "ascii-only-word-border",
        "ascii-only-word-sign", "attachment-of-any-kind", "blank-of-a-word-processor",
        "body-and-attachment",
        "cells-beside-a-heading", "colon-in-a-text", "comma-twice",
        "comment-within-a-list", "document-marker", "no-blank-behind-a-colon",
        "curly-quote-and-colon",
        "dash-of-a-word-processor-before-a-key", "quote-not-closed-far-above",
        "quote-not-closed-in-a-list", "quote-within-a-text", "column-beyond-the-cells",
        "curly-pattern", "dash-of-a-word-processor", "dash-without-a-blank",
        "list-without-brackets",
        "columns-by-number-without-cells", "domain-of-everybody", "expensive-repetition",
        "field-that-is-never-sent", "flags", "frame-that-says-nothing", "group-not-closed",
        "class-that-is-not-there",
        "group-not-opened", "group-of-no-field", "group-twice", "letters-of-another-charset",
        "repetition-backwards",
        "hostile-sample-that-is-believed", "include-that-is-not-there", "kind-missing",
        "hostile-sample-that-is-not-read", "hostile-sample-with-another-amount",
        "hostile-sample-without-values", "list-with-a-comma-in-an-entry",
        "list-without-brackets-and-blanks", "since-that-is-no-day", "kind-of-a-reversal",
        "kind-without-need", "list-not-closed", "look-ahead",
        "nested-repetition", "no-amount",
        "no-hostile-sample",
        "nobody-may-send", "nothing-to-repeat", "pattern-in-a-block", "pattern-in-double-quotes",
        "pattern-without-quotes", "quote-not-closed", "reference-to-a-group",
        "rows-without-columns", "sample-in-another-date", "sample-in-another-number-style",
        "sample-that-fails",
        "sample-that-must-not-be-a-payment", "sample-without-a-body", "sample-without-a-sender",
        "sample-without-the-frame",
        "set-not-closed", "status-words-without-a-column", "tab", "text-that-begins-with",
        "until-a-label-of-the-payer", "variant-for-everything", "variant-twice",
    ]

    /// Python's jsonschema, which knows nothing of ours (scripts/packages test).
    @Test("takes every good file and refuses what it can see, says another program")
    func independent() throws {
        let script = Self.root.appendingPathComponent("scripts/check-rules-schema.py").path
        let schema = ShippedRules.folder.appendingPathComponent(RuleSchema.fileName).path
        let good = ShippedRules.sources.map {
            ShippedRules.folder.appendingPathComponent($0.path).path
        }
        let broken = BrokenRules.names.map {
            BrokenRules.folder.appendingPathComponent($0 + ".yaml").path
        }
        let verdicts = try Self.run("/usr/bin/python3", [script, schema] + good + broken)
        #expect(verdicts.count == good.count + broken.count)
        for path in good { #expect(verdicts[path] == "good", "\(path)") }
        let refused = Set(
            BrokenRules.names.filter { name in
                verdicts[BrokenRules.folder.appendingPathComponent(name + ".yaml").path]
                    == "refused"
            })
        #expect(refused == Set(BrokenRules.names).subtracting(Self.beyondSchema))
        #expect(refused.count >= 15)
    }

    /// `path: verdict` for each line that the program prints.
    private static func run(_ program: String, _ arguments: [String]) throws -> [String: String] {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: program)
        process.arguments = arguments
        let pipe = Pipe()
        process.standardOutput = pipe
        try process.run()
        let data = pipe.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        #expect(process.terminationStatus == 0)
        let lines = String(decoding: data, as: UTF8.self).split(separator: "\n")
        return Dictionary(
            lines.compactMap { line in
                guard let border = line.range(of: ": ", options: .backwards) else { return nil }
                return (String(line[..<border.lowerBound]), String(line[border.upperBound...]))
            }, uniquingKeysWith: { first, _ in first })
    }
}
