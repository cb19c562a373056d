// SPDX-License-Identifier: Apache-2.0

package import Connectors
internal import Domain

/// Carries the outbox out: one lane per connector, so that a failing provider holds up no other.
///
/// A lane sleeps until a commit enqueues effects or the next one falls due; nothing ticks.
package final class Dispatcher: Sendable {
    private let lanes: [EffectLane]
    private let bells: [WakeUp]

    package init(world: World, connectors: [any EffectConnector], targets: EffectTargets) {
        let bells = connectors.map { _ in WakeUp() }
        self.bells = bells
        lanes = zip(connectors, bells).map { connector, bell in
            EffectLane(
                world: world, connector: connector, targets: targets, wakeUp: bell,
                effectDone: { for bell in bells { bell.ring() } })
        }
    }

    /// Works until the task is cancelled. What was in hand then is finished first.
    package func run() async {
        await withTaskGroup { group in
            for lane in lanes {
                group.addTask { await lane.run() }
            }
        }
    }

    /// Something new is in the outbox.
    package func ring() {
        for bell in bells { bell.ring() }
    }
}
