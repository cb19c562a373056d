// SPDX-License-Identifier: Apache-2.0

/// Deadlines, the earliest first: a binary heap.
///
/// An entry is never taken out before its time; who no longer needs it ignores the call.
struct TimerHeap {
    private var entries: [(due: Duration, id: UInt32)] = []

    var first: Duration? { entries.first?.due }

    mutating func push(_ due: Duration, _ id: UInt32) {
        entries.append((due, id))
        var child = entries.count - 1
        while child > 0, case let parent = (child - 1) / 2, entries[child].due < entries[parent].due
        {
            entries.swapAt(child, parent)
            child = parent
        }
    }

    /// The earliest entry if its time has come.
    mutating func popDue(at now: Duration) -> UInt32? {
        guard let earliest = entries.first, earliest.due <= now else { return nil }
        let last = entries.removeLast()
        guard !entries.isEmpty else { return earliest.id }
        entries[0] = last
        var parent = 0
        while case let left = 2 * parent + 1, left < entries.count {
            let right = left + 1
            let child =
                right < entries.count && entries[right].due < entries[left].due ? right : left
            guard entries[child].due < entries[parent].due else { break }
            entries.swapAt(child, parent)
            parent = child
        }
        return earliest.id
    }
}
