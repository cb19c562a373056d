// SPDX-License-Identifier: Apache-2.0

import Domain
import FoundationEssentials
import Testing

private let lira = Currency.turkishLira

@Suite("Money")
struct MoneyTests {
    @Test(
        "A plain decimal is read",
        arguments: [
            ("1250.00", 125_000), ("1250", 125_000), ("1250.5", 125_050), ("0.07", 7), ("0", 0),
            ("007.10", 710), ("92233720368547758.07", Int64.max),
        ] as [(String, Int64)])
    func decimals(text: String, minorUnits: Int64) {
        #expect(Money(decimal: text, currency: lira)?.minorUnits == minorUnits)
    }

    @Test(
        "What could be read in two ways, or not at all, is nil",
        arguments: [
            "", ".", ".5", "1.", "1.250", "1.250,00", "1,250.00", "1 250.00", "-5.00", "+5.00",
            "1.2.3", "1e3", "0x10", "١٢", "１２.00", "92233720368547758.08", "99999999999999999999",
            "NaN", "5.0a", "5.-1", " 5.00",
        ])
    func refused(text: String) {
        #expect(Money(decimal: text, currency: lira) == nil)
    }

    @Test(
        "It prints as people in Turkey write it, and as a plain decimal",
        arguments: [
            (125_007, "1.250,07 TL", "1250.07"), (7, "0,07 TL", "0.07"),
            (99_999, "999,99 TL", "999.99"), (100_000_000, "1.000.000,00 TL", "1000000.00"),
            (-1_596, "-15,96 TL", "-15.96"),
            (.min, "-92.233.720.368.547.758,08 TL", "-92233720368547758.08"),
        ] as [(Int64, String, String)])
    func prints(minorUnits: Int64, people: String, decimal: String) {
        let money = Money(minorUnits: minorUnits, currency: lira)
        #expect(money.description == people)
        #expect(money.decimal == decimal)
    }

    @Test("Sums that do not fit and sums of two currencies are nil")
    func sums() throws {
        let euro = Money(minorUnits: 1, currency: try #require(Currency("EUR")))
        let one = Money(minorUnits: 1, currency: lira)
        #expect(one.adding(one)?.minorUnits == 2)
        #expect(one.subtracting(one)?.minorUnits == 0)
        #expect(one.adding(euro) == nil)
        #expect(one.subtracting(euro) == nil)
        #expect(Money(minorUnits: .max, currency: lira).adding(one) == nil)
        #expect(Money(minorUnits: .min, currency: lira).subtracting(one) == nil)
        #expect(euro.description == "0,01 EUR")
    }

    @Test(
        "A currency is three letters; the lira has other names",
        arguments: [
            ("TRY", "TRY"), ("tl", "TRY"), ("TL", "TRY"), ("₺", "TRY"), ("eur", "EUR"),
            ("CZK", "CZK"), ("TR", nil), ("", nil), ("E1R", nil), ("EURO", nil), ("ÖRE", nil),
            ("TRYß", nil), ("ŉ", nil), ("ﬃ", nil), ("eﬀ", nil), ("ßs", nil),
        ] as [(String, String?)])
    func currencies(text: String, code: String?) {
        #expect(Currency(text)?.code == code)
    }

    @Test("What is still to pay is never below zero")
    func open() throws {
        let reference = try #require(ReferenceCode("KTF6HV349"))
        for (due, paid, open) in [(2, 0, 2), (2, 1, 1), (2, 2, 0), (2, 3, 0)]
            as [(
                Int64, Int64, Int64
            )]
        {
            let registration = Registration(
                id: RegistrationID("reg-1"), event: EventID("kt"), name: nil, email: nil,
                phone: nil, due: Money(minorUnits: due, currency: lira), reference: reference,
                registeredAt: Date(timeIntervalSinceReferenceDate: 0),
                paid: Money(minorUnits: paid, currency: lira))
            #expect(registration.open.minorUnits == open)
        }
    }
}
