// SPDX-License-Identifier: Apache-2.0

internal import FoundationEssentials
internal import Rules

/// The folder of rule files: `FOLDER/*.yaml` in any depth, hidden files and samples left out.
struct RuleDirectory {
    let path: String

    /// Rule files are texts that people write; more is something else.
    private static let fileBytesMax = 1 << 20
    private static let filesMax = 10_000

    func compile() throws -> (RuleBook, [RuleProblem]) {
        let (sources, unreadable) = try sources()
        let compiled = RuleBook.compile(sources)
        return (compiled.book, unreadable + compiled.problems)
    }

    /// The texts of the files. One that cannot be read is left out, as one that is wrong would be.
    private func sources() throws -> ([RuleSource], [RuleProblem]) {
        let manager = FileManager.default
        guard let names = try? manager.subpathsOfDirectory(atPath: path) else {
            throw ConfigurationError(
                path: path, line: 0, column: 0,
                message: "the rules directory cannot be read; name it in rules_directory or --rules"
            )
        }
        let files = names.filter {
            ($0.hasSuffix(".yaml") || $0.hasSuffix(".yml")) && !$0.hasPrefix(".")
                && !$0.contains("/.")
        }.sorted()
        guard files.count <= Self.filesMax else {
            throw ConfigurationError(
                path: path, line: 0, column: 0,
                message: "more than \(Self.filesMax) rule files; is this the right directory?")
        }
        var sources: [RuleSource] = []
        var problems: [RuleProblem] = []
        func complain(_ name: String, _ english: String, _ turkish: String) {
            problems.append(RuleProblem(path: name, message: Wording(english, turkish)))
        }
        for name in files {
            guard let data = manager.contents(atPath: path + "/" + name) else {
                complain(
                    name, "the file cannot be read; let the agent's user read it",
                    "dosya okunamıyor; mutabik kullanıcısına okuma izni verin")
                continue
            }
            guard data.count <= Self.fileBytesMax else {
                complain(
                    name, "larger than 1 MiB; this is no rule file",
                    "1 MiB'den büyük; bu bir kural dosyası değil")
                continue
            }
            sources.append(RuleSource(path: name, text: String(decoding: data, as: UTF8.self)))
        }
        return (sources, problems)
    }
}
