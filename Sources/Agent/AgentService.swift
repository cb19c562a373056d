// SPDX-License-Identifier: Apache-2.0

package import Connectors
internal import Ledger
package import Mailbox

/// The running agent: watchers bring mail in, its lane reads and settles it, the dispatcher carries
/// effects out. All of it stops cleanly, and any of it may be killed at any line.
package final class AgentService: Sendable {
    private let world: World
    private let watchers: [MailboxWatcher]
    private let dispatcher: Dispatcher
    private let mails: MailLane
    private let afterCare: AfterCareLane
    private let schedule: PaymentSchedule

    /// - Parameters:
    ///   - effects: rung by the ledger after a commit that enqueued effects.
    ///   - rules: those that `reader` follows; mails are read again when they change.
    /// - Throws: `MailboxError` when the process has no file descriptor or thread left.
    package init(
        world: World, accounts: [MailboxAccount], reader: MailReader, pipeline: PaymentPipeline,
        keys: KeyRing, connectors: [any EffectConnector], targets: EffectTargets,
        schedule: PaymentSchedule = PaymentSchedule(terms: [:]), effects: EffectBell,
        rules: RulesInForce? = nil
    ) throws {
        self.world = world
        self.schedule = schedule
        let dispatcher = Dispatcher(world: world, connectors: connectors, targets: targets)
        self.dispatcher = dispatcher
        effects.hang { dispatcher.ring() }
        let careDesk = AfterCareDesk(accounts, wakeUp: WakeUp())
        afterCare = AfterCareLane(world: world, accounts: accounts, wakeUp: careDesk.wakeUp)
        mails = MailLane(
            world: world, reader: reader, pipeline: pipeline, keys: keys, afterCare: careDesk,
            wakeUp: rules?.changed ?? WakeUp())
        let intake = LedgerIntake(world: world, mails: mails)
        let loop = try NetworkLoop()
        let journal = WatchJournal(world: world)
        watchers = accounts.map { account in
            MailboxWatcher(account: account, intake: intake, loop: loop) { folder, event in
                world.report(.mailbox(account: account.name, folder: folder, event))
                journal.note(event, account: account.name, folder: folder)
            }
        }
    }

    /// False when a watcher hangs: systemd's watchdog then starts the agent anew. A server that is
    /// away is no reason, for a restart would not bring it back.
    package var isAlive: Bool {
        watchers.flatMap(\.health).allSatisfy { health in
            guard health.isConnected, let silence = health.sinceProofOfLife else { return true }
            return silence < Self.silenceMax
        }
    }

    /// IDLE is renewed at least every 25 minutes, each time with an answer of the server.
    private static let silenceMax = Duration.seconds(1800)

    /// Time to pay is counted in hours; a look a minute is exact enough and costs a few queries.
    private static let scheduleGap = Duration.seconds(60)

    private func keepSchedule() async {
        guard !schedule.isEmpty else { return }
        while !Task.isCancelled {
            do {
                let report = try world.ledger.write { try schedule.run(now: world.now(), in: $0) }
                if report.expired > 0 { world.report(.expired(count: report.expired)) }
                // A full lot: there is more.
                if max(report.expired, report.messages) >= PaymentSchedule.batch { continue }
            } catch {
                world.report(.trouble("schedule: \(error)"))
            }
            await world.rest(Self.scheduleGap)
        }
    }

    /// Works until the task is cancelled; returns when everything has come to rest.
    package func run() async throws {
        // What was in hand when the last process ended may or may not have taken place.
        _ = try world.ledger.write { try $0.recoverRunning(at: world.now()) }
        for watcher in watchers { watcher.start() }
        await withTaskGroup { group in
            group.addTask { await self.dispatcher.run() }
            group.addTask { await self.mails.run() }
            group.addTask { await SilenceWatch(world: self.world).run() }
            group.addTask { await self.afterCare.run() }
            group.addTask { await self.keepSchedule() }
        }
        world.report(.stopping)
        for watcher in watchers { watcher.beginToStop() }
        for watcher in watchers { watcher.stop() }
    }
}
