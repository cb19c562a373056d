// SPDX-License-Identifier: Apache-2.0

internal import Agent
internal import FoundationEssentials
internal import Glibc
internal import Rules

/// Puts changed rule files in force while the agent works.
///
/// Whenever the folders may have changed, their files are looked at by names, sizes, times and
/// inodes. A change is taken only when two looks in a row see the same, so that a file that is
/// being written is not taken by halves; editors that write beside and rename are seen by the
/// inode.
struct RuleWatch: Sendable {
    let directory: RuleDirectory
    let inForce: RulesInForce
    /// What the files looked like before those in force were read.
    let stamp: FolderStamp
    let report: @Sendable (AgentEvent) -> Void
    let rest: @Sendable (Duration) async -> Void

    /// Between two looks at files that change: within two seconds they are in force, compiling
    /// included.
    private static let gap = Duration.milliseconds(500)

    /// - Parameter changes: an element whenever it is time to look, as `FolderChanges` gives them.
    func run(_ changes: some AsyncSequence<Void, Never>) async {
        var taken = stamp
        for await _ in changes {
            var seen = directory.stamp()
            while seen != taken, !Task.isCancelled {
                await rest(Self.gap)
                let now = directory.stamp()
                if now == seen {
                    taken = now
                    takeOver()
                }
                seen = now
            }
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
        let modified: Instant
        /// Also moves with the rights to a file, and where a copy kept the time of its original.
        let changed: Instant
        let inode: UInt
    }

    private struct Instant: Equatable {
        let seconds: Int
        let nanoseconds: Int

        init(_ time: timespec) {
            seconds = time.tv_sec
            nanoseconds = time.tv_nsec
        }
    }

    private var files: [File] = []

    /// A file that cannot be looked at counts as none.
    mutating func add(_ path: String) {
        var status = stat()
        guard stat(path, &status) == 0 else { return }
        files.append(
            File(
                path: path, size: Int(status.st_size), modified: Instant(status.st_mtim),
                changed: Instant(status.st_ctim), inode: UInt(status.st_ino)))
    }
}
