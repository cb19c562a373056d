// SPDX-License-Identifier: Apache-2.0

internal import FoundationEssentials
internal import Glibc

/// What lies below a folder, in any depth.
///
/// The folder itself may be a link. Links in it are followed as long as they stay in it: one that
/// leads out could bring in what somebody else may change.
struct FolderTree {
    /// Below the folder, sorted.
    private(set) var files: [String] = []
    /// Folders below it, sorted; hidden ones are left out.
    private(set) var folders: [String] = []
    /// Links to folders and files elsewhere, sorted.
    private(set) var strays: [String] = []
    /// Folders below it that cannot be read, sorted.
    private(set) var closed: [String] = []
    /// There is more than anybody keeps among rules: the rest is not looked at.
    private(set) var isCut = false

    /// A folder of rules has two or three levels.
    private static let depthMax = 16
    /// With samples ten times as many as rule files.
    private static let entriesMax = 100_000

    private let root: String
    private var seen: Set<String> = []

    /// Nil when it cannot be read.
    ///
    /// - Parameter parts: names in it to look at; nil for all.
    init?(at folder: String, only parts: [String]? = nil) {
        guard let root = Self.resolved(folder),
            (try? FileManager.default.contentsOfDirectory(atPath: root)) != nil
        else { return nil }
        self.root = root
        walk("", root, only: parts, depth: 0)
        files.sort()
        folders.sort()
        strays.sort()
        closed.sort()
    }

    private mutating func walk(
        _ path: String, _ place: String, only parts: [String]? = nil, depth: Int
    ) {
        // A link to a folder above leads here again.
        guard depth < Self.depthMax, seen.insert(place).inserted else { return }
        guard let names = try? FileManager.default.contentsOfDirectory(atPath: place) else {
            return closed.append(path)
        }
        for name in names where parts?.contains(name) ?? true {
            guard files.count + folders.count < Self.entriesMax else {
                isCut = true
                return
            }
            let own = path.isEmpty ? name : path + "/" + name
            let entry = place + "/" + name
            guard Self.kind(entry) == S_IFLNK else {
                add(own, entry, depth)
                continue
            }
            switch Self.resolved(entry) {
            // Who reads it is told that it cannot be.
            case nil: files.append(own)
            case let target? where (target + "/").hasPrefix(root == "/" ? root : root + "/"):
                add(own, target, depth)
            case _?: strays.append(own)
            }
        }
    }

    private mutating func add(_ path: String, _ place: String, _ depth: Int) {
        guard Self.kind(place) == S_IFDIR else { return files.append(path) }
        let name = path[(path.lastIndex(of: "/").map(path.index(after:)) ?? path.startIndex)...]
        guard !name.hasPrefix(".") else { return }
        folders.append(path)
        walk(path, place, depth: depth + 1)
    }

    /// `S_IFDIR` and the like, of a link itself; 0 when nothing is there.
    private static func kind(_ path: String) -> mode_t {
        var status = stat()
        return lstat(path, &status) == 0 ? status.st_mode & S_IFMT : 0
    }

    /// Without links, by realpath(3); nil when nothing is there.
    private static func resolved(_ path: String) -> String? {
        guard let found = realpath(path, nil) else { return nil }
        defer { free(found) }
        return String(cString: found)
    }
}
