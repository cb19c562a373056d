// SPDX-License-Identifier: Apache-2.0

package import FoundationEssentials

/// How long guests of an event may take to pay, and what they are told meanwhile.
package struct PaymentTerms: Sendable, Equatable {
    /// From the moment a registration began to wait; nil when it may wait for ever.
    package var payWithin: TimeInterval?
    /// After these times the guest is reminded, each once.
    package var remindAfter: [TimeInterval]
    /// Whether the guest is told what to pay, where and with which code.
    package var sendsInstructions: Bool

    package init(
        payWithin: TimeInterval? = nil, remindAfter: [TimeInterval] = [],
        sendsInstructions: Bool = false
    ) {
        self.payWithin = payWithin
        self.remindAfter = remindAfter.sorted()
        self.sendsInstructions = sendsInstructions
    }

    /// What an agent that was off for longer no longer makes up for: nobody is told on Thursday
    /// what they should have heard on Monday, and switching messages on does not reach guests who
    /// registered long ago.
    package static let catchUp: TimeInterval = 2 * 86_400

    /// A message that falls due in a span of waiting.
    package enum Message: Hashable, Sendable {
        case instructions
        /// 1 for the first.
        case reminder(Int)
    }

    /// The messages that are due now, each with the registrations it is for: those that have been
    /// waiting since some moment in `since`. What a decision tells is not among them.
    package func messages(at now: Date) -> [(message: Message, since: ClosedRange<Date>)] {
        guard sendsInstructions else { return [] }
        let all: [(Message, TimeInterval)] =
            [(.instructions, 0)]
            + remindAfter.enumerated().map { (.reminder($0.offset + 1), $0.element) }
        return all.compactMap { message, after in
            // A reminder after the time to pay would come with the end of the registration.
            if let payWithin, after >= payWithin { return nil }
            let until = now - after
            var from = until - Self.catchUp
            // What falls due next replaces what was missed.
            if let next = all.first(where: { $0.1 > after })?.1 { from = max(from, now - next) }
            return (message, from...until)
        }
    }

    /// Who has been waiting since then or longer has waited too long; nil when nobody can.
    package func expires(at now: Date) -> Date? { payWithin.map { now - $0 } }
}
