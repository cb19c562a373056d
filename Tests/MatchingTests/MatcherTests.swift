// SPDX-License-Identifier: Apache-2.0

import Domain
import Matching
import Testing

private let elif = guest("elif", "Elif Karaca", "KTF6HV349")
private let bora = guest("bora", "Bora Tanyel", "KT834JJ46")
private let selin = guest("selin", "Selin Örge", "KTP6DJ6PD", due: 85_000)
private let book = Book(registrations: [elif, bora, selin])
private let verified = TrustVerdict(.verified, by: "dkim garantibbva.com.tr")

private func judge(
    _ notice: PaymentNotice, _ book: Book = book, trust: TrustVerdict = verified,
    policy: MatchingPolicy = .believing, draft: Bool = false, reasons: [Reason] = []
) throws -> Verdict {
    try Matcher(policy: policy).verdict(
        for: notice, trust: trust, ruleIsDraft: draft, reasons: reasons, lookup: book)
}

private func expect(
    _ verdict: Verdict, _ kind: Verdict.Kind, books: [String: Int64] = [:], _ reasons: [Reason],
    candidates: [String] = [], location: SourceLocation = #_sourceLocation
) {
    #expect(verdict.kind == kind, sourceLocation: location)
    let booked = verdict.allocations.map { ($0.registration.text, $0.amount.minorUnits) }
    #expect(
        Dictionary(booked, uniquingKeysWith: +) == books, sourceLocation: location)
    #expect(verdict.reasons == reasons, sourceLocation: location)
    #expect(
        verdict.candidates.map(\.registration.text) == candidates, sourceLocation: location)
}

@Suite("Payments with a code")
struct CodeVerdictTests {
    @Test("Code and amount right: approve")
    func exact() throws {
        let verdict = try judge(notice(125_000, from: "ELİF KARACA", "Ktf6hv349"))
        expect(verdict, .approve, books: ["elif": 125_000], [.codeExact, .amountEqual, .nameEqual])
        #expect(verdict.reference == elif.reference)
    }

    @Test("Somebody else pays: approve, noted")
    func otherPayer() throws {
        let verdict = try judge(notice(125_000, from: "ÇINAR YAPIM A.Ş.", "ücret KT F6HV349"))
        expect(
            verdict, .approve, books: ["elif": 125_000],
            [.codeExact, .amountEqual, .nameDiffers, .companyPays])
    }

    @Test("Too little is booked; the rest completes the sum")
    func underpaid() throws {
        let first = try judge(notice(100_000, from: nil, "KTF6HV349"))
        expect(
            first, .underpaid, books: ["elif": 100_000], [.codeExact, .amountTooLow, .nameMissing])
        let half = guest("elif", "Elif Karaca", "KTF6HV349", paid: 100_000, .underpaid)
        let second = try judge(
            notice(25_000, from: nil, "KTF6HV349"), Book(registrations: [half]))
        expect(
            second, .approve, books: ["elif": 25_000], [.codeExact, .amountCompletes, .nameMissing])
    }

    @Test("Too much approves and leaves a credit")
    func overpaid() throws {
        let verdict = try judge(notice(130_000, from: "Elif Karaca", "KTF6HV349"))
        expect(
            verdict, .overpaid, books: ["elif": 125_000], [.codeExact, .amountTooHigh, .nameEqual])
        #expect(verdict.surplus == lira(5_000))
    }

    @Test("Several codes that add up are split, others are a person's")
    func split() throws {
        let text = "KTF6HV349 ve KTP6DJ6PD"
        expect(
            try judge(notice(210_000, from: "Elif Karaca", text)), .split,
            books: ["elif": 125_000, "selin": 85_000], [.codeExact, .amountsAddUp])
        expect(
            try judge(notice(209_999, from: "Elif Karaca", text)), .review, [.codeAmbiguous],
            candidates: ["elif", "selin"])
        expect(
            try judge(notice(125_000, from: "Elif Karaca", "KTF6HV349 KT94PJ3RK")), .review,
            [.codeExact, .amountEqual, .nameEqual, .codeUnknown], candidates: ["elif"])
        expect(
            try judge(notice(110_000, from: "Elif Karaca", "KTF6HV349 KT94PJ3RK")), .review,
            [.codeAmbiguous, .codeUnknown], candidates: ["elif"])
        expect(
            try judge(notice(210_000, from: "Elif Karaca", text + " KT94PJ3RK")), .review,
            [.codeExact, .amountsAddUp, .codeUnknown], candidates: ["elif", "selin"])
    }

