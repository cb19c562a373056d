// SPDX-License-Identifier: Apache-2.0

import Domain
import Mail
import Testing

@testable import Authoring

/// SplitMix64: the same bytes for the same seed.
struct SeededBytes: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xbf58_476d_1ce4_e5b9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94d0_49bb_1331_11eb
        return mixed ^ (mixed >> 31)
    }

    mutating func bytes(_ count: Int) -> [UInt8] { (0..<count).map { _ in UInt8(next() % 256) } }
}

@Suite("The way bytes travel")
struct TransferEncodingTests {
    @Test(
        "comes back from what was written, in lines of 76 columns", arguments: 0..<40)
    func roundTrip(seed: Int) {
        var random = SeededBytes(state: UInt64(seed))
        // Line ends stay as they are in quoted-printable, so they come in pairs.
        let bytes = random.bytes(seed * 13).filter { $0 != 13 && $0 != 10 }
        for encoding in [TransferEncoding.base64, .quotedPrintable, .identity] {
            let written = encoding.encode(bytes, newline: [13, 10])
            #expect(encoding.decode(written[...]) == bytes, "seed \(seed)")
            if case .identity = encoding { continue }
            let lines = written.split(separator: 10)
            #expect(lines.allSatisfy { $0.count <= 77 }, "seed \(seed)")
        }
    }

    @Test(
        "is read in the charset that is meant, whatever is said",
        arguments: [
            ("utf-8", [0xC5, 0x9F], "ş", "utf-8"), ("iso-8859-9", [0xFE], "ş", "windows-1254"),
            ("iso-8859-1", [0xFE], "ş", "windows-1254"), ("utf-8", [0xFE], "ş", "windows-1254"),
            ("no-such-charset", [0xFE], "ş", "windows-1254"), (nil, [0xFE], "ş", "windows-1254"),
            ("iso-8859-1", [0xFC], "ü", "iso-8859-1"), ("iso-8859-2", [0xB3], "ł", "iso-8859-2"),
        ] as [(String?, [UInt8], String, String)])
    func charsets(named: String?, bytes: [UInt8], text: String, charset: String) {
        let found = MailCharset(named: named, of: bytes)
        #expect(found.name == charset)
        #expect(found.decode(bytes) == text)
        #expect(found.encode(text) == bytes || named == "utf-8")
    }
}

@Suite("An invented name or number")
struct DisguiseTests {
    private static func disguise(_ seed: UInt64) -> Disguise {
        Disguise(seed: seed, avoiding: ["elif", "karaca"])
    }

    private static func word(_ text: String, _ seed: UInt64) -> String {
        let signs = Array(text.unicodeScalars)
        return String(
            String.UnicodeScalarView(disguise(seed).word(signs[...], canWrite: { _ in true })))
    }

    @Test("is the same however the name is written, with its capitals", arguments: 0..<50)
    func names(seed: Int) {
        let seed = UInt64(seed)
        let small = Self.word("Elif", seed)
        #expect(small.turkishFolded() == Self.word("ELİF", seed).turkishFolded())
        #expect(small.turkishFolded() != "elif")
        #expect(small.unicodeScalars.count == 4)
        #expect(small.first?.isUppercase == true)
        let tail = small.dropFirst()
        #expect(!tail.contains { $0.isUppercase })
        let turkish = Self.word("ŞÜKRÜĞÖÇ", seed)
        #expect(turkish.unicodeScalars.contains { !$0.isASCII })
        #expect(!turkish.unicodeScalars.contains { $0.properties.isLowercase })
    }

    @Test("is a valid IBAN where there was one, and a valid code", arguments: 0..<50)
    func checkDigits(seed: Int) throws {
        let anonymizer = TextAnonymizer(
            seed: UInt64(seed), texts: [], vocabulary: [], values: [], keptAddresses: [],
            keptDomain: "")
        let iban = anonymizer.rewrite("TR22 0001 0070 0000 0006 1728 35")
        let compact = anonymizer.rewrite("TR220001007000000006172835")
        #expect(iban.filter { $0 != " " } == compact)
        #expect(iban.hasPrefix("TR") && iban != "TR22 0001 0070 0000 0006 1728 35")
        let moved = String(compact.dropFirst(4)) + "2927" + String(compact.dropFirst(2).prefix(2))
        let rest = moved.utf8.reduce(0) { ($0 * 10 + Int($1) - 48) % 97 }
        #expect(rest == 1, "\(compact)")
        let code = anonymizer.rewrite("KTF6HV349")
        #expect(code != "KTF6HV349")
        #expect(ReferenceCode(code) != nil)
        let split = anonymizer.rewrite("Kt f6hv-349")
        #expect(split.filter { $0 != " " && $0 != "-" }.uppercased() == code)
    }

    @Test(
        "keeps the style of an amount and the form of what is masked",
        arguments: [
            ("1.250,00 TL", "0.000,00 TL"), ("TRY 1,234.56", "TRY 0,000.00"),
            ("1 500,50 TL", "0 000,00 TL"), ("₺750", "₺000"), ("0,00 TL", "0,00 TL"),
            ("412-****567", "000-****000"), ("6612XXXX0934", "0000XXXX0000"),
            ("22.11.2026 14:05:33", "00.00.0000 00:00:00"),
        ])
    func forms(text: String, form: String) {
        let anonymizer = TextAnonymizer(
            seed: 5, texts: [], vocabulary: ["tl", "try"], values: [], keptAddresses: [],
            keptDomain: "")
        let digits = Set("0123456789")
        let found = anonymizer.rewrite(text)
        #expect(String(found.map { digits.contains($0) ? "0" : $0 }) == form)
        if text.hasPrefix("22") || text.hasPrefix("0,") {
            #expect(found == text)
        } else {
            #expect(found != text)
        }
    }

    @Test("gives an amount in words the words of the invented amount")
    func words() {
        let text = "1.250,00 TL (Yalnız BİNİKİYÜZELLİTL)"
        let anonymizer = TextAnonymizer(
            seed: 9, texts: [text], vocabulary: ["tl", "yalniz"], values: [], keptAddresses: [],
            keptDomain: "")
        let found = anonymizer.rewrite(text)
        let number = found.prefix { $0 != "," }.filter(\.isNumber)
        let words = AmountInWords.text(Array(number.utf8)) ?? ""
        #expect(found.turkishFolded().contains("(yalniz \(words)tl)"), "\(found)")
        #expect(AmountInWords.text(Array("1250".utf8)) == "binikiyuzelli")
        #expect(AmountInWords.text(Array("100101".utf8)) == "yuzbinyuzbir")
    }
}

@Suite("Any bytes")
struct HostileMailTests {
    @Test("are anonymized or refused, and never trap", arguments: 0..<60)
    func random(seed: Int) throws {
        var random = SeededBytes(state: UInt64(seed))
        let model = try ShippedMails.raw(
            ShippedMails.names[seed * 7 % ShippedMails.names.count])
        var raw = model
        for _ in 0..<(seed % 12) {
            let place = Int(random.next() % UInt64(raw.count))
            let length = Int(random.next() % 40)
            raw.replaceSubrange(
                place..<min(raw.count, place + length), with: random.bytes(Int(random.next() % 30)))
        }
        let anonymizer = MailAnonymizer(seed: UInt64(seed))
        do throws(MailError) {
            let result = try anonymizer.anonymize(raw)
            #expect(!result.raw.isEmpty)
        } catch {
            #expect(!error.cause.isEmpty)
        }
        _ = try? RuleDraft.make(.init(mails: [raw], seed: 1, isTurkish: false))
    }
}
