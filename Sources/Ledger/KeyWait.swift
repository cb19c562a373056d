// SPDX-License-Identifier: Apache-2.0

/// What a held mail waits for, and so when its turn is.
package struct KeyWait: Hashable, Sendable {
    /// Of mails that wait at the same time those of the lower rank are asked for first.
    package enum Rank: Int, Hashable, Sendable {
        /// Keys of the sender's own domain that were seen before.
        case seen
        /// Keys of the sender's own domain, none of which was ever seen.
        case new
        /// Keys of others, which may help to prove the mail; or very many.
        case distant
        /// Keys of others, which prove nothing.
        case idle

        /// Whether a mail of this rank and one of the other may be asked for in one round: nobody
        /// else has a hand in how fast the sender's own name servers answer.
        package func mayGo(with other: Rank) -> Bool {
            self == other || self < .distant && other < .distant
        }
    }

    package let rank: Rank
    /// Whose mail it claims to be: mails of different domains take turns.
    package let domain: String

    package init(rank: Rank, domain: String) {
        self.rank = rank
        self.domain = domain
    }
}

extension KeyWait.Rank: Comparable {
    package static func < (first: Self, second: Self) -> Bool { first.rawValue < second.rawValue }
}
