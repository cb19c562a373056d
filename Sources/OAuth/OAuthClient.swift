// SPDX-License-Identifier: Apache-2.0

package import Cryptography
package import Domain
package import FoundationEssentials
package import Wire

/// The steps of OAuth 2 that lead to a token: each one request to the provider.
package struct OAuthClient: Sendable {
    private let application: OAuthApplication
    private let http: HTTPClient
    private let now: @Sendable () -> Date

    /// Providers answer within two seconds.
    private static let timeout = Duration.seconds(30)

    package init(
        application: OAuthApplication, http: HTTPClient, now: @escaping @Sendable () -> Date
    ) {
        self.application = application
        self.http = http
        self.now = now
    }

    // MARK: - A person signs in (RFC 6749 §4.1 with RFC 7636 and RFC 8252)

    /// One attempt: the address to open, and what its answer is checked with.
    package struct Attempt: Sendable {
        /// To be opened in the browser of the one who owns the mailbox.
        package let url: String
        /// Comes back with the code; another one is somebody else's answer.
        package let state: String
        let verifier: Secret
        let redirectURI: String
    }

    /// - Parameter redirectURI: `OAuthProvider.redirectURI`, where the answer will come to.
    package func begin(
        redirectURI: String, loginHint: String
    ) throws(CryptoError) -> Attempt {
        let verifier = Base64URL.encode(try SecureRandom.bytes(count: 32))
        let state = Base64URL.encode(try SecureRandom.bytes(count: 16))
        let challenge = Base64URL.encode(Digest.sha256(Array(verifier.utf8)))
        let query = FormBody.encode(
            [
                ("client_id", application.clientID), ("redirect_uri", redirectURI),
                ("response_type", "code"), ("scope", application.provider.scope),
                ("state", state), ("code_challenge", challenge),
                ("code_challenge_method", "S256"), ("login_hint", loginHint),
            ] + application.provider.extra)
        return Attempt(
            url: application.provider.authorizationURL + "?" + query, state: state,
            verifier: Secret(verifier), redirectURI: redirectURI)
    }

    /// Turns the code that came back into tokens.
    package func exchange(
        code: Secret, of attempt: Attempt
    ) async throws(OAuthError) -> OAuthTokens {
        try await tokens(
            "exchange code",
            [
                ("grant_type", "authorization_code"), ("code", code.reveal()),
                ("redirect_uri", attempt.redirectURI),
                ("code_verifier", attempt.verifier.reveal()),
            ])
    }

    // MARK: - A person signs in on another device (RFC 8628)

    /// What to show, and how to ask whether it was done.
    package struct DeviceCode: Sendable {
        package let userCode: String
        package let verificationURL: String
        package let expiresAt: Date
        package let interval: Duration
        let deviceCode: Secret
    }

    /// Asks for a code that a person types in on another device.
    ///
    /// - Throws: `.never` when the provider gives no device codes for mail.
    package func beginDevice() async throws(OAuthError) -> DeviceCode {
        guard let url = application.provider.deviceURL else {
            throw OAuthError(
                operation: "device code", cause: "the provider gives none for mail",
                hint: "Sign in through the browser of this machine.", retry: .never)
        }
        let response = try await post(
            "device code", url, [("scope", application.provider.scope)], withSecret: false)
        guard response.status == 200,
            let reply = try? JSONDecoder().decode(DeviceReply.self, from: Data(response.body)),
            let address = reply.verificationURI ?? reply.verificationURL,
            address.hasPrefix("https://") || address.hasPrefix("http://127.0.0.1")
        else { throw refusal("device code", response) }
        return DeviceCode(
            userCode: reply.userCode, verificationURL: address,
            expiresAt: now().addingTimeInterval(reply.expiresIn?.value ?? 900),
            interval: .seconds(max(1, reply.interval?.value ?? 5)),
            deviceCode: Secret(reply.deviceCode))
    }

    /// How the person is getting on.
    package enum DeviceProgress: Sendable {
        case done(OAuthTokens)
        case pending
        /// Ask less often: five seconds more between two questions (RFC 8628 §3.5).
        case slowDown
    }

    /// Asks once whether the person is done; wait `interval` between two questions.
    ///
    /// - Throws: `.signInAgain` when the person refused or the code ran out.
    package func poll(_ device: DeviceCode) async throws(OAuthError) -> DeviceProgress {
        let response = try await post(
            "device code", application.provider.tokenURL,
            [
                ("grant_type", "urn:ietf:params:oauth:grant-type:device_code"),
                ("device_code", device.deviceCode.reveal()),
            ])
        let reply = try? JSONDecoder().decode(TokenReply.self, from: Data(response.body))
        if response.status == 200, let tokens = reply?.tokens(now: now()) { return .done(tokens) }
        switch reply?.error {
        case "authorization_pending": return .pending
        case "slow_down": return .slowDown
        default: throw refusal("device code", response)
        }
    }

    // MARK: - Without a person

    /// A new access token. Providers may give a new refresh token with it: store both at once.
    package func refresh(_ refresh: Secret) async throws(OAuthError) -> OAuthTokens {
        try await tokens(
            "refresh", [("grant_type", "refresh_token"), ("refresh_token", refresh.reveal())],
            previous: refresh)
    }

    /// The application signs in by itself (RFC 6749 §4.4); Microsoft allows it for mailboxes.
    package func signIn() async throws(OAuthError) -> OAuthTokens {
        guard let scope = application.provider.applicationScope else {
            throw OAuthError(
                operation: "client credentials", cause: "the provider does not allow it for mail",
                hint: "Sign in with: mutabik login NAME", retry: .never)
        }
        return try await tokens(
            "client credentials", [("grant_type", "client_credentials"), ("scope", scope)])
    }

    // MARK: - Requests

    private func tokens(
        _ operation: String, _ fields: [(String, String)], previous: Secret? = nil
    ) async throws(OAuthError) -> OAuthTokens {
        let response = try await post(operation, application.provider.tokenURL, fields)
        guard response.status == 200,
            let reply = try? JSONDecoder().decode(TokenReply.self, from: Data(response.body)),
            let tokens = reply.tokens(now: now(), previous: previous)
        else { throw refusal(operation, response) }
        return tokens
    }

    private func post(
        _ operation: String, _ url: String, _ fields: [(String, String)], withSecret: Bool = true
    ) async throws(OAuthError) -> HTTPResponse {
        var all = fields + [("client_id", application.clientID)]
        if withSecret, let secret = application.clientSecret {
            all.append(("client_secret", secret.reveal()))
        }
        let request = HTTPRequest(
            .post, url,
            headers: [
                ("Content-Type", "application/x-www-form-urlencoded"),
                ("Accept", "application/json"),
            ],
            body: Array(FormBody.encode(all).utf8))
        do throws(WireError) {
            return try await http.send(request, timeout: Self.timeout)
        } catch {
            throw OAuthError(
                operation: operation, cause: error.cause, hint: error.hint,
                retry: error.retry == .never ? .never : .later)
        }
    }

    /// RFC 6749 §5.2: the word `error` says what is wrong; the description may be personal.
    private func refusal(_ operation: String, _ response: HTTPResponse) -> OAuthError {
        let reply = try? JSONDecoder().decode(TokenReply.self, from: Data(response.body))
        let known: Set<String> = [
            "invalid_request", "invalid_client", "invalid_grant", "unauthorized_client",
            "unsupported_grant_type", "invalid_scope", "access_denied", "expired_token",
            "interaction_required", "consent_required",
        ]
        let word = reply?.error.flatMap { known.contains($0) ? $0 : nil }
        switch word {
        case "invalid_grant", "interaction_required", "consent_required", "access_denied",
            "expired_token":
            return OAuthError(
                operation: operation, cause: word ?? "",
                hint: "The permission is gone; sign in again with: mutabik login NAME",
                retry: .signInAgain)
        case .some(let word):
            return OAuthError(
                operation: operation, cause: word,
                hint: "Check client_id, client_secret and tenant of the mailbox's oauth settings.",
                retry: .never)
        case nil:
            let mayPass = response.status >= 500 || response.status == 429
            return OAuthError(
                operation: operation, cause: "status \(response.status)",
                hint: mayPass ? "It is tried again." : "Check the addresses of the oauth settings.",
                retry: mayPass ? .later : .never)
        }
    }
}

/// `application/x-www-form-urlencoded`; only unreserved signs stay as they are (RFC 3986 §2.3).
enum FormBody {
    static func encode(_ fields: [(String, String)]) -> String {
        fields.map { "\(escape($0.0))=\(escape($0.1))" }.joined(separator: "&")
    }

    private static func escape(_ text: String) -> String {
        var out: [UInt8] = []
        let digits = Array("0123456789ABCDEF".utf8)
        for byte in text.utf8 {
            switch byte {
            case 48...57, 65...90, 97...122, 45, 46, 95, 126: out.append(byte)
            default: out += [37, digits[Int(byte >> 4)], digits[Int(byte & 15)]]
            }
        }
        return String(decoding: out, as: UTF8.self)
    }
}

/// Base64 for addresses, without padding (RFC 4648 §5).
enum Base64URL {
    static func encode(_ bytes: [UInt8]) -> String {
        let text = Base64.encode(bytes).utf8.compactMap { sign -> UInt8? in
            switch sign {
            case 43: 45
            case 47: 95
            case 61: nil
            default: sign
            }
        }
        return String(decoding: text, as: UTF8.self)
    }
}
