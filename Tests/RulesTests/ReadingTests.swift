// SPDX-License-Identifier: Apache-2.0

import Domain
import FoundationEssentials
import Mail
import Testing

@testable import Rules

@Suite("Reading a mail")
struct ReadingTests {
    private static func text(_ amount: String, time: String? = nil, words: String? = nil) -> String
    {
        "hesabınıza para geldi\nGönderen: Elif Karaca\nTutar: \(amount)"
            + (time.map { "\nZaman: \($0)" } ?? "") + (words.map { "\nAçıklama: \($0)" } ?? "")
    }

    private func read(
        _ source: RuleSource = TestMail.rule(), text: String? = nil, html: String? = nil,
        from: String = "bilgi@bank.example", name: String = "", date: Date? = nil, fields: Int = 1
    ) -> Reading {
        TestMail.book(source).read(
            TestMail.message(
                from: from, name: name, text: text, html: html, date: date, fromFieldCount: fields),
            receivedAt: TestMail.arrival)
    }

    @Test(
        "an amount that may be two numbers is unclear and said so", arguments: ["1.250", "1,250"])
    func ambiguous(_ amount: String) {
        let reading = read(text: Self.text(amount + " TL"))
        #expect(reading.outcome == .unclear)
        #expect(reading.notices.isEmpty)
        #expect(
            reading.explanation
                == "bank/incoming: frame fits, field amount is ambiguous (\(amount))")
        let declared = TestMail.rule(amount: "{ label: Tutar, style: turkish }")
        #expect(
            read(declared, text: Self.text("1.250 TL")).notices.first?.amount
                == Money(minorUnits: 125_000, currency: .turkishLira))
    }

    @Test("without a time in the text the mail's own date counts, else its arrival")
    func arrival() {
        let date = TestMail.arrival.addingTimeInterval(-90)
        let dated = read(text: Self.text("5,00 TL"), date: date).notices.first
        #expect(dated?.occurredAt == date)
        #expect(dated?.timeFrom == .arrival)
        let undated = read(text: Self.text("5,00 TL")).notices.first
        #expect(undated?.occurredAt == TestMail.arrival)
    }

    @Test(
        "a time far from the arrival is suspicious, and the payment stays one",
        arguments: [
            ("22.11.2026 14:05", false), ("22.11.2026 14:16", false), ("22.11.2026 14:17", true),
            ("12.11.2026 14:06", false), ("12.11.2026 14:05", true),
        ])
    func suspicious(_ time: String, _ expected: Bool) {
        let reading = read(text: Self.text("5,00 TL", time: time))
        #expect(reading.outcome == .payment)
        #expect(reading.notices.first?.timeFrom == .body)
        #expect(reading.reasons.contains(.timeSuspicious) == expected)
    }

    @Test("text and HTML that differ are unclear; one that is useless does not matter")
    func bodies() {
        let one = Self.text("5,00 TL")
        #expect(read(text: one, html: one).outcome == .payment)
        #expect(read(text: one, html: Self.text("50,00 TL")).outcome == .unclear)
        #expect(read(text: "Bu e-posta HTML içerir.", html: one).outcome == .payment)
        let other = one.replacing("Elif", with: "Bora")
        #expect(read(text: one, html: other).outcome == .unclear)
        let coded = Self.text("5,00 TL", words: "KTF6HV349")
        #expect(read(text: one, html: coded).notices.first?.description == "KTF6HV349")
        #expect(
            read(text: Self.text("5,00 TL", words: "KT834JJ46"), html: coded).outcome == .unclear)
        #expect(read(text: Self.text("1.250 TL"), html: one).outcome == .unclear)
    }

    @Test("the payer's words fill no other field and decide nothing")
    func injection() {
        let words = "x Tutar: 999,00 TL Gönderen: Bora Tanyel hesabınızdan iade"
        let notice = read(text: Self.text("5,00 TL", words: words)).notices.first
        #expect(notice?.amount.minorUnits == 500)
        #expect(notice?.payer == "Elif Karaca")
        #expect(notice?.description == words)
        // The bank's frame in the payer's words does not make a payment.
        let faked = "Gönderen: A\nTutar: 5,00 TL\nAçıklama: hesabınıza para geldi"
        #expect(read(text: faked).outcome == .unclear)
        // A line end within the words makes two readings, and two readings are none.
        for field in ["Tutar: 999,00 TL", "Gönderen: Bora", "Açıklama: KT834JJ46"] {
            let reading = read(text: Self.text("5,00 TL", words: "x\n" + field))
            #expect(reading.outcome == .unclear, "\(field)")
            #expect(reading.explanation.hasSuffix("is read in two ways"))
        }
    }

    @Test("denied words of a file stop a payment, but not in the payer's words")
    func deny() {
        let source = TestMail.rule(extra: "deny: [iade edilmiştir]")
        #expect(read(source, text: Self.text("5,00 TL")).outcome == .payment)
        #expect(read(source, text: Self.text("5,00 TL") + "\nIADE EDILMISTIR").outcome == .unclear)
        #expect(
            read(source, text: Self.text("5,00 TL", words: "iade edilmiştir")).outcome == .payment)
    }

    @Test("a payment with a denied word is held, not passed over for a look-alike")
    func heldBack() {
        let source = TestMail.rule(
            extra: "deny: [iade edilmiştir]\nlook_alikes: { returned: [iade edilmiştir] }")
        let held = read(source, text: Self.text("5,00 TL") + "\niade edilmiştir")
        #expect(held.outcome == .unclear)
        #expect(
            held.explanation
                == "bank/incoming: frame fits, a denied word too (iade edilmiştir), "
                + "the amount is 5.00 TRY")
        let returned = read(source, text: "Tutar: 5,00 TL\niade edilmiştir")
        #expect(returned.outcome == .notAPayment)
        #expect(returned.notAPaymentKind == "returned")
    }

    @Test("letters match in every form they may arrive in")
    func letters() {
        for frame in [
            "HESABINIZA PARA GELDI", "hesabiniza para geldi", "HESABINIZA  PARA\u{A0}GELDİ",
            "hesabınıza para geldI\u{307}", "hesa\u{AD}bınıza\npara geldi",
        ] {
            let text = "\(frame)\nTUTAR : 5,00 TL\nGÖNDEREN:\u{200B} İLKNUR ışık"
            let notice = read(text: text).notices.first
            #expect(notice?.amount.minorUnits == 500, "\(frame)")
            #expect(notice?.payer == "İLKNUR ışık")
        }
    }

    @Test(
        "a stranger is unread, one who pretends to be the bank is named",
        arguments: [
            ("a@else.example", "", "hava güzel", false),
            ("a@else.example", "Örnek Bank", "hava güzel", true),
            ("a@bank.example.odeme.example", "", "hava güzel", true),
            ("a@notbank.example", "", "hava güzel", false),
            ("a@else.example", "", "hesabınıza para geldi\nTutar: 5,00 TL", true),
            ("a@else.example", "", "hesabınıza para geldi dediler", true),
        ])
    func strangers(_ from: String, _ name: String, _ text: String, _ isImitation: Bool) {
        let reading = read(text: text, from: from, name: name)
        #expect(reading.outcome == .unread)
        #expect(reading.notices.isEmpty)
        #expect(reading.domains.isEmpty)
        #expect(reading.imitates == (isImitation ? RuleID("bank/incoming") : nil))
    }

    @Test("sub-domains belong to a domain, several senders belong to nobody")
    func senders() {
        let text = Self.text("5,00 TL")
        #expect(read(text: text, from: "X@Bilgi.BANK.example").outcome == .payment)
        #expect(read(text: text, from: "x@bank.example", fields: 2).outcome == .unread)
        #expect(
            read(text: text, from: "x@bank.example", fields: 2).imitates == RuleID("bank/incoming"))
    }

    @Test(
        "hostile texts come back",
        arguments: [
            String(repeating: "a", count: 256 * 1024),
            String(repeating: "Tutar: 1 TL ", count: 20_000),
            String(repeating: "Tutar:\t", count: 30_000),
            String(repeating: "hesabınıza para geldi\n", count: 9_000),
            String(repeating: "I\u{307}\u{301}", count: 40_000),
            String(repeating: "\t\n", count: 100_000),
            String(repeating: "Açıklama: ", count: 20_000),
        ])
    func hostile(_ text: String) {
        let source = TestMail.rule(
            sentence: "sentence: '(a+)+$ (?<payer>(?:[a-z]+)*) (?<receiving_account>(a|aa)+)$'")
        let (book, problems) = RuleBook.compile([source])
        #expect(problems == [])
        let frame = "hesabınıza para geldi\n"
        let reading = book.read(
            TestMail.message(text: frame + text, html: text), receivedAt: TestMail.arrival)
        #expect(reading.outcome != .payment)
    }

    @Test(
        "a cut or turned mail is no payment, nor an answer that may quote one",
        arguments: [Message.Note.truncated, .bidirectionalControls, .answer])
    func noted(_ note: Message.Note) {
        let reading = TestMail.book(TestMail.rule()).read(
            TestMail.message(text: Self.text("5,00 TL"), notes: [note]),
            receivedAt: TestMail.arrival)
        #expect(reading.outcome == .unclear)
        #expect(reading.notices.isEmpty)
    }

    @Test("a text beyond the limit is shown to a person")
    func tooLong() {
        let text = Self.text("5,00 TL") + String(repeating: " ", count: 600_000)
        let reading = read(text: text)
        #expect(reading.outcome == .unclear)
        #expect(reading.reasons == [.mailTooLarge])
    }
}
