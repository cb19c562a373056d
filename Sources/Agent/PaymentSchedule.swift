// SPDX-License-Identifier: Apache-2.0

package import Domain
package import FoundationEssentials
package import Ledger
package import Workflow

/// What time alone brings about: instructions for new registrations, reminders, and the end of
/// those that were not paid. A run is a transaction; run again at once it does nothing.
package struct PaymentSchedule: Sendable {
    private let terms: [EventID: PaymentTerms]

    package init(terms: [EventID: PaymentTerms]) { self.terms = terms }

    /// What a run did.
    package struct Report: Hashable, Sendable {
        package var messages = 0
        package var expired = 0

        package init() {}
    }

    /// Registrations that are closed or written to in one run; the rest come with the next, and no
    /// payment waits long for the write lock.
    package static let batch = 500

    /// Whether there is anything to look after.
    package var isEmpty: Bool { terms.isEmpty }

    /// Does what is due at `now`.
    package func run(now: Date, in books: LedgerTransaction) throws -> Report {
        var report = Report()
        for (event, terms) in terms.sorted(by: { $0.key.text < $1.key.text }) {
            // The end first: nobody is reminded of what is over.
            if let since = terms.expires(at: now) {
                for state in [RegistrationState.awaitingPayment, .underpaid, .offered] {
                    report.expired += try expire(event, state, since: since, now: now, in: books)
                }
            }
            for (message, since) in terms.messages(at: now) {
                let effect = message.effect
                for id in try books.waitingWithout(
                    effect.kind, round: effect.round, event: event, since: since,
                    limit: Self.batch)
                {
                    try books.enqueue(
                        Effect(effect.kind, registration: id, round: effect.round), at: now)
                    report.messages += 1
                }
            }
        }
        return report
    }

    /// Registrations to which money may be on its way wait for the person who decides about it.
    private func expire(
        _ event: EventID, _ state: RegistrationState, since: Date, now: Date,
        in books: LedgerTransaction
    ) throws -> Int {
        var count = 0
        let late = try books.registrations(
            event: event, in: state, since: since, limit: Self.batch)
        for registration in late where try !books.isProposed(registration.id) {
            try Closing.expire(
                registration.id, by: PaymentPipeline.actor, now: now, in: books)
            count += 1
        }
        return count
    }
}

extension PaymentTerms.Message {
    fileprivate var effect: (kind: Effect.Kind, round: Int) {
        switch self {
        case .instructions: (.instructionsSMS, 1)
        case .reminder(let number): (.reminderSMS, number)
        }
    }
}
