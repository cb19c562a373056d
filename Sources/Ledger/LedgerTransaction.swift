// SPDX-License-Identifier: Apache-2.0

internal import Domain
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
    /// Registrations read since the last statement that could have changed one.
    var registrations: [RegistrationID: Registration] = [:]
    /// The prefixes of all reference codes, until a registration is added.
    var prefixes: Set<String>?
    /// The line of the audit log written last, so that the next one need not look for it.
    var lastAudit: (sequence: Int64, hash: [UInt8])?
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
            notes.prefixes = nil
            notes.lastAudit = nil
            notes.registrations = [:]
            // When the disk is full SQLite may have undone the whole transaction by itself.
            guard db.isInsideTransaction else { throw error }
            try run("ROLLBACK TO step")
            try run("RELEASE step")
            throw error
        }
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
