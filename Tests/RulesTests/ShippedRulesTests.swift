// SPDX-License-Identifier: Apache-2.0

import Foundation
import Rules
import Testing

/// The rule files of the repository, as the agent would load them.
enum ShippedRules {
    static let sources: [RuleSource] = {
        let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
            .deletingLastPathComponent().deletingLastPathComponent().appendingPathComponent("rules")
        let files = FileManager.default.enumerator(at: root, includingPropertiesForKeys: nil)
        return (files?.compactMap { $0 as? URL } ?? []).filter { $0.pathExtension == "yaml" }
            .compactMap { file in
                guard let text = try? String(contentsOf: file, encoding: .utf8) else { return nil }
                let path = file.pathComponents.suffix(2).joined(separator: "/")
                return RuleSource(path: path, text: text)
            }.sorted { $0.path < $1.path }
    }()

    static let book = RuleBook.compile(sources).book
}

@Suite("The rule files that ship")
struct ShippedRulesTests {
    @Test("there is a file for each of the seven banks")
    func folder() {
        #expect(
            ShippedRules.sources.map(\.path) == [
                "akbank/rule.yaml", "garanti-bbva/rule.yaml", "halkbank/rule.yaml",
                "kuveyt-turk/rule.yaml", "papara/rule.yaml", "yapi-kredi/rule.yaml",
                "ziraat/rule.yaml",
            ])
    }

    @Test(
        "every file compiles and all its samples hold", arguments: ShippedRules.sources.map(\.path))
    func file(_ path: String) {
        let (book, problems) = RuleBook.compile(ShippedRules.sources.filter { $0.path == path })
        #expect(problems.map(\.description) == [])
        #expect(book.fileCount == 1)
    }

    @Test("all of them live in one book")
    func together() {
        let (book, problems) = RuleBook.compile(ShippedRules.sources)
        #expect(problems.map(\.description) == [])
        #expect(book.fileCount == ShippedRules.sources.count)
        #expect(Set(book.ruleIDs).count == book.ruleIDs.count)
        #expect(book.digests.count == book.fileCount)
    }
}
