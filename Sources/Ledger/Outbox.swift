// SPDX-License-Identifier: Apache-2.0

package import Domain
package import FoundationEssentials
internal import GRDB

/// A row of the outbox.
package struct EffectRecord: Hashable, Sendable {
    package let effect: Effect
    package let state: EffectState
    /// Its reason was taken back.
    package let isRevoked: Bool
    /// The decision that holds it back; undone, it is meant again.
    package let withheldBy: DecisionID?
    /// How often it was handed to the connector.
    package let attempts: Int
    package let notBefore: Date?
    /// Our reference of the last attempt, or the provider's job id once it is known.
    package let handle: String?
    package let startedAt: Date?
    /// How often its outcome was looked up in vain since it became unknown.
    package let reconcileCount: Int
    /// A bounded label such as `http_503`, never a reply.
    package let lastError: String?
    package let createdAt: Date
    package let updatedAt: Date

    package var key: String { effect.key }
}

/// How an attempt, or a look-up of its outcome, ended.
package enum EffectResult: Hashable, Sendable {
    case done
    /// It did not take place; to be tried again then.
    case waiting(until: Date)
    /// Nobody knows; to be looked up then.
    case unknown(until: Date)
    case refused
    case dead

    package var state: EffectState {
        switch self {
        case .done: .done
        case .waiting: .waiting
        case .unknown: .unknown
        case .refused: .refused
        case .dead: .dead
        }
    }

    var notBefore: Date? {
        switch self {
        case .waiting(let until), .unknown(let until): until
        case .done, .refused, .dead: nil
        }
    }
}

// MARK: - Writing

extension LedgerTransaction {
    /// Writes an effect in state `ready`. The same effect again changes nothing.
    ///
    /// The effect it comes after has to be written before it. After the commit the hook
    /// `effectsEnqueued` runs.
    ///
    /// - Parameter failed: the effect that it takes the place of; it belongs to the same decision.
    /// - Returns: false when it was there already.
    /// - Throws: `constraint` when the registration or the effect before it is missing.
    @discardableResult
    package func enqueue(
        _ effect: Effect, inPlaceOf failed: String? = nil, at now: Date
    ) throws(LedgerError) -> Bool {
        try attempt("outbox.enqueue", effect.key) {
            let effect = try inItsRound(effect)
            try run(
                """
                INSERT INTO effect (key, kind, registration, after_key, round, decision, state,
                    created_at, updated_at)
                VALUES (?, ?, ?, ?, ?,
                    coalesce(?, (SELECT decision FROM effect WHERE key = ?)), 'ready', ?, ?)
                ON CONFLICT (key) DO NOTHING
                """,
                [
                    effect.key, effect.kind.rawValue, effect.registration.text,
                    try effect.after.map { try latest($0, of: effect.registration).key },
                    effect.round, notes.decision, failed, now.milliseconds, now.milliseconds,
                ])
            guard db.changesCount > 0 else { return false }
            notes.hasEnqueued = true
            return true
        }
    }

    /// Writes an effect as a new round even if one of its kind is done: done again on purpose.
    ///
    /// - Parameter earlier: the effect that it does again; it belongs to the same decision.
    /// - Returns: the effect as it was written.
    @discardableResult
    package func enqueueAnew(
        _ effect: Effect, inPlaceOf earlier: String? = nil, at now: Date
    ) throws(LedgerError) -> Effect {
        try attempt("outbox.enqueueAnew", effect.key) {
            let round = try number(
                "SELECT max(round) FROM effect WHERE registration = ? AND kind = ?",
                [effect.registration.text, effect.kind.rawValue])
            let next = Effect(
                effect.kind, registration: effect.registration, after: effect.after,
                round: Int(round ?? 0) + 1)
            try enqueue(next, inPlaceOf: earlier, at: now)
            return next
        }
    }

    /// The effect as the next of its kind when the last one was taken back.
    private func inItsRound(_ effect: Effect) throws -> Effect {
        let last = try row(
            """
            SELECT round, revoked_at FROM effect WHERE registration = ? AND kind = ?
            ORDER BY round DESC LIMIT 1
            """, [effect.registration.text, effect.kind.rawValue])
        guard let last, last["revoked_at"] as Int64? != nil else { return effect }
        let round = max(effect.round, (last["round"] as Int) + 1)
        return Effect(
            effect.kind, registration: effect.registration, after: effect.after, round: round)
    }

    /// The last effect of a kind for a registration, or the first one that there may be.
    private func latest(_ kind: Effect.Kind, of registration: RegistrationID) throws -> Effect {
        let round = try number(
            "SELECT max(round) FROM effect WHERE registration = ? AND kind = ?",
            [registration.text, kind.rawValue])
        return Effect(kind, registration: registration, round: Int(round ?? 1))
    }

    /// A person gives an effect up that is not done: it is not tried or looked up any more.
    ///
    /// - Throws: `wrongState` when it is done, running, refused or given up already.
    package func giveUp(_ key: String, at now: Date) throws(LedgerError) {
        try attempt("outbox.giveUp", key) {
            try run(
                """
                UPDATE effect SET state = 'dead', not_before = NULL, updated_at = ?
                WHERE key = ? AND state IN ('ready', 'waiting', 'unknown')
                """, [now.milliseconds, key])
            try expectStep("outbox.giveUp", key)
        }
    }

