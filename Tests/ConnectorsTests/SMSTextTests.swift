// SPDX-License-Identifier: Apache-2.0

import Connectors
import Testing

@Suite("SMS text")
struct SMSTextTests {
    @Test(
        "Letters of the shift tables and line breaks take two units",
        arguments: [
            ("", 0), ("abc", 3), ("Kaydınız onaylandı", 21), ("çÇ", 3), ("ŞşĞğİı", 12),
            ("ÖöÜü", 4), ("{}[]~\\|^€", 18), ("a\nb", 4),
        ])
    func units(text: String, units: Int) {
        #expect(SMSText(template: text).units == units)
        #expect(SMSText(template: text).text == text)
        #expect(SMSText(template: text).fitsOneSegment)
    }

    @Test(
        "What would force the short form is replaced or dropped",
        arguments: [
            ("“Swift” ‘İst’ – 12… tamam", "\"Swift\" 'İst' - 12... tamam"),
            ("10\u{A0}₺\u{202F}x", "10 TL x"), ("Biletin hazır 🎉👩🏽‍💻!", "Biletin hazır !"),
            ("ş\u{200B}ı\u{FEFF}", "şı"),
            ("s\u{327} g\u{306} I\u{307} o\u{308} c\u{327}", "ş ğ İ ö ç"),
            ("kâğıt", "kağıt"), ("✅ ödendi ❤️", " ödendi "), ("a\u{0}b\u{7}", "ab"),
        ])
    func replaced(text: String, plain: String) {
        let message = SMSText(template: text)
        #expect(message.text.unicodeScalars.elementsEqual(plain.unicodeScalars))
        #expect(!message.hasForeignSigns)
    }

    @Test("The link goes in as it is")
    func link() {
        let message = SMSText(
            template: "Biletiniz: {link} {link}", link: "https://b.example/k~7?a=…")
        #expect(message.text == "Biletiniz: https://b.example/k~7?a=… https://b.example/k~7?a=…")
        #expect(message.hasForeignSigns)
    }

    @Test("150 units are one message, 151 are two, and foreign letters never count as one")
    func segment() {
        #expect(SMSText(template: String(repeating: "a", count: 150)).fitsOneSegment)
        #expect(SMSText(template: String(repeating: "ı", count: 75)).fitsOneSegment)
        #expect(!SMSText(template: String(repeating: "a", count: 151)).fitsOneSegment)
        #expect(!SMSText(template: String(repeating: "ı", count: 76)).fitsOneSegment)
        #expect(!SMSText(template: "Привет").fitsOneSegment)
    }
}
