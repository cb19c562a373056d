// SPDX-License-Identifier: Apache-2.0

import Crypto
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
        let copies = Mutex<[Folder]>([])
        func copy() throws {
            let copy = try folder.copyAsAfterCrash()
            copies.withLock { $0.append(copy) }
        }
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
        for (index, copy) in copies.withLock({ $0 }).enumerated() {
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
        try ledger.limit(pages: 80)
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

@Suite("Personal data")
struct PrivacyTests {
    private static let secrets = [
        "Karaca", "KARACA", "guest1@example.com", "5320000011", "KTF6HV349",
        "TR330006100519786457841326", "1234 **** 56", "FT-99", "From: bank",
    ]

    private func filled(_ folder: Folder) throws -> (LedgerDatabase, MailID, PaymentID) {
        let ledger = try folder.open()
        let (mail, payment) = try ledger.write { db throws in
            try db.insert(registration(1))
            let mail = try db.recordMail(1, raw: Array("From: bank Elif Karaca".utf8))
            let payment = try db.record(
                notice(transactionID: "FT-99"), of: mail, movement: 1, rule: RuleID("a/b"),
                trust: .verified, verdict: Verdict(.approve, reasons: [.codeExact]))
            try db.receive(payment, at: noon)
            try db.allocate(lira(125_000), of: payment, to: RegistrationID("reg-1"), at: noon)
            return (mail, payment)
        }
        return (ledger, mail, payment)
    }

    @Test("stands nowhere in the files", arguments: secrets)
    func sealed(_ secret: String) throws {
        let folder = try Folder()
        let (ledger, _, _) = try filled(folder)
        let bytes = try folder.bytes()
        #expect(bytes.range(of: Data(secret.utf8)) == nil)
        #expect(bytes.range(of: Data("garanti-bbva/incoming-transfer".utf8)) != nil)
        try ledger.close()
        #expect(try folder.bytes().range(of: Data(secret.utf8)) == nil)
    }

    @Test("cannot be moved to another row")
    func bound() throws {
        let folder = try Folder()
        let ledger = try folder.open()
        try ledger.write { db throws in
            try db.insert(registration(1))
            try db.insert(registration(2))
        }
        try ledger.close()
        let vandal = try DatabaseQueue(path: folder.database)
        try vandal.write { db throws in
            try db.execute(
                sql: """
                    UPDATE registration SET (subject, personal) =
                        (SELECT subject, personal FROM registration WHERE id = 'reg-1')
                    WHERE id = 'reg-2'
                    """)
        }
        try vandal.close()
        try folder.open().read { db throws in
            #expect(try db.registration(RegistrationID("reg-1")) != nil)
            #expect(cause { try db.registration(RegistrationID("reg-2")) } == .seal)
        }
    }

    @Test("is gone after forgetting, while the money stays")
    func forget() throws {
        let folder = try Folder()
        let (ledger, mail, payment) = try filled(folder)
        try ledger.write { try $0.insert(registration(2)) }
        let guest = RegistrationID("reg-1")
        #expect(try ledger.write { try $0.forget(guest, at: noon) } == 2)
        try ledger.read { db throws in
            let read = try #require(try db.registration(guest))
            #expect(read.name == nil && read.email == nil && read.phone == nil)
            #expect(read.paid == lira(125_000))
            let paid = try #require(try db.payment(payment)?.notice)
            #expect(paid.payer == nil && paid.description == nil && paid.amount == lira(125_000))
            #expect(try db.rawMail(mail) == nil)
            let found = try db.registrations(firstWord: "elif", lastWord: "karaca", limit: 9)
            #expect(found.map(\.id.text) == ["reg-2"])
            #expect(try db.imbalances().isEmpty)
        }
        #expect(try ledger.write { try $0.forget(guest, at: noon) } == 0)
    }
}
