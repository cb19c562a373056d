// SPDX-License-Identifier: Apache-2.0

internal import Connectors

/// Keeps a lane within its pace: a least gap between two starts, and so many in any minute.
struct PaceGate {
    private let pace: Pace
    private var starts: [ContinuousClock.Instant] = []

    init(pace: Pace) { self.pace = pace }

    /// Returns when the next attempt may start.
    mutating func pass() async {
        let now = ContinuousClock.now
        starts.removeAll { $0.duration(to: now) > .seconds(60) }
        var earliest = now
        if let last = starts.last { earliest = max(earliest, last + pace.minGap) }
        if starts.count >= pace.perMinute {
            earliest = max(earliest, starts[starts.count - pace.perMinute] + .seconds(60))
        }
        if earliest > now { try? await Task.sleep(until: earliest, clock: .continuous) }
        starts.append(max(earliest, .now))
    }
}
