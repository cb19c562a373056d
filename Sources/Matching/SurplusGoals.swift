// SPDX-License-Identifier: Apache-2.0

package import Domain

extension Verdict {
    /// Whom what is left over of a payment may be for, the likeliest first: whose code stands there
    /// as well, right or with a slip, then those who owe exactly so much or whom the payer names.
    /// Nothing is booked on it; a person is asked.
    ///
    /// - Parameters:
    ///   - surplus: what is left of it.
    ///   - paid: the registrations that it went to.
    /// - Throws: what `lookup` throws.
    package static func candidates(
        forSurplus surplus: Money, of notice: PaymentNotice, paid: Set<RegistrationID>,
        lookup: some RegistrationLookup
    ) throws -> [Candidate] {
        var rest = notice
        rest.amount = surplus
        // Whose account it is was decided with the payment.
        let evidence = Evidence(
            notice: rest, policy: MatchingPolicy(ownAccounts: .any, ownAddresses: .any),
            lookup: lookup)
        let byCode =
            try evidence.exactOwners().map { try evidence.assess($0, [.codeExact]) }
            + evidence.repairedOwners().map { try evidence.assess($0, [.codeRepaired]) }
        let coded = byCode.filter { !paid.contains($0.registration.id) }
        let known = paid.union(coded.map(\.registration.id))
        let others = try evidence.candidates(.noCode, owners: [], except: known).found.filter {
            $0.registration.standing == .open && $0.isSameCurrency
                && ($0.isAmountEqual || $0.isNamed)
        }
        return Array(
            (Ranking.best(of: coded) + Ranking.best(of: others)).prefix(candidatesMax))
    }
}
