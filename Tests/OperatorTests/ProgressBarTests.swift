// SPDX-License-Identifier: Apache-2.0

import Synchronization
import Testing

@testable import Operator

@Suite("Progress bars")
struct ProgressBarTests {
    @Test("show the share of a whole that is known")
    func known() {
        let line = ProgressLine(done: 250, total: 1000, elapsed: .seconds(3))
        #expect(
            line.text(label: "7 mails", columns: 60, .english)
                == "█████░░░░░░░░░░░░░░░ 25 %  7 mails")
        let over = ProgressLine(done: 2000, total: 1000, elapsed: .zero)
        #expect(over.text(label: "9", columns: 20, .english) == "██████████ 100 %  9")
    }

    @Test(
        "show megabytes and speed where the whole is not known",
        arguments: [
            (0, 0, "██████░░░░░░░░░░░░░░ 0.0 MB  7 mails"),
            (12_480_000, 499, "░░░░██████░░░░░░░░░░ 12.4 MB  7 mails"),
            (12_480_000, 1500, "░░░░░░░░░░░░░██████░ 12.4 MB  7 mails  8.3 MB/s"),
            (12_480_000, 2000, "░░░░░░░░██████░░░░░░ 12.4 MB  7 mails  6.2 MB/s"),
            (9_000_000_000, 2800, "██████░░░░░░░░░░░░░░ 9000.0 MB  7 mails  3214.2 MB/s"),
        ])
    func unknown(bytes: Int64, milliseconds: Int, expected: String) {
        let line = ProgressLine(done: bytes, total: nil, elapsed: .milliseconds(milliseconds))
        #expect(line.text(label: "7 mails", columns: 60, .english) == expected)
    }

    @Test("speak Turkish, and fit a terminal of 80 columns")
    func turkish() {
        let line = ProgressLine(done: 1_234_567_890, total: nil, elapsed: .seconds(60))
        let text = line.text(label: "1234567 e-posta", columns: 80, .turkish)
        #expect(text.hasSuffix(" 1234,5 MB  1234567 e-posta  20,5 MB/s"))
        #expect(text.count <= 80)
    }

    @Test("are drawn for standard input too, and nowhere but on a terminal")
    func drawn() {
        let written = Written()
        let bar = ProgressBar(
            total: nil, write: { written.add($0) }, columns: { 50 }, language: .turkish)
        bar.advance(to: 2_000_000, mails: 3)
        bar.clear()
        #expect(written.texts.count == 2)
        #expect(written.texts.first?.hasPrefix("\r\u{1B}[K") == true)
        #expect(
            written.texts.first?.contains("█ 2,0 MB  3 e-posta") == true
                || written.texts.first?.contains("░ 2,0 MB  3 e-posta") == true)
        #expect(written.texts.last == "\r\u{1B}[K")
        let empty = Written()
        ProgressBar(total: 0, write: { empty.add($0) }).clear()
        #expect(empty.texts.isEmpty)
        var asked = false
        func label() -> String {
            asked = true
            return ""
        }
        ProgressBar(total: nil, write: nil).advance(to: 1, label: label())
        #expect(!asked)
    }

    private final class Written: Sendable {
        private let list = Mutex<[String]>([])
        var texts: [String] { list.withLock { $0 } }
        func add(_ text: String) { list.withLock { $0.append(text) } }
    }
}
