// SPDX-License-Identifier: Apache-2.0

import Foundation
import Mailbox

/// A ledger in memory that counts what comes twice.
final class RecordingIntake: MailIntake, @unchecked Sendable {
    // Unchecked: every access holds the condition's lock, which the compiler cannot see.
    struct Refused: Error {}

    private let condition = NSCondition()
    private var ledger = MemoryLedger()
    private var mails: [FetchedMail] = []
    private var gone: [UInt32] = []
    private var seen: [(MailboxEvent, Date)] = []
    private var arrivals: [Date] = []
    private var refusals = 0
    private var taken = 0
    private var together: [Int] = []
    private let keepsMails: Bool

    /// - Parameter keepsMails: false when only their number matters.
    init(keepsMails: Bool = true) { self.keepsMails = keepsMails }

    // MARK: What the tests ask

    var received: [FetchedMail] { locked { mails } }
    var vanished: [UInt32] { locked { gone } }
    var events: [MailboxEvent] { locked { seen.map(\.0) } }
    var timedEvents: [(MailboxEvent, Date)] { locked { seen } }
    var receivedAt: [Date] { locked { arrivals } }

    /// How many mails came.
    var count: Int { locked { taken } }
    /// How many mails were handed over at a time.
    var handedOver: [Int] { locked { together } }

    /// The next `count` times mails are refused.
    func refuse(_ count: Int) { locked { refusals = count } }

    /// Waits until the condition holds; false when it never does.
    func wait(
        _ seconds: Double = 200,
        until isTrue: (_ mails: [FetchedMail], _ events: [MailboxEvent]) -> Bool
    ) -> Bool {
        condition.lock()
        defer { condition.unlock() }
        let end = Date().addingTimeInterval(seconds)
        while !isTrue(mails, seen.map(\.0)) {
            guard condition.wait(until: end) else { return isTrue(mails, seen.map(\.0)) }
        }
        return true
    }

    func note(_ event: MailboxEvent) {
        // Every attempt begins with it.
        if event == .connecting { return }
        locked { seen.append((event, Date())) }
    }

    // MARK: MailIntake

    func position(
        account: String, folder: String, uidValidity: UInt32, uidNext: UInt32?
    ) -> FolderPosition {
        locked {
            ledger.position(
                account: account, folder: folder, uidValidity: uidValidity, uidNext: uidNext,
                at: Date())
        }
    }

    func recorded(in folder: FolderEpoch, _ range: ClosedRange<UInt32>) -> Set<UInt32> {
        locked { ledger.recorded(in: folder, range) }
    }

    func recognize(_ names: [UInt32: String], in folder: FolderEpoch) -> Set<UInt32> {
        locked { ledger.recognize(names, in: folder) }
    }

    func overdue(in folder: FolderEpoch) -> [UInt32] { locked { ledger.overdue(in: folder) } }

    func receive(_ new: [FetchedMail]) throws {
        try locked {
            if refusals > 0 {
                refusals -= 1
                throw Refused()
            }
            together.append(new.count)
            for mail in new {
                arrivals.append(Date())
                if keepsMails { mails.append(mail) }
                taken += 1
                ledger.settle(mail)
            }
        }
    }

    func vanished(in folder: FolderEpoch, uid: UInt32) {
        locked {
            gone.append(uid)
            ledger.settle(uid, in: folder)
        }
    }

    func advance(_ folder: FolderEpoch, to progress: FolderProgress) {
        locked { ledger.advance(folder, to: progress, at: Date().timeIntervalSinceReferenceDate) }
    }

    private func locked<Value>(_ body: () throws -> Value) rethrows -> Value {
        condition.lock()
        defer {
            condition.broadcast()
            condition.unlock()
        }
        return try body()
    }
}
