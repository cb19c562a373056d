// SPDX-License-Identifier: Apache-2.0

import Domain
import FoundationEssentials
import Testing

@testable import Rules

@Suite("Amounts in a notice")
struct AmountTests {
    @Test(
        "what can be read in one way is read",
        arguments: [
            ("1.250,00 TL", nil, 125_000, "TRY"), ("1.250,00 TRY", nil, 125_000, "TRY"),
            ("TL 1.250,00", nil, 125_000, "TRY"), ("TRY 1,234.56", nil, 123_456, "TRY"),
            ("₺1.250", "turkish", 125_000, "TRY"), ("1.250,00₺", nil, 125_000, "TRY"),
            ("750 TL", nil, 75_000, "TRY"), ("12.500 TL", "turkish", 1_250_000, "TRY"),
            ("+1.250,00 TRY", nil, 125_000, "TRY"), ("1 500,50 CZK", nil, 150_050, "CZK"),
            ("1\u{A0}250,50 CZK", nil, 125_050, "CZK"), ("1,250.00 TL", nil, 125_000, "TRY"),
            ("45,5 TL", nil, 4_550, "TRY"), ("1250,00 TL", nil, 125_000, "TRY"),
            ("1.250.000 TL", nil, 125_000_000, "TRY"), ("120,00 EUR", "turkish", 12_000, "EUR"),
            ("1250", "plain", 125_000, "TRY"), ("1250.00", "plain", 125_000, "TRY"),
            ("1,250", "english", 125_000, "TRY"),
        ] as [(String, String?, Int64, String)])
    func readable(_ text: String, _ style: String?, _ minor: Int64, _ currency: String) throws {
        let currency = try #require(Currency(currency))
        let read = AmountText.read(
            text, style: style.flatMap(NumberStyle.init(rawValue:)), currency: .turkishLira)
        #expect(read == .money(Money(minorUnits: minor, currency: currency)))
    }

    @Test("what may be two numbers is ambiguous", arguments: ["1.250 TL", "1,250 TL", "12.500"])
    func ambiguous(_ text: String) {
        #expect(AmountText.read(text, style: nil, currency: .turkishLira) == .ambiguous)
    }

    @Test(
        "what is no number is unreadable, never zero",
        arguments: [
            "", "TL", "0,00 TL", "١٢٥٠,00 TL", "１.250,00 TL", "1.25,00 TL", "1.2500,00 TL",
            ",50 TL",
            "1.250,000,0 TL", "1..250 TL", "1.250,00,00 TL", "99999999999999999999 TL",
            "1.250,00 TL 5", "1.250,00 lira", "12-50 TL", "1\u{202E}250,00 TL", "EUR 5,00 TL",
        ])
    func unreadable(_ text: String) {
        #expect(AmountText.read(text, style: nil, currency: .turkishLira) == .unreadable)
        #expect(AmountText.read(text, style: .turkish, currency: .turkishLira) == .unreadable)
    }

    @Test("English numbers under a Turkish style are unreadable")
    func styles() {
        #expect(AmountText.read("1,250.00 TL", style: .turkish, currency: nil) == .unreadable)
        #expect(AmountText.read("1.250,00 TL", style: .english, currency: nil) == .unreadable)
        #expect(AmountText.read("-40,00 TL", style: .turkish, currency: nil) == .negative)
        #expect(AmountText.read("40,00", style: .turkish, currency: nil) == .noCurrency)
    }
}

