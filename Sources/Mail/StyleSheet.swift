// SPDX-License-Identifier: Apache-2.0

/// The rules of a page that hide what is of a class: `.preheader, td.x { display: none }`.
///
/// Rules of other forms are passed over. One that shows the class again in a narrow window or in
/// print (`@media`) takes its hiding back: somebody sees it.
struct StyleSheet {
    /// Bytes of all `<style>` elements that are looked at; long ones have 30 KB.
    private static let bytesMax = 64 << 10
    /// Classes of one element that are looked at.
    private static let classesMax = 16

    private var text: [UInt8] = []
    /// By `hash` of element and class; with the place of the last rule.
    private var classes: [UInt64: (place: Int, style: DeclaredStyle)] = [:]

    /// Whether nothing is hidden by its class.
    private(set) var isEmpty = true

    mutating func take(_ piece: UnsafeBufferPointer<UInt8>) {
        text.append(contentsOf: piece.prefix(max(0, Self.bytesMax - text.count)))
    }

    /// Reads what was taken. Before it nothing is hidden.
    mutating func read() {
        let text = withoutComments()
        text.withUnsafeBufferPointer { text in
            var shown: [(UInt64, DeclaredStyle)] = []
            var start = 0
            var index = 0
            // Of blocks such as `@media` around the rule.
            var depth = 0
            while index < text.count {
                let byte = text[index]
                index += 1
                if byte == ASCII.semicolon { start = index }
                if byte == 125 {
                    depth = max(0, depth - 1)
                    start = index
                }
                guard byte == 123 else { continue }
                let selectors = text[start..<index - 1].drop { $0 <= ASCII.blank }
                if selectors.first == 64 {
                    depth += 1
                } else {
                    let end = text[index...].firstIndex(of: 125) ?? text.count
                    var style = DeclaredStyle()
                    style.read(UnsafeBufferPointer(rebasing: text[index..<end]))
                    for key in style.saysNothing ? [] : Self.keys(selectors) {
                        if depth > 0 {
                            shown.append((key, style))
                        } else {
                            add(style, to: key, start)
                        }
                    }
                    index = min(end + 1, text.count)
                }
                start = index
            }
            for (key, style) in shown { classes[key]?.style.show(style) }
        }
        isEmpty = classes.values.allSatisfy(\.style.hidesNothing)
    }

    /// A comment is a blank; the marks of old browsers around the whole are none.
    private mutating func withoutComments() -> [UInt8] {
        defer { text = [] }
        guard text.contains(47) || text.contains(60) else { return text }
        return text.withUnsafeBufferPointer { text in
            var out: [UInt8] = []
            out.reserveCapacity(text.count)
            var index = 0
            while index < text.count {
                let byte = text[index]
                // `/*`, `<!--` and `-->` are all that begin with these.
                if byte == 47 || byte == 60 || byte == 45 {
                    let rest = text[index...]
                    if rest.starts(with: Self.commentStart) {
                        index = DeclaredStyle.endOfComment(text, from: index + 2)
                        out.append(ASCII.blank)
                        continue
                    }
                    if let mark = Self.marks.first(where: { rest.starts(with: $0) }) {
                        index += mark.count
                        continue
                    }
                }
                out.append(byte)
                index += 1
            }
            return out
        }
    }

    private static let commentStart = Array("/*".utf8)
    private static let marks = ["<!--", "-->"].map { Array($0.utf8) }

    private mutating func add(_ style: DeclaredStyle, to key: UInt64, _ place: Int) {
        classes[key, default: (place, DeclaredStyle())].style.add(style)
        classes[key]?.place = place
    }

    /// What the classes of an element say together.
    func style(of element: UnsafePointer<UInt8>, _ names: UnsafePointer<UInt8>) -> DeclaredStyle {
        var found: [(place: Int, style: DeclaredStyle)] = []
        let tag = Self.hash(UnsafeBufferPointer(start: element, count: Self.length(element))[...])
        let all = UnsafeBufferPointer(start: names, count: Self.length(names))
        for name in all.split(maxSplits: Self.classesMax, whereSeparator: { $0 <= ASCII.blank }) {
            for start in [Self.none, tag] {
                if let rule = classes[Self.hash(name, after: start)] { found.append(rule) }
            }
        }
        return found.sorted { $0.place < $1.place }.reduce(into: DeclaredStyle()) {
            $0.add($1.style)
        }
    }

    // MARK: - Selectors

    /// The keys of those that are a class, with or without an element.
    private static func keys(_ selectors: Slice<UnsafeBufferPointer<UInt8>>) -> [UInt64] {
        selectors.split(separator: 44).compactMap { selector in
            var selector = selector.drop { $0 <= ASCII.blank }
            while let last = selector.last, last <= ASCII.blank { selector.removeLast() }
            let parts = selector.split(separator: 46, omittingEmptySubsequences: false)
            guard parts.count == 2, !parts[1].isEmpty,
                parts.allSatisfy({ $0.allSatisfy(isNameByte) })
            else { return nil }
            return hash(parts[1], after: parts[0].isEmpty ? none : hash(parts[0]))
        }
    }

    private static func isNameByte(_ byte: UInt8) -> Bool {
        ASCII.lower(byte) &- 97 < 26 || byte &- 48 < 10 || byte == 45 || byte == 95 || byte >= 128
    }

    private static func length(_ text: UnsafePointer<UInt8>) -> Int {
        var length = 0
        while text[length] != 0, length < bytesMax { length += 1 }
        return length
    }

    private static let none: UInt64 = 0xCBF2_9CE4_8422_2325

    /// FNV-1a. Who makes two names meet hides text of his own.
    private static func hash(
        _ name: Slice<UnsafeBufferPointer<UInt8>>, after start: UInt64 = none
    ) -> UInt64 {
        name.reduce(start &* 31) { ($0 ^ UInt64(ASCII.lower($1))) &* 0x100_0000_01B3 }
    }
}
