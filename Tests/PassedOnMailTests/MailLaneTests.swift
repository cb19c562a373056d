// SPDX-License-Identifier: Apache-2.0

import Cryptography
import Domain
import Foundation
import Ledger
import Mail
import Mailbox
import Matching
import Rules
import Synchronization
import Testing

@testable import Agent

/// A ledger in a folder of its own, mails in it, and rules that change.
struct Lane {
    let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
    let world: World
    let rules: RulesInForce
    let reader: MailReader
    let pipeline = PaymentPipeline(
        matcher: Matcher(policy: MatchingPolicy(ownAccounts: .any, ownAddresses: .any)))
    let keys: KeyRing
    let lane: MailLane

    /// The shipped rule of the bank, with one text exchanged.
    static func book(_ text: String = "", with other: String = "") throws -> RuleBook {
        let sources = try PassedOnMail.shippedRule().map { source in
            let isEdited = !text.isEmpty && !source.isFragment
            return isEdited
                ? RuleSource(path: source.path, text: source.text.replacing(text, with: other))
                : source
        }
        let (book, problems) = RuleBook.compile(sources)
        try #require(problems.isEmpty, "\(problems)")
        return book
    }

    /// - Parameter resolver: what DNS is; without it the key is in a file.
    init(_ book: RuleBook, resolver: KeyRing.Resolver? = nil) throws {
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        let ledger = try LedgerDatabase(
            path: folder.appending(path: "ledger.sqlite").path, masterKey: .random())
        world = World(ledger: ledger, now: { PassedOnMail.arrival + 60 }, report: { _ in })
        rules = RulesInForce(book)
        reader = MailReader(rules: book, authenticator: Authenticator(trustedAuthserv: nil))
            .following(rules)
        let record = "v=DKIM1; p=\(Base64.encode(try #require(PassedOnMail.key).publicKey))"
        keys =
            resolver.map { KeyRing(file: [:], resolver: $0) }
            ?? KeyRing(file: [PassedOnMail.keyName: [record]], resolver: nil)
        lane = MailLane(
            world: world, reader: reader, pipeline: pipeline, keys: keys,
            afterCare: AfterCareDesk([], wakeUp: WakeUp()), wakeUp: rules.changed)
    }

    func receive(_ mail: String, uid: UInt32) throws {
        try store(mail, uid: uid)
        try lane.readAll()
    }

    func store(_ mail: String, uid: UInt32) throws {
        let raw = Array(mail.utf8)
        try lane.store([
            FetchedMail(
                account: "bank", folder: "INBOX", uidValidity: 1, uid: uid,
                internalDate: PassedOnMail.arrival, raw: raw, isTruncated: false,
                sizeBytes: raw.count)
        ])
    }

    func mails() throws -> [MailRecord] { try world.ledger.read { try $0.mails(limit: 20) } }

    func payments() throws -> Int {
        try world.ledger.read { try $0.counts().payments.values.reduce(0, +) }
    }

    func reviews() throws -> [ReviewRecord] {
        try world.ledger.read { try $0.openReviews(limit: 20) }
    }
}

@Suite struct MailLaneTests {
    /// Rules that do not know the bank's wording yet.
    private static func older() throws -> RuleBook {
        try Lane.book(
            "Aşağıda detayları bulunan hesabınıza para transferi gerçekleşti",
            with: "Aşağıda ayrıntıları olan hesabınıza para transferi gerçekleşti")
    }

    @Test func `an unclear mail becomes a payment once its rule is mended, and only once`()
        throws
    {
        let site = try Lane(try Self.older())
        defer { try? FileManager.default.removeItem(at: site.folder) }
        try site.receive(try PassedOnMail.notice(), uid: 7)
        #expect(try site.mails().map(\.reading.outcome) == [.unclear])
        #expect(try site.reviews().count == 1)
        try site.lane.readAll()
        #expect(try site.mails().map(\.reading.outcome) == [.unclear])

        let mended = try Lane.book()
        site.rules.replace(with: mended)
        for _ in 0..<3 { try site.lane.readAll() }
        let mail = try #require(try site.mails().first)
        #expect(mail.reading.outcome == .payment)
        #expect(mail.reading.trust.trust == .verified)
        #expect(mail.reading.ruleDigest == mended.digestBytes)
        #expect(try site.payments() == 1)
        // What is asked now is about the payment, no longer about the mail.
        #expect(try site.reviews().allSatisfy { $0.kind != "unclear" && $0.kind != "drift" })
        site.rules.replace(with: try Self.older())
        try site.lane.readAll()
        #expect(try site.payments() == 1)
        #expect(try site.mails().map(\.reading.outcome) == [.payment])
    }

