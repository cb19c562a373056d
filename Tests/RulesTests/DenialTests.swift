// SPDX-License-Identifier: Apache-2.0

import Domain
import Mail
import Rules
import Testing

@Suite("What a bank denies")
struct DenialTests {
    private static let akbank =
        "0412-0099887 numaralı hesabınıza 22.11.2026 tarihinde 1.250,00 TL nakit girişi olmuştur. "
        + "Açıklama: KT5RRV8G2. Hesabınızın güncel bakiyesi 48.110,25 TL'dir."

    @Test(
        "in one text of a mail no other one can say",
        arguments: [
            " Tutar işleme alınmıştır, 23.11.2026 tarihinde hesabınıza geçecektir.",
            " İşleminiz gerçekleştirilememiştir.",
        ])
    func acrossTexts(_ denial: String) throws {
        func read(_ text: String?, _ html: String?) -> MailOutcome {
            ShippedRules.book.read(
                TestMail.message(
                    from: "hizmet@bilgi.akbank.com",
                    subject: "Hesabınıza nakit girişi olmuştur", text: text, html: html),
                receivedAt: TestMail.arrival
            ).outcome
        }
        #expect(read(Self.akbank, Self.akbank) == .payment)
        #expect(read(Self.akbank + denial, Self.akbank) == .unclear)
        #expect(read(Self.akbank, Self.akbank + denial) == .unclear)
        #expect(read(denial, Self.akbank) == .unclear)
    }
}
