// SPDX-License-Identifier: Apache-2.0

package import Domain

/// Where an account's access tokens come from: somebody signed in, or the application does.
package protocol TokenSource: Sendable {
    /// A token that is good for a log-in.
    ///
    /// - Parameter refused: the server refused this one: another is wanted.
    func token(insteadOf refused: Secret?) async throws(TokenFailure) -> Secret

    /// Another number as soon as somebody has signed in, in whatever process. It asks no server
    /// and may be called on the network loop.
    var stamp: UInt64 { get }
}

/// Why no token could be had, in words without tokens and names.
package struct TokenFailure: Error, Sendable, Equatable {
    /// What may help.
    package enum Kind: Sendable {
        /// The provider is away: the same may work later.
        case later
        /// The permission is gone or was never given: a person has to sign in.
        case signIn
        /// The provider does not accept the application: its settings are wrong.
        case settings
    }

    package var kind: Kind
    package var reason: String

    package init(kind: Kind, reason: String) {
        self.kind = kind
        self.reason = reason
    }
}
