// SPDX-License-Identifier: Apache-2.0

import Cryptography
import Domain
import FoundationEssentials
import Ledger
import Mail
import Matching
import Testing

@testable import Agent

/// One notice of half of what is due, as it comes to the agent on several ways.
private struct Notice {
    static let host = "mx.ornek.example"
    static let vouched = "Authentication-Results: \(host); dkim=pass header.d=\(PassedOnMail.bank)"

    var messageID = "<7001@garantibbva.com.tr>"
    var date = "Sun, 22 Nov 2026 11:05:33 +0300"
    var subject = "Gelen Para Transferi"
    var replyTo = "garantibbva@garantibbva.com.tr"
    var lines = PassedOnMail.text("625,00")

    var body: String { lines.map { $0 + "\r\n" }.joined() }
    var fields: [(String, String)] {
        [
            ("from", "Garanti BBVA <garantibbva@\(PassedOnMail.bank)>"),
            ("to", "organizator@ornek.example"), ("reply-to", replyTo), ("subject", subject),
            ("date", date), ("message-id", messageID),
            ("content-type", "text/plain; charset=utf-8"),
        ].filter { !$0.1.isEmpty }
    }

    /// With lines of the mail host on top.
    func unsigned(_ top: String...) -> String {
        (top + fields.map { "\($0.0): \($0.1)" }).map { $0 + "\r\n" }.joined() + "\r\n" + body
    }

    func signed() throws -> String {
        try PassedOnMail.signed(fields.filter { $0.0 != "reply-to" }, body, by: PassedOnMail.bank)
            .replacing("\r\nsubject:", with: "\r\nreply-to:\(replyTo)\r\nsubject:")
    }

    /// Signed without fields that stand below the others.
    func signed(leavingOpen names: [String]) throws -> String {
        let open = fields.filter { names.contains($0.0) }.map { "\($0.0): \($0.1)\r\n" }
        let rest = fields.filter { !names.contains($0.0) }
        return try PassedOnMail.signed(rest, body, by: PassedOnMail.bank)
            .replacing("\r\n\r\n", with: "\r\n\(open.joined())\r\n", maxReplacements: 1)
    }

    /// Signed twice: the upper signature covers Reply-To.
    func signedTwice() throws -> String {
        let all = try PassedOnMail.signed(fields, body, by: PassedOnMail.bank, selector: "s2")
        let some = try signed()
        let end = try #require(some.firstRange(of: "\r\n")).upperBound
        let start = try #require(all.firstRange(of: "\r\n")).upperBound
        return String(all[..<start] + some[..<end] + all[start...])
    }

    /// Sealed by a forwarder that saw the signature pass.
    func sealed(at time: Int) throws -> String {
        let (domain, first) = (
            "google.com",
            "ARC-Authentication-Results: i=1; mx.google.com;"
                + " dkim=pass header.d=\(PassedOnMail.bank)\r\n"
        )
        func sign(_ data: String) throws -> String {
            let key = try #require(PassedOnMail.key)
            return Base64.encode(try key.sign(digestSHA256: Digest.sha256(Array(data.utf8))))
        }
        let names = fields.map(\.0).joined(separator: ":")
        let hash = Base64.encode(Digest.sha256(Array(body.utf8)))
        let message =
            "i=1; a=rsa-sha256; c=relaxed/relaxed; d=\(domain); s=s1; t=\(time); h=\(names);"
            + " bh=\(hash); b="
        let head = fields.map { "\($0.0):\($0.1)\r\n" }.joined()
        let messageWhole = message + (try sign(head + "arc-message-signature:" + message))
        let seal = "i=1; a=rsa-sha256; cv=none; d=\(domain); s=s1; t=\(time); b="
        let sealed =
            first.replacing("ARC-Authentication-Results: ", with: "arc-authentication-results:")
            + "arc-message-signature:\(messageWhole)\r\narc-seal:" + seal
        return "ARC-Seal: \(seal)\(try sign(sealed))\r\nARC-Message-Signature: \(messageWhole)\r\n"
            + first + unsigned()
    }
}

/// A guest who owes twice what a notice tells, and mails that come one after the other.
private final class Door {
    let ledger: LedgerDatabase
    let reader: MailReader
    let pipeline = PaymentPipeline(
        matcher: Matcher(policy: MatchingPolicy(ownAccounts: .any, ownAddresses: .any)))
    private var count: UInt32 = 0

    init() throws {
        ledger = try LedgerDatabase.temporary(masterKey: .random())
        reader = try PassedOnMail.reader(authserv: Notice.host, forwarders: ["google.com"])
        let reference = try #require(ReferenceCode("KTF6HV349"))
        let guest = Registration(
            id: RegistrationID("g1"), event: EventID("gala"), name: PersonName("Elif Karaca"),
            email: "elif@ornek.example", phone: nil,
            due: Money(minorUnits: 125_000, currency: .turkishLira), reference: reference,
            registeredAt: PassedOnMail.arrival - 86_400)
        try ledger.write { try $0.insert(guest) }
    }

