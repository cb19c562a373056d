// SPDX-License-Identifier: Apache-2.0

import Cryptography
import Domain
import Foundation
import Ledger
import Mail
import Synchronization
import Testing

@testable import Agent

/// Mails in the bank's name that lead to name servers of whoever wrote them, and a genuine notice
/// among them. Time is counted in rounds: each may last as long as DNS is waited for.
@Suite("A flood of mails that wait for keys")
struct KeyFloodTests {
    /// What each mail of a flood is made of.
    enum Flood: CaseIterable {
        case manyNames, oneName, attached, namesOfBank, forgedByKnownName, withNames

        func mail(_ number: UInt32) -> String {
            switch self {
            case .manyNames: KeyFloodTests.inBanksName(number, signatures: 8)
            case .oneName: KeyFloodTests.inBanksName(number, signatures: 1)
            case .attached:
                PassedOnMail.attaching(
                    (1...3).map { KeyFloodTests.inBanksName(number * 10 + $0, signatures: 8) },
                    note: "\(number)")
            case .namesOfBank:
                KeyFloodTests.inBanksName(number, signatures: 1, by: PassedOnMail.bank)
            case .forgedByKnownName:
                KeyFloodTests.inBanksName(
                    number, signatures: 1, by: PassedOnMail.bank, selector: "s1")
            case .withNames:
                KeyFloodTests.inBanksName(number, signatures: 7)
                    .replacing(
                        "DKIM-Signature: v=1; a=rsa-sha256; d=x.evil\(number).example; s=s1;",
                        with:
                            "DKIM-Signature: v=1; a=rsa-sha256; d=\(PassedOnMail.bank); "
                            + "s=r\(number);"
                    )
            }
        }
    }

    static func inBanksName(
        _ number: UInt32, signatures: Int, by domain: String? = nil, selector: String? = nil
    ) -> String {
        let fields = (1...signatures).map { index in
            let name = selector ?? (domain == nil ? "s\(index)" : "r\(number)")
            return "DKIM-Signature: v=1; a=rsa-sha256; d=\(domain ?? "x.evil\(number).example"); "
                + "s=\(name); h=from:subject:date; bh=AAAA; b=AAAA\r\n"
        }
        return fields.joined()
            + "From: Garanti BBVA <garantibbva@\(PassedOnMail.bank)>\r\n"
            + "Subject: Gelen Para Transferi\r\nDate: Sun, 22 Nov 2026 11:05:33 +0300\r\n\r\n"
            + PassedOnMail.text("\(number),00").joined(separator: "\r\n") + "\r\n"
    }

    /// DNS that answers for the bank, and for nobody else.
    private final class Zone: Sendable {
        let rounds = Mutex<[[String]]>([])
        let meanwhile = Mutex<(@Sendable () throws -> Void)?>(nil)
        let record: Mutex<String>

        init() throws {
            let key = try #require(PassedOnMail.key)
            record = Mutex("v=DKIM1; p=\(Base64.encode(key.publicKey))")
        }

        func answer(
            _ names: [String]
        ) -> [String: (answer: KeyAnswer, timeToLive: Duration)] {
            rounds.withLock { $0.append(names) }
            #expect(throws: Never.self) { try meanwhile.withLock { $0.take() }?() }
            return names.reduce(into: [:]) { answers, name in
                let answer: KeyAnswer =
                    name == PassedOnMail.keyName
                    ? .records([record.withLock { $0 }])
                    : name.hasSuffix(PassedOnMail.bank) ? .absent : .unavailable
                answers[name] = (answer, .seconds(600))
            }
        }
    }

