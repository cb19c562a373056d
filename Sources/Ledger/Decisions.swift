// SPDX-License-Identifier: Apache-2.0

package import Domain
package import FoundationEssentials
internal import GRDB

/// An answer of the agent or of a person, with all that it changed.
package struct DecisionRecord: Hashable, Sendable {
    package let id: DecisionID
    /// A name from the agent's short list, such as `approve`, `assign` or `undo`.
    package let kind: String
    /// `agent`, or who gave the answer.
    package let actor: String
    /// Nil when it was about a registration alone.
    package let payment: PaymentID?
    /// Where the payment stood before.
    package let paymentBefore: PaymentState?
    package let decidedAt: Date
    /// The decision that this one took back.
    package let undoes: DecisionID?
    /// The decision that took this one back.
    package let undoneBy: DecisionID?
}

/// What a decision made of one registration.
package struct StateChange: Hashable, Sendable {
    package let registration: RegistrationID
    package let before: RegistrationState
    package let after: RegistrationState
}

/// Why a decision cannot be taken back.
package enum UndoRefusal: Error, Hashable, Sendable {
    case unknown
    /// An undoing is not undone: answer the question anew.
    case isUndo
    case already(DecisionID, at: Date)
    /// A later decision about the same money or registration has to be undone first.
    case later(DecisionID)
    /// The registration went on by itself since.
    case movedOn(RegistrationID, RegistrationState)
}

// MARK: - Deciding

extension LedgerTransaction {
    /// Runs `body`; the bookings, states, effects and questions that it writes belong to one
    /// decision. Inside another decision they belong to that one.
    ///
    /// - Parameters:
    ///   - kind: a name from a short list.
    ///   - actor: `agent`, or who decides.
    @discardableResult
    package func decide(
        _ kind: String, by actor: String, payment: PaymentID? = nil,
        undoing undone: DecisionID? = nil, at now: Date, _ body: () throws -> Void
    ) throws -> DecisionID {
        if let outer = notes.decision {
            try body()
            return DecisionID(outer)
        }
        try attempt("decisions.open", kind) {
            try run(
                """
                INSERT INTO decision (kind, actor, payment, payment_before, decided_at, undoes)
                VALUES (?1, ?2, ?3, (SELECT state FROM payment WHERE id = ?3), ?4, ?5)
                """,
                [
                    kind, String(actor.prefix(100)), payment?.number, now.milliseconds,
                    undone?.number,
                ])
        }
        let id = DecisionID(db.lastInsertedRowID)
        notes.decision = id.number
        defer { notes.decision = nil }
        try body()
        return id
    }

    /// The kind of a decision with which time ends a registration.
    package static let expiry = "expire"

    /// Takes a decision back: every booking is booked back, every registration stands where it
    /// stood, questions that it closed are open again and those that it opened are closed. What it
    /// withheld is meant again, what was learned from it forgotten. Of an expiry that is undone
    /// the time to pay begins anew.
    ///
    /// Effects are the caller's: what was sent cannot be unsent here.
    ///
    /// - Returns: the undoing, and the registrations with the states they left and got back.
    /// - Throws: `UndoRefusal`; nothing is changed then.
    package func undo(
        _ id: DecisionID, by actor: String, at now: Date
    ) throws -> (DecisionID, [StateChange]) {
        guard let decision = try decision(id) else { throw UndoRefusal.unknown }
        if decision.undoes != nil { throw UndoRefusal.isUndo }
        if let by = decision.undoneBy {
            throw UndoRefusal.already(by, at: try self.decision(by)?.decidedAt ?? now)
        }
        if let later = try laterDecision(than: decision) { throw UndoRefusal.later(later) }
        var changes: [StateChange] = []
        let undo = try decide("undo", by: actor, payment: decision.payment, undoing: id, at: now) {
            try bookBack(id, at: now)
            // Time ended it: were its old time to count, it would end again at once.
            let since = decision.kind == Self.expiry ? now : nil
            changes = try restoreStates(id, since: since?.milliseconds)
            if let payment = decision.payment, let before = decision.paymentBefore {
                try setState(before, of: payment)
            }
            try restoreQuestions(id, at: now)
            try release(withheldBy: id, at: now)
            try forgetPayers(learnedFrom: id)
        }
        return (undo, changes)
    }

    private func bookBack(_ id: DecisionID, at now: Date) throws {
        let bookings = try rows(
            "SELECT * FROM booking WHERE decision = ? ORDER BY id DESC", [id.number]
        ).map(booking(from:))
        for step in bookings {
            try book(
                step.payment, from: step.credit, to: step.debit, step.amount, about: step.about,
                at: now)
        }
    }

