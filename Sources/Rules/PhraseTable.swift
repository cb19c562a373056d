// SPDX-License-Identifier: Apache-2.0

/// English phrases and their Turkish. `*` is a gap, and `$1`, `$2` stand for what is in it.
///
///     "field * is missing": "$1 alanı yok"
package struct PhraseTable: Sendable {
    private let whole: [Substring: String]
    /// The parts between gaps, in the order of the table.
    private let open: [(parts: [Substring], turkish: String)]

    /// - Parameter phrases: of two that fit a text, the first one counts; one without gaps before
    ///   all others.
    package init(_ phrases: [(String, String)]) {
        whole = Dictionary(
            phrases.filter { !$0.0.contains("*") }.map { ($0.0[...], $0.1) },
            uniquingKeysWith: { first, _ in first })
        open = phrases.filter { $0.0.contains("*") }.map {
            ($0.0.split(separator: "*", omittingEmptySubsequences: false), $0.1)
        }
    }

    /// The Turkish of `text`, nil when it is not in the table.
    ///
    /// - Parameter gap: what becomes of the text in a gap.
    package func turkish(_ text: Substring, gap: (Substring) -> String) -> String? {
        if let known = whole[text] { return known }
        for (parts, turkish) in open {
            guard let values = Self.values(in: text, parts) else { continue }
            return values.enumerated().reduce(turkish) { turkish, value in
                turkish.replacing("$\(value.offset + 1)", with: gap(value.element))
            }
        }
        return nil
    }

    /// What stands in `text` where `parts` have gaps.
    private static func values(in text: Substring, _ parts: [Substring]) -> [Substring]? {
        guard let first = parts.first, text.hasPrefix(first) else { return nil }
        var rest = text.dropFirst(first.count)
        var values: [Substring] = []
        for (index, part) in parts.enumerated().dropFirst() {
            let isLast = index == parts.count - 1
            let found =
                part.isEmpty
                ? rest.endIndex..<rest.endIndex
                : isLast
                    ? (rest.hasSuffix(part)
                        ? rest.index(rest.endIndex, offsetBy: -part.count)..<rest.endIndex : nil)
                    : rest.firstRange(of: part)
            guard let found, found.lowerBound > rest.startIndex else { return nil }
            values.append(rest[..<found.lowerBound])
            rest = rest[found.upperBound...]
        }
        return values
    }
}
