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
            ("IRMAK CAGIS", "Irmak Çağış", .equal),
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
            // Titles that are surnames.
            ("MEHMET ALİ BAY", "Mehmet Ali Sayın", .differs),
            ("MEHMET ALİ BAY", "Mehmet Ali Bay", .equal),
            ("BAY MEHMET ALİ", "Mehmet Ali Bay", .agrees),
            ("BAY MEHMET ALİ", "Mehmet Ali", .agrees), ("MEHMET ALİ", "Sayın Mehmet Ali", .agrees),
            ("AYŞE NUR SAYIN", "Ayşe Nur", .differs), ("ALİ CAN", "Ali Bay Can", .agrees),
            ("Elif Karaca", "Av. Elif Karaca", .equal), ("AV ELİF KARACA", "Elif Karaca", .agrees),
            ("OP. DR. ELİF KARACA", "Elif Karaca", .equal),
            ("Yrd. Doç. Dr. Elif Karaca", "ELİF KARACA", .equal),
            ("ELİF KARACA HANIM", "Elif Karaca", .agrees), ("AYŞE HANIM", "Ayşe Hanım", .equal),
            // Initials.
            ("E. KARACA", "Elif Karaca", .masked), ("E. K.", "Elif Karaca", .masked),
            ("M. Ali Kaya", "Mehmet Ali Kaya", .masked), ("M. Ali Kaya", "Murat Kaya", .masked),
            ("E. KARACA", "Bora Karaca", .differs), ("M. Ali Kaya", "Mehmet Can Kaya", .differs),
            ("E. K.", "Elif Tanyel", .differs),
            // The same initial is not yet the same name.
            ("Elif K.", "Elif K.", .masked), ("E. K.", "E. K.", .masked),
            ("M. Ali Kaya", "M. Ali Kaya", .masked), ("K. ELİF", "Elif K.", .masked),
            ("E. Nur K.", "E. N. K.", .masked), ("Elif K...", "Elif Karaca", .masked),
            ("Elif N. Karaca", "Elif N. Karaca", .agrees),
            ("MAVİ DENİZ YAPIM A.Ş.", "Mavi Deniz Yapım A.Ş.", .equal),
            // Joint accounts.
            ("ELİF KARACA MÜŞTEREK HESAP", "Elif Karaca", .agrees),
            ("BORA VE ELİF KARACA", "Elif Karaca", .agrees),
            ("BORA VE ELİF KARACA", "Bora Karaca", .agrees),
            ("BORA & ELİF KARACA MÜŞTEREK HESABI", "Bora Karaca", .agrees),
            ("ELİF KARACA VE BORA TANYEL MÜŞTEREK", "Bora Tanyel", .agrees),
            ("BORA VE ELİF KARACA", "Bora Tanyel", .differs),
            ("AYŞE-NUR KARACA", "Ayşe Karaca", .agrees),
            ("ALİ-BORA KARACA", "Ali Tanyel", .differs),
            // Letters that the bank printed.
            ("AYŞE CAN", "Ayşe Çan", .agrees), ("AYSE CAN", "Ayşe Çan", .equal),
            ("ALİ ÇAN", "Ali Can", .agrees), ("AYŞE CAN", "Ayse Can", .agrees),
        ] as [(String, String, NameAgreement)])
    func scale(payer: String, guest: String, expected: NameAgreement) {
        #expect(
            NameAgreement(payer: PersonName(payer), guest: PersonName(guest)) == expected)
    }

    @Test("Letters of two notices are compared where both have Turkish ones")
    func notices() {
        let names = ["AYŞE CAN", "AYSE CAN", "Ayşe Çan"].map(PersonName.init)
        #expect(NameAgreement(payer: names[0], otherNotice: names[1]) == .equal)
        #expect(NameAgreement(payer: names[1], otherNotice: names[2]) == .equal)
        #expect(NameAgreement(payer: names[0], otherNotice: names[2]) == .agrees)
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
