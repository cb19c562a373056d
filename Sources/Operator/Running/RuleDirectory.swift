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
        let compiled = RuleBook.compile(try sources())
        return (compiled.book, compiled.problems)
    }

    func sources() throws -> [RuleSource] {
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
        return try files.map { name in
            guard let data = manager.contents(atPath: path + "/" + name) else {
                throw ConfigurationError(
                    path: path + "/" + name, line: 0, column: 0,
                    message: "the rule file cannot be read; let the agent's user read it")
            }
            guard data.count <= Self.fileBytesMax else {
                throw ConfigurationError(
                    path: path + "/" + name, line: 0, column: 0,
                    message: "larger than 1 MiB; this is no rule file")
            }
            return RuleSource(path: name, text: String(decoding: data, as: UTF8.self))
        }
    }
}
