// SPDX-License-Identifier: Apache-2.0

package import Domain

/// What the matcher may ask about registrations. The ledger answers from the transaction in which
/// the verdict will be booked, so that nothing can change in between.
///
/// Errors are the ledger's own and pass through unchanged.
package protocol RegistrationLookup {
    /// The registration that was given this code, in any state.
    func registration(reference: ReferenceCode) throws -> Registration?

    /// The registration of this id, in any state.
    func registration(id: RegistrationID) throws -> Registration?

    /// Registrations in any state whose `PersonName.words` begin with `firstWord` and end with
    /// `lastWord`. The answer must be complete: whether a name is the only one depends on it.
    func registrations(firstWord: String, lastWord: String) throws -> [Registration]

    /// Registrations that wait for money (`awaitingPayment`, `underpaid`, `offered`) and cost
    /// exactly `due`, oldest first, at most `limit`.
    func openRegistrations(due: Money, limit: Int) throws -> [Registration]

    /// The two capital letters of every event in use.
    func referencePrefixes() throws -> Set<String>
}
