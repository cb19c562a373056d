// SPDX-License-Identifier: Apache-2.0

import Cryptography
import Dispatch
import Domain
import FoundationEssentials
import Glibc
import ScriptedServer
import Synchronization
import Testing
import Wire

@testable import OAuth

/// A provider on loopback that checks what it is sent, as RFC 6749 and 7636 say.
private struct Provider {
    let server: ScriptedServer
    let clock: TestClock

    init(_ answer: @escaping @Sendable ([String: String], Int) -> (Int, String)) throws {
        server = try ScriptedServer { request, count in
            let fields = LoopbackRedirect.fields(of: "/?" + request.body)
            let (status, body) = answer(fields, count)
            return [.reply(status, body)]
        }
        clock = TestClock()
    }

    func client(secret: Secret? = Secret("app-secret")) throws -> OAuthClient {
        let provider = OAuthProvider(
            authorizationURL: server.baseURL + "/auth", tokenURL: server.baseURL + "/token",
            deviceURL: server.baseURL + "/device", scope: "mail", applicationScope: "app/.default",
            extra: [("prompt", "consent")])
        let clock = clock
        return OAuthClient(
            application: OAuthApplication(
                clientID: "client", clientSecret: secret, provider: provider),
            http: try HTTPClient(), now: { clock.now })
    }
}

private final class TestClock: Sendable {
    private let value = Mutex(Date(timeIntervalSince1970: 1_795_000_000))
    var now: Date { value.withLock { $0 } }
    func advance(_ seconds: Double) { value.withLock { $0 += seconds } }
}

