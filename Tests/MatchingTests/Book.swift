// SPDX-License-Identifier: Apache-2.0

import Domain
import FoundationEssentials
import Matching

/// Registrations in memory, answering as the ledger does.
struct Book: RegistrationLookup {
    var registrations: [Registration]
    var prefixes: Set<String> = ["KT"]
    /// Payers and the guests for whom they are remembered.
    var remembered: [String: Set<RegistrationID>] = [:]

    func registration(reference: ReferenceCode) throws -> Registration? {
        registrations.first { $0.reference == reference }
    }

    func registration(id: RegistrationID) throws -> Registration? {
        registrations.first { $0.id == id }
    }

    func registrations(
        named names: [NameEnds], sum: Money, others: Int
    ) throws -> [Registration] {
        let all = registrations.filter { $0.name?.ends.map(names.contains) ?? false }
        let concerns = { (one: Registration) in one.due == sum || one.open == sum }
        return all.filter(concerns) + all.filter { !concerns($0) }.prefix(others)
    }

    private var open: [Registration] {
        registrations.filter { [.awaitingPayment, .underpaid, .offered].contains($0.state) }
    }

    func openRegistrations(due: Money, limit: Int) throws -> [Registration] {
        Array(open.filter { $0.open == due }.prefix(limit))
    }

    func openRegistrations(due: Money, until moment: Date, limit: Int) throws -> [Registration] {
        Array(open.reversed().filter { $0.open == due && $0.registeredAt <= moment }.prefix(limit))
    }

    func openRegistrations(near name: PersonName, due: Money, each: Int) throws -> [Registration] {
        open.filter { $0.name?.handles.meet(name.handles) ?? false }
    }

    func openRegistrations(
        continuing name: PersonName, sum: Money, limit: Int
    ) throws -> [Registration] {
        let given = name.handles.given
        return Array(
            open.filter { given != nil && $0.name?.handles.given == given && $0.open == sum }
                .prefix(limit))
    }

    func openRegistrations(
        givenOneOf words: [String], sum: Money, limit: Int
    ) throws -> [Registration] {
        let called = open.filter { one in
            one.open == sum && (one.name?.words.first.map(words.contains) ?? false)
        }
        return Array(called.prefix(limit))
    }

    func registrations(ownAmount amount: Money) throws -> [Registration] {
        registrations.filter { $0.ownMinorUnits > 0 && $0.due == amount }
    }

    func isRemembered(payer: PersonName, for guest: Registration) throws -> Bool {
        remembered[payer.text]?.contains(guest.id) ?? false
    }

    func registrations(rememberedFor payer: PersonName) throws -> [Registration] {
        registrations.filter { remembered[payer.text]?.contains($0.id) ?? false }
    }

    func seatsTaken(event: EventID) throws -> Int {
        let holding: Set<RegistrationState> = [
            .awaitingPayment, .underpaid, .offered, .paid, .confirmed, .suspended,
        ]
        return registrations.count { $0.event == event && holding.contains($0.state) }
    }

    func referencePrefixes() throws -> Set<String> { prefixes }
}

extension MatchingPolicy {
    /// For what has nothing to do with whose account it is.
    static let believing = MatchingPolicy(ownAccounts: .any, ownAddresses: .any)
}

func lira(_ minorUnits: Int64) -> Money {
    Money(minorUnits: minorUnits, currency: .turkishLira)
}

/// A registration for 1.250,00 TL unless told otherwise. The code must be a valid one.
func guest(
    _ id: String, _ name: String, _ code: String, due: Int64 = 125_000, paid: Int64 = 0,
    own: Int64 = 0, email: String? = nil, phone: String? = nil, since: TimeInterval = 0,
    _ state: RegistrationState = .awaitingPayment
) -> Registration {
    guard let reference = ReferenceCode(code) else { preconditionFailure("bad code \(code)") }
    return Registration(
        id: RegistrationID(id), event: EventID("kt"), name: PersonName(name), email: email,
        phone: phone.flatMap { PhoneNumber($0) }, due: lira(due), reference: reference,
        registeredAt: Date(timeIntervalSinceReferenceDate: 0), state: state,
        stateSince: Date(timeIntervalSinceReferenceDate: since), paid: lira(paid),
        ownMinorUnits: own)
}

func notice(
    _ amount: Int64, from payer: String?, _ description: String?, currency: Currency = .turkishLira,
    account: String? = nil
) -> PaymentNotice {
    PaymentNotice(
        amount: Money(minorUnits: amount, currency: currency), payer: payer,
        description: description, occurredAt: Date(timeIntervalSinceReferenceDate: 0),
        timeFrom: .body, receivingAccount: account)
}

/// The same numbers for the same seed (xorshift64*); the seed stands in every failure.
struct SeededRandom: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed == 0 ? 0x9E37_79B9_7F4A_7C15 : seed }

    mutating func next() -> UInt64 {
        state ^= state >> 12
        state ^= state << 25
        state ^= state >> 27
        return state &* 0x2545_F491_4F6C_DD1D
    }
}
