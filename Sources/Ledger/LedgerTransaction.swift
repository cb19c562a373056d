// SPDX-License-Identifier: Apache-2.0

internal import FoundationEssentials
internal import GRDB

/// The number of a row in one table; the table keeps a mail's number from being used as a
/// payment's.
package struct RowID<Table>: Hashable, Comparable, Sendable, CustomStringConvertible {
    package let number: Int64

    package init(_ number: Int64) { self.number = number }

    package static func < (left: RowID, right: RowID) -> Bool { left.number < right.number }

    package var description: String { String(number) }
}

/// The table behind `MailID`. Tables have no values.
package enum MailTable {}
/// The table behind `PaymentID`.
package enum PaymentTable {}
/// The table behind `ReviewID`.
package enum ReviewTable {}
/// The table behind `DecisionID`.
package enum DecisionTable {}

/// A mail of the ledger.
package typealias MailID = RowID<MailTable>
/// A payment of the ledger.
package typealias PaymentID = RowID<PaymentTable>
/// A question to a person.
package typealias ReviewID = RowID<ReviewTable>
/// An answer of the agent or of a person.
package typealias DecisionID = RowID<DecisionTable>

/// What may be read and written between the beginning of a transaction and its end.
///
/// Valid only inside the closure of `LedgerDatabase.write` or `read`: do not keep it. Its methods
/// stand in one file per noun. In `read`, a method that writes throws `permission`.
package struct LedgerTransaction {
    let db: Database
    let keyring: Keyring
    /// The one subject of a temporary ledger.
    let everybody: Subject?
    let notes: TransactionNotes
}

/// What a transaction has to remember until its commit.
final class TransactionNotes {
    var hasEnqueued = false
    /// The key made or unwrapped last: a mail and its payments share a subject.
    var lastSubject: Subject?
    /// What is written now belongs to this decision.
    var decision: Int64?
    /// The mail recorded last, and its subject.
    var lastMail: (id: MailID, subject: Int64)?
}

extension LedgerTransaction {
    /// Runs `body` so that what it wrote is undone when it throws; the transaction goes on then.
    package func step<T>(_ body: () throws -> T) throws -> T {
        try run("SAVEPOINT step")
        do {
            let result = try body()
            try run("RELEASE step")
            return result
        } catch {
            // What was remembered may be undone with the rest.
            notes.lastSubject = nil
            notes.lastMail = nil
            notes.decision = nil
            try run("ROLLBACK TO step")
            try run("RELEASE step")
            throw error
        }
    }

    /// Runs a statement that is prepared once per connection.
    func run(_ sql: String, _ arguments: [(any DatabaseValueConvertible)?] = []) throws {
        try db.cachedStatement(sql: sql).execute(arguments: StatementArguments(arguments))
    }

    /// The rows of a statement that is prepared once per connection.
    func rows(_ sql: String, _ arguments: [(any DatabaseValueConvertible)?] = []) throws -> [Row] {
        try Row.fetchAll(db.cachedStatement(sql: sql), arguments: StatementArguments(arguments))
    }

    /// The first row, or nil.
    func row(_ sql: String, _ arguments: [(any DatabaseValueConvertible)?] = []) throws -> Row? {
        try Row.fetchOne(db.cachedStatement(sql: sql), arguments: StatementArguments(arguments))
    }

    /// The first column of the first row as a whole number, or nil.
    func number(
        _ sql: String, _ arguments: [(any DatabaseValueConvertible)?] = []
    ) throws -> Int64? {
        try Int64.fetchOne(db.cachedStatement(sql: sql), arguments: StatementArguments(arguments))
    }

    /// - Throws: `notFound` when the statement before changed no row.
    func expectChange(_ operation: String, _ subject: String) throws {
        guard db.changesCount == 0 else { return }
        throw LedgerError(operation: operation, subject: subject, cause: .notFound)
    }
}

extension Date {
    /// Whole milliseconds since 1970 in UTC, as every time is stored. Times beyond the years
    /// ±9999 are cut to them, so that a hostile date can neither trap nor overflow.
    var milliseconds: Int64 {
        let bound = 253_402_300_799_999.0
        let value = (timeIntervalSince1970 * 1000).rounded()
        return value.isNaN ? 0 : Int64(min(max(value, -bound), bound))
    }

    init(milliseconds: Int64) {
        self.init(timeIntervalSince1970: Double(milliseconds) / 1000)
    }
}
