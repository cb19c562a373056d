// SPDX-License-Identifier: Apache-2.0

import Domain
import Foundation
import Ledger
import Mailbox
import Synchronization
import Testing

@testable import Agent

/// A mail that the server lists and did not hand out for so long that a person was told.
@Suite("A mail that was given up")
struct MissingMailTests {
    private let intake = IntakeTests()
    private let folder = FolderEpoch(account: "bank", folder: "INBOX", uidValidity: 7)

    private func missing(_ uid: UInt32) -> FetchedMail {
        var mail = intake.mail(uid)
        mail.raw = []
        mail.isTruncated = true
        mail.sizeBytes = 0
        return mail
    }

    private func pass(_ seconds: Int, _ desk: IntakeTests.Desk) {
        desk.commits.time.add(seconds, ordering: .relaxed)
    }

    private func isAskedFor(_ uid: UInt32, _ desk: IntakeTests.Desk) throws -> Bool {
        try desk.intake.overdue(in: folder).contains(uid)
    }

    @Test("is asked for again, ever more seldom, and no more after a month")
    func gaps() throws {
        let desk = try IntakeTests.Desk()
        _ = try desk.open()
        try desk.take([missing(1), intake.mail(2)])
        var gaps: [Int] = []
        var gap = 0
        while gap < 3 * 86_400 {
            if try isAskedFor(1, desk) {
                gaps.append(gap)
                gap = 0
                try desk.take([missing(1)])
            }
            pass(300, desk)
            gap += 300
        }
        #expect(gaps.prefix(4) == [300, 300, 600, 1_200])
        #expect(gaps.max() == 86_400)
        #expect((35...45).contains(gaps.count))
        #expect(try !isAskedFor(2, desk))
        // The folder goes on above it all the while, and the person is asked once.
        #expect(try desk.open().settledAbove == [1, 2])
        #expect(try desk.ledger.read { try $0.openReviews(limit: 10).count } == 1)
        #expect(try desk.mails.count == 2)
    }

    @Test("is read when it comes after all, in its own row, and the question is closed")
    func comes() throws {
        let desk = try IntakeTests.Desk()
        _ = try desk.open()
        try desk.take([missing(1), intake.mail(2)])
        pass(400, desk)
        // A crash before the commit leaves everything as it was.
        desk.commits.fail.store(true, ordering: .relaxed)
        #expect(throws: IntakeTests.Crash.self) { try desk.intake.receive([intake.mail(1)]) }
        desk.commits.fail.store(false, ordering: .relaxed)
        #expect(try isAskedFor(1, desk))
        for _ in 1...2 {
            try desk.intake.receive([intake.mail(1, name: "gm:1")])
            #expect(try !isAskedFor(1, desk))
        }
        try desk.lane.readAll()
        let mails = try desk.mails
        #expect(mails.map(\.place.uid) == [1, 2])
        #expect(mails[0].reading.state == .settled && !mails[0].isTruncated)
        #expect(mails[0].reading.reasons != [.mailNotGiven])
        #expect(mails[0].recordedAt > mails[1].recordedAt)
        #expect(try desk.ledger.read { try $0.rawMail(mails[0].id) } == intake.mail(1).raw)
        #expect(try desk.ledger.read { try $0.openReviews(limit: 10).isEmpty })
        #expect(try desk.ledger.read { try $0.brokenInvariants().isEmpty })
    }

    @Test("is read when it comes even if a person had waved the question off")
    func wavedOff() throws {
        let desk = try IntakeTests.Desk()
        _ = try desk.open()
        try desk.take([missing(1)])
        try desk.ledger.write { books in
            let review = try #require(try books.openReviews(limit: 1).first)
            try books.closeReview(review.id, decision: "ignored", at: noon)
        }
        pass(400, desk)
        #expect(try isAskedFor(1, desk))
        try desk.take([intake.mail(1)])
        #expect(try desk.mails.first?.reading.reasons != [.mailNotGiven])
        #expect(try !isAskedFor(1, desk))
    }

    @Test("becomes a copy when the server names it as one that is here")
    func recognized() throws {
        let desk = try IntakeTests.Desk()
        _ = try desk.open()
        try desk.take([intake.mail(2, name: "gm:7"), missing(1)])
        pass(400, desk)
        #expect(try desk.intake.recognize([1: "gm:7"], in: folder) == [1])
        try desk.lane.readAll()
        let mails = try desk.mails
        #expect(mails[1].reading.copyOf == mails[0].id)
        #expect(try desk.ledger.read { try $0.openReviews(limit: 10).isEmpty })
        #expect(try !isAskedFor(1, desk))
    }

    @Test("is asked for no more once the server has it no more")
    func vanished() throws {
        let desk = try IntakeTests.Desk()
        _ = try desk.open()
        try desk.take([missing(1), missing(2)])
        pass(400, desk)
        #expect(try desk.intake.overdue(in: folder) == [1, 2])
        try desk.intake.vanished(in: folder, uid: 1)
        #expect(try desk.intake.overdue(in: folder) == [2])
        // Another folder, or another numbering of this one, is not asked.
        var other = folder
        other.epoch = 1
        #expect(try desk.intake.overdue(in: other) == [])
    }

    @Test("is asked for at once when a person says so; one that is here is not")
    func byHand() throws {
        let desk = try IntakeTests.Desk()
        _ = try desk.open()
        try desk.take([missing(1), intake.mail(2)])
        let mails = try desk.mails
        #expect(try !isAskedFor(1, desk))
        try desk.ledger.write { try $0.askAgain(for: mails[0].id, now: noon) }
        #expect(try isAskedFor(1, desk))
        #expect(throws: LedgerError.self) {
            try desk.ledger.write { try $0.askAgain(for: mails[1].id, now: noon) }
        }
        #expect(throws: LedgerError.self) {
            try desk.ledger.write { try $0.askAgain(for: MailID(99), now: noon) }
        }
    }

    private let noon = Date(timeIntervalSince1970: 1_795_345_533)
}
