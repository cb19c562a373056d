// SPDX-License-Identifier: Apache-2.0

extension StyleSheet {
    /// A set of names in which one may be that was not put in, and none that was is missed.
    typealias Shade = SIMD4<UInt64>

    private static func shade(of name: UInt64) -> Shade {
        var shade = Shade()
        shade[Int(name >> 62)] = 1 << (name >> 56 & 63)
        return shade
    }

    /// The elements that are open, by what selectors name of them: their types, ids and classes, a
    /// number each.
    struct Path {
        /// Classes of one element that are looked at.
        private static let classesMax = 16

        /// Of all of them, one element behind the other.
        private var names: [UInt64] = []
        private var starts: [Int] = []
        /// Of each element with all that it stands in.
        private var shades: [Shade] = []

        var count: Int { starts.count }
        /// The names of the innermost element, its type first.
        var own: ArraySlice<UInt64> { names[(starts.last ?? names.count)...] }
        /// The names of what the innermost element stands in.
        var around: Shade { count > 1 ? shades[count - 2] : Shade() }

        mutating func enter(_ type: Bytes, id: Bytes?, classes: Bytes?) {
            starts.append(names.count)
            names.append(Selector.hash(type, after: Selector.ofType))
            if let id { names.append(Selector.hash(id, after: Selector.ofID)) }
            for name in classes?.split(
                maxSplits: Self.classesMax, whereSeparator: { $0 <= ASCII.blank }) ?? []
            {
                names.append(Selector.hash(name, after: Selector.ofClass))
            }
            shades.append(own.reduce(into: shades.last ?? Shade()) { $0 |= shade(of: $1) })
        }

        mutating func leave() {
            guard let start = starts.popLast() else { return }
            names.removeSubrange(start...)
            shades.removeLast()
        }

        /// - Parameter index: of an open element, the outermost is 0.
        func has(_ wanted: [UInt64], at index: Int) -> Bool {
            let end = index + 1 < count ? starts[index + 1] : names.count
            return wanted.allSatisfy { names[starts[index]..<end].contains($0) }
        }
    }

    /// Which elements a rule is about: types, classes and ids, together (`td.x`), within one
    /// another (`.a .b`) and directly so (`.a > .b`). Source: W3C Selectors Level 3, §6, §8, §9.
    struct Selector: Hashable {
        /// Elements within one another; longer ones are not read.
        private static let partsMax = 8
        /// Names of one of them; each is looked for among all of an element's.
        private static let namesMax = 8

        struct Part: Hashable {
            /// Names that an element must have; none for `*`.
            var names: [UInt64]
            /// The part outside of it is about the parent, not about any ancestor.
            var isChild: Bool
        }

        /// From the element outwards.
        let parts: [Part]
        /// The names of the parts behind the first.
        let outer: Shade
        /// Ids count more than classes, and those more than types.
        let rank: Int

        /// The rarest name of the element; nil when it may be any.
        var key: UInt64? { parts[0].names.last }
        /// Whether an element with `key` is one in any case.
        var isPlain: Bool { parts.count == 1 && parts[0].names.count < 2 }

