// SPDX-License-Identifier: Apache-2.0

internal import FoundationEssentials
internal import Synchronization

/// How far a long work is, on the terminal behind standard error; nothing when that is none.
final class ProgressBar: Sendable {
    private struct State {
        var lastDrawn: ContinuousClock.Instant?
    }

    private let total: Int64?
    private let write: (@Sendable (String) -> Void)?
    private let columns: @Sendable () -> Int
    private let language: Language
    private let begin = ContinuousClock.now
    private let state = Mutex(State())

    /// Redrawn at most ten times a second: more only costs.
    private static let gap = Duration.milliseconds(100)

    /// Draws on the terminal behind standard error.
    static let onTerminal: (@Sendable (String) -> Void)? =
        Terminal.isErrorTerminal ? { @Sendable in Terminal.write($0, to: 2) } : nil

    /// - Parameters:
    ///   - total: bytes, lines, whatever `advance` counts; nil for bytes whose number nobody knows.
    ///   - write: draws; nil where nobody looks.
    init(
        total: Int64?,
        write: (@Sendable (String) -> Void)? = ProgressBar.onTerminal,
        columns: @escaping @Sendable () -> Int = { Terminal.errorColumns },
        language: Language = .ofProcess
    ) {
        self.total = total
        self.write = total == 0 ? nil : write
        self.columns = columns
        self.language = language
    }

    func advance(to done: Int64, label: @autoclosure () -> String) {
        guard let write else { return }
        let now = ContinuousClock.now
        let isDue = state.withLock { state -> Bool in
            if let last = state.lastDrawn, last.duration(to: now) < Self.gap { return false }
            state.lastDrawn = now
            return true
        }
        guard isDue else { return }
        let line = ProgressLine(done: done, total: total, elapsed: begin.duration(to: now))
        write("\r\u{1B}[K" + line.text(label: label(), columns: columns(), language))
    }

    /// The same for saved mail.
    func advance(to done: Int64, mails: Int) {
        advance(to: done, label: language.pick(mails.of("mail"), "\(mails) e-posta"))
    }

    /// Takes the bar away again.
    func clear() { write?("\r\u{1B}[K") }
}

/// What a progress bar shows at one moment.
struct ProgressLine {
    /// Of the whole, or bytes.
    let done: Int64
    /// Nil when it is not known; then megabytes and speed stand in place of a percentage.
    let total: Int64?
    /// Since the work began.
    let elapsed: Duration

    /// Columns of the bar: with them and the words beside it a line fits 80 columns.
    private static let widths = 10...40
    private static let wordsColumns = 40
    /// Where nobody knows how far it goes, a stretch of this many columns walks along the bar...
    private static let walkerColumns = 6
    /// ...by so many columns a second.
    private static let walkerSpeed = 10.0

    func text(label: String, columns: Int, _ language: Language) -> String {
        let width = max(
            Self.widths.lowerBound, min(Self.widths.upperBound, columns - Self.wordsColumns))
        guard let total else {
            let read = Double(done) / 1e6
            // In the first moments a speed would jump about.
            let speed = seconds < 0.5 ? nil : Self.tenths(read / seconds, language) + " MB/s"
            return
                ([walker(width) + " " + Self.tenths(read, language) + " MB", label]
                + [speed].compactMap(\.self)).joined(separator: "  ")
        }
        let share = min(1, max(0, Double(done) / Double(max(1, total))))
        let filled = Int(share * Double(width))
        return "\(Self.bar(filled, width - filled)) \(Int(share * 100)) %  \(label)"
    }

    private static func bar(_ filled: Int, _ open: Int) -> String {
        String(repeating: "█", count: filled) + String(repeating: "░", count: open)
    }

    /// To the end of the bar and back.
    private func walker(_ width: Int) -> String {
        let way = width - Self.walkerColumns
        let steps = Int(seconds * Self.walkerSpeed) % (2 * way)
        let place = min(steps, 2 * way - steps)
        return Self.bar(0, place) + Self.bar(Self.walkerColumns, way - place)
    }

    private var seconds: Double { elapsed / .seconds(1) }

    private static func tenths(_ value: Double, _ language: Language) -> String {
        let tenths = Int64(value * 10)
        return "\(tenths / 10)\(language.pick(".", ","))\(tenths % 10)"
    }
}
