// SPDX-License-Identifier: Apache-2.0

internal import Dispatch
internal import FoundationEssentials
internal import Glibc

/// Tells when something in a folder, or in one inside it, may have changed: by inotify(7), with a
/// slow look beside it for what inotify is not told of (network drives, a link behind a link).
///
/// The folders above are watched for what appears and goes in them: a folder that is replaced as a
/// whole, or a link that is set anew, is a change like any other.
struct FolderChanges: Sendable {
    /// Where the kernel does not watch for us, looks are all there is.
    private static let gapWithout = DispatchTimeInterval.milliseconds(500)

    private static let inside =
        IN_CREATE | IN_MOVED_TO | IN_MOVED_FROM | IN_DELETE | IN_MODIFY | IN_CLOSE_WRITE | IN_ATTRIB
    private static let above = IN_CREATE | IN_MOVED_TO | IN_MOVED_FROM | IN_DELETE

    private let folders: [String]
    /// What inotify speaks through; -1 where the system gives none.
    private let fileDescriptor: Int32

    /// Watches `folders` while `body` runs. The stream has one element at the start, and one
    /// whenever it is time to look; several at once count as one.
    ///
    /// - Parameter slowGap: between two looks that nothing asked for.
    static func watching(
        _ folders: [String], slowGap: DispatchTimeInterval = .seconds(30),
        _ body: (AsyncStream<Void>) async -> Void
    ) async {
        let watched = FolderChanges(
            folders: folders,
            fileDescriptor: inotify_init1(Int32(IN_CLOEXEC | IN_NONBLOCK)))
        let (changes, look) = AsyncStream.makeStream(
            of: Void.self, bufferingPolicy: .bufferingNewest(1))
        let queue = DispatchQueue(label: "rule folders")
        let timer = DispatchSource.makeTimerSource(queue: queue)
        timer.setEventHandler {
            let gap = watched.follow() ? slowGap : gapWithout
            timer.schedule(deadline: .now() + gap, leeway: .milliseconds(100))
            look.yield()
        }
        timer.schedule(deadline: .now())
        let notices = watched.notices(on: queue, tell: look)
        timer.resume()
        await body(changes)
        timer.cancel()
        notices?.cancel()
    }

    private func notices(
        on queue: DispatchQueue, tell look: AsyncStream<Void>.Continuation
    ) -> (any DispatchSourceRead)? {
        guard fileDescriptor >= 0 else { return nil }
        let source = DispatchSource.makeReadSource(fileDescriptor: fileDescriptor, queue: queue)
        source.setEventHandler {
            drain()
            // What was made meanwhile is watched before anybody looks at it.
            _ = follow()
            look.yield()
        }
        source.setCancelHandler { close(fileDescriptor) }
        source.resume()
        return source
    }

    /// What happened is not asked: who is told looks at the files.
    private func drain() {
        // At least one notice with the longest name fits, and dozens of common ones.
        withUnsafeTemporaryAllocation(byteCount: 4096, alignment: 8) { buffer in
            while read(fileDescriptor, buffer.baseAddress, buffer.count) > 0 {}
        }
    }

    /// Watches every folder that is there now; one that is watched already stays so.
    ///
    /// - Returns: whether the kernel had room for all. What is a file, missing or not ours to read
    ///   is no failure: a folder above tells when that changes, or the slow look sees it.
    private func follow() -> Bool {
        guard fileDescriptor >= 0 else { return false }
        var hasRoom = true
        func watch(_ path: String, _ events: Int32) {
            guard hasRoom else { return }
            let mask = UInt32(events | Int32(IN_ONLYDIR | IN_MASK_ADD))
            if inotify_add_watch(fileDescriptor, path, mask) < 0 {
                hasRoom = errno != ENOSPC && errno != ENOMEM
            }
        }
        for folder in folders {
            let folder = folder.hasPrefix("/") ? folder : "./" + folder
            for end in folder.indices where folder[end] == "/" {
                watch(String(folder[...end]), Self.above)
            }
            watch(folder, Self.inside)
            for name in FolderTree(at: folder)?.folders ?? [] {
                watch(folder + "/" + name, Self.inside)
            }
        }
        return hasRoom
    }
}
