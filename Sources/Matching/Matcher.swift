// SPDX-License-Identifier: Apache-2.0

package import Domain
internal import FoundationEssentials

/// Decides what is to happen with one payment. Pure: same notice, same registrations, same verdict.
///
/// Nothing is decided on similarity: a verdict that books money rests on a code with its check sign
/// or on a full name with the exact amount. Whatever speaks against it puts a person in front.
package struct Matcher: Sendable {
    /// What is decided without a person.
    package let policy: MatchingPolicy

    package init(policy: MatchingPolicy) { self.policy = policy }

    /// What is to happen with `notice`, with every reason.
    ///
    /// - Parameters:
    ///   - ruleIsDraft: the rule that read the notice has not been confirmed by samples.
    ///   - reasons: what the reading found suspicious, such as `.timeSuspicious`. Any one of them
    ///     puts the payment in front of a person.
    ///   - recipients: the addresses in To, if the bank's signature covers them.
    /// - Throws: what `lookup` throws.
    package func verdict(
        for notice: PaymentNotice, trust: TrustVerdict, ruleIsDraft: Bool = false,
        reasons: [Reason] = [], recipients: [String] = [], lookup: some RegistrationLookup
    ) throws -> Verdict {
        guard notice.amount.minorUnits != 0 else { return Verdict(.none, reasons: [.noCandidate]) }
        var doubts = doubts(about: trust, ruleIsDraft: ruleIsDraft) + reasons
        if notice.amount.minorUnits < 0 { doubts.append(.mailUnclear) }
        if let doubt = doubt(aboutAccount: notice.receivingAccount, recipients) {
            doubts.append(doubt)
        }
        let verdict = try Evidence(notice: notice, policy: policy, lookup: lookup).verdict()
        if try isLongBefore(notice, verdict, lookup) { doubts.append(.paidLongBefore) }
        guard !doubts.isEmpty else { return verdict }
        return try verdict.proposal(because: doubts, of: notice, lookup)
    }

    /// For how long before the registration money may have come. A season later the same name and
    /// sum may be for anything, and a code was not issued yet: the day is wrong, or the code.
    private static let moneyFirstSeconds: TimeInterval = 60 * 86_400

    /// Whether money would be booked that came long before its registration did.
    private func isLongBefore(
        _ notice: PaymentNotice, _ verdict: Verdict, _ lookup: some RegistrationLookup
    ) throws -> Bool {
        try verdict.allocations.contains {
            guard let goal = try lookup.registration(id: $0.registration) else { return false }
            return goal.registeredAt.timeIntervalSince(notice.occurredAt) > Self.moneyFirstSeconds
        }
    }

    private func doubts(about trust: TrustVerdict, ruleIsDraft: Bool) -> [Reason] {
        let sender: [Reason] =
            switch trust.trust {
            case .verified, .vouched: []
            case .unverified: [.senderUnverified]
            case .forged: [.senderForged]
            }
        return ruleIsDraft ? sender + [.ruleIsDraft] : sender
    }

    /// The account must be ours. Where the bank prints none, or too little of it, the mail must
    /// have been written to us: the To that it signed tells, what was added on the way does not.
    private func doubt(aboutAccount account: String?, _ recipients: [String]) -> Reason? {
        if let account {
            guard case .these(let accounts) = policy.ownAccounts else { return nil }
            switch accounts.map({ AccountMask.compare($0, account) }).max() {
            case .same: return nil
            case .different, nil: return .foreignAccount
            case .perhaps: break
            }
        }
        guard case .these(let addresses) = policy.ownAddresses else { return nil }
        let ours = Set(addresses.map { $0.turkishFolded() })
        return recipients.contains { ours.contains($0.turkishFolded()) } ? nil : .accountUnknown
    }
}
