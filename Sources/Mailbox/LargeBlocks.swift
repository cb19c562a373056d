// SPDX-License-Identifier: Apache-2.0

import CZlib

/// How the process handles the memory of large mails.
package enum LargeBlocks {
    /// A mail's text is smaller, an attachment that is passed around is larger.
    private static let bytesMin: Int32 = 256 << 10

    /// From now on blocks of 256 KiB and more go back to the system as soon as they are free.
    ///
    /// Left alone, glibc learns from the first large block that is freed to keep all of up to
    /// 32 MiB in its heaps; among attachments of every size these come to consist of holes, and a
    /// long replay grows and grows.
    ///
    /// - Source: mallopt(3), M_MMAP_THRESHOLD.
    package static func giveBack() { mutabik_map_blocks_from(bytesMin) }
}
