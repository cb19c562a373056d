// SPDX-License-Identifier: Apache-2.0

/// The text of one rule file and its path below the rules folder: `garanti-bbva/rule.yaml`.
package struct RuleSource: Sendable {
    package let path: String
    package let text: String

    package init(path: String, text: String) {
        self.path = path
        self.text = text
    }
}

/// What is wrong with a rule file, where, and what to write instead.
package struct RuleProblem: Error, Hashable, Sendable, CustomStringConvertible {
    package let path: String
    /// From 1.
    package let line: Int
    /// From 1, counted in unicode scalars.
    package let column: Int
    /// One English sentence.
    package let message: String
    /// The word or part of a pattern that the message is about.
    package let offending: String?

    package init(
        path: String, line: Int, column: Int, message: String, offending: String? = nil
    ) {
        self.path = path
        self.line = line
        self.column = column
        self.message = message
        self.offending = offending
    }

    /// `garanti-bbva/rule.yaml:12:5: the key fram is not known; did you mean frame?`
    package var description: String { "\(path):\(line):\(column): \(message)" }
}

/// Gathers the problems of one file, so that an author sees them all at once.
final class Complaints {
    /// More than this nobody reads; most of them follow from the first.
    private static let problemsMax = 20

    let path: String
    private(set) var problems: [RuleProblem] = []
    /// The file line by line, to find a place inside a block of text.
    let lines: [[Unicode.Scalar]]

    init(_ source: RuleSource) {
        path = source.path
        lines = source.text.unicodeScalars.split(
            separator: "\n", omittingEmptySubsequences: false
        ).map(Array.init)
    }

    func add(_ place: Place, _ message: String, offending: String? = nil) {
        guard problems.count < Self.problemsMax else { return }
        problems.append(
            RuleProblem(
                path: path, line: place.line, column: place.column, message: message,
                offending: offending))
    }
}

/// A place in a rule file, both from 1.
struct Place: Hashable, Sendable {
    var line: Int
    var column: Int
}
