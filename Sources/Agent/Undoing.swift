// SPDX-License-Identifier: Apache-2.0

internal import Domain
package import FoundationEssentials
package import Ledger

/// What an undoing did, and what it could not do.
package struct UndoReport: Sendable {
    /// What became of one effect of the decision.
    package enum Fate: String, Hashable, Sendable, Codable, CaseIterable {
        /// It had not begun and never will.
        case withdrawn
        /// It took place, or may have, and the opposite is on its way.
        case takenBack = "taken_back"
        /// It took place and cannot be taken back.
        case stays
        /// It was sent and nobody knows whether it arrived.
        case perhapsSent = "perhaps_sent"
    }

    package let decision: DecisionID
    package let undone: DecisionID
    package let payment: PaymentID?
    package let changes: [StateChange]
    package let effects: [(key: String, fate: Fate)]
    /// The question that is open again, or newly, because of it.
    package let review: ReviewID?
}

extension ReviewDesk {
    /// Takes a decision back as a whole, also one of the agent. The money lies before a person
    /// again; what was sent is said.
    ///
    /// - Throws: `ReviewRefusal.undo`.
    package func undo(
        _ decision: DecisionID, by actor: String, now: Date, in books: LedgerTransaction
    ) throws -> UndoReport {
        // What was taken back before, by a decision that is undone too, needs nothing more.
        let effects = try books.effects(of: decision).filter {
            !$0.isRevoked || $0.effect.kind == .lumaUnapprove
        }
        let id: DecisionID
        let changes: [StateChange]
        do {
            (id, changes) = try books.undo(decision, by: actor, at: now)
        } catch let refusal as UndoRefusal {
            throw ReviewRefusal.undo(refusal)
        }
        // The last one first: a ticket waits for its approval.
        let fates = try effects.reversed().map { effect in
            (effect.key, try takeBack(effect, now: now, in: books))
        }
        try confirmApproved(changes, in: books)
        let record = try books.decision(decision)
        let review = try record?.payment.flatMap { payment in
            try askAgain(about: payment, changes, now: now, in: books)
        }
        try books.audit(
            "decision.undo", ["decision": decision.description, "by": actor], at: now)
        return UndoReport(
            decision: id, undone: decision, payment: record?.payment, changes: changes,
            effects: fates.reversed(), review: review)
    }

    /// A notice that was taken for another one of a known transfer, by the agent, a statement or a
    /// person, tells of a transfer of its own: it lies before a person. Nothing is booked yet;
    /// `ignore` says that it was the same after all.
    ///
    /// - Parameters:
    ///   - id: the notice, or the payment that it was taken for if it is the only one.
    ///   - pipeline: proposes whose its money may be.
    /// - Throws: `ReviewRefusal.unknown`, `.notJoined`, `.severalNotices`.
    package func separate(
        _ id: PaymentID, proposals pipeline: PaymentPipeline, by actor: String, now: Date,
        in books: LedgerTransaction
    ) throws -> (payment: PaymentID, review: ReviewID) {
        guard let named = try books.payment(id) else { throw ReviewRefusal.unknown }
        let notices = try named.sameAs == nil ? books.notices(sameAs: id) : [named]
        guard notices.count < 2 else { throw ReviewRefusal.severalNotices(notices.map(\.id)) }
        guard let notice = notices.first, let original = notice.sameAs else {
            throw ReviewRefusal.notJoined(id)
        }
        let id = notice.id
        try books.separate(id)
        try books.audit(
            "payment.separated",
            ["payment": id.description, "from": original.description, "by": actor], at: now)
        let review = try books.openReview(
            of: .payment(id), kind: "separated", reasons: [.perhapsSameTransfer],
            candidates: try pipeline.proposals(for: notice, in: books), at: now)
        return (id, review)
    }

    /// The last decision that a question led to, or that stands about its payment.
    package func decision(
        ofReview id: ReviewID, in books: LedgerTransaction
    ) throws -> DecisionID {
        guard let review = try books.review(id) else { throw ReviewRefusal.unknown }
        if let closedBy = review.closedBy { return closedBy }
        if let undone = review.reopenedBy { throw try refusal(undoneBy: undone, in: books) }
        switch review.subject {
        case .payment(let payment): return try lastDecision(about: payment, in: books)
        case .mail(let mail):
            // The answer wrote the payment down.
            guard let payment = try books.payments(of: mail).last else {
                throw ReviewRefusal.undo(.unknown)
            }
            return try lastDecision(about: payment.id, in: books)
        }
    }

