// SPDX-License-Identifier: Apache-2.0

import Domain
import Synchronization
import Yams

/// A node of a rule file that complains with its place when it is not what is wanted.
struct RuleNode {
    let node: Node
    let complaints: Complaints
    /// Where its key stands, for the value of one.
    var key: Place?
    /// It stands in a list, or alone where one may stand.
    var standsInList = false

    var place: Place {
        Place(line: node.mark?.line ?? 1, column: node.mark?.column ?? 1)
    }

    /// Where a person looks for it: its key, else itself.
    var home: Place { key ?? place }

    func complain(_ english: String, _ turkish: String, offending: String? = nil) {
        complaints.add(place, Wording(english, turkish), offending: offending)
    }

    /// False, with a complaint, when the node bears an anchor or is an alias.
    var isPlain: Bool {
        if node.anchor == nil, case .alias = node { return false }
        guard node.anchor != nil else { return true }
        complaints.add(place, Self.noAnchors)
        return false
    }

    static let noAnchors = Wording(
        "anchors and aliases (& and *) are not used here; write the text out",
        "burada çapa ve takma ad (& ve *) kullanılmaz; metni açıkça yazın")

    /// The entries of a mapping; unknown and missing keys are complained about. Nil when it is not
    /// a mapping.
    func mapping(_ section: RuleFormat.Section) -> [String: RuleNode]? {
        guard isPlain else { return nil }
        guard case .mapping(let mapping) = node else {
            let keys = section.names.joined(separator: ", ")
            complain(
                "\(section.name.english) is a list of key: value lines; keys are \(keys)",
                "\(section.name.turkish) anahtar: değer satırlarından oluşur; anahtarlar: \(keys)")
            return nil
        }
        var entries: [String: RuleNode] = [:]
        for (key, value) in mapping {
            let keyNode = RuleNode(node: key, complaints: complaints)
            guard keyNode.isPlain, case .scalar(let scalar) = key else { continue }
            guard section.names.contains(scalar.string) else {
                keyNode.complainUnknown(scalar.string, in: section)
                continue
            }
            entries[scalar.string] = RuleNode(
                node: value, complaints: complaints, key: keyNode.place)
        }
        for key in section.keys where key.isRequired && entries[key.name] == nil {
            complain(
                "the key \(key.name) is missing in \(section.name.english); add \(key.name):",
                "\(section.name.turkish) içinde \(key.name) anahtarı eksik; \(key.name): ekleyin",
                offending: key.name)
        }
        return entries
    }

    private func complainUnknown(_ key: String, in section: RuleFormat.Section) {
        if let wording = section.misplaced[key] {
            complaints.add(place, wording, offending: key)
            return
        }
        let advice = Self.advice(key, section.names)
        complain(
            "the key \(key) is not known in \(section.name.english); " + advice.english,
            "\(section.name.turkish) içinde \(key) diye bir anahtar yok; " + advice.turkish,
            offending: key)
    }

    /// The entries of a mapping in their order, whatever their keys are.
    func pairs() -> [(key: String, value: RuleNode)] {
        guard isPlain, case .mapping(let mapping) = node else { return [] }
        return mapping.compactMap { pair in
            guard case .scalar(let key) = pair.key else { return nil }
            let place = RuleNode(node: pair.key, complaints: complaints).place
            return (key.string, RuleNode(node: pair.value, complaints: complaints, key: place))
        }
    }

    /// The elements of a list. Nil, with a complaint, when it is none.
    func list(of what: String) -> [RuleNode]? {
        guard isPlain else { return nil }
        guard case .sequence(let sequence) = node else {
            complain(
                "\(what) is a list; begin each entry with - and a blank",
                "\(what) bir listedir; her öğeye - ve bir boşlukla başlayın")
            return nil
        }
        return sequence.map { RuleNode(node: $0, complaints: complaints) }
    }

    /// The elements of a list, or the node itself when it stands alone.
    func oneOrMore() -> [RuleNode] {
        guard isPlain else { return [] }
        guard case .sequence(let sequence) = node else {
            return [RuleNode(node: node, complaints: complaints, standsInList: true)]
        }
        return sequence.map {
            RuleNode(node: $0, complaints: complaints, standsInList: true)
        }
    }

    /// The text of a scalar, nil for anything else and without a complaint.
    var scalar: String? {
        if case .scalar(let scalar) = node { return scalar.string }
        return nil
    }

    var isMapping: Bool {
        if case .mapping = node { return true }
        return false
    }

    /// One of the listed words.
    func word<Word: RawRepresentable & CaseIterable>(
        _ what: String, as type: Word.Type
    ) -> Word? where Word.RawValue == String {
        guard let text = text(what) else { return nil }
        if let word = Word(rawValue: text) { return word }
        let advice = Self.advice(text, Word.allCases.map(\.rawValue))
        complain(
            "\(text) is not known as \(what); " + advice.english,
            "\(what) için \(text) diye bir değer yok; " + advice.turkish, offending: text)
        return nil
    }

