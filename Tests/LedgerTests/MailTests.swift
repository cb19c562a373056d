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
            reading(), reading(.unclear, ruleDigest: 3),
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
        #expect(try ledger.read { try $0.heldMails(dueAt: noon, limit: 9).map(\.id) } == [id])
        #expect(try ledger.read { try $0.nextHeldMailAt() } == noon)
        try ledger.write { try $0.update(id, to: reading(identity: 6)) }
        #expect(try ledger.read { try $0.mail(id)?.reading } == reading(identity: 6))
        #expect(try ledger.read { try $0.nextHeldMailAt() } == late)
        #expect(
            cause { try ledger.write { try $0.update(MailID(99), to: reading()) } } == .notFound)
    }

    @Test("that no rule understood are read again when the rules changed")
    func readAgain() throws {
        let ledger = try temporary()
        try ledger.write { db throws in
            try db.recordMail(1, reading(.unclear, ruleDigest: 1))
            try db.recordMail(2, reading(.unread, ruleDigest: 2))
            try db.recordMail(3, reading(.payment, ruleDigest: 1))
            try db.recordMail(4, reading(.unread))
        }
        func uids(_ digests: Set<[UInt8]>) throws -> [UInt32] {
            try ledger.read {
                try $0.mailsToReadAgain(currentRuleDigests: digests, limit: 9).map(\.place.uid)
            }
        }
        #expect(try uids([]) == [1, 2, 4])
        #expect(try uids([[UInt8](repeating: 2, count: 32)]) == [1, 4])
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
