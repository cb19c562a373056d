// SPDX-License-Identifier: Apache-2.0

import Domain
import FoundationEssentials
import Matching
import Testing
import Workflow

@testable import Agent
@testable import Ledger

@Suite("What time brings about")
struct ScheduleTests {
    private let hour: TimeInterval = 3_600
    private let schedule = PaymentSchedule(terms: [
        gala: PaymentTerms(
            payWithin: 72 * 3_600, remindAfter: [24 * 3_600, 60 * 3_600], sendsInstructions: true)
    ])

    private func run(_ till: Till, at hours: Double) throws -> PaymentSchedule.Report {
        till.now = noon + hours * hour
        return try till.ledger.write { try schedule.run(now: till.now, in: $0) }
    }

    private func keys(_ till: Till) throws -> [String] {
        try till.ledger.read { try $0.effects(limit: 99).map(\.key) }
    }

    @Test("instructions, two reminders, the end; each once, run as often as you like")
    func life() throws {
        let till = try Till()
        try till.guest(1)
        var sent: [Int] = []
        for hours in stride(from: 0.0, through: 80, by: 4) {
            let before = try keys(till).count
            _ = try run(till, at: hours)
            _ = try run(till, at: hours)
            if try keys(till).count > before { sent.append(Int(hours)) }
        }
        #expect(sent == [0, 24, 60])
        #expect(
            try keys(till) == ["instructions.sms:g1", "reminder.sms:g1", "reminder.sms#2:g1"])
        #expect(try till.state(1) == .expired)
        try till.expectSound()
    }

    @Test(
        "each guest is written to by the first channel that reaches them, and by one only",
        arguments: [
            ([.email, .sms], "instructions.email:g1"), ([.sms, .email], "instructions.sms:g1"),
        ] as [([Channel], String)])
    func channels(_ order: [Channel], _ first: String) throws {
        let till = try Till()
        try till.guest(1)
        try till.ledger.write { books in
            for (number, phone) in [(2, "+49 170 1234567"), (3, nil)] {
                try books.insert(
                    Registration(
                        id: RegistrationID("g\(number)"), event: gala, name: nil,
                        email: "guest\(number)@example.org",
                        phone: phone.flatMap { PhoneNumber($0) }, due: lira(125_000),
                        reference: try code(number), registeredAt: noon))
            }
        }
        let terms = PaymentTerms(sendsInstructions: true)
        let schedule = PaymentSchedule(
            terms: [gala: terms], channels: ChannelOrder([.sms], events: [gala: order]))
        for hours in 0..<2 {
            let other = ChannelOrder(events: [gala: hours == 0 ? order : order.reversed()])
            let again = PaymentSchedule(terms: [gala: terms], channels: other)
            let now = noon + Double(hours) * hour
            _ = try till.ledger.write {
                try (hours == 0 ? schedule : again).run(now: now, in: $0)
            }
        }
        #expect(
            try keys(till).sorted()
                == [first, "instructions.email:g2", "instructions.email:g3"].sorted())
    }

    @Test("who has paid hears nothing and does not expire")
    func paid() throws {
        let till = try Till()
        try till.guest(1)
        try till.pay(125_000, "\(try code(1))")
        #expect(try run(till, at: 100) == PaymentSchedule.Report())
        #expect(try till.state(1) == .paid)
    }

    @Test("an agent that was off makes up for the last message, not for all")
    func off() throws {
        let till = try Till()
        try till.guest(1)
        #expect(try run(till, at: 61).messages == 1)
        #expect(try keys(till) == ["reminder.sms#2:g1"])
    }

    @Test("nobody expires while a payment that may be theirs lies before a person")
    func proposed() throws {
        let till = try Till()
        try till.guest(1)
        try till.pay(125_000, from: "MEHMET KARACA")
        #expect(try run(till, at: 100).expired == 0)
        try till.answer(.ignore)
        #expect(try run(till, at: 101).expired == 1)
        #expect(try till.state(1) == .expired)
    }

    @Test("a part that was paid becomes due back with the end")
    func part() throws {
        let till = try Till()
        try till.guest(1)
        try till.pay(100_000, "\(try code(1))")
        #expect(try run(till, at: 100).expired == 1)
        #expect(try till.state(1) == .refundDue)
        #expect(try till.ledger.read { try $0.refundsDue() }.map(\.amount) == [lira(100_000)])
        try till.expectSound()
    }

    @Test("who pays too little hears the rest with each decision, and is reminded of it")
    func rest() throws {
        let till = try Till(instructed: [gala])
        try till.guest(1)
        _ = try run(till, at: 0)
        try till.carryOut()
        try till.pay(25_000, "\(try code(1))")
        #expect(try keys(till) == ["instructions.sms:g1", "instructions.sms#2:g1"])
        _ = try run(till, at: 0.1)
        try till.carryOut()
        try till.pay(50_000, "\(try code(1))", after: 600)
        let told = ["instructions.sms:g1", "instructions.sms#2:g1", "instructions.sms#3:g1"]
        #expect(try keys(till) == told)
        // Taken back, it is not said.
        try till.undo(try till.lastDecision())
        #expect(try keys(till) == told.dropLast())
        try till.expectSound()
        #expect(try run(till, at: 24).messages == 1)
        #expect(try keys(till).last == "reminder.sms:g1")
        #expect(try till.registration(1).open == lira(100_000))
        // With the rest nothing more is said about paying.
        try till.pay(100_000, "\(try code(1))", after: 60)
        try till.carryOut()
        #expect(try till.state(1) == .confirmed)
        let sent = try till.ledger.read { try $0.effects(in: [.done], limit: 9).map(\.key) }
        #expect(sent == told.dropLast() + ["luma.approve:g1", "ticket.sms:g1"])
    }

    @Test("an event that tells nothing about paying tells nothing about the rest")
    func silentRest() throws {
        let till = try Till()
        try till.guest(1)
        try till.pay(25_000, "\(try code(1))")
        #expect(try keys(till).isEmpty)
    }

    @Test("late money revives, once the end is undone by it the place is counted")
    func revived() throws {
        let till = try Till(
            MatchingPolicy(
                ownAccounts: .any, ownAddresses: .any, events: [gala: EventPolicy(seats: 1)]))
        try till.guest(1)
        try till.guest(2, "Bora Tanyel")
        _ = try run(till, at: 73)
        #expect(try till.state(1) == .expired && till.state(2) == .expired)
        try till.pay(125_000, "\(try code(1))")
        #expect(try till.state(1) == .paid)
        let second = try till.pay(125_000, from: "BORA TANYEL", "\(try code(2))", after: 60)
        #expect(second.verdict.kind == .review && second.verdict.reasons.contains(.noSeatFree))
        try till.expectSound()
        try till.ledger.write { books in
            try till.desk.undo(
                try #require(try books.decisions(about: PaymentID(1)).first).id, by: "x",
                now: till.now, in: books)
        }
        #expect(try till.state(1) == .expired)
        try till.expectSound()
    }

    @Test("money first: matched when its registration appears, unless the switch says ask")
    func moneyFirst() throws {
        for isOn in [true, false] {
            let switches: [EvidenceRow: MatchingPolicy.Decision] =
                isOn ? [:] : [.moneyFirst: .review]
            let till = try Till(
                MatchingPolicy(
                    ownAccounts: .any, ownAddresses: .any,
                    events: [gala: EventPolicy(switches: switches)]))
            try till.pay(125_000, "\(try code(1))")
            #expect(try till.open.count == 1)
            try till.guest(1)
            #expect(try till.state(1) == (isOn ? .paid : .awaitingPayment))
            #expect(try till.open.count == (isOn ? 0 : 1))
            try till.expectSound()
            if isOn {
                let report = try till.undo(try till.lastDecision())
                #expect(report.review != nil)
                #expect(try till.state(1) == .awaitingPayment)
                try till.expectSound()
            }
        }
    }

    @Test(
        "money first, to an account that the notice does not print: the To that the bank signed tells",
        arguments: [
            (["Kasa@example.org"], RegistrationState.paid),
            (["other@example.org"], .awaitingPayment), ([], .awaitingPayment),
        ])
    func signedTo(recipients: [String], state: RegistrationState) throws {
        let till = try Till(
            MatchingPolicy(ownAccounts: .any, ownAddresses: .these(["kasa@example.org"])))
        try till.pay(125_000, "\(try code(1))", to: recipients)
        try till.guest(1)
        #expect(try till.state(1) == state)
        #expect(try till.open.count == (state == .paid ? 0 : 1))
        try till.expectSound()
    }

    @Test("the receipt that brings the code need not bear the To that the notice bore")
    func receiptWithoutTo() throws {
        for recipients in [["kasa@example.org"], []] {
            let till = try Till(
                MatchingPolicy(ownAccounts: .any, ownAddresses: .these(["kasa@example.org"])))
            try till.guest(1, "Bora Tanyel")
            try till.pay(125_000, rule: "bank/notice", to: recipients)
            try till.pay(125_000, "\(try code(1))", rule: "bank/receipt", id: "F1", after: 20)
            #expect(try till.state(1) == (recipients.isEmpty ? .awaitingPayment : .paid))
            try till.expectSound()
        }
    }

    @Test("a payer is remembered only for a guest who agreed, and forgotten with them")
    func memory() throws {
        for agrees in [true, false] {
            let till = try Till()
            let guest = try till.guest(1, remembers: agrees)
            try till.pay(125_000, from: "MEHMET KARACA", "\(try code(1))")
            let payer = try #require(PersonName("Karaca Mehmet"))
            #expect(
                try till.ledger.read { try $0.isRemembered(payer: payer, for: guest) } == agrees)
            try till.ledger.write { _ = try $0.forget(guest.id, at: noon) }
            #expect(!(try till.ledger.read { try $0.isRemembered(payer: payer, for: guest) }))
        }
    }
}

