// SPDX-License-Identifier: Apache-2.0

import Domain
import Foundation
import Mail
import Rules
import Testing

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

    private static func firstRule(_ path: String) throws -> RuleSource {
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

    private static func example(_ name: String) throws -> Message {
        let file = root.appendingPathComponent("docs/examples/\(name)")
        return try MessageParser.parse(Array(try Data(contentsOf: file)))
    }

    @Test("name every key of the format", arguments: guides)
    func keys(_ path: String) throws {
        let text = try Self.text(path)
        let keys = [
            "id", "bank", "names", "status", "since", "references", "senders", "addresses",
            "domains", "authentication", "never_sends", "deny", "look_alikes", "variants",
            "outcome", "kind", "subject", "frame", "direction", "body", "sentence", "fields",
            "labels", "labels_run_together", "label", "place", "occurrence", "style", "currency",
            "dates", "empty", "required", "samples", "match", "no_match", "hostile", "expect",
            "received", "imitates",
        ]
        for key in keys { #expect(text.contains(key), "\(key)") }
    }

    /// What the guides say that a mistake is answered with, and the mistake.
    static let mistakes = [
        ("frame: [Hesab", "fram: [Hesab", "the key fram is not known in a variant"),
        ("    direction:", "\tdirection:", "a tab stands before the text"),
        ("addresses: [bildirim@posta.kiyibank.example]", "domains: [com.tr]", "com.tr belongs"),
        ("frame: [Hesabınıza aşağıdaki transfer gelmiştir]", "frame: [TL]", "TL is found nearly"),
        ("'dd.MM.yyyy HH:mm'", "'gg.aa.yyyy'", "gg.aa.yyyy is no date"),
        ("amount: 1250.00 TRY", "amount: 1.250,00 TL", "an amount is written 1250.00 TRY"),
        ("never_sends: [", "never_sends: [payer, ", "payer is read here, but never_sends"),
        (", dates: ['dd.MM.yyyy HH:mm']", "", "occurred_at needs dates:"),
        ("label: Gönderen,", "label: Göndren,", "frame fits, field payer is missing"),
        ("style: turkish", "style: english", "frame fits, field amount is unreadable"),
        (
            "frame: [Hesabınıza aşağıdaki transfer gelmiştir]",
            "frame: [pattern: 'Hesabınıza \\w+']", "knows no Turkish letters"
        ),
    ]

    @Test("tell what the errors say", arguments: guides, mistakes)
    func errors(_ path: String, _ mistake: (from: String, to: String, message: String)) throws {
        let rule = try Self.firstRule(path).text
        let range = try #require(rule.range(of: mistake.from))
        let changed = rule.replacingCharacters(in: range, with: mistake.to)
        let source = RuleSource(path: "kiyi-bankasi/rule.yaml", text: changed)
        let problems = RuleBook.compile([source]).problems
        #expect(problems.contains { $0.description.contains(mistake.message) }, "\(problems)")
        #expect(try Self.text("docs/writing-rules.md").contains(mistake.message))
    }
}
