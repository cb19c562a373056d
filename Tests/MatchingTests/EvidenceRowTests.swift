// SPDX-License-Identifier: Apache-2.0

import Domain
import FoundationEssentials
import Matching
import Testing

private let kt = EventID("kt")
private let verified = TrustVerdict(.verified)

private func policy(_ rows: [EvidenceRow], seats: Int? = nil) -> MatchingPolicy {
    let switches = Dictionary(
        uniqueKeysWithValues: rows.map { ($0, MatchingPolicy.Decision.review) })
    return MatchingPolicy(
        ownAccounts: .any, ownAddresses: .any,
        events: [kt: EventPolicy(switches: switches, seats: seats)])
}

/// A payment for each row that decides it.
private struct Row: CustomTestStringConvertible, Sendable {
    let row: EvidenceRow
    let kind: Verdict.Kind
    let guests: [Registration]
    let payment: PaymentNotice

    var testDescription: String { row.rawValue }

    static let elif = guest("elif", "Elif Karaca", "KTF6HV349")
    static let selin = guest("selin", "Selin Örge", "KTP6DJ6PD", due: 85_000)

    static let all = [
        Row(
            row: .code, kind: .approve, guests: [elif],
            payment: notice(125_000, from: "Elif Karaca", "KTF6HV349")),
        Row(
            row: .otherPayer, kind: .approve, guests: [elif],
            payment: notice(125_000, from: "Bora Tanyel", "KTF6HV349")),
        Row(
            row: .tooLittle, kind: .underpaid, guests: [elif],
            payment: notice(100_000, from: "Elif Karaca", "KTF6HV349")),
        Row(
            row: .tooMuch, kind: .overpaid, guests: [elif],
            payment: notice(130_000, from: "Elif Karaca", "KTF6HV349")),
        Row(
            row: .split, kind: .split, guests: [elif, selin],
            payment: notice(210_000, from: "Elif Karaca", "KTF6HV349 KTP6DJ6PD")),
        Row(
            row: .repairedCode, kind: .approve, guests: [elif],
            payment: notice(125_000, from: "Elif Karaca", "KTF6HV3A9")),
        Row(
            row: .ownAmount, kind: .approve,
            guests: [guest("own", "Elif Karaca", "KTF6HV349", due: 125_007, own: 7)],
            payment: notice(125_007, from: nil, nil)),
        Row(
            row: .nameAndAmount, kind: .approve, guests: [elif],
            payment: notice(125_000, from: "Elif Karaca", nil)),
        Row(
            row: .latePayment, kind: .approve,
            guests: [guest("late", "Elif Karaca", "KTF6HV349", .expired)],
            payment: notice(125_000, from: "Elif Karaca", "KTF6HV349")),
    ]
}

@Suite("The evidence table")
struct EvidenceRowTests {
    private func judge(
        _ payment: PaymentNotice, _ guests: [Registration],
        _ policy: MatchingPolicy = .believing, to recipients: [String] = []
    ) throws -> Verdict {
        try Matcher(policy: policy).verdict(
            for: payment, trust: verified, recipients: recipients,
            lookup: Book(registrations: guests))
    }

    @Test(
        "decides each row, and its event's switch alone leaves it to a person", arguments: Row.all)
    fileprivate func switches(_ row: Row) throws {
        let open = try judge(row.payment, row.guests)
        #expect(open.kind == row.kind && !open.allocations.isEmpty)
        let closed = try judge(row.payment, row.guests, policy([row.row]))
        #expect(closed.kind == .review && closed.allocations.isEmpty)
        #expect(closed.reasons.first == .switchedOff)
        let likeness = NameSimilarity.score(row.payment, row.guests.first?.name)
        #expect(closed.candidates.first?.similarity == likeness)
        #expect(closed.candidates.first?.registration == open.allocations.first?.registration)
        // Switches of other rows do not matter; a payer of another name is a code's row too.
        let others = EvidenceRow.allCases.filter {
            $0 != row.row && !($0 == .code && [.otherPayer, .latePayment].contains(row.row))
        }
        #expect(try judge(row.payment, row.guests, policy(others)) == open)
        let elsewhere = MatchingPolicy(
            ownAccounts: .any, ownAddresses: .any,
            events: [
                EventID("other"): EventPolicy(switches: [row.row: .review])
            ])
        #expect(try judge(row.payment, row.guests, elsewhere) == open)
    }

