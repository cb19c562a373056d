// SPDX-License-Identifier: Apache-2.0

import Cryptography
import Domain
import Foundation
import Ledger
import Testing

@Suite("Mails")
struct MailTests {
    @Test(
        "come back as they were written",
        arguments: [
            reading(), reading(.unclear, ruleDigest: 3), .pending,
            reading(.unread, state: .held(until: noon)), reading(.unclear, state: .quarantined),
            reading(identity: 5),
        ])
    func roundTrip(_ read: MailReading) throws {
        let ledger = try temporary()
        let id = try ledger.write { try $0.recordMail(4, read) }
        let found = try #require(try ledger.read { try $0.mail(id) })
        #expect(found.reading == read && found.place == place(4) && found.receivedAt == noon)
        #expect(try ledger.read { try $0.mail(at: place(4)) } == found)
    }

    @Test("are recorded once per place, and their UIDs are known whatever became of them")
    func places() throws {
        let ledger = try temporary()
        try ledger.write { db throws in
            try db.recordMail(4)
            try db.recordMail(7, reading(.unread, state: .held(until: noon)))
            try db.recordMail(9, reading(.unclear, state: .quarantined))
        }
        #expect(cause { try ledger.write { try $0.recordMail(4) } }?.isConstraint == true)
        try ledger.read { db throws in
            #expect(try db.isSettled(place(7)))
            #expect(try !db.isSettled(place(8)))
            #expect(try !db.isSettled(place(4, folder: "Junk")))
            let uids = try db.recordedUIDs(
                account: "box", folder: "INBOX", uidvalidity: 9, in: 5...UInt32.max)
            #expect(uids == [7, 9])
            for (validity, epoch) in [(8, 0), (9, 1)] as [(UInt32, UInt32)] {
                let other = try db.recordedUIDs(
                    account: "box", folder: "INBOX", uidvalidity: validity, epoch: epoch,
                    in: 0...UInt32.max)
                #expect(other.isEmpty)
            }
            #expect(
                try db.highestUID(account: "box", folder: "INBOX", uidvalidity: 9, epoch: 0) == 9)
        }
    }

    @Test("with a settled identity can only be recorded as copies")
    func copies() throws {
        let ledger = try temporary()
        let first = try ledger.write { try $0.recordMail(1, reading(identity: 5)) }
        #expect(
            cause { try ledger.write { try $0.recordMail(2, reading(identity: 5)) } }?.isConstraint
                == true)
        let copy = try ledger.write { try $0.recordMail(2, reading(identity: 5, copyOf: first)) }
        try ledger.read { db throws in
            let identity = [UInt8](repeating: 5, count: 32)
            #expect(try db.settledMail(identity: identity) == first)
            #expect(try db.mail(copy)?.reading.copyOf == first)
            #expect(try db.firstMail(sha256: Digest.sha256(Array("2".utf8))) == copy)
        }
    }

    @Test("that are held, or whose identity nobody proved, block no real one")
    func forgery() throws {
        let ledger = try temporary()
        try ledger.write { db throws in
            try db.recordMail(1, reading(identity: nil))
            try db.recordMail(2, reading(.unread, state: .held(until: noon), identity: 5))
            #expect(try db.settledMail(identity: [UInt8](repeating: 5, count: 32)) == nil)
            try db.recordMail(3, reading(identity: 5))
        }
    }

    @Test("that are held come back at their time, and are settled in place")
    func held() throws {
        let ledger = try temporary()
        let late = noon.addingTimeInterval(60)
        let id = try ledger.write { db throws in
            try db.recordMail(2, reading(.unread, state: .held(until: late)))
            return try db.recordMail(1, reading(.unread, state: .held(until: noon)))
        }
        #expect(try due(in: ledger, at: noon).map(\.id) == [id])
        #expect(try due(in: ledger, at: late).map(\.id).first == id)
        #expect(try due(in: ledger, at: late).count == 2)
        #expect(try waiting(in: ledger, rules: 2).isEmpty)
        #expect(try ledger.read { try $0.nextHeldMailAt() } == noon)
        try ledger.write { try $0.update(id, to: reading(identity: 6)) }
        #expect(try ledger.read { try $0.mail(id)?.reading } == reading(identity: 6))
        #expect(try ledger.read { try $0.nextHeldMailAt() } == late)
        #expect(
            cause { try ledger.write { try $0.update(MailID(99), to: reading()) } } == .notFound)
    }

    @Test(
        "that are held take turns, domain by domain, those before others whose own key is missing")
    func domainTurns() throws {
        let ledger = try temporary()
        let waits: [(UInt32, KeyWait.Rank, String, Double)] = [
            (1, .idle, "", 0), (2, .new, "first", 0), (3, .new, "first", 0), (4, .seen, "first", 2),
            (5, .distant, "", 0), (6, .new, "second", 3), (7, .new, "second", 1), (8, .idle, "", 0),
            (9, .seen, "third", 9),
        ]
        try ledger.write { db throws in
            for (uid, rank, domain, second) in waits {
                var held = reading(.unread, state: .held(until: noon + second))
                held.keyWait = KeyWait(rank: rank, domain: domain)
                try db.recordMail(uid, held)
            }
        }
        func uids(
            _ rank: KeyWait.Rank? = nil, limit: Int = 20, offset: Int = 0
        ) throws -> [UInt32] {
            try ledger.read {
                try $0.heldMails(dueAt: noon + 5, rank: rank, limit: limit, offset: offset)
            }.map(\.place.uid)
        }
        #expect(try uids() == [4, 7, 2, 6, 3, 5, 1, 8])
        #expect(try uids(limit: 2) == [4, 7])
        #expect(try uids(.idle, offset: 1) == [8])
        let first = try #require(try due(in: ledger, at: noon + 5).first)
        #expect(first.reading.keyWait == KeyWait(rank: .seen, domain: "first"))
        // Who waits no longer, waits for nothing.
        try ledger.write { try $0.update(first.id, to: reading()) }
        #expect(try ledger.read { try $0.mail(first.id)?.reading.keyWait } == nil)
    }

    private func due(in ledger: LedgerDatabase, at now: Date) throws -> [MailRecord] {
        try ledger.read { try $0.heldMails(dueAt: now, limit: 5) }
    }

    private func waiting(in ledger: LedgerDatabase, rules: UInt8? = nil) throws -> [MailRecord] {
        try ledger.read {
            try $0.mailsToRead(
                ruleDigest: rules.map { [UInt8](repeating: $0, count: 32) }, limit: 2)
        }
    }

    @Test("that no rule understood are read again when the rules changed")
    func readAgain() throws {
        let ledger = try temporary()
        try ledger.write { db throws in
            try db.recordMail(1, reading(.unclear, ruleDigest: 1))
            try db.recordMail(2, reading(.unread, ruleDigest: 2))
            try db.recordMail(3, reading(.payment, ruleDigest: 1))
            try db.recordMail(4, reading(.unclear, state: .quarantined))
            try db.recordMail(5, reading(.unread, state: .held(until: noon + 1)))
        }
        #expect(try waiting(in: ledger).isEmpty)
        var tried: [UInt32] = []
        while let mail = try waiting(in: ledger, rules: 2).first {
            tried.append(mail.place.uid)
            try ledger.write { try $0.stamp(mail.id, ruleDigest: [UInt8](repeating: 2, count: 32)) }
        }
        #expect(tried == [4, 1])
        #expect(try waiting(in: ledger, rules: 1).map(\.place.uid) == [1, 2])
        #expect(try waiting(in: ledger, rules: 3).map(\.place.uid) == [1, 2])
    }

    @Test("have their turn by reason: new ones first, then those of other rules")
    func turns() throws {
        let ledger = try temporary()
        var ids: [MailID] = []
        try ledger.write { db throws in
            ids.append(try db.recordMail(1, reading(.unclear, ruleDigest: 1)))
            ids.append(try db.recordMail(2, reading(.unread, state: .held(until: noon))))
            for uid: UInt32 in [5, 4, 3] { ids.append(try db.recordMail(uid, .pending)) }
        }
        var turns: [[UInt32]] = []
        while case let mails = try waiting(in: ledger, rules: 2), !mails.isEmpty {
            turns.append(mails.map(\.place.uid))
            try ledger.write { books in
                for mail in mails { try books.update(mail.id, to: reading(ruleDigest: 2)) }
            }
        }
        #expect(turns == [[5, 4], [3], [1]])
    }

    @Test("are stored once per place, and say themselves that they were cut short")
    func stored() throws {
        let folder = try Folder()
        let ledger = try folder.open()
        func store(_ text: String, _ uid: UInt32, isTruncated: Bool = false) throws {
            let raw = Array(text.utf8)
            try ledger.write {
                try $0.store(
                    raw, sha256: Digest.sha256(raw), isTruncated: isTruncated, sizeBytes: 9_999,
                    at: place(uid), receivedAt: noon, now: noon)
            }
        }
        try store("whole", 1)
        try store("again", 1)
        try store("cut", 2, isTruncated: true)
        let mails = try ledger.read { try $0.mails(limit: 9) }
        #expect(mails.map(\.isTruncated) == [false, true])
        #expect(mails.map(\.sizeBytes) == [9_999, 9_999])
        let kept = try ledger.read { books in try mails.map { try books.rawMail($0.id) } }
        #expect(kept == [Array("whole".utf8), Array("cut".utf8)])
    }

    @Test("let go of their bytes together with the key, and the next one has a key of its own")
    func dropped() throws {
        let folder = try Folder()
        let ledger = try folder.open()
        try ledger.write { db throws in
            let first = try db.recordMail(1, .pending, raw: [1, 2, 3])
            try db.dropRaw(first)
            #expect(try db.rawMail(first) == nil)
            let second = try db.recordMail(2, .pending, raw: [4, 5])
            try db.dropRaw(first)
            #expect(try db.rawMail(second) == [4, 5])
        }
    }

    @Test("keep their raw bytes in a file, and not in a replay")
    func raw() throws {
        let folder = try Folder()
        let bytes = (0..<70_000).map { UInt8(truncatingIfNeeded: $0 &* 31) }
        let ledger = try folder.open()
        let id = try ledger.write { try $0.recordMail(1, raw: bytes) }
        #expect(try ledger.read { try $0.rawMail(id) } == bytes)
        let none = try ledger.write { try $0.recordMail(2, raw: nil) }
        #expect(try ledger.read { try $0.rawMail(none) } == nil)
        let replay = try temporary()
        let unkept = try replay.write { try $0.recordMail(1, raw: bytes) }
        #expect(try replay.read { try $0.rawMail(unkept) } == nil)
    }
}

extension LedgerError.Cause {
    var isConstraint: Bool { if case .constraint = self { true } else { false } }
}
