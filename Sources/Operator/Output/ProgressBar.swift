// SPDX-License-Identifier: Apache-2.0

internal import Synchronization

/// How far a long work is, on the terminal behind standard error; nothing when that is none.
final class ProgressBar: Sendable {
    private struct State {
        var shown = -1
        var lastDrawn: ContinuousClock.Instant?
    }

    private let total: Int64
    private let isShown: Bool
    private let state = Mutex(State())

    /// Redrawn at most ten times a second: more only costs.
    private static let gap = Duration.milliseconds(100)

    /// - Parameter total: bytes, lines, whatever `advance` counts.
    init(total: Int64) {
        self.total = total
        isShown = Terminal.isErrorTerminal && total > 0
    }

    func advance(to done: Int64, label: @autoclosure () -> String) {
        guard isShown else { return }
        let now = ContinuousClock.now
        let isDue = state.withLock { state -> Bool in
            if let last = state.lastDrawn, last.duration(to: now) < Self.gap { return false }
            state.lastDrawn = now
            return true
        }
        guard isDue else { return }
        let share = min(1, Double(done) / Double(total))
        let width = max(10, min(40, Terminal.errorColumns - 40))
        let filled = Int(share * Double(width))
        let bar =
            String(repeating: "█", count: filled) + String(repeating: "░", count: width - filled)
        Terminal.write("\r\u{1B}[K\(bar) \(Int(share * 100)) %  \(label())", to: 2)
    }

    /// Takes the bar away again.
    func clear() {
        guard isShown else { return }
        Terminal.write("\r\u{1B}[K", to: 2)
    }
}
