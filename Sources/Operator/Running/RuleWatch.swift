// SPDX-License-Identifier: Apache-2.0

internal import Agent
internal import FoundationEssentials
internal import Glibc
internal import Rules

/// Puts changed rule files in force while the agent works.
///
/// The folders are looked at each half second, by names, sizes, times and inodes. A change is taken
/// only when two looks in a row see the same, so that a file that is being written is not taken by
/// halves; editors that write beside and rename are seen by the inode.
struct RuleWatch: Sendable {
    let directory: RuleDirectory
    let inForce: RulesInForce
    let report: @Sendable (AgentEvent) -> Void
    let rest: @Sendable (Duration) async -> Void

    /// A change is in force after three looks: within two seconds, compiling included.
    private static let gap = Duration.milliseconds(500)

    func run() async {
        var taken = directory.stamp()
        var seen = taken
        while !Task.isCancelled {
            await rest(Self.gap)
            let now = directory.stamp()
            defer { seen = now }
            guard now != taken, now == seen else { continue }
            taken = now
            takeOver()
        }
    }

    /// Compiles what is there now. Files with a problem leave their last good version in force.
    func takeOver() {
        do {
            let (book, problems) = try directory.compile(keeping: inForce.book)
            for problem in problems { report(.ruleProblem(problem)) }
            guard book.fileCount > 0 else {
                report(.trouble("rules: no file can be used any more; the last ones stay in force"))
                return
            }
            let changed = book.changes(since: inForce.book)
            guard !changed.isEmpty else { return }
            inForce.replace(with: book)
            report(.rulesChanged(files: changed))
        } catch {
            // The folder is being replaced, or it is gone: what was in force stays.
            report(.trouble("rules: \(error)"))
        }
    }
}

/// What the files of a folder look like from outside.
struct FolderStamp: Equatable {
    private struct File: Equatable {
        let path: String
        let size: Int
        let seconds: Int
        let nanoseconds: Int
        let inode: UInt
    }

    private var files: [File] = []

    /// A file that cannot be looked at counts as none.
    mutating func add(_ path: String) {
        var status = stat()
        guard stat(path, &status) == 0 else { return }
        files.append(
            File(
                path: path, size: Int(status.st_size), seconds: Int(status.st_mtim.tv_sec),
                nanoseconds: Int(status.st_mtim.tv_nsec), inode: UInt(status.st_ino)))
    }
}
