// SPDX-License-Identifier: Apache-2.0

package import Domain
package import FoundationEssentials

/// The access token of one account, renewed when three quarters of its life are over.
package actor AccessTokens {
    /// How a new token is got when the old one is no longer good.
    package enum Source: Sendable {
        /// A person signed in; the vault holds what that brought.
        case vault(TokenVault, account: String)
        /// The application signs in by itself.
        case application
    }

    private let client: OAuthClient
    private let source: Source
    private let now: @Sendable () -> Date
    private var current: (tokens: OAuthTokens, renewAt: Date)?
    private var renewal: Task<OAuthTokens, any Error>?

    /// The running session stays valid; only the next log-in needs the new token.
    private static let usableShare = 0.75

    package init(client: OAuthClient, source: Source, now: @escaping @Sendable () -> Date) {
        self.client = client
        self.source = source
        self.now = now
    }

    /// A token that is good for a log-in.
    ///
    /// - Parameter refused: the server refused the token that was given last: get another one.
    package func token(refused: Bool = false) async throws -> Secret {
        if let current, !refused, now() < current.renewAt { return current.tokens.access }
        // Two callers at once share one renewal: the second use of a refresh token may void both.
        let task = renewal ?? Task { [client, source] in try await Self.renew(client, source) }
        renewal = task
        defer { renewal = nil }
        let tokens = try await task.value
        let begin = now()
        let life = tokens.expiresAt.timeIntervalSince(begin)
        current = (tokens, begin.addingTimeInterval(max(0, life * Self.usableShare)))
        return tokens.access
    }

    private static func renew(
        _ client: OAuthClient, _ source: Source
    ) async throws -> OAuthTokens {
        switch source {
        case .application: return try await client.signIn()
        case .vault(let vault, let account):
            guard let refresh = try vault.refreshToken(of: account) else {
                throw OAuthError(
                    operation: "refresh", cause: "nobody has signed in yet",
                    hint: "Sign in with: mutabik login \(account)", retry: .signInAgain)
            }
            let tokens = try await client.refresh(refresh)
            if let next = tokens.refresh, next.reveal() != refresh.reveal() {
                try vault.store(next, of: account)
            }
            return tokens
        }
    }
}
