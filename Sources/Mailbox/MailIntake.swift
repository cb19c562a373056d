// SPDX-License-Identifier: Apache-2.0

package import FoundationEssentials

/// One mail as the server sent it.
package struct FetchedMail: Sendable, Equatable {
    package var account: String
    package var folder: String
    /// Together with `uid` the server's name for the mail (RFC 9051 §2.3.1.1).
    package var uidValidity: UInt32
    /// Counts the folder's numberings: some servers set UIDs back under one UIDVALIDITY.
    package var epoch: UInt32
    package var uid: UInt32
    /// When the server took the mail in. Absent or unreadable on some servers.
    package var internalDate: Date?
    /// The bytes, untouched. Of a mail over the limit only the header and the first 256 KiB.
    package var raw: [UInt8]
    /// True when `raw` is not the whole mail.
    package var isTruncated: Bool
    /// The size of the whole mail in bytes, as far as the server tells the truth.
    package var sizeBytes: Int
    /// What the server calls the mail in every folder and numbering, if it does: `gm:` and the
    /// X-GM-MSGID of Gmail, or `em:` and the EMAILID of RFC 8474. Only good within its account.
    package var lastingName: String?

    package init(
        account: String, folder: String, uidValidity: UInt32, epoch: UInt32 = 0, uid: UInt32,
        internalDate: Date?, raw: [UInt8], isTruncated: Bool, sizeBytes: Int,
        lastingName: String? = nil
    ) {
        self.account = account
        self.folder = folder
        self.uidValidity = uidValidity
        self.epoch = epoch
        self.uid = uid
        self.internalDate = internalDate
        self.raw = raw
        self.isTruncated = isTruncated
        self.sizeBytes = sizeBytes
        self.lastingName = lastingName
    }
}

/// A folder in one numbering of its mails.
package struct FolderEpoch: Sendable, Hashable {
    package var account: String
    package var folder: String
    package var uidValidity: UInt32
    /// Counts the folder's numberings.
    package var epoch: UInt32

    package init(account: String, folder: String, uidValidity: UInt32, epoch: UInt32 = 0) {
        self.account = account
        self.folder = folder
        self.uidValidity = uidValidity
        self.epoch = epoch
    }

    /// Whether a server that says `uidValidity` and `uidNext` still numbers as it did when the
    /// highest UID known was below `knownNext`. A UIDNEXT that fell means UIDs are given again; a
    /// server without UIDVALIDITY (0) promises no number beyond the session (RFC 9051 §2.3.1.1).
    package func goesOn(uidValidity: UInt32, uidNext: UInt32?, knownNext: UInt32) -> Bool {
        uidValidity == self.uidValidity && uidValidity != 0
            && uidNext.map { $0 >= knownNext } ?? true
    }
}

/// What is settled in a folder: every UID up to `floor`, and these above it.
package struct FolderPosition: Sendable, Equatable {
    package var uidValidity: UInt32
    package var epoch: UInt32
    package var floor: UInt32
    package var settledAbove: Set<UInt32>
    /// UIDs up to here are too old to count. Nil: not yet known, the session has to find out where
    /// the mails of the last 30 days begin.
    package var base: UInt32?
    /// True when the folder was known under another numbering, and this call began the new one.
    package var isNewEpoch = false
    /// The time of the answer; the session itself knows no dates.
    package var at: Date
    /// When the folder was last looked at, the last days compared, and everything compared.
    package var seenAt: Date?
    package var recentScanAt: Date?
    package var fullScanAt: Date?

    /// A folder that is all new.
    package init(
        uidValidity: UInt32, epoch: UInt32 = 0, floor: UInt32 = 0,
        settledAbove: Set<UInt32> = [], base: UInt32? = 0, at: Date
    ) {
        self.uidValidity = uidValidity
        self.epoch = epoch
        self.floor = floor
        self.settledAbove = settledAbove
        self.base = base
        self.at = at
    }

    /// True when the mail needs nothing more.
    package func isSettled(_ uid: UInt32) -> Bool { uid <= floor || settledAbove.contains(uid) }
}

/// A comparison of what the server lists with what is recorded, to find mails that a server showed
/// late or under a number below the floor.
package enum FolderScan: String, Sendable, CaseIterable {
    /// The 500 UIDs below the floor.
    case overlap
    /// The mails of the last three days.
    case recent
    /// Everything.
    case full
}

/// How far a folder is read.
package struct FolderProgress: Sendable, Equatable {
    /// Every UID up to here is settled and old enough. It only rises in an epoch; the same floor
    /// again says that the folder was looked at now.
    package var floor: UInt32
    /// Where the look-back of a new epoch begins, once it is known.
    package var base: UInt32?
    /// The UID after the highest one known.
    package var uidNext: UInt32?
    /// A comparison that was finished since the last time.
    package var scan: FolderScan?

    package init(
        floor: UInt32, base: UInt32? = nil, uidNext: UInt32? = nil, scan: FolderScan? = nil
    ) {
        self.floor = floor
        self.base = base
        self.uidNext = uidNext
        self.scan = scan
    }
}

/// Where fetched mail goes; the ledger stands behind it.
///
/// The network loop calls it on its thread and waits. When a call throws, the session ends and is
/// begun again later: nothing is skipped, the mail comes again.
package protocol MailIntake: Sendable {
    /// What is settled in the folder. Another UIDVALIDITY than last time, or a UIDNEXT below what
    /// was known (nil when the server tells none), is a new epoch: nothing of it is settled, and
    /// its `base` is nil. A UIDVALIDITY of 0 (the server has none) always is one.
    func position(
        account: String, folder: String, uidValidity: UInt32, uidNext: UInt32?
    ) throws -> FolderPosition

    /// The UIDs in the range that were ever taken in.
    func recorded(in folder: FolderEpoch, _ range: ClosedRange<UInt32>) throws -> Set<UInt32>

    /// Which of these mails, by the names that last, were taken in from another folder or under
    /// another numbering. They are recorded as copies and need not be fetched.
    func recognize(_ names: [UInt32: String], in folder: FolderEpoch) throws -> Set<UInt32>

    /// The mails that came without content (an empty `raw`) and are to be asked for again by now,
    /// wherever in the folder they are. Each is until it comes, with or without its content, or
    /// vanishes.
    func overdue(in folder: FolderEpoch) throws -> [UInt32]

    /// Takes mails in that came together, in their order; returns after the commit. All of them
    /// come again when it throws, and any may come twice.
    func receive(_ mails: [FetchedMail]) throws

    /// The server listed this mail, and now has it no more.
    func vanished(in folder: FolderEpoch, uid: UInt32) throws

    /// All that the server lists is taken in.
    func advance(_ folder: FolderEpoch, to progress: FolderProgress) throws
}
