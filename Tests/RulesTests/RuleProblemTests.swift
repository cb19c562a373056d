// SPDX-License-Identifier: Apache-2.0

import Domain
import FoundationEssentials
import Testing

@testable import Rules

@Suite("Problems of rule files")
struct RuleProblemTests {
    static let good = """
        id: bank
        bank: Örnek Bank
        status: confirmed
        senders:
          addresses: [bilgi@bank.example]
        never_sends: [sender_iban]
        variants:
          - id: incoming
            outcome: payment
            subject: [Gelen]
            frame: [hesabınıza para geldi]
            sentence: '(?<payer>.+) kişisinden (?<amount>[\\d.,]+ TL) geldi'
            fields:
              amount: { style: turkish }
              occurred_at: { label: Zaman, dates: ['dd.MM.yyyy HH:mm'] }
        samples:
          match:
            - name: one
              from: bilgi@bank.example
              subject: Gelen
              text: |
                hesabınıza para geldi
                ELİF KARACA kişisinden 1.250,00 TL geldi
              expect: { amount: 1250.00 TRY, payer: ELİF KARACA }
          no_match:
            - name: two
              from: bilgi@bank.example
              subject: Giden
              text: hesabınıza para geldi sanmayın
              expect: { outcome: unclear }
          hostile:
            - name: three
              from: bilgi@else.example
              subject: Gelen
              text: |
                hesabınıza para geldi
                ELİF KARACA kişisinden 1.250,00 TL geldi
              expect: { outcome: unread }
        """

    @Test("the file that the others are made of is good")
    func goodFile() {
        let (book, problems) = RuleBook.compile([
            RuleSource(path: "bank/rule.yaml", text: Self.good)
        ])
        #expect(problems.map(\.description) == [])
        #expect(book.ruleIDs == [RuleID("bank/incoming")])
    }

    @Test(
        "a text in single quotes may hold what is else taken for a slip of the pen",
        arguments: ["'iade, iptal'", "'-iade'", "'iade “ok” edildi'", "[iade, '– iptal']"])
    func quotedTexts(_ deny: String) {
        let text = Self.good.replacing(
            "    sentence:", with: "    deny: \(deny)\n    sentence:")
        let problems = RuleBook.compile([RuleSource(path: "bank/rule.yaml", text: text)]).problems
        #expect(problems.map(\.description) == [])
    }

