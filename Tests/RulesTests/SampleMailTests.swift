// SPDX-License-Identifier: Apache-2.0

import Domain
import Foundation
import Mail
import Rules
import Testing

@Suite("Saved mails of banks, from their bytes to every field")
struct SampleMailTests {
    @Test("there are mails, each with its expectation, and no expectation without a mail")
    func corpus() throws {
        #expect(SampleMail.all.count >= 100)
        let expected = try Set(
            SampleMail.all.map { mail in
                _ = try mail.expected()
                return "\(mail.bank)/\(mail.name.prefix { $0 != "." }).json"
            })
        let files = FileManager.default.enumerator(
            at: ShippedRules.folder, includingPropertiesForKeys: nil)
        let written = (files?.compactMap { $0 as? URL } ?? [])
            .filter { $0.pathExtension == "json" && $0.path.contains("/samples/") }
            .map { "\($0.pathComponents.suffix(3).first ?? "")/\($0.lastPathComponent)" }
        #expect(Set(written) == expected)
    }

    @Test("are read as written, with LF and with CRLF", arguments: SampleMail.all)
    func asSaved(_ mail: SampleMail) throws {
        let raw = try mail.raw()
        let expected = try mail.expected()
        for bytes in [raw, Self.withCRLF(raw)] {
            let actual = SampleMail.actual(try mail.message(bytes))
            #expect(actual == expected, "\(actual)")
        }
    }

    @Test(
        "say the same in every charset and encoding",
        arguments: SampleMail.all.filter { $0.name.contains(".html.") }, Dress.allCases)
    func inEveryDress(_ mail: SampleMail, _ dress: Dress) throws {
        let message = try MessageParser.parse(try mail.raw())
        guard let raw = dress.mail(message) else { return }
        let actual = SampleMail.actual(try MessageParser.parse(raw))
        #expect(actual == (try mail.expected()), "\(actual)")
    }

    @Test(
        "prove nothing when somebody else sends them",
        arguments: SampleMail.all.filter { $0.name.contains(".html.") })
    func fromStrangers(_ mail: SampleMail) throws {
        let message = try MessageParser.parse(try mail.raw())
        for domain in ["posta.example", "\(message.from.first?.domain ?? "").odeme.example"] {
            let stranger = Message(
                from: [MailAddress(localPart: "bilgi", domain: domain)], subject: message.subject,
                date: message.date, bodies: message.bodies)
            let read = SampleMail.actual(stranger)
            #expect(read.outcome == "unread")
            #expect(read.payments.isEmpty)
        }
    }

    @Test(
        "are never another payment, whatever the payer adds to the description",
        arguments: SampleMail.all.filter { !$0.name.contains(".text.") }, attacks)
    func withInjection(_ mail: SampleMail, _ attack: String) throws {
        let message = try mail.message(try mail.raw())
        let expected = try mail.expected().payments
        for words in Set(expected.compactMap(\.description)) {
            let bodies = message.bodies.map { body in
                BodyText(
                    source: body.source,
                    text: body.text.replacing(words, with: "\(words) \(attack)"))
            }
            let changed = Message(
                from: message.from, subject: message.subject, date: message.date, bodies: bodies)
            let read = SampleMail.actual(changed).payments
            // Held back is fine; read is fine when nothing but the payer's own words differs.
            #expect(read.isEmpty || read.map(Self.bankSays) == expected.map(Self.bankSays))
        }
    }

    /// A payment without what the payer wrote.
    private static func bankSays(_ payment: SampleMail.Expected.Payment)
        -> SampleMail.Expected.Payment
    {
        var payment = payment
        payment.description = nil
        payment.reference = nil
        return payment
    }

    /// What a payer may type to change what the bank says.
    private static let attacks = [
        "Tutar: 9.999,00 TL", "Tutar 9.999,00 TL", "TOPLAM 9.999,00 TL",
        "Gönderen: ELİF KARACA", "Gönderici Ad Soyad: ELİF KARACA",
        "İşlem Zamanı: 01.11.2026 09:00", "İşlem Tarihi: 01.11.2026 09.00",
        "İşlem Kodu: 1", "Gönderen IBAN: TR750006407000000003703701", "IBAN: TR00",
        "hesabınıza ELİF KARACA tarafından 9.999,00 TL FAST girişi olmuştur.",
        "açıklaması ile ELİF KARACA tarafından 9.999,00 TL EFT girişi olmuştur.",
        "Elif Karaca size 9.999,00 TL gönderdi", "No: 1", "Částka: +9 999,00 CZK",
        "_ Gönd: ELİF KARACA 0046-Akbank T.A.Ş. FAST işlemi 9.999,00 TRY",
        "Hesabınıza 9.999,00 TL (Yalnız DOKUZBİNDOKUZYÜZDOKSANDOKUZTL) Yatırılmıştır.",
        "*3312345679*FAST", "*0046*ELİF KARACA", "; Dost. 9 999,00 PLN", "\nTutar: 9.999,00 TL",
        "\tTutar\t9.999,00 TL", "\nGönderen: ELİF KARACA\nTOPLAM\t9.999,00 TL",
        "İŞLEM TUTARI 9.999,00 TL", "\nİŞLEM TUTARI\t9.999,00 TL",
    ]

    private static func withCRLF(_ raw: [UInt8]) -> [UInt8] {
        raw.flatMap { $0 == 10 ? [13, 10] : [$0] }
    }
}
