// SPDX-License-Identifier: Apache-2.0

package import Domain
package import FoundationEssentials
internal import GRDB

/// The life of one attempt: handed over, and how it ended.
extension LedgerTransaction {
    /// Marks an effect as handed to its connector. Commit this before anything is sent: found in
    /// this state at the next start, the effect becomes `unknown`.
    ///
    /// - Parameter handle: our reference of this attempt, if the connector sends one along.
    /// - Returns: the number of this attempt, 1 for the first.
    /// - Throws: `wrongState` unless it is `ready` or `waiting`. An `unknown` effect is looked up
    ///   and finished first.
    package func markRunning(
        _ key: String, handle: String? = nil, at now: Date
    ) throws(LedgerError) -> Int {
        try attempt("outbox.markRunning", key) {
            try run(
                """
                UPDATE effect SET state = 'running', attempts = attempts + 1, handle = ?,
                    started_at = ?, not_before = NULL, reconcile_count = 0, updated_at = ?
                WHERE key = ? AND state IN ('ready', 'waiting')
                """, [handle, now.milliseconds, now.milliseconds, key])
            try expectStep("outbox.markRunning", key)
            return Int(try number("SELECT attempts FROM effect WHERE key = ?", [key]) ?? 0)
        }
    }

    /// Puts off an effect that cannot be tried yet, because a setting for it is missing.
    ///
    /// - Throws: `wrongState` unless it is `ready`, `waiting` or `unknown`.
    package func postpone(
        _ key: String, until: Date, label: String, at now: Date
    ) throws(LedgerError) {
        try attempt("outbox.postpone", key) {
            try run(
                """
                UPDATE effect SET state = iif(state = 'ready', 'waiting', state), not_before = ?,
                    last_error = substr(?, 1, 64), updated_at = ?
                WHERE key = ? AND state IN ('ready', 'waiting', 'unknown')
                """, [until.milliseconds, label, now.milliseconds, key])
            try expectStep("outbox.postpone", key)
        }
    }

    /// Ends an effect that must not be begun any more.
    ///
    /// - Throws: `wrongState` unless it is `ready` or `waiting`: nothing is running.
    package func refuse(
        _ key: String, label: String, at now: Date
    ) throws(LedgerError) {
        try attempt("outbox.refuse", key) {
            try run(
                """
                UPDATE effect SET state = 'refused', not_before = NULL,
                    last_error = substr(?, 1, 64), updated_at = ?
                WHERE key = ? AND state IN ('ready', 'waiting')
                """, [label, now.milliseconds, key])
            try expectStep("outbox.refuse", key)
        }
    }

    /// Keeps what the provider calls a running attempt, before its outcome is known.
    package func setHandle(
        _ handle: String, of key: String, at now: Date
    ) throws(LedgerError) {
        try attempt("outbox.setHandle", key) {
            try run(
                """
                UPDATE effect SET handle = ?, updated_at = ?
                WHERE key = ? AND state IN ('running', 'unknown')
                """, [handle, now.milliseconds, key])
            try expectStep("outbox.setHandle", key)
        }
    }

    /// Writes how an attempt or a look-up ended. A look-up that stays `unknown` is counted.
    ///
    /// - Parameters:
    ///   - label: a bounded name such as `http_503`; cut at 64 signs.
    ///   - handle: nil leaves what is there.
    /// - Throws: `wrongState` unless it is `running` or `unknown`.
    package func finish(
        _ key: String, _ result: EffectResult, label: String? = nil, handle: String? = nil,
        at now: Date
    ) throws(LedgerError) {
        try attempt("outbox.finish", key) {
            try run(
                """
                UPDATE effect SET
                    reconcile_count = reconcile_count + (state = 'unknown' AND ?1 = 'unknown'),
                    state = ?1, not_before = ?2, last_error = ?3, handle = coalesce(?4, handle),
                    updated_at = ?5
                WHERE key = ?6 AND state IN ('running', 'unknown')
                """,
                [
                    result.state.rawValue, result.notBefore?.milliseconds,
                    label.map { String($0.unicodeScalars.prefix(64).map(Character.init)) }, handle,
                    now.milliseconds, key,
                ])
            try expectStep("outbox.finish", key)
        }
    }

    /// For the start of the agent, or of a lane whose last outcome could not be written: what was
    /// running has an unknown outcome and is looked up at once.
    ///
    /// - Returns: how many there were.
    package func recoverRunning(
        _ kinds: [Effect.Kind] = Effect.Kind.allCases, at now: Date
    ) throws(LedgerError) -> Int {
        try attempt("outbox.recoverRunning", "effect") {
            let marks = Array(repeating: "?", count: kinds.count).joined(separator: ", ")
            try run(
                """
                UPDATE effect SET state = 'unknown', not_before = ?, updated_at = ?
                WHERE state = 'running' AND kind IN (\(marks))
                """, [now.milliseconds, now.milliseconds] + kinds.map(\.rawValue))
            return db.changesCount
        }
    }
}
