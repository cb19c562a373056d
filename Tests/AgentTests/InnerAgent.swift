// SPDX-License-Identifier: Apache-2.0

import Connectors
import Domain
import Foundation
import Ledger
import Mailbox
import Rules
import Synchronization

@testable import Agent
@testable import Operator

/// A clock that stands still until it is set.
final class ManualClock: Sendable {
    private let time: Mutex<Date>

    init(_ time: Date = Date()) { self.time = Mutex(time) }

    var now: Date { time.withLock { $0 } }

    func advance(_ seconds: Double) { time.withLock { $0 += seconds } }
}

/// One life of the agent inside this process: its clock can be set and its disk be full.
final class InnerAgent {
    let ledger: LedgerDatabase
    private let work: Task<Void, any Error>
    private let heard: Heard

    private final class Heard: Sendable {
        let events = Mutex<[AgentEvent]>([])
    }

    /// Put together as `AgentRun` does it.
    init(_ site: Site, clock: ManualClock) throws {
        let live = LiveWorld(
            configuration: try Configuration.load(site.configurationPath), environment: [:])
        let (bell, heard) = (EffectBell(), Heard())
        let ledger = try live.ledger(
            hooks: LedgerHooks(effectsEnqueued: { bell.ring() }))
        let rules = try live.ruleBook().0
        let service = try AgentService(
            world: World(
                ledger: ledger, now: { clock.now },
                report: { event in heard.events.withLock { $0.append(event) } }),
            accounts: try live.accounts(bankDomains: rules.senderDomains),
            reader: live.reader(rules), pipeline: live.pipeline, keys: try live.keyRing(),
            connectors: try live.connectors(), targets: live.targets, effects: bell)
        self.ledger = ledger
        self.heard = heard
        work = Task { try await service.run() }
    }

    var events: [AgentEvent] { heard.events.withLock { $0 } }

    /// What went wrong, in the agent's words.
    var troubles: [String] {
        events.compactMap { if case .trouble(let words) = $0 { words } else { nil } }
    }

    /// Whether every mail that the server lists is settled.
    var hasCaughtUp: Bool {
        events.contains { event in
            guard case .mailbox(_, _, .caughtUp) = event else { return false }
            return true
        }
    }

    func stop() async throws {
        work.cancel()
        try await work.value
        try ledger.close()
    }
}