    /// The last decision about a payment that stands.
    package func lastDecision(
        about payment: PaymentID, in books: LedgerTransaction
    ) throws -> DecisionID {
        let decisions = try books.decisions(about: payment).filter { $0.undoes == nil }
        if let standing = decisions.first(where: { $0.undoneBy == nil }) { return standing.id }
        throw try refusal(undoneBy: decisions.first?.undoneBy, in: books)
    }

    /// What is said about a decision that was undone before, and of none.
    private func refusal(
        undoneBy id: DecisionID?, in books: LedgerTransaction
    ) throws -> ReviewRefusal {
        guard let undoing = try id.flatMap({ try books.decision($0) }) else {
            return .undo(.unknown)
        }
        return .undo(.already(undoing.id, at: undoing.decidedAt))
    }

    private func takeBack(
        _ effect: EffectRecord, now: Date, in books: LedgerTransaction
    ) throws -> UndoReport.Fate {
        // A ticket that waits for a withdrawn approval went with it.
        guard try books.effect(effect.key) != nil else { return .withdrawn }
        try books.revoke(effect.key, at: now)
        switch effect.state {
        case .ready, .waiting, .refused, .dead:
            if effect.effect.kind == .lumaUnapprove {
                try reinstateApproval(of: effect.effect.registration, now: now, in: books)
            }
            return .withdrawn
        case .running, .unknown, .done: break
        }
        switch effect.effect.kind {
        case .lumaApprove:
            try books.enqueueAnew(
                Effect(
                    .lumaUnapprove, registration: effect.effect.registration, after: .lumaApprove),
                at: now)
            return .takenBack
        case .lumaUnapprove:
            // The guest waits on the platform again, or soon, and was approved before. The new
            // approval belongs to the decision that the old one belonged to.
            let approvals = try approvals(of: effect.effect.registration, in: books)
            guard approvals.allSatisfy(\.isRevoked) else { return .takenBack }
            try books.enqueueAnew(
                Effect(
                    .lumaApprove, registration: effect.effect.registration, after: .lumaUnapprove),
                inPlaceOf: approvals.last?.key, at: now)
            return .takenBack
        case .message:
            return effect.state == .done ? .stays : .perhapsSent
        }
    }

    /// The approval that was to be taken back stands as it stood.
    private func reinstateApproval(
        of guest: RegistrationID, now: Date, in books: LedgerTransaction
    ) throws {
        guard let last = try approvals(of: guest, in: books).last, last.isRevoked else { return }
        try books.reinstate(last.key, at: now)
    }

    private func approvals(
        of guest: RegistrationID, in books: LedgerTransaction
    ) throws -> [EffectRecord] {
        try books.effects(of: guest).filter { $0.effect.kind == .lumaApprove }
    }

    /// An approval may have come to its end while the money was gone.
    private func confirmApproved(_ changes: [StateChange], in books: LedgerTransaction) throws {
        for change in changes where change.after == .paid {
            guard try books.isApproved(change.registration) else { continue }
            try books.setState(.confirmed, of: change.registration)
        }
    }

    /// Money that nobody has decided about any more lies before a person.
    private func askAgain(
        about payment: PaymentID, _ changes: [StateChange], now: Date,
        in books: LedgerTransaction
    ) throws -> ReviewID? {
        guard let record = try books.payment(payment) else { return nil }
        if record.rule == ReviewDesk.byHand {
            // Written down by the answer that is undone; its mail is asked about again.
            try books.setState(.ignored, of: payment)
            return nil
        }
        if let open = try books.openReview(of: .payment(payment)) { return open.id }
        guard record.state == .received else { return nil }
        try books.setState(.review, of: payment)
        return try books.openReview(
            of: .payment(payment), kind: "undone", reasons: [.undone] + record.reasons,
            candidates: try books.candidates(
                changes.map(\.registration), of: payment, record.reasons), at: now)
    }
}
