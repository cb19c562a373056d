// SPDX-License-Identifier: Apache-2.0

/// Why a file cannot be read as a statement, where, and what to do.
///
/// Quotes nothing of the file: what stands there may be somebody's name.
package struct StatementError: Error, Hashable, Sendable, CustomStringConvertible {
    package let operation: String
    /// 1-based; 0 when the file as a whole is meant.
    package let line: Int
    /// 1-based, in characters; 0 when the line as a whole is meant.
    package let column: Int
    package let cause: String
    package let hint: String

    init(
        _ operation: String, line: Int = 0, column: Int = 0, _ cause: String, hint: String
    ) {
        self.operation = operation
        self.line = line
        self.column = column
        self.cause = cause
        self.hint = hint
    }

    package var description: String {
        let place =
            line == 0 ? "" : column == 0 ? "line \(line): " : "line \(line), column \(column): "
        return "\(place)\(cause); \(hint)"
    }
}

/// What a file may hold at most. Beyond it the file is refused as a whole: half a statement would
/// say that payments are missing.
enum StatementLimits {
    /// A busy account's year in CAMT, with its kilobyte for each line.
    static let fileBytesMax = 64 * 1024 * 1024
    /// A season of the largest organizer has 100,000 guests.
    static let linesMax = 200_000
    /// One file holds a statement a day; ten years of them.
    static let statementsMax = 4_000
    /// Longer than any text of a bank; more is a lost quote, or an attack.
    static let fieldBytesMax = 4_096
    /// What the ledger takes, in minor units.
    static let minorUnitsMax: Int64 = 10_000_000_000_000
}
