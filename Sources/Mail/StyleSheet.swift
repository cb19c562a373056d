// SPDX-License-Identifier: Apache-2.0

/// The rules of a page about elements by their type, class and id, and by what they stand in:
/// `body`, `.preheader, td.x, #y > .z { … }`.
///
/// Rules with other selectors (`.x:hover`, `[a]`, `a + b`) are passed over; where they are about
/// colours, those of what they may be about are not known any more, and where they hide, nobody
/// knows whether it is seen. One that shows a class again in a narrow window or in print (`@media`)
/// takes its hiding back: somebody sees it.
struct StyleSheet {
    /// Bytes of all `<style>` elements that are looked at; long ones have 30 KB.
    private static let bytesMax = 64 << 10
    /// Comparisons of a part of a selector with an element of one page. A page of 500 KB with a
    /// hundred rules takes some 10,000; these take a tenth of a second.
    private static let stepsMax = 1_000_000

    typealias Bytes = Slice<UnsafeBufferPointer<UInt8>>

    private struct Rule {
        let selector: Selector
        /// By rank, then in the order of the page: the last one counts.
        var place: Int
        var style: DeclaredStyle
    }

    private var text: [UInt8] = []
    /// Of the sheet that is taken: its rules do not hold for everybody.
    private var isConditional = false
    private var rules: [Rule] = []
    /// `Selector.outer` of each.
    private var outers: [Shade] = []
    /// Where the rule of a selector is; two of one are joined.
    private var places: [Selector: Int] = [:]
    /// The rules by the key of their selectors, and those that may be about any element.
    private var rulesByKey: [UInt64: [Int]] = [:]
    private var rulesOfAll: [Int] = []
    private var steps = stepsMax
    /// What rules of other forms leave open, by the key of what they are about.
    private var doubts: [UInt64: DeclaredStyle] = [:]
    private var doubtOfAll = DeclaredStyle()
    /// What rules of other forms may hide.
    private var perhapsHidden: Set<UInt64> = []
    private var allIsPerhapsHidden = false
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
            if let place, let selector = Selector(selector) {
                add(style, of: selector, at: place)
                continue
            }
            let key = Selector.subject(of: selector)
            if let showing, let key { shown[key, default: DeclaredStyle()].add(showing) }
            doubt(style, of: key)
            if place != nil, style.hidesSomething {
                isEmpty = false
                if let key { perhapsHidden.insert(key) } else { allIsPerhapsHidden = true }
            }
        }
    }

    private mutating func add(_ style: DeclaredStyle, of selector: Selector, at place: Int) {
        let place = selector.rank << 32 | place
        if let index = places[selector] {
            rules[index].style.add(style)
            rules[index].place = place
            return
        }
        places[selector] = rules.count
        if let key = selector.key {
            rulesByKey[key, default: []].append(rules.count)
        } else {
            rulesOfAll.append(rules.count)
        }
        outers.append(selector.outer)
        rules.append(Rule(selector: selector, place: place, style: style))
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

    /// Adds what the rules about the innermost element say together.
    mutating func add(to style: inout DeclaredStyle, in path: Path) {
        let (names, around) = (path.own, path.around)
        var found: [Rule] = []
        func find(_ indices: [Int]) {
            // Most rules are about what is elsewhere.
            for index in indices
            where around & outers[index] == outers[index]
                && rules[index].selector.names(path, steps: &steps)
            {
                found.append(rules[index])
            }
        }
        for name in names { rulesByKey[name].map(find) }
        find(rulesOfAll)
        if steps < 0 {
            // From here on nobody knows which rules hold.
            steps = 0
            lose()
            allIsPerhapsHidden = true
        }
        found.sort { $0.place < $1.place }
        let ofClasses = found.firstIndex { $0.place >> 40 > 0 } ?? found.count
        for rule in found[..<ofClasses] { style.add(rule.style) }
        // What shows an element, a class hides all the same.
        if !shown.isEmpty { names.first.flatMap { shown[$0] }.map { style.show($0) } }
        for rule in found[ofClasses...] { style.add(rule.style) }
        if !shown.isEmpty {
            for name in names.dropFirst() { shown[name].map { style.show($0) } }
        }
        if !doubts.isEmpty { for name in names { doubts[name].map { style.add($0) } } }
        style.add(doubtOfAll)
    }

    /// Whether a rule that was not understood may hide the innermost element.
    func perhapsHides(_ path: Path) -> Bool {
        allIsPerhapsHidden || !perhapsHidden.isEmpty && !perhapsHidden.isDisjoint(with: path.own)
    }

    static func bytes(_ text: UnsafePointer<UInt8>) -> Bytes {
        var length = 0
        while text[length] != 0, length < bytesMax { length += 1 }
        return UnsafeBufferPointer(start: text, count: length)[...]
    }
}
