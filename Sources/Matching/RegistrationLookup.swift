// SPDX-License-Identifier: Apache-2.0

package import Domain
package import FoundationEssentials

/// What the matcher may ask about registrations. The ledger answers from the transaction in which
/// the verdict will be booked, so that nothing can change in between.
///
/// Errors are the ledger's own and pass through unchanged.
package protocol RegistrationLookup {
    /// The registration that was given this code, in any state.
    func registration(reference: ReferenceCode) throws -> Registration?

    /// The registration of this id, in any state.
    func registration(id: RegistrationID) throws -> Registration?

    /// Registrations in any state whose name has some of these ends: all that were asked for `sum`
    /// or still owe it, for whether a name is the only one depends on them, and of the rest at most
    /// `others`.
    func registrations(named names: [NameEnds], sum: Money, others: Int) throws -> [Registration]

    /// Registrations that wait for money and share one of `PersonName.handles`; of each kind of
    /// handle at most `each`, first those that were asked for `due`. For proposals: nothing may
    /// depend on the answer being complete.
    func openRegistrations(near name: PersonName, due: Money, each: Int) throws -> [Registration]

    /// Registrations that wait for exactly `sum` and share `NameHandles.given` with a name that may
    /// go on where the bank cut it. Fewer than `limit` are all there are.
    func openRegistrations(
        continuing name: PersonName, sum: Money, limit: Int
    ) throws -> [Registration]

    /// Registrations that wait for exactly `sum` and whose name begins with one of these folded
    /// words; at most `limit`.
    func openRegistrations(
        givenOneOf words: [String], sum: Money, limit: Int
    ) throws -> [Registration]

    /// Registrations in any state that were given a kuruş of their own and cost exactly `amount`.
    func registrations(ownAmount amount: Money) throws -> [Registration]

    /// Registrations that wait for money (`awaitingPayment`, `underpaid`, `offered`) and of which
    /// exactly `due` is open, at most `limit`.
    func openRegistrations(due: Money, limit: Int) throws -> [Registration]

    /// The same for those that came until `moment`, the last ones first. For proposals: nothing may
    /// depend on the answer being complete.
    func openRegistrations(due: Money, until moment: Date, limit: Int) throws -> [Registration]

    /// Whether this payer paid for this guest before, and the guest agreed that it is remembered.
    func isRemembered(payer: PersonName, for guest: Registration) throws -> Bool

    /// Registrations in any state of guests for whom this payer is remembered; of many only some.
    func registrations(rememberedFor payer: PersonName) throws -> [Registration]

    /// How many places of an event are held by registrations.
    func seatsTaken(event: EventID) throws -> Int

    /// The two capital letters of every event in use.
    func referencePrefixes() throws -> Set<String>
}
