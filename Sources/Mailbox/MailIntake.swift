// SPDX-License-Identifier: Apache-2.0

package import FoundationEssentials

/// One mail as the server sent it.
package struct FetchedMail: Sendable, Equatable {
    package var account: String
    package var folder: String
    /// Together with `uid` the server's name for the mail (RFC 9051 §2.3.1.1).
    package var uidValidity: UInt32
    package var uid: UInt32
    /// When the server took the mail in. Absent or unreadable on some servers.
    package var internalDate: Date?
    /// The bytes, untouched. Of a mail over the limit only the header and the first 256 KiB.
    package var raw: [UInt8]
    /// True when `raw` is not the whole mail.
    package var isTruncated: Bool
    /// The size of the whole mail in bytes, as far as the server tells the truth.
    package var sizeBytes: Int

    package init(
        account: String, folder: String, uidValidity: UInt32, uid: UInt32, internalDate: Date?,
        raw: [UInt8], isTruncated: Bool, sizeBytes: Int
    ) {
        self.account = account
        self.folder = folder
        self.uidValidity = uidValidity
        self.uid = uid
        self.internalDate = internalDate
        self.raw = raw
        self.isTruncated = isTruncated
        self.sizeBytes = sizeBytes
    }
}

/// What is settled in a folder: every UID up to `floor`, and these above it.
package struct FolderPosition: Sendable, Equatable {
    package var uidValidity: UInt32
    package var floor: UInt32
    package var settledAbove: Set<UInt32>

    package init(uidValidity: UInt32, floor: UInt32 = 0, settledAbove: Set<UInt32> = []) {
        self.uidValidity = uidValidity
        self.floor = floor
        self.settledAbove = settledAbove
    }

    /// True when the mail needs nothing more.
    package func isSettled(_ uid: UInt32) -> Bool { uid <= floor || settledAbove.contains(uid) }
}

/// Where fetched mail goes; the ledger stands behind it.
///
/// The watcher calls it on its own thread and waits. When a call throws, the session ends and is
/// begun again later: nothing is skipped, the mail comes again.
package protocol MailIntake: Sendable {
    /// What is settled in the folder. Another `uidValidity` than last time is a new epoch: the
    /// answer then has floor 0 and an empty set.
    func position(account: String, folder: String, uidValidity: UInt32) throws -> FolderPosition

    /// Takes one mail in; returns after the commit. The same mail may come twice.
    func receive(_ mail: FetchedMail) throws

    /// The server listed this mail, and now has it no more.
    func vanished(account: String, folder: String, uidValidity: UInt32, uid: UInt32) throws

    /// All that the server lists is taken in, and every UID up to `floor` is settled and old
    /// enough. The floor only rises in an epoch; the same floor again says that the folder was
    /// looked at now.
    func advance(account: String, folder: String, uidValidity: UInt32, floor: UInt32) throws
}
