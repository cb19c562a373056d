// SPDX-License-Identifier: Apache-2.0

import Foundation
import Mailbox

/// A ledger in memory that counts what comes twice.
final class RecordingIntake: MailIntake, @unchecked Sendable {
    // Unchecked: every access holds the condition's lock, which the compiler cannot see.
    struct Refused: Error {}

    private struct Folder: Hashable { var account, name: String, uidValidity: UInt32 }

    private let condition = NSCondition()
    private var positions: [Folder: FolderPosition] = [:]
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
        // Every attempt begins with it.
        if event == .connecting { return }
        locked { seen.append((event, Date())) }
    }

    // MARK: MailIntake

    func position(account: String, folder: String, uidValidity: UInt32) -> FolderPosition {
        locked { positions[Folder(account: account, name: folder, uidValidity: uidValidity)] }
            ?? FolderPosition(uidValidity: uidValidity)
    }

    func receive(_ mail: FetchedMail) throws {
        try locked {
            if refusals > 0 {
                refusals -= 1
                throw Refused()
            }
            arrivals.append(Date())
            mails.append(mail)
            change(mail.account, mail.folder, mail.uidValidity) {
                $0.settledAbove.insert(mail.uid)
            }
        }
    }

    func vanished(account: String, folder: String, uidValidity: UInt32, uid: UInt32) {
        locked {
            gone.append(uid)
            change(account, folder, uidValidity) { $0.settledAbove.insert(uid) }
        }
    }

    func advance(account: String, folder: String, uidValidity: UInt32, floor: UInt32) {
        locked {
            change(account, folder, uidValidity) { position in
                position.floor = floor
                position.settledAbove = position.settledAbove.filter { $0 > floor }
            }
        }
    }

    private func change(
        _ account: String, _ folder: String, _ validity: UInt32,
        _ body: (inout FolderPosition) -> Void
    ) {
        let folder = Folder(account: account, name: folder, uidValidity: validity)
        body(&positions[folder, default: FolderPosition(uidValidity: validity)])
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
