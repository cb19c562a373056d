// SPDX-License-Identifier: Apache-2.0

extension StyleSheet {
    /// What selectors name of an element: its type, its id and its classes, a number each.
    struct Element {
        /// Classes that are looked at.
        private static let classesMax = 16

        private(set) var names: [UInt64] = []

        init() {}

        init(_ type: Bytes, id: Bytes?, classes: Bytes?) {
            names.append(Selector.hash(type, after: Selector.ofType))
            if let id { names.append(Selector.hash(id, after: Selector.ofID)) }
            for name in classes?.split(
                maxSplits: Self.classesMax, whereSeparator: { $0 <= ASCII.blank }) ?? []
            {
                names.append(Selector.hash(name, after: Selector.ofClass))
            }
        }
    }

    /// Which elements a rule is about: types, classes and ids, together (`td.x`), within one
    /// another (`.a .b`) and directly so (`.a > .b`). Source: W3C Selectors Level 3, §6, §8, §9.
    struct Selector: Hashable {
        /// Elements within one another; longer ones are not read.
        private static let partsMax = 8

        struct Part: Hashable {
            /// Names that an element must have; none for `*`.
            var names: [UInt64]
            /// The part outside of it is about the parent, not about any ancestor.
            var isChild: Bool
        }

        /// From the element outwards.
        let parts: [Part]
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
        }

        /// - Parameters:
        ///   - around: what the element stands in, the outermost first.
        ///   - steps: how many comparisons are left; without any, nothing is one.
        func names(
            _ element: Element, in around: some RandomAccessCollection<Element>, steps: inout Int
        ) -> Bool {
            if isPlain { return true }
            steps -= 1
            return steps >= 0 && fits(parts[0], element)
                && fits(1, around, steps: &steps)
        }

        private func fits(
            _ part: Int, _ around: some RandomAccessCollection<Element>, steps: inout Int
        ) -> Bool {
            guard part < parts.count else { return true }
            var around = around[...]
            while let element = around.popLast(), steps > 0 {
                steps -= 1
                if fits(parts[part], element), fits(part + 1, around, steps: &steps) { return true }
                if parts[part - 1].isChild { return false }
            }
            return false
        }

        private func fits(_ part: Part, _ element: Element) -> Bool {
            part.names.allSatisfy { element.names.contains($0) }
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