    @Test func `a mail that nobody knew is read when a rule for its sender comes`() throws {
        let stranger = try Lane.book(
            "addresses: [garantibbva@garantibbva.com.tr]",
            with: "addresses: [garantibbva@garantibbva.com.tr]")
        let empty = RuleBook.compile([]).book
        let site = try Lane(empty)
        defer { try? FileManager.default.removeItem(at: site.folder) }
        try site.receive(try PassedOnMail.notice(), uid: 7)
        #expect(try site.mails().map(\.reading.outcome) == [.unread])
        site.rules.replace(with: stranger)
        try site.lane.readAll()
        #expect(try site.mails().map(\.reading.outcome) == [.payment])
        #expect(try site.payments() == 1)
    }

    @Test func `what a person has decided about is left alone`() throws {
        let site = try Lane(try Self.older())
        defer { try? FileManager.default.removeItem(at: site.folder) }
        try site.receive(try PassedOnMail.notice(), uid: 7)
        let review = try #require(try site.reviews().first)
        try site.world.ledger.write {
            try $0.closeReview(review.id, decision: "ignored", at: site.world.now())
        }
        site.rules.replace(with: try Lane.book())
        try site.lane.readAll()
        #expect(try site.mails().map(\.reading.outcome) == [.unclear])
        #expect(try site.payments() == 0)
    }

    @Test func `each mail is tried once per rule book`() throws {
        let site = try Lane(try Self.older())
        defer { try? FileManager.default.removeItem(at: site.folder) }
        try site.receive(try PassedOnMail.notice(), uid: 7)
        let changed = try Lane.book("Gelen Para Transferi", with: "Gelen Para Havalesi")
        site.rules.replace(with: changed)
        try site.lane.readAll()
        let left = try site.world.ledger.read {
            try $0.mailsToRead(ruleDigest: changed.digestBytes, limit: 10)
        }
        #expect(left.isEmpty)
    }

    @Test func `a trusted mail that nearly fits is a drift, told once with nobody in its sample`()
        throws
    {
        let site = try Lane(try Self.older())
        defer { try? FileManager.default.removeItem(at: site.folder) }
        try site.receive(try PassedOnMail.notice(), uid: 7)
        try site.receive(try PassedOnMail.notice("600,00", code: "Kt834jj46"), uid: 8)
        #expect(try site.reviews().map(\.kind) == ["drift", "drift"])
        let drifts = try site.world.ledger.read { try $0.drifts(limit: 5) }
        #expect(drifts.map(\.mails) == [2])
        let drift = try #require(drifts.first?.drift)
        #expect(drift.file == "garanti-bbva")
        #expect(drift.sample.contains("Gönderici Ad Soyad: Xxxx Xxxxxx"))
        #expect(drift.sample.contains("Tutar: 0.000,00"))
        for personal in ["Elif", "Karaca", "1.250", "567", "Ktf"] {
            #expect(!drift.sample.contains(personal))
        }
        // A forged one is no sign that the bank writes otherwise.
        try site.receive(
            try PassedOnMail.notice("1,00", code: "x").replacing(
                "Tutar: 1,00", with: "Tutar: 2,00"),
            uid: 9)
        #expect(try site.world.ledger.read { try $0.drifts(limit: 5).map(\.mails) } == [2])
        // Once the rule is mended nothing is left of it.
        site.rules.replace(with: try Lane.book())
        try site.lane.readAll()
        #expect(try site.world.ledger.read { try $0.drifts(limit: 5) }.isEmpty)
    }