    struct Cut: Error {}

    /// What becomes of a mail; when cut off, nothing of it is kept.
    @discardableResult
    func take(_ mail: String, without missing: String? = nil, isCutOff: Bool = false) throws
        -> MailReport
    {
        let record = "v=DKIM1; p=\(Base64.encode(try #require(PassedOnMail.key).publicKey))"
        let findings = reader.read(
            Array(mail.utf8), receivedAt: PassedOnMail.arrival, isTruncated: false,
            keys: { name in
                if name == missing { return .unavailable }
                return name.hasPrefix("s") ? .records([record]) : .absent
            })
        #expect(findings.trust.trust.allowsAutomaticApproval, "\(findings.trust)")
        #expect(findings.outcome == .payment)
        count += 1
        let place = MailPlace(account: "box", folder: "INBOX", uidvalidity: 1, uid: count)
        let reports = try ledger.write { books in
            let reports = try pipeline.settle(
                findings, at: place, raw: findings.sha256, now: PassedOnMail.arrival, in: books)
            if isCutOff { throw Cut() }
            return reports
        }
        return try #require(reports.first)
    }

    /// What the guest has paid, in lira.
    func paid() throws -> Int64 {
        try ledger.read { books in
            #expect(try books.brokenInvariants().isEmpty)
            return try #require(try books.registration(RegistrationID("g1"))).paid.minorUnits / 100
        }
    }
}

