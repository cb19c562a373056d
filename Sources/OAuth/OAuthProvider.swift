// SPDX-License-Identifier: Apache-2.0

package import Domain

/// Where an account's permission is asked for, and for what.
///
/// Sources: Google, "Using OAuth 2.0 for Web Server/Installed Applications" and "IMAP, POP, and
/// SMTP: XOAUTH2"; Microsoft identity platform, "OAuth 2.0 authorization code flow", "device
/// authorization grant", "client credentials flow", and Exchange "Authenticate an IMAP, POP or SMTP
/// connection using OAuth"; read November 2026.
package struct OAuthProvider: Sendable, Equatable {
    package var authorizationURL: String
    package var tokenURL: String
    /// Nil: the provider gives no device codes for mail.
    package var deviceURL: String?
    /// Asked for when a person signs in.
    package var scope: String
    /// Asked for when the application signs in by itself; nil: it cannot.
    package var applicationScope: String?
    /// The name of this machine in the address that the browser comes back to.
    package var redirectHost: String
    /// Further parameters of the authorization address.
    package var extra: [(name: String, value: String)]

    package init(
        authorizationURL: String, tokenURL: String, deviceURL: String?, scope: String,
        applicationScope: String? = nil, redirectHost: String = "127.0.0.1",
        extra: [(name: String, value: String)] = []
    ) {
        self.authorizationURL = authorizationURL
        self.tokenURL = tokenURL
        self.deviceURL = deviceURL
        self.scope = scope
        self.applicationScope = applicationScope
        self.redirectHost = redirectHost
        self.extra = extra
    }

    /// Gmail and Workspace. Google's device flow does not cover mail scopes. Without
    /// `access_type=offline` and `prompt=consent` no refresh token comes the second time.
    package static let google = OAuthProvider(
        authorizationURL: "https://accounts.google.com/o/oauth2/v2/auth",
        tokenURL: "https://oauth2.googleapis.com/token", deviceURL: nil,
        scope: "https://mail.google.com/",
        extra: [("access_type", "offline"), ("prompt", "consent")])

    /// Microsoft 365 and Outlook.com. `tenant` is a directory id, or `common`.
    package static func microsoft(tenant: String) -> OAuthProvider {
        let base = "https://login.microsoftonline.com/\(tenant)/oauth2/v2.0"
        return OAuthProvider(
            authorizationURL: base + "/authorize", tokenURL: base + "/token",
            deviceURL: base + "/devicecode",
            scope: "https://outlook.office.com/IMAP.AccessAsUser.All offline_access",
            applicationScope: "https://outlook.office365.com/.default",
            // Its portal takes no other name for this machine, and ignores the port.
            redirectHost: "localhost")
    }

    /// `http://127.0.0.1:PORT`, as providers compare it (RFC 8252 §7.3).
    package func redirectURI(port: UInt16) -> String { "http://\(redirectHost):\(port)" }

    package static func == (left: OAuthProvider, right: OAuthProvider) -> Bool {
        left.authorizationURL == right.authorizationURL && left.tokenURL == right.tokenURL
            && left.deviceURL == right.deviceURL && left.scope == right.scope
            && left.applicationScope == right.applicationScope
            && left.redirectHost == right.redirectHost
            && left.extra.elementsEqual(right.extra) { $0 == $1 }
    }
}

/// The application as the provider knows it.
package struct OAuthApplication: Sendable {
    package var clientID: String
    /// Installed applications of Google have one that is no secret; Microsoft's public ones none.
    package var clientSecret: Secret?
    package var provider: OAuthProvider

    package init(clientID: String, clientSecret: Secret?, provider: OAuthProvider) {
        self.clientID = clientID
        self.clientSecret = clientSecret
        self.provider = provider
    }
}
