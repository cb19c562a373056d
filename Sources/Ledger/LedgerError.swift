// SPDX-License-Identifier: Apache-2.0

internal import GRDB

/// Why the ledger could not do what it was asked. It names tables and ids, never a person's data.
package struct LedgerError: Error, Sendable, Hashable, CustomStringConvertible {
    /// What went wrong, as far as a caller may want to tell it apart.
    package enum Cause: Hashable, Sendable {
        /// No room is left. The commit did not take place; the database is usable once there is.
        case diskFull
        /// Another process held the write lock for longer than the busy time-out.
        case busy
        /// The file is damaged, or it is no SQLite database.
        case corrupt
        /// The disk refused to read or write for another reason than being full.
        case inputOutput
        /// The file, or its folder, may not be opened or written.
        case permission
        /// Another program's database.
        case foreignDatabase
        /// The database was written by a newer version of this program.
        case newerVersion(found: Int, known: Int)
        /// The master key is not the one that this database was made with.
        case wrongMasterKey
        /// The master key does not have 32 bytes, or a sealed column does not open.
        case seal
        /// A row breaks a rule of the schema, such as an allocation above the payment's amount.
        case constraint(String)
        /// Something with this name is there already, with other contents.
        case conflict
        /// There is no such row.
        case notFound
        /// The row is not in a state that allows this step.
        case wrongState(String)
        /// Anything else, by SQLite's result code.
        case other(code: Int)
    }

    /// Whether the same step may work later.
    package enum Retry: Hashable, Sendable { case later, never, askOperator }

    /// What was to be done: `outbox.enqueue`.
    package let operation: String
    /// On what, by table or id.
    package let subject: String
    package let cause: Cause

    package init(operation: String, subject: String, cause: Cause) {
        self.operation = operation
        self.subject = subject
        self.cause = cause
    }

    /// A name from a short list, for counters.
    package var label: String {
        switch cause {
        case .diskFull: "disk_full"
        case .busy: "busy"
        case .corrupt: "corrupt"
        case .inputOutput: "input_output"
        case .permission: "permission"
        case .foreignDatabase: "foreign_database"
        case .newerVersion: "newer_version"
        case .wrongMasterKey: "wrong_master_key"
        case .seal: "seal"
        case .constraint: "constraint"
        case .conflict: "conflict"
        case .notFound: "not_found"
        case .wrongState: "wrong_state"
        case .other: "other"
        }
    }

    /// When it makes sense to try again.
    package var retry: Retry {
        switch cause {
        case .diskFull, .busy, .inputOutput: .later
        case .corrupt, .permission, .foreignDatabase, .newerVersion, .wrongMasterKey: .askOperator
        case .seal, .constraint, .conflict, .notFound, .wrongState, .other: .never
        }
    }

    /// What a person can do about it.
    package var hint: String {
        switch cause {
        case .diskFull: "make room on the disk; nothing was lost and the agent goes on by itself"
        case .busy: "see whether a second agent or a backup holds the database"
        case .corrupt: "stop the agent, keep the file, and restore the last backup"
        case .inputOutput: "look at the disk's health in the kernel log"
        case .permission: "give the agent's user the folder and the file"
        case .foreignDatabase: "name another path; this file belongs to another program"
        case .newerVersion: "run the newer version of the program, or restore a backup made before"
        case .wrongMasterKey: "give the master key that this database was made with"
        case .seal: "check the master key, and restore the row from a backup"
        case .constraint, .wrongState: "a mistake in the program; report it with this message"
        case .conflict: "use another id, or make both the same"
        case .notFound: "check the id"
        case .other: "report it with this message"
        }
    }

    /// What happened, without where.
    package var detail: String {
        switch cause {
        case .diskFull: "disk full"
        case .busy: "database is busy"
        case .corrupt: "database is damaged"
        case .inputOutput: "the disk reports an error"
        case .permission: "not allowed to open or write"
        case .foreignDatabase: "not a database of this program"
        case .newerVersion(let found, let known):
            "database has version \(found), this program knows \(known)"
        case .wrongMasterKey: "the master key does not fit this database"
        case .seal: "a sealed value cannot be opened or made"
        case .constraint(let rule): "refused by the database: \(rule)"
        case .conflict: "is there already with other contents"
        case .notFound: "not found"
        case .wrongState(let state): "is \(state)"
        case .other(let code): "SQLite code \(code)"
        }
    }

    package var description: String {
        "ledger: \(operation): \(subject): \(detail) (\(hint))"
    }
}

extension LedgerError {
    /// The error for whatever GRDB or SQLite threw; our own errors pass unchanged.
    init(_ error: any Error, operation: String, subject: String) {
        if let known = error as? LedgerError {
            self = known
        } else if let failure = error as? DatabaseError {
            self.init(operation: operation, subject: subject, cause: Self.cause(of: failure))
        } else {
            self.init(operation: operation, subject: subject, cause: .other(code: -1))
        }
    }

    private static func cause(of failure: DatabaseError) -> Cause {
        switch failure.resultCode {
        case .SQLITE_FULL: .diskFull
        case .SQLITE_BUSY, .SQLITE_LOCKED: .busy
        case .SQLITE_CORRUPT, .SQLITE_NOTADB: .corrupt
        case .SQLITE_IOERR: .inputOutput
        case .SQLITE_CANTOPEN, .SQLITE_PERM, .SQLITE_READONLY, .SQLITE_AUTH: .permission
        // SQLite's text names the constraint or is a trigger's own sentence, never a value.
        case .SQLITE_CONSTRAINT: .constraint(failure.message ?? "constraint")
        default: .other(code: Int(failure.extendedResultCode.rawValue))
        }
    }
}

/// Runs `body` and turns what it throws into this room's error.
func attempt<T>(
    _ operation: String, _ subject: @autoclosure () -> String, _ body: () throws -> T
) throws(LedgerError) -> T {
    do {
        return try body()
    } catch {
        throw LedgerError(error, operation: operation, subject: subject())
    }
}
