// SPDX-License-Identifier: Apache-2.0

import Agent
import Connectors
import Domain
import Foundation
import Synchronization

/// Answers in the order of its script, and then well. Keeps what it was asked.
final class ScriptedConnector: EffectConnector {
    let lane: String
    let kinds: [Effect.Kind]
    let repetition = Repetition.readBackFirst
    let pace = Pace(minGap: .zero, perMinute: 1_000_000)

    private let state: Mutex<(script: [EffectOutcome], calls: [String])>
    private let log: CallLog
    /// Calls wait here, as for a slow provider, and give up when they are cancelled.
    private let door: WakeUp?

    /// The calls of several connectors in one order: `perform ticket.sms:reg-1`.
    final class CallLog: Sendable {
        private let entries = Mutex<[String]>([])

        var calls: [String] { entries.withLock { $0 } }

        func append(_ call: String) { entries.withLock { $0.append(call) } }
    }

    init(
        _ kind: Effect.Kind, _ script: [EffectOutcome] = [], log: CallLog, door: WakeUp? = nil
    ) {
        lane = String(kind.rawValue.prefix { $0 != "." })
        kinds = [kind]
        state = Mutex((script, []))
        self.log = log
        self.door = door
    }

    func attemptHandle(for task: EffectTask) -> String? { "attempt-\(task.attempt)" }

    func perform(_ task: EffectTask) async -> EffectOutcome { await next("perform", task) }

    func reconcile(_ task: EffectTask, now: Date) async -> EffectOutcome {
        await next("reconcile", task)
    }

    private func next(_ call: String, _ task: EffectTask) async -> EffectOutcome {
        log.append("\(call) \(task.key) \(task.handle ?? "-")")
        await door?.wait(atMost: nil)
        if Task.isCancelled {
            return .unknown(lookAgainAfter: .seconds(2), handle: nil, label: "cancelled")
        }
        return state.withLock { state in
            state.script.isEmpty ? .done(handle: nil) : state.script.removeFirst()
        }
    }
}
