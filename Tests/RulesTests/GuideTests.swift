// SPDX-License-Identifier: Apache-2.0

import Domain
import Foundation
import Mail
import Testing

@testable import Rules

@Suite("The guides for organizers")
struct GuideTests {
    static let guides = ["docs/tr/kural-yazma.md", "docs/writing-rules.md"]

    private static let root = ShippedRules.folder.deletingLastPathComponent()

    private static func text(_ path: String) throws -> String {
        try String(contentsOf: root.appendingPathComponent(path), encoding: .utf8)
    }

    /// The fenced blocks that are YAML.
    private static func blocks(_ path: String) throws -> [String] {
        try text(path).components(separatedBy: "```").filter { $0.hasPrefix("yaml\n") }
            .map { String($0.dropFirst(5)) }
    }

    static func firstRule(_ path: String) throws -> RuleSource {
        let rule = try #require(try blocks(path).first { $0.contains("\nsamples:") })
        return RuleSource(path: "kiyi-bankasi/rule.yaml", text: rule)
    }

    @Test("hold a first rule that loads, and reads the mails of the example", arguments: guides)
    func firstRule(_ path: String) throws {
        let (book, problems) = RuleBook.compile([try Self.firstRule(path)])
        #expect(problems.map(\.description) == [])
        let incoming = try Self.example("kiyi-bankasi.eml")
        let notice = try #require(book.read(incoming, receivedAt: TestMail.arrival).notices.first)
        #expect(notice.amount == Money(minorUnits: 125_000, currency: .turkishLira))
        #expect(notice.payer == "NEHİR ATALAN")
        #expect(notice.description == "KT5RRV8G2")
        #expect(notice.transactionID == "2211-8841")
        #expect(Timestamp.text(notice.occurredAt) == "2026-11-22T11:05:00Z")
        let outgoing = try Self.example("kiyi-bankasi-giden.eml")
        let reading = book.read(outgoing, receivedAt: TestMail.arrival)
        #expect(reading.outcome == .notAPayment)
        #expect(reading.notAPaymentKind == "outgoing")
    }

    @Test("show examples that the format knows, whole or in part", arguments: guides)
    func examples(_ path: String) throws {
        let blocks = try Self.blocks(path)
        #expect(blocks.count >= 12)
        for block in blocks where !block.contains("…\n") {
            let base = try Self.firstRule(path)
            let sources =
                block.contains("extends:") ? [base, addition(block)] : [Self.completed(block)]
            let problems = RuleBook.compile(sources).problems
            // A part need not pass another rule's samples, nor hold all that a whole one does.
            let own = problems.faults.map(\.description).filter {
                !$0.contains(": sample ") && !$0.contains("a payment needs an amount")
            }
            #expect(own == [], "\(block)")
        }
    }

    private func addition(_ text: String) -> RuleSource {
        RuleSource(
            path: "kiyi/rule.yaml", text: String(text.dropFirst(2)).replacing("\n  ", with: "\n"),
            layer: .local)
    }

    /// A whole rule file around a part of one, which is known by how far it is indented.
    private static func completed(_ block: String) -> RuleSource {
        let indent = block.prefix { $0 == " " }.count
        var keys = Set(
            block.split(separator: "\n").filter { $0.prefix { $0 == " " }.count == indent }
                .compactMap { $0.trimmingCharacters(in: .whitespaces).split(separator: ":").first })
        var text = block
        // From the inside out: fields, a variant, the file.
        if indent == 6 {
            text = "    fields:\n      amount: { label: Tutar }\n" + text
            keys = ["fields"]
        }
        if indent >= 4 {
            text = "    outcome: payment\n    frame: [aşağıdaki transfer]\n" + text
            if keys.contains("subject") || keys.contains("labels") {
                text += "\n    sentence: '(?<amount>\\d+ TL) geldi'\n"
            }
            text = "  - id: one\n" + text
        }
        if indent >= 2 {
            text = "variants:\n" + text
            keys = ["variants"]
        }
        let parts = [
            ("id", "id: kiyi-bankasi"), ("bank", "bank: Kıyı Bankası"), ("status", "status: draft"),
            ("senders", "senders: { addresses: [a@b.example] }"),
            ("variants", "variants: [{ id: a, outcome: unclear, frame: [para geldi] }]"),
            ("samples", samples),
        ]
        let rest = parts.filter { !keys.contains(Substring($0.0)) }.map(\.1)
        return RuleSource(
            path: "kiyi/rule.yaml", text: (rest + [text]).joined(separator: "\n"))
    }

    private static let samples = """
        samples:
          match: [{ name: a, from: a@b.example, subject: a, text: a, expect: { amount: none } }]
          no_match: [{ name: b, from: a@b.example, subject: a, text: a, expect: { amount: none } }]
          hostile: [{ name: c, from: a@b.example, subject: a, text: a, expect: { amount: none } }]
        """

    private static func example(_ name: String) throws -> Message {
        let file = root.appendingPathComponent("docs/examples/\(name)")
        return try MessageParser.parse(Array(try Data(contentsOf: file)))
    }

