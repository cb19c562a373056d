// SPDX-License-Identifier: Apache-2.0

import Domain
import Matching
import Testing

private func codes(_ text: String, _ prefixes: Set<String> = ["KT"]) -> [String] {
    ReferenceFinder.find(in: text, prefixes: prefixes).compactMap {
        if case .exact(let code) = $0 { code.text } else { nil }
    }
}

private func repaired(_ text: String) -> Set<String> {
    ReferenceFinder.find(in: text, prefixes: ["KT"]).reduce(into: []) { all, found in
        if case .repaired(let candidates) = found { all.formUnion(candidates.map(\.text)) }
    }
}

@Suite("Finding codes")
struct ReferenceFinderTests {
    @Test(
        "Codes are found however they are written",
        arguments: [
            ("Ktf6hv349", ["KTF6HV349"]),
            ("KT834JJ46 UCRET", ["KT834JJ46"]),
            ("KT59VVR32 _ Gönd: BORA TANYEL 0046-Akbank T.A.Ş.", ["KT59VVR32"]),
            ("NEHİR ATALAN*0064*KT5PZ4R38*3312345678*FAST", ["KT5PZ4R38"]),
            ("Etkinlik Kt 97z-94rd Elif", ["KT97Z94RD"]),
            ("KTF6MJ3YHFAST8994", ["KTF6MJ3YH"]),
            ("8994KTF6MJ3YH", ["KTF6MJ3YH"]),
            ("https://pay.example/x?ref=KTF6HV349", ["KTF6HV349"]),
            ("?ref=ktf6hv349&x=1", ["KTF6HV349"]),
            ("K T F 6 H V 3 4 9", ["KTF6HV349"]),
            ("KT.F6HV.349", ["KTF6HV349"]),
            ("KT / F6 / HV3 / 49", ["KTF6HV349"]),
            ("KT:F6HV349", ["KTF6HV349"]),
            ("KTF6HV349'un ücreti", ["KTF6HV349"]),
            ("KTF6HV349 KTF6HV349 kt-f6hv349", ["KTF6HV349"]),
            ("KTF6HV349/KT834JJ46", ["KTF6HV349", "KT834JJ46"]),
            ("KTF6HV349KT834JJ46", ["KTF6HV349", "KT834JJ46"]),
            ("kt\u{200B}f6hv\u{202E}349", ["KTF6HV349"]),
            ("\u{FF2B}\u{FF34}F6HV349", ["KTF6HV349"]),
            ("KTF6HV\u{FF13}\u{FF14}\u{FF19}", ["KTF6HV349"]),
            ("\u{41A}TF6HV349", ["KTF6HV349"]),
            ("\u{39A}\u{3A4}F6\u{41D}V349", ["KTF6HV349"]),
            ("KTF6HV\u{663}\u{664}\u{669}", ["KTF6HV349"]),
        ])
    func found(text: String, expected: [String]) {
        #expect(codes(text) == expected)
    }

    @Test(
        "What is no code is not found",
        arguments: [
            "KTF6HV348", "KTF6HV34", "KT F6HV349FAST", "KT, F6HV349", "KT -  - F6HV349",
            "KT F 6H V3 4 9", "KT-F6 H/V349", "KT22222222", "KTCCCCCCC", "XXF6HV349",
            "Kurs ücreti 2026", "TR22 0001 0070 0000 0006 1728 35", "0532 123 45 67",
            "kt saat 14:05 te gelen 3 kisi", "", "KT",
        ])
    func notFound(text: String) {
        #expect(codes(text) == [])
    }

    @Test("Only prefixes in use count; without any, a code that stands alone does")
    func prefixes() {
        #expect(codes("KTF6HV349", ["AB"]) == [])
        #expect(codes("ref KTF6HV349 x", []) == ["KTF6HV349"])
        #expect(codes("KTF6HV349FAST", []) == [])
        #expect(codes("KT F6HV349", []) == [])
        #expect(codes("KTF6HV349", ["ktx", "", "K", "KT"]) == ["KTF6HV349"])
    }

    @Test("Of two readings that overlap, the one that stands freer is taken")
    func overlap() throws {
        // Both KT and TF are in use, and the signs behind TF happen to check as well.
        for last in ReferenceCode.alphabet.map({ String(UnicodeScalar($0)) }) {
            #expect(codes("KTF6HV349" + last, ["KT", "TF"]).count == 1)
            #expect(codes("KTF6HV349 " + last, ["KT", "TF"]) == ["KTF6HV349"])
            guard let second = ReferenceCode("TF6HV349" + last) else { continue }
            #expect(codes("9K" + second.text, ["KT", "TF"]) == [second.text])
            #expect(codes("K" + second.text, ["KT", "TF"]) == ["KTF6HV349"])
        }
    }

    @Test(
        "One slip gives candidates, the meant code among them",
        arguments: [
            "KTF6HV34O", "KTF6HV3A9", "KTFGHV349", "KTFHV349", "KTF6HV34", "KTF6HVV349",
            "KTF6H9V349", "KT6FHV349", "F6HV349", "TF6HV349", "KF6HV349", "#f6hv349", "T F6HV349",
            "F6 HV 349", "KT F6 HV 3 4Q", "TKF6HV349", "KIF6HV349", "ktf6hv3l9",
        ])
    func slips(text: String) {
        #expect(codes(text) == [])
        #expect(repaired(text).contains("KTF6HV349"))
        #expect(repaired("ucret " + text + " elif").contains("KTF6HV349"))
    }

    @Test("The sign that slipped may have been the only digit")
    func onlyDigit() throws {
        let code = try #require(ReferenceCode(prefix: "KT", payload: "VTFNF2"))
        for sign in ["Z", ""] {
            let slip = code.text.replacing("2", with: sign, maxReplacements: 1)
            let digits = slip.dropFirst(2).dropLast().count { $0.isNumber }
            #expect(digits == 0 && repaired(slip).contains(code.text), "\(slip)")
        }
    }

    @Test("A misread sign outside the alphabet has one repair")
    func oneRepair() {
        #expect(repaired("KTF6HV3A9") == ["KTF6HV349"])
        #expect(repaired("KTFOHV349").count == 1)
    }

    @Test("Two slips and a right code beside a slip give no candidates")
    func noRepair() {
        #expect(repaired("KTF6HVO1S").isEmpty)
        #expect(repaired("KTF6HV349 KT834JJ4O").isEmpty)
    }

    @Test("Any text of any length is read within the limit")
    func hostile() {
        let seed: UInt64 = 7
        var random = SeededRandom(seed: seed)
        let signs = Array("KT2F6HV349 -_./*:\u{0}\u{301}İıß😀\u{FFFD}\n")
        for _ in 0..<300 {
            let length = Int.random(in: 0...400, using: &random)
            let text = String((0..<length).compactMap { _ in signs.randomElement(using: &random) })
            #expect(
                ReferenceFinder.find(in: text, prefixes: ["KT"]).count <= ReferenceFinder.foundMax,
                "seed \(seed)")
        }
        for unit in ["K", "KT ", "KTF6HV349 ", "2F ", "K T 2 ", "\u{301}", "ﷺ"] {
            let text = String(repeating: unit, count: 100_000)
            #expect(
                ReferenceFinder.find(in: text, prefixes: ["KT"]).count <= ReferenceFinder.foundMax)
        }
        let far = String(repeating: "a ", count: ReferenceFinder.textScalarsMax) + "KTF6HV349"
        #expect(codes(far) == [])
    }
}
