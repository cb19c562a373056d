// SPDX-License-Identifier: Apache-2.0

package import Domain
package import FoundationEssentials

/// The access token of one account, renewed at the first log-in after three quarters of its life.
///
/// A running session needs no new token. A refresh token that the provider gave in exchange is on
/// the disk before anything it brought is used.
package actor AccessTokens {
    /// How a new token is got when the old one is no longer good.
    package enum Source: Sendable {
        /// A person signed in; the vault holds what that brought.
        case vault(TokenVault, account: String)
        /// The application signs in by itself.
        case application
    }

    private struct Current {
        let tokens: OAuthTokens
        /// Of the vault: the token belongs to the person who had signed in then.
        let stamp: UInt64
        let renewAt: Date
    }

    private nonisolated let source: Source
    private let client: OAuthClient
    private let now: @Sendable () -> Date
    private var current: Current?
    private var renewal: Task<Result<Secret, OAuthError>, Never>?
    /// The refresh token that the provider does not take any more: it is not shown again.
    private var refused: (token: Secret, error: OAuthError)?
    /// A new refresh token that could not be stored yet.
    private var unstored: (old: Secret, new: Secret)?

    private static let usableShare = 0.75
    /// Somebody may sign in while a token is being refreshed; twice in a row nobody does.
    private static let attemptsMax = 2

    package init(client: OAuthClient, source: Source, now: @escaping @Sendable () -> Date) {
        self.client = client
        self.source = source
        self.now = now
    }

    /// Another number as soon as somebody has signed in, in whatever process.
    package nonisolated var stamp: UInt64 {
        switch source {
        case .vault(let vault, let account): vault.stamp(of: account)
        case .application: 0
        }
    }

    /// A token that is good for a log-in.
    ///
    /// - Parameter refused: the server refused this one: another is wanted.
    /// - Throws: `.signInAgain` without asking the provider, when it has refused the permission and
    ///   nobody has signed in since.
    package func token(insteadOf refused: Secret? = nil) async throws(OAuthError) -> Secret {
        let usable = current.flatMap { current in
            let isRefused = refused?.reveal() == current.tokens.access.reveal()
            return current.stamp == stamp && !isRefused ? current : nil
        }
        if let usable, now() < usable.renewAt { return usable.tokens.access }
        do throws(OAuthError) {
            return try await renewed()
        } catch {
            // The provider is away; what is left of the old token's life may be enough.
            guard error.retry == .later, let usable, now() < usable.tokens.expiresAt else {
                throw error
            }
            return usable.tokens.access
        }
    }

    /// Two callers at once share one renewal: the second use of a refresh token may void both.
    private func renewed() async throws(OAuthError) -> Secret {
        let task =
            renewal
            ?? Task {
                defer { renewal = nil }
                do throws(OAuthError) { return .success(try await renew()) } catch {
                    return .failure(error)
                }
            }
        renewal = task
        return try await task.value.get()
    }

    private func renew() async throws(OAuthError) -> Secret {
        switch source {
        case .application: return keep(try await client.signIn(), 0)
        case .vault(let vault, let account):
            for _ in 0..<Self.attemptsMax {
                if let token = try await refresh(vault, account) { return token }
            }
            throw OAuthError(
                operation: "refresh", cause: "somebody signs in at this moment",
                hint: "It is tried again.", retry: .later)
        }
    }

    /// Nil when somebody signed in meanwhile.
    private func refresh(
        _ vault: TokenVault, _ account: String
    ) async throws(OAuthError) -> Secret? {
        if let (old, new) = unstored {
            _ = try vault.replace(old, with: new, of: account)
            unstored = nil
        }
        let stamp = vault.stamp(of: account)
        guard let token = try vault.refreshToken(of: account) else {
            throw OAuthError(
                operation: "refresh", cause: "nobody has signed in yet",
                hint: "Sign in with: mutabik login \(account)", retry: .signInAgain)
        }
        if let refused, refused.token.reveal() == token.reveal() { throw refused.error }
        let tokens: OAuthTokens
        do throws(OAuthError) {
            tokens = try await client.refresh(token)
        } catch {
            guard error.retry == .signInAgain else { throw error }
            if vault.stamp(of: account) != stamp { return nil }
            let named = OAuthError(
                operation: error.operation, cause: error.cause,
                hint: "The permission is gone. Sign in with: mutabik login \(account)",
                retry: .signInAgain)
            refused = (token, named)
            throw named
        }
        guard let next = tokens.refresh, next.reveal() != token.reveal() else {
            return keep(tokens, stamp)
        }
        unstored = (token, next)
        let isStored = try vault.replace(token, with: next, of: account)
        unstored = nil
        return isStored ? keep(tokens, vault.stamp(of: account)) : nil
    }

    private func keep(_ tokens: OAuthTokens, _ stamp: UInt64) -> Secret {
        let begin = now()
        let life = tokens.expiresAt.timeIntervalSince(begin)
        current = Current(
            tokens: tokens, stamp: stamp,
            renewAt: begin.addingTimeInterval(max(0, life * Self.usableShare)))
        return tokens.access
    }
}