    @Test("name every key of the format and every word that may stand at one", arguments: guides)
    func keys(_ path: String) throws {
        let text = try Self.text(path)
        var words: Set<String> = []
        for section in [RuleFormat.file, RuleFormat.fileExtending] {
            Self.collect(section, into: &words)
        }
        #expect(words.count > 80)
        #expect(words.filter { !text.contains($0) }.sorted() == [])
    }

    private static func collect(_ section: RuleFormat.Section, into words: inout Set<String>) {
        for key in section.keys {
            words.insert(key.name)
            collect(key.shape, into: &words)
        }
    }

    private static func collect(_ shape: RuleFormat.Shape, into words: inout Set<String>) {
        switch shape {
        case .word(let known): words.formUnion(known)
        case .oneOrMore(let inner), .list(let inner): collect(inner, into: &words)
        case .section(let section): collect(section, into: &words)
        case .either(let one, let other), .named(let one, let other):
            collect(one, into: &words)
            collect(other, into: &words)
        case .text, .prose, .identifier, .kind, .flag, .number, .address, .domain, .currency, .date,
            .day, .zone, .time, .amount, .pattern, .path, .literal:
            break
        }
    }

    /// What the guides say that a mistake is answered with, and the mistake.
    static let mistakes = [
        (
            "frame: [Hesab", "fram: [Hesab", "the key fram is not known in a variant",
            "fram diye bir anahtar yok; şunu mu demek istediniz: frame?"
        ),
        (
            "    direction:", "\tdirection:", "a tab stands before the text",
            "metnin önünde sekme var"
        ),
        (
            "addresses: [bildirim@posta.kiyibank.example]", "domains: [com.tr]", "com.tr belongs",
            "com.tr herkesindir"
        ),
        (
            "frame: [Hesabınıza aşağıdaki transfer gelmiştir]", "frame: [TL]", "TL is found nearly",
            "TL hemen her yerde bulunur"
        ),
        (
            "'dd.MM.yyyy HH:mm'", "'gg.aa.yyyy'", "gg.aa.yyyy is no date",
            "gg.aa.yyyy bir tarih değil"
        ),
        (
            "amount: 1250.00 TRY", "amount: 1.250,00 TL", "an amount is written 1250.00 TRY",
            "tutar 1250.00 TRY diye yazılır"
        ),
        (
            "never_sends: [", "never_sends: [payer, ", "never_sends names payer, but the variant",
            "never_sends içinde payer var ama"
        ),
        (
            "frame: [Hesabınıza aşağıdaki transfer gelmiştir]",
            "frame: “Hesabınıza aşağıdaki transfer gelmiştir”", "this quote is curly",
            "bu tırnak eğik"
        ),
        (
            "frame: [Hesab", "deny: iade, iptal\n    frame: [Hesab",
            "this is one text with a comma in it", "bu, içinde virgül olan tek bir metin"
        ),
        (
            "frame: [Hesab", "deny:\n      -iade\n    frame: [Hesab",
            "an entry of a list begins with - and a blank",
            "listenin her satırı - ve bir boşlukla başlar"
        ),
        (
            "style: turkish", "style: english", "cannot be read with style: english",
            "style: english ile okunamaz"
        ),
        (
            ", dates: ['dd.MM.yyyy HH:mm']", "", "occurred_at needs dates:",
            "occurred_at için dates: gerekir"
        ),
        (
            "label: Gönderen,", "label: Göndren,", "field payer is missing", "payer alanı yok"
        ),
        (
            "frame: [Hesabınıza aşağıdaki transfer gelmiştir]",
            "frame: [pattern: 'Hesabınıza \\w+']", "knows no Turkish letters",
            "Türkçe harfleri tanımaz"
        ),
    ]

    @Test("explain in Turkish what the program says in Turkish")
    func explanations() throws {
        let english = try Self.text("docs/writing-rules.md")
        let turkish = try Self.text("docs/tr/kural-yazma.md")
        let start = try #require(english.range(of: "## Why a mail was not read")).upperBound
        let lines = english[start...].split(separator: "\n").prefix { !$0.hasPrefix("## ") }
        let rows = lines.filter { $0.hasPrefix("| `") }.compactMap {
            $0.split(separator: "`").dropFirst().first
        }
        #expect(rows.count > 12)
        for row in rows {
            let shown = "| `\(Phrasebook.turkish(String(row)))` |"
            #expect(turkish.contains(shown), "\(shown)")
        }
    }

    @Test("tell what the errors say", arguments: guides, mistakes)
    func errors(
        _ path: String, _ mistake: (from: String, to: String, english: String, turkish: String)
    ) throws {
        let rule = try Self.firstRule(path).text
        let range = try #require(rule.range(of: mistake.from))
        let changed = rule.replacingCharacters(in: range, with: mistake.to)
        let source = RuleSource(path: "kiyi-bankasi/rule.yaml", text: changed)
        let problems = RuleBook.compile([source]).problems.map(\.message)
        #expect(problems.contains { $0.english.contains(mistake.english) }, "\(problems)")
        #expect(problems.contains { $0.turkish.contains(mistake.turkish) }, "\(problems)")
        #expect(try Self.text("docs/writing-rules.md").contains(mistake.english))
        #expect(try Self.text("docs/tr/kural-yazma.md").contains(mistake.turkish))
    }
}
