// SPDX-License-Identifier: Apache-2.0

import Domain
import Testing

@Suite("Names of people")
struct PersonNameTests {
    @Test(
        "Words are folded, titles and punctuation are gone",
        arguments: [
            ("Elif Karaca", ["elif", "karaca"]),
            ("  ELİF \t KARACA ", ["elif", "karaca"]),
            ("Dr. Elif Karaca", ["elif", "karaca"]),
            ("Prof. Dr. Selin ÖRGE", ["selin", "orge"]),
            ("Av. Doç. Uzm. Işıl Çağış", ["isil", "cagis"]),
            ("Sayın Bora Tanyel", ["bora", "tanyel"]),
            ("E*** K*****", ["e***", "k*****"]),
            ("O'Brien-Smith", ["o", "brien", "smith"]),
            ("Elif K.", ["elif", "k"]),
            ("Dr.", ["dr"]), ("Op. Dr. Elif Karaca", ["elif", "karaca"]),
            ("Yrd. Doç. Dr. Elif Karaca", ["elif", "karaca"]),
            ("Dr. Öğr. Üyesi Elif Karaca", ["elif", "karaca"]),
            ("ÖĞR. GÖR. ELİF KARACA", ["elif", "karaca"]), ("Müh. Ali Can", ["ali", "can"]),
            ("MEHMET ALİ BAY", ["mehmet", "ali", "bay"]), ("Ali Bay Can", ["ali", "bay", "can"]),
            ("AYŞE NUR SAYIN", ["ayse", "nur", "sayin"]), ("Bay Sayın", ["sayin"]),
            ("Elif Karaca Hanım", ["elif", "karaca", "hanim"]),
            ("Âdem Kâmil", ["adem", "kamil"]),
            ("李 小龍", ["李", "小龍"]),
        ])
    func words(text: String, words: [String]) {
        #expect(PersonName(text)?.words == words)
    }

    @Test(
        "What may be a surname before the name is kept beside it, what is nobody's name is not",
        arguments: [
            ("Elif Karaca", ["elif", "karaca"], ["elif", "karaca"]),
            ("Dr. Elif Karaca", ["elif", "karaca"], ["elif", "karaca"]),
            ("Av. Elif Karaca", ["elif", "karaca"], ["elif", "karaca"]),
            ("BAY MEHMET ALİ", ["bay", "mehmet", "ali"], ["bay", "mehmet", "ali"]),
            ("Elif Karaca Hanım", ["elif", "karaca", "hanim"], ["elif", "karaca"]),
            (
                "ELİF KARACA MÜŞTEREK HESAP", ["elif", "karaca", "musterek", "hesap"],
                ["elif", "karaca"]
            ),
            ("Ayşe Hanım", ["ayse", "hanim"], ["ayse", "hanim"]),
        ])
    func kept(text: String, full: [String], bare: [String]) {
        #expect(PersonName(text)?.fullWords == full)
        #expect(PersonName(text)?.bareWords == bare)
    }

    @Test(
        "Marks on letters are compared where both have them, however they are written",
        arguments: [
            ("AYŞE CAN", "Ayşe Can", true), ("AYŞE CAN", "Ayşe Çan", false),
            ("AYS\u{327}E CAN", "Dr. Ayşe Can", true), ("ÖZGÜR", "O\u{308}zgu\u{308}r", true),
            ("IŞIL İPEK", "Işil Ipek", true), ("Ali Can", "Ali Çan", false),
        ])
    func spelling(one: String, other: String, isAlike: Bool) throws {
        let (one, other) = (try #require(PersonName(one)), try #require(PersonName(other)))
        #expect(one.isSpelled(like: other) == isAlike)
        #expect(other.isSpelled(like: one) == isAlike)
    }

    @Test("The text keeps its letters, blanks become one")
    func text() {
        #expect(PersonName(" Elif \u{A0} Karaca\n")?.text == "Elif Karaca")
    }

    @Test(
        "A text without any letter is no name",
        arguments: ["", " ", "-", "...", "*", "***", "* ***", "1234", "12 34", "5***8", "\u{200B}"]
    )
    func nothing(text: String) {
        #expect(PersonName(text) == nil)
    }
}

@Suite("Folding of Turkish letters")
struct TurkishFoldTests {
    @Test(
        "Letters fold to ASCII in lower case, blanks to one",
        arguments: [
            ("İIıi", "iiii"), ("ŞşĞğÜüÖöÇç", "ssgguuoocc"), ("ÂâÎîÛû", "aaiiuu"),
            ("I\u{307}", "i"), ("S\u{327}", "s"), ("o\u{308}", "o"),
            ("ȘșÑñÉé", "ssnnee"), ("  a \t\r\n b\u{A0}\u{3000}c  ", "a b c"),
            ("a\u{200B}b\u{AD}c\u{202E}d\u{FEFF}", "abcd"), ("\u{2066}a\u{2069}", "a"),
            ("a\u{2028}b\u{2029}c", "a b c"), ("a\u{B}b\u{C}c\u{85}d", "a b c d"),
            ("Straße", "straße"), ("ΑΒΓ", "αβγ"), ("１２", "１２"), ("!~", "!~"), ("", ""),
            ("\u{200B} ", ""),
        ])
    func folds(text: String, folded: String) {
        #expect(text.turkishFolded() == folded)
    }

    @Test("Folding twice changes nothing more")
    func idempotent() {
        for value in (UInt32(1)...0x2FFF) {
            guard let scalar = Unicode.Scalar(value) else { continue }
            let once = "a\(scalar)b".turkishFolded()
            #expect(once.turkishFolded() == once, "U+\(String(value, radix: 16))")
        }
    }

    @Test("All ways to write a letter fold alike")
    func canonicalForms() {
        for pair in [
            ("ş", "s\u{327}"), ("ğ", "g\u{306}"), ("ü", "u\u{308}"), ("ö", "o\u{308}"),
            ("ç", "c\u{327}"), ("İ", "I\u{307}"), ("ã", "a\u{303}"), ("ő", "o\u{30B}"),
            ("ý", "y\u{301}"), ("č", "c\u{30C}"), ("ž", "z\u{30C}"),
        ] {
            #expect(pair.0.turkishFolded() == pair.1.turkishFolded())
        }
    }
}
