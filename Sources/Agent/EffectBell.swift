// SPDX-License-Identifier: Apache-2.0

internal import Synchronization

/// The line between the ledger, which is opened first, and the dispatcher, which is made from it.
package final class EffectBell: Sendable {
    private let action = Mutex<(@Sendable () -> Void)?>(nil)

    package init() {}

    /// Says what a ring does. The last action hung is the one in force.
    package func hang(_ action: @escaping @Sendable () -> Void) {
        self.action.withLock { $0 = action }
    }

    /// Runs the action; nothing before one was hung.
    package func ring() {
        action.withLock { $0 }?()
    }
}
