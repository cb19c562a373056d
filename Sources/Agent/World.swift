// SPDX-License-Identifier: Apache-2.0

package import FoundationEssentials
package import Ledger

/// What the agent needs from outside, passed in: nothing here is global.
package struct World: Sendable {
    package let ledger: LedgerDatabase
    package let now: @Sendable () -> Date
    package let report: @Sendable (AgentEvent) -> Void

    package init(
        ledger: LedgerDatabase, now: @escaping @Sendable () -> Date,
        report: @escaping @Sendable (AgentEvent) -> Void
    ) {
        self.ledger = ledger
        self.now = now
        self.report = report
    }
}