@Suite("Instructions")
struct PayeeTests {
    @Test("hold the account, what is still to pay, the code and the link")
    func text() throws {
        let iban = try #require(IBAN("TR33 0006 1005 1978 6457 8413 26"))
        let payee = Payee(
            iban: iban, holder: "SAHNE {code} DERNEĞİ", link: "https://example.org/ode?a=1",
            instructions: "{amount} {iban} {holder} {code} {link} {x}", reminder: "{code}")
        let till = try Till()
        try till.guest(1, own: 7)
        try till.pay(25_000, "\(try code(1))")
        let guest = try till.registration(1)
        #expect(
            payee.text(for: guest, isReminder: false)
                == "1.000,07 TL TR330006100519786457841326 SAHNE {code} DERNEĞİ \(try code(1)) "
                + "https://example.org/ode?a=1&ref=\(try code(1)) {x}")
        #expect(payee.text(for: guest, isReminder: true) == (try code(1)).text)
    }

    @Test(
        "the code is a query of the link, whatever the link has",
        arguments: [
            ("https://e.org/ode", "https://e.org/ode?ref="),
            ("https://e.org/?a=1", "https://e.org/?a=1&ref="),
            ("https://e.org/ode#form", "https://e.org/ode?ref="),
            ("https://e.org/ode?a=1#form?b", "https://e.org/ode?a=1&ref="),
        ])
    func link(_ link: String, _ start: String) throws {
        let iban = try #require(IBAN("TR33 0006 1005 1978 6457 8413 26"))
        let end = link.drop { $0 != "#" }
        #expect(
            Payee(iban: iban, holder: "X", link: link).link(for: try code(1))
                == "\(start)\(try code(1))\(end)")
    }

    @Test(
        "an account number is one only when its check digits fit",
        arguments: [
            ("TR330006100519786457841326", true), ("tr33 0006 1005 1978 6457 8413 26", true),
            ("DE89370400440532013000", true), ("TR330006100519786457841325", false),
            ("TR33000610051978645784132", false), ("TR33 XXXX 1005 1978 6457 8413 26", false),
            ("", false), ("TRTRTRTRTRTRTRTRTRTRTRTRTR", false),
        ] as [(String, Bool)])
    func iban(_ text: String, _ fits: Bool) { #expect((IBAN(text) != nil) == fits) }
}
