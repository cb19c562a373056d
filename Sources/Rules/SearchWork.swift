// SPDX-License-Identifier: Apache-2.0

/// How much one rule file has searched one mail, and how much it may.
///
/// What is counted are the bytes that are looked at, not the time that passes: the same mail and
/// the same rules come to the same on every machine, so that a replay says what the agent said.
final class SearchWork {
    /// In bytes that patterns look at. A pattern takes 1.5 ns for one, so these are 50 ms; the
    /// samples of the shipped rules take less than a fiftieth of it.
    static let patternBytesMax = 32 << 20
    /// A literal text costs a twentieth of a pattern (see `FileCost`), a label that is compared at
    /// one place as much as five bytes.
    private static let literal = 20
    private static let labelBytes = 5

    /// In twentieths of a byte, so that nothing is rounded.
    private var left = patternBytesMax * literal

    /// Nothing that was found since can be relied on.
    var isExceeded: Bool { left < 0 }

    /// Whether a pattern may still search `count` bytes. They are charged, found or not.
    func allowsPattern(over count: Int) -> Bool { spend(count * Self.literal) }

    /// Whether a literal text may still be looked for in `count` bytes.
    func allowsLiteral(over count: Int) -> Bool { spend(count) }

    /// Whether `count` labels may still be compared with what stands at one place.
    func allowsLabels(_ count: Int) -> Bool { spend(count * Self.labelBytes * Self.literal) }

    private func spend(_ amount: Int) -> Bool {
        // Texts have 512 KB at most: a single search never overflows, and none follows the last.
        guard left >= 0 else { return false }
        left -= amount
        return left >= 0
    }

    /// What was spent, in bytes that patterns look at.
    var spentBytes: Int { Self.patternBytesMax - left / Self.literal }
}
