// SPDX-License-Identifier: Apache-2.0

import Dispatch
import Synchronization

/// Watches the folders of one account and hands each new mail to the intake.
///
/// All the work is done by the thread of a `NetworkLoop`, which many watchers share: the intake
/// and `events` are called on it. `start`, `wake`, `stop` and `health` may be called from
/// anywhere else.
package final class MailboxWatcher: Sendable {
    /// A look at one folder from outside.
    package struct Health: Sendable, Equatable {
        package var folder: String
        package var state = WatchState.stopped
        /// What ended the last connection or attempt; nil since the folder was opened again.
        package var trouble: Trouble?
        /// The time since the server last completed a command; nil before the first.
        package var sinceProofOfLife: Duration?
        /// Attempts and sessions that failed since the folder was last opened.
        package var failures = 0

        package var isConnected: Bool { state.isConnected }
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
        /// Between two looks whether somebody signed in: at a file, not at a server.
        var signInGap = Duration.seconds(10)
        var certificateGap = Duration.seconds(600)
        /// A session that lasted so long wipes out earlier failures.
        var healthyAfter = Duration.seconds(600)
    }

    private enum Life {
        case new
        case watching(Range<UInt32>)
        case ended
    }

    private let loop: NetworkLoop
    private let order: WatchOrder
    private let life = Mutex(Life.new)
    private let vitals: VitalsTable
    /// Entered by each folder until its last event.
    private let folders = DispatchGroup()

    /// - Parameter events: called with the folder's name.
    package convenience init(
        account: MailboxAccount, intake: any MailIntake, loop: NetworkLoop,
        events: @escaping @Sendable (_ folder: String, MailboxEvent) -> Void
    ) {
        self.init(account: account, intake: intake, loop: loop, tuning: Tuning(), events: events)
    }

    init(
        account: MailboxAccount, intake: any MailIntake, loop: NetworkLoop, tuning: Tuning,
        events: @escaping @Sendable (_ folder: String, MailboxEvent) -> Void
    ) {
        let (vitals, group) = (VitalsTable(account.folders), folders)
        self.vitals = vitals
        self.loop = loop
        order = WatchOrder(
            account: account, folders: account.folders, intake: intake, tuning: tuning,
            report: { folder, event in
                vitals.note(event, of: folder)
                events(folder, event)
                if event.isLast { group.leave() }
            }, proved: { vitals.proved($0) })
    }

    deinit { stop() }

    /// Begins to watch. A second call does nothing.
    package func start() {
        life.withLock { life in
            guard case .new = life else { return }
            for _ in order.folders { folders.enter() }
            let first = loop.add(order)
            life = .watching(first..<first + UInt32(order.folders.count))
        }
    }

    /// Looks for mail now; connects now when a failed attempt is waited out, unless the server
    /// refused the credentials.
    package func wake() {
        life.withLock { if case .watching(let watches) = $0 { loop.wake(watches) } }
    }

    /// Logs out; `stop` waits for it. Many watchers stop in the time of one that way.
    package func beginToStop() {
        life.withLock { life in
            if case .watching(let watches) = life { loop.stop(watches) }
            life = .ended
        }
    }

    /// Logs out and returns when no folder is watched any more. Never call it from the intake or
    /// from `events`.
    package func stop() {
        beginToStop()
        folders.wait()
    }

    /// One entry per folder, in the account's order.
    package var health: [Health] { vitals.all }
}

/// What is known of each folder's well-being.
private final class VitalsTable: Sendable {
    private struct Row {
        var health: MailboxWatcher.Health
        var lastProof: SuspendingClock.Instant?
    }

    private let rows: Mutex<[Row]>

    init(_ folders: [String]) {
        rows = Mutex(folders.map { Row(health: MailboxWatcher.Health(folder: $0)) })
    }

    var all: [MailboxWatcher.Health] {
        let now = SuspendingClock.now
        return rows.withLock { rows in
            rows.map { row in
                var health = row.health
                health.sinceProofOfLife = row.lastProof.map { now - $0 }
                return health
            }
        }
    }

    func proved(_ folder: String) { change(folder) { $0.lastProof = .now } }

    /// Comes before anybody hears of the event.
    func note(_ event: MailboxEvent, of folder: String) {
        guard let state = event.state else { return }
        change(folder) { row in
            row.health.state = state
            if event == .connected { (row.health.failures, row.health.trouble) = (0, nil) }
            guard let trouble = event.trouble else { return }
            row.health.trouble = trouble
            row.health.failures += 1
        }
    }

    private func change(_ folder: String, _ body: (inout Row) -> Void) {
        rows.withLock { rows in
            guard let index = rows.firstIndex(where: { $0.health.folder == folder }) else { return }
            body(&rows[index])
        }
    }
}
