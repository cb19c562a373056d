// SPDX-License-Identifier: Apache-2.0

internal import Domain

/// Single letters that are a person's: those of a name that is spaced out (`N E H İ R`), and the
/// letter that a name is cut to (`Nehir A.`).
extension TextAnonymizer {
    /// Two letters in a row say nothing: `5 x 3 y`.
    private static let lettersMin = 3
    /// Words of a name that is spaced out stand further apart than its letters.
    private static let gapMax = 4

    /// Indices of the words that are one letter of a name.
    func spacedNames(_ text: [Unicode.Scalar], _ spans: [TextSpan]) -> Set<Int> {
        var names: Set<Int> = []
        var run: [Int] = []
        func close() {
            let word = run.map { Self.folded(text[spans[$0].range]) }.joined()
            if run.count >= Self.lettersMin, !isKnown(word) { names.formUnion(run) }
            run = []
        }
        for (index, span) in spans.enumerated() {
            guard span.kind == .word, span.range.count == 1 else {
                close()
                continue
            }
            if let last = run.last,
                !isGap(text[spans[last].range.upperBound..<span.range.lowerBound])
            {
                close()
            }
            run.append(index)
            if isInitial(index, text, spans) { names.insert(index) }
        }
        close()
        return names
    }

    private func isGap(_ between: ArraySlice<Unicode.Scalar>) -> Bool {
        (1...Self.gapMax).contains(between.count) && between.allSatisfy(TextScanner.isBlank)
    }

    /// A letter with a dot beside a word that nobody else knows.
    private func isInitial(_ index: Int, _ text: [Unicode.Scalar], _ spans: [TextSpan]) -> Bool {
        let range = spans[index].range
        guard range.upperBound < text.count, text[range.upperBound] == "." else { return false }
        func isName(_ other: Int, _ between: Range<Int>) -> Bool {
            spans[other].kind == .word && between.count <= 2
                && text[between].allSatisfy { $0 == "." || TextScanner.isBlank($0) }
                && spans[other].range.count > 1 && !isKnown(Self.folded(text[spans[other].range]))
        }
        return index > 0 && isName(index - 1, spans[index - 1].range.upperBound..<range.lowerBound)
            || index + 1 < spans.count
                && isName(index + 1, range.upperBound..<spans[index + 1].range.lowerBound)
    }
}
