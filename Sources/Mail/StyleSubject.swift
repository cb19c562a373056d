// SPDX-License-Identifier: Apache-2.0

extension StyleSheet {
    /// What the last part of a selector names: `td.x` of `.body > td.x:hover`.
    struct Subject {
        static let ofTag: UInt64 = 0xCBF2_9CE4_8422_2325
        static let ofClass = ofTag &* 7
        static let ofID = ofTag &* 13

        /// Of the class, else the id, else the element; nil when it may be any.
        private(set) var key: UInt64?
        /// The selector says nothing else: an element, a class or an id, or an element with one.
        private(set) var isAll = false
        /// An id counts more than a class, and that more than an element.
        private(set) var rank = 0

        init(_ selector: Slice<UnsafeBufferPointer<UInt8>>) {
            var whole = selector.drop { $0 <= ASCII.blank }
            while let last = whole.last, last <= ASCII.blank { whole.removeLast() }
            // A name with escaped signs is another one than it looks like.
            guard !whole.contains(92) else { return }
            let part = Self.lastPart(whole)
            let element = part.prefix(while: Self.isNameByte)
            var rest = part[element.endIndex...]
            let tag = Self.hash(element)
            guard let mark = rest.first, mark == 46 || mark == 35 else {
                guard !element.isEmpty else { return }
                key = tag
                isAll = rest.isEmpty && part.count == whole.count
                rank = 1
                return
            }
            rest.removeFirst()
            let name = rest.prefix(while: Self.isNameByte)
            guard !name.isEmpty else { return }
            isAll = name.count == rest.count && part.count == whole.count
            rank = (mark == 46 ? 2 : 4) + (element.isEmpty ? 0 : 1)
            let isWithElement = isAll && !element.isEmpty
            let start =
                mark == 35
                ? isWithElement ? Self.ofID(within: tag) : Self.ofID
                : isWithElement ? tag : Self.ofClass
            key = Self.hash(name, after: start)
        }

        static func ofID(within tag: UInt64) -> UInt64 { tag &* 13 }

        /// What stands behind the last blank, `>`, `+` or `~` that is not in brackets.
        private static func lastPart(
            _ selector: Slice<UnsafeBufferPointer<UInt8>>
        ) -> Slice<UnsafeBufferPointer<UInt8>> {
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
        static func hash(
            _ name: Slice<UnsafeBufferPointer<UInt8>>, after start: UInt64 = ofTag
        ) -> UInt64 {
            name.reduce(start &* 31) { ($0 ^ UInt64(ASCII.lower($1))) &* 0x100_0000_01B3 }
        }
    }
}
