// SPDX-License-Identifier: Apache-2.0

/// Watches one account and hands each new mail to the intake, exactly once as far as it settles.
///
/// One plain thread does everything; `start`, `wake`, `stop` and `health` may be called from
/// anywhere.
package final class MailboxWatcher: Sendable {
    /// A look at the watcher from outside.
    package struct Health: Sendable, Equatable {
        /// True while a folder is open.
        package var isConnected = false
        /// The time since the server last completed a command; nil before the first.
        package var sinceProofOfLife: Duration?
        /// The connections that were lost since the last success.
        package var failures = 0
    }

    package init(
        account: MailboxAccount, intake: any MailIntake,
        events: @escaping @Sendable (MailboxEvent) -> Void
    ) {}

    /// Begins to watch. A second call does nothing.
    package func start() {}
    /// Looks for mail now, or connects now when it is waiting to.
    package func wake() {}
    /// Logs out and returns when the thread has ended. Never call it from the intake.
    package func stop() {}
    package var health: Health { Health() }
}
