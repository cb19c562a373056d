// SPDX-License-Identifier: Apache-2.0

internal import Domain
internal import FoundationEssentials
internal import Ledger
internal import Mail
package import Mailbox

/// Takes fetched mail into the ledger: one mail, one transaction.
package final class LedgerIntake: MailIntake {
    private let world: World
    private let reader: MailReader
    private let pipeline: PaymentPipeline
    private let keys: KeyRing
    private let mailHeld: @Sendable () -> Void

    /// - Parameter mailHeld: called after a mail was put aside until its key can be had.
    package init(
        world: World, reader: MailReader, pipeline: PaymentPipeline, keys: KeyRing,
        mailHeld: @escaping @Sendable () -> Void
    ) {
        self.world = world
        self.reader = reader
        self.pipeline = pipeline
        self.keys = keys
        self.mailHeld = mailHeld
    }

    package func position(
        account: String, folder: String, uidValidity: UInt32
    ) throws -> FolderPosition {
        try telling {
            try world.ledger.read { books in
                let cursor = try books.cursor(account: account, folder: folder)
                let floor = cursor?.uidvalidity == uidValidity ? cursor?.floor ?? 0 : 0
                return FolderPosition(
                    uidValidity: uidValidity, floor: floor,
                    settledAbove: try books.settledUIDs(
                        account: account, folder: folder, uidvalidity: uidValidity, above: floor))
            }
        }
    }

    package func receive(_ mail: FetchedMail) throws {
        let place = MailPlace(
            account: mail.account, folder: mail.folder, uidvalidity: mail.uidValidity,
            uid: mail.uid)
        let now = world.now()
        let answers = try telling {
            try keys.answers(to: reader.keyNames(mail.raw), ledger: world.ledger, now: now)
        }
        let findings = reader.read(
            mail.raw, receivedAt: mail.internalDate ?? now, isTruncated: mail.isTruncated,
            keys: { answers[$0] ?? .absent })
        let reports = try settle(findings, at: place, raw: mail.raw, now: now)
        if findings.disposition == .hold {
            world.report(.held(source: place.source, explanation: "its key cannot be had yet"))
            mailHeld()
        }
        for report in reports { world.report(.mail(report)) }
    }

    private func settle(
        _ findings: MailFindings, at place: MailPlace, raw: [UInt8], now: Date
    ) throws -> [MailReport] {
        let (reports, refusal) = try telling {
            try pipeline.settleOrSetAside(
                findings, at: place, raw: raw, now: now, commit: { try world.ledger.write($0) })
        }
        if let refusal { world.report(.trouble("\(place.source): \(refusal)")) }
        return reports
    }

    package func vanished(
        account: String, folder: String, uidValidity: UInt32, uid: UInt32
    ) throws {
        // Nothing of it was ever seen: there is no fact to keep but that it was listed.
        try telling {
            try world.ledger.write { books in
                try books.audit(
                    "mail.vanished",
                    ["account": account, "folder": folder, "uid": String(uid)], at: world.now())
            }
        }
    }

    package func advance(
        account: String, folder: String, uidValidity: UInt32, floor: UInt32
    ) throws {
        try telling {
            try world.ledger.write { books in
                try books.advanceCursor(
                    account: account, folder: folder,
                    to: FolderCursor(uidvalidity: uidValidity, floor: floor, seenAt: world.now()))
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