    func flag(_ what: String) -> Bool? {
        switch text(what) {
        case "true"?: return true
        case "false"?: return false
        case let other?:
            complain(
                "\(what) is true or false", "\(what) ya true ya false olur", offending: other)
            return nil
        case nil: return nil
        }
    }

    /// A whole number of `range`.
    func number(_ what: String, in range: ClosedRange<Int>) -> Int? {
        guard let text = text(what) else { return nil }
        if let number = Int(text), range.contains(number) { return number }
        complain(
            "\(what) is a whole number from \(range.lowerBound) to \(range.upperBound)",
            "\(what), \(range.lowerBound) ile \(range.upperBound) arasında bir tam sayıdır",
            offending: text)
        return nil
    }

    /// A pattern, compiled once per distinct text.
    func pattern(_ shelf: PatternShelf) -> Pattern? {
        guard let text = prose("a pattern", "desen"), case .scalar(let scalar) = node else {
            return nil
        }
        guard scalar.style == .singleQuoted || scalar.style == .literal else {
            guard !isInCurlyQuotes(text) else { return nil }
            complain(
                "a pattern stands in single quotes or in a | block, so that YAML leaves it alone",
                "desen tek tırnak içinde ya da | bloğunda yazılır ki YAML ona dokunmasın")
            return nil
        }
        let pattern =
            scalar.style == .literal && text.hasSuffix("\n") ? String(text.dropLast()) : text
        do throws(PatternError) {
            return try shelf.pattern(try PatternSource.rewrite(pattern), written: pattern)
        } catch {
            let offset =
                error.offset ?? error.offending.flatMap { Self.offset(of: $0, in: pattern) }
            complaints.add(
                placeInside(scalar, offset: offset), error.message, offending: error.offending)
            return nil
        }
    }

    /// Where the `offset`-th sign of a scalar stands in the file.
    private func placeInside(_ scalar: Node.Scalar, offset: Int?) -> Place {
        guard let offset else { return place }
        let before = Array(scalar.string.unicodeScalars.prefix(offset))
        if scalar.style == .literal {
            let line = place.line + 1 + before.count { $0 == "\n" }
            guard line <= complaints.lines.count else { return place }
            let indent = complaints.lines[place.line].prefix { $0 == " " }.count
            let column = before.count - (before.lastIndex(of: "\n").map { $0 + 1 } ?? 0)
            return Place(line: line, column: indent + column + 1)
        }
        let quotes = before.count { $0 == "'" }
        let column = place.column + 1 + offset + quotes
        guard place.line <= complaints.lines.count,
            column <= complaints.lines[place.line - 1].count
        else { return place }
        return Place(line: place.line, column: column)
    }

    /// RE2 names the fragment of the folded pattern; it is searched in the one of the file.
    private static func offset(of fragment: String, in pattern: String) -> Int? {
        let part = Array(fragment.unicodeScalars)
        let whole = Array(pattern.unicodeScalars)
        guard !part.isEmpty, part.count <= whole.count else { return nil }
        func folded(_ scalar: Unicode.Scalar) -> Unicode.Scalar {
            if case .letter(let byte) = scalar.turkishFold { return Unicode.Scalar(byte) }
            return scalar
        }
        return (0...(whole.count - part.count)).first { start in
            part.indices.allSatisfy { folded(whole[start + $0]) == folded(part[$0]) }
        }
    }

    /// `did you mean frame?` for a near miss, else the words there are.
    static func advice(_ word: String, _ words: [String]) -> Wording {
        let word = word.lowercased()
        let near = words.map { ($0, distance(word, $0.lowercased())) }.min { $0.1 < $1.1 }
        if let near, near.1 <= 2, near.1 < near.0.utf8.count {
            return Wording(
                "did you mean \(near.0)?", "şunu mu demek istediniz: \(near.0)?")
        }
        let list = words.joined(separator: ", ")
        return Wording("write one of \(list)", "şunlardan birini yazın: \(list)")
    }

    /// Signs that differ between two words, of the first forty.
    static func distance(_ first: String, _ second: String) -> Int {
        let (one, two) = (Array(first.utf8.prefix(40)), Array(second.utf8.prefix(40)))
        var row = Array(0...two.count)
        for (line, byte) in one.enumerated() {
            var diagonal = row[0]
            row[0] = line + 1
            for (column, other) in two.enumerated() {
                let cost = min(
                    diagonal + (byte == other ? 0 : 1), row[column] + 1, row[column + 1] + 1)
                diagonal = row[column + 1]
                row[column + 1] = cost
            }
        }
        return row[two.count]
    }
}

/// Keeps each distinct pattern once, over all files of one compilation.
final class PatternShelf: Sendable {
    private let patterns = Mutex<[String: Pattern]>([:])

    func pattern(_ text: String, written: String) throws(PatternError) -> Pattern {
        if let known = patterns.withLock({ $0[text] }) { return known }
        // Not under the lock: two threads may make the same pattern, and the first one stays.
        let made = try Pattern(text, written: written)
        return patterns.withLock { shelf in
            let kept = shelf[text] ?? made
            shelf[text] = kept
            return kept
        }
    }
}
