// SPDX-License-Identifier: Apache-2.0

internal import Dispatch
internal import FoundationEssentials
internal import Rules

/// The folders of rule files: `FOLDER/*.yaml` in any depth, hidden files and samples left out.
struct RuleDirectory: Sendable {
    /// The files that ship.
    let path: String
    /// The organizer's own, which come before those; nil for none.
    let local: String?

    /// Both, where there are two.
    var folders: [String] { [path, local].compactMap(\.self) }

    /// Rule files are texts that people write; more is something else.
    private static let fileBytesMax = 1 << 20
    private static let filesMax = 10_000

    init(path: String, local: String? = nil) {
        self.path = path
        self.local = local
    }

    /// - Parameter last: the book in force: files that did not change are taken over, and of those
    ///   with a problem the last good version stays.
    func compile(keeping last: RuleBook? = nil) throws -> (RuleBook, [RuleProblem]) {
        let (sources, unreadable) = try sources()
        let compiled = RuleBook.compile(sources, keeping: last) { count, work in
            DispatchQueue.concurrentPerform(iterations: count, execute: work)
        }
        return (compiled.book, unreadable + compiled.problems)
    }

    /// What the files look like from outside.
    func stamp() -> FolderStamp {
        var stamp = FolderStamp()
        for folder in folders {
            for name in (try? names(in: folder)) ?? [] { stamp.add(folder + "/" + name) }
        }
        return stamp
    }

    /// The texts of the files. One that cannot be read is left out, as one that is wrong would be.
    func sources() throws -> ([RuleSource], [RuleProblem]) {
        var sources: [RuleSource] = []
        var problems: [RuleProblem] = []
        try read(path, .shipped, &sources, &problems)
        // The folder for own rules need not be there.
        if let local, FileManager.default.fileExists(atPath: local) {
            try read(local, .local, &sources, &problems)
        }
        return (sources, problems)
    }

    private func names(in folder: String) throws -> [String] {
        guard let names = try? FileManager.default.subpathsOfDirectory(atPath: folder) else {
            throw ConfigurationError(
                path: folder, line: 0, column: 0,
                message: "the rules directory cannot be read; name it in rules_directory or --rules"
            )
        }
        let files = names.filter {
            ($0.hasSuffix(".yaml") || $0.hasSuffix(".yml")) && !$0.hasPrefix(".")
                && !$0.contains("/.")
        }.sorted()
        guard files.count <= Self.filesMax else {
            throw ConfigurationError(
                path: folder, line: 0, column: 0,
                message: "more than \(Self.filesMax) rule files; is this the right directory?")
        }
        return files
    }

    private func read(
        _ folder: String, _ layer: RuleSource.Layer, _ sources: inout [RuleSource],
        _ problems: inout [RuleProblem]
    ) throws {
        func complain(_ name: String, _ english: String, _ turkish: String) {
            problems.append(RuleProblem(path: name, message: Wording(english, turkish)))
        }
        for name in try names(in: folder) {
            guard let data = FileManager.default.contents(atPath: folder + "/" + name) else {
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
            sources.append(
                RuleSource(
                    path: name, text: String(decoding: data, as: UTF8.self), layer: layer))
        }
    }
}
