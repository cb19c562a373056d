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

/// What becomes of fetched mails in a real ledger.
@Suite("The intake")
struct IntakeTests {
    struct Crash: Error {}

    final class Commits: Sendable {
        let count = Atomic<Int>(0)
        let fail = Atomic<Bool>(false)
        /// Since the first look, in seconds.
        let time = Atomic<Int>(0)
    }

    /// An intake with a ledger behind it whose commits are counted and may fail.
    final class Desk {
        let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
        let ledger: LedgerDatabase
        let lane: MailLane
        let intake: LedgerIntake
        let commits = Commits()

        deinit { try? FileManager.default.removeItem(at: folder) }

        init() throws {
            try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
            var hooks = LedgerHooks()
            hooks.willCommit = { [commits] in
                if commits.fail.load(ordering: .relaxed) { throw Crash() }
                commits.count.add(1, ordering: .relaxed)
            }
            ledger = try LedgerDatabase(
                path: folder.appending(path: "ledger.sqlite").path, masterKey: .random(),
                hooks: hooks)
            let world = World(
                ledger: ledger,
                now: { [commits] in
                    let passed = commits.time.load(ordering: .relaxed)
                    return Date(timeIntervalSince1970: 1_795_345_533 + TimeInterval(passed))
                },
                report: { _ in })
            let reader = MailReader(
                rules: RuleBook.compile([]).book,
                authenticator: Authenticator(trustedAuthserv: nil))
            let policy = MatchingPolicy(ownAccounts: .any, ownAddresses: .any)
            lane = MailLane(
                world: world, reader: reader,
                pipeline: PaymentPipeline(matcher: Matcher(policy: policy)),
                keys: KeyRing(file: [:], resolver: nil),
                afterCare: AfterCareDesk([], wakeUp: WakeUp()), wakeUp: WakeUp())
            intake = LedgerIntake(world: world, mails: lane)
        }

        /// Takes mails in and reads them.
        func take(_ mails: [FetchedMail]) throws {
            try intake.receive(mails)
            try lane.readAll()
        }

        var mails: [MailRecord] {
            get throws { try ledger.read { try $0.mails(limit: 1000) } }
        }

        /// The folder opens; returns its epoch.
        func open(
            _ folder: String = "INBOX", uidValidity: UInt32 = 7, uidNext: UInt32? = nil
        ) throws -> FolderPosition {
            try intake.position(
                account: "bank", folder: folder, uidValidity: uidValidity, uidNext: uidNext)
        }
    }

    func mail(
        _ uid: UInt32, _ text: String? = nil, folder: String = "INBOX", uidValidity: UInt32 = 7,
        epoch: UInt32 = 0, name: String? = nil, isTruncated: Bool = false
    ) -> FetchedMail {
        let raw = "From: a@ornek.example\r\nSubject: \(text ?? "\(uid)")\r\n\r\nMerhaba\r\n"
        return FetchedMail(
            account: "bank", folder: folder, uidValidity: uidValidity, epoch: epoch, uid: uid,
            internalDate: nil, raw: Array(raw.utf8), isTruncated: isTruncated,
            sizeBytes: raw.utf8.count, lastingName: name)
    }

    @Test("commits mails that came together at once, each in its own row, before any is read")
    func together() throws {
        let desk = try Desk()
        _ = try desk.open()
        let before = desk.commits.count.load(ordering: .relaxed)
        try desk.intake.receive((1...50).map { mail($0) } + [mail(50)])
        #expect(desk.commits.count.load(ordering: .relaxed) == before + 1)
        #expect(try desk.mails.map(\.place.uid) == Array(1...50))
        #expect(try desk.mails.allSatisfy { $0.reading.state == .stored })
        let counts = try desk.ledger.read { try $0.counts() }
        #expect(counts.storedMails == 50 && counts.mails.isEmpty)
        #expect(try desk.open().settledAbove == Set(1...50))
        try desk.lane.readAll()
        #expect(desk.commits.count.load(ordering: .relaxed) == before + 2)
        #expect(try desk.mails.allSatisfy { $0.reading.state == .settled })
        #expect(try desk.mails.allSatisfy { $0.reading.copyOf == nil })
    }

    @Test("reads later what could not be settled now, each mail once")
    func settlingFails() throws {
        let desk = try Desk()
        _ = try desk.open()
        try desk.intake.receive((1...200).map { mail($0) })
        desk.commits.fail.store(true, ordering: .relaxed)
        #expect(throws: Crash.self) { try desk.lane.readAll() }
        #expect(try desk.mails.allSatisfy { $0.reading.state == .stored })
        desk.commits.fail.store(false, ordering: .relaxed)
        try desk.lane.readAll()
        #expect(try desk.mails.count == 200)
        #expect(try desk.mails.allSatisfy { $0.reading.state == .settled })
    }

