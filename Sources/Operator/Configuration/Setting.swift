// SPDX-License-Identifier: Apache-2.0

/// One line of the configuration file: what it is called, means and may hold.
///
/// The same description reads the file, refuses what does not fit and prints the commented sample.
struct Setting: Sendable {
    enum Kind: Sendable {
        case text
        case path
        case flag
        case integer(ClosedRange<Int>)
        case choice([String])
        /// A reference to a secret: `credential:`, `file:` or `environment:`.
        case secret
        /// A list of texts: `[one, two]`.
        case texts
        /// A list of texts with at least one, or this word instead of it. Nothing that is left out
        /// means the word. `flaw` says what is wrong with a text, behind "one of them".
        case textsOr(String, flaw: @Sendable (String) -> String?)
        case section([Setting])
        /// A list of sections.
        case list([Setting])
    }

    let key: String
    let kind: Kind
    /// Full sentences; the unit is part of them.
    let meaning: String
    /// As written in YAML. Nil: the setting may be left out and is then absent.
    var fallback: String?
    var isRequired = false
    /// Not commented out in the sample although it may be left out.
    var isShown = false
    /// As written in YAML, for the sample.
    var example: String?
}

/// What was wrong in the configuration file, where, and what to write instead.
package struct ConfigurationError: Error, Hashable, Sendable, CustomStringConvertible {
    package let path: String
    package let line: Int
    package let column: Int
    package let message: String

    package var description: String {
        line > 0 ? "\(path):\(line):\(column): \(message)" : "\(path): \(message)"
    }
}
