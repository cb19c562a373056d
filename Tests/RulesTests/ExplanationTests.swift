// SPDX-License-Identifier: Apache-2.0

import Domain
import FoundationEssentials
import Mail
import Rules
import Testing

@Suite("Why a rule does or does not take a mail")
struct ExplanationTests {
    private let book = ShippedRules.book

    private let text = """
        Aşağıda detayları bulunan hesabınıza para transferi gerçekleşti.
        Hesap No: 412-****567
        Gönderici Ad Soyad: Elif Karaca
        Tutar: 1.250,00 TL
        Açıklama: Ktf6hv349
        """

    private func explain(
        _ text: String, subject: String = "Gelen Para Transferi"
    ) -> [FileExplanation] {
        book.explain(
            TestMail.message(
                from: "garantibbva@garantibbva.com.tr", subject: subject, html: text),
            receivedAt: TestMail.arrival)
    }

    @Test("the sender's own file comes first, and all others are there too")
    func order() throws {
        let files = explain(text)
        #expect(files.count == book.fileCount)
        #expect(files.first?.file == "garanti-bbva")
        #expect(files.filter(\.isForSender).map(\.file) == ["garanti-bbva"])
        #expect(files.first?.reading?.outcome == .payment)
    }

    @Test("every captured value is found again at its place in the mail's own text")
    func spans() throws {
        let variant = try #require(explain(text).first?.variants.first)
        #expect(variant.verdict == .fits)
        #expect(variant.part == .html)
        #expect(
            Set(variant.captures.map(\.field)) == [
                .amount, .payer, .description, .receivingAccount,
            ])
        for capture in variant.captures {
            let bytes = Array(text.utf8)[capture.bytes]
            #expect(String(decoding: bytes, as: UTF8.self) == capture.value)
        }
    }

    @Test("no value is listed twice, though a sentence is read in two ways")
    func captures() {
        var count = 0
        for trial in RuleTrial.all(ShippedRules.sources) {
            for sample in trial.samples {
                let files = trial.book?.explain(sample.message, receivedAt: sample.receivedAt) ?? []
                for variant in files.flatMap(\.variants) {
                    count += variant.captures.count
                    #expect(Set(variant.captures).count == variant.captures.count)
                }
            }
        }
        #expect(count > 100)
    }

    @Test("what is missing is named, by variant")
    func hurdles() throws {
        let other = explain(text.replacing("para transferi", with: "para"), subject: "Merhaba")
        let variant = try #require(other.first?.variants.first)
        #expect(variant.verdict == .no)
        #expect(
            variant.hurdles == [
                .subjectMissing(["Gelen Para Transferi"]),
                .frameMissing([
                    "Aşağıda detayları bulunan hesabınıza para transferi gerçekleşti"
                ]),
            ])
        let denied = explain(text + "\nGönderen Bilgileri:").first?.variants.first
        #expect(denied?.verdict == .nearly)
        #expect(denied?.hurdles == [.denied(["Gönderen Bilgileri:"])])
        let amount = explain(text.replacing("1.250,00", with: "bin")).first?.variants.first
        #expect(amount?.verdict == .unclear)
        #expect(amount?.hurdles == [.content("field amount is unreadable")])
    }

    @Test("a mail is anonymized: nothing stays but what rules know")
    func anonymized() {
        let message = TestMail.message(
            from: "garantibbva@garantibbva.com.tr", subject: "Gelen Para Transferi", html: text)
        let sample = book.anonymized(message)
        #expect(sample.contains("hesabınıza para transferi gerçekleşti"))
        for personal in ["Elif", "Karaca", "1.250", "567", "412", "Ktf6"] {
            #expect(!sample.contains(personal))
        }
    }
}

@Suite("Attachments and inner mails")
struct AttachmentRuleTests {
    private static func rule(_ place: String) -> RuleSource {
        RuleSource(
            path: "bank/rule.yaml",
            text: """
                id: bank
                bank: Örnek Bank
                status: confirmed
                senders: { domains: [bank.example] }
                deny: [Çekilmiştir]
                variants:
                  - id: receipt
                    outcome: payment
                    \(place)
                    frame: [Gelen FAST Anlık Ödeme]
                    fields:
                      amount: { label: İşlem Tutarı, place: next_cell, style: turkish }
                      transaction_id: { label: Sorgu No, place: next_cell }
                      payer: { label: Gönderen, place: next_cell }
                look_alikes: { statement: [ekte bulunmaktadır] }
                samples:
                  match:
                    - name: one
                      from: a@bank.example
                      subject: Dekont
                      text: Dekontunuz ekte bulunmaktadır.
                      inner: "Gelen FAST Anlık Ödeme\\nİşlem Tutarı ¦ 5,00 TL"
                      attachments:
                        - name: Dekont_17.pdf
                          text: "Gelen FAST Anlık Ödeme\\nİşlem Tutarı ¦ 5,00 TL ¦ Sorgu No ¦ 17"
                      expect: { amount: 5.00 TRY }
                  no_match:
                    - { name: two, from: a@bank.example, subject: x, text: Sorgu No, expect: { outcome: unclear } }
                  hostile:
                    - { name: three, from: a@bank.example, subject: x, text: 'Sorgu No: 17', expect: { outcome: unclear } }
                """)
    }

