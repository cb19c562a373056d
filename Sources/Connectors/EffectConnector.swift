// SPDX-License-Identifier: Apache-2.0

package import Domain
package import FoundationEssentials

/// What became of an attempt. Labels are a bounded set of words for counters and the ledger; hints
/// are sentences for a person. Neither holds personal data.
package enum EffectOutcome: Hashable, Sendable {
    /// It took place. `handle` is the provider's name for it.
    case done(handle: String?)
    /// It certainly did not take place; try again, not before `after` when that is given.
    case retry(after: Duration?, label: String)
    /// It certainly did not take place, and no effect of this lane can until somebody sets right
    /// what `hint` says: pause the lane, try again later.
    case askOperator(label: String, hint: String)
    /// A final no for this effect: it certainly did not take place.
    case refused(label: String, hint: String)
    /// It may have taken place, nobody will ever know, and it is not tried again.
    case givenUp(label: String, hint: String)
    /// It may have taken place. Call `reconcile`, not `perform`, after `lookAgainAfter`; keep
    /// `handle` when it is not nil.
    case unknown(lookAgainAfter: Duration, handle: String?, label: String)
    /// Looked up: it certainly did not take place and may be tried anew.
    case notThere
}

/// How fast a lane may go.
package struct Pace: Hashable, Sendable {
    /// The least time between the starts of two attempts, look-ups included.
    package let minGap: Duration
    /// The most attempts within any 60 seconds.
    package let perMinute: Int

    package init(minGap: Duration, perMinute: Int) {
        self.minGap = minGap
        self.perMinute = perMinute
    }
}

/// Carries effects out at one provider.
///
/// The caller keeps the ledger: it writes `attemptHandle` and the state *running* before it calls
/// `perform`, and after `.unknown` or a crash in between it calls `reconcile` until that answers
/// something else. A connector holds no state that has to outlive the process.
package protocol EffectConnector: Sendable {
    /// The name of the lane: pause switch, pace and circuit breaker are kept per lane.
    var lane: String { get }
    var kinds: [Effect.Kind] { get }
    var repetition: Repetition { get }
    var pace: Pace { get }

    /// What the ledger must hold before `perform` is called, so that a lost attempt can be found
    /// again; nil when the provider is read back by the registration itself. The same task gives
    /// the same handle.
    func attemptHandle(for task: EffectTask) -> String?

    /// One attempt. Never throws: every failure is an outcome.
    func perform(_ task: EffectTask) async -> EffectOutcome

    /// Finds out what became of the attempt described by `task.handle` and `task.startedAt`.
    func reconcile(_ task: EffectTask, now: Date) async -> EffectOutcome

    /// Whether an attempt before the one with this handle may have taken place although the effect
    /// is to be tried again.
    func mayBeOut(_ handle: String?) -> Bool
}

extension EffectConnector {
    /// What is tried again is certainly not there.
    package func mayBeOut(_ handle: String?) -> Bool { false }
}
