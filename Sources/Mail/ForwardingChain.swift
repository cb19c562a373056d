// SPDX-License-Identifier: Apache-2.0

/// What a chain of forwarders says about a mail that one of them may have changed.
///
/// Every forwarder writes down what it found when the mail came and seals that, together with all
/// that those before it wrote. The chain is worth what its sealers are worth: whoever seals last
/// can make up everything below his own seal. So only the end of the chain counts in which every
/// seal is that of a forwarder whom the organizer named. The first of them is the witness: it got
/// the mail from outside, and its word says whether the bank's signature was good then. Those
/// behind it say, by sealing `cv=pass`, that nobody touched the mail between one named forwarder
/// and the next.
///
/// Source: RFC 8617 §5.2, §9.1.
package struct ForwardingChain: Hashable, Sendable {
    /// Whether the chain holds.
    package enum Outcome: Hashable, Sendable {
        case pass
        case fail(Failure)
        /// A key could not be asked for; another time it may be.
        case keyUnavailable
    }

    /// Why it does not; the raw values are stable names.
    package enum Failure: String, Error, Hashable, CaseIterable {
        /// A field breaks the syntax, stands twice or is missing.
        case structure
        /// More instances than are looked at.
        case tooLong = "too_long"
        /// A sealer says that it found the chain broken already, or claims what cannot be.
        case brokenBefore = "broken_before"
        /// The newest sealer is nobody whom the organizer named. No key is asked for then.
        case notNamed = "not_named"
        /// The mail was changed after the newest forwarder signed it.
        case message
        /// Some seal does not hold.
        case seal
    }

    /// What checking it gave.
    package let outcome: Outcome
    /// The named forwarder whose word counts; nil when the chain fails before that is known.
    package let witness: String?
    /// Domains of whose signatures the witness says that they were good when the mail came.
    package let passedDomains: [String]
    /// The name of a key with which a seal did not hold: its domain may have another one by now.
    package let doubtedKey: String?

    /// A result as it is given; tests of other rooms make their own.
    package init(
        outcome: Outcome, witness: String? = nil, passedDomains: [String] = [],
        doubtedKey: String? = nil
    ) {
        self.doubtedKey = doubtedKey
        self.outcome = outcome
        self.witness = witness
        self.passedDomains = passedDomains
    }
}