@Suite("A notice that came two ways")
struct CopyTests {
    /// What is expected of the second: a copy for certain, or a question to a person.
    private func expectOnce(
        _ first: String, _ second: String, asks: Bool, without missing: String? = nil,
        _ location: SourceLocation = #_sourceLocation
    ) throws {
        for (one, other) in [(first, second), (second, first)] {
            let door = try Door()
            #expect(try door.take(one).verdict.kind == .underpaid, sourceLocation: location)
            for mail in [other, one] {
                let report = try door.take(mail, without: missing)
                let isAsked = asks && mail == other
                #expect(
                    report.verdict.kind == (isAsked ? .review : .duplicate),
                    sourceLocation: location)
                #expect(
                    report.verdict.reasons.contains(.perhapsSameTransfer) == isAsked,
                    sourceLocation: location)
            }
            #expect(try door.paid() == 625, sourceLocation: location)
        }
    }

    @Test(
        "through an alias into two mailboxes is one",
        arguments: ["Delivered-To: b@ornek.example", "Received: from b by c"])
    func alias(top: String) throws {
        let notice = Notice()
        let other = notice.unsigned(Notice.vouched, top)
        try expectOnce(
            notice.unsigned(Notice.vouched, "Delivered-To: a@ornek.example"), other, asks: false)
    }

    @Test("is asked about when it has no Message-ID")
    func nameless() throws {
        var notice = Notice()
        notice.messageID = ""
        try expectOnce(
            notice.unsigned(Notice.vouched, "Received: from a by c"),
            notice.unsigned(Notice.vouched, "Received: from b by c"), asks: true)
    }

    @Test("is asked about when one way put a banner in the text")
    func banner() throws {
        var banner = Notice()
        banner.lines.insert("Bu ileti kurum dışından geldi.", at: 0)
        let bannered = banner.unsigned(Notice.vouched)
        try expectOnce(try Notice().signed(), bannered, asks: true)
        try expectOnce(Notice().unsigned(Notice.vouched), bannered, asks: true)
    }

    @Test("is one when the other way added nothing that is seen")
    func plain() throws {
        try expectOnce(try Notice().signed(), Notice().unsigned(Notice.vouched), asks: false)
    }

    @Test("is asked about when a forwarder put a word before the subject")
    func tagged() throws {
        var tagged = Notice()
        tagged.subject = "[Kasa] Gelen Para Transferi"
        try expectOnce(try Notice().signed(), try tagged.sealed(at: 1), asks: true)
        try expectOnce(try tagged.sealed(at: 1), try tagged.sealed(at: 2), asks: false)
    }

    @Test("is one when of two signatures another one holds", arguments: [false, true])
    func twice(isKeyMissing: Bool) throws {
        let whole = try Notice().signedTwice()
        let changed = whole.replacing("reply-to:garantibbva@", with: "reply-to:kasa@")
        try expectOnce(whole, changed, asks: false)
        let missing = "s2._domainkey." + PassedOnMail.bank
        try expectOnce(whole, whole, asks: false, without: isKeyMissing ? missing : nil)
    }

    @Test("is one also when Gmail put a Message-ID of its own")
    func replaced() throws {
        var bare = Notice()
        bare.messageID = "20261122110533"
        let direct = bare.unsigned(Notice.vouched)
        bare.messageID = "<x@mx.google.com>"
        let kept = "X-Google-Original-Message-ID: 20261122110533"
        try expectOnce(direct, bare.unsigned(Notice.vouched, kept), asks: false)
    }

    @Test("is asked about once more when it came a third way")
    func third() throws {
        let door = try Door()
        var banner = Notice()
        try door.take(try banner.signed())
        for word in ["a", "b", "c"] {
            banner.lines.insert(word, at: 0)
            let report = try door.take(banner.unsigned(Notice.vouched))
            #expect(report.verdict.reasons.contains(.perhapsSameTransfer))
        }
        #expect(try door.paid() == 625)
        #expect(try door.ledger.read { try $0.openReviews(limit: 9).count } == 3)
    }

    @Test("is one after the agent was cut off between the two")
    func cutOff() throws {
        let door = try Door()
        let first = Notice().unsigned(Notice.vouched, "Delivered-To: a@ornek.example")
        let second = Notice().unsigned(Notice.vouched, "Delivered-To: b@ornek.example")
        #expect(throws: Door.Cut.self) { try door.take(first, isCutOff: true) }
        // What was cut off left no mark: it would make its own notice a copy.
        #expect(try door.take(second).verdict.kind == .underpaid)
        #expect(throws: Door.Cut.self) { try door.take(first, isCutOff: true) }
        #expect(try door.take(first).verdict.kind == .duplicate)
        #expect(try door.paid() == 625)
    }

    // MARK: - Two payments

    @Test("is two when it has another Message-ID", arguments: [true, false])
    func another(isSigned: Bool) throws {
        let door = try Door()
        var notice = Notice()
        try door.take(isSigned ? notice.signed() : notice.unsigned(Notice.vouched))
        notice.messageID = "<7002@garantibbva.com.tr>"
        try door.take(isSigned ? notice.signed() : notice.unsigned(Notice.vouched))
        #expect(try door.paid() == 1250)
    }

    @Test("is two when its bank repeats Message-IDs and says another sum, or at another time")
    func repeated() throws {
        let door = try Door()
        var notice = Notice()
        try door.take(notice.unsigned(Notice.vouched))
        notice.lines = PassedOnMail.text("600,00")
        try door.take(notice.unsigned(Notice.vouched))
        #expect(try door.paid() == 1225)
        notice.lines = PassedOnMail.text("25,00")
        notice.date = "Sun, 22 Nov 2026 11:05:34 +0300"
        try door.take(notice.unsigned(Notice.vouched))
        #expect(try door.paid() == 1250)
    }

    @Test("is never lost when its bank repeats Message-IDs: a person is asked")
    func differs() throws {
        let door = try Door()
        var notice = Notice()
        try door.take(notice.unsigned(Notice.vouched))
        notice.lines = PassedOnMail.text("625,00").map { $0.replacing("Elif", with: "Can") }
        let report = try door.take(notice.unsigned(Notice.vouched))
        #expect(report.verdict.kind == .review)
        #expect(report.verdict.reasons.contains(.perhapsSameTransfer))
        #expect(try door.ledger.read { try $0.openReviews(limit: 9).count } == 1)
    }

    @Test(
        "is never lost when its bank signs no name: a person is asked, or it is counted",
        arguments: [
            // The next payment of the day.
            Notice(messageID: "<7002@garantibbva.com.tr>", date: "Sun, 22 Nov 2026 11:09:00 +0300"),
            // Another one in the same second, and one that says nothing of itself.
            Notice(messageID: "<7002@garantibbva.com.tr>"), Notice(messageID: "", date: ""),
        ], [["date", "message-id"], ["message-id"]])
    private func unsignedName(second: Notice, open: [String]) throws {
        let first = try Notice().signed(leavingOpen: open)
        let other = try second.signed(leavingOpen: open)
        let door = try Door()
        #expect(try door.take(first).verdict.kind == .underpaid)
        // The same letter once more, by another way, is a copy for certain.
        let again = try door.take("Received: from a by b\r\n" + first)
        #expect(again.verdict.reasons == [.seenBefore])
        let report = try door.take(other)
        // Signed Dates that differ are two letters.
        let asks = open.contains("date") || second.date == Notice().date
        #expect(report.verdict.reasons.contains(.perhapsSameTransfer) == asks)
        #expect((report.verdict.kind == .review) == asks)
        #expect(try door.ledger.read { try $0.openReviews(limit: 9).count } == (asks ? 1 : 0))
        #expect(try door.paid() == (asks ? 625 : 1250))
    }

    @Test("does not come in the way of the real one when nothing proves it")
    func stranger() throws {
        let reader = try PassedOnMail.reader(authserv: Notice.host)
        let forged = reader.read(
            Array(Notice().unsigned().utf8), receivedAt: PassedOnMail.arrival, isTruncated: false,
            keys: { _ in .absent })
        #expect(forged.trust.trust == .unverified)
        #expect(forged.copyMarks == nil)
        let proven = reader.read(
            Array(Notice().unsigned(Notice.vouched).utf8), receivedAt: PassedOnMail.arrival,
            isTruncated: false, keys: { _ in .absent })
        #expect(proven.copyMarks?.content != nil && proven.copyMarks?.letter != nil)
    }
}
