// SPDX-License-Identifier: Apache-2.0

import Domain
import Testing

@testable import Matching

@Suite("Names in a description")
struct WrittenNameTests {
    private func verdict(
        _ words: String, for name: String = "Elif Karaca", from payer: String = "Zeynep Uzak",
        due: Int64 = 125_000
    ) throws -> Verdict {
        let guests = [
            guest("guest", name, "KTF6HV349", due: due), guest("bora", "Bora Tanyel", "KT834JJ46"),
        ]
        return try Matcher(policy: .believing).verdict(
            for: notice(125_000, from: payer, words), trust: TrustVerdict(.verified),
            lookup: Book(registrations: guests))
    }

    @Test(
        "are found in any order, glued together and with suffixes",
        arguments: [
            "ELIF KARACA", "KARACA ELIF", "karaca elif kurs", "elifkaraca", "KARACAELIF",
            "ELİF  KARACA'nın ücreti", "Elif Karacanın", "Elif Karaca’ya", "karacaelifin ücreti",
            "Karaca Elif'in", "elifkaracanın", "kızım Elif Karacayla atölye",
            "Elif Karacadan", "2026/11 ELIF KARACA 0532",
        ])
    func found(words: String) throws {
        // Whatever the sum: who is named is found by the name alone.
        for due: Int64 in [125_000, 90_000] {
            let verdict = try verdict(words, due: due)
            #expect(verdict.kind == .review && verdict.allocations.isEmpty)
            #expect(verdict.candidates.first?.registration.text == "guest", "\(words)")
            #expect(verdict.candidates.first?.reasons.contains(.nameInDescription) ?? false)
        }
    }

    @Test(
        "a middle name is glued, apart, turned or left out",
        arguments: [
            ("Elif Nur Karaca", "elifnurkaraca"), ("Elif Nur Karaca", "Elifnur Karaca"),
            ("Elif Nur Karaca", "KARACA ELIF NUR"), ("Elif Nur Karaca", "Elif Karacanın"),
            ("Elif Nur Karaca", "elif nurkaraca"), ("Elifnur Karaca", "Elif Nur Karacanın"),
            ("Elif Karaca Örge", "elif karacaörge"), ("Mehmet Demir", "Mehmet Demirin"),
            ("Mehmet Demir", "Mehmet Demire"), ("Nil Er", "Nil Er'e"),
        ])
    func middle(name: String, words: String) throws {
        let verdict = try verdict(words, for: name, due: 90_000)
        #expect(verdict.candidates.first?.registration.text == "guest", "\(words)")
        #expect(verdict.candidates.first?.reasons.contains(.nameInDescription) ?? false)
    }

    @Test(
        "other words are nobody's name",
        arguments: [
            ("Elif Karaca", "elif karacan"), ("Elif Karaca", "karaca"), ("Can Ak", "canak bedeli"),
            ("Elif Karaca", "zelifkaraca"), ("Elif Karaca", "elif kurs karaca"),
            ("Elif Karaca", "elif karacanin2"), ("Elif Karaca", "elifkaracalar"),
            ("Mehmet Demir", "Mehmet Demirya"), ("Elif Nur Karaca", "Nur Karaca"), ("Ali", "Ali"),
        ])
    func others(name: String, words: String) throws {
        let verdict = try verdict(words, for: name, due: 90_000)
        #expect(verdict.candidates.map(\.registration.text) == ["bora"], "\(words)")
    }

    @Test("a guest who names another in any way is not booked for")
    func otherNamed() throws {
        for words in ["KARACA ELIF", "elifkaraca", "Elif Karacanın"] {
            let verdict = try verdict(words, from: "Bora Tanyel")
            #expect(verdict.kind == .review && verdict.reasons.contains(.otherNamed))
            #expect(verdict.candidates.first?.registration.text == "guest")
        }
        for words in ["TANYEL BORA", "boratanyel", "Bora Tanyelin", "katkı payı"] {
            #expect(try verdict(words, from: "Bora Tanyel").kind == .approve, "\(words)")
        }
    }

    @Test("the look-ups are few whatever is written, plain readings among them")
    func bounded() throws {
        let texts = [
            String(repeating: "a", count: 100_000), String(repeating: "ab ", count: 9_000),
            String(repeating: "elifnurkaraca ", count: 900),
            String(repeating: "\u{301}", count: 99),
            (0..<60).map { "soyadi\($0 % 7)nin" }.joined(separator: " "), "", " ",
            String(repeating: "ş", count: 500),
            "👩‍👩‍👧‍👦 Элиф Караджа " + String(repeating: "e i ", count: 50),
        ]
        for text in texts {
            let written = WrittenNames(text)
            #expect(written.ends().count <= 128)
            _ = PersonName("Elif Nur Karaca").map(written.contains)
        }
        let long = WrittenNames(
            String(repeating: "katilim bedeli odemesi ", count: 6) + "karaca elif")
        #expect(long.ends().contains(NameEnds("elif", "karaca")))
    }
}
