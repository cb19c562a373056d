// SPDX-License-Identifier: Apache-2.0

internal import Dispatch
internal import Domain
internal import FoundationEssentials
internal import Ledger
internal import Mail
package import Mailbox
internal import Synchronization

/// Takes fetched mail into the ledger. Each mail is a step of its own: all of what it changes is
/// written, or nothing. Mails that came together share the commit, for which the disk is waited.
package final class LedgerIntake: MailIntake {
    private let world: World
    private let reader: MailReader
    private let pipeline: PaymentPipeline
    private let keys: KeyRing
    private let afterCare: AfterCareDesk
    private let mailHeld: @Sendable () -> Void

    /// - Parameter mailHeld: called after a mail was put aside until its key can be had.
    init(
        world: World, reader: MailReader, pipeline: PaymentPipeline, keys: KeyRing,
        afterCare: AfterCareDesk, mailHeld: @escaping @Sendable () -> Void
    ) {
        self.world = world
        self.reader = reader
        self.pipeline = pipeline
        self.keys = keys
        self.afterCare = afterCare
        self.mailHeld = mailHeld
    }

    package func position(
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

    package func recorded(
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

    package func recognize(
        _ names: [UInt32: String], in folder: FolderEpoch
    ) throws -> Set<UInt32> {
        let now = world.now()
        return try telling {
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
                    if try books.isSettled(place) { continue }
                    var reading = mail.reading
                    reading.becomeCopy(of: mail.id)
                    try books.record(
                        reading, at: place, sha256: mail.sha256, raw: nil,
                        sizeBytes: mail.sizeBytes, receivedAt: mail.receivedAt, now: now)
                }
                return known
            }
        }
    }

    package func receive(_ mails: [FetchedMail]) throws {
        let now = world.now()
        let findings = try telling { try read(mails, now: now) }
        var told: [(reports: [MailReport], refusal: LedgerError?)] = []
        try telling {
            told = try world.ledger.write { books in
                try zip(mails, findings).map { mail, findings in
                    try pipeline.settleOrSetAside(
                        findings, at: mail.place, raw: mail.raw, now: now,
                        commit: { body in
                            try books.step {
                                let reports = try body(books)
                                try afterCare.note(findings, at: mail.place, now: now, in: books)
                                return reports
                            }
                        })
                }
            }
        }
        for (index, (reports, refusal)) in told.enumerated() {
            let source = mails[index].place.source
            if let refusal { world.report(.trouble("\(source): \(refusal)")) }
            if findings[index].isHeld {
                world.report(.held(source: source, explanation: "its key cannot be had yet"))
                mailHeld()
            }
            world.tell(reports)
        }
        for account in Set(mails.map(\.account)) { afterCare.ring(for: account) }
    }

    /// What the mails say. Each is read by itself, so several are at once.
    private func read(_ mails: [FetchedMail], now: Date) throws -> [MailFindings] {
        let results = Mutex([Int: Result<MailFindings, any Error>]())
        DispatchQueue.concurrentPerform(iterations: mails.count) { index in
            let result = Result { try read(mails[index], now: now) }
            results.withLock { $0[index] = result }
        }
        return try results.withLock { results in
            try mails.indices.compactMap { try results[$0]?.get() }
        }
    }

    private func read(_ mail: FetchedMail, now: Date) throws -> MailFindings {
        let arrivedAt = mail.internalDate ?? now
        let answers = try keys.answers(
            to: reader.keyNames(mail.raw), arrivedAt: arrivedAt, ledger: world.ledger, now: now)
        return reader.read(
            mail.raw, receivedAt: arrivedAt, isTruncated: mail.isTruncated,
            keys: { answers[$0] ?? .absent })
    }

    package func vanished(in folder: FolderEpoch, uid: UInt32) throws {
        // Nothing of it was ever seen: there is no fact to keep but that it was listed.
        try telling {
            try world.ledger.write { books in
                try books.audit(
                    "mail.vanished",
                    ["account": folder.account, "folder": folder.folder, "uid": String(uid)],
                    at: world.now())
            }
        }
    }

    package func advance(_ folder: FolderEpoch, to progress: FolderProgress) throws {
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

extension MailPlace {
    /// Where a person finds the mail: `bank/INBOX;UID=79` (RFC 5092 writes it so).
    package var source: String { "\(account)/\(folder);UID=\(uid)" }
}

extension FetchedMail {
    fileprivate var place: MailPlace {
        MailPlace(
            account: account, folder: folder, uidvalidity: uidValidity, epoch: epoch, uid: uid,
            lastingName: lastingName)
    }
}
