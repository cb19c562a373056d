// SPDX-License-Identifier: Apache-2.0

import Cryptography
import Domain
import Foundation
import GRDB
import Ledger
import Synchronization
import Testing

@Suite("The database")
struct DatabaseTests {
    @Test("waits for the disk at every commit, and a replay never")
    func synchronous() throws {
        let folder = try Folder()
        #expect(try folder.open().synchronousLevel() == 2)
        #expect(try temporary().synchronousLevel() == 0)
    }

    @Test("of a newer version is refused, and left as it is")
    func newer() throws {
        let folder = try Folder()
        try folder.open().close()
        let other = try DatabaseQueue(path: folder.database)
        try other.write { try $0.execute(sql: "PRAGMA user_version = 2") }
        try other.close()
        let before = try Data(contentsOf: URL(fileURLWithPath: folder.database))
        #expect(cause { try folder.open() } == .newerVersion(found: 2, known: 1))
        #expect(try Data(contentsOf: URL(fileURLWithPath: folder.database)) == before)
    }

    @Test(
        "of another program is refused",
        arguments: [
            "PRAGMA application_id = 77", "CREATE TABLE t (x)", "PRAGMA user_version = 1",
        ])
    func foreign(_ sql: String) throws {
        let folder = try Folder()
        let other = try DatabaseQueue(path: folder.database)
        try other.writeWithoutTransaction { try $0.execute(sql: sql + "; CREATE TABLE y (x)") }
        try other.close()
        #expect(cause { try folder.open() } == .foreignDatabase)
    }

    @Test("does not open with another master key, and says so")
    func wrongKey() throws {
        let folder = try Folder()
        try folder.open().close()
        do {
            _ = try LedgerDatabase(path: folder.database, masterKey: masterKey(8))
            Issue.record("opened with a wrong key")
        } catch let error as LedgerError {
            #expect(
                "\(error)" == "ledger: open: master key: the master key does not fit this database "
                    + "(give the master key that this database was made with)")
            #expect(error.retry == .askOperator)
        }
        _ = try folder.open()
    }

    @Test("that is no database, or lies in no folder, says so")
    func noDatabase() throws {
        let folder = try Folder()
        try Data(repeating: 65, count: 8192).write(to: URL(fileURLWithPath: folder.database))
        #expect(cause { try folder.open() } == .corrupt)
        #expect(
            cause { try LedgerDatabase(path: folder.path + "/no/x", masterKey: masterKey()) }
                == .permission)
    }

    @Test("has after a crash what was committed, and nothing else")
    func crash() throws {
        let folder = try Folder()
        let ledger = try folder.open()
        var copies: [Folder] = []
        func copy() throws { copies.append(try folder.copyAsAfterCrash()) }
        for number in 1...4 {
            try ledger.write { db throws in
                try db.insert(registration(number))
                let payment = try db.recordReceived(UInt32(number))
                try copy()
                try db.allocate(
                    lira(125_000), of: payment, to: RegistrationID("reg-\(number)"), at: noon)
                try db.enqueue(
                    Effect(.lumaApprove, registration: RegistrationID("reg-\(number)")), at: noon)
            }
            try copy()
        }
        for (index, copy) in copies.enumerated() {
            let committed = (index + 1) / 2
            try copy.open().read { db throws in
                #expect(try db.payments(limit: 9).count == committed)
                #expect(try db.effects(limit: 9).count == committed)
                #expect(try db.registrations(limit: 9).allSatisfy { $0.open == lira(0) })
                #expect(try db.imbalances().isEmpty)
            }
        }
    }

    @Test("rolls back when the hook before the commit throws, and not when the one after does")
    func hooks() throws {
        struct Crash: Error {}
        let failing = Mutex((before: true, after: false))
        let ledger = try LedgerDatabase.temporary(
            masterKey: masterKey(),
            hooks: LedgerHooks(
                willCommit: { if failing.withLock({ $0.before }) { throw Crash() } },
                didCommit: { if failing.withLock({ $0.after }) { throw Crash() } }))
        #expect(throws: Crash.self) { try ledger.write { try $0.insert(registration(1)) } }
        #expect(try ledger.read { try $0.registrations(limit: 9) }.isEmpty)
        failing.withLock { $0 = (before: false, after: true) }
        #expect(throws: Crash.self) { try ledger.write { try $0.insert(registration(1)) } }
        #expect(try ledger.read { try $0.registrations(limit: 9) }.count == 1)
    }

    @Test("loses nothing on a full disk and goes on when there is room")
    func diskFull() throws {
        let folder = try Folder()
        let ledger = try folder.open()
        try ledger.limit(pages: 90)
        var count: UInt32 = 0
        var found: LedgerError.Cause?
        while found == nil, count < 500 {
            found = cause {
                try ledger.write { db throws in
                    try db.recordMail(count + 1, raw: [UInt8](repeating: 1, count: 10_000))
                    try db.advanceCursor(
                        account: "box", folder: "INBOX",
                        to: FolderCursor(uidvalidity: 9, floor: count + 1, seenAt: noon))
                }
            }
            if found == nil { count += 1 }
        }
        #expect(found == .diskFull && count > 2)
        try ledger.read { db throws in
            #expect(try db.mails(limit: 999).count == Int(count))
            #expect(try db.cursor(account: "box", folder: "INBOX")?.floor == count)
        }
        try ledger.limit(pages: 100_000)
        try ledger.write { db throws in
            try db.recordMail(count + 1, raw: [UInt8](repeating: 1, count: 10_000))
        }
        #expect(try ledger.read { try $0.mails(limit: 999).count } == Int(count) + 1)
    }

    @Test("cannot be written in a read")
    func readOnly() throws {
        let folder = try Folder()
        let ledger = try folder.open()
        #expect(cause { try ledger.read { try $0.insert(registration(1)) } } == .permission)
        #expect(cause { try temporary().read { try $0.insert(registration(1)) } } == .permission)
    }

    @Test("A step that fails leaves nothing behind, and the transaction goes on")
    func step() throws {
        let folder = try Folder()
        for ledger in [try folder.open(), try temporary()] {
            try ledger.write { books in
                try books.insert(registration(1))
                #expect(throws: CancellationError.self) {
                    try books.step {
                        try books.insert(registration(2))
                        try books.recordMail(2)
                        throw CancellationError()
                    }
                }
                _ = try books.step { try books.recordReceived(3) }
            }
            let ids = try ledger.read { try $0.registrations(limit: 9).map(\.id.text) }
            #expect(ids == ["reg-1"])
            #expect(try ledger.read { try $0.mails(limit: 9).map(\.place.uid) } == [3])
        }
    }

    @Test("is busy for a second writer only as long as the first holds it")
    func reopen() throws {
        let folder = try Folder()
        let first = try folder.open()
        let second = try folder.open()
        try first.write { try $0.insert(registration(1)) }
        try second.write { try $0.insert(registration(2)) }
        #expect(try first.read { try $0.registrations(limit: 9) }.count == 2)
    }
}
