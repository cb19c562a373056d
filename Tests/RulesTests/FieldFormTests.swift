// SPDX-License-Identifier: Apache-2.0

import Domain
import FoundationEssentials
import Testing

@testable import Rules

@Suite("How fields are written")
struct FieldFormTests {
    @Test(
        "amounts in Turkish words",
        arguments: [
            ("Yalnız BİNİKİYÜZELLİ TL", 125_000), ("#BinikiyüzelliTürklirası#", 125_000),
            ("(Yalnız BİNİKİYÜZELLİTL)", 125_000), ("ON TL", 1_000),
            ("BİN İKİ YÜZ ELLİ TÜRK LİRASI SIFIR KURUŞ", 125_000),
            ("üçbinikiyüz TL elli kuruş", 320_050), ("altmışaltı lira altı kr", 6_606),
            ("ikiyüzbin TL", 20_000_000), ("birmilyonikiyüzellibinüç TL", 125_000_300),
            ("yüz TL", 10_000), ("dokuzyüzdoksandokuz TL doksandokuz kuruş", 99_999),
            ("yüzbin TL", 10_000_000), ("on bir TL", 1_100),
        ] as [(String, Int64)])
    func words(_ text: String, _ units: Int64) {
        #expect(AmountWords.minorUnits(text) == units)
    }

    @Test(
        "words that are no amount are none",
        arguments: [
            "", "TL", "Yalnız", "elli yüz TL", "bin milyon TL", "iki üç TL", "one hundred TL",
            "on TL beş TL", "ikiyüz kuruş", "beşon TL", "yüzyüz TL",
            String(repeating: "bin", count: 200),
        ])
    func noWords(_ text: String) { #expect(AmountWords.minorUnits(text) == nil) }

    @Test("every amount below a million is read back from its words")
    func allWords() {
        let ones = ["", "bir", "iki", "üç", "dört", "beş", "altı", "yedi", "sekiz", "dokuz"]
        let tens = [
            "", "on", "yirmi", "otuz", "kırk", "elli", "altmış", "yetmiş", "seksen", "doksan",
        ]
        func below(_ number: Int) -> String {
            let hundreds = number / 100
            return (hundreds == 0 ? "" : (hundreds == 1 ? "" : ones[hundreds]) + "yüz")
                + tens[number / 10 % 10] + ones[number % 10]
        }
        var wrong: [Int] = []
        for number in stride(from: 1, to: 1_000_000, by: 997) {
            let thousands = number / 1000
            let text =
                (thousands == 0 ? "" : (thousands == 1 ? "" : below(thousands)) + "bin")
                + below(number % 1000)
            if AmountWords.minorUnits(text + "TL") != Int64(number) * 100 { wrong.append(number) }
        }
        #expect(wrong == [])
    }

    @Test(
        "dates of other places",
        arguments: [
            ("dd.MM.yyyy HH:mm", "28.03.2027 12:00", "Europe/Prague", "2027-03-28T10:00:00Z"),
            ("dd.MM.yyyy HH:mm", "27.03.2027 12:00", "Europe/Prague", "2027-03-27T11:00:00Z"),
            ("dd.MM.yyyy HH:mm", "30.10.2027 12:00", "Europe/Warsaw", "2027-10-30T10:00:00Z"),
            ("dd.MM.yyyy HH:mm", "31.10.2027 12:00", "Europe/Warsaw", "2027-10-31T11:00:00Z"),
            ("dd-MM-yy", "05-04-26", "Asia/Kolkata", "2026-04-04T18:30:00Z"),
            ("d MMMM yyyy HH:mm", "14 March 2027 12:00", "America/Toronto", "2027-03-14T16:00:00Z"),
            ("d MMMM yyyy HH:mm", "13 March 2027 12:00", "America/Toronto", "2027-03-13T17:00:00Z"),
            (
                "d MMMM yyyy HH:mm", "6 November 2027 12:00", "America/New_York",
                "2027-11-06T16:00:00Z"
            ),
            (
                "d MMMM yyyy HH:mm", "7 November 2027 12:00", "America/New_York",
                "2027-11-07T17:00:00Z"
            ),
            ("dd.MM.yyyy", "22.11.2026", "+05:30", "2026-11-21T18:30:00Z"),
            ("dd MMM", "14 NOV", "America/Sao_Paulo", "2026-11-14T03:00:00Z"),
            ("dd MMM", "24 NOV", "Europe/Istanbul", "2026-11-23T21:00:00Z"),
            ("dd MMM", "25 NOV", "Europe/Istanbul", "2025-11-24T21:00:00Z"),
            ("d MMMM yyyy", "3 grudnia 2026", "UTC", "2026-12-03T00:00:00Z"),
            (
                "dd/MM/yyyy-HH:mm:ss*", "22/11/2026-14:05:33 - F05247", "Europe/Istanbul",
                "2026-11-22T11:05:33Z"
            ),
        ])
    func dates(_ pattern: String, _ text: String, _ zone: String, _ instant: String) throws {
        let known = try #require(DatePattern(pattern))
        let zone = try #require(ClockZone(zone))
        let date = try #require(known.read(text, zone: zone, arrival: TestMail.arrival))
        #expect(Timestamp.text(date) == instant)
    }

    @Test("numbers in groups of two")
    func indian() {
        let rupee = Currency("INR")
        func read(_ text: String) -> AmountText.Result {
            AmountText.read(text, style: .indian, currency: rupee)
        }
        #expect(
            read("3,25,000.00") == rupee.map { .money(Money(minorUnits: 32_500_000, currency: $0)) }
        )
        #expect(read("1,250.00") == rupee.map { .money(Money(minorUnits: 125_000, currency: $0)) })
        #expect(read("325,000.00") == .unreadable)
    }

