// SPDX-License-Identifier: Apache-2.0

internal import FoundationEssentials
internal import Ledger
internal import Mailbox

/// What the watchers of mailboxes see of the agent: how far each folder is in the ledger. The mails
/// themselves go their way in `MailLane`.
struct LedgerIntake: MailIntake {
    let world: World
    let mails: MailLane

    func position(
        account: String, folder: String, uidValidity: UInt32, uidNext: UInt32?
    ) throws -> FolderPosition {
        try telling {
            let known = try world.ledger.read { books in
                try self.known(account, folder, uidValidity, uidNext, in: books)
            }
            if let known { return known }
            return try world.ledger.write { books in
                try begin(account, folder, uidValidity, uidNext, in: books)
            }
        }
    }

    /// What is settled under the numbering in force; nil when the server has begun another one.
    private func known(
        _ account: String, _ folder: String, _ uidValidity: UInt32, _ uidNext: UInt32?,
        in books: LedgerTransaction
    ) throws -> FolderPosition? {
        guard let cursor = try books.cursor(account: account, folder: folder) else { return nil }
        let epoch = FolderEpoch(
            account: account, folder: folder, uidValidity: cursor.uidvalidity, epoch: cursor.epoch)
        let highest = try books.highestUID(
            account: account, folder: folder, uidvalidity: cursor.uidvalidity,
            epoch: cursor.epoch)
        let next = max(cursor.uidNext ?? 0, highest.map { $0 &+ 1 } ?? 0)
        guard epoch.goesOn(uidValidity: uidValidity, uidNext: uidNext, knownNext: next) else {
            return nil
        }
        var settled: Set<UInt32> = []
        if cursor.floor < UInt32.max {
            settled = try books.recordedUIDs(
                account: account, folder: folder, uidvalidity: uidValidity, epoch: cursor.epoch,
                in: (cursor.floor + 1)...UInt32.max)
        }
        var position = FolderPosition(
            uidValidity: uidValidity, epoch: cursor.epoch, floor: cursor.floor,
            settledAbove: settled, base: cursor.base, at: world.now())
        position.seenAt = cursor.seenAt
        position.recentScanAt = cursor.recentScanAt
        position.fullScanAt = cursor.fullScanAt
        return position
    }

    /// Writes down that a numbering begins: were it only reckoned, a restart could reckon it away.
    ///
    /// Its mails are fetched again and known by their bytes. Message-ID, size and INTERNALDATE
    /// would spare the fetch, but whoever writes to the mailbox chooses the first two and the third
    /// has whole seconds: a stranger's mail could pass for a bank's that was never fetched.
    private func begin(
        _ account: String, _ folder: String, _ uidValidity: UInt32, _ uidNext: UInt32?,
        in books: LedgerTransaction
    ) throws -> FolderPosition {
        let now = world.now()
        let old = try books.cursor(account: account, folder: folder)
        let epoch = old.map { $0.epoch &+ 1 } ?? 0
        // A folder that was never read is read from its beginning.
        let base: UInt32? = old == nil ? 0 : nil
        try books.advanceCursor(
            account: account, folder: folder,
            to: FolderCursor(
                uidvalidity: uidValidity, epoch: epoch, floor: 0, base: base, uidNext: uidNext,
                seenAt: now, recentScanAt: now, fullScanAt: now))
        if old != nil {
            try books.audit(
                "folder.renumbered",
                ["account": account, "folder": folder, "epoch": String(epoch)], at: now)
        }
        var position = FolderPosition(uidValidity: uidValidity, epoch: epoch, base: base, at: now)
        position.isNewEpoch = old != nil
        return position
    }

    func recorded(
        in folder: FolderEpoch, _ range: ClosedRange<UInt32>
    ) throws -> Set<UInt32> {
        try telling {
            try world.ledger.read { books in
                try books.recordedUIDs(
                    account: folder.account, folder: folder.folder,
                    uidvalidity: folder.uidValidity, epoch: folder.epoch, in: range)
            }
        }
    }

    func overdue(in folder: FolderEpoch) throws -> [UInt32] {
        try telling {
            try world.ledger.read { books in
                try books.missingUIDs(
                    account: folder.account, folder: folder.folder,
                    uidvalidity: folder.uidValidity, epoch: folder.epoch,
                    overdueAt: world.now())
            }
        }
    }

    func recognize(
        _ names: [UInt32: String], in folder: FolderEpoch
    ) throws -> Set<UInt32> {
        let now = world.now()
        let known = try telling {
            try world.ledger.write { books in
                var known: Set<UInt32> = []
                for (uid, name) in names.sorted(by: { $0.key < $1.key }) {
                    guard
                        let mail = try books.mail(account: folder.account, lastingName: name)
                    else { continue }
                    known.insert(uid)
                    let place = MailPlace(
                        account: folder.account, folder: folder.folder,
                        uidvalidity: folder.uidValidity, epoch: folder.epoch, uid: uid,
                        lastingName: name)
                    if try books.isSettled(place) {
                        try books.recognize(missingAt: place, as: mail.id, now: now)
                        continue
                    }
                    // Settled by the lane, behind the mail that it is a copy of.
                    var reading = MailReading.pending
                    reading.copyOf = mail.id
                    try books.record(
                        reading, at: place, sha256: mail.sha256, raw: nil,
                        sizeBytes: mail.sizeBytes, receivedAt: mail.receivedAt, now: now)
                }
                return known
            }
        }
        if !known.isEmpty { mails.ring() }
        return known
    }

    func receive(_ mails: [FetchedMail]) throws {
        try telling { try self.mails.store(mails) }
    }

    func vanished(in folder: FolderEpoch, uid: UInt32) throws {
        // Nothing of it was ever seen: there is no fact to keep but that it was listed.
        let place = MailPlace(
            account: folder.account, folder: folder.folder, uidvalidity: folder.uidValidity,
            epoch: folder.epoch, uid: uid)
        try telling {
            try world.ledger.write { books in
                try books.giveUp(missingAt: place)
                try books.audit(
                    "mail.vanished",
                    ["account": folder.account, "folder": folder.folder, "uid": String(uid)],
                    at: world.now())
            }
        }
    }

    func advance(_ folder: FolderEpoch, to progress: FolderProgress) throws {
        let now = world.now()
        let isFull = progress.scan == .full
        try telling {
            try world.ledger.write { books in
                try books.advanceCursor(
                    account: folder.account, folder: folder.folder,
                    to: FolderCursor(
                        uidvalidity: folder.uidValidity, epoch: folder.epoch,
                        floor: progress.floor, base: progress.base, uidNext: progress.uidNext,
                        seenAt: now,
                        recentScanAt: isFull || progress.scan == .recent ? now : nil,
                        fullScanAt: isFull ? now : nil))
            }
        }
    }

    /// Says what is wrong with the ledger and passes it on: the watcher would tell its kind only.
    private func telling<Value>(_ body: () throws -> Value) throws -> Value {
        do {
            return try body()
        } catch let error as LedgerError {
            world.report(.trouble("\(error)"))
            throw error
        }
    }
}
