// SPDX-License-Identifier: Apache-2.0

import Foundation
import Mailbox

/// A ledger in memory that counts what comes twice.
final class RecordingIntake: MailIntake, @unchecked Sendable {
    // Unchecked: every access holds the condition's lock, which the compiler cannot see.
    struct Refused: Error {}

    private let condition = NSCondition()
    private var positions: [UInt32: FolderPosition] = [:]
    private var mails: [FetchedMail] = []
    private var gone: [UInt32] = []
    private var seen: [(MailboxEvent, Date)] = []
    private var arrivals: [Date] = []
    private var refusals = 0

    // MARK: What the tests ask

    var received: [FetchedMail] { locked { mails } }
    var vanished: [UInt32] { locked { gone } }
    var events: [MailboxEvent] { locked { seen.map(\.0) } }
    var timedEvents: [(MailboxEvent, Date)] { locked { seen } }
    var receivedAt: [Date] { locked { arrivals } }
    var floors: [UInt32: UInt32] { locked { positions.mapValues(\.floor) } }

    /// The next `count` mails are refused.
    func refuse(_ count: Int) { locked { refusals = count } }

    /// Waits until the condition holds; false when it never does.
    func wait(
        _ seconds: Double = 20,
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
        locked { seen.append((event, Date())) }
    }

    // MARK: MailIntake

    func position(account: String, folder: String, uidValidity: UInt32) -> FolderPosition {
        locked { positions[uidValidity] ?? FolderPosition(uidValidity: uidValidity) }
    }

    func receive(_ mail: FetchedMail) throws {
        try locked {
            if refusals > 0 {
                refusals -= 1
                throw Refused()
            }
            arrivals.append(Date())
            mails.append(mail)
            positions[mail.uidValidity, default: FolderPosition(uidValidity: mail.uidValidity)]
                .settledAbove.insert(mail.uid)
        }
    }

    func vanished(account: String, folder: String, uidValidity: UInt32, uid: UInt32) {
        locked {
            gone.append(uid)
            positions[uidValidity, default: FolderPosition(uidValidity: uidValidity)]
                .settledAbove.insert(uid)
        }
    }

    func advance(account: String, folder: String, uidValidity: UInt32, floor: UInt32) {
        locked {
            let above = positions[uidValidity]?.settledAbove ?? []
            positions[uidValidity] = FolderPosition(
                uidValidity: uidValidity, floor: floor, settledAbove: above.filter { $0 > floor })
        }
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
