// SPDX-License-Identifier: Apache-2.0

package import FoundationEssentials
package import Ledger

/// What the agent needs from outside, passed in: nothing here is global.
package struct World: Sendable {
    package let ledger: LedgerDatabase
    package let now: @Sendable () -> Date
    package let report: @Sendable (AgentEvent) -> Void
    /// Returns when the time has passed, or at once when the task is cancelled.
    package let rest: @Sendable (Duration) async -> Void

    package init(
        ledger: LedgerDatabase, now: @escaping @Sendable () -> Date,
        report: @escaping @Sendable (AgentEvent) -> Void,
        rest: @escaping @Sendable (Duration) async -> Void = { try? await Task.sleep(for: $0) }
    ) {
        self.ledger = ledger
        self.now = now
        self.report = report
        self.rest = rest
    }
}
