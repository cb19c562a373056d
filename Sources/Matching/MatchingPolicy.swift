// SPDX-License-Identifier: Apache-2.0

package import Domain
package import FoundationEssentials

/// A row of the evidence table: what speaks for a registration, and what may follow from it without
/// a person. The raw values are the names of the switches in the configuration.
package enum EvidenceRow: String, Sendable, Codable, CaseIterable {
    /// The code of one open registration and exactly what it owes.
    case code
    /// The same, and the payer has another name than the guest.
    case otherPayer = "other_payer"
    /// The code, and less than what is owed.
    case tooLittle = "too_little"
    /// The code, and more than what is owed.
    case tooMuch = "too_much"
    /// Several codes whose sums are exactly what came.
    case split
    /// A code with one slip, the exact sum and an agreeing name.
    case repairedCode = "repaired_code"
    /// No code, but a sum with a kuruş that one registration alone was given.
    case ownAmount = "own_amount"
    /// No code, but the full name and the exact sum of one open registration.
    case nameAndAmount = "name_and_amount"
    /// The code of a registration whose time to pay is over.
    case latePayment = "late_payment"
    /// Money that waited for its registration to appear.
    case moneyFirst = "money_first"
    /// Money for a registration that is paid already.
    case secondPayment = "second_payment"

    /// What is done where nobody set the switch. A second payment belongs to somebody, and only a
    /// person can say what for.
    package var standard: MatchingPolicy.Decision { self == .secondPayment ? .review : .approve }
}

/// What the organizer of one event lets the matcher decide, and what it needs for it.
package struct EventPolicy: Sendable, Equatable {
    /// Switches that differ from `EvidenceRow.standard`.
    package var switches: [EvidenceRow: MatchingPolicy.Decision]
    /// Places there are; nil when there is no limit.
    package var seats: Int?
    /// For how long after the time to pay a payment still revives a registration.
    package var graceSeconds: TimeInterval
    /// The folded words of what the event is called: whoever writes them names nobody.
    package let title: Set<String>

    /// - Parameters:
    ///   - graceSeconds: two days by default, as a transfer before a weekend takes.
    ///   - title: what guests call the event.
    package init(
        switches: [EvidenceRow: MatchingPolicy.Decision] = [:], seats: Int? = nil,
        graceSeconds: TimeInterval = 2 * 86_400, title: String = ""
    ) {
        self.title = Set(WrittenNames.words(of: title))
        self.switches = switches
        self.seats = seats
        self.graceSeconds = graceSeconds
    }

    /// What is to happen when the evidence of a row is complete.
    package subscript(row: EvidenceRow) -> MatchingPolicy.Decision { switches[row] ?? row.standard }
}

/// What the organizer lets the matcher decide without a person.
package struct MatchingPolicy: Sendable, Equatable {
    /// What happens when the evidence is complete.
    package enum Decision: String, Sendable, Codable, CaseIterable { case approve, review }

    /// Which accounts or addresses are the organizer's own.
    package enum Own: Sendable, Equatable {
        /// Nobody asks: a stranger's count, too.
        case any
        /// These alone; of none of them, nothing is the organizer's.
        case these([String])
    }

    /// In force for events that have none of their own.
    package var standard: EventPolicy
    package var events: [EventID: EventPolicy]
    /// The organizer's accounts, in full or as the bank masks them. A notice for another account
    /// goes to a person.
    package var ownAccounts: Own
    /// The addresses that the organizer's banks write to. A notice that prints no account, or less
    /// than `AccountMask.digitsMin` digits of one, goes to a person unless its signature covers one
    /// of these in To.
    package var ownAddresses: Own

    package init(
        ownAccounts: Own, ownAddresses: Own, nameAndAmount: Decision = .approve,
        repairedCode: Decision = .approve, events: [EventID: EventPolicy] = [:]
    ) {
        standard = EventPolicy(
            switches: [.nameAndAmount: nameAndAmount, .repairedCode: repairedCode])
        self.events = events
        self.ownAccounts = ownAccounts
        self.ownAddresses = ownAddresses
    }

    /// Whether another event is called so, and not this one.
    func isTitle(_ word: String, ofOtherThan event: EventID) -> Bool {
        guard word.utf8.count >= Self.titleMin, !PaymentVocabulary.isEvent(word),
            !self[event].title.contains(word)
        else { return false }
        return events.contains { $0.key != event && $0.value.title.contains(word) }
    }

    /// `ve`, `12`
    private static let titleMin = 3

    /// What is in force for an event.
    package subscript(event: EventID) -> EventPolicy { events[event] ?? standard }
}
