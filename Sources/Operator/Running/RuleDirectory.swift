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
    /// The only folder that is read of the last of both, beside what its files share; nil for all.
    let part: String?
    /// The folder in `local` need not be there: it is the usual one, nobody named it just now.
    let isLocalOptional: Bool

    /// Both, where there are two.
    var folders: [String] { [path, local].compactMap(\.self) }

    /// Rule files are texts that people write; more is something else.
    private static let fileBytesMax = 1 << 20
    private static let filesMax = 10_000

    init(
        path: String, local: String? = nil, part: String? = nil, isLocalOptional: Bool = false
    ) {
        self.path = path
        self.local = local
        self.part = part
        self.isLocalOptional = isLocalOptional
    }

    /// - Parameter last: the book in force: files that did not change are taken over, and of those
    ///   with a problem the last good version stays.
    func compile(keeping last: RuleBook? = nil) throws -> (RuleBook, [RuleProblem]) {
        try requireLocal()
        try requireStill(last)
        let compiled = RuleBook.compile(try sources(), keeping: last) { count, work in
            DispatchQueue.concurrentPerform(iterations: count, execute: work)
        }
        return (compiled.book, compiled.problems.map(placed))
    }

    /// What became of each file by itself.
    func trials() throws -> [RuleTrial] {
        try requireLocal()
        return RuleTrial.all(try sources())
    }

    /// A folder that is gone while its rules are in force is being moved, or was taken away by
    /// mistake: what the organizer denies there must not be believed meanwhile.
    private func requireStill(_ last: RuleBook?) throws {
        guard let local, last?.holdsOwnRules == true, !FileManager.default.fileExists(atPath: local)
        else { return }
        throw ConfigurationError(
            path: local, line: 0, column: 0,
            message: Manner.ofProcess.pick(
                "the folder of own rules is gone; put it back, or restart to do without it",
                "kendi kurallarınızın klasörü artık yok; geri koyun ya da onsuz sürdürmek için "
                    + "yeniden başlatın"))
    }

    /// Without its own folder a misspelt name would leave the organizer's words out, unsaid.
    private func requireLocal() throws {
        guard let local, !isLocalOptional, !FileManager.default.fileExists(atPath: local) else {
            return
        }
        throw ConfigurationError(
            path: local, line: 0, column: 0,
            message: Manner.ofProcess.pick(
                "there is no such folder of own rules; correct its name or leave the option out",
                "böyle bir kendi kuralları klasörü yok; adını düzeltin ya da seçeneği yazmayın"))
    }

    /// The folder of a layer.
    func folder(_ layer: RuleSource.Layer) -> String {
        layer == .local ? local ?? path : path
    }

    /// Where a person finds the file.
    func place(of trial: RuleTrial) -> String { folder(trial.layer) + "/" + trial.path }

    /// The problem with the path at which a person finds the file.
    func placed(_ problem: RuleProblem) -> RuleProblem { problem.below(folder(problem.layer)) }

    /// What the files look like from outside.
    func stamp() -> FolderStamp {
        var stamp = FolderStamp()
        for folder in folders {
            guard let (files, strays, closed) = try? names(in: folder) else { continue }
            for name in files + strays + closed { stamp.add(folder + "/" + name) }
        }
        return stamp
    }

    /// The texts of the files.
    func sources() throws -> [RuleSource] {
        var sources = try read(path, .shipped)
        // The folder for own rules need not be there.
        if let local, FileManager.default.fileExists(atPath: local) {
            sources += try read(local, .local)
        }
        return sources
    }

    /// What is worth a look and no problem: words that no sample tests, and files that editors gave
    /// a second ending, which are not read.
    func notes(_ manner: Manner) throws -> [String] {
        let words = UntestedWords.notes(try sources()).map(placed).map(manner.text)
        let endings = [".yaml.txt", ".yml.txt"]
        let misnamed = folders.flatMap { folder in
            (tree(in: folder)?.files ?? []).filter { path in
                endings.contains(where: path.lowercased().hasSuffix)
            }.map { path in
                manner.pick(
                    "\(folder)/\(path): not read; take .txt from the end of its name",
                    "\(folder)/\(path): okunmadı; adının sonundaki .txt'yi silin")
            }
        }
        return words + misnamed
    }

    /// What lies in a folder as far as it is read; nil when it cannot be.
    private func tree(in folder: String) -> FolderTree? {
        guard let part, folder == folders.last else { return FolderTree(at: folder) }
        return FolderTree(at: folder, only: [part, "common"])
    }

    static func isRuleFile(_ path: String) -> Bool {
        let name = path.lowercased()
        return (name.hasSuffix(".yaml") || name.hasSuffix(".yml")) && !name.hasPrefix(".")
            && !name.contains("/.")
    }

    /// The rule files, and links out of the folder and closed folders in their place.
    private func names(
        in folder: String
    ) throws -> (files: [String], strays: [String], closed: [String]) {
        guard let tree = tree(in: folder) else {
            throw ConfigurationError(
                path: folder, line: 0, column: 0,
                message: Manner.ofProcess.pick(
                    "the rules directory cannot be read; name it in rules_directory or --rules",
                    "kural klasörü okunamıyor; rules_directory ya da --rules ile verin"))
        }
        let files = tree.files.filter(Self.isRuleFile)
        guard files.count <= Self.filesMax, !tree.isCut else {
            throw ConfigurationError(
                path: folder, line: 0, column: 0,
                message: Manner.ofProcess.pick(
                    "more than \(Self.filesMax) rule files; is this the right directory?",
                    "\(Self.filesMax) dosyadan fazla kural var; doğru klasör bu mu?"))
        }
        return (files, tree.strays.filter { isRules(at: folder + "/" + $0, $0) }, tree.closed)
    }

    /// Whether a link would bring rules in: other files may lie anywhere.
    private func isRules(at place: String, _ path: String) -> Bool {
        if Self.isRuleFile(path) { return true }
        let names = try? FileManager.default.contentsOfDirectory(atPath: place)
        return names != nil && Self.isRuleFile(path + ".yaml")
    }

    private func read(_ folder: String, _ layer: RuleSource.Layer) throws -> [RuleSource] {
        let (files, strays, closed) = try names(in: folder)
        return files.map { read($0, in: folder, layer) }
            + closed.map { path in
                RuleSource(
                    path: path, layer: layer,
                    unreadable: Wording(
                        "the folder cannot be read; let the agent's user enter and read it",
                        "klasör okunamıyor; mutabik kullanıcısına girme ve okuma izni verin"))
            }
            + strays.map { path in
                RuleSource(
                    path: path, layer: layer,
                    unreadable: Wording(
                        "this link leads out of the rules folder and is not followed; put the "
                            + "file or folder itself here",
                        "bu bağlantı kural klasörünün dışına çıkıyor, izlenmez; dosyanın ya da "
                            + "klasörün kendisini buraya koyun"))
            }
    }

    private func read(
        _ name: String, in folder: String, _ layer: RuleSource.Layer
    ) -> RuleSource {
        guard let data = FileManager.default.contents(atPath: folder + "/" + name) else {
            return RuleSource(
                path: name, layer: layer,
                unreadable: Wording(
                    "the file cannot be read; let the agent's user read it",
                    "dosya okunamıyor; mutabik kullanıcısına okuma izni verin"))
        }
        guard data.count <= Self.fileBytesMax else {
            return RuleSource(
                path: name, layer: layer,
                unreadable: Wording(
                    "larger than 1 MiB; this is no rule file",
                    "1 MiB'den büyük; bu bir kural dosyası değil"))
        }
        // What is not UTF-8 becomes U+FFFD, and the rules say so. Some editors begin with a mark.
        let text = String(decoding: data, as: UTF8.self)
        return RuleSource(
            path: name, text: text.first == "\u{FEFF}" ? String(text.dropFirst()) : text,
            layer: layer)
    }
}