    /// The effects that a decision wrote, in their order.
    package func effects(of decision: DecisionID) throws(LedgerError) -> [EffectRecord] {
        try effects("WHERE decision = ? ORDER BY id", [decision.number])
    }

    /// A person lets an effect that was refused, given up or is unknown be tried once more.
    package func rearm(_ key: String, at now: Date) throws(LedgerError) {
        try attempt("outbox.rearm", key) {
            try run(
                """
                UPDATE effect SET state = 'ready', not_before = NULL, updated_at = ?
                WHERE key = ? AND state IN ('refused', 'dead', 'unknown')
                """, [now.milliseconds, key])
            try expectStep("outbox.rearm", key)
            notes.hasEnqueued = true
        }
    }

    /// Tells an effect that is not there from one that is in another state.
    func expectStep(_ operation: String, _ key: String) throws {
        guard db.changesCount == 0 else { return }
        let row = try row("SELECT state FROM effect WHERE key = ?", [key])
        throw LedgerError(
            operation: operation, subject: key,
            cause: row.map { .wrongState($0["state"]) } ?? .notFound)
    }
}

// MARK: - Reading

extension LedgerTransaction {
    /// Effects of one kind that may start at `now`, or whose unknown outcome may be looked up,
    /// oldest first. One whose predecessor is not settled is left out: not done, or for taking back
    /// an approval, still under way.
    package func runnableEffects(
        _ kind: Effect.Kind, at now: Date, limit: Int
    ) throws(LedgerError) -> [EffectRecord] {
        try effects(
            """
            WHERE kind = ? AND state IN ('ready', 'waiting', 'unknown')
                AND (state = 'ready' OR not_before <= ?) AND \(Self.mayStart)
            ORDER BY id LIMIT ?
            """, [kind.rawValue, now.milliseconds, limit])
    }

    /// The earliest time at which a waiting or unknown effect of this kind may be taken up again;
    /// nil when none waits for a time.
    package func nextEffectAt(_ kind: Effect.Kind) throws(LedgerError) -> Date? {
        try attempt("outbox.nextEffectAt", kind.rawValue) {
            try number(
                """
                SELECT min(not_before) FROM effect
                WHERE kind = ? AND state IN ('waiting', 'unknown') AND \(Self.mayStart)
                """, [kind.rawValue]
            ).map { Date(milliseconds: $0) }
        }
    }

    /// The effect with this key (`Effect.key`), or nil.
    package func effect(_ key: String) throws(LedgerError) -> EffectRecord? {
        try effects("WHERE key = ?", [key]).first
    }

    /// All effects of a registration, the oldest first.
    package func effects(of registration: RegistrationID) throws(LedgerError) -> [EffectRecord] {
        try effects("WHERE registration = ? ORDER BY id", [registration.text])
    }

    /// At most `limit` effects in these states (all when empty) after the one with the key
    /// `after`, in the order in which they were written.
    package func effects(
        in states: Set<EffectState> = [], after: String? = nil, limit: Int
    ) throws(LedgerError) -> [EffectRecord] {
        let wanted = states.isEmpty ? Set(EffectState.allCases) : states
        let marks = Array(repeating: "?", count: wanted.count).joined(separator: ", ")
        return try effects(
            """
            WHERE state IN (\(marks)) AND id > coalesce((SELECT id FROM effect WHERE key = ?), 0)
            ORDER BY id LIMIT ?
            """, wanted.map(\.rawValue) + [after, limit])
    }

    private static let mayStart = """
        (after_key IS NULL OR EXISTS (
            SELECT 1 FROM effect AS before
            WHERE before.key = effect.after_key AND (before.state = 'done'
                OR effect.kind = 'luma.unapprove' AND before.state IN ('refused', 'dead'))))
        """

    private func effects(
        _ clause: String, _ arguments: [(any Bindable)?]
    ) throws(LedgerError) -> [EffectRecord] {
        try attempt("outbox.read", "effect") {
            try rows("SELECT * FROM effect \(clause)", arguments).map(effect(from:))
        }
    }

    private func effect(from row: Row) throws -> EffectRecord {
        let key: String = row["key"]
        guard let kind = Effect.Kind(rawValue: row["kind"]),
            let state = EffectState(rawValue: row["state"])
        else { throw LedgerError(operation: "outbox.read", subject: key, cause: .corrupt) }
        // The key of the effect before is its kind, a colon and the registration.
        let after = (row["after_key"] as String?).flatMap { text in
            text.firstIndex { $0 == ":" || $0 == "#" }
                .flatMap { Effect.Kind(rawValue: String(text[..<$0])) }
        }
        return EffectRecord(
            effect: Effect(
                kind, registration: RegistrationID(row["registration"]), after: after,
                round: row["round"]),
            state: state, isRevoked: (row["revoked_at"] as Int64?) != nil,
            withheldBy: (row["withheld_by"] as Int64?).map { DecisionID($0) },
            attempts: row["attempts"],
            notBefore: (row["not_before"] as Int64?).map { Date(milliseconds: $0) },
            handle: row["handle"],
            startedAt: (row["started_at"] as Int64?).map { Date(milliseconds: $0) },
            reconcileCount: row["reconcile_count"], lastError: row["last_error"],
            createdAt: Date(milliseconds: row["created_at"]),
            updatedAt: Date(milliseconds: row["updated_at"]))
    }
}
