// SPDX-License-Identifier: Apache-2.0

package import Domain

/// Decides what is to happen with one payment. Pure: same notice, same registrations, same verdict.
package struct Matcher: Sendable {
    private let policy: MatchingPolicy

    package init(policy: MatchingPolicy = MatchingPolicy()) { self.policy = policy }

    /// What is to happen with `notice`, with every reason.
    ///
    /// - Parameters:
    ///   - ruleIsDraft: the rule that read the notice has not been confirmed by samples.
    ///   - reasons: what the reading found suspicious, such as `.timeSuspicious`. Any one of them
    ///     puts the payment in front of a person.
    /// - Throws: what `lookup` throws.
    package func verdict(
        for notice: PaymentNotice, trust: TrustVerdict, ruleIsDraft: Bool = false,
        reasons: [Reason] = [], lookup: some RegistrationLookup
    ) throws -> Verdict {
        Verdict(.review, reasons: reasons + [.noCandidate])
    }
}
