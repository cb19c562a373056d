// SPDX-License-Identifier: Apache-2.0

import Domain
import Foundation
import GRDB
import Ledger
import Testing

@Suite("Payments and bookings")
struct BookingTests {
    private static func ledger(_ count: Int = 3) throws -> LedgerDatabase {
        let ledger = try temporary()
        try ledger.write { db throws in
            for number in 1...count { try db.insert(registration(number)) }
        }
        return ledger
    }

    private let first = RegistrationID("reg-1")
    private let second = RegistrationID("reg-2")

    @Test("A payment comes back as it was written")
    func roundTrip() throws {
        let ledger = try temporary()
        let verdict = Verdict(
            .approve, reasons: [.codeExact, .amountEqual], reference: try code(17))
        let written = notice(500, transactionID: "FT-1")
        let (mail, id) = try ledger.write { db throws in
            let mail = try db.recordMail(1)
            let id = try db.record(
                written, of: mail, movement: 2, rule: RuleID("a/b"), trust: .vouched,
                verdict: verdict, state: .review)
            return (mail, id)
        }
        let read = try #require(try ledger.read { try $0.payment(id) })
        #expect(read.notice == written && read.movement == 2 && read.mail == mail)
        #expect(read.reference == verdict.reference && read.reasons == verdict.reasons)
        #expect(read.trust == .vouched && read.state == .review && read.verdict == .approve)
        #expect(try ledger.read { try $0.payments(of: mail) } == [read])
        #expect(try ledger.read { try $0.payments(in: .review, limit: 9) } == [read])
        #expect(try ledger.read { try $0.payments(in: .received, limit: 9) }.isEmpty)
    }

    @Test("One movement of one mail is one payment, and two equal mails are two")
    func onePerMovement() throws {
        let ledger = try temporary()
        try ledger.write { db throws in
            let mail = try db.recordMail(1)
            func record(_ movement: Int) throws {
                try db.record(
                    notice(), of: mail, movement: movement, rule: RuleID("a/b"), trust: .verified,
                    verdict: Verdict(.none, reasons: []), state: .review)
            }
            try record(1)
            try record(2)
            #expect(cause { try record(2) }?.isConstraint == true)
            _ = try db.recordUnreceived(2)
            #expect(try db.payments(limit: 9).count == 3)
        }
    }

    @Test("The bank's transaction id finds earlier payments")
    func transactionID() throws {
        let ledger = try temporary()
        try ledger.write { db throws in
            for (uid, transaction) in [(1, "FT-1"), (2, "FT-1"), (3, "FT-2"), (4, nil)] {
                try db.record(
                    notice(transactionID: transaction), of: try db.recordMail(UInt32(uid)),
                    movement: 1, rule: RuleID("a/b"), trust: .verified,
                    verdict: Verdict(.review, reasons: []), state: .review)
            }
            let found = try db.payments(transactionID: "FT-1", since: noon, limit: 9)
            #expect(found.count == 2)
            let later = noon.addingTimeInterval(1)
            #expect(try db.payments(transactionID: "FT-1", since: later, limit: 9).isEmpty)
        }
    }