    @Test("keeps no bytes of a copy, and the key of nobody")
    func copiesKeepNothing() throws {
        let desk = try Desk()
        _ = try desk.open()
        try desk.take([mail(1, "a"), mail(2, "b")])
        try desk.take([mail(3, "a"), mail(4, "c"), mail(5, "c")])
        let mails = try desk.mails
        #expect(
            mails.map(\.reading.copyOf) == [nil, nil, mails[0].id, nil, mails[3].id])
        let kept = try desk.ledger.read { books in
            try mails.map { try books.rawMail($0.id).map { String(decoding: $0, as: UTF8.self) } }
        }
        #expect(kept.map { $0 != nil } == [true, true, false, true, false])
        #expect(kept[3]?.contains("Subject: c") == true)
    }

    @Test("leaves a mail whose bytes are gone to a person, and goes on")
    func bytesGone() throws {
        let desk = try Desk()
        _ = try desk.open()
        try desk.intake.receive([mail(1), mail(2)])
        let lost = try #require(try desk.mails.first)
        try desk.ledger.write { try $0.dropRaw(lost.id) }
        try desk.lane.readAll()
        #expect(try desk.mails.map(\.reading.state) == [.quarantined, .settled])
        #expect(try desk.ledger.read { try $0.openReviews(limit: 10).count } == 1)
    }

    @Test("has all of them come again when the commit fails")
    func failure() throws {
        let desk = try Desk()
        _ = try desk.open()
        desk.commits.fail.store(true, ordering: .relaxed)
        #expect(throws: Crash.self) { try desk.intake.receive((1...5).map { mail($0) }) }
        desk.commits.fail.store(false, ordering: .relaxed)
        #expect(try desk.mails.isEmpty)
        #expect(try desk.open().settledAbove == [])
        try desk.intake.receive((1...5).map { mail($0) })
        #expect(try desk.open().settledAbove == [1, 2, 3, 4, 5])
    }

    @Test("knows mail without a UIDVALIDITY by its content")
    func noUIDValidity() throws {
        let desk = try Desk()
        let first = try desk.open(uidValidity: 0)
        #expect(first.epoch == 0 && first.base == 0 && !first.isNewEpoch)
        try desk.take([mail(1, "a", uidValidity: 0), mail(2, "b", uidValidity: 0)])
        let second = try desk.open(uidValidity: 0)
        #expect(second.epoch == 1 && second.base == nil && second.isNewEpoch)
        #expect(second.settledAbove.isEmpty)
        // The same number is another mail now, and a known mail has another number.
        try desk.take([
            mail(1, "c", uidValidity: 0, epoch: 1), mail(3, "a", uidValidity: 0, epoch: 1),
        ])
        let mails = try desk.mails
        #expect(mails.count == 4)
        #expect(mails.map { $0.reading.copyOf } == [nil, nil, nil, mails[0].id])
    }

    @Test("takes a UIDNEXT below the highest mail for a new numbering, and an absent one for none")
    func uidNext() throws {
        let desk = try Desk()
        _ = try desk.open(uidNext: 5)
        try desk.intake.receive([mail(9)])
        #expect(try desk.open(uidNext: 10).epoch == 0)
        #expect(try desk.open(uidNext: nil).epoch == 0)
        #expect(try desk.open(uidNext: 9).epoch == 1)
        #expect(try desk.open(uidNext: 9).epoch == 1)
    }

    @Test("records a mail of another folder as a copy when the server names both alike")
    func recognizes() throws {
        let desk = try Desk()
        _ = try desk.open()
        _ = try desk.open("Alle")
        try desk.intake.receive([mail(1, name: "gm:11"), mail(2, name: "gm:12"), mail(3)])
        let alle = FolderEpoch(account: "bank", folder: "Alle", uidValidity: 7)
        for _ in 1...2 {
            let known = try desk.intake.recognize(
                [101: "gm:11", 102: "gm:12", 103: "gm:13"], in: alle)
            #expect(known == [101, 102])
        }
        let other = FolderEpoch(account: "other", folder: "INBOX", uidValidity: 7)
        #expect(try desk.intake.recognize([1: "gm:11"], in: other).isEmpty)
        let mails = try desk.mails
        #expect(mails.map(\.place.uid) == [1, 2, 3, 101, 102])
        #expect(mails[3].reading.copyOf == mails[0].id && mails[3].sha256 == mails[0].sha256)
        #expect(try desk.open("Alle").settledAbove == [101, 102])
        #expect(mails.allSatisfy { $0.reading.state == .stored })
        try desk.lane.readAll()
        let read = try desk.mails
        #expect(read.allSatisfy { $0.reading.state == .settled })
        #expect(read[3].reading.reasons == [.seenBefore])
    }

    @Test("never takes one mail that could not be fetched for another")
    func unfetched() throws {
        let desk = try Desk()
        _ = try desk.open()
        var lost = [mail(1), mail(2)]
        for index in lost.indices {
            lost[index].raw = []
            lost[index].isTruncated = true
        }
        try desk.take(lost + [mail(3, "x", isTruncated: true)])
        let mails = try desk.mails
        #expect(mails.map(\.reading.state) == [.quarantined, .quarantined, .quarantined])
        #expect(mails.allSatisfy { $0.reading.copyOf == nil })
        #expect(try desk.ledger.read { try $0.openReviews(limit: 10).count } == 3)
    }
}
