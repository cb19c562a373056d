// SPDX-License-Identifier: Apache-2.0

import Glibc
import Synchronization
import Wire

/// Watches one account and hands each new mail to the intake.
///
/// One plain thread does everything: it sleeps in `poll` until the server, `wake`, `stop` or a
/// deadline calls. The intake and `events` are called on it. `start`, `wake`, `stop` and `health`
/// may be called from anywhere.
///
/// The protocol itself is `IMAPSession`, which does no I/O: several sessions could as well share
/// one thread.
package final class MailboxWatcher: Sendable {
    /// A look at the watcher from outside.
    package struct Health: Sendable, Equatable {
        /// True while the folder is open.
        package var isConnected = false
        /// The time since the server last completed a command; nil before the first.
        package var sinceProofOfLife: Duration?
        /// Attempts and sessions that failed since the last healthy one.
        package var failures = 0
    }

    /// The gaps between attempts, and what the session waits for. The values are those of the
    /// service; tests shorten them.
    struct Tuning: Sendable {
        var patience = IMAPSession.Patience()
        var connectTimeout = Duration.seconds(20)
        var responseTimeout = Duration.seconds(15)
        var firstGap = Duration.seconds(1)
        var longestGap = Duration.seconds(300)
        /// A busy server asks for minutes.
        var busyGap = Duration.seconds(60)
        var busyLongestGap = Duration.seconds(900)
        /// Trying a wrong password more often locks accounts and bans addresses.
        var credentialsGap = Duration.seconds(1800)
        var certificateGap = Duration.seconds(600)
        /// A session that lasted so long wipes out earlier failures.
        var healthyAfter = Duration.seconds(600)
    }

    private enum Life {
        case new
        case running(pthread_t)
        case ended
    }

    private let life = Mutex(Life.new)
    /// Held while the thread is joined, so that a second `stop` waits as well.
    private let joining = Mutex(())
    private let loop: WatchLoop

    package convenience init(
        account: MailboxAccount, intake: any MailIntake,
        events: @escaping @Sendable (MailboxEvent) -> Void
    ) {
        self.init(account: account, intake: intake, tuning: Tuning(), events: events)
    }

    init(
        account: MailboxAccount, intake: any MailIntake, tuning: Tuning,
        events: @escaping @Sendable (MailboxEvent) -> Void
    ) {
        loop = WatchLoop(account: account, intake: intake, tuning: tuning, events: events)
    }

    deinit { stop() }

    /// Begins to watch. A second call does nothing.
    package func start() {
        life.withLock { life in
            guard case .new = life else { return }
            let context = Unmanaged.passRetained(loop)
            var thread = pthread_t()
            let failed = pthread_create(
                &thread, nil,
                { context in
                    guard let context else { return nil }
                    Unmanaged<WatchLoop>.fromOpaque(context).takeRetainedValue().run()
                    return nil
                }, context.toOpaque())
            if failed == 0 {
                life = .running(thread)
            } else {
                context.release()
                life = .ended
            }
        }
    }

    /// Looks for mail now; connects now when a failed attempt is waited out, unless the server
    /// refused the credentials.
    package func wake() { loop.wake() }

    /// Logs out and returns when the thread has ended. Never call it from the intake.
    package func stop() {
        loop.stop()
        joining.withLock { _ in
            let thread: pthread_t? = life.withLock { life in
                defer { life = .ended }
                if case .running(let thread) = life { return thread }
                return nil
            }
            if let thread { pthread_join(thread, nil) }
        }
    }

    package var health: Health { loop.health }
}
