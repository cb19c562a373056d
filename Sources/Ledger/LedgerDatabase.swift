// SPDX-License-Identifier: Apache-2.0

package import Cryptography
internal import GRDB

/// What the ledger calls around its commits. All run on the thread that called `write`.
package struct LedgerHooks: Sendable {
    /// Before the commit; throwing rolls the transaction back.
    package var willCommit: @Sendable () throws -> Void
    /// After the commit; throwing passes to the caller of `write` and undoes nothing.
    package var didCommit: @Sendable () throws -> Void
    /// After a commit that enqueued effects: wake the dispatcher. It must return at once.
    package var effectsEnqueued: @Sendable () -> Void

    package init(
        willCommit: @escaping @Sendable () throws -> Void = {},
        didCommit: @escaping @Sendable () throws -> Void = {},
        effectsEnqueued: @escaping @Sendable () -> Void = {}
    ) {
        self.willCommit = willCommit
        self.didCommit = didCommit
        self.effectsEnqueued = effectsEnqueued
    }
}

/// The one SQLite database: registrations, mails, payments, bookings, outbox, reviews, audit.
///
/// Every commit is on the disk when `write` returns (WAL, `synchronous=FULL`). Reading does not
/// wait for writing. Calls block the calling thread, a few hundred microseconds for a small commit.
package final class LedgerDatabase: Sendable {
    private let writer: any DatabaseWriter
    private let keyring: Keyring
    /// Of a temporary ledger; nil when every person has a key of their own.
    private let everybody: Subject?
    private let hooks: LedgerHooks

    /// Opens the database at `path`, making it when there is none.
    ///
    /// - Parameter masterKey: only keys derived from it are used. A database remembers which key it
    ///   was made with.
    /// - Throws: `newerVersion`, `foreignDatabase`, `wrongMasterKey`, `permission`, `corrupt` …
    package convenience init(
        path: String, masterKey: SealingKey, hooks: LedgerHooks = LedgerHooks()
    ) throws(LedgerError) {
        let writer = try attempt("open", "database") {
            try DatabasePool(path: path, configuration: Self.configuration())
        }
        try self.init(
            writer, masterKey: masterKey, hooks: hooks, isTemporary: false)
    }

    /// A database for a replay, gone when it is closed: SQLite keeps it in memory and spills to an
    /// unnamed file. No commit waits for the disk, and raw mail is not stored. It is forgotten as
    /// a whole: one key seals everybody in it.
    package static func temporary(
        masterKey: SealingKey, hooks: LedgerHooks = LedgerHooks()
    ) throws(LedgerError) -> LedgerDatabase {
        let writer = try attempt("open", "temporary database") {
            try DatabaseQueue(path: "", configuration: configuration())
        }
        return try LedgerDatabase(
            writer, masterKey: masterKey, hooks: hooks, isTemporary: true)
    }

    private init(
        _ writer: any DatabaseWriter, masterKey: SealingKey, hooks: LedgerHooks, isTemporary: Bool
    ) throws(LedgerError) {
        self.writer = writer
        self.hooks = hooks
        let keyring = try Keyring(masterKey: masterKey)
        self.keyring = keyring
        everybody = try attempt("open", "database") {
            try writer.writeWithoutTransaction { db in
                try Self.set(isTemporary ? .off : .full, on: db)
                if isTemporary { try Self.keepInMemory(db) }
                try Schema.bringUp(db)
                if isTemporary { try Self.dropListIndexes(db) }
            }
            return try writer.write { db in
                try keyring.check(in: db)
                guard isTemporary else { return nil }
                let notes = TransactionNotes()
                return try LedgerTransaction(
                    db: db, keyring: keyring, everybody: nil, notes: notes
                ).makeSubject()
            }
        }
    }

    /// Runs `body` in one transaction: all of it is committed, or nothing.
    ///
    /// - Throws: a failure of the database as `LedgerError`; what `body` and the hooks throw
    ///   passes unchanged. Nothing is committed then, except when `didCommit` throws.
    @discardableResult
    package func write<T>(_ body: (LedgerTransaction) throws -> T) throws -> T {
        let notes = TransactionNotes()
        let result: T = try passing {
            try writer.writeWithoutTransaction { db in
                var result: T?
                try db.inTransaction(.immediate) {
                    result = try body(transaction(on: db, notes: notes))
                    try hooks.willCommit()
                    return .commit
                }
                guard let result else {
                    throw LedgerError(
                        operation: "write", subject: "transaction", cause: .other(code: -1))
                }
                return result
            }
        }
        try hooks.didCommit()
        if notes.hasEnqueued { hooks.effectsEnqueued() }
        return result
    }

    /// Runs `body` on one unchanging state of the database.
    package func read<T>(_ body: (LedgerTransaction) throws -> T) throws -> T {
        try passing {
            try writer.read { db in try body(transaction(on: db, notes: TransactionNotes())) }
        }
    }

    /// Closes the database; later calls throw. What was committed stays.
    package func close() throws(LedgerError) {
        try attempt("close", "database") { try writer.close() }
    }

    /// SQLite's `synchronous` as it is in force on the writing connection; 2 is FULL.
    package func synchronousLevel() throws(LedgerError) -> Int {
        try attempt("synchronous", "database") {
            try writer.writeWithoutTransaction { db in
                try Int.fetchOne(db, sql: "PRAGMA synchronous") ?? -1
            }
        }
    }

    /// The most pages of 4096 bytes that the file may grow to, to try what a full disk does.
    package func limit(pages: Int) throws(LedgerError) {
        try attempt("limit", "database") {
            try writer.writeWithoutTransaction { db in
                _ = try Int.fetchOne(db, sql: "PRAGMA max_page_count = \(pages)")
            }
        }
    }

    private func transaction(on db: Database, notes: TransactionNotes) -> LedgerTransaction {
        LedgerTransaction(db: db, keyring: keyring, everybody: everybody, notes: notes)
    }

    /// Failures of the database become `LedgerError`; anything else is the caller's.
    private func passing<T>(_ body: () throws -> T) throws -> T {
        do {
            return try body()
        } catch let failure as DatabaseError {
            throw LedgerError(failure, operation: "transaction", subject: "database")
        }
    }
}