    @Test(
        "does not hold up a notice, whether it comes before or behind it, known key or new",
        arguments: Flood.allCases, [true, false])
    func notice(among flood: Flood, isSeen: Bool) throws {
        // Only an older key tells the notice from mails that name keys of the bank at random.
        guard isSeen || flood != .namesOfBank && flood != .withNames else { return }
        let zone = try Zone()
        let site = try Lane(try Lane.book()) { zone.answer($0) }
        defer { try? FileManager.default.removeItem(at: site.folder) }
        if isSeen {
            // Long ago; it has to be asked for again.
            try site.world.ledger.write { books in
                for name in PassedOnMail.names {
                    let day = PassedOnMail.arrival - 90_000
                    try books.keep(
                        DNSAnswer(records: ["p=old"], fetchedAt: day, expiresAt: day + 60),
                        name: name)
                }
            }
        }
        try site.store((1...200).map { flood.mail($0) }, from: 1)
        try site.lane.readAll()
        let came = Mutex<Int?>(nil)
        zone.meanwhile.withLock {
            $0 = {
                came.withLock { $0 = zone.rounds.withLock { $0.count } }
                try site.store((301...450).map { flood.mail($0) }, from: 301)
                try site.store([try PassedOnMail.notice()], from: 500)
                try site.store((501...650).map { flood.mail($0) }, from: 501)
                try site.lane.readAll()
            }
        }
        try site.lane.askAll()
        let rounds = zone.rounds.withLock { $0 }
        let before = try #require(came.withLock { $0 })
        let asked = rounds.indices.last { rounds[$0].contains(PassedOnMail.keyName) }
        #expect(try #require(asked) <= before)
        #expect(rounds.allSatisfy { $0.count <= KeyRound.namesMax })
        // Each mail is settled, the genuine one as a payment, and none of them comes again.
        let mails = try site.mails(limit: 3_000)
        #expect(mails.allSatisfy { $0.reading.state == .settled })
        #expect(
            mails.first { $0.place.uid == 500 && $0.place.folder == "INBOX" }?.reading.trust.trust
                == .verified)
        #expect(Set(mails.map(\.place)).count == mails.count)
        #expect(mails.count { $0.reading.trust.trust == .verified } == 1)
    }

    @Test("asks a stranger's name servers once, and not at all when too many wait")
    func strangers() throws {
        let zone = try Zone()
        let site = try Lane(try Lane.book()) { zone.answer($0) }
        defer { try? FileManager.default.removeItem(at: site.folder) }
        try site.store((1...1000).map { Flood.manyNames.mail($0) }, from: 1)
        try site.lane.readAll()
        try site.lane.askAll()
        // The bank's policy, then at most two lots of 64 mails with eight names each.
        #expect(zone.rounds.withLock { $0.count } <= 1 + 2 * 6)
        let mails = try site.mails(limit: 2_000)
        #expect(mails.count == 1000)
        #expect(mails.allSatisfy { $0.reading.state == .settled })
        #expect(mails.allSatisfy { $0.reading.trust.trust == .unverified })
    }

    // MARK: - A key that changes

    @Test("A bank that changes its key under the same name is asked again before a mail is forged")
    func changedKey() throws {
        let zone = try Zone()
        let site = try Lane(try Lane.book()) { zone.answer($0) }
        defer { try? FileManager.default.removeItem(at: site.folder) }
        let now = site.world.now()
        let current = zone.record.withLock { $0 }
        let older = "v=DKIM1; p=\(Base64.encode(try SigningKey.rsa(bits: 1024).publicKey))"
        zone.record.withLock { $0 = older }
        _ = try site.keys.ask(PassedOnMail.names, ledger: site.world.ledger, now: now - 11)
        zone.record.withLock { $0 = current }
        try site.store([try PassedOnMail.notice()], from: 1)
        try site.lane.readAll()
        #expect(try site.mails().map(\.reading.state) == [.held(until: now)])
        // A crash before the answer is written leaves the mail waiting.
        try site.lane.askAll()
        #expect(try site.mails().map(\.reading.trust.trust) == [.verified])
        #expect(try site.payments() == 1)
        #expect(zone.rounds.withLock { $0.count } == 2)
        // Both keys hold from now on, and what neither made is forged: after one more question.
        let changed = try PassedOnMail.notice().replacing("Date: Sun", with: "Date:  Sat")
            .replacing("date:Sun", with: "date:Sat")
        try site.store([changed], from: 2)
        try site.lane.readAll()
        try site.lane.askAll()
        #expect(try site.mails().map(\.reading.trust.trust) == [.verified, .forged])
    }

    @Test("While the bank's name servers are silent a mail with another key waits")
    func changedKeySilence() throws {
        let isSilent = Mutex(false)
        let zone = try Zone()
        let site = try Lane(try Lane.book()) { names in
            let answers = zone.answer(names)
            return isSilent.withLock { $0 }
                ? answers.mapValues { _ in (.unavailable, .zero) } : answers
        }
        defer { try? FileManager.default.removeItem(at: site.folder) }
        let now = site.world.now()
        let current = zone.record.withLock { $0 }
        zone.record.withLock {
            $0 = "v=DKIM1; p=\(Base64.encode((try? SigningKey.rsa(bits: 1024).publicKey) ?? []))"
        }
        _ = try site.keys.ask(PassedOnMail.names, ledger: site.world.ledger, now: now - 11)
        zone.record.withLock { $0 = current }
        isSilent.withLock { $0 = true }
        try site.store([try PassedOnMail.notice()], from: 1)
        try site.lane.readAll()
        try site.lane.askAll()
        let mail = try #require(try site.mails().first)
        #expect(mail.reading.state == .held(until: now + 120))
        #expect(mail.reading.keyWait == KeyWait(rank: .seen, domain: PassedOnMail.bank))
        #expect(try site.reviews().isEmpty)
    }
}

extension Lane {
    /// Stores mails at UIDs that rise from the first.
    func store(_ mails: [String], from first: UInt32) throws {
        for (index, mail) in mails.enumerated() { try store(mail, uid: first + UInt32(index)) }
    }

    func mails(limit: Int) throws -> [MailRecord] {
        try world.ledger.read { try $0.mails(limit: limit) }
    }
}
