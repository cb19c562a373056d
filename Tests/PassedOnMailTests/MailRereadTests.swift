// SPDX-License-Identifier: Apache-2.0

import Cryptography
import Domain
import Foundation
import Ledger
import Mail
import Matching
import Rules
import Testing

@testable import Agent

/// A ledger in a folder of its own, mails in it, and rules that change.
struct Reread {
    let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
    let world: World
    let rules: RulesInForce
    let reader: MailReader
    let pipeline = PaymentPipeline(matcher: Matcher(policy: MatchingPolicy()))
    let keys: KeyRing
    let again: MailReread

    /// The shipped rule of the bank, with one text exchanged.
    static func book(_ text: String = "", with other: String = "") throws -> RuleBook {
        let root = URL(filePath: #filePath).deletingLastPathComponent()
            .deletingLastPathComponent().deletingLastPathComponent()
        let file = root.appending(path: "rules/garanti-bbva/rule.yaml")
        var source = String(decoding: try Data(contentsOf: file), as: UTF8.self)
        if !text.isEmpty { source = source.replacing(text, with: other) }
        let (book, problems) = RuleBook.compile([RuleSource(path: "rule.yaml", text: source)])
        try #require(problems.isEmpty, "\(problems)")
        return book
    }

    init(_ book: RuleBook) throws {
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        let ledger = try LedgerDatabase(
            path: folder.appending(path: "ledger.sqlite").path, masterKey: .random())
        world = World(ledger: ledger, now: { PassedOnMail.arrival + 60 }, report: { _ in })
        rules = RulesInForce(book)
        reader = MailReader(rules: book, authenticator: Authenticator(trustedAuthserv: nil))
            .following(rules)
        let record = "v=DKIM1; p=\(Base64.encode(try #require(PassedOnMail.key).publicKey))"
        keys = KeyRing(file: [PassedOnMail.keyName: [record]], resolver: nil)
        again = MailReread(
            world: world, reader: reader, rules: rules, pipeline: pipeline, keys: keys,
            afterCare: AfterCareDesk([], wakeUp: WakeUp()))
    }

    func receive(_ mail: String, uid: UInt32) throws {
        let place = MailPlace(account: "bank", folder: "INBOX", uidvalidity: 1, uid: uid)
        let raw = Array(mail.utf8)
        let answers = try keys.answers(
            to: reader.keyNames(raw), arrivedAt: PassedOnMail.arrival, ledger: world.ledger,
            now: world.now())
        let findings = reader.read(
            raw, receivedAt: PassedOnMail.arrival, isTruncated: false,
            keys: { answers[$0] ?? .absent })
        _ = try world.ledger.write {
            try pipeline.settle(findings, at: place, raw: raw, now: world.now(), in: $0)
        }
    }

    func mails() throws -> [MailRecord] { try world.ledger.read { try $0.mails(limit: 20) } }

    func payments() throws -> Int {
        try world.ledger.read { try $0.counts().payments.values.reduce(0, +) }
    }

    func reviews() throws -> [ReviewRecord] {
        try world.ledger.read { try $0.openReviews(limit: 20) }
    }
}

@Suite struct MailRereadTests {
    /// Rules that do not know the bank's wording yet.
    private static func older() throws -> RuleBook {
        try Reread.book(
            "Aşağıda detayları bulunan hesabınıza para transferi gerçekleşti",
            with: "Aşağıda ayrıntıları olan hesabınıza para transferi gerçekleşti")
    }

    @Test func `an unclear mail becomes a payment once its rule is mended, and only once`() async throws {
        let site = try Reread(try Self.older())
        defer { try? FileManager.default.removeItem(at: site.folder) }
        try site.receive(try PassedOnMail.notice(), uid: 7)
        #expect(try site.mails().map(\.reading.outcome) == [.unclear])
        #expect(try site.reviews().count == 1)
        try await site.again.readAll()
        #expect(try site.mails().map(\.reading.outcome) == [.unclear])

        let mended = try Reread.book()
        site.rules.replace(with: mended)
        for _ in 0..<3 { try await site.again.readAll() }
        let mail = try #require(try site.mails().first)
        #expect(mail.reading.outcome == .payment)
        #expect(mail.reading.trust.trust == .verified)
        #expect(mail.reading.ruleDigest == mended.digestBytes)
        #expect(try site.payments() == 1)
        // What is asked now is about the payment, no longer about the mail.
        #expect(try site.reviews().allSatisfy { $0.kind != "unclear" && $0.kind != "drift" })
        site.rules.replace(with: try Self.older())
        try await site.again.readAll()
        #expect(try site.payments() == 1)
        #expect(try site.mails().map(\.reading.outcome) == [.payment])
    }

    @Test func `a mail that nobody knew is read when a rule for its sender comes`() async throws {
        let stranger = try Reread.book(
            "addresses: [garantibbva@garantibbva.com.tr]",
            with: "addresses: [garantibbva@garantibbva.com.tr]")
        let empty = RuleBook.compile([]).book
        let site = try Reread(empty)
        defer { try? FileManager.default.removeItem(at: site.folder) }
        try site.receive(try PassedOnMail.notice(), uid: 7)
        #expect(try site.mails().map(\.reading.outcome) == [.unread])
        site.rules.replace(with: stranger)
        try await site.again.readAll()
        #expect(try site.mails().map(\.reading.outcome) == [.payment])
        #expect(try site.payments() == 1)
    }

    @Test func `what a person has decided about is left alone`() async throws {
        let site = try Reread(try Self.older())
        defer { try? FileManager.default.removeItem(at: site.folder) }
        try site.receive(try PassedOnMail.notice(), uid: 7)
        let review = try #require(try site.reviews().first)
        try site.world.ledger.write {
            try $0.closeReview(review.id, decision: "ignored", at: site.world.now())
        }
        site.rules.replace(with: try Reread.book())
        try await site.again.readAll()
        #expect(try site.mails().map(\.reading.outcome) == [.unclear])
        #expect(try site.payments() == 0)
    }

    @Test func `each mail is tried once per rule book`() async throws {
        let site = try Reread(try Self.older())
        defer { try? FileManager.default.removeItem(at: site.folder) }
        try site.receive(try PassedOnMail.notice(), uid: 7)
        let changed = try Reread.book("Gelen Para Transferi", with: "Gelen Para Havalesi")
        site.rules.replace(with: changed)
        try await site.again.readAll()
        let left = try site.world.ledger.read {
            try $0.mailsToReadAgain(currentRuleDigests: [changed.digestBytes], limit: 10)
        }
        #expect(left.isEmpty)
    }
}
