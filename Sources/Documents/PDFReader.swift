// SPDX-License-Identifier: Apache-2.0

internal import Dispatch
package import Mail

/// Reads PDFs, each in a child process of its own that is locked in (`Sources/mutabik-pdf`).
///
/// Whatever the child does or writes, the worst is a PDF that cannot be read.
package final class PDFReader: Sendable {
    /// How much a PDF may cost.
    package struct Limits: Hashable, Sendable {
        /// From the start of the child to its last byte. A receipt takes 20 ms; the child itself is
        /// ended after two seconds of processor time.
        package var time: Duration = .seconds(5)
        /// Bytes of text; what the child writes at most.
        package var textBytesMax = 256 * 1024
        /// Children at once, each with at most 192 MB of address space.
        package var atOnceMax = 2

        /// The limits as they stand above.
        package init() {}
    }

    private let program: String
    private let limits: Limits
    private let turns: DispatchSemaphore

    /// - Parameter program: the path of `mutabik-pdf`. When nothing is there, every PDF is
    ///   unreadable.
    package init(program: String, limits: Limits = Limits()) {
        self.program = program
        self.limits = limits
        turns = DispatchSemaphore(value: max(1, limits.atOnceMax))
    }

    /// The text of a PDF. Blocks the calling thread, until it is its turn and then at most
    /// `Limits.time`.
    package func read(_ pdf: [UInt8]) -> PDFText {
        turns.wait()
        defer { turns.signal() }
        // The head of the answer is one short line.
        let bytesMax = limits.textBytesMax + 64
        guard let child = ChildProcess(program: program) else { return .unreadable }
        return Self.text(in: child.exchange(pdf, answerBytesMax: bytesMax, within: limits.time))
    }

    /// Reads `ok BYTES`, a line feed and the text. Anything else is a child that broke down.
    static func text(in answer: [UInt8]) -> PDFText {
        guard let end = answer.firstIndex(of: 0x0A), end <= 40 else { return .unreadable }
        let head = String(decoding: answer[..<end], as: UTF8.self)
            .split(separator: " ", omittingEmptySubsequences: false)
        let text = Array(answer[(end + 1)...])
        guard head.count == 2, Int(head[1]) == text.count else { return .unreadable }
        return switch head[0] {
        case "ok": .text(text, isCut: false)
        case "cut": .text(text, isCut: true)
        case "encrypted": .encrypted
        case "without_text": .withoutText
        default: .unreadable
        }
    }
}
