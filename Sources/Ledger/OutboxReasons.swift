// SPDX-License-Identifier: Apache-2.0

package import Domain
package import FoundationEssentials
internal import GRDB

/// When the reason of an effect is gone, or is there again.
extension LedgerTransaction {
    /// Marks an effect as taken back: what stands for it outside, if anything does, is no longer
    /// meant. An effect that nobody has begun is deleted with those that wait for it; one that
    /// certainly did not take place is refused.
    package func revoke(_ key: String, at now: Date) throws(LedgerError) {
        try attempt("outbox.revoke", key) {
            if try withdraw(key) { return }
            try run(
                """
                UPDATE effect SET revoked_at = ?1, updated_at = ?1,
                    last_error = iif(state IN ('ready', 'waiting'), 'undone', last_error),
                    not_before = iif(state IN ('ready', 'waiting'), NULL, not_before),
                    state = iif(state IN ('ready', 'waiting'), 'refused', state)
                WHERE key = ?2
                """, [now.milliseconds, key])
        }
    }

    /// What was taken back is meant again: nothing was done outside meanwhile.
    package func reinstate(_ key: String, at now: Date) throws(LedgerError) {
        try attempt("outbox.reinstate", key) {
            try run(
                "UPDATE effect SET revoked_at = NULL, updated_at = ? WHERE key = ?",
                [now.milliseconds, key])
        }
    }

    /// Holds back what is not begun of these kinds because what it was promised for is gone; what
    /// is under way goes on, and is held back should it come to be tried again. Written again
    /// later, an effect is a new round; when this decision is undone the old one is meant again.
    package func withhold(
        _ kinds: [Effect.Kind], of registration: RegistrationID, label: String, at now: Date
    ) throws(LedgerError) {
        try attempt("outbox.withhold", registration.text) {
            let marks = Array(repeating: "?", count: kinds.count).joined(separator: ", ")
            let open = try rows(
                """
                SELECT key FROM effect WHERE registration = ? AND kind IN (\(marks))
                    AND state IN ('ready', 'waiting', 'running', 'unknown') AND revoked_at IS NULL
                """, [registration.text] + kinds.map(\.rawValue)
            ).map { $0["key"] as String }
            for key in open {
                try run(
                    "UPDATE effect SET withheld_by = ? WHERE key = ?", [notes.decision, key])
                try holdBack(key, label: label, at: now)
            }
        }
    }

    /// The same for one effect that does not make sense any more, as its lane finds.
    package func withhold(_ key: String, label: String, at now: Date) throws(LedgerError) {
        try attempt("outbox.withhold", key) { try holdBack(key, label: label, at: now) }
    }

    private func holdBack(_ key: String, label: String, at now: Date) throws {
        // A time to wait for stays written, for when it is meant again.
        try run(
            """
            UPDATE effect SET state = 'refused', revoked_at = ?1, updated_at = ?1,
                last_error = substr(?2, 1, 64)
            WHERE key = ?3 AND state IN ('ready', 'waiting')
            """, [now.milliseconds, label, key])
    }

    /// What a decision withheld is meant again, now that it is undone. A message that was sent in
    /// a later round is not sent once more.
    func release(withheldBy decision: DecisionID, at now: Date) throws {
        try run(
            """
            UPDATE effect SET state = iif(not_before IS NULL, 'ready', 'waiting'),
                revoked_at = NULL, last_error = NULL, updated_at = ?
            WHERE withheld_by = ? AND state = 'refused' AND revoked_at IS NOT NULL
                AND (kind LIKE 'luma.%' OR NOT EXISTS (
                    SELECT 1 FROM effect AS later
                    WHERE later.registration = effect.registration AND later.kind = effect.kind
                        AND later.id > effect.id AND later.state IN ('running', 'unknown', 'done')))
            """, [now.milliseconds, decision.number])
        if db.changesCount > 0 { notes.hasEnqueued = true }
        try run(
            "UPDATE effect SET withheld_by = NULL WHERE withheld_by = ?", [decision.number])
    }

    /// Takes back an effect that nobody has begun, because its reason is gone, with those that
    /// wait for it.
    ///
    /// - Returns: false, and nothing is changed, when it was tried already or is not there.
    @discardableResult
    package func withdraw(_ key: String) throws(LedgerError) -> Bool {
        try attempt("outbox.withdraw", key) {
            guard
                try number(
                    "SELECT 1 FROM effect WHERE key = ? AND state = 'ready' AND attempts = 0",
                    [key]) != nil
            else { return false }
            // A follower of an effect that was never done was never begun either.
            try run(
                """
                WITH RECURSIVE chain (key, depth) AS (
                    VALUES (?1, 0)
                    UNION ALL SELECT effect.key, depth + 1 FROM effect
                        JOIN chain ON effect.after_key = chain.key)
                DELETE FROM effect WHERE key IN (SELECT key FROM chain)
                """, [key])
            return true
        }
    }

    /// Whether the platform lists the guest as approved on our word.
    package func isApproved(_ registration: RegistrationID) throws(LedgerError) -> Bool {
        try attempt("outbox.isApproved", registration.text) {
            try number(
                """
                SELECT 1 FROM effect WHERE registration = ? AND kind = ? AND state = 'done'
                    AND revoked_at IS NULL
                """, [registration.text, Effect.Kind.lumaApprove.rawValue]) != nil
        }
    }

    /// Whether a ticket was written for a registration, by any channel, and is still meant.
    package func isTicketed(_ registration: RegistrationID) throws(LedgerError) -> Bool {
        try attempt("outbox.isTicketed", registration.text) {
            try number(
                """
                SELECT 1 FROM effect WHERE registration = ? AND kind LIKE 'ticket.%'
                    AND revoked_at IS NULL
                """, [registration.text]) != nil
        }
    }
}