    @Test("a broken file leaves the others in force; an id is used once")
    func others() {
        let good = RuleSource(path: "a/rule.yaml", text: Self.good)
        let same = RuleSource(path: "b/rule.yaml", text: Self.good)
        let bad = RuleSource(path: "c/rule.yaml", text: "id: [")
        let (book, problems) = RuleBook.compile([bad, same, good])
        #expect(book.fileCount == 1)
        #expect(book.digests.keys.sorted() == ["a/rule.yaml"])
        #expect(
            problems.first?.description
                == "b/rule.yaml:1:5: the id bank is already used by a/rule.yaml; ids are never "
                + "shared, write another one such as bank-2"
        )
        #expect(problems.last?.path == "c/rule.yaml")
    }

    @Test("of two files with one id the one in force stays; of two new ones a person decides")
    func copies() {
        func source(_ path: String) -> RuleSource { RuleSource(path: path, text: Self.good) }
        func isDraft(_ book: RuleBook) -> Bool {
            let text = "hesabınıza para geldi\nELİF KARACA kişisinden 1.250,00 TL geldi"
            return book.read(
                TestMail.message(from: "bilgi@bank.example", subject: "Gelen", text: text),
                receivedAt: TestMail.arrival
            ).isDraft
        }
        let both = [source("a/rule.yaml"), source("b/rule.yaml")]
        let second = RuleBook.compile([both[1]]).book
        let (kept, problems) = RuleBook.compile(both, keeping: second)
        #expect(kept.digests.keys.sorted() == ["b/rule.yaml"])
        #expect(!isDraft(kept))
        #expect(problems.map(\.path) == ["a/rule.yaml"])
        let new = RuleBook.compile(both).book
        #expect(isDraft(new))
        #expect(isDraft(RuleBook.compile(both, keeping: new).book))
        #expect(!isDraft(RuleBook.compile([both[0]], keeping: new).book))
    }

    @Test("words under deny that no sample holds are named once per file; shared ones are not")
    func untestedWords() {
        let shared = RuleSource(path: "common/x.yaml", text: "fragment: x\ndeny: [ücret iadesi]\n")
        func notes(_ deny: String) -> [String] {
            let text = Self.good.replacing(
                "variants:", with: "include: common/x.yaml\ndeny: \(deny)\nvariants:")
            return UntestedWords.notes([RuleSource(path: "bank/rule.yaml", text: text), shared])
                .map(\.description)
        }
        #expect(notes("[sanmayın]") == [])
        #expect(
            notes("[sanmayın, iade edilmştir, iptal]") == [
                "bank/rule.yaml:8:1: no sample holds what deny or out names: “iade edilmştir”, “iptal”; "
                    + "check the spelling, or add such a mail under no_match"
            ])
        // In quotes it is one text with its comma, and stands nowhere.
        let listed = Self.good.replacing(
            "    sentence:", with: "    direction: { out: 'giden, çıkan' }\n    sentence:")
        #expect(
            UntestedWords.notes([RuleSource(path: "bank/rule.yaml", text: listed)]).first?
                .turkishDescription.contains("“giden, çıkan”") == true)
        #expect(notes("[aaa, bbb, ccc, ddd, eee]").first?.contains("“ccc” and 2 more;") == true)
    }

    @Test(
        "a day without an hour stays that day, wherever the bank is",
        arguments: ["Europe/Istanbul", "Europe/Berlin", "Asia/Kolkata", "America/New_York"])
    func dayOnly(_ zone: String) throws {
        func day(_ pattern: String, _ time: String) throws -> String? {
            let text = Self.good.replacing(
                "['dd.MM.yyyy HH:mm'] }", with: "['\(pattern)'], zone: \(zone) }"
            ).replacing("text: |", with: "text: |\n        Zaman: \(time)")
            let trial = try #require(RuleTrial.all([RuleSource(path: "x", text: text)]).first)
            #expect(trial.problems == [])
            let reading = try #require(trial.samples.first?.reading)
            #expect(reading.notices.first?.timeFrom == .body)
            return reading.notices.first?.dayOnly
        }
        #expect(try day("dd.MM.yyyy", "22.11.2026") == "2026-11-22")
        #expect(try day("dd.MM.yyyy HH:mm", "22.11.2026 00:00") == nil)
    }

    @Test("a file in UTF-16 gives one message")
    func utf16() {
        let units = Self.good.utf16.flatMap { [UInt8(truncatingIfNeeded: $0), UInt8($0 >> 8)] }
        let text = String(decoding: [0xFF, 0xFE] + units, as: UTF8.self)
        let problems = RuleBook.compile([RuleSource(path: "x", text: text)]).problems
        #expect(
            problems.map(\.description)
                == ["x:1:1: this is no UTF-8, UTF-16 (“Unicode”) perhaps; save the file as UTF-8"])
    }

    @Test("a file in Windows-1254 gives one message, and none of its letters is shown")
    func windows1254() {
        let bytes = Self.good.unicodeScalars.map { sign -> UInt8 in
            switch sign {
            case "ş": 0xFE
            case "ı": 0xFD
            case "İ": 0xDD
            default: UInt8(truncatingIfNeeded: sign.value)
            }
        }
        let text = String(decoding: bytes, as: UTF8.self)
        let problems = RuleBook.compile([RuleSource(path: "x", text: text)]).problems
        #expect(
            problems.prefix(1).map(\.description) == [
                "x:2:7: this letter is not UTF-8; save the file as UTF-8 (it may be Windows-1254 now)"
            ])
        #expect(
            problems.prefix(1).map(\.turkishDescription) == [
                "x:2:7: bu harf UTF-8 değil; dosyayı UTF-8 olarak kaydedin "
                    + "(şimdi Windows-1254 olabilir)"
            ])
        #expect(!problems.contains { $0.description.contains("\u{FFFD}") })
    }

    @Test(
        "a no-break blank that breaks the file is named at its place",
        arguments: [
            ("status: confirmed", "status:\u{A0}confirmed"),
            ("  - id: incoming", "  -\u{A0}id: incoming"),
            ("    frame: [", "  \u{A0}\u{A0}frame: ["),
        ])
    func noBreakBlank(_ line: String, _ broken: String) {
        let text = Self.good.replacing(line, with: broken, maxReplacements: 1)
        let problems = RuleBook.compile([RuleSource(path: "x", text: text)]).problems
        #expect(
            problems.first?.message.english
                == "this blank is a non-breaking one; write ordinary blanks",
            "\(problems)")
        let before = broken.prefix { $0 != "\u{A0}" }.count
        #expect(problems.first?.column == before + 1, "\(problems)")
    }

    @Test("a no-break blank inside a text is a blank")
    func noBreakBlankInText() {
        let text = Self.good.replacing(
            "frame: [hesabınıza para geldi]", with: "frame: [hesabınıza\u{A0}para geldi]"
        ).replacing("kişisinden (", with: "kişisinden\u{A0}(", maxReplacements: 1)
        let problems = RuleBook.compile([RuleSource(path: "x", text: text)]).problems
        #expect(problems.map(\.description) == [])
    }

    @Test("a digest follows the text")
    func digests() {
        let one = RuleBook.compile([RuleSource(path: "a", text: Self.good)]).book.digests["a"]
        let two = RuleBook.compile([RuleSource(path: "a", text: Self.good + "\n")]).book.digests[
            "a"]
        #expect(one != nil)
        #expect(one != two)
    }

    @Test("any bytes give problems, never a crash", arguments: 0..<40)
    func randomBytes(_ seed: UInt64) {
        var state = seed &* 0x9e37_79b9_7f4a_7c15 &+ 1
        func next() -> UInt64 {
            state ^= state << 13
            state ^= state >> 7
            state ^= state << 17
            return state
        }
        let marks = Array(" \n\t-:[]{}&*!|>'\"%@`#,?aç(\\<\u{0}\u{85}".utf8)
        for _ in 0..<25 {
            var bytes = Array(Self.good.utf8)
            for _ in 0..<(1 + next() % 12) {
                let index = Int(next() % UInt64(bytes.count))
                let mark =
                    next() % 4 == 0
                    ? UInt8(truncatingIfNeeded: next()) : marks[Int(next() % UInt64(marks.count))]
                switch next() % 3 {
                case 0: bytes[index] = mark
                case 1: bytes.insert(mark, at: index)
                default:
                    bytes.removeSubrange(index..<min(bytes.count, index + Int(next() % 30) + 1))
                }
                if bytes.isEmpty { bytes = [mark] }
            }
            let text = String(decoding: bytes, as: UTF8.self)
            let (book, problems) = RuleBook.compile([RuleSource(path: "x", text: text)])
            #expect(book.fileCount == 1 || !problems.isEmpty)
            #expect(problems.allSatisfy { $0.line >= 1 && $0.column >= 1 })
        }
        let noise = (0..<2000).map { _ in UInt8(truncatingIfNeeded: next()) }
        _ = RuleBook.compile([RuleSource(path: "x", text: String(decoding: noise, as: UTF8.self))])
    }

    @Test(
        "deep nesting is refused before it is walked",
        arguments: [
            String(repeating: "[", count: 100_000), String(repeating: "{a: ", count: 50_000),
            String(repeating: "- ", count: 100_000), String(repeating: "? ", count: 100_000),
            (0..<3000).map { String(repeating: " ", count: $0) + "a:\n" }.joined(),
        ])
    func deep(_ text: String) {
        let (_, problems) = RuleBook.compile([RuleSource(path: "x", text: text)])
        #expect(problems.count == 1)
        #expect(
            problems.first?.message.english
                == "this is nested too deeply; rule files need ten levels at most")
    }
}
