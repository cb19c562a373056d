// SPDX-License-Identifier: Apache-2.0

internal import Dispatch
internal import Domain
internal import FoundationEssentials
internal import Mailbox
internal import OAuth

/// One sign-in at the terminal: permission, a look whether the mailbox opens, the vault.
struct SignIn {
    /// How the permission comes back.
    enum Way {
        case browser(port: UInt16)
        case pasted
        case device
    }

    let live: LiveWorld
    let mailbox: Configuration.Mailbox
    let settings: OAuthSettings
    let language: Language

    /// As long as somebody may need for a password, a second factor and the consent.
    private static let patienceSeconds = 600
    /// Where nothing listens: the browser shows an error, and the address to be copied.
    private static let pastedPort: UInt16 = 8765
    /// RFC 8628 §3.5.
    private static let slowDown = Duration.seconds(5)

    func run(_ way: Way) async throws {
        let client = try live.oauthClient(settings)
        if settings.signIn == .application {
            let tokens = try await client.signIn()
            return try await tryOut(tokens.access)
        }
        let vault = try live.vault()
        let tokens =
            switch way {
            case .browser(let port): try await throughBrowser(client, port)
            case .pasted: try await pasted(client)
            case .device: try await onDevice(client)
            }
        guard let refresh = tokens.refresh else {
            throw OAuthError(
                operation: "sign in", cause: "the provider gave no refresh token",
                hint: "Within the hour the agent would be locked out, so nothing was stored. "
                    + withoutRefresh,
                retry: .never)
        }
        try await tryOut(tokens.access) {
            try vault.store(refresh, of: mailbox.name)
        }
    }

    private var withoutRefresh: String {
        settings.provider == .google
            ? "Remove the application at https://myaccount.google.com/connections and sign in again."
            : "Ask for offline access in `oauth.scope` (often: offline_access) and sign in again."
    }

    // MARK: - Permission

    private func throughBrowser(
        _ client: OAuthClient, _ port: UInt16
    ) async throws -> OAuthTokens {
        try needsAuthorizationURL()
        let redirect = try LoopbackRedirect(port: port)
        let attempt = try begin(client, port: redirect.port)
        tell(
            "Waiting for the browser to come back to port \(redirect.port) of this machine.",
            "Tarayıcının bu makinenin \(redirect.port) numaralı kapısına dönmesi bekleniyor.")
        let answer = await redirect.answer(to: attempt.state, within: Self.patienceSeconds)
        return try await exchange(answer, of: attempt, client)
    }

    private func pasted(_ client: OAuthClient) async throws -> OAuthTokens {
        try needsAuthorizationURL()
        let attempt = try begin(client, port: Self.pastedPort)
        tell(
            "At the end the browser shows that it cannot reach \(settings.provider.redirectHost). "
                + "Copy the address it shows and paste it here:",
            "Sonunda tarayıcı \(settings.provider.redirectHost) adresine ulaşamadığını söyler. "
                + "Gösterdiği adresi kopyalayıp buraya yapıştırın:")
        guard let line = await Self.line(),
            let answer = LoopbackRedirect.answer(pasted: line, to: attempt.state)
        else {
            throw OAuthError(
                operation: "sign in", cause: "that address is no answer to this attempt",
                hint: "Begin again and copy the whole address.", retry: .signInAgain)
        }
        return try await exchange(answer, of: attempt, client)
    }

    private func begin(_ client: OAuthClient, port: UInt16) throws -> OAuthClient.Attempt {
        let attempt = try client.begin(
            redirectURI: settings.provider.redirectURI(port: port), loginHint: mailbox.user)
        tell(
            "Open this address in the browser of the one who owns \(mailbox.user):",
            "\(mailbox.user) sahibinin tarayıcısında şu adresi açın:")
        Terminal.line("\n  \(attempt.url)\n")
        return attempt
    }

    private func exchange(
        _ answer: LoopbackRedirect.Answer, of attempt: OAuthClient.Attempt, _ client: OAuthClient
    ) async throws -> OAuthTokens {
        switch answer {
        case .code(let code): return try await client.exchange(code: code, of: attempt)
        case .refused(let word):
            throw OAuthError(
                operation: "sign in", cause: "the provider says \(word)",
                hint: word == "access_denied"
                    ? "The permission was declined, or the organization's administrator has to give it."
                    : "Check the application's registration: redirect address, scope, account types.",
                retry: .signInAgain)
        case .timedOut:
            throw OAuthError(
                operation: "sign in", cause: "the browser did not come back",
                hint: "Does it run on another machine? Use --paste or --device.", retry: .later)
        }
    }

    private func onDevice(_ client: OAuthClient) async throws -> OAuthTokens {
        let device = try await client.beginDevice()
        tell(
            "Open \(device.verificationURL) on any device and type in the code",
            "Herhangi bir cihazda \(device.verificationURL) adresini açıp şu kodu girin:")
        Terminal.line("\n  \(device.userCode)\n")
        var gap = device.interval
        while Date() < device.expiresAt {
            try await Task.sleep(for: gap)
            do throws(OAuthError) {
                switch try await client.poll(device) {
                case .done(let tokens): return tokens
                case .pending: continue
                case .slowDown: gap += Self.slowDown
                }
            } catch {
                // RFC 8628 §3.5: what the network broke is asked again, less often.
                guard error.retry == .later else { throw error }
                gap += Self.slowDown
            }
        }
        throw OAuthError(
            operation: "sign in", cause: "the code ran out", hint: "Begin again.",
            retry: .signInAgain)
    }

    private func needsAuthorizationURL() throws(OAuthError) {
        guard settings.provider.authorizationURL.isEmpty else { return }
        throw OAuthError(
            operation: "sign in", cause: "`oauth.authorize_url` is not set",
            hint: "Use --device.", retry: .never)
    }

    // MARK: - The mailbox

    /// Opens the mailbox with the new token. One that it refuses is not stored: the agent would
    /// take it up. When the mailbox is away, the permission is kept all the same.
    private func tryOut(_ token: Secret, store: () throws -> Void = {}) async throws {
        let visit = MailboxVisit(live.account(mailbox, .tokens(FreshToken(token: token))))
        var failure: MailboxVisit.Failure?
        var count = 0
        do throws(MailboxVisit.Failure) { count = try await visit.tryOut() } catch {
            failure = error
        }
        if let failure, failure.trouble == .credentials {
            throw OAuthError(
                operation: "log in", cause: failure.reason,
                hint: "The permission was given, but this mailbox does not take it; nothing was "
                    + "stored. " + whyRefused, retry: .signInAgain)
        }
        try store()
        if let failure {
            throw OAuthError(
                operation: "log in", cause: failure.reason,
                hint: "The permission is there, but the mailbox could not be tried. The agent goes "
                    + "on trying.", retry: .later)
        }
        tell(
            "It works: \(mailbox.name) opens, \(count) mails are in the folder.",
            "Oldu: \(mailbox.name) açılıyor, klasörde \(count) e-posta var.")
    }

    private var whyRefused: String {
        switch settings.signIn {
        case .person: "Did somebody else than \(mailbox.user) sign in? Is IMAP switched on there?"
        case .application:
            "Is the service principal registered in Exchange, with access to \(mailbox.user)?"
        }
    }

    private func tell(_ english: String, _ turkish: String) {
        Terminal.line(language.pick(english, turkish))
    }

    /// A line of standard input, read where it holds up no task.
    private static func line() async -> String? {
        await withCheckedContinuation { continuation in
            DispatchQueue(label: "login.paste").async {
                continuation.resume(returning: readLine())
            }
        }
    }
}
