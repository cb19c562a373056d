// SPDX-License-Identifier: Apache-2.0

import Domain
import Testing

@Suite("Phone numbers")
struct PhoneNumberTests {
    @Test(
        "A Turkish mobile number is ten digits, however it is written",
        arguments: [
            "5321234567", "05321234567", "905321234567", "+905321234567", "00905321234567",
            "+90 (532) 123 45 67", "0532-123-45-67", "0 532 123 4567", " +90 532 123 45 67",
            "0532\u{A0}123\u{202F}45 67", "０５３２１２３４５６７", "٠٥٣٢١٢٣٤٥٦٧", "+90 0532 123 45 67",
            "0532 123 45 67\n", "\u{202A}+90 532 123 45 67\u{202C}", "0532–123–45–67",
        ])
    func turkish(text: String) {
        #expect(PhoneNumber(text)?.digits == "5321234567")
        #expect(PhoneNumber(text)?.isTurkishMobile == true)
    }

    @Test(
        "A number of another country keeps its country code",
        arguments: [
            ("+49 151 23456789", "004915123456789"), ("0044 20 7946 0958", "00442079460958"),
            ("+1 212 555 0100", "0012125550100"), ("+5321234567", "005321234567"),
        ])
    func international(text: String, digits: String) {
        #expect(PhoneNumber(text)?.digits == digits)
        #expect(PhoneNumber(text)?.isTurkishMobile == false)
    }

    @Test(
        "What is no number that a ticket can be sent to is nil",
        arguments: [
            "", "+", "0", "532 123 45 6", "5321234567 8", "0212 123 45 67", "+90 212 123 45 67",
            "02121234567", "0532 123 45 67 / 0533 123 45 67", "abc", "+1", "+1234567890123456",
            "532x1234567", "5321234567 dahili 3", "+90 532 123 45", "++905321234567",
            "00000000000", "+0000000000", "053212345678901234567890",
        ])
    func refused(text: String) {
        #expect(PhoneNumber(text) == nil)
    }
}
