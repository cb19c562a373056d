// SPDX-License-Identifier: Apache-2.0

internal import OAuth

/// How a mailbox signs in without a password, read and checked.
struct OAuthSettings: Sendable {
    enum SignIn: Sendable {
        /// Somebody signs in once: `mutabik login NAME`.
        case person
        /// The application signs in by itself.
        case application
    }

    let provider: OAuthProvider
    let clientID: String
    let clientSecret: SecretSource?
    let signIn: SignIn

    /// - Parameters:
    ///   - mailbox: its name, for messages.
    ///   - path: of the file, for messages.
    init(
        _ section: SettingsSection, mailbox: String, path: String
    ) throws(ConfigurationError) {
        func refuse(_ message: String) -> ConfigurationError {
            ConfigurationError(
                path: path, line: 0, column: 0, message: "mailbox `\(mailbox)`: \(message)")
        }
        clientID = try section.required("client_id", path)
        clientSecret = section.section("client_secret").flatMap(SecretSource.init)
        signIn = section.text("sign_in") == "application" ? .application : .person
        let tenant = try section.required("tenant", path)
        let name = try section.required("provider", path)
        if name != "other", let key = Self.addresses.first(where: { section.text($0) != nil }) {
            throw refuse("`oauth.\(key)` is for provider other; \(name) needs none")
        }
        switch name {
        case "google":
            guard signIn == .person else {
                throw refuse(
                    "Google lets no application into mail by itself; write sign_in: person")
            }
            provider = .google
        case "microsoft":
            guard tenant.utf8.allSatisfy(Self.isTenantSign) else {
                throw refuse("`oauth.tenant` is a directory id or a domain")
            }
            if signIn == .application, Self.sharedTenants.contains(tenant) {
                throw refuse("sign_in application needs your organization's own `oauth.tenant`")
            }
            provider = .microsoft(tenant: tenant)
        default:
            for key in Self.addresses {
                guard let url = section.text(key), key != "scope" else { continue }
                guard Self.isSafe(url) else {
                    throw refuse("`oauth.\(key)` begins with https://")
                }
            }
            provider = OAuthProvider(
                authorizationURL: section.text("authorize_url") ?? "",
                tokenURL: try section.required("token_url", path),
                deviceURL: section.text("device_url"),
                scope: try section.required("scope", path),
                applicationScope: section.text("scope"))
            if signIn == .person, provider.authorizationURL.isEmpty, provider.deviceURL == nil {
                throw refuse("`oauth.authorize_url` or `oauth.device_url` is missing")
            }
        }
        if signIn == .application, clientSecret == nil {
            throw refuse("sign_in application needs `oauth.client_secret`")
        }
    }

    private static let addresses = ["authorize_url", "token_url", "device_url", "scope"]
    /// Microsoft's names for "any directory".
    private static let sharedTenants: Set<String> = ["common", "organizations", "consumers"]

    private static func isTenantSign(_ byte: UInt8) -> Bool {
        switch byte {
        case 48...57, 65...90, 97...122, 45, 46: true
        default: false
        }
    }

    /// Tokens travel there: clear text stays on this machine.
    private static func isSafe(_ url: String) -> Bool {
        url.hasPrefix("https://") || url.hasPrefix("http://127.0.0.1:")
            || url.hasPrefix("http://localhost:")
    }
}