    private func notice(_ fields: String, _ text: String) -> Reading {
        let rule = TestMail.rule(
            occurredAt: "{ label: Zaman, dates: ['dd.MM.yyyy HH:mm'] }\n" + fields)
        let (book, problems) = RuleBook.compile([
            RuleSource(
                path: rule.path,
                text: rule.text.replacing("      payer: { label: Gönderen }\n", with: ""))
        ])
        #expect(problems.map(\.description) == [])
        return book.read(
            TestMail.message(text: "hesabınıza para geldi\nTutar: 5,00 TL\n" + text),
            receivedAt: TestMail.arrival)
    }

    @Test("masks and cut names are handed on in one form")
    func masks() {
        let cut = "      payer: { label: Gönderen, mask: '#X', cut: 10 }"
        #expect(notice(cut, "Gönderen: E### K####").notices.first?.payer == "E*** K****…")
        #expect(notice(cut, "Gönderen: ALEX BOR").notices.first?.payer == "ALEX BOR")
        #expect(notice(cut, "Gönderen: ELİF KARACA").notices.first?.payer == "ELİF KARACA…")
    }

    @Test("a value in other letters than the bank's is not believed")
    func letters() {
        let upper = "      payer: { label: Gönderen, case: upper }"
        #expect(notice(upper, "Gönderen: ELİF KARACA").notices.first?.payer == "ELİF KARACA")
        #expect(notice(upper, "Gönderen: Elif Karaca").outcome == .unclear)
        let title = "      payer: { label: Gönderen, case: title }"
        #expect(notice(title, "Gönderen: Mavi A.ş.").outcome == .payment)
        #expect(notice(title, "Gönderen: ELİF").outcome == .unclear)
    }

    @Test("the amount in words must say the same")
    func compared() {
        let field = "      amount_in_words: { label: Yalnız }"
        #expect(notice(field, "Yalnız: BEŞ TL").outcome == .payment)
        #expect(notice(field, "").outcome == .payment)
        let other = notice(field, "Yalnız: ALTI TL")
        #expect(other.outcome == .unclear)
        #expect(other.explanation.hasSuffix("the amount and its words differ"))
    }

    @Test("a value goes on until the next label the rule knows")
    func untilLabel() {
        let field = """
                  payer: { label: Gönderen, place: until_label }
                  transaction_id: { label: No }
            """
        let read = notice(field, "Gönderen:\nMAVİ DENİZ\nLTD. ŞTİ.\nNo: 17")
        #expect(read.notices.first?.payer == "MAVİ DENİZ LTD. ŞTİ.")
        #expect(read.notices.first?.transactionID == "17")
    }

    @Test("an empty cell does not take the next label for its value")
    func emptyCell() {
        let field = """
                  payer: { label: Gönderen, place: next_cell }
                  transaction_id: { label: No, place: next_cell }
            """
        let read = notice(field, "Gönderen\tNo\t17")
        #expect(read.notices.first?.payer == nil)
        #expect(read.notices.first?.transactionID == "17")
    }

    @Test("a field that stands only behind the payer's words is not believed")
    func order() {
        let rule = TestMail.rule(
            occurredAt:
                "{ label: Zaman, dates: ['dd.MM.yyyy HH:mm'] }\n      sender_iban: { label: IBAN }")
        let book = TestMail.book(rule)
        let text =
            "hesabınıza para geldi\nTutar: 5,00 TL\nAçıklama: uzun\nIBAN: TR750006407000000003703701"
        let reading = book.read(TestMail.message(text: text), receivedAt: TestMail.arrival)
        #expect(reading.outcome == .unclear)
        #expect(
            reading.explanation.hasSuffix("sender_iban stands only behind the payer's words"))
    }
}