@Suite("OAuth")
struct OAuthTests {
    @Test("The code is exchanged with the verifier whose hash stood in the address")
    func authorizationCode() async throws {
        let challenge = Mutex("")
        let provider = try Provider { fields, _ in
            let verifier = fields["code_verifier"] ?? ""
            let hash = Base64URL.encode(Digest.sha256(Array(verifier.utf8)))
            guard fields["grant_type"] == "authorization_code", fields["code"] == "c/o+de",
                fields["client_id"] == "client", fields["client_secret"] == "app-secret",
                fields["redirect_uri"] == "http://127.0.0.1:1/",
                hash == challenge.withLock({ $0 })
            else { return (400, #"{"error":"invalid_grant"}"#) }
            return (200, #"{"access_token":"a1","expires_in":3600,"refresh_token":"r1"}"#)
        }
        defer { provider.server.stop() }
        let client = try provider.client()
        let attempt = try client.begin(
            redirectURI: "http://127.0.0.1:1/", loginHint: "kasa@example.org")
        let query = try #require(attempt.url.split(separator: "?").last)
        let fields = LoopbackRedirect.fields(of: "/?" + query)
        #expect(fields["code_challenge_method"] == "S256")
        #expect(fields["login_hint"] == "kasa@example.org")
        #expect(fields["state"] == attempt.state)
        #expect(fields["prompt"] == "consent")
        challenge.withLock { $0 = fields["code_challenge"] ?? "" }
        let tokens = try await client.exchange(code: Secret("c/o+de"), of: attempt)
        #expect(tokens.access.reveal() == "a1")
        #expect(tokens.refresh?.reveal() == "r1")
        #expect(tokens.expiresAt == provider.clock.now + 3600)
        #expect(!attempt.url.contains(attempt.verifier.reveal()))
    }

    @Test(
        "A refusal says whether waiting, signing in again or other settings help",
        arguments: [
            (
                400, #"{"error":"invalid_grant","error_description":"kasa@example.org"}"#,
                OAuthError.Retry.signInAgain
            ),
            (401, #"{"error":"invalid_client"}"#, .never),
            (400, #"{"error":"made_up_word kasa@example.org"}"#, .never),
            (503, "<html>busy</html>", .later),
            (429, "{}", .later),
            (200, #"{"token_type":"Bearer"}"#, .never),
            (200, "not json", .never),
        ])
    func refusals(status: Int, body: String, retry: OAuthError.Retry) async throws {
        let provider = try Provider { _, _ in (status, body) }
        defer { provider.server.stop() }
        let client = try provider.client()
        let error = await #expect(throws: OAuthError.self) {
            try await client.refresh(Secret("r1"))
        }
        #expect(error?.retry == retry)
        #expect(error?.description.contains("kasa@example.org") == false)
        #expect(error?.description.contains("r1") == false)
    }

    @Test("A device code is asked for until the person is done, slower when told so")
    func deviceCode() async throws {
        let provider = try Provider { fields, count in
            switch count {
            case 0:
                let reply =
                    #"{"device_code":"d","user_code":"WDJB-MJHT","expires_in":"900","#
                    + #""verification_uri":"https://login.example/device","interval":7}"#
                return fields["client_secret"] == nil ? (200, reply) : (400, "{}")
            case 1: return (400, #"{"error":"authorization_pending"}"#)
            case 2: return (400, #"{"error":"slow_down"}"#)
            default:
                let isRight =
                    fields["device_code"] == "d"
                    && fields["grant_type"] == "urn:ietf:params:oauth:grant-type:device_code"
                return isRight ? (200, #"{"access_token":"a","expires_in":60}"#) : (400, "{}")
            }
        }
        defer { provider.server.stop() }
        let client = try provider.client()
        let device = try await client.beginDevice()
        #expect(device.userCode == "WDJB-MJHT")
        #expect(device.interval == .seconds(7))
        guard case .pending = try await client.poll(device) else {
            Issue.record("not pending")
            return
        }
        guard case .slowDown = try await client.poll(device) else {
            Issue.record("not slower")
            return
        }
        guard case .done(let tokens) = try await client.poll(device) else {
            Issue.record("not done")
            return
        }
        #expect(tokens.access.reveal() == "a")
    }

    @Test("An access token is used for three quarters of its life, then renewed once for all")
    func renewal() async throws {
        let provider = try Provider { fields, count in
            let expected = count == 0 ? "r0" : "r\(count)"
            guard fields["refresh_token"] == expected else {
                return (400, #"{"error":"invalid_grant"}"#)
            }
            return (
                200,
                #"{"access_token":"a\#(count)","expires_in":1000,"refresh_token":"r\#(count + 1)"}"#
            )
        }
        defer { provider.server.stop() }
        let folder = try Folder()
        let vault = try TokenVault(folder: folder.path, masterKey: .random())
        try vault.store(Secret("r0"), of: "bank")
        let clock = provider.clock
        let tokens = AccessTokens(
            client: try provider.client(), source: .vault(vault, account: "bank"),
            now: { clock.now })
        async let first = tokens.token()
        async let second = tokens.token()
        let both = try await [first.reveal(), second.reveal()]
        #expect(both == ["a0", "a0"])
        #expect(provider.server.requests.count == 1)
        clock.advance(749)
        #expect(try await tokens.token().reveal() == "a0")
        clock.advance(2)
        #expect(try await tokens.token().reveal() == "a1")
        #expect(try vault.refreshToken(of: "bank")?.reveal() == "r2")
        // The server refused it although it should be good.
        #expect(try await tokens.token(insteadOf: Secret("a1")).reveal() == "a2")
    }

    @Test("While the provider is away, what is left of a token's life is used")
    func providerAway() async throws {
        let provider = try Provider { _, count in
            count == 0
                ? (200, #"{"access_token":"a0","expires_in":1000,"refresh_token":"r1"}"#)
                : (503, "busy")
        }
        defer { provider.server.stop() }
        let folder = try Folder()
        let vault = try TokenVault(folder: folder.path, masterKey: .random())
        try vault.store(Secret("r0"), of: "bank")
        let clock = provider.clock
        let tokens = AccessTokens(
            client: try provider.client(), source: .vault(vault, account: "bank"),
            now: { clock.now })
        #expect(try await tokens.token().reveal() == "a0")
        clock.advance(900)
        #expect(try await tokens.token().reveal() == "a0")
        // One that the server has refused is not shown again.
        let refused = await #expect(throws: OAuthError.self) {
            try await tokens.token(insteadOf: Secret("a0"))
        }
        #expect(refused?.retry == .later)
        clock.advance(101)
        let over = await #expect(throws: OAuthError.self) { try await tokens.token() }
        #expect(over?.retry == .later)
    }

    @Test("A refused permission is shown to the provider once, until somebody signs in")
    func refusedOnce() async throws {
        let provider = try Provider { fields, _ in
            fields["refresh_token"] == "r1"
                ? (200, #"{"access_token":"a1","expires_in":1000}"#)
                : (400, #"{"error":"invalid_grant"}"#)
        }
        defer { provider.server.stop() }
        let folder = try Folder()
        let vault = try TokenVault(folder: folder.path, masterKey: .random())
        try vault.store(Secret("r0"), of: "bank")
        let clock = provider.clock
        let tokens = AccessTokens(
            client: try provider.client(), source: .vault(vault, account: "bank"),
            now: { clock.now })
        let stamp = tokens.stamp
        for _ in 1...3 {
            let error = await #expect(throws: OAuthError.self) { try await tokens.token() }
            #expect(error?.retry == .signInAgain)
            #expect(error?.hint.hasSuffix("mutabik login bank") == true)
        }
        #expect(provider.server.requests.count == 1)
        #expect(tokens.stamp == stamp)
        // As another process does it.
        try vault.store(Secret("r1"), of: "bank")
        #expect(tokens.stamp != stamp)
        #expect(try await tokens.token().reveal() == "a1")
        #expect(provider.server.requests.count == 2)
    }

    @Test("Somebody who signs in while a token is refreshed is not overwritten")
    func signInMeanwhile() async throws {
        let folder = try Folder()
        let vault = try TokenVault(folder: folder.path, masterKey: .random())
        try vault.store(Secret("r0"), of: "bank")
        let provider = try Provider { fields, _ in
            guard fields["refresh_token"] == "r0" else {
                return (200, #"{"access_token":"theirs","expires_in":1000}"#)
            }
            // The other process is quicker than this answer.
            do { try vault.store(Secret("s0"), of: "bank") } catch { return (500, "\(error)") }
            return (200, #"{"access_token":"ours","expires_in":1000,"refresh_token":"r1"}"#)
        }
        defer { provider.server.stop() }
        let clock = provider.clock
        let tokens = AccessTokens(
            client: try provider.client(), source: .vault(vault, account: "bank"),
            now: { clock.now })
        #expect(try await tokens.token().reveal() == "theirs")
        #expect(try vault.refreshToken(of: "bank")?.reveal() == "s0")
    }

    @Test("A new refresh token that cannot be stored is used by nobody, and not lost")
    func unstored() async throws {
        let provider = try Provider { fields, _ in
            switch fields["refresh_token"] {
            case "r0": (200, #"{"access_token":"a0","expires_in":1000,"refresh_token":"r1"}"#)
            case "r1": (200, #"{"access_token":"a1","expires_in":1000,"refresh_token":"r1"}"#)
            default: (400, #"{"error":"invalid_grant"}"#)
            }
        }
        defer { provider.server.stop() }
        let folder = try Folder()
        let vault = try TokenVault(folder: folder.path, masterKey: .random())
        try vault.store(Secret("r0"), of: "bank")
        let name = try #require(
            FileManager.default.contentsOfDirectory(atPath: folder.path).first)
        // A folder where the file beside should be written.
        let obstacle = folder.path + "/" + name + ".new"
        try FileManager.default.createDirectory(
            atPath: obstacle, withIntermediateDirectories: true)
        let clock = provider.clock
        let tokens = AccessTokens(
            client: try provider.client(), source: .vault(vault, account: "bank"),
            now: { clock.now })
        let error = await #expect(throws: OAuthError.self) { try await tokens.token() }
        #expect(error?.retry == .later)
        try FileManager.default.removeItem(atPath: obstacle)
        #expect(try await tokens.token().reveal() == "a1")
        #expect(try vault.refreshToken(of: "bank")?.reveal() == "r1")
    }

    @Test("Without a signed-in person the error says what to type")
    func nobodySignedIn() async throws {
        let provider = try Provider { _, _ in (500, "") }
        defer { provider.server.stop() }
        let folder = try Folder()
        let vault = try TokenVault(folder: folder.path, masterKey: .random())
        let tokens = AccessTokens(
            client: try provider.client(), source: .vault(vault, account: "bank"), now: { Date() })
        let error = await #expect(throws: OAuthError.self) { try await tokens.token() }
        #expect(error?.hint == "Sign in with: mutabik login bank")
        #expect(provider.server.requests.isEmpty)
    }

    @Test("The application signs in by itself where the provider allows it")
    func clientCredentials() async throws {
        let provider = try Provider { fields, _ in
            fields["grant_type"] == "client_credentials" && fields["scope"] == "app/.default"
                ? (200, #"{"access_token":"app","expires_in":"3599"}"#) : (400, "{}")
        }
        defer { provider.server.stop() }
        let tokens = AccessTokens(
            client: try provider.client(), source: .application, now: { Date() })
        #expect(try await tokens.token().reveal() == "app")
    }

    @Test("The vault keeps tokens sealed, opens them with its key only, and replaces them whole")
    func vault() throws {
        let folder = try Folder()
        let key = try SealingKey.random()
        let vault = try TokenVault(folder: folder.path, masterKey: key)
        #expect(try vault.refreshToken(of: "bank") == nil)
        try vault.store(Secret("refresh-one"), of: "bank")
        try vault.store(Secret("refresh-two"), of: "bank")
        try vault.store(Secret("other"), of: "kasa@example.org")
        #expect(try vault.refreshToken(of: "bank")?.reveal() == "refresh-two")
        let names = try FileManager.default.contentsOfDirectory(atPath: folder.path)
        #expect(names.count == 2)
        for name in names {
            let data = try #require(FileManager.default.contents(atPath: folder.path + "/" + name))
            #expect(!String(decoding: data, as: UTF8.self).contains("refresh"))
            #expect(!name.contains("kasa"))
        }
        let stranger = try TokenVault(folder: folder.path, masterKey: .random())
        #expect(throws: OAuthError.self) { try stranger.refreshToken(of: "bank") }
    }
}

@Suite("The way back from the browser")
struct LoopbackRedirectTests {
    @Test("Noise is answered and passed over until the code comes")
    func code() async throws {
        let redirect = try LoopbackRedirect()
        let port = redirect.port
        async let waiting = redirect.answer(to: "s1", within: 20)
        #expect(try await talk(port, "GET /favicon.ico HTTP/1.1\r\n\r\n").contains("404"))
        #expect(try await talk(port, "POST /?code=x&state=y HTTP/1.1\r\n\r\n").contains("404"))
        #expect(
            try await talk(port, "GET /?code=a&code=b&state=y HTTP/1.1\r\n\r\n").contains("404"))
        #expect(try await talk(port, "\u{0}\u{1}nonsense\r\n").contains("404"))
        // Of another attempt, or forged.
        #expect(try await talk(port, "GET /?code=x&state=s2 HTTP/1.1\r\n\r\n").contains("404"))
        #expect(try await talk(port, "GET /?error=x&state=s2 HTTP/1.1\r\n\r\n").contains("404"))
        #expect(
            try await talk(port, "GET /?code=4%2F0A+b&state=s1 HTTP/1.1\r\n\r\n").contains("200"))
        guard case .code(let code) = await waiting else {
            Issue.record("no code")
            return
        }
        #expect(code.reveal() == "4/0A b")
    }

    @Test(
        "An address that is pasted is read like one that came by itself",
        arguments: [
            ("http://127.0.0.1:8765/?code=c%2F1&state=s&scope=mail", "c/1"),
            (" http://localhost:8765/?state=s&code=c1 ", "c1"),
            ("http://127.0.0.1:8765/?code=c1&state=other", nil),
            ("http://127.0.0.1:8765/?code=&state=s", nil),
            ("code=c1&state=s", nil),
            ("", nil),
        ])
    func pasted(address: String, code: String?) {
        if case .code(let found)? = LoopbackRedirect.answer(pasted: address, to: "s") {
            #expect(found.reveal() == code)
        } else {
            #expect(code == nil)
        }
    }

    @Test("A refusal is told by its word alone")
    func refusal() async throws {
        let redirect = try LoopbackRedirect()
        let port = redirect.port
        async let waiting = redirect.answer(to: "s", within: 20)
        _ = try await talk(port, "GET /?error=access_denied%0A<b>&state=s HTTP/1.1\r\n\r\n")
        guard case .refused(let word) = await waiting else {
            Issue.record("not refused")
            return
        }
        #expect(word == "access_deniedb")
    }
}

/// A folder that is gone at the end of the test.
private final class Folder {
    let path: String

    init() throws {
        path = FileManager.default.temporaryDirectory.path + "/vault-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }
}

/// Sends a request to a port of this machine and returns the reply. On a thread of its own: two
/// tests that block would leave no thread for those who answer.
private func talk(_ port: UInt16, _ request: String) async throws -> String {
    try await withCheckedThrowingContinuation { continuation in
        DispatchQueue(label: "talk").async {
            continuation.resume(with: Result { try exchange(port, request) })
        }
    }
}

private func exchange(_ port: UInt16, _ request: String) throws -> String {
    let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    defer { close(descriptor) }
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = port.bigEndian
    address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
    let code = withUnsafePointer(to: &address) { pointer in
        pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
            connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
        }
    }
    try #require(code == 0)
    let bytes = Array(request.utf8)
    try #require(send(descriptor, bytes, bytes.count, Int32(MSG_NOSIGNAL)) == bytes.count)
    var reply: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 4096)
    while true {
        let count = recv(descriptor, &buffer, buffer.count, 0)
        guard count > 0 else { return String(decoding: reply, as: UTF8.self) }
        reply += buffer.prefix(count)
    }
}