    @Test("A code with a slip beside right ones proposes its guest, and books nothing")
    func slipBeside() throws {
        let slip = "KTP6DJ6PA"
        let ada = guest("ada", "Ada Kor", "KT834JJ46", due: 40_000)
        let all = Book(registrations: [elif, selin, ada])
        expect(
            try judge(notice(250_000, from: nil, "KTF6HV349 \(slip) KT834JJ46"), all), .review,
            [.codeExact, .codeRepaired, .amountsAddUp], candidates: ["ada", "elif", "selin"])
        expect(
            try judge(notice(85_000, from: nil, "KT94PJ3RK \(slip)"), all), .review,
            [.codeUnknown, .amountEqual, .nameMissing], candidates: ["selin"])
        let paid = guest("elif", "Elif Karaca", "KTF6HV349", paid: 125_000, .confirmed)
        let verdict = try judge(
            notice(85_000, from: nil, "KTF6HV349 \(slip)"), Book(registrations: [paid, selin]))
        #expect(verdict.kind == .duplicate)
        #expect(verdict.candidates.map(\.registration.text) == ["selin", "elif"])
        // A right code that stands there twice is no slip of another one.
        let twice = try judge(notice(125_000, from: nil, "KTF6HV349 KTF6HV349"), all)
        expect(
            twice, .approve, books: ["elif": 125_000], [.codeExact, .amountEqual, .nameMissing])
    }

    @Test("One slip is mended when amount and name agree")
    func repaired() throws {
        for text in ["KTF6HV3A9", "KTF6HV34", "KTF6HVV349", "KTF6H3V49", "KIF6HV349"] {
            let verdict = try judge(notice(125_000, from: "ELIF KARACA", text))
            expect(
                verdict, .approve, books: ["elif": 125_000],
                [.codeRepaired, .amountEqual, .nameEqual])
            #expect(verdict.reference == elif.reference)
        }
        expect(
            try judge(notice(125_000, from: "BORA TANYEL", "KTF6HV3A9")), .review,
            [.codeRepaired, .amountEqual, .nameDiffers], candidates: ["elif"])
        expect(
            try judge(notice(125_000, from: "E*** K*****", "KTF6HV3A9")), .review,
            [.codeRepaired, .amountEqual, .nameMasked], candidates: ["elif"])
        expect(
            try judge(notice(120_000, from: "ELIF KARACA", "KTF6HV3A9")), .review,
            [.codeRepaired, .amountTooLow, .nameEqual], candidates: ["elif"])
        expect(
            try judge(
                notice(125_000, from: "ELIF KARACA", "KTF6HV3A9"),
                policy: MatchingPolicy(ownAccounts: .any, ownAddresses: .any, repairedCode: .review)
            ), .review,
            [.switchedOff, .codeRepaired, .amountEqual, .nameEqual], candidates: ["elif"])
    }

    @Test("A valid code of nobody speaks against the name")
    func unknownCode() throws {
        let verdict = try judge(notice(125_000, from: "Elif Karaca", "KT94PJ3RK"))
        expect(
            verdict, .review, [.codeUnknown, .amountEqual, .nameEqual, .onlyCandidate],
            candidates: ["elif"])
        #expect(verdict.reference?.text == "KT94PJ3RK")
    }

    @Test("A second payment is a duplicate", arguments: [RegistrationState.paid, .confirmed])
    func duplicate(state: RegistrationState) throws {
        let paid = guest("elif", "Elif Karaca", "KTF6HV349", paid: 125_000, state)
        let verdict = try judge(
            notice(125_000, from: "Elif Karaca", "KTF6HV349"), Book(registrations: [paid]))
        expect(
            verdict, .duplicate, [.codeExact, .amountEqual, .nameEqual, .alreadyPaid],
            candidates: ["elif"])
    }

    @Test(
        "A registration that waits for no money is a person's",
        arguments: [RegistrationState.waitlisted, .refundDue, .refunded, .suspended])
    func closed(state: RegistrationState) throws {
        let closed = guest("elif", "Elif Karaca", "KTF6HV349", state)
        let verdict = try judge(
            notice(125_000, from: "Elif Karaca", "KTF6HV349"), Book(registrations: [closed]))
        expect(
            verdict, .review, [.codeExact, .amountEqual, .nameEqual, .registrationClosed],
            candidates: ["elif"])
    }

    @Test("Another currency is a person's")
    func otherCurrency() throws {
        let euro = try #require(Currency("EUR"))
        let verdict = try judge(
            notice(125_000, from: "Elif Karaca", "Ticket Ktf6hv349", currency: euro))
        expect(
            verdict, .review, [.codeExact, .otherCurrency, .nameEqual], candidates: ["elif"])
    }
}

