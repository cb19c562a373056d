// SPDX-License-Identifier: Apache-2.0

package import FoundationEssentials
internal import GRDB

/// How far a folder has been read: every UID up to `floor` is in the ledger, or too old to count.
package struct FolderCursor: Hashable, Sendable {
    package var uidvalidity: UInt32
    /// Counts the folder's numberings; a new one begins with another UIDVALIDITY, and also when
    /// the server sets its UIDs back.
    package var epoch: UInt32
    package var floor: UInt32
    /// UIDs up to here are older than the look-back with which the epoch began; nil: not yet known.
    package var base: UInt32?
    /// The UID after the highest one known, as far as the server tells.
    package var uidNext: UInt32?
    /// When the folder was last looked at.
    package var seenAt: Date
    /// When the last days, and everything, were last compared with the ledger.
    package var recentScanAt: Date?
    package var fullScanAt: Date?

    package init(
        uidvalidity: UInt32, epoch: UInt32 = 0, floor: UInt32, base: UInt32? = nil,
        uidNext: UInt32? = nil, seenAt: Date, recentScanAt: Date? = nil, fullScanAt: Date? = nil
    ) {
        self.uidvalidity = uidvalidity
        self.epoch = epoch
        self.floor = floor
        self.base = base
        self.uidNext = uidNext
        self.seenAt = seenAt
        self.recentScanAt = recentScanAt
        self.fullScanAt = fullScanAt
    }
}

extension LedgerTransaction {
    /// The cursor of a folder; nil before it was read for the first time.
    package func cursor(account: String, folder: String) throws(LedgerError) -> FolderCursor? {
        try attempt("cursors.read", folder) {
            try row(
                "SELECT * FROM cursor WHERE account = ? AND folder = ?", [account, folder]
            ).map { row in
                FolderCursor(
                    uidvalidity: UInt32(clamping: row["uidvalidity"] as Int64),
                    epoch: UInt32(clamping: row["epoch"] as Int64),
                    floor: UInt32(clamping: row["floor"] as Int64),
                    base: (row["base"] as Int64?).map { UInt32(clamping: $0) },
                    uidNext: (row["uid_next"] as Int64?).map { UInt32(clamping: $0) },
                    seenAt: Date(milliseconds: row["seen_at"]),
                    recentScanAt: (row["recent_scan_at"] as Int64?).map(Date.init(milliseconds:)),
                    fullScanAt: (row["full_scan_at"] as Int64?).map(Date.init(milliseconds:)))
            }
        }
    }

    /// Moves the cursor. Within one epoch the floor and `uidNext` only rise, and what is nil stays
    /// as it was; a new epoch starts with the values given.
    package func advanceCursor(
        account: String, folder: String, to cursor: FolderCursor
    ) throws(LedgerError) {
        try attempt("cursors.advance", folder) {
            var cursor = cursor
            if let old = try self.cursor(account: account, folder: folder),
                old.uidvalidity == cursor.uidvalidity, old.epoch == cursor.epoch
            {
                cursor.floor = max(old.floor, cursor.floor)
                cursor.base = old.base ?? cursor.base
                cursor.uidNext = [old.uidNext, cursor.uidNext].compactMap(\.self).max()
                cursor.recentScanAt = cursor.recentScanAt ?? old.recentScanAt
                cursor.fullScanAt = cursor.fullScanAt ?? old.fullScanAt
            }
            try run(
                """
                INSERT OR REPLACE INTO cursor (account, folder, uidvalidity, epoch, floor, base,
                    uid_next, seen_at, recent_scan_at, full_scan_at)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                """,
                [
                    account, folder, Int64(cursor.uidvalidity), Int64(cursor.epoch),
                    Int64(cursor.floor), cursor.base.map { Int64($0) },
                    cursor.uidNext.map { Int64($0) }, cursor.seenAt.milliseconds,
                    cursor.recentScanAt?.milliseconds, cursor.fullScanAt?.milliseconds,
                ])
        }
    }
}

// MARK: - How folders are being watched

/// How a folder is being watched, as the running agent last said.
package struct WatchStateRow: Hashable, Sendable {
    /// One word: `idling`, `waiting`, `refused`.
    package let state: String
    package let since: Date
    /// What went wrong, in one word.
    package let detail: String?

    package init(state: String, since: Date, detail: String?) {
        self.state = state
        self.since = since
        self.detail = detail
    }
}

extension LedgerTransaction {
    /// Writes how a folder is being watched; `state` and `detail` have at most 32 letters.
    package func setWatchState(
        _ row: WatchStateRow, account: String, folder: String
    ) throws(LedgerError) {
        try attempt("watchStates.set", folder) {
            try run(
                """
                INSERT OR REPLACE INTO watch_state (account, folder, state, since, detail)
                VALUES (?, ?, ?, ?, ?)
                """, [account, folder, row.state, row.since.milliseconds, row.detail])
        }
    }

    /// How a folder is being watched; nil before an agent watched it.
    package func watchState(
        account: String, folder: String
    ) throws(LedgerError) -> WatchStateRow? {
        try attempt("watchStates.read", folder) {
            try row(
                "SELECT * FROM watch_state WHERE account = ? AND folder = ?", [account, folder]
            ).map {
                WatchStateRow(
                    state: $0["state"], since: Date(milliseconds: $0["since"]),
                    detail: $0["detail"])
            }
        }
    }
}
