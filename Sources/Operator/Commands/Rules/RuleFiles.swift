// SPDX-License-Identifier: Apache-2.0

internal import Agent
internal import ArgumentParser
internal import FoundationEssentials
internal import Rules

/// Which rule files a command works on: all of a folder, or those of one rule, which are its file
/// and all that add to it.
struct RuleFiles {
    let directory: RuleDirectory
    /// What became of each of them.
    let trials: [RuleTrial]

    /// - Parameter text: a folder, a file, or the name of a bank's folder in `home`; nil for all.
    init(_ text: String?, home: RulesCommand.Folders, manner: Manner) throws {
        guard let text else {
            directory = home.ruleDirectory
            trials = try directory.trials()
            return
        }
        let place = Self.absolute(text)
        let isThere = FileManager.default.fileExists(atPath: place)
        guard
            !isThere || Self.isFolder(place)
                || RuleDirectory.isRuleFile(String(place.split(separator: "/").last ?? ""))
        else {
            throw Failure(
                message: manner.pick(
                    "\(text): this is no rule file; the name of one ends in .yaml",
                    "\(text): bu bir kural dosyası değil; kural dosyasının adı .yaml ile biter"),
                code: .data)
        }
        directory = isThere ? Self.directory(around: text, home) : home.ruleDirectory
        let all = try directory.trials()
        let directory = directory
        func isMeant(_ path: String, _ id: String?) -> Bool {
            guard isThere else { return id == text || path.hasSuffix("/\(text)/rule.yaml") }
            return path == place || path.hasPrefix(place == "/" ? place : place + "/")
        }
        let meant = all.filter { isMeant(Self.absolute(directory.place(of: $0)), $0.id) }
        let ids = Set(meant.compactMap(\.id))
        let paths = Set(all.filter { $0.id.map(ids.contains) ?? false }.map(\.path))
        trials = all.filter { trial in
            // What a fragment does to the rule is the rule's trouble as well.
            if let users = trial.users, !users.isDisjoint(with: paths) { return true }
            return trial.id.map(ids.contains)
                ?? isMeant(Self.absolute(directory.place(of: trial)), nil)
        }
        guard isThere || !trials.isEmpty else {
            throw Failure(
                message: manner.pick(
                    "\(text): there is no such file, folder or rule; give a rule.yaml or its folder",
                    "\(text): böyle bir dosya, klasör ya da kural yok; bir rule.yaml ya da "
                        + "klasörünü verin"), code: .data)
        }
    }

    /// What is wrong with the files themselves, with the paths at which a person finds them.
    var problems: [RuleProblem] { trials.flatMap(\.problems).map(directory.placed) }

    /// The folders in force when `text` is in them; else its own folder stands in for the local
    /// one, so that a draft is tried as it will be used.
    private static func directory(
        around text: String, _ home: RulesCommand.Folders
    ) -> RuleDirectory {
        let place = absolute(text)
        let folders = home.ruleDirectory.folders.map(absolute)
        if folders.contains(where: { place == $0 || place.hasPrefix($0 + "/") }) {
            return home.ruleDirectory
        }
        let isBank =
            FileManager.default.fileExists(atPath: place + "/rule.yaml") || !isFolder(place)
        // `rules/bank/rule.yaml` stands in the folder `rules`.
        let bank = isFolder(place) ? place : parent(place)
        let root = isBank ? parent(bank) : place
        let part = isBank ? String(bank.dropFirst(root == "/" ? 1 : root.utf8.count + 1)) : nil
        guard FileManager.default.fileExists(atPath: home.directory) else {
            return RuleDirectory(path: root, part: part)
        }
        return RuleDirectory(path: home.directory, local: root, part: part)
    }

    static func absolute(_ path: String) -> String {
        let path = URL(filePath: path).standardizedFileURL.path(percentEncoded: false)
        return path.count > 1 && path.hasSuffix("/") ? String(path.dropLast()) : path
    }

    private static func parent(_ path: String) -> String {
        let parent = path[..<(path.lastIndex(of: "/") ?? path.startIndex)]
        return parent.isEmpty ? "/" : String(parent)
    }

    private static func isFolder(_ path: String) -> Bool {
        (try? FileManager.default.contentsOfDirectory(atPath: path)) != nil
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

extension String {
    /// The text as a shell takes it for one word.
    var shellWord: String {
        let isPlain =
            !isEmpty
            && unicodeScalars.allSatisfy {
                $0.properties.isAlphabetic || ("0"..."9").contains($0)
                    || "/._-+=:@%".unicodeScalars.contains($0)
            }
        return isPlain ? self : "'" + replacing("'", with: #"'\''"#) + "'"
    }
}

extension Manner {
    /// As the process was started.
    static var ofProcess: Manner {
        Manner(language: .ofProcess, paints: Terminal.paints)
    }

    func text(of problem: RuleProblem) -> String {
        language == .turkish ? problem.turkishDescription : problem.description
    }

    func text(of wording: Wording) -> String {
        language == .turkish ? wording.turkish : wording.english
    }
}

extension RuleProblem {
    /// For programs: in both languages.
    var json: JSONLine {
        var line = JSONLine()
        line.put("file", path)
        line.put("line", self.line)
        line.put("column", column)
        line.put("problem", message.english)
        line.put("problem_tr", message.turkish)
        line.put("offending", offending)
        return line
    }
}

/// A rule book of a folder; files with problems are named and left out.
extension RulesCommand.Folders {
    func book(_ reply: inout CommandReply, _ manner: Manner) throws -> RuleBook {
        let (book, problems) = try ruleDirectory.compile()
        reply.notes += problems.map(manner.text)
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

extension ParsableCommand {
    /// The command that these arguments ask for, as the command line would make it.
    static func given(_ arguments: [String]) throws -> Self { try parse(arguments) }

    /// What `--help` prints.
    static var helpText: String { helpMessage() }

    /// The command and all below it, as `--experimental-dump-help` prints them.
    static var described: String { _dumpHelp() }
}
