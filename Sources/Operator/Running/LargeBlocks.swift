// SPDX-License-Identifier: Apache-2.0

internal import Glibc

/// How the process handles large blocks of memory.
enum LargeBlocks {
    /// A mail's text is smaller, an attachment that is passed around is larger.
    private static let bytesMin: Int32 = 256 << 10
    /// `M_MMAP_THRESHOLD` of malloc.h, a macro that Swift cannot see.
    private static let mmapThreshold: Int32 = -3

    /// From now on blocks of 256 KiB and more go back to the system as soon as they are free.
    ///
    /// Left alone, glibc learns from the first large block that is freed to keep all of up to
    /// 32 MiB in its heaps; among attachments of every size these come to consist of holes, and a
    /// long replay grows and grows.
    ///
    /// - Source: mallopt(3), M_MMAP_THRESHOLD.
    static func giveBack() { mallopt(mmapThreshold, bytesMin) }
}