    @Test("leaves money that came long before its registration to a person, with a code or without")
    func longBefore() throws {
        let day: TimeInterval = 86_400
        func verdict(_ days: Double, _ words: String?) throws -> Verdict {
            var late = notice(125_000, from: "ELİF KARACA", words)
            late.occurredAt -= days * day
            return try judge(late, [Row.elif])
        }
        #expect(try verdict(60, nil).kind == .approve)
        let old = try verdict(61, nil)
        #expect(old.kind == .review && old.reasons.first == .paidLongBefore)
        #expect(old.candidates.map(\.registration) == [Row.elif.id])
        #expect(old.candidates.map(\.similarity) == [100])
        #expect(try verdict(700, "KTF6HV3A9").reasons.first == .paidLongBefore)
        // A code is not written before it is issued; some days or weeks are the import's.
        #expect(try verdict(60, "KTF6HV349").kind == .approve)
        let coded = try verdict(61, "KTF6HV349")
        #expect(
            coded.kind == .review
                && coded.reasons == [.paidLongBefore, .codeExact, .amountEqual, .nameEqual])
        #expect(coded.reference?.text == "KTF6HV349")
        #expect(coded.candidates.map(\.registration) == [Row.elif.id])
    }

    @Test("keeps a second payment as credit where the event says so")
    func second() throws {
        let paid = guest("elif", "Elif Karaca", "KTF6HV349", paid: 125_000, .confirmed)
        let payment = notice(125_000, from: "Elif Karaca", "KTF6HV349")
        #expect(try judge(payment, [paid]).kind == .duplicate)
        let credit = MatchingPolicy(
            ownAccounts: .any, ownAddresses: .any,
            events: [
                kt: EventPolicy(switches: [.secondPayment: .approve])
            ])
        #expect(try judge(payment, [paid], credit).kind == .credit)
    }

    @Test("revives within the grace period, while a place is free, for the whole sum")
    func late() throws {
        let day: TimeInterval = 86_400
        func verdict(
            since: TimeInterval = 0, minor: Int64 = 125_000, seats: Int? = nil,
            _ state: RegistrationState = .expired
        ) throws -> Verdict {
            let late = guest("late", "Elif Karaca", "KTF6HV349", since: since, state)
            let other = guest("other", "Bora Tanyel", "KT834JJ46", paid: 125_000, .confirmed)
            return try judge(
                notice(minor, from: "Elif Karaca", "KTF6HV349"), [late, other],
                policy([], seats: seats))
        }
        for state in [RegistrationState.expired, .cancelled] {
            let verdict = try verdict(state)
            #expect(verdict.kind == .approve && verdict.allocations.first?.revives == true)
        }
        #expect(try verdict(since: -2 * day).kind == .approve)
        #expect(try verdict(since: -2 * day - 1).reasons.last == .graceOver)
        #expect(try verdict(seats: 2).kind == .approve)
        #expect(try verdict(seats: 1).reasons.last == .noSeatFree)
        #expect(try verdict(minor: 124_999).kind == .review)
        #expect(try verdict(minor: 130_000).kind == .overpaid)
        #expect(try verdict(.refunded).kind == .review)
    }

    @Test("knows an own sum by itself, unless a name or another guest speaks against it")
    func own() throws {
        let own = guest("own", "Elif Karaca", "KTF6HV349", due: 125_007, own: 7)
        for payer in [nil, "E*** K*****", "Karaca Elif", "ELİF KARACA"] {
            #expect(try judge(notice(125_007, from: payer, nil), [own]).kind == .approve)
        }
        #expect(try judge(notice(125_007, from: "Bora Tanyel", nil), [own]).kind == .review)
        #expect(try judge(notice(125_006, from: nil, nil), [own]).kind == .review)
        let same = guest("same", "Bora Tanyel", "KT834JJ46", due: 125_007)
        #expect(try judge(notice(125_007, from: nil, nil), [own, same]).kind == .review)
        let paid = guest(
            "paid", "Bora Tanyel", "KT834JJ46", due: 125_007, paid: 125_007, own: 7, .confirmed)
        #expect(try judge(notice(125_007, from: nil, nil), [own, paid]).kind == .review)
        #expect(
            try judge(notice(125_007, from: "Elif Karaca", "Kurs KT94PJ3RK"), [own]).kind == .review
        )
    }

    @Test("proposes the owner of an own sum first, whoever pays, and one who has paid as well")
    func ownProposed() throws {
        let own = guest("own", "Bora Tanyel", "KTF6HV349", due: 125_075, own: 75)
        let elif = guest("elif", "Elif Karaca", "KT834JJ46", due: 125_038, own: 38)
        let verdict = try judge(notice(125_075, from: "ELİF KARACA", nil), [elif, own])
        #expect(verdict.kind == .review)
        #expect(verdict.candidates.map(\.registration.text) == ["own", "elif"])
        #expect(verdict.candidates[0].reasons.contains(.amountOwn))
        let paid = guest(
            "paid", "Elif Karaca", "KTP6DJ6PD", due: 125_038, paid: 125_038, own: 38, .confirmed)
        for payer in ["ELİF KARACA", "NEHİR ATALAN"] {
            let again = try judge(notice(125_038, from: payer, nil), [own, paid])
            #expect(again.kind == .review)
            #expect(again.candidates.first?.registration == paid.id)
            #expect(again.candidates.first?.reasons.contains(.alreadyPaid) == true)
        }
    }

    @Test("lets the own kuruş go when the code is right, and no more than that")
    func waived() throws {
        let own = guest("own", "Elif Karaca", "KTF6HV349", due: 125_007, own: 7)
        for (minor, waived) in [(125_007, 0), (125_000, 7), (125_004, 3)] as [(Int64, Int64)] {
            let verdict = try judge(notice(minor, from: nil, "KTF6HV349"), [own])
            #expect(verdict.kind == .approve && verdict.surplus == nil)
            #expect(verdict.allocations.first?.waivedMinorUnits == waived)
        }
        #expect(try judge(notice(124_999, from: nil, "KTF6HV349"), [own]).kind == .underpaid)
    }

    @Test("asks when a namesake who has paid may have paid twice, but not about one guest's own")
    func rival() throws {
        let open = guest("open", "Elif Karaca", "KTF6HV349", email: "a@example.org")
        let stranger = guest(
            "paid", "Elif Karaca", "KT834JJ46", paid: 125_000, email: "b@example.org", .confirmed)
        let herself = guest(
            "paid", "Elif Karaca", "KT834JJ46", paid: 125_000, email: "A@example.org", .confirmed)
        let payment = notice(125_000, from: "Elif Karaca", nil)
        #expect(try judge(payment, [open, stranger]).reasons.contains(.rivalNear))
        #expect(try judge(payment, [open, herself]).kind == .approve)
    }

    @Test("takes the payer out of „X adına Y tarafından“ and proposes X")
    func onBehalf() throws {
        let guests = [Row.elif, guest("bora", "Bora Tanyel", "KT834JJ46")]
        for (payer, text) in [
            ("ELİF KARACA adına DENİZ AKSOYLU tarafından", nil),
            ("DENİZ AKSOYLU", "Elif Karaca adına kurs ücreti"),
        ] as [(String, String?)] {
            let verdict = try judge(notice(125_000, from: payer, text), guests)
            #expect(verdict.kind == .review)
            #expect(verdict.candidates.first?.registration == Row.elif.id)
            #expect(verdict.candidates.first?.reasons.contains(.paidOnBehalf) == true)
        }
    }

    @Test("ranks a remembered payer first, and decides nothing on it")
    func remembered() throws {
        var book = Book(registrations: [guest("bora", "Bora Karaca", "KT834JJ46"), Row.elif])
        book.remembered = ["MEHMET KARACA": [Row.elif.id]]
        let verdict = try Matcher(policy: .believing).verdict(
            for: notice(125_000, from: "MEHMET KARACA", nil), trust: verified, lookup: book)
        #expect(verdict.kind == .review)
        #expect(verdict.candidates.map(\.registration.text) == ["elif", "bora"])
        #expect(verdict.candidates[0].reasons.contains(.payerKnown))
    }

    @Test("believes a notice without an account only when it was written to us")
    func recipients() throws {
        let mine = MatchingPolicy(
            ownAccounts: .these(["412-0001567"]), ownAddresses: .these(["kasa@example.org"]))
        let payment = notice(125_000, from: nil, "KTF6HV349")
        #expect(try judge(payment, [Row.elif], mine).reasons.first == .accountUnknown)
        #expect(
            try judge(payment, [Row.elif], mine, to: ["x@example.org"]).reasons.first
                == .accountUnknown)
        #expect(try judge(payment, [Row.elif], mine, to: ["KASA@example.org"]).kind == .approve)
        let printed = notice(125_000, from: nil, "KTF6HV349", account: "412-****567")
        #expect(try judge(printed, [Row.elif], mine).kind == .approve)
    }
}

