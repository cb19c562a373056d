// SPDX-License-Identifier: Apache-2.0

import Domain
import Matching
import Testing

@Suite("Names")
struct NameAgreementTests {
    @Test(
        "The payer's name is placed on the scale",
        arguments: [
            ("ELİF KARACA", "Elif Karaca", .equal),
            ("ELI\u{307}F KARACA", "elif karaca", .equal),
            ("SELIN ORGE", "Selin Örge", .equal),
            ("Elif Karaca", "Dr. Elif Karaca", .equal),
            ("Irmak Çağış", "IRMAK CAGIS", .equal),
            ("Elif Karaca", "Elif Nur Karaca", .agrees),
            ("Elif N. Karaca", "Elif Nur Karaca", .agrees),
            ("KARACA ELİF", "Elif Karaca", .agrees),
            ("Muhammed Abdurrahman", "Muhammed Abdurrahman Yılmazoğlu", .agrees),
            ("Elif Karac…", "Elif Karaca", .agrees),
            ("ELİF KARACA-BORA TANYEL", "Bora Tanyel", .agrees),
            ("ELİF KARACA VE BORA TANYEL", "Elif Karaca", .agrees),
            ("E*** K*****", "Elif Karaca", .masked),
            ("E***F K***A", "Elif Karaca", .masked),
            ("Elif K.", "Elif Karaca", .masked),
            ("ELİF", "Elif Karaca", .masked),
            ("B*** K*****", "Elif Karaca", .differs),
            ("E***T K*****", "Elif Karaca", .differs),
            ("Elif T.", "Elif Karaca", .differs),
            ("Elif Karac", "Elif Karaca", .differs),
            ("Elif Can Karaca", "Elif Nur Karaca", .differs),
            ("Mehmet Karaca", "Elif Karaca", .differs),
            ("Elif Tanyel", "Elif Karaca", .differs),
            ("MAVİ DENİZ ORGANİZASYON LTD. ŞTİ.", "Deniz Aksoylu", .differs),
            ("SAHNE - KAPISI", "Elif Karaca", .differs),
            ("1234", "Elif Karaca", .unknown),
        ] as [(String, String, NameAgreement)])
    func scale(payer: String, guest: String, expected: NameAgreement) {
        #expect(
            NameAgreement(payer: PersonName(payer), guest: PersonName(guest)) == expected)
    }

    @Test("No name is unknown, and the scale is ordered")
    func unknown() {
        #expect(NameAgreement(payer: nil, guest: PersonName("Elif Karaca")) == .unknown)
        #expect(NameAgreement(payer: PersonName("***"), guest: PersonName("Elif")) != .equal)
        #expect(NameAgreement.allCases.sorted() == [.differs, .unknown, .masked, .agrees, .equal])
    }
}

@Suite("Reasons in words")
struct ReasonTextTests {
    @Test("Every reason has its own sentence in both languages")
    func sentences() {
        for language in ReasonText.Language.allCases {
            let all = Reason.allCases.map { ReasonText.sentence($0, language: language) }
            #expect(Set(all).count == Reason.allCases.count)
            #expect(all.allSatisfy { $0.hasSuffix(".") && !$0.contains("_") })
        }
        #expect(ReasonText.sentence(.noCode, language: .turkish) == "Açıklamada kod yok.")
        #expect(
            ReasonText.sentence(.noCode, language: .english)
                == "There is no code in the description.")
    }
}
