// SPDX-License-Identifier: Apache-2.0

import Foundation

/// A file system in memory over a folder, small enough to be full. Only root may make one.
final class SmallDisk {
    private let folder: String
    private var filler: String { folder + "/filler" }

    private static let sizeBytes = 8 << 20

    /// Whether this machine lets us.
    static let isPossible: Bool = {
        let folder = NSTemporaryDirectory() + "disk-" + UUID().uuidString
        try? FileManager.default.createDirectory(
            atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        return SmallDisk(over: folder) != nil
    }()

    init?(over folder: String) {
        self.folder = folder
        guard mount("tmpfs", folder, "tmpfs", 0, "size=\(Self.sizeBytes)") == 0 else { return nil }
    }

    deinit { umount2(folder, Int32(MNT_DETACH)) }

    /// Leaves so many bytes.
    func fill(butFor bytesLeft: Int) throws {
        var free = statvfs()
        guard statvfs(folder, &free) == 0 else { throw CocoaError(.fileReadUnknown) }
        let bytes = Int(free.f_bavail) * Int(free.f_bsize) - bytesLeft
        try Data(count: max(0, bytes)).write(to: URL(fileURLWithPath: filler))
    }

    func makeRoom() throws { try FileManager.default.removeItem(atPath: filler) }
}
