// SPDX-License-Identifier: Apache-2.0

internal import Domain
internal import FoundationEssentials
internal import Ledger
internal import Matching

/// What the matcher asks, answered from the transaction in which its verdict will be booked.
struct LedgerLookup: RegistrationLookup {
    let books: LedgerTransaction

    /// Nobody is remembered for more guests than a person looks through.
    private static let rememberedMax = 20

    func registration(reference: ReferenceCode) throws -> Registration? {
        try books.registration(reference: reference)
    }

    func registration(id: RegistrationID) throws -> Registration? {
        try books.registration(id)
    }

    func registrations(
        named names: [NameEnds], sum: Money, others: Int
    ) throws -> [Registration] {
        try books.registrations(named: names, sum: sum, others: others)
    }

    func openRegistrations(near name: PersonName, due: Money, each: Int) throws -> [Registration] {
        try books.openRegistrations(near: name, due: due, each: each)
    }

    func openRegistrations(
        continuing name: PersonName, sum: Money, limit: Int
    ) throws -> [Registration] {
        try books.openRegistrations(continuing: name, sum: sum, limit: limit)
    }

    func openRegistrations(
        givenOneOf words: [String], sum: Money, limit: Int
    ) throws -> [Registration] {
        try books.openRegistrations(givenOneOf: words, sum: sum, limit: limit)
    }

    func registrations(ownAmount amount: Money) throws -> [Registration] {
        try books.registrations(ownAmount: amount, limit: 2)
    }

    func isRemembered(payer: PersonName, for guest: Registration) throws -> Bool {
        try books.isRemembered(payer: payer, for: guest)
    }

    func registrations(rememberedFor payer: PersonName) throws -> [Registration] {
        try books.registrations(rememberedFor: payer, limit: Self.rememberedMax)
    }

    func seatsTaken(event: EventID) throws -> Int { try books.seatsTaken(event: event) }

    func openRegistrations(due: Money, limit: Int) throws -> [Registration] {
        try books.registrations(stillToPay: due, limit: limit)
    }

    func openRegistrations(due: Money, until moment: Date, limit: Int) throws -> [Registration] {
        try books.registrations(stillToPay: due, until: moment, limit: limit)
    }

    func referencePrefixes() throws -> Set<String> { try books.referencePrefixes() }
}

extension LedgerTransaction {
    /// Registrations of one guest for one event; more are not looked at.
    private static let guestsMax = 20

    /// Where the guest of a registration that is over waits with another one of the same event:
    /// those that owe the sum.
    func registeredAnew(insteadOf allocation: Verdict.Allocation) throws -> [Registration] {
        guard let guest = try registration(allocation.registration), let email = guest.email
        else { return [] }
        return try registrations(email: email, limit: Self.guestsMax).filter {
            $0.id != guest.id && $0.event == guest.event && $0.open == allocation.amount
                && [.awaitingPayment, .underpaid, .offered].contains($0.state)
        }
    }
}
