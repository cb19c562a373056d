// SPDX-License-Identifier: Apache-2.0

internal import Glibc

/// One instant on both clocks: the wall's for people, the monotonic one for limits and latencies.
struct Moment: Hashable, Sendable {
    let wallMicroseconds: Int
    let monotonicMicroseconds: Int

    static func now() -> Moment {
        Moment(
            wallMicroseconds: read(CLOCK_REALTIME),
            monotonicMicroseconds: read(CLOCK_MONOTONIC))
    }

    private static func read(_ clock: clockid_t) -> Int {
        var time = timespec()
        clock_gettime(clock, &time)
        return time.tv_sec * 1_000_000 + time.tv_nsec / 1000
    }

    /// `2026-11-22T11:05:33.123456Z`.
    var iso: String {
        let fraction = String(wallMicroseconds % 1_000_000 + 1_000_000).dropFirst()
        return CivilTime(secondsSince1970: wallMicroseconds / 1_000_000, offset: 0).iso
            + ".\(fraction)Z"
    }

    var istanbul: CivilTime { CivilTime(secondsSince1970: wallMicroseconds / 1_000_000) }
}

/// Counts calls over the last minute. A limit of 0 admits everything.
struct MinuteWindow: Sendable {
    static let microseconds = 60_000_000
    let limit: Int
    private var times: [Int] = []
    private var first = 0

    init(limit: Int) { self.limit = limit }

    /// Whether one more call fits; only a call that fits is counted.
    mutating func admits(at moment: Moment) -> Bool {
        guard limit > 0 else { return true }
        let now = moment.monotonicMicroseconds
        while first < times.count, times[first] <= now - Self.microseconds { first += 1 }
        guard times.count - first < limit else { return false }
        if first > limit {
            times.removeFirst(first)
            first = 0
        }
        times.append(now)
        return true
    }
}
