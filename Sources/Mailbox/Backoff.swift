// SPDX-License-Identifier: Apache-2.0

/// Growing gaps between attempts, drawn evenly from nothing to the present limit ("full jitter"),
/// so that many agents do not knock at the same moment.
///
///     limit: 1 s, 2 s, 4 s … 256 s, 300 s, 300 s …
struct Backoff: Sendable {
    /// Even the luckiest draw is no busy loop.
    static let gapMin = Duration.milliseconds(100)

    var first = Duration.seconds(1)
    var limit = Duration.seconds(300)
    private(set) var failures = 0

    init(first: Duration = .seconds(1), limit: Duration = .seconds(300)) {
        self.first = first
        self.limit = limit
    }

    /// - Parameter draw: a random number from 0 to 1.
    mutating func next(draw: Double) -> Duration {
        // 2^20 first gaps are past every limit, and far from overflow.
        let ceiling = min(limit, first * (1 << min(failures, 20)))
        failures += 1
        return max(Self.gapMin, ceiling * draw)
    }

    mutating func reset() { failures = 0 }
}
