// SPDX-License-Identifier: Apache-2.0

import Domain
import Ledger
import Testing

@Suite("Registrations by name")
struct RegistrationNameTests {
    /// Numbers from 1 on, in this order.
    private func ledger(_ guests: [(name: String, due: Int64)]) throws -> LedgerDatabase {
        let ledger = try temporary()
        try ledger.write { db throws in
            for (place, guest) in guests.enumerated() {
                try db.insert(registration(place + 1, name: guest.name, due: guest.due))
            }
        }
        return ledger
    }

    @Test("of one name are all found that a sum concerns, and a few others")
    func namesakes() throws {
        let guests = (1...40).map { (name: "Elif Karaca", due: Int64($0 <= 20 ? 100 : 200)) }
        let ledger = try ledger(guests)
        try ledger.write { db throws in
            let payment = try db.recordReceived(1, 100)
            try db.allocate(lira(100), of: payment, to: RegistrationID("reg-40"), at: noon)
        }
        try ledger.read { db throws in
            let found = try db.registrations(
                named: [NameEnds("karaca", "elif")], sum: lira(100), others: 3
            ).map(\.id.text)
            // 40 owes the rest, which is the sum.
            #expect(found == (1...23).map { "reg-\($0)" } + ["reg-40"])
            let none = try db.registrations(
                named: [NameEnds("karaca", "elif")], sum: lira(7), others: 0)
            #expect(none.isEmpty)
        }
    }

    @Test(
        "that are near are found by any handle",
        arguments: [
            ("Elif Karca", ["reg-1", "reg-2"]),  // a slip in the surname
            ("Elfi Karaca", ["reg-1", "reg-2", "reg-3"]),  // in the given name; the family
            ("E*** K*****", ["reg-1", "reg-2"]),  // masked
            ("Karaca", ["reg-1", "reg-3"]),  // the surname alone
            ("E. Karaca", ["reg-1", "reg-2", "reg-3"]),  // an initial
            ("Jonas Weber", []),
        ])
    func near(payer: String, expected: [String]) throws {
        let ledger = try ledger([
            ("Elif Karaca", 100), ("Elif Kaya", 100), ("Bora Karaca", 100), ("Deniz Tanyel", 100),
        ])
        let name = try #require(PersonName(payer))
        let found = try ledger.read {
            try $0.openRegistrations(near: name, due: lira(100), each: 9).map(\.id.text)
        }
        #expect(found.sorted() == expected)
    }

    @Test("that are near are open, and those of the sum come first")
    func nearAndOpen() throws {
        let ledger = try ledger((1...9).map { (name: "Elif Karaca", due: $0 > 6 ? 100 : 200) })
        try ledger.write { try $0.setState(.cancelled, of: RegistrationID("reg-8")) }
        let name = try #require(PersonName("Bora Karaca"))
        let found = try ledger.read {
            try $0.openRegistrations(near: name, due: lira(100), each: 4).map(\.id.text)
        }
        #expect(found == ["reg-7", "reg-9", "reg-1", "reg-2"])
    }

    @Test("that may go on where a name was cut owe the sum, part payments counted")
    func continuing() throws {
        let ledger = try ledger([
            ("Elif Karaca Tanyel", 100), ("Elif Karaca Weber", 200), ("Elif Karaca Örge", 150),
            ("Bora Karaca", 100), ("Elif Karacan", 100),
        ])
        try ledger.write { db throws in
            try db.setState(.cancelled, of: RegistrationID("reg-5"))
            let payment = try db.recordReceived(1, 50)
            try db.allocate(lira(50), of: payment, to: RegistrationID("reg-3"), at: noon)
        }
        let name = try #require(PersonName("Elif Kar"))
        try ledger.read { db throws in
            let found = try db.openRegistrations(continuing: name, sum: lira(100), limit: 9)
            #expect(Set(found.map(\.id.text)) == ["reg-1", "reg-3"])
            #expect(try db.openRegistrations(continuing: name, sum: lira(100), limit: 1).count == 1)
        }
    }

    @Test("are not found by name any more when the person was forgotten")
    func forgotten() throws {
        let ledger = try ledger([("Elif Karaca", 100)])
        let name = try #require(PersonName("Elif Karaca"))
        #expect(try found(name, in: ledger) == [1, 1, 1])
        _ = try ledger.write { try $0.forget(RegistrationID("reg-1"), at: noon) }
        #expect(try found(name, in: ledger) == [0, 0, 0])
    }

    private func found(_ name: PersonName, in ledger: LedgerDatabase) throws -> [Int] {
        try ledger.read { db throws in
            [
                try db.registrations(
                    named: [NameEnds("karaca", "elif")], sum: lira(100), others: 9),
                try db.openRegistrations(near: name, due: lira(100), each: 9),
                try db.openRegistrations(continuing: name, sum: lira(100), limit: 9),
            ].map(\.count)
        }
    }
}