    @Test func `a mail waits for its key, those behind it do not, and strangers ask nobody`() throws
    {
        let record = "v=DKIM1; p=\(Base64.encode(try #require(PassedOnMail.key).publicKey))"
        let asked = Mutex<[(name: String, settled: Int)]>([])
        let look = Mutex<(@Sendable () -> Int)?>(nil)
        let site = try Lane(try Lane.book()) { names in
            let settled = look.withLock { $0 }?() ?? 0
            return names.reduce(into: [:]) { answers, name in
                asked.withLock { $0.append((name, settled)) }
                answers[name] =
                    name == PassedOnMail.keyName
                    ? (.records([record]), .seconds(600)) : (.absent, .zero)
            }
        }
        defer { try? FileManager.default.removeItem(at: site.folder) }
        let ledger = site.world.ledger
        look.withLock { look in
            look = {
                let mails = try? ledger.read { try $0.mails(limit: 200) }
                return mails?.count { $0.reading.state == .settled } ?? 0
            }
        }
        try site.store(try PassedOnMail.notice(), uid: 1)
        // As if it were signed: the names of strangers are as many as they like.
        for uid: UInt32 in 2...100 {
            try site.store(
                "DKIM-Signature: v=1; a=rsa-sha256; d=s\(uid).example; s=s; h=from; bh=AA==; b=AA==\r\n"
                    + "From: a@s\(uid).example\r\nSubject: \(uid)\r\n\r\nx\r\n", uid: uid)
        }
        try site.lane.readAll()
        #expect(asked.withLock { $0.isEmpty })
        try site.lane.askAll()
        let questions = asked.withLock { $0 }
        #expect(questions.contains { $0.name == PassedOnMail.keyName })
        #expect(questions.allSatisfy { $0.settled == 99 && $0.name.hasSuffix(PassedOnMail.bank) })
        let first = try #require(try site.mails().first)
        #expect(first.reading.outcome == .payment && first.reading.trust.trust == .verified)
        #expect(try site.payments() == 1)
    }

    @Test func `a notice among mails with many slow names is asked for first, at once with others`()
        throws
    {
        let record = "v=DKIM1; p=\(Base64.encode(try #require(PassedOnMail.key).publicKey))"
        let rounds = Mutex<[[String]]>([])
        let meanwhile = Mutex<(@Sendable () throws -> Void)?>(nil)
        let site = try Lane(try Lane.book()) { names in
            rounds.withLock { $0.append(names) }
            // As long as it takes: what came meanwhile is read.
            #expect(throws: Never.self) { try meanwhile.withLock { $0.take() }?() }
            return names.reduce(into: [:]) { answers, name in
                answers[name] =
                    name == PassedOnMail.keyName
                    ? (.records([record]), .seconds(600)) : (.unavailable, .zero)
            }
        }
        defer { try? FileManager.default.removeItem(at: site.folder) }
        for uid: UInt32 in 1...12 { try site.store(Self.manySignatures(uid), uid: uid) }
        try site.store(try PassedOnMail.notice(), uid: 20)
        for uid: UInt32 in 21...32 { try site.store(Self.manySignatures(uid), uid: uid) }
        try site.lane.readAll()
        let (lane, ledger) = (site.lane, site.world.ledger)
        let stranger = FetchedMail(
            account: "bank", folder: "INBOX", uidValidity: 1, uid: 40,
            internalDate: PassedOnMail.arrival, raw: Array(PassedOnMail.quoting("x").utf8),
            isTruncated: false, sizeBytes: 100)
        meanwhile.withLock {
            $0 = {
                try lane.store([stranger])
                try lane.readAll()
                let newest = try ledger.read { try $0.mails(limit: 100).last }
                #expect(newest?.place.uid == 40 && newest?.reading.state == .settled)
            }
        }
        try lane.askAll()
        #expect(rounds.withLock { $0.first?.contains(PassedOnMail.keyName) } == true)
        // 24 mails with eight names each.
        #expect(rounds.withLock { $0.allSatisfy { $0.count <= KeyRound.namesMax } })
        #expect(rounds.withLock { $0.count } <= 3)
        #expect(try site.mails().first { $0.place.uid == 20 }?.reading.trust.trust == .verified)
        // Of the others nobody waits for a key that would prove nothing.
        #expect(try ledger.read { try $0.counts().heldMails } == 0)
        #expect(try site.mails().count { $0.reading.trust.trust == .verified } == 1)
    }

    /// In the bank's name, with eight signatures of somebody else.
    private static func manySignatures(_ uid: UInt32) -> String {
        let signatures = (1...8).map { number in
            "DKIM-Signature: v=1; a=rsa-sha256; d=x.evil\(uid).example; s=s\(number); "
                + "h=from:subject:date; bh=AAAA; b=AAAA\r\n"
        }
        return signatures.joined()
            + "From: Garanti BBVA <garantibbva@\(PassedOnMail.bank)>\r\n"
            + "Subject: Gelen Para Transferi\r\nDate: Sun, 22 Nov 2026 11:05:33 +0300\r\n\r\n"
            + PassedOnMail.text().joined(separator: "\r\n") + "\r\n"
    }