    @Test("An allocation shows in what the registration has paid")
    func allocate() throws {
        let ledger = try Self.ledger()
        try ledger.write { db throws in
            let payment = try db.recordReceived(1, 250_000)
            try db.allocate(lira(125_000), of: payment, to: first, at: noon)
            try db.allocate(lira(100_000), of: payment, to: second, at: noon)
            try db.credit(lira(25_000), of: payment, at: noon)
            #expect(try db.payment(payment)?.state == .allocated)
            #expect(try db.registration(first)?.open == lira(0))
            #expect(try db.registration(second)?.open == lira(25_000))
            let balances = try db.balances(of: payment).map { "\($0.0) \($0.1.minorUnits)" }
            #expect(
                balances == [
                    "bank -250000", "credit 25000", "registration:reg-1 125000",
                    "registration:reg-2 100000", "unallocated 0",
                ])
            #expect(try db.bookings(of: first).map(\.amount) == [lira(125_000)])
            #expect(try db.imbalances().isEmpty)
        }
    }

    @Test("Surplus alone leaves the payment in credit")
    func creditAlone() throws {
        let ledger = try temporary()
        try ledger.write { db throws in
            let payment = try db.recordReceived(1)
            try db.credit(lira(125_000), of: payment, at: noon)
            #expect(try db.payment(payment)?.state == .credit)
            try db.move(lira(125_000), of: payment, from: .credit, to: .refundDue, at: noon)
            try db.move(lira(125_000), of: payment, from: .refundDue, to: .refunded, at: noon)
            #expect(try db.imbalances().isEmpty)
        }
    }

    @Test(
        "The database refuses what the books may not hold",
        arguments: [
            ("too much at once", "no more is allocated than the payment brought"),
            ("too much in two steps", "no more is allocated than the payment brought"),
            ("before it came in", "no more is allocated than the payment brought"),
            ("out of another account", "no more is allocated than the payment brought"),
            ("to nobody", "a registration is paid in its own currency"),
            ("other currency", "a booking has the currency of its payment"),
            ("twice received", "a payment is received once"),
            ("nothing", "CHECK constraint failed: amount_minor BETWEEN 1 AND 10000000000000"),
            (
                "a negative sum",
                "CHECK constraint failed: amount_minor BETWEEN 1 AND 10000000000000"
            ),
        ])
    func refused(_ step: String, _ rule: String) throws {
        let ledger = try Self.ledger()
        let found = cause {
            try ledger.write { db throws in
                let payment = try db.recordUnreceived(1)
                if step != "before it came in" { try db.receive(payment, at: noon) }
                switch step {
                case "too much at once":
                    try db.allocate(lira(125_001), of: payment, to: first, at: noon)
                case "too much in two steps":
                    try db.allocate(lira(125_000), of: payment, to: first, at: noon)
                    try db.credit(lira(1), of: payment, at: noon)
                case "before it came in":
                    try db.allocate(lira(1), of: payment, to: first, at: noon)
                case "out of another account":
                    try db.move(lira(1), of: payment, from: .refundDue, to: .bank, at: noon)
                case "to nobody":
                    try db.allocate(lira(1), of: payment, to: RegistrationID("x"), at: noon)
                case "other currency":
                    let euro = try #require(Currency("EUR"))
                    try db.credit(
                        Money(minorUnits: 1, currency: euro), of: payment, at: noon)
                case "twice received": try db.receive(payment, at: noon)
                case "nothing": try db.credit(lira(0), of: payment, at: noon)
                default: try db.credit(lira(-5), of: payment, at: noon)
                }
            }
        }
        #expect(found == .constraint(rule))
        #expect(try ledger.read { try $0.payments(limit: 9) }.isEmpty)
    }

    @Test("An undone allocation can be made to another registration")
    func undo() throws {
        let ledger = try Self.ledger()
        try ledger.write { db throws in
            let payment = try db.recordReceived(1)
            try db.allocate(lira(125_000), of: payment, to: first, at: noon)
            #expect(try db.undoAllocations(of: payment, at: noon) == [first])
            #expect(try db.registration(first)?.paid == lira(0))
            #expect(try db.payment(payment)?.state == .received)
            try db.allocate(lira(125_000), of: payment, to: second, at: noon)
            #expect(try db.reverse(payment, at: noon) == [second])
            #expect(try db.payment(payment)?.state == .reversed)
            #expect(try db.balances(of: payment).allSatisfy { $0.1.minorUnits == 0 })
            #expect(try db.bookings(of: payment).count == 6)
            #expect(try db.undoAllocations(of: payment, at: noon).isEmpty)
            #expect(try db.imbalances().isEmpty)
        }
    }

    @Test("A payment that counts and was never received is found")
    func neverReceived() throws {
        let ledger = try temporary()
        try ledger.write { db throws in
            let payment = try db.recordUnreceived(1)
            _ = try db.recordUnreceived(2, state: .review)
            #expect(try db.imbalances() == [.neverReceived(payment)])
        }
    }

    @Test("A payment that a person ignores leaves the books")
    func ignore() throws {
        let ledger = try Self.ledger()
        try ledger.write { db throws in
            let payment = try db.recordReceived(1)
            try db.credit(lira(1), of: payment, at: noon)
            #expect(try db.payment(payment)?.state == .received)
            try db.allocate(lira(5), of: payment, to: first, at: noon)
            #expect(try db.ignore(payment, at: noon) == [first])
            #expect(try db.payment(payment)?.state == .ignored)
            #expect(try db.imbalances().isEmpty)
        }
    }

    @Test("A sum that somebody changed in the file is found")
    func changedFile() throws {
        let folder = try Folder()
        let ledger = try folder.open()
        try ledger.write { db throws in
            try db.insert(registration(1))
            let payment = try db.recordReceived(1)
            try db.allocate(lira(100), of: payment, to: first, at: noon)
        }
        try ledger.close()
        let vandal = try DatabaseQueue(path: folder.database)
        for sql in [
            "UPDATE booking SET amount_minor = 1", "DELETE FROM booking",
            "UPDATE payment SET amount_minor = 1",
        ] {
            #expect(throws: DatabaseError.self) { try vandal.write { try $0.execute(sql: sql) } }
        }
        try vandal.write { try $0.execute(sql: "UPDATE registration SET paid_minor = 7") }
        try vandal.close()
        #expect(
            try folder.open().read { try $0.imbalances() }
                == [.paidDiffers(first, recorded: 7, booked: 100)])
    }

    @Test("A registration to which more than its due is booked is found")
    func tooMuch() throws {
        let folder = try Folder()
        let ledger = try folder.open()
        try ledger.write { db throws in
            try db.insert(registration(1))
            let payment = try db.recordReceived(1)
            try db.allocate(lira(100), of: payment, to: first, at: noon)
            try db.setState(.underpaid, of: first)
            #expect(try db.brokenInvariants().isEmpty)
        }
        try ledger.close()
        let vandal = try DatabaseQueue(path: folder.database)
        try vandal.write { try $0.execute(sql: "UPDATE registration SET due_minor = 50") }
        try vandal.close()
        let broken = try folder.open().read { try $0.brokenInvariants().map(\.name) }
        #expect(broken.contains("paid_with_more"))
    }

    @Test("Whatever is done in whatever order, the books are right", arguments: 1...8)
    func random(_ seed: UInt64) throws {
        let ledger = try Self.ledger(6)
        var dice = SplitMix(state: seed &* 0x9E37_79B9)
        var payments: [PaymentID] = []
        for step in 0..<200 {
            let choice = Int.random(in: 0..<7, using: &dice)
            let amount = lira(Int64.random(in: 1...200_000, using: &dice))
            let guest = RegistrationID("reg-\(Int.random(in: 1...6, using: &dice))")
            let payment = payments.randomElement(using: &dice)
            // A refused step is rolled back as a whole and leaves the books as they were.
            try? ledger.write { db throws in
                if choice == 0 || payment == nil {
                    payments.append(try db.recordReceived(UInt32(step + 1), amount.minorUnits))
                } else if let payment {
                    switch choice {
                    case 1, 2: try db.allocate(amount, of: payment, to: guest, at: noon)
                    case 3: try db.credit(amount, of: payment, at: noon)
                    case 4: try db.undoAllocations(of: payment, at: noon)
                    case 5: try db.ignore(payment, at: noon)
                    default: try db.reverse(payment, at: noon)
                    }
                }
            }
            let wrong = try ledger.read { try $0.imbalances() }
            try #require(wrong.isEmpty, "seed \(seed), step \(step)")
            if let payment {
                let sum = try ledger.read { try $0.balances(of: payment) }
                    .reduce(0) { $0 + $1.1.minorUnits }
                try #require(sum == 0, "seed \(seed), step \(step)")
            }
        }
        #expect(payments.count > 10, "seed \(seed)")
    }
}

/// A generator that gives the same numbers for the same seed everywhere.
struct SplitMix: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}
