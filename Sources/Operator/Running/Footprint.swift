// SPDX-License-Identifier: Apache-2.0

internal import FoundationEssentials
internal import Glibc

/// Gives back the memory that only the start needed.
enum Footprint {
    /// Reading settings, rules and their samples, and connecting, is over by then.
    static let startIsOver = Duration.seconds(20)
    /// `/proc/self/maps` has some 200 lines; more is not this program.
    private static let linesMax = 10_000

    /// Hands the pages of the program's code back to the system's file cache. Nothing is lost: a
    /// page that is used again is mapped again from there. Only mappings that can be executed and
    /// not written are touched, for they hold nothing but what stands in the file.
    static func handBackCode() {
        guard let data = FileManager.default.contents(atPath: "/proc/self/maps") else { return }
        let lines = String(decoding: data, as: UTF8.self).split(separator: "\n")
        for line in lines.prefix(linesMax) {
            // 55d0c2a6f000-55d0c431f000 r-xp 006d3000 fd:01 393    /usr/bin/mutabik
            let columns = line.split(separator: " ", maxSplits: 5)
            guard columns.count == 6, columns[1] == "r-xp", columns[5].contains("/") else {
                continue
            }
            let bounds = columns[0].split(separator: "-").compactMap { UInt($0, radix: 16) }
            guard bounds.count == 2, bounds[0] < bounds[1] else { continue }
            madvise(
                UnsafeMutableRawPointer(bitPattern: bounds[0]), Int(bounds[1] - bounds[0]),
                MADV_DONTNEED)
        }
    }
}
