// SPDX-License-Identifier: Apache-2.0

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

    /// The calls of several connectors in one order: `perform ticket.sms:reg-1`.
    final class CallLog: Sendable {
        private let entries = Mutex<[String]>([])

        var calls: [String] { entries.withLock { $0 } }

        func append(_ call: String) { entries.withLock { $0.append(call) } }
    }

    init(_ kind: Effect.Kind, _ script: [EffectOutcome] = [], log: CallLog) {
        lane = String(kind.rawValue.prefix { $0 != "." })
        kinds = [kind]
        state = Mutex((script, []))
        self.log = log
    }

    func attemptHandle(for task: EffectTask) -> String? { "attempt-\(task.attempt)" }

    func perform(_ task: EffectTask) async -> EffectOutcome { next("perform", task) }

    func reconcile(_ task: EffectTask, now: Date) async -> EffectOutcome {
        next("reconcile", task)
    }

    private func next(_ call: String, _ task: EffectTask) -> EffectOutcome {
        log.append("\(call) \(task.key) \(task.handle ?? "-")")
        return state.withLock { state in
            state.script.isEmpty ? .done(handle: nil) : state.script.removeFirst()
        }
    }
}
