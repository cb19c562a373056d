// SPDX-License-Identifier: Apache-2.0

internal import ArgumentParser
internal import FoundationEssentials
internal import Rules

/// Which rule files a command works on: a folder of rules, or one file in it.
struct RuleFiles {
    /// The folder, as it was given or found around the file.
    let folder: String
    let sources: [RuleSource]
    let unreadable: [RuleProblem]
    /// The path below the folder, when one file is meant.
    let only: String?

    /// - Parameter text: a folder, a file, or the name of a bank's folder in `home`.
    init(_ text: String, home: RulesCommand.Folders, manner: Manner) throws {
        var path = text
        var isFolder: Bool? = Self.isFolder(path)
        if isFolder == nil {
            // A bank's name is enough: garanti-bbva.
            path = home.directory + "/" + text
            isFolder = Self.isFolder(path)
            if isFolder == true { path += "/rule.yaml" }
            isFolder = Self.isFolder(path)
        } else if isFolder == true, FileManager.default.fileExists(atPath: path + "/rule.yaml") {
            path += "/rule.yaml"
            isFolder = false
        }
        guard let isFolder else {
            throw Failure(
                message: manner.pick(
                    "\(text): there is no such file, folder or rule; give a rule.yaml or its folder",
                    "\(text): böyle bir dosya, klasör ya da kural yok; bir rule.yaml ya da "
                        + "klasörünü verin"), code: .data)
        }
        while path.count > 1, path.hasSuffix("/") { path = String(path.dropLast()) }
        guard !isFolder else {
            folder = path
            only = nil
            (sources, unreadable) = try RuleDirectory(path: path).sources()
            return
        }
        (folder, only) = Self.split(path)
        let around = try RuleDirectory(path: folder).sources()
        var sources = around.0
        if !sources.contains(where: \.isFragment), folder != home.directory,
            let shared = try? home.ruleDirectory.sources().0
        {
            // A draft elsewhere includes what the rules in force share.
            sources += shared.filter(\.isFragment)
        }
        self.sources = sources
        unreadable = around.1
    }

    /// Nil when nothing is there.
    private static func isFolder(_ path: String) -> Bool? {
        guard FileManager.default.fileExists(atPath: path) else { return nil }
        return (try? FileManager.default.contentsOfDirectory(atPath: path)) != nil
    }

    /// `rules/bank/rule.yaml` stands in the folder `rules`.
    private static func split(_ path: String) -> (folder: String, file: String) {
        let parts = path.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
        guard parts.count > 2 else {
            return parts.count == 2
                ? (parts[0].isEmpty ? "/" : parts[0], parts[1]) : (".", path)
        }
        let folder = parts.dropLast(2).joined(separator: "/")
        return (folder.isEmpty ? "/" : folder, parts.suffix(2).joined(separator: "/"))
    }

    /// What became of the files that are meant.
    func trials() -> [RuleTrial] {
        let all = RuleTrial.all(sources)
        guard let only else { return all }
        return all.filter { $0.path == only || only.hasSuffix("/" + $0.path) }
    }
}

extension RulesCommand {
    /// Where rules are, in which form the answer comes.
    struct Options: ParsableArguments {
        @OptionGroup var folders: Folders

        @Flag(help: "JSON instead of text.")
        var json = false
    }
}

extension Manner {
    /// As the process was started.
    static var ofProcess: Manner {
        Manner(
            language: Language(environment: ProcessInfo.processInfo.environment),
            paints: Terminal.paints)
    }

    func text(of problem: RuleProblem) -> String {
        language == .turkish ? problem.turkishDescription : problem.description
    }

    func text(of wording: Wording) -> String {
        language == .turkish ? wording.turkish : wording.english
    }
}

/// A rule book of a folder; files with problems are named and left out.
extension RulesCommand.Folders {
    func book(_ reply: inout CommandReply, _ manner: Manner) throws -> RuleBook {
        let (book, problems) = try ruleDirectory.compile()
        reply.notes += problems.map { "\(directory)/\(manner.text(of: $0))" }
        guard book.fileCount > 0 else {
            throw Failure(
                message: manner.pick(
                    "\(directory): no rule file could be loaded; name another folder with --rules",
                    "\(directory): yüklenebilen kural dosyası yok; --rules ile başka klasör verin"),
                code: .configuration)
        }
        return book
    }
}