    private func read(_ files: [(String, String)], body: String = "Dekontunuz ekte bulunmaktadır.")
        -> Reading
    {
        let (book, problems) = RuleBook.compile([
            Self.rule("attachment: { name: 'dekont*.pdf', type: pdf }")
        ])
        #expect(problems.map(\.description) == [])
        let bodies = files.map { name, text in
            BodyText(source: .attachment(name: name, type: "application/pdf"), text: text)
        }
        return book.read(
            Message(
                from: [MailAddress(localPart: "a", domain: "bank.example")], subject: "Dekont",
                bodies: [BodyText(source: .plain, text: body)] + bodies),
            receivedAt: TestMail.arrival)
    }

    private func receipt(_ amount: String, _ id: String?) -> String {
        "Gelen FAST Anlık Ödeme\nİşlem Tutarı\t\(amount) TL"
            + (id.map { "\tSorgu No\t\($0)" } ?? "")
    }

    @Test("a receipt is found by name and type, whatever the body says besides")
    func found() {
        let reading = read([("DEKONT_1.PDF", receipt("5,00", "17"))])
        #expect(reading.outcome == .payment)
        #expect(reading.notices.first?.transactionID == "17")
        // Under another name nobody vouches for it, yet it may tell of money.
        #expect(read([("fatura.pdf", receipt("5,00", "17"))]).outcome == .unclear)
        #expect(read([("fatura.pdf", "Fatura No 17")]).outcome == .notAPayment)
    }

    @Test("what is denied in the body is denied in the attachment")
    func denied() {
        let body = "Hesabınızdan 5,00 TL Çekilmiştir."
        #expect(read([("dekont.pdf", receipt("5,00", "17"))], body: body).outcome == .unclear)
    }

    @Test("several receipts are several movements when each has its number, else nobody knows")
    func several() {
        let two = read([
            ("dekont1.pdf", receipt("5,00", "1")), ("dekont2.pdf", receipt("6,00", "2")),
        ])
        #expect(two.movements.map(\.index) == [1, 2])
        #expect(two.movements.compactMap(\.notice?.transactionID) == ["1", "2"])
        let same = read([
            ("dekont1.pdf", receipt("5,00", "1")), ("dekont2.pdf", receipt("5,00", "1")),
        ])
        #expect(same.movements.count == 1)
        let nameless = read([
            ("dekont1.pdf", receipt("5,00", nil)), ("dekont2.pdf", receipt("5,00", nil)),
        ])
        #expect(nameless.outcome == .unclear)
        let mixed = read([
            ("dekont1.pdf", receipt("5,00", "1")), ("dekont2.pdf", receipt("x", "2")),
        ])
        #expect(mixed.outcome == .unclear)
    }

    @Test("a variant may read the mail that came attached")
    func inner() {
        let (book, problems) = RuleBook.compile([Self.rule("body: inner")])
        #expect(problems.map(\.description) == [])
        let inner = Message(
            from: [], subject: "", bodies: [BodyText(source: .html, text: receipt("7,00", nil))])
        let outer = Message(
            from: [MailAddress(localPart: "a", domain: "bank.example")], subject: "Dekont",
            bodies: [BodyText(source: .plain, text: "Ekte.")], inner: [inner])
        let reading = book.read(outer, receivedAt: TestMail.arrival)
        #expect(reading.notices.first?.amount.minorUnits == 700)
    }

    @Test("a rule may ask for a signature, and name the only forwarders it believes")
    func proof() {
        let source = Self.rule("body: inner")
        let text = source.text.replacing(
            "deny: [Çekilmiştir]",
            with:
                "authentication: { domains: [bank.example], require: signature, forwarders: [google.com] }"
        )
        let book = RuleBook.compile([RuleSource(path: "x", text: text)]).book
        let reading = book.read(
            TestMail.message(from: "a@bank.example", text: "hava"), receivedAt: TestMail.arrival)
        // No variant came near, yet it is the bank's mail or it is not: what a PDF adds to it is
        // read later.
        #expect(reading.proof == RequiredProof(needsSignature: true, forwarders: ["google.com"]))
        let inner = Message(
            from: [], subject: "", bodies: [BodyText(source: .html, text: receipt("7,00", nil))])
        let outer = Message(
            from: [MailAddress(localPart: "a", domain: "bank.example")], subject: "Dekont",
            inner: [inner])
        #expect(
            book.read(outer, receivedAt: TestMail.arrival).proof
                == RequiredProof(needsSignature: true, forwarders: ["google.com"]))
    }
}
