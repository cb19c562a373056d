// SPDX-License-Identifier: Apache-2.0

/// The rules of a page about an element, a class or an id: `body`, `.preheader, td.x, #y { … }`.
///
/// Rules of other forms are passed over; where they are about colours, those of what they may be
/// about are not known any more. One that shows a class again in a narrow window, in print
/// (`@media`) or somewhere in the page (`.b .x`, `.x.y`) takes its hiding back: somebody sees it.
struct StyleSheet {
    /// Bytes of all `<style>` elements that are looked at; long ones have 30 KB.
    private static let bytesMax = 64 << 10
    /// Classes of one element that are looked at.
    private static let classesMax = 16

    private typealias Bytes = Slice<UnsafeBufferPointer<UInt8>>

    private var text: [UInt8] = []
    /// Of the sheet that is taken: its rules do not hold for everybody.
    private var isConditional = false
    /// By the key of an element, a class or an id, or of two of them; with the place of the last
    /// rule.
    private var rules: [UInt64: (place: Int, style: DeclaredStyle)] = [:]
    /// What rules of other forms leave open, by the key of what they are about.
    private var doubts: [UInt64: DeclaredStyle] = [:]
    private var doubtOfAll = DeclaredStyle()
    /// What such rules show again, by the same keys.
    private var shown: [UInt64: DeclaredStyle] = [:]

    /// Whether every element is as without a sheet.
    private(set) var isEmpty = true

    /// - Parameter media: of the element, nil when it names none.
    mutating func begin(media: StyleValue?) {
        isConditional = media.map { !Self.isForAll($0.bytes) } ?? false
    }

    mutating func take(_ piece: UnsafeBufferPointer<UInt8>) {
        let room = max(0, Self.bytesMax - text.count)
        if piece.count > room { lose() }
        text.append(contentsOf: piece.prefix(room))
    }

    /// There is a sheet, or a part of one, that cannot be read.
    mutating func lose() {
        doubtOfAll.add(.unknown)
        isEmpty = false
    }

    /// Reads what was taken. Before it nothing is hidden.
    mutating func read() {
        let text = withoutComments()
        text.withUnsafeBufferPointer { text in
            var start = 0
            var index = 0
            // Of blocks such as `@media` around the rule.
            var depth = isConditional ? 1 : 0
            while index < text.count {
                let byte = text[index]
                index += 1
                if byte == ASCII.semicolon {
                    if Self.isImport(text[start..<index]) { lose() }
                    start = index
                }
                if byte == 125 {
                    depth = max(isConditional ? 1 : 0, depth - 1)
                    start = index
                }
                guard byte == 123 else { continue }
                let selectors = text[start..<index - 1].drop { $0 <= ASCII.blank }
                if selectors.first == 64 {
                    // The end of what holds on every screen is one too many, and does nothing.
                    if depth > 0 || !Self.isForScreens(selectors) { depth += 1 }
                } else {
                    let end = text[index...].firstIndex(of: 125) ?? text.count
                    let rule = UnsafeBufferPointer(rebasing: text[index..<end])
                    add(rule, of: selectors, at: depth > 0 ? nil : start)
                    index = min(end + 1, text.count)
                }
                start = index
            }
        }
    }

    /// Adds a rule that stands at `place`, or one under a condition.
    private mutating func add(
        _ rule: UnsafeBufferPointer<UInt8>, of selectors: Bytes, at place: Int?
    ) {
        // Rules within rules.
        if rule.contains(123) { lose() }
        var style = DeclaredStyle()
        style.read(rule)
        if style.saysNothing { return }
        if !style.changesNothing { isEmpty = false }
        let showing = style.showing
        for selector in selectors.split(separator: 44) {
            let subject = Subject(selector)
            if let place, subject.isAll, let key = subject.key {
                rules[key, default: (0, DeclaredStyle())].style.add(style)
                rules[key]?.place = subject.rank << 32 | place
                continue
            }
            if let showing, let key = subject.key {
                shown[key, default: DeclaredStyle()].add(showing)
            }
            doubt(style, of: subject.key)
        }
    }

    /// Whether a list of media names all of them, or screens of any size.
    private static func isForAll(_ media: Bytes) -> Bool {
        let kinds = media.split(separator: 44).map { kind in
            kind.split { $0 <= ASCII.blank }.map { $0.map(ASCII.lower) }
                .drop { $0.elementsEqual("only".utf8) }
        }
        return kinds.isEmpty
            || kinds.contains { kind in
                kind.isEmpty
                    || kind.count == 1
                        && ["all", "screen"].contains {
                            kind.first?.elementsEqual($0.utf8) ?? false
                        }
            }
    }

    private static func isForScreens(_ rule: Bytes) -> Bool {
        let name = rule.prefix { $0 > ASCII.blank }
        return name.map(ASCII.lower).elementsEqual("@media".utf8)
            && isForAll(rule[name.endIndex...])
    }

    private static func isImport(_ text: Bytes) -> Bool {
        let text = text.drop { $0 <= ASCII.blank }
        return text.first == 64 && text.dropFirst().first.map(ASCII.lower) == 105
    }

    private mutating func doubt(_ style: DeclaredStyle, of key: UInt64?) {
        guard let doubt = style.doubt else { return }
        isEmpty = false
        if let key {
            doubts[key, default: DeclaredStyle()].add(doubt)
        } else {
            doubtOfAll.add(doubt)
        }
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

    // MARK: - Elements

    /// Adds what the rules about an element say together.
    func add(
        to style: inout DeclaredStyle, element: UnsafePointer<UInt8>,
        id: UnsafePointer<UInt8>?, classes: UnsafePointer<UInt8>?
    ) {
        let tag = Subject.hash(Self.bytes(element))
        var keys = [tag]
        if let id {
            keys.append(Subject.hash(Self.bytes(id), after: Subject.ofID))
            keys.append(Subject.hash(Self.bytes(id), after: Subject.ofID(within: tag)))
        }
        if let classes {
            let names = Self.bytes(classes)
            for name in names.split(
                maxSplits: Self.classesMax, whereSeparator: { $0 <= ASCII.blank })
            {
                keys.append(Subject.hash(name, after: Subject.ofClass))
                keys.append(Subject.hash(name, after: tag))
            }
        }
        let found = keys.compactMap { rules[$0] }.sorted { $0.place < $1.place }
        let ofClasses = found.firstIndex { $0.place >> 32 > 1 } ?? found.count
        for rule in found[..<ofClasses] { style.add(rule.style) }
        // What shows an element, a class hides all the same.
        shown[tag].map { style.show($0) }
        for rule in found[ofClasses...] { style.add(rule.style) }
        if !shown.isEmpty { for key in keys.dropFirst() { shown[key].map { style.show($0) } } }
        if !doubts.isEmpty { for key in keys { doubts[key].map { style.add($0) } } }
        style.add(doubtOfAll)
    }

    private static func bytes(_ text: UnsafePointer<UInt8>) -> Bytes {
        UnsafeBufferPointer(start: text, count: length(text))[...]
    }

    private static func length(_ text: UnsafePointer<UInt8>) -> Int {
        var length = 0
        while text[length] != 0, length < bytesMax { length += 1 }
        return length
    }
}
