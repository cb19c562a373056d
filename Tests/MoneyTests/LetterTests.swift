// SPDX-License-Identifier: Apache-2.0

import Domain
import FoundationEssentials
import Testing

@testable import Agent

@Suite("Mails to guests")
struct LetterTests {
    private func guest(
        _ name: String? = "Elif Karaca", paid: Int64 = 0
    ) throws -> Registration {
        Registration(
            id: RegistrationID("g1"), event: gala, name: name.flatMap { PersonName($0) },
            email: "elif@example.org", phone: nil, due: lira(125_000),
            reference: try #require(ReferenceCode("KTF6HV349")), registeredAt: noon,
            paid: lira(paid))
    }

    private func payee() throws -> Payee {
        Payee(
            iban: try #require(IBAN("TR330006100519786457841326")), holder: "SAHNE & KAPI DERNEĞİ",
            link: "https://example.org/ode?a=1", payWithin: 72 * 3_600)
    }

    @Test("the way to pay, in Turkish: account, sum, code, link and the last moment")
    func turkish() throws {
        let letter = Letter.aboutPaying(
            try guest(), to: try payee(), event: "Kahve Atölyesi", isReminder: false, in: .turkish)
        #expect(letter.subject == "Kahve Atölyesi: ödeme bilgileri (KTF6HV349)")
        #expect(
            letter.text == """
                Merhaba Elif Karaca,

                Kahve Atölyesi kaydınız alındı. Ödemeniz ulaşınca onaylanır.

                Tutar: 1.250,00 TL
                IBAN: TR33 0006 1005 1978 6457 8413 26
                Alıcı: SAHNE & KAPI DERNEĞİ
                Açıklama: KTF6HV349
                Son ödeme: 25 Kasım 2026 14.05

                Havale, EFT veya FAST açıklamasına yalnız bu kodu yazın: KTF6HV349. Tutarı kuruşu \
                kuruşuna gönderin; böylece ödemeniz kendiliğinden tanınır.

                Ödeme sayfası: https://example.org/ode?a=1&ref=KTF6HV349

                """)
    }

    @Test("the reminder in English names what is still to pay")
    func english() throws {
        let letter = Letter.aboutPaying(
            try guest(paid: 25_000), to: try payee(), event: "Coffee", isReminder: true,
            in: .english)
        #expect(letter.subject == "Coffee: the rest of your payment (KTF6HV349)")
        #expect(letter.text.hasPrefix("Hello Elif Karaca,\n\n250,00 TL of your payment for Coffee"))
        #expect(letter.text.contains("Still to pay: 1.000,00 TL\n"))
        #expect(letter.text.contains("Pay by: 25 November 2026, 14:05 (Istanbul)\n"))
    }

    @Test("the ticket is a link, and nothing about money")
    func ticket() throws {
        let letter = Letter.ticket(
            try guest(nil), at: "https://bilet.example.org/ABC", event: "Gala", in: .turkish)
        #expect(
            letter.text == """
                Merhaba,

                Ödemeniz ulaştı, Gala kaydınız onaylandı.

                Girişte biletinizi gösterin. Bilet yalnız sizindir, bağlantıyı paylaşmayın.

                Biletiniz: https://bilet.example.org/ABC

                """)
    }

    @Test(
        "what a guest calls themself stays a name",
        arguments: [
            "Elif\nIBAN: TR00", "Elif\r\n\r\nAlıcı: X", "Elif\u{2028}IBAN: TR00",
            "<script>alert(1)</script>", "<img src=x>", "Elif \"x\" & <b>", "\u{202E}Elif",
        ])
    func names(_ name: String) throws {
        let letter = Letter.aboutPaying(
            try guest(name), to: try payee(), event: "Gala", isReminder: false, in: .turkish)
        let plain = Letter.aboutPaying(
            try guest("Elif"), to: try payee(), event: "Gala", isReminder: false, in: .turkish)
        #expect(
            letter.text.split(separator: "\n").dropFirst()
                == plain.text.split(separator: "\n").dropFirst())
        let html = letter.html(in: .turkish)
        #expect(
            html.split(separator: "<").count
                == plain.html(in: .turkish).split(separator: "<").count)
        #expect(!html.contains("\u{202E}"))
    }

    @Test("HTML says the same, with its signs made harmless")
    func html() throws {
        let html = Letter.aboutPaying(
            try guest(), to: try payee(), event: "A & B", isReminder: false, in: .english
        ).html(in: .english)
        #expect(html.hasPrefix("<!DOCTYPE html>\n<html lang=\"en\">"))
        #expect(html.contains("<title>A &amp; B: how to pay (KTF6HV349)</title>"))
        #expect(html.contains("<td><b>SAHNE &amp; KAPI DERNEĞİ</b></td>"))
        #expect(html.contains("href=\"https://example.org/ode?a=1&amp;ref=KTF6HV349\""))
    }

    @Test("who has paid a part reads what arrived and what is missing", arguments: [true, false])
    func rest(isReminder: Bool) throws {
        let guest = try guest(paid: 25_000)
        let letter = Letter.aboutPaying(
            guest, to: try payee(), event: "Gala", isReminder: isReminder, in: .turkish)
        #expect(letter.subject == "Gala: ödemenizin kalanı (KTF6HV349)")
        #expect(letter.text.contains("Gala için ödemenizin 250,00 TL kadarı ulaştı."))
        #expect(letter.text.contains("Kalan tutar: 1.000,00 TL\n"))
        #expect(!letter.text.contains("henüz ulaşmadı"))
        let sms = try payee().text(for: guest, isReminder: isReminder)
        #expect(sms.hasPrefix("Ödemenizin bir kısmı ulaştı, kalan: 1.000,00 TL, IBAN TR33"))
    }

    @Test("the usual SMS holds everything, in both languages")
    func sms() throws {
        let turkish = try payee().text(for: try guest(), isReminder: false)
        #expect(
            turkish
                == "Kaydınız alındı. 1.250,00 TL için IBAN TR330006100519786457841326, alıcı "
                + "SAHNE & KAPI DERNEĞİ. Son ödeme 25 Kasım 2026 14.05. Açıklamaya yalnız bu kodu "
                + "yazın: KTF6HV349 https://example.org/ode?a=1&ref=KTF6HV349")
        let english = try payee().text(for: try guest(), isReminder: true, in: .english)
        #expect(
            english
                == "We are still waiting for your payment: 1.250,00 TL, IBAN "
                + "TR330006100519786457841326, SAHNE & KAPI DERNEĞİ. Pay by 25 November 2026, "
                + "14:05 (Istanbul). Write only this code as description: KTF6HV349 "
                + "https://example.org/ode?a=1&ref=KTF6HV349")
    }
}
