// SPDX-License-Identifier: Apache-2.0

import CCurl
import Glibc

/// A signal that ends another thread's `poll`.
package final class WakeSignal: Sendable {
    /// Readable while the signal is raised.
    package let fileDescriptor: Int32

    /// Nil when the process is out of file descriptors.
    package init?() {
        fileDescriptor = eventfd(0, Int32(EFD_CLOEXEC | EFD_NONBLOCK))
        if fileDescriptor < 0 { return nil }
    }

    deinit { close(fileDescriptor) }

    /// Any number of raises before the other side looks count as one.
    package func raise() {
        var one: UInt64 = 1
        _ = write(fileDescriptor, &one, MemoryLayout<UInt64>.size)
    }

    /// Lowers the signal; true when it was raised.
    package func take() -> Bool {
        var count: UInt64 = 0
        return read(fileDescriptor, &count, MemoryLayout<UInt64>.size) > 0
    }
}
