// SPDX-License-Identifier: Apache-2.0

import Domain
import Yams

/// A node of a rule file that complains with its place when it is not what is wanted.
struct RuleNode {
    let node: Node
    let complaints: Complaints

    var place: Place {
        Place(line: node.mark?.line ?? 1, column: node.mark?.column ?? 1)
    }

    func complain(_ message: String, offending: String? = nil) {
        complaints.add(place, message, offending: offending)
    }

    /// False, with a complaint, when the node bears an anchor or is an alias.
    private var isPlain: Bool {
        if node.anchor == nil, case .alias = node { return false }
        guard node.anchor != nil else { return true }
        complain("anchors and aliases (& and *) are not used here; write the text out")
        return false
    }

    /// The entries of a mapping, unknown keys complained about. Nil when it is not a mapping.
    func mapping(_ keys: [String], of what: String) -> [String: RuleNode]? {
        guard isPlain else { return nil }
        guard case .mapping(let mapping) = node else {
            complain(
                "\(what) is a list of key: value lines; keys are \(keys.joined(separator: ", "))")
            return nil
        }
        var entries: [String: RuleNode] = [:]
        for (key, value) in mapping {
            let keyNode = RuleNode(node: key, complaints: complaints)
            guard keyNode.isPlain, case .scalar(let scalar) = key else { continue }
            guard keys.contains(scalar.string) else {
                keyNode.complain(
                    "the key \(scalar.string) is not known in \(what); "
                        + Self.advice(scalar.string, keys), offending: scalar.string)
                continue
            }
            entries[scalar.string] = RuleNode(node: value, complaints: complaints)
        }
        return entries
    }

    /// The entries of a mapping in their order, whatever their keys are.
    func pairs() -> [(key: String, value: RuleNode)] {
        guard isPlain, case .mapping(let mapping) = node else { return [] }
        return mapping.compactMap { pair in
            guard case .scalar(let key) = pair.key else { return nil }
            return (key.string, RuleNode(node: pair.value, complaints: complaints))
        }
    }

    /// The elements of a list. Nil, with a complaint, when it is none.
    func list(of what: String) -> [RuleNode]? {
        guard isPlain else { return nil }
        guard case .sequence(let sequence) = node else {
            complain("\(what) is a list; begin each entry with - and a blank")
            return nil
        }
        return sequence.map { RuleNode(node: $0, complaints: complaints) }
    }

    /// The elements of a list, or the node itself when it stands alone.
    func oneOrMore() -> [RuleNode] {
        guard isPlain else { return [] }
        guard case .sequence(let sequence) = node else { return [self] }
        return sequence.map { RuleNode(node: $0, complaints: complaints) }
    }

    var isMapping: Bool {
        if case .mapping = node { return true }
        return false
    }

    var isSequence: Bool {
        if case .sequence = node { return true }
        return false
    }

    /// The text of a scalar, not empty. Nil with a complaint otherwise.
    func text(_ what: String) -> String? {
        guard isPlain else { return nil }
        guard case .scalar(let scalar) = node, !scalar.string.isEmpty else {
            complain("\(what) is missing; write a text")
            return nil
        }
        return scalar.string
    }

    /// One of the listed words.
    func word<Word: RawRepresentable & CaseIterable>(
        _ what: String, as type: Word.Type
    ) -> Word? where Word.RawValue == String {
        guard let text = text(what) else { return nil }
        if let word = Word(rawValue: text) { return word }
        let words = Word.allCases.map(\.rawValue)
        complain(
            "\(text) is not known as \(what); " + Self.advice(text, words), offending: text)
        return nil
    }

    func flag(_ what: String) -> Bool? {
        switch text(what) {
        case "true"?: return true
        case "false"?: return false
        case let other?:
            complain("\(what) is true or false", offending: other)
            return nil
        case nil: return nil
        }
    }

    /// A pattern, compiled once per distinct text.
    func pattern(_ shelf: PatternShelf) -> Pattern? {
        guard isPlain, let text = text("a pattern"), case .scalar(let scalar) = node else {
            return nil
        }
        guard scalar.style == .singleQuoted || scalar.style == .literal else {
            complain(
                "a pattern stands in single quotes or in a | block, so that YAML leaves it alone")
            return nil
        }
        let pattern =
            scalar.style == .literal && text.hasSuffix("\n") ? String(text.dropLast()) : text
        do throws(PatternError) {
            return try shelf.pattern(try PatternSource.rewrite(pattern))
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
    static func advice(_ word: String, _ words: [String]) -> String {
        let near = words.map { ($0, distance(word, $0)) }.min { $0.1 < $1.1 }
        if let near, near.1 <= 2 { return "did you mean \(near.0)?" }
        return "write one of \(words.joined(separator: ", "))"
    }

    private static func distance(_ first: String, _ second: String) -> Int {
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
final class PatternShelf {
    private var patterns: [String: Pattern] = [:]

    func pattern(_ text: String) throws(PatternError) -> Pattern {
        if let known = patterns[text] { return known }
        let made = try Pattern(text)
        patterns[text] = made
        return made
    }
}
