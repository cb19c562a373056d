// SPDX-License-Identifier: Apache-2.0

import Foundation
import Mailbox

/// What an intake keeps of each folder, in memory.
struct MemoryLedger {
    private struct Folder: Hashable { var account, name: String }

    private struct Entry {
        var epoch: FolderEpoch
        var progress: FolderProgress
        /// Seconds at which each scan was told.
        var scans: [FolderScan: Double] = [:]
        var seen: Date?
    }

    private var entries: [Folder: Entry] = [:]
    private var uids: [FolderEpoch: Set<UInt32>] = [:]
    private var names: Set<String> = []
    /// The scans told, in their order.
    private(set) var scans: [FolderScan] = []

    /// Of the only folder.
    var floor: UInt32? { entries.values.first?.progress.floor }
    var base: UInt32? { entries.values.first?.progress.base }
    var epoch: UInt32? { entries.values.first?.epoch.epoch }

    mutating func position(
        account: String, folder: String, uidValidity: UInt32, uidNext: UInt32?, at now: Date
    ) -> FolderPosition {
        let key = Folder(account: account, name: folder)
        let old = entries[key]
        if let old {
            let uids = uids[old.epoch] ?? []
            let next = max(old.progress.uidNext ?? 0, uids.max().map { $0 + 1 } ?? 0)
            if old.epoch.goesOn(uidValidity: uidValidity, uidNext: uidNext, knownNext: next) {
                var position = FolderPosition(
                    uidValidity: uidValidity, epoch: old.epoch.epoch, floor: old.progress.floor,
                    settledAbove: uids.filter { $0 > old.progress.floor },
                    base: old.progress.base, at: now)
                position.seenAt = old.seen
                return position
            }
        }
        let epoch = old.map { $0.epoch.epoch + 1 } ?? 0
        let base: UInt32? = old == nil ? 0 : nil
        entries[key] = Entry(
            epoch: FolderEpoch(
                account: account, folder: folder, uidValidity: uidValidity, epoch: epoch),
            progress: FolderProgress(floor: 0, base: base, uidNext: uidNext), seen: now)
        var position = FolderPosition(
            uidValidity: uidValidity, epoch: epoch, base: base, at: now)
        position.isNewEpoch = old != nil
        return position
    }

    func recorded(in epoch: FolderEpoch, _ range: ClosedRange<UInt32>) -> Set<UInt32> {
        (uids[epoch] ?? []).filter(range.contains)
    }

    mutating func recognize(_ names: [UInt32: String], in epoch: FolderEpoch) -> Set<UInt32> {
        let known = names.filter { self.names.contains("\(epoch.account) \($0.value)") }.keys
        uids[epoch, default: []].formUnion(known)
        return Set(known)
    }

    /// What is to be asked for again, whatever its place in the folder.
    var missing: Set<UInt32> = []

    func overdue(in epoch: FolderEpoch) -> [UInt32] {
        missing.intersection(uids[epoch] ?? []).sorted()
    }

    mutating func settle(_ mail: FetchedMail) {
        settle(mail.uid, in: mail.place)
        if let name = mail.lastingName { names.insert("\(mail.account) \(name)") }
    }

    mutating func settle(_ uid: UInt32, in epoch: FolderEpoch) {
        uids[epoch, default: []].insert(uid)
        missing.remove(uid)
    }

    mutating func advance(_ epoch: FolderEpoch, to progress: FolderProgress, at seconds: Double) {
        let key = Folder(account: epoch.account, name: epoch.folder)
        guard var entry = entries[key], entry.epoch == epoch else { return }
        entry.progress.floor = max(entry.progress.floor, progress.floor)
        entry.progress.base = entry.progress.base ?? progress.base
        entry.progress.uidNext = [entry.progress.uidNext, progress.uidNext].compactMap(\.self).max()
        if let scan = progress.scan {
            entry.scans[scan] = seconds
            scans.append(scan)
        }
        entries[key] = entry
    }

    /// The folders were out of sight since then.
    mutating func forgetLooks(since date: Date) {
        for key in entries.keys { entries[key]?.seen = date }
    }
}

extension FetchedMail {
    var place: FolderEpoch {
        FolderEpoch(account: account, folder: folder, uidValidity: uidValidity, epoch: epoch)
    }
}