    @Test func `a silence is told once, and that it is over`() throws {
        let desk = try SilenceDesk()
        defer { desk.remove() }
        for at in desk.workingHours() { try desk.add("a/notice", at) }
        try desk.look(at: desk.start - 3600)
        #expect(desk.told == [])
        for minutes in [0.0, 10, 20] { try desk.look(at: desk.late + minutes * 60) }
        #expect(desk.told == ["silence a"])
        try desk.add("a/notice", desk.late + 1800)
        for minutes in [40.0, 50] { try desk.look(at: desk.late + minutes * 60) }
        #expect(desk.told == ["silence a", "over a"])
    }

    @Test func `the notices of one bank do not hide the silence of another`() throws {
        let desk = try SilenceDesk()
        defer { desk.remove() }
        for at in desk.workingHours() {
            try desk.add("a/notice", at)
            try desk.add("b/notice", at + 60)
            try desk.add("b/other", at + 600)
        }
        // A bank that writes too seldom to be missed.
        for at in desk.workingHours(days: 3...4) { try desk.add("c/notice", at) }
        for hour in 0...6 { try desk.add("b/notice", desk.late - Double(hour) * 1800) }
        for minutes in [0.0, 10] { try desk.look(at: desk.late + minutes * 60) }
        #expect(desk.told == ["silence a"])
        #expect(Set(try desk.ledger.read { try $0.silences() }.keys) == ["a"])
        // Weeks later nobody waits for it any more, and nothing is said of it.
        let later = desk.start + 70 * 86_400
        for at in desk.workingHours(until: later) { try desk.add("b/notice", at) }
        try desk.look(at: later - 20 * 3600)
        #expect(desk.told == ["silence a"])
        #expect(try desk.ledger.read { try $0.silences() }.isEmpty)
    }

    @Test func `banks that write seldom are missed together`() throws {
        let desk = try SilenceDesk()
        defer { desk.remove() }
        for (number, at) in desk.workingHours().enumerated() {
            try desk.add("bank-\(number % 20)/notice", at)
        }
        for minutes in [0.0, 10] { try desk.look(at: desk.late + minutes * 60) }
        #expect(desk.told == ["silence all"])
        try desk.add("bank-1/notice", desk.late + 1800)
        try desk.look(at: desk.late + 2400)
        #expect(desk.told == ["silence all", "over all"])
    }
}

/// A ledger with notices, and who looks whether they stay away.
private final class SilenceDesk {
    let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
    let ledger: LedgerDatabase
    /// Noon of a Tuesday.
    let start: Date
    /// The evening of the day after.
    var late: Date { start + 30 * 3600 }
    private let events = Told()
    private var uid: UInt32 = 0

    var told: [String] { events.kinds }

    init() throws {
        start = try #require(Timestamp.date("2026-11-10 12:00"))
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        ledger = try LedgerDatabase(
            path: folder.appending(path: "ledger.sqlite").path, masterKey: .random())
    }

    func remove() { try? FileManager.default.removeItem(at: folder) }

    /// Each of seven hours around noon, of the days before `until`.
    func workingHours(until end: Date? = nil, days: ClosedRange<Int> = 1...35) -> [Date] {
        days.flatMap { day in
            (-3...3).map { (end ?? start) - Double(day * 86_400) + Double($0 * 3600) }
        }
    }

    func look(at now: Date) throws {
        let events = events
        let world = World(ledger: ledger, now: { now }, report: { events.add($0) })
        try SilenceWatch(world: world).look()
    }

    func add(_ rule: String, _ date: Date) throws {
        uid += 1
        let number = uid
        try ledger.write { books in
            try books.record(
                MailReading(
                    outcome: .payment, rule: RuleID(rule), trust: TrustVerdict(.verified)),
                at: MailPlace(account: "bank", folder: "INBOX", uidvalidity: 1, uid: number),
                sha256: Digest.sha256([UInt8(truncatingIfNeeded: number), UInt8(number >> 8)]),
                raw: nil, sizeBytes: 1, receivedAt: date, now: date)
        }
    }
}

/// Events about silence, in their order.
private final class Told: Sendable {
    private let seen = Mutex<[String]>([])

    var kinds: [String] { seen.withLock { $0 } }

    func add(_ event: AgentEvent) {
        seen.withLock { seen in
            switch event {
            case .silence(let bank, _, _): seen.append("silence " + (bank ?? "all"))
            case .silenceOver(let bank, _): seen.append("over " + (bank ?? "all"))
            default: seen.append("\(event)")
            }
        }
    }
}