        /// Nil for selectors of other forms: attributes, states, neighbours, escaped signs.
        init?(_ text: Bytes) {
            var parts: [Part] = []
            var names: [UInt64]?
            // Between two parts: a blank, and perhaps a `>`.
            var (isApart, isChild) = (false, false)
            var rank = 0
            var rest = text
            while let byte = rest.first {
                if byte <= ASCII.blank || byte == 62 {
                    if byte == 62, names == nil || isChild { return nil }
                    (isApart, isChild) = (names != nil, isChild || byte == 62)
                    rest.removeFirst()
                    continue
                }
                if isApart, let done = names {
                    // What stands before `>` is the parent of what stands behind it.
                    parts.append(Part(names: done, isChild: isChild))
                    (names, isApart, isChild) = (nil, false, false)
                }
                let isMarked = byte == 46 || byte == 35
                if isMarked || byte == 42 { rest.removeFirst() }
                guard isMarked || names == nil else { return nil }
                if byte == 42 {
                    names = []
                    continue
                }
                let name = rest.prefix(while: Self.isNameByte)
                guard !name.isEmpty else { return nil }
                rest = rest[name.endIndex...]
                let kind = byte == 46 ? Self.ofClass : byte == 35 ? Self.ofID : Self.ofType
                guard names.map({ $0.count < Self.namesMax }) ?? true else { return nil }
                names = (names ?? []) + [Self.hash(name, after: kind)]
                rank += byte == 46 ? 1 << 8 : byte == 35 ? 1 << 16 : 1
            }
            guard let names, !isChild, parts.count < Self.partsMax else { return nil }
            parts.append(Part(names: names, isChild: false))
            // The combinator belongs to the inner part of the two.
            for index in parts.indices.dropFirst().reversed() {
                parts[index].isChild = parts[index - 1].isChild
            }
            parts[0].isChild = false
            self.parts = parts.reversed()
            self.rank = rank
            outer = parts.dropLast().flatMap(\.names)
                .reduce(into: Shade()) { $0 |= StyleSheet.shade(of: $1) }
        }

        /// Whether it is about the innermost element.
        ///
        /// - Parameter steps: how many comparisons are left; without any, it is not.
        func names(_ path: Path, steps: inout Int) -> Bool {
            if isPlain { return true }
            steps -= 1
            return steps >= 0 && path.has(parts[0].names, at: path.count - 1)
                && fits(1, path, within: path.count - 1, steps: &steps)
        }

        private func fits(_ part: Int, _ path: Path, within end: Int, steps: inout Int) -> Bool {
            guard part < parts.count else { return true }
            for index in (0..<end).reversed() where steps > 0 {
                steps -= 1
                if path.has(parts[part].names, at: index),
                    fits(part + 1, path, within: index, steps: &steps)
                {
                    return true
                }
                if parts[part - 1].isChild { return false }
            }
            return false
        }

        // MARK: - Names

        static let ofType: UInt64 = 0xCBF2_9CE4_8422_2325
        static let ofClass = ofType &* 7
        static let ofID = ofType &* 13

        /// Of a selector of any form: what its last part, `td.x:hover` of `.body > td.x:hover`, is
        /// about for certain; nil when it may be anything.
        static func subject(of selector: Bytes) -> UInt64? {
            var whole = selector
            while let last = whole.last, last <= ASCII.blank { whole.removeLast() }
            // A name with escaped signs is another one than it looks like.
            guard !whole.contains(92) else { return nil }
            let part = lastPart(whole)
            let type = part.prefix(while: isNameByte)
            let rest = part[type.endIndex...]
            if let mark = rest.first, mark == 46 || mark == 35 {
                let name = rest.dropFirst().prefix(while: isNameByte)
                return name.isEmpty ? nil : hash(name, after: mark == 46 ? ofClass : ofID)
            }
            return type.isEmpty ? nil : hash(type, after: ofType)
        }

        /// What stands behind the last blank, `>`, `+` or `~` that is not in brackets.
        private static func lastPart(_ selector: Bytes) -> Bytes {
            var depth = 0
            for index in selector.indices.reversed() {
                switch selector[index] {
                case 41, 93: depth += 1
                case 40, 91: depth -= 1
                case 0...32, 43, 62, 126:
                    if depth == 0 { return selector[(index + 1)...] }
                default: break
                }
            }
            return selector
        }

        private static func isNameByte(_ byte: UInt8) -> Bool {
            ASCII.lower(byte) &- 97 < 26 || byte &- 48 < 10 || byte == 45 || byte == 95
                || byte >= 128
        }

        /// FNV-1a. Who makes two names meet hides text of his own.
        static func hash(_ name: Bytes, after start: UInt64) -> UInt64 {
            name.reduce(start &* 31) { ($0 ^ UInt64(ASCII.lower($1))) &* 0x100_0000_01B3 }
        }
    }
}
