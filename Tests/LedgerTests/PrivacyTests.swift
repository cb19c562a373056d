// SPDX-License-Identifier: Apache-2.0

import Domain
import Foundation
import GRDB
import Ledger
import Testing

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
            let found = try db.registrations(
                named: [NameEnds("karaca", "elif")], sum: lira(1), others: 9)
            #expect(found.map(\.id.text) == ["reg-2"])
            #expect(try db.imbalances().isEmpty)
        }
        #expect(try ledger.write { try $0.forget(guest, at: noon) } == 0)
    }
}
