// SPDX-License-Identifier: Apache-2.0

package import FoundationEssentials
internal import GRDB

/// How far a folder has been read: every UID up to `floor` is in the ledger.
package struct FolderCursor: Hashable, Sendable {
    package let uidvalidity: UInt32
    package let floor: UInt32
    /// When the folder was last looked at.
    package let seenAt: Date

    package init(uidvalidity: UInt32, floor: UInt32, seenAt: Date) {
        self.uidvalidity = uidvalidity
        self.floor = floor
        self.seenAt = seenAt
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
                    floor: UInt32(clamping: row["floor"] as Int64),
                    seenAt: Date(milliseconds: row["seen_at"]))
            }
        }
    }

    /// Moves the cursor. Within one UIDVALIDITY the floor only rises; a new UIDVALIDITY starts
    /// with the floor given.
    package func advanceCursor(
        account: String, folder: String, to cursor: FolderCursor
    ) throws(LedgerError) {
        try attempt("cursors.advance", folder) {
            try run(
                """
                INSERT INTO cursor (account, folder, uidvalidity, floor, seen_at)
                VALUES (?, ?, ?, ?, ?)
                ON CONFLICT (account, folder) DO UPDATE SET
                    floor = iif(uidvalidity = excluded.uidvalidity,
                        max(floor, excluded.floor), excluded.floor),
                    uidvalidity = excluded.uidvalidity, seen_at = excluded.seen_at
                """,
                [
                    account, folder, Int64(cursor.uidvalidity), Int64(cursor.floor),
                    cursor.seenAt.milliseconds,
                ])
        }
    }
}
