// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials
import Testing

/// Pages that people read: their links lead somewhere, and they speak of this project alone.
enum DocumentRules {
    /// Targets of `[text](target)` outside fenced blocks, with their lines.
    static func links(_ file: SourceFile) -> [(index: Int, target: String)] {
        var isFenced = false
        var found: [(Int, String)] = []
        for index in file.lines.indices {
            let line = file.lines[index]
            if line.dedented.hasPrefix("```") { isFenced.toggle() }
            if isFenced { continue }
            var rest = Substring(line)
            while let start = rest.firstRange(of: "](") {
                rest = rest[start.upperBound...]
                guard let end = rest.firstIndex(of: ")") else { break }
                found.append((index, String(rest[..<end])))
                rest = rest[end...]
            }
        }
        return found
    }

    /// The anchors that headings make: small letters and digits, blanks as hyphens.
    static func anchors(_ file: SourceFile) -> Set<String> {
        Set(
            file.lines.filter { $0.hasPrefix("#") }.map { line in
                let title = line.drop { $0 == "#" }.drop { $0 == " " }.lowercased()
                return String(
                    title.compactMap { character -> Character? in
                        if character == " " { return "-" }
                        let isKept = character.isLetter || character.isNumber || character == "-"
                        return isKept || character == "_" ? character : nil
                    })
            })
    }

    static func deadLinks(
        _ file: SourceFile, exists: (String) -> Bool, page: (String) -> SourceFile?
    ) -> [String] {
        let folder = file.path.split(separator: "/").dropLast().joined(separator: "/")
        return links(file).compactMap { index, target in
            guard !target.contains("://"), !target.hasPrefix("mailto:") else { return nil }
            let parts = target.split(
                separator: "#", maxSplits: 1, omittingEmptySubsequences: false)
            let path = parts[0].isEmpty ? file.path : joined(folder, String(parts[0]))
            guard exists(path) else {
                return file.complaint(index, "dead link \(target), name a file that is there")
            }
            guard parts.count == 2, let page = parts[0].isEmpty ? file : page(path) else {
                return nil
            }
            return anchors(page).contains(String(parts[1]))
                ? nil : file.complaint(index, "dead link \(target), name a heading that is there")
        }
    }

    private static func joined(_ folder: String, _ target: String) -> String {
        var parts = folder.split(separator: "/").map(String.init)
        for part in target.split(separator: "/").map(String.init) where part != "." {
            if part == ".." { _ = parts.popLast() } else { parts.append(part) }
        }
        return parts.joined(separator: "/")
    }

    /// Each is put together from pieces, or this file would be a complaint itself.
    private static let foreign: [(words: String, instead: String)] = [
        (["/wo", "rk/"].joined(), "name a path inside the repository"),
        (["/ho", "me/"].joined(), "name a path inside the repository"),
        (["sha", "red/"].joined(), "name a page of this repository"),
        (["Chat", "GPT"].joined(), "leave it out"),
        (["Cla", "ude"].joined(), "leave it out"),
        (["as an ", "AI"].joined(), "leave it out"),
        (["this ", "session"].joined(), "leave it out"),
        (["lorem ", "ipsum"].joined(), "write the text"),
        (["pip.", "conf"].joined(), "leave it out"),
    ]

    static func foreignWords(_ file: SourceFile) -> [String] {
        file.lines.indices.flatMap { index in
            foreign.filter { file.lines[index].contains($0.words) }.map {
                file.complaint(index, "\"\($0.words)\", \($0.instead)")
            }
        }
    }
}

@Suite("pages")
struct DocumentTests {
    private func pages() throws -> [SourceFile] {
        let pages = try Repository.sources(below: "", endingIn: [".md"])
        try #require(pages.count >= 8, "the pages were not found")
        return pages
    }

    @Test("have no dead links")
    func links() throws {
        let complaints = try pages().flatMap {
            DocumentRules.deadLinks(
                $0, exists: Repository.exists, page: { try? Repository.source($0) })
        }
        #expect(complaints.isEmpty, "\n\(complaints.joined(separator: "\n"))")
    }

    @Test("speak of this project alone, as everything does")
    func words() throws {
        let others = try ["Sources", "Tests", "rules", "scripts", "systemd"].flatMap {
            try Repository.sources(
                below: $0,
                endingIn: [".swift", ".h", ".cc", ".yaml", ".service", ".sysusers", ".py", "demo"])
        }
        let files = try pages() + others + [try Repository.source("Makefile")]
        let complaints = files.flatMap(DocumentRules.foreignWords)
        #expect(complaints.isEmpty, "\n\(complaints.joined(separator: "\n"))")
    }

    @Test(
        "a dead link is found",
        arguments: [
            ("[a](missing.md)", "dead link missing.md"),
            ("[a](../gone/x.md#b)", "dead link ../gone/x.md#b"),
            ("# One\n[a](#two)", "dead link #two"),
            ("[a](there.md#nowhere)", "dead link there.md#nowhere"),
        ])
    func deadLink(text: String, complaint: String) {
        let found = complaints(text)
        #expect(found.count == 1 && found[0].contains(complaint), "\(found)")
    }

    @Test(
        "a link that leads somewhere is left alone",
        arguments: [
            "[a](there.md)", "[a](there.md#a-heading-of-ours)", "# One, two\n[a](#one-two)",
            "[a](https://example.org/x)", "```\n[a](missing.md)\n```",
        ])
    func liveLink(text: String) {
        #expect(complaints(text).isEmpty)
    }

    private func complaints(_ text: String) -> [String] {
        DocumentRules.deadLinks(
            SourceFile(path: "docs/x.md", text: text),
            exists: { $0 == "docs/there.md" || $0 == "docs/x.md" },
            page: { SourceFile(path: $0, text: "## A heading of ours\n") })
    }
}
