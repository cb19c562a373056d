// SPDX-License-Identifier: Apache-2.0

extension PersonName {
    /// By what a name is found when somebody wrote it a little differently: a few short texts, of
    /// which the other form shares at least one.
    ///
    /// - first word and initial of the second (`a elif k`): a slip in the surname, a name cut off;
    /// - initial and last word (`b e karaca`): a slip in the given name, an abbreviated one;
    /// - last word (`c karaca`): somebody of the family;
    /// - initials of first and last word (`i e k`): a masked name.
    ///
    /// A word with a mask gives only its initial, a text of one word its initial and the word.
    package var handles: [String] {
        guard let first = words.first, let last = words.last, let firstInitial = first.first,
            let lastInitial = last.first
        else { return [] }
        var handles: [String] = []
        if words.count > 1, !first.utf8.contains(Self.star), let second = words[1].first,
            second != "*"
        {
            handles.append("a \(first) \(second)")
        }
        if words.count > 1, firstInitial != "*", !last.utf8.contains(Self.star), last.count > 1 {
            handles.append("b \(firstInitial) \(last)")
        }
        if !last.utf8.contains(Self.star), last.count > 1 { handles.append("c \(last)") }
        if firstInitial != "*", lastInitial != "*", words.count > 1 {
            handles.append("i \(firstInitial) \(lastInitial)")
        }
        return handles
    }

    private static let star: UInt8 = 0x2A
}
