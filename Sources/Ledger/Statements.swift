// SPDX-License-Identifier: Apache-2.0

internal import FoundationEssentials
internal import GRDB
internal import GRDBSQLite

/// A value for a question mark of a statement. It knows how to hand itself to SQLite without the
/// boxes that a general argument list is made of: a mail binds some hundred values.
protocol Bindable: DatabaseValueConvertible {
    /// Bytes of room that `bind` needs.
    var roomBytes: Int { get }

    /// - Parameter room: `roomBytes` that stay as they are until the statement has run.
    /// - Returns: SQLite's result code.
    func bind(to statement: OpaquePointer, at place: Int32, room: UnsafeMutableRawBufferPointer)
        -> Int32
}

extension Int64: Bindable {
    var roomBytes: Int { 0 }

    func bind(to statement: OpaquePointer, at place: Int32, room: UnsafeMutableRawBufferPointer)
        -> Int32
    {
        sqlite3_bind_int64(statement, place, self)
    }
}

extension Int: Bindable {
    var roomBytes: Int { 0 }

    func bind(to statement: OpaquePointer, at place: Int32, room: UnsafeMutableRawBufferPointer)
        -> Int32
    {
        sqlite3_bind_int64(statement, place, Int64(self))
    }
}

extension String: Bindable {
    /// One more, so that an empty text has an address too: none would be NULL.
    var roomBytes: Int { utf8.count + 1 }

    func bind(to statement: OpaquePointer, at place: Int32, room: UnsafeMutableRawBufferPointer)
        -> Int32
    {
        var text = self
        text.withUTF8 { room.copyMemory(from: UnsafeRawBufferPointer($0)) }
        return sqlite3_bind_text(
            statement, place, room.baseAddress?.assumingMemoryBound(to: CChar.self),
            Int32(clamping: room.count - 1), nil)
    }
}

/// Bytes on their way into a column.
struct Blob: Bindable {
    let bytes: [UInt8]

    var databaseValue: DatabaseValue { Data(bytes).databaseValue }

    static func fromDatabaseValue(_ value: DatabaseValue) -> Blob? {
        Data.fromDatabaseValue(value).map { Blob(bytes: Array($0)) }
    }

    /// One more, as for a text.
    var roomBytes: Int { bytes.count + 1 }

    func bind(to statement: OpaquePointer, at place: Int32, room: UnsafeMutableRawBufferPointer)
        -> Int32
    {
        room.copyBytes(from: bytes)
        return sqlite3_bind_blob(
            statement, place, room.baseAddress, Int32(clamping: room.count - 1), nil)
    }
}

extension [UInt8] {
    /// As a statement takes bytes.
    var blob: Blob { Blob(bytes: self) }
}

/// The columns of one row, by place; valid until the next row is asked for.
struct Columns {
    fileprivate let statement: OpaquePointer

    func isNull(_ place: Int32) -> Bool {
        sqlite3_column_type(statement, place) == SQLITE_NULL
    }

    func number(_ place: Int32) -> Int64 { sqlite3_column_int64(statement, place) }

    /// Empty for NULL.
    func text(_ place: Int32) -> String {
        guard let text = sqlite3_column_text(statement, place) else { return "" }
        let count = Int(sqlite3_column_bytes(statement, place))
        return String(decoding: UnsafeBufferPointer(start: text, count: count), as: UTF8.self)
    }

    /// Nil for NULL and for no bytes at all, which SQLite does not tell apart here.
    func bytes(_ place: Int32) -> [UInt8]? {
        guard let bytes = sqlite3_column_blob(statement, place) else { return nil }
        let count = Int(sqlite3_column_bytes(statement, place))
        return Array(UnsafeRawBufferPointer(start: bytes, count: count))
    }
}

extension LedgerTransaction {
    /// Runs a statement that is prepared once per connection, for what it changes.
    func run(_ sql: String, _ arguments: [(any Bindable)?] = []) throws {
        notes.registrations.removeAll(keepingCapacity: true)
        try each(sql, arguments) { _ in }
    }

    /// The first column of the first row as a whole number, or nil when there is no row or it is
    /// NULL.
    func number(_ sql: String, _ arguments: [(any Bindable)?] = []) throws -> Int64? {
        var number: Int64?
        var isFirst = true
        try each(sql, arguments) { columns in
            if isFirst, !columns.isNull(0) { number = columns.number(0) }
            isFirst = false
        }
        return number
    }

    /// Calls `body` with every row. For what is read with every mail; anything else is said more
    /// plainly with `rows`.
    func each(
        _ sql: String, _ arguments: [(any Bindable)?], _ body: (Columns) throws -> Void
    ) throws {
        // When SQLite had to roll back by itself, nothing more may be written outside of it.
        guard db.isInsideTransaction else {
            throw DatabaseError(resultCode: .SQLITE_ABORT, message: "Transaction was aborted")
        }
        let statement = try db.cachedStatement(sql: sql).sqliteStatement
        guard sqlite3_bind_parameter_count(statement) == arguments.count else {
            throw DatabaseError(
                resultCode: .SQLITE_MISUSE, message: "wrong number of statement arguments")
        }
        // What is bound lies here until the statement has run: SQLite need not copy it.
        var roomBytes = 0
        for argument in arguments { roomBytes += argument?.roomBytes ?? 0 }
        try withUnsafeTemporaryAllocation(byteCount: roomBytes, alignment: 1) { room in
            defer {
                sqlite3_reset(statement)
                sqlite3_clear_bindings(statement)
            }
            try bind(arguments, to: statement, room: room)
            while true {
                let code = sqlite3_step(statement)
                if code == SQLITE_DONE { return }
                guard code == SQLITE_ROW else { throw failure(code) }
                try body(Columns(statement: statement))
            }
        }
    }

    private func bind(
        _ arguments: [(any Bindable)?], to statement: OpaquePointer,
        room: UnsafeMutableRawBufferPointer
    ) throws {
        var taken = 0
        var place: Int32 = 0
        for argument in arguments {
            place += 1
            // Nothing is bound before: null.
            guard let argument else { continue }
            let end = taken + argument.roomBytes
            let code = argument.bind(
                to: statement, at: place,
                room: UnsafeMutableRawBufferPointer(rebasing: room[taken..<end]))
            guard code == SQLITE_OK else { throw failure(code) }
            taken = end
        }
    }

    private func failure(_ code: Int32) -> DatabaseError {
        DatabaseError(resultCode: ResultCode(rawValue: code), message: db.lastErrorMessage)
    }

    /// The rows of a statement that is prepared once per connection.
    func rows(_ sql: String, _ arguments: [(any Bindable)?] = []) throws -> [Row] {
        try Row.fetchAll(db.cachedStatement(sql: sql), arguments: boxed(arguments))
    }

    /// The first row, or nil.
    func row(_ sql: String, _ arguments: [(any Bindable)?] = []) throws -> Row? {
        try Row.fetchOne(db.cachedStatement(sql: sql), arguments: boxed(arguments))
    }

    private func boxed(_ arguments: [(any Bindable)?]) -> StatementArguments {
        StatementArguments(arguments.map { $0?.databaseValue })
    }
}