@Suite("Payments without a code")
struct NameVerdictTests {
    @Test("Full name and amount of exactly one open registration: approve")
    func nameAndAmount() throws {
        let payment = notice(125_000, from: "ELİF KARACA", "Para Transferi")
        let reasons: [Reason] = [.noCode, .amountEqual, .nameEqual, .onlyCandidate]
        expect(try judge(payment), .approve, books: ["elif": 125_000], reasons)
        expect(
            try judge(
                payment,
                policy: MatchingPolicy(
                    ownAccounts: .any, ownAddresses: .any, nameAndAmount: .review)), .review,
            [.switchedOff] + reasons,
            candidates: ["elif"])
    }

    @Test(
        "A name that differs in a title that is a surname, or in a letter, is a person's",
        arguments: [
            ("MEHMET ALİ BAY", ["Mehmet Ali Sayın"]), ("AYŞE NUR SAYIN", ["Ayşe Nur"]),
            ("ALİ CAN", ["Ali Bay Can"]), ("BAY MEHMET ALİ", ["Mehmet Ali"]),
            ("AYŞE CAN", ["Ayşe Çan"]), ("ALİ ÇAN", ["Ali Can"]),
            ("BORA TANYEL", ["Bora Tanyel", "Sayın Bora Tanyel"]),
            ("BORA TANYEL", ["Bora Tanyel", "Bora Tanyel Hanım"]),
        ])
    func nearlyEqual(payer: String, names: [String]) throws {
        let guests = zip(names, ["KTF6HV349", "KT834JJ46"]).map { guest($0, $0, $1) }
        let verdict = try judge(notice(125_000, from: payer, nil), Book(registrations: guests))
        #expect(verdict.kind == .review)
        #expect(Set(verdict.candidates.map(\.registration.text)) == Set(names))
    }

    @Test("The owner of the surname is approved, a guest of another one is not")
    func surnameOfTitle() throws {
        let guests = [
            guest("sayin", "Mehmet Ali Sayın", "KTF6HV349"),
            guest("bay", "Mehmet Ali Bay", "KT834JJ46"),
        ]
        let verdict = try judge(
            notice(125_000, from: "MEHMET ALİ BAY", nil), Book(registrations: guests))
        expect(
            verdict, .approve, books: ["bay": 125_000],
            [.noCode, .amountEqual, .nameEqual, .onlyCandidate])
    }

    @Test(
        "Initials, forms of address and joint accounts propose the guest",
        arguments: [
            "E. KARACA", "E. K.", "ELİF KARACA HANIM", "ELİF KARACA MÜŞTEREK HESAP",
            "BORA VE ELİF KARACA",
        ])
    func proposed(payer: String) throws {
        let verdict = try judge(notice(125_000, from: payer, nil))
        #expect(verdict.kind == .review)
        #expect(verdict.candidates.first?.registration.text == "elif")
    }