    private func restoreStates(_ id: DecisionID, since: Int64?) throws -> [StateChange] {
        var changes: [StateChange] = []
        let kept = try rows(
            "SELECT * FROM state_change WHERE decision = ? ORDER BY id DESC", [id.number])
        for row in kept {
            let registration = RegistrationID(row["registration"])
            guard let now = try self.registration(registration),
                let before = RegistrationState(rawValue: row["state_before"]),
                let after = RegistrationState(rawValue: row["state_after"])
            else {
                throw LedgerError(
                    operation: "decisions.undo", subject: registration.text, cause: .corrupt)
            }
            // The platform's answer may have come since; nothing else moves by itself.
            guard now.state == after || (after == .paid && now.state == .confirmed) else {
                throw UndoRefusal.movedOn(registration, now.state)
            }
            try run(
                """
                UPDATE registration SET state = ?, state_since = ?, due_minor = ?, own_minor = ?
                WHERE id = ?
                """,
                [
                    before.rawValue, since ?? row["since_before"] as Int64,
                    row["due_before"] as Int64, row["own_before"] as Int64, registration.text,
                ])
            if let index = changes.firstIndex(where: { $0.registration == registration }) {
                changes[index] = StateChange(
                    registration: registration, before: changes[index].before, after: before)
            } else {
                changes.append(
                    StateChange(registration: registration, before: now.state, after: before))
            }
        }
        return changes
    }

    /// Of a payment or mail one question is open at a time: one that was asked since gives way to
    /// the one that is open again.
    private func restoreQuestions(_ id: DecisionID, at now: Date) throws {
        try run(
            """
            UPDATE review SET closed_at = ?1, decision = 'undone', closed_by = ?2
            WHERE closed_at IS NULL AND (opened_by = ?3 OR EXISTS (
                SELECT 1 FROM review AS old
                WHERE old.closed_by = ?3 AND old.opened_by IS NOT ?3
                    AND (old.payment = review.payment OR old.mail = review.mail)))
            """, [now.milliseconds, notes.decision, id.number])
        try run(
            """
            UPDATE review SET closed_at = NULL, decision = NULL, closed_by = NULL,
                reopened_by = ?2, revision = revision + 1
            WHERE closed_by = ?1 AND opened_by IS NOT ?1
            """, [id.number, notes.decision])
    }

    /// The first decision after this one that stands and is about the same payment or one of its
    /// registrations.
    private func laterDecision(than decision: DecisionRecord) throws -> DecisionID? {
        try number(
            """
            SELECT min(id) FROM (
                SELECT id FROM decision WHERE payment = ?2 AND payment IS NOT NULL
                UNION
                SELECT later.decision FROM state_change AS mine
                    JOIN state_change AS later ON later.registration = mine.registration
                    WHERE mine.decision = ?1
                UNION
                SELECT later.decision FROM booking AS mine
                    JOIN booking AS later ON later.about = mine.about
                    WHERE mine.decision = ?1 AND later.decision IS NOT NULL)
            WHERE id > ?1 AND NOT EXISTS (
                SELECT 1 FROM decision AS taken
                WHERE taken.undoes = id OR (taken.id = id AND taken.undoes IS NOT NULL))
            """, [decision.id.number, decision.payment?.number]
        ).map { DecisionID($0) }
    }
}

// MARK: - Reading

extension LedgerTransaction {
    /// A decision by its number, or nil.
    package func decision(_ id: DecisionID) throws(LedgerError) -> DecisionRecord? {
        try decisions("WHERE id = ?", [id.number]).first
    }

    /// The decisions about a payment, the newest first.
    package func decisions(about payment: PaymentID) throws(LedgerError) -> [DecisionRecord] {
        try decisions("WHERE payment = ? ORDER BY id DESC", [payment.number])
    }

    /// At most `limit` decisions before `before`, the newest first.
    package func decisions(
        before: DecisionID? = nil, limit: Int
    ) throws(LedgerError) -> [DecisionRecord] {
        try decisions(
            "WHERE id < ? ORDER BY id DESC LIMIT ?", [before?.number ?? Int64.max, limit])
    }

    private func decisions(
        _ clause: String, _ arguments: [(any Bindable)?]
    ) throws(LedgerError) -> [DecisionRecord] {
        try attempt("decisions.read", "decision") {
            try rows(
                """
                SELECT decision.*, (SELECT taken.id FROM decision AS taken
                    WHERE taken.undoes = decision.id) AS undone_by
                FROM decision \(clause)
                """, arguments
            ).map { row in
                DecisionRecord(
                    id: DecisionID(row["id"]), kind: row["kind"], actor: row["actor"],
                    payment: (row["payment"] as Int64?).map { PaymentID($0) },
                    paymentBefore: (row["payment_before"] as String?).flatMap(PaymentState.init),
                    decidedAt: Date(milliseconds: row["decided_at"]),
                    undoes: (row["undoes"] as Int64?).map { DecisionID($0) },
                    undoneBy: (row["undone_by"] as Int64?).map { DecisionID($0) })
            }
        }
    }
}
