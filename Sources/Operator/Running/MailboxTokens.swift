// SPDX-License-Identifier: Apache-2.0

internal import Domain
internal import FoundationEssentials
internal import Mailbox
internal import OAuth
internal import Wire

/// The access tokens of one account, as the mailbox room asks for them.
struct MailboxTokens: TokenSource {
    let tokens: AccessTokens

    var stamp: UInt64 { tokens.stamp }

    func token(insteadOf refused: Secret?) async throws(TokenFailure) -> Secret {
        do throws(OAuthError) {
            return try await tokens.token(insteadOf: refused)
        } catch {
            let kind: TokenFailure.Kind =
                switch error.retry {
                case .later: .later
                case .signInAgain: .signIn
                case .never: .settings
                }
            throw TokenFailure(kind: kind, reason: error.description)
        }
    }
}

/// The token of somebody who has signed in this moment.
struct FreshToken: TokenSource {
    let token: Secret

    var stamp: UInt64 { 0 }

    func token(insteadOf refused: Secret?) async throws(TokenFailure) -> Secret {
        guard refused == nil else {
            throw TokenFailure(kind: .signIn, reason: "the mailbox refused the token")
        }
        return token
    }
}

extension LiveWorld {
    func tokenSource(_ name: String, _ settings: OAuthSettings) throws -> MailboxTokens {
        let source: AccessTokens.Source =
            switch settings.signIn {
            case .person: .vault(try vault(), account: name)
            case .application: .application
            }
        return MailboxTokens(
            tokens: AccessTokens(
                client: try oauthClient(settings), source: source, now: { Date() }))
    }

    func oauthClient(_ settings: OAuthSettings) throws -> OAuthClient {
        OAuthClient(
            application: OAuthApplication(
                clientID: settings.clientID,
                clientSecret: try settings.clientSecret?.load(environment: environment),
                provider: settings.provider),
            http: try HTTPClient(), now: { Date() })
    }

    /// Where the refresh tokens lie, sealed with a key derived from the master key.
    func vault() throws -> TokenVault {
        try makeStateDirectory()
        return try TokenVault(
            folder: configuration.stateDirectory + "/tokens", masterKey: try masterKey())
    }
}