    @Test(
        "A guest who wrote an initial is a person's, alone or beside one of the full name",
        arguments: ["Elif K.", "E. K.", "E. Karaca", "Elif N. Karaca"])
    func initialOfGuest(name: String) throws {
        let short = guest("short", name, "KT834JJ46")
        for guests in [[short], [short, elif]] {
            let verdict = try judge(
                notice(125_000, from: name, nil), Book(registrations: guests))
            #expect(verdict.kind == .review)
            #expect(
                Set(verdict.candidates.map(\.registration)) == Set(guests.map(\.id)))
        }
    }

    @Test("Two who fit are a person's, also when one has a middle name")
    func twoCandidates() throws {
        for name in ["Elif Karaca", "Elif Nur Karaca"] {
            let other = guest("other", name, "KT834JJ46")
            let verdict = try judge(
                notice(125_000, from: "Elif Karaca", nil), Book(registrations: [other, elif]))
            expect(
                verdict, .review, [.noCode, .severalCandidates],
                candidates: ["elif", "other"])
        }
    }

    @Test("Two who fit are a person's, whichever of their names comes first")
    func otherOrder() throws {
        let one = guest("one", "Elif Nur Karaca", "KTF6HV349")
        let other = guest("other", "Nur Karaca Elif", "KT834JJ46")
        let verdict = try judge(
            notice(125_000, from: "ELİF NUR KARACA", nil), Book(registrations: [one, other]))
        expect(verdict, .review, [.noCode, .severalCandidates], candidates: ["one", "other"])
    }

    @Test(
        "Less than a full name is a person's",
        arguments: [
            ("E*** K*****", Reason.nameMasked), ("Elif K.", .nameMasked), ("ELİF", .nameMasked),
            ("Karaca Elif", .nameAgrees), ("Elif Nur Karaca", .nameAgrees),
            ("Mehmet Karaca", .nameDiffers),
        ])
    func weakNames(payer: String, reason: Reason) throws {
        let verdict = try judge(notice(125_000, from: payer, nil), Book(registrations: [elif]))
        expect(verdict, .review, [.noCode, .amountEqual, reason], candidates: ["elif"])
    }

    @Test("Right name, wrong amount is a person's; nobody at all too")
    func weakAmounts() throws {
        expect(
            try judge(notice(124_999, from: "Elif Karaca", nil)), .review,
            [.noCode, .amountTooLow, .nameEqual], candidates: ["elif"])
        expect(
            try judge(notice(99_000, from: "Jonas Weber", "Belirtilmedi")), .review,
            [.noCode, .noCandidate])
        expect(
            try judge(notice(99_000, from: nil, nil)), .review,
            [.noCode, .nameMissing, .noCandidate]
        )
    }

    @Test("One of the payer's surname comes before one of the payer's given name")
    func family() throws {
        let guests = [
            guest("given", "Hande Çelikten", "KTF6HV349"), guest("family", "Can Say", "KT834JJ46"),
        ]
        let verdict = try judge(
            notice(125_000, from: "HANDE SAY", nil), Book(registrations: guests))
        expect(verdict, .review, [.noCode], candidates: ["family", "given"])
    }

    @Test("Where nobody better is known, those who owe the sum are proposed, and only then")
    func owing() throws {
        let one = try judge(notice(85_000, from: "Zeynep Uzak", nil))
        expect(one, .review, [.noCode, .amountEqual, .nameDiffers], candidates: ["selin"])
        let two = try judge(notice(125_000, from: "Zeynep Uzak", nil))
        expect(two, .review, [.noCode], candidates: ["bora", "elif"])
        let near = try judge(notice(125_000, from: "Selin Orge", nil))
        #expect(near.candidates.map(\.registration.text) == ["selin"])
        let many = (1...20).map { guest("g\($0)", "Bora Tanyel \($0)", "KT834JJ46") }
        let some = try judge(
            notice(125_000, from: "Zeynep Uzak", nil), Book(registrations: many))
        #expect(some.candidates.count == 5)
    }

    @Test("A guest whom the payer names is proposed, and no more")
    func named() throws {
        let text = "ELİF KARACA'nın kurs ücreti"
        expect(
            try judge(notice(125_000, from: "Mavi Deniz Ltd. Şti.", text)), .review,
            [.noCode, .amountEqual, .nameDiffers, .nameInDescription, .companyPays],
            candidates: ["elif"])
        expect(
            try judge(notice(125_000, from: nil, text)), .review, [.noCode, .nameMissing],
            candidates: ["elif", "bora"])
    }

    @Test("Who has paid already is not approved again by name")
    func paidByName() throws {
        let paid = guest("elif", "Elif Karaca", "KTF6HV349", paid: 125_000, .confirmed)
        let verdict = try judge(
            notice(125_000, from: "Elif Karaca", nil), Book(registrations: [paid]))
        expect(
            verdict, .review, [.noCode, .amountEqual, .nameEqual, .alreadyPaid],
            candidates: ["elif"])
    }
}

@Suite("Doubts")
struct DoubtTests {
    @Test(
        "Every doubt turns approval into a proposal and stands first",
        arguments: [
            (Trust.unverified, false, [], [Reason.senderUnverified]),
            (.forged, false, [], [.senderForged]),
            (.vouched, true, [], [.ruleIsDraft]),
            (.verified, false, [.timeSuspicious], [.timeSuspicious]),
            (.forged, true, [.timeSuspicious], [.senderForged, .ruleIsDraft, .timeSuspicious]),
        ] as [(Trust, Bool, [Reason], [Reason])])
    func doubts(trust: Trust, draft: Bool, given: [Reason], first: [Reason]) throws {
        let verdict = try judge(
            notice(125_000, from: "Elif Karaca", "KTF6HV349"), trust: TrustVerdict(trust),
            draft: draft, reasons: given)
        expect(
            verdict, .review, first + [.codeExact, .amountEqual, .nameEqual], candidates: ["elif"])
        #expect(verdict.surplus == nil)
    }

    @Test("No doubted verdict books anything, whatever the payment")
    func nothingIsBooked() throws {
        for amount: Int64 in [1, 85_000, 125_000, 130_000, 210_000, .max] {
            for text in ["KTF6HV349", "KTF6HV349 KTP6DJ6PD", "KTF6HV34O", nil] {
                let verdict = try judge(
                    notice(amount, from: "Elif Karaca", text), trust: TrustVerdict(.unverified))
                #expect(verdict.kind == .review && verdict.allocations.isEmpty)
            }
        }
    }

    @Test("Nothing is nothing, less than nothing is a person's")
    func oddAmounts() throws {
        expect(try judge(notice(0, from: "Elif Karaca", "KTF6HV349")), .none, [.noCandidate])
        let verdict = try judge(notice(.min, from: "Elif Karaca", "KTF6HV349"))
        #expect(verdict.kind == .review && verdict.allocations.isEmpty)
        #expect(verdict.reasons.first == .mailUnclear)
    }
}
