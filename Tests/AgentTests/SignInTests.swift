// SPDX-License-Identifier: Apache-2.0

import Foundation
import Ledger
import Sandbox
import TestSupport
import Testing
import Wire

/// Signing in without a password, from the command to the mailbox: a provider that is strict, a
/// real Dovecot that asks it about each token, the agent.
@Suite("signing in", .serialized, .timeLimit(.minutes(10)))
struct SignInTests {
    private func site(
        _ provider: ScriptedProvider, mechanisms: String = "xoauth2 oauthbearer",
        _ more: String = "sign_in: person"
    ) async throws -> Site {
        let site = try await Site(
            guests: 3,
            mailbox: Dovecot(introspect: provider.introspection, mechanisms: mechanisms))
        var settings = Site.Settings()
        settings.oauth = provider.settings(more)
        try site.configure(settings)
        return site
    }

    /// Runs `mutabik login` and plays the browser.
    private func signIn(
        _ site: Site, _ provider: ScriptedProvider, pasted: Bool = false
    ) async throws -> Program.End {
        let login = try Program(
            "mutabik",
            ["login", "bank", "--config", site.configurationPath] + (pasted ? ["--paste"] : []),
            in: site.folder, readsInput: pasted)
        func address() -> String? {
            login.output.split(whereSeparator: \.isWhitespace).map(String.init)
                .first { $0.hasPrefix(provider.url) }
        }
        try await eventually("the address is printed") { address() != nil || !login.isRunning }
        let back = try provider.consent(to: try #require(address(), "\(login.errors)"))
        if pasted {
            try login.type(back)
        } else {
            _ = try await HTTPClient().send(HTTPRequest(.get, back), timeout: .seconds(10))
        }
        return try await login.end()
    }

    private func state(_ site: Site) throws -> String? {
        try site.read { try $0.watchState(account: "bank", folder: "INBOX")?.state }
    }

    /// The server ends the session and the agent has to log in again.
    private func dropSession(_ site: Site) async throws {
        try await eventually("a session is there") { !site.mailbox.sessions.isEmpty }
        site.mailbox.signalSessions(SIGKILL)
    }

    @Test(
        "once, the mailbox is watched; a token that ran out is refreshed at the next log-in",
        arguments: ["xoauth2", "oauthbearer"])
    func wholeWay(mechanism: String) async throws {
        let provider = try ScriptedProvider()
        let site = try await site(provider, mechanisms: mechanism)
        let end = try await signIn(site, provider)
        #expect(end.status == 0, "\(end.errors)")
        #expect(end.output.contains("It works: bank opens, 0 mails are in the folder."))
        // From now on every token is old as soon as it is used.
        provider.change { $0.lifeSeconds = 0 }
        let agent = try site.start()
        try site.deliver(0)
        try await eventually("the first guest is served") { try await site.areServed([0]) }
        let refreshes = provider.state.requests["refresh_token"] ?? 0
        #expect(refreshes == 1)
        try await dropSession(site)
        try site.deliver(1)
        try await eventually("the second is served over a new session") {
            try await site.areServed([1])
        }
        #expect(provider.state.requests["refresh_token"] ?? 0 > refreshes)
        // A token that the server does not take any more is replaced before anybody is told.
        provider.change {
            $0.lifeSeconds = 3600
            $0.opens = [:]
        }
        try await dropSession(site)
        try site.deliver(2)
        try await eventually("the third is served") { try await site.areServed([2]) }
        let stopped = try await agent.stop()
        #expect(stopped.status == 0)
        for secret in provider.state.issued {
            #expect(!stopped.errors.contains(secret) && !end.output.contains(secret))
        }
        #expect(!stopped.errors.contains("refused"))
        await site.sandbox.stop()
    }

    @Test("anew is all that helps when the permission is gone, and the agent goes on by itself")
    func revoked() async throws {
        let provider = try ScriptedProvider()
        let site = try await site(provider)
        #expect(try await signIn(site, provider).status == 0)
        let agent = try site.start()
        try await eventually("the folder is watched") { try state(site) == "idling" }
        provider.revoke()
        try await dropSession(site)
        try await eventually("somebody has to sign in") { try state(site) == "signed_out" }
        let asked = provider.state.requests
        let status = try await site.mutabik(["status", "--config", site.configurationPath])
        #expect(status.output.contains("run: mutabik login bank"))
        #expect(agent.errors.contains("mutabik login bank"))
        try site.deliver(0)
        #expect(try await signIn(site, provider, pasted: true).status == 0)
        try await eventually("the guest is served") { try await site.areServed([0]) }
        // The refused token was shown once, the new one once.
        #expect(provider.state.requests["refresh_token"] == (asked["refresh_token"] ?? 0) + 1)
        let refusals = agent.errors.components(separatedBy: "nobody is signed in").count - 1
        #expect(refusals == 1)
        _ = try await agent.stop()
        await site.sandbox.stop()
    }

    @Test("does not help against a provider that is away; it comes back by itself")
    func away() async throws {
        let provider = try ScriptedProvider()
        let site = try await site(provider)
        #expect(try await signIn(site, provider).status == 0)
        provider.change { $0.isAway = true }
        let agent = try site.start()
        try await eventually("the agent waits") { try state(site) == "waiting" }
        provider.change { $0.isAway = false }
        try site.deliver(0)
        try await eventually("the guest is served") { try await site.areServed([0]) }
        #expect(!agent.errors.contains("mutabik login"))
        _ = try await agent.stop()
        await site.sandbox.stop()
    }

    @Test("as somebody else stores nothing, and so does a sign-in that would soon run out")
    func stranger() async throws {
        let provider = try ScriptedProvider()
        let site = try await site(provider)
        provider.change { $0.person = "stranger" }
        let end = try await signIn(site, provider)
        #expect(end.status == 1)
        #expect(end.errors.contains("Did somebody else than inbox sign in?"))
        provider.change {
            $0.person = "inbox"
            $0.givesRefresh = false
        }
        let short = try await signIn(site, provider)
        #expect(short.status == 1)
        #expect(short.errors.contains("the provider gave no refresh token"))
        let tokens = try FileManager.default.contentsOfDirectory(atPath: site.path("state/tokens"))
        #expect(tokens.filter { $0.hasSuffix(".token") }.isEmpty)
        await site.sandbox.stop()
    }

    @Test("on another device shows a code and waits")
    func device() async throws {
        let provider = try ScriptedProvider()
        let site = try await site(provider)
        let login = try Program(
            "mutabik", ["login", "bank", "--device", "--config", site.configurationPath],
            in: site.folder)
        try await eventually("the code is shown") { login.output.contains("WDJB-MJHT") }
        provider.change { $0.deviceIsDone = true }
        let end = try await login.end()
        #expect(end.status == 0, "\(end.errors)")
        await site.sandbox.stop()
    }

    @Test("is the application's own business where it has the right")
    func application() async throws {
        let provider = try ScriptedProvider()
        let site = try await site(
            provider, "sign_in: application, client_secret: {environment: APP_SECRET}")
        let end = try await Program.run(
            "mutabik", ["login", "bank", "--config", site.configurationPath], in: site.folder,
            environment: ["APP_SECRET": "app-secret"])
        #expect(end.status == 0, "\(end.errors)")
        let agent = try site.start(environment: ["APP_SECRET": "app-secret"])
        try site.deliver(0)
        try await eventually("the guest is served") { try await site.areServed([0]) }
        _ = try await agent.stop()
        // Settings that the provider does not accept are no reason to ask it all the time.
        let stranger = try site.start(environment: ["APP_SECRET": "wrong"])
        try await eventually("refused") { try state(site) == "refused" }
        #expect(stranger.errors.contains("invalid_client"))
        _ = try await stranger.stop()
        await site.sandbox.stop()
    }
}
