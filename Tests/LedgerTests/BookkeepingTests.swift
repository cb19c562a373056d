// SPDX-License-Identifier: Apache-2.0

import Domain
import Foundation
import GRDB
import Ledger
import Testing

@Suite("Reviews, cursors, DNS answers, audit and counts")
struct BookkeepingTests {
    @Test("There is one open question per payment or mail, and it can be asked again later")
    func reviews() throws {
        let ledger = try temporary()
        let candidates = [
            Verdict.Candidate(
                registration: RegistrationID("a\"\\\n\u{1}ç"), reasons: [.nameAgrees],
                similarity: 90),
            Verdict.Candidate(registration: RegistrationID("b"), reasons: [], similarity: 0),
        ]
        try ledger.write { db throws in
            let payment = try db.recordUnreceived(1, state: .review)
            let mail = try db.recordMail(2, reading(.unclear))
            let first = try db.openReview(
                of: .payment(payment), kind: "match", reasons: [.noCode], at: noon)
            let same = try db.openReview(
                of: .payment(payment), kind: "match", reasons: [.severalCandidates],
                candidates: candidates, at: noon)
            #expect(same == first)
            let other = try db.openReview(of: .mail(mail), kind: "unclear", reasons: [], at: noon)
            #expect(try db.openReviews(limit: 9).map(\.id) == [first, other])
            let open = try #require(try db.openReview(of: .payment(payment)))
            #expect(open.candidates == candidates && open.reasons == [.severalCandidates])
            try db.closeReview(first, decision: "allocated", at: noon)
            #expect(try db.openReview(of: .payment(payment)) == nil)
            #expect(try db.review(first)?.decision == "allocated")
            #expect(
                cause { try db.closeReview(first, decision: "x", at: noon) }
                    == .wrongState("closed"))
            #expect(
                cause { try db.closeReview(ReviewID(99), decision: "x", at: noon) } == .notFound)
            let again = try db.openReview(
                of: .payment(payment), kind: "match", reasons: [], at: noon)
            #expect(again != first)
            #expect(try db.counts().openReviews == 2)
        }
    }

    @Test(
        "A cursor only rises within one UIDVALIDITY",
        arguments: [
            (9, 50, 9, 60, 60), (9, 50, 9, 40, 50), (9, 50, 8, 3, 3),
            (9, 50, 9, 4_294_967_295, 4_294_967_295),
        ] as [(UInt32, UInt32, UInt32, UInt32, UInt32)])
    func cursor(
        _ validity: UInt32, _ floor: UInt32, _ nextValidity: UInt32, _ nextFloor: UInt32,
        _ expected: UInt32
    ) throws {
        let ledger = try temporary()
        try ledger.write { db throws in
            #expect(try db.cursor(account: "box", folder: "INBOX") == nil)
            for (validity, floor) in [(validity, floor), (nextValidity, nextFloor)] {
                try db.advanceCursor(
                    account: "box", folder: "INBOX",
                    to: FolderCursor(uidvalidity: validity, floor: floor, seenAt: noon))
            }
            #expect(
                try db.cursor(account: "box", folder: "INBOX")
                    == FolderCursor(uidvalidity: nextValidity, floor: expected, seenAt: noon))
            #expect(try db.cursor(account: "box", folder: "Junk") == nil)
        }
    }

    @Test("A cursor keeps what is not said anew, and forgets it with a new epoch")
    func cursorDetails() throws {
        let ledger = try temporary()
        let first = FolderCursor(
            uidvalidity: 9, floor: 4, base: 2, uidNext: 8, seenAt: noon, recentScanAt: noon,
            fullScanAt: noon)
        try ledger.write { db throws in
            try db.advanceCursor(account: "box", folder: "INBOX", to: first)
            try db.advanceCursor(
                account: "box", folder: "INBOX",
                to: FolderCursor(uidvalidity: 9, floor: 3, uidNext: 6, seenAt: noon))
            #expect(try db.cursor(account: "box", folder: "INBOX") == first)
            let second = FolderCursor(uidvalidity: 9, epoch: 1, floor: 0, uidNext: 3, seenAt: noon)
            try db.advanceCursor(account: "box", folder: "INBOX", to: second)
            #expect(try db.cursor(account: "box", folder: "INBOX") == second)
        }
    }

    @Test("How a folder is watched is what was said last")
    func watchState() throws {
        let ledger = try temporary()
        try ledger.write { db throws in
            #expect(try db.watchState(account: "box", folder: "INBOX") == nil)
            let waiting = WatchStateRow(state: "waiting", since: noon, detail: "network")
            try db.setWatchState(
                WatchStateRow(state: "idling", since: noon, detail: nil), account: "box",
                folder: "INBOX")
            try db.setWatchState(waiting, account: "box", folder: "INBOX")
            #expect(try db.watchState(account: "box", folder: "INBOX") == waiting)
        }
    }

    @Test("A key that DNS changed stays for older mails")
    func dns() throws {
        let ledger = try temporary()
        func answer(_ records: [String], _ minute: Double) -> DNSAnswer {
            DNSAnswer(
                records: records, fetchedAt: noon.addingTimeInterval(minute * 60),
                expiresAt: noon.addingTimeInterval(minute * 60 + 300))
        }
        try ledger.write { db throws in
            let answers: [([String], Double)] = [
                (["k=1", "k=2"], 0), (["k=1", "k=2"], 5), ([], 10), ([], 15), (["k=1"], 20),
            ]
            for (records, minute) in answers {
                try db.keep(answer(records, minute), name: "s1._domainkey.example.com")
            }
            let kept = try db.dnsAnswers(name: "s1._domainkey.example.com")
            #expect(kept.map(\.records) == [["k=1"], [], ["k=1", "k=2"]])
            #expect(kept.last?.fetchedAt == noon)
            #expect(kept.last?.expiresAt == noon.addingTimeInterval(600))
            #expect(try db.dnsAnswers(name: "other").isEmpty)
        }
    }

    @Test(
        "The audit log finds a line that was changed, left out or moved",
        arguments: [
            ("UPDATE audit SET what = 'nothing' WHERE seq = 3", 3),
            ("UPDATE audit SET detail = '{}' WHERE seq = 5", 5),
            ("UPDATE audit SET at = at + 1 WHERE seq = 1", 1),
            ("UPDATE audit SET prev = zeroblob(32) WHERE seq = 4", 4),
            ("DELETE FROM audit WHERE seq = 2", 2),
            ("UPDATE audit SET seq = 99 WHERE seq = 4", 4),
        ] as [(String, Int64)])
    func audit(_ change: String, _ line: Int64) throws {
        let folder = try Folder()
        let ledger = try folder.open()
        try ledger.write { db throws in
            for number in 1...6 {
                try db.audit("review.close", ["review": "\(number)", "by": "a\"b"], at: noon)
            }
            #expect(try db.firstBrokenAuditLine() == nil)
            let last = try #require(try db.auditLines(limit: 1).first)
            #expect(last.sequence == 6 && last.detail == ["review": "6", "by": "a\"b"])
        }
        try ledger.close()
        let vandal = try DatabaseQueue(path: folder.database)
        #expect(throws: DatabaseError.self) { try vandal.write { try $0.execute(sql: change) } }
        try vandal.write { db throws in
            try db.execute(sql: "DROP TRIGGER audit_stays; DROP TRIGGER audit_kept")
            try db.execute(sql: change)
        }
        try vandal.close()
        #expect(try folder.open().read { try $0.firstBrokenAuditLine() } == line)
    }

    @Test("Counts tell what is where")
    func counts() throws {
        let ledger = try temporary()
        try ledger.write { db throws in
            #expect(try db.counts() == LedgerCounts())
            try db.insert(registration(1))
            _ = try db.recordReceived(1)
            try db.recordMail(2, reading(.unread, state: .held(until: noon)))
            try db.recordMail(3, reading(.unclear, state: .quarantined))
            try db.recordMail(4, .pending)
            try db.enqueue(Effect(.lumaApprove, registration: RegistrationID("reg-1")), at: noon)
            let counts = try db.counts()
            #expect(counts.registrations == [.awaitingPayment: 1])
            #expect(counts.mails == [.payment: 1, .unread: 1, .unclear: 1])
            #expect(counts.storedMails == 1)
            #expect(counts.heldMails == 1 && counts.quarantinedMails == 1)
            #expect(counts.payments == [.received: 1] && counts.effects == [.ready: 1])
        }
    }
}
