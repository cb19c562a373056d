// SPDX-License-Identifier: Apache-2.0

/// The text of one rule file and its path below the rules folder: `garanti-bbva/rule.yaml`.
package struct RuleSource: Sendable {
    /// Which folder a file stands in. Local files come before those that ship.
    package enum Layer: Int, Comparable, Hashable, Sendable {
        /// The files that come with the program and change with it.
        case shipped
        /// The organizer's own files.
        case local

        package static func < (left: Layer, right: Layer) -> Bool {
            left.rawValue < right.rawValue
        }
    }

    /// Below its folder, with `/` between the parts.
    package let path: String
    /// The file's text.
    package let text: String
    /// The folder it stands in.
    package let layer: Layer
    /// Why its text is not known; nil when it is.
    let trouble: Wording?

    /// A file as it was read from its folder.
    package init(path: String, text: String, layer: Layer = .shipped) {
        self.path = path
        self.text = text
        self.layer = layer
        trouble = nil
    }

    /// A file that is there and cannot be read: what it said before stays in force.
    package init(path: String, layer: Layer, unreadable trouble: Wording) {
        self.path = path
        text = ""
        self.layer = layer
        self.trouble = trouble
    }

    /// Whether it holds parts that other files include: it stands in a folder called `common`.
    package var isFragment: Bool { path.hasPrefix("common/") || path.contains("/common/") }

    /// Whether it is a rule file that names this fragment, without parsing it.
    func includes(_ fragment: String) -> Bool { !isFragment && text.contains(fragment) }

    /// Whether it only adds to another file.
    package var isAddition: Bool { extendedID != nil }

    /// The id that the file extends, without parsing it: one too many only costs a second look.
    var extendedID: String? { stated("extends:") }

    /// The id that the file gives itself or extends, also when it is no YAML.
    var statedID: String? { extendedID ?? stated("id:") }

    /// Whether it stands at `path` or in the folder of it, as seen from the folder of each layer.
    func standsBeside(_ path: String) -> Bool {
        guard let slash = self.path.lastIndex(of: "/") else { return self.path == path }
        return path.lastIndex(of: "/").map { path[..<$0] } == self.path[..<slash]
    }

    /// Those that hold something, however they end; a mark of UTF-8 is none of their signs.
    var lines: [Substring] {
        text.drop { $0 == "\u{FEFF}" }.split(whereSeparator: \.isNewline)
    }

    private func stated(_ key: String) -> String? {
        guard let line = lines.first(where: { $0.hasPrefix(key) }) else { return nil }
        let around: Set<Character> = [" ", "'", "\""]
        let value = line.dropFirst(key.count).prefix { $0 != "#" }.filter { !around.contains($0) }
        return value.isEmpty ? nil : String(value)
    }
}

/// What is wrong with a rule file, where, and what to write instead.
package struct RuleProblem: Error, Hashable, Sendable, CustomStringConvertible {
    /// Of the file, below its folder.
    package let path: String
    /// The folder it stands in.
    package let layer: RuleSource.Layer
    /// From 1.
    package let line: Int
    /// From 1, counted in unicode scalars.
    package let column: Int
    /// One sentence: what is wrong, and what to write instead.
    package let message: Wording
    /// The word or part of a pattern that the message is about.
    package let offending: String?

    /// Line and column count from 1.
    package init(
        path: String, layer: RuleSource.Layer = .shipped, line: Int = 1, column: Int = 1,
        message: Wording, offending: String? = nil
    ) {
        self.path = path
        self.layer = layer
        self.line = line
        self.column = column
        self.message = message
        self.offending = offending
    }

    /// The same with the path as a person finds it: `/etc/mutabik/rules/garanti-bbva/rule.yaml`.
    package func below(_ folder: String) -> RuleProblem {
        RuleProblem(
            path: "\(folder)/\(path)", layer: layer, line: line, column: column, message: message,
            offending: offending)
    }

    /// `garanti-bbva/rule.yaml:12:5: the key fram is not known; did you mean frame?`
    package var description: String {
        "\(path):\(line):\(column): " + told(message.english, here: "here")
    }

    /// The same in Turkish: `garanti-bbva/rule.yaml:12:5: fram diye bir anahtar yok; …`.
    package var turkishDescription: String {
        "\(path):\(line):\(column): " + told(message.turkish, here: "burada")
    }

    /// The message with the offending text, where it does not hold that itself.
    private func told(_ message: String, here: String) -> String {
        guard let offending, !offending.isEmpty, !Self.holds(message, offending) else {
            return message
        }
        let line = offending.prefix { $0 != "\n" }
        let shown = line.prefix(Self.shownMax)
        return "\(message) – \(here): \(shown)\(shown == offending ? "" : "…")"
    }

    /// Whether a message names the text as a whole: `1250` is not in `1250.00 TRY`.
    private static func holds(_ message: String, _ offending: String) -> Bool {
        func isPart(_ sign: Character?) -> Bool {
            sign.map { $0.isLetter || $0.isNumber } ?? false
        }
        return message.ranges(of: offending).contains { range in
            let before = message[..<range.lowerBound].last
            let behind = message[range.upperBound...]
            let isNumber = offending.last?.isNumber ?? false
            let goesOn = isNumber && behind.first == "." && isPart(behind.dropFirst().first)
            return !(isPart(before) && isPart(offending.first)) && !goesOn
                && !(isPart(behind.first) && isPart(offending.last))
        }
    }

    /// Letters of the offending text in a message; a line of a rule file has fewer.
    private static let shownMax = 60
}

/// Gathers the problems of one file, so that an author sees them all at once.
final class Complaints {
    /// More than this nobody reads; most of them follow from the first.
    private static let problemsMax = 20

    let path: String
    private let layer: RuleSource.Layer
    private(set) var problems: [RuleProblem] = []
    /// What else is wrong follows from what was said already.
    var isClosed = false
    /// The file line by line, to find a place inside a block of text.
    private(set) lazy var lines = text.unicodeScalars.split(
        separator: "\n", omittingEmptySubsequences: false
    ).map(Array.init)
    private let text: String

    init(_ source: RuleSource) {
        path = source.path
        layer = source.layer
        text = source.text
    }

    func add(_ place: Place, _ message: Wording, offending: String? = nil) {
        guard !isClosed, problems.count < Self.problemsMax else { return }
        problems.append(
            RuleProblem(
                path: path, layer: layer, line: place.line, column: place.column,
                message: message, offending: offending ?? text(at: place)))
    }

    /// What stands at a place until the end of its line; nil at the start of the file, where
    /// problems of the whole file are reported.
    private func text(at place: Place) -> String? {
        guard place.line > 1 || place.column > 1, (1...lines.count).contains(place.line) else {
            return nil
        }
        let signs = lines[place.line - 1].dropFirst(place.column - 1)
        let rest = String(String.UnicodeScalarView(signs))
            .split(whereSeparator: \.isWhitespace)
        return rest.isEmpty ? nil : rest.joined(separator: " ")
    }
}

/// A place in a rule file, both from 1.
struct Place: Hashable, Sendable {
    var line: Int
    var column: Int
}
