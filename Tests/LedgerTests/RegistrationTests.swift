// SPDX-License-Identifier: Apache-2.0

import Domain
import Ledger
import Testing

@Suite("Registrations")
struct RegistrationTests {
    @Test("come back as they were written")
    func roundTrip() throws {
        let ledger = try temporary()
        let written = try registration(17)
        try ledger.write { try $0.insert(written) }
        let read = try ledger.read { try $0.registration(RegistrationID("reg-17")) }
        #expect(read == written)
        #expect(
            try ledger.read { try $0.registration(reference: written.reference) } == written)
        let bare = Registration(
            id: RegistrationID("bare"), event: EventID("gala"), name: nil, email: nil, phone: nil,
            due: lira(1), reference: try code(99), registeredAt: noon)
        try ledger.write { try $0.insert(bare) }
        #expect(try ledger.read { try $0.registration(bare.id) } == bare)
    }

    @Test("of one price no two have the same kuruş, whatever their events")
    func ownKurus() throws {
        let ledger = try temporary()
        try ledger.write { books in
            for (number, event, own) in [(1, "gala", Int64(1)), (2, "atolye", 2), (3, "gala", 0)] {
                try books.insert(
                    Registration(
                        id: RegistrationID("r\(number)"), event: EventID(event), name: nil,
                        email: nil, phone: nil, due: lira(10_000 + own),
                        reference: try code(number), registeredAt: noon, ownMinorUnits: own))
            }
            #expect(try books.ownMinorUnits(takenAt: lira(10_000)) == [1, 2])
            // The sums count, not the price: 100,01 + 0,01 is taken.
            #expect(try books.ownMinorUnits(takenAt: lira(10_001)) == [1])
            #expect(try books.ownMinorUnits(takenAt: lira(10_002)).isEmpty)
        }
    }

    @Test("imported again change nothing, and with other contents are an error that names the id")
    func duplicates() throws {
        let ledger = try temporary()
        let list = try (1...5).map { try registration($0) }
        #expect(
            try ledger.write { try $0.insert(contentsOf: list) }
                == ImportResult(inserted: 5, unchanged: 0))
        try ledger.write { try $0.setState(.confirmed, of: RegistrationID("reg-1")) }
        #expect(
            try ledger.write { try $0.insert(contentsOf: list) }
                == ImportResult(inserted: 0, unchanged: 5))
        let other = try [registration(6), registration(3, due: 1)]
        do {
            _ = try ledger.write { try $0.insert(contentsOf: other) }
            Issue.record("a changed registration was taken")
        } catch let error as LedgerError {
            #expect(error.cause == .conflict && error.subject == "reg-3")
        }
        #expect(try ledger.read { try $0.registration(RegistrationID("reg-6")) } == nil)
        #expect(
            try ledger.read { try $0.registration(RegistrationID("reg-1"))?.state } == .confirmed)
    }

    @Test("never share a reference")
    func referenceUnique() throws {
        let ledger = try temporary()
        try ledger.write { try $0.insert(registration(1)) }
        let first = try registration(1)
        let thief = Registration(
            id: RegistrationID("other"), event: first.event, name: nil, email: nil, phone: nil,
            due: first.due, reference: first.reference, registeredAt: noon)
        #expect(
            cause { try ledger.write { try $0.insert(thief) } }
                == .constraint("UNIQUE constraint failed: registration.reference"))
    }

    @Test("are found by the first and last word of the name, by address and by phone")
    func lookups() throws {
        let ledger = try temporary()
        try ledger.write {
            try $0.insert(registration(1, name: "Dr. Elif Su KARACA"))
            try $0.insert(registration(2, name: "Işıl Çelik"))
        }
        try ledger.read { db throws in
            func named(_ first: String, _ last: String) throws -> [String] {
                try db.registrations(
                    named: [NameEnds(first, last)], sum: lira(1), others: 9
                ).map(\.id.text)
            }
            #expect(try named("elif", "karaca") == ["reg-1"])
            #expect(try named("isil", "celik") == ["reg-2"])
            let byMail = try db.registrations(email: "GUEST2@example.com", limit: 9)
            #expect(byMail.map(\.id.text) == ["reg-2"])
            let phone = try #require(PhoneNumber("+90 532 000 00 11"))
            let byPhone = try db.registrations(phone: phone, limit: 9)
            #expect(byPhone.map(\.id.text) == ["reg-1"])
            #expect(try named("elif", "su").isEmpty)
        }
    }

    @Test("that wait for money are found by what is still to pay")
    func stillToPay() throws {
        let ledger = try temporary()
        try ledger.write { db throws in
            try db.insert(registration(1, due: 100_000))
            try db.insert(registration(2, due: 100_000, state: .cancelled))
            try db.insert(registration(3, due: 130_000))
            let payment = try db.recordReceived(1, 30_000)
            try db.allocate(lira(30_000), of: payment, to: RegistrationID("reg-3"), at: noon)
            try db.setState(.underpaid, of: RegistrationID("reg-3"))
        }
        try ledger.read { db throws in
            let open = try db.registrations(stillToPay: lira(100_000), limit: 9)
            #expect(open.map(\.id.text) == ["reg-1", "reg-3"])
            #expect(open.last?.paid == lira(30_000))
            #expect(try db.registrations(stillToPay: lira(100_000), limit: 1).count == 1)
            #expect(try db.registrations(stillToPay: lira(130_000), limit: 9).isEmpty)
        }
    }

    @Test("of any event and price take a sum of their own away from all others")
    func ownSums() throws {
        let ledger = try temporary()
        func give(_ number: Int, _ event: String, due: Int64, own: Int64) throws {
            try ledger.write { db throws in
                _ = try db.insert(
                    Registration(
                        id: RegistrationID("own-\(number)"), event: EventID(event), name: nil,
                        email: nil, phone: nil, due: lira(due), reference: code(number),
                        registeredAt: noon, ownMinorUnits: own))
            }
        }
        try give(1, "kt", due: 10_001, own: 1)
        try give(2, "gala", due: 10_038, own: 38)
        try give(3, "gala", due: 10_050, own: 25)
        try give(4, "gala", due: 10_077, own: 0)
        try give(5, "gala", due: 10_099, own: 99)
        try give(6, "gala", due: 10_100, own: 1)
        try ledger.read { db throws in
            #expect(try db.ownMinorUnits(takenAt: lira(10_000)) == [1, 38, 50, 99])
            let euro = Money(minorUnits: 10_000, currency: try #require(Currency("EUR")))
            #expect(try db.ownMinorUnits(takenAt: euro).isEmpty)
        }
    }

    @Test("list their prefixes and references")
    func prefixes() throws {
        let ledger = try temporary()
        try ledger.write { db throws in
            try db.insert(registration(1))
            try db.insert(registration(2))
        }
        try ledger.read { db throws in
            #expect(try db.referencePrefixes() == ["KT"])
            #expect(try db.hasReference(code(1)))
            #expect(try !db.hasReference(code(3)))
            let ids = try db.registrations(after: RegistrationID("reg-1"), limit: 9).map(\.id.text)
            #expect(ids == ["reg-2"])
        }
    }

    @Test("have a ticket address that stays and that nobody can guess from the id")
    func ticketToken() throws {
        let ledger = try temporary()
        try ledger.write { try $0.insert(registration(1)) }
        try ledger.read { db throws in
            let token = db.ticketToken(of: RegistrationID("reg-1"))
            #expect(token.utf8.count == 16)
            #expect(token.allSatisfy { "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".contains($0) })
            #expect(token != db.ticketToken(of: RegistrationID("reg-2")))
            #expect(try db.registration(ticketToken: token)?.id.text == "reg-1")
        }
        let other = try LedgerDatabase.temporary(masterKey: masterKey(8))
        let tokens = try [ledger, other].map { ledger in
            try ledger.read { $0.ticketToken(of: RegistrationID("reg-1")) }
        }
        #expect(tokens[0] != tokens[1])
    }

    @Test("that are not there cannot change their state")
    func unknown() throws {
        let ledger = try temporary()
        #expect(
            cause { try ledger.write { try $0.setState(.paid, of: RegistrationID("x")) } }
                == .notFound)
    }
}