// MARK: - Opening

extension LedgerDatabase {
    private enum Synchronous: Int { case off = 0, full = 2 }

    /// A second process may hold the write lock for a backup step or a short command; five seconds
    /// are far above both and below every time-out of a mailbox or provider.
    private static let busyTimeOutSeconds = 5.0

    private static func configuration() -> Configuration {
        var configuration = Configuration()
        configuration.busyMode = .timeout(busyTimeOutSeconds)
        configuration.foreignKeysEnabled = true
        configuration.label = "ledger"
        configuration.prepareDatabase { db in
            // Before anything is changed: GRDB turns on WAL only after this.
            try Schema.refuseForeignOrNewer(db)
            // Erased rows are overwritten, not only unlinked.
            _ = try Int.fetchOne(db, sql: "PRAGMA secure_delete = ON")
        }
        return configuration
    }

    /// The page cache of a replay: enough for some thousand mails, and what is beyond it spills
    /// to the unnamed file.
    private static let temporaryCacheKiB = 16 * 1024

    /// What is thrown away at the end need be neither journaled on the disk nor overwritten.
    private static func keepInMemory(_ db: Database) throws {
        _ = try String.fetchOne(db, sql: "PRAGMA journal_mode = MEMORY")
        try db.execute(sql: "PRAGMA cache_size = -\(temporaryCacheKiB)")
        _ = try Int.fetchOne(db, sql: "PRAGMA secure_delete = OFF")
    }

    /// Indexes that a replay pays for with every mail and never asks: they serve lists, the
    /// dispatcher and forgetting. What keeps rows apart (UNIQUE) stays.
    private static func dropListIndexes(_ db: Database) throws {
        let names = [
            "registration_email", "registration_phone", "mail_sha256",
            "mail_unread", "mail_subject", "payment_state", "payment_subject", "booking_debit",
            "booking_credit", "booking_about", "booking_decision", "effect_due", "effect_decision",
            "state_change_decision", "state_change_registration", "decision_payment",
        ]
        for name in names { try db.execute(sql: "DROP INDEX \(name)") }
    }

    /// GRDB sets NORMAL when it turns on WAL, so this comes after opening, and is read back.
    private static func set(_ level: Synchronous, on db: Database) throws {
        try db.execute(sql: "PRAGMA synchronous = \(level.rawValue)")
        guard try Int.fetchOne(db, sql: "PRAGMA synchronous") == level.rawValue else {
            throw LedgerError(
                operation: "open", subject: "synchronous", cause: .wrongState("not in force"))
        }
    }
}
