// SPDX-License-Identifier: Apache-2.0

package import Domain
package import FoundationEssentials
package import Ledger
package import Workflow

/// What time alone brings about: instructions for new registrations, reminders, and the end of
/// those that were not paid. A run is a transaction; run again at once it does nothing.
package struct PaymentSchedule: Sendable {
    private let terms: [EventID: PaymentTerms]
    private let channels: ChannelOrder

    /// - Parameter channels: which way a message takes first.
    package init(terms: [EventID: PaymentTerms], channels: ChannelOrder = ChannelOrder()) {
        self.terms = terms
        self.channels = channels
    }

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
                report.messages += try write(message, event, since: since, now: now, in: books)
            }
        }
        return report
    }

    /// Each guest is written to by the first channel that reaches them.
    private func write(
        _ message: PaymentTerms.Message, _ event: EventID, since: ClosedRange<Date>, now: Date,
        in books: LedgerTransaction
    ) throws -> Int {
        let (content, round) = message.effect
        let order = channels.channels(of: event)
        // Who has paid a part was told the rest by the decision about it.
        let states: [RegistrationState] =
            message == .instructions ? [.awaitingPayment] : [.awaitingPayment, .underpaid]
        let waiting = try books.waitingWithout(
            Channel.allCases.map { Effect.Kind.message(content, by: $0) }, round: round,
            event: event, in: states, since: since, reachedBy: order, limit: Self.batch)
        for id in waiting {
            guard let registration = try books.registration(id) else { continue }
            // A number abroad, say, reaches nobody; the lane then says so.
            guard let channel = channels.first(for: registration) ?? order.first else { continue }
            try books.enqueue(
                Effect(.message(content, by: channel), registration: id, round: round), at: now)
        }
        return waiting.count
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
    fileprivate var effect: (content: GuestMessage, round: Int) {
        switch self {
        case .instructions: (.instructions, 1)
        case .reminder(let number): (.reminder, number)
        }
    }
}