@Suite("Dates in a notice")
struct DateTests {
    @Test(
        "every way of writing gives the same instant in Istanbul",
        arguments: [
            ("dd.MM.yyyy HH:mm:ss", "22.11.2026 14:05:33", "2026-11-22T11:05:33Z"),
            ("dd.MM.yyyy HH.mm", "22.11.2026 14.05", "2026-11-22T11:05:00Z"),
            ("dd/MM/yyyy-HH:mm:ss", "22/11/2026-14:05:33", "2026-11-22T11:05:33Z"),
            ("dd-MM-yyyy HH:mm", "22-11-2026 14:05", "2026-11-22T11:05:00Z"),
            ("d.MM.yyyy HH:mm", "8.05.2026 18:22", "2026-05-08T15:22:00Z"),
            ("d MMMM yyyy HH:mm", "22 Kasım 2026 14:05", "2026-11-22T11:05:00Z"),
            ("d MMMM yyyy", "1 AĞUSTOS 2026", "2026-07-31T21:00:00Z"),
            ("MMM d, yyyy h:mm a", "Nov 22, 2026 2:05 PM", "2026-11-22T11:05:00Z"),
            ("dd.MM.yyyy h:mm a", "22.11.2026 12:00 AM", "2026-11-21T21:00:00Z"),
            ("dd.MM.yyyy h:mm a", "22.11.2026 12:05 pm", "2026-11-22T09:05:00Z"),
            ("dd.MM.yyyy hh:mm a", "22.11.2026 02:05 ÖS", "2026-11-22T11:05:00Z"),
            ("dd.MM.yyyy hh:mm a", "22.11.2026 12:05 öö", "2026-11-21T21:05:00Z"),
            ("d MMMM yyyy", "Pazar, 22 Kasım 2026", "2026-11-21T21:00:00Z"),
            ("d MMMM yyyy HH:mm", "22 Kasım 2026 Pazar 14:05", "2026-11-22T11:05:00Z"),
            ("d MMMM yyyy", "22 Kasım 2026, Pazar", "2026-11-21T21:00:00Z"),
            ("MMMM d, yyyy", "Sunday, November 22, 2026", "2026-11-21T21:00:00Z"),
            ("dd.MM.yyyy HH:mm", "Paz. 22.11.2026 14:05", "2026-11-22T11:05:00Z"),
            ("d MMM yyyy", "22 Kas. 2026", "2026-11-21T21:00:00Z"),
            ("d MMM. yyyy", "22 Kas. 2026", "2026-11-21T21:00:00Z"),
            ("MMM d yyyy", "Nov. 22 2026", "2026-11-21T21:00:00Z"),
            ("MMM d, yyyy h:mm a", "Nov 22, 2026 2:05\u{202F}PM", "2026-11-22T11:05:00Z"),
            ("MMM d, yyyy h:mm a", "Nov 22, 2026 2:05\u{A0}p.m.", "2026-11-22T11:05:00Z"),
            ("dd-MM-yy", "05-04-26", "2026-04-04T21:00:00Z"),
            ("dd.MM.yyyy", "29.02.2028", "2028-02-28T21:00:00Z"),
            ("dd.MM.yyyy", "01.03.2100", "2100-02-28T21:00:00Z"),
        ])
    func reads(_ pattern: String, _ text: String, _ instant: String) throws {
        let known = try #require(DatePattern(pattern))
        let date = try #require(known.read(text))
        #expect(Timestamp.text(date) == instant)
    }

    @Test(
        "what is written differently or does not exist is no date",
        arguments: [
            ("dd.MM.yyyy", "31.02.2026"), ("dd.MM.yyyy", "29.02.2100"), ("dd.MM.yyyy", "8.05.2026"),
            ("dd.MM.yyyy HH:mm", "22.11.2026 24:00"), ("dd.MM.yyyy HH:mm", "22.11.2026 14:05:33"),
            ("dd.MM.yyyy", "22.13.2026"), ("dd.MM.yyyy", "٢٢.11.2026"), ("dd.MM.yyyy", ""),
            ("d MMMM yyyy", "22 Brumaire 2026"), ("dd.MM.yyyy", "00.11.2026"),
            ("dd.MM.yyyy h:mm a", "22.11.2026 14:05 PM"),
            ("dd.MM.yyyy h:mm a", "22.11.2026 0:05 AM"),
            ("dd.MM.yyyy h:mm a", "22.11.2026 2:05"),
            ("dd.MM.yyyy h:mm a", "22.11.2026 2:05 XM"),
        ])
    func refuses(_ pattern: String, _ text: String) throws {
        let known = try #require(DatePattern(pattern))
        #expect(known.read(text) == nil)
    }

    @Test(
        "a pattern that is no date is refused",
        arguments: [
            "", "MM.yyyy", "dd.MM.yyyy foo", "DD.MM.YYYY", "dd.MM.yyyy dd", "dddd.MM.yyyy",
            "dd.MM.yyyy h:mm", "dd.MM.yyyy HH:mm a", "dd.MM.yyyy h:mm a a", "dd.MM.yyyy HH:mm h a",
        ])
    func patterns(_ text: String) { #expect(DatePattern(text) == nil) }
}