@Suite("Names that are nearly alike")
struct NameSimilarityTests {
    private static let table: [(payer: String, guest: String, least: Int, most: Int)] = [
        ("ELİF KARACA", "Elif Karaca", 100, 100), ("KARACA ELİF", "Elif Karaca", 90, 90),
        ("E*** K*****", "Elif Karaca", 70, 70), ("Elif Karca", "Elif Karaca", 80, 89),
        ("Elfi Karaca", "Elif Karaca", 80, 89), ("Mehmet Karaca", "Elif Karaca", 40, 60),
        ("Jonas Weber", "Elif Karaca", 0, 0), ("", "Elif Karaca", 0, 0),
        ("MAVİ DENİZ LTD. ŞTİ.", "Mavi Deniz", 90, 90),
    ]

    @Test("are placed on the scale, from either side", arguments: table.indices)
    func scale(_ place: Int) {
        let row = Self.table[place]
        let (payer, guest) = (PersonName(row.payer), PersonName(row.guest))
        let score = NameSimilarity.score(payer, guest)
        #expect((row.least...row.most).contains(score), "\(row): \(score)")
        #expect(score == NameSimilarity.score(guest, payer))
    }

    @Test("never approve anybody")
    func nothingDecided() throws {
        let elif = guest("elif", "Elif Karaca", "KTF6HV349")
        for payer in ["Elif Karca", "Elfi Karaca", "Elif Karacaa", "Elf Karaca"] {
            let verdict = try Matcher(policy: .believing).verdict(
                for: notice(125_000, from: payer, nil), trust: verified,
                lookup: Book(registrations: [elif]))
            #expect(verdict.kind == .review && verdict.candidates.count == 1)
            #expect(verdict.reasons.contains(.nameSimilar))
        }
    }
}
