// SPDX-License-Identifier: Apache-2.0

import Cryptography
import Foundation
import ScriptedServer
import Synchronization

/// A provider of OAuth 2 that gives tokens, takes them back and tells the mail server which of them
/// are good. Every refresh token can be used once, as strict providers have it.
final class ScriptedProvider: Sendable {
    struct State {
        /// Whose mailbox an access token opens.
        var opens: [String: String] = [:]
        var refresh: String?
        var challenge = ""
        var codes: Set<String> = []
        var issued: [String] = []
        var lifeSeconds = 3600
        var isAway = false
        var givesRefresh = true
        /// Who signs in.
        var person = "inbox"
        var deviceIsDone = false
        /// How often tokens were asked for, by what was shown for them.
        var requests: [String: Int] = [:]
    }

    private let shared: Shared
    private let server: ScriptedServer

    private final class Shared: Sendable { let state = Mutex(State()) }

    init() throws {
        let shared = Shared()
        self.shared = shared
        server = try ScriptedServer { request, _ in
            [shared.state.withLock { Self.answer(request, &$0) }]
        }
    }

    deinit { server.stop() }

    var url: String { server.baseURL }
    /// For `Dovecot`.
    var introspection: String { url + "/introspect?token=" }

    /// The settings of a mailbox that signs in here.
    func settings(_ more: String = "sign_in: person") -> String {
        "provider: other, client_id: app, authorize_url: '\(url)/authorize', scope: mail, "
            + "token_url: '\(url)/token', device_url: '\(url)/device', \(more)"
    }

    func change(_ body: (inout State) -> Void) { shared.state.withLock { body(&$0) } }
    var state: State { shared.state.withLock { $0 } }

    /// The permission is taken back.
    func revoke() {
        change { state in
            state.opens = [:]
            state.refresh = nil
        }
    }

    /// What the browser of the person does with the printed address: where it is sent back to.
    func consent(to address: String) throws -> String {
        let fields = Self.fields(address.split(separator: "?").last.map(String.init) ?? "")
        guard address.hasPrefix(url + "/authorize?"), fields["code_challenge_method"] == "S256",
            let challenge = fields["code_challenge"], let back = fields["redirect_uri"],
            let state = fields["state"]
        else { throw Unexpected(description: address) }
        let code = "code-\(UUID().uuidString)"
        change {
            $0.codes.insert(code)
            $0.challenge = challenge
        }
        return "\(back)/?code=\(code)&state=\(state)"
    }

    struct Unexpected: Error, CustomStringConvertible { let description: String }

    // MARK: - Answers

    private static func answer(
        _ request: ScriptedServer.Request, _ state: inout State
    ) -> ScriptedServer.Step {
        if request.path == "/introspect" {
            let token = fields(request.target.split(separator: "?").last.map(String.init) ?? "")
            let name = state.opens[token["token"] ?? ""]
            return .reply(
                200,
                name.map { #"{"active":true,"username":"\#($0)"}"# } ?? #"{"active":false}"#)
        }
        let form = fields(request.body)
        let grant = form["grant_type"] ?? request.path
        state.requests[grant, default: 0] += 1
        guard !state.isAway else { return .reply(503, "busy") }
        guard form["client_id"] == "app" else { return .reply(401, #"{"error":"invalid_client"}"#) }
        if request.path == "/device" {
            return .reply(
                200,
                #"{"device_code":"d","user_code":"WDJB-MJHT","interval":1,"expires_in":60,"#
                    + #""verification_uri":"https://login.example/device"}"#)
        }
        switch grant {
        case "authorization_code":
            let hash = Base64.encode(Digest.sha256(Array((form["code_verifier"] ?? "").utf8)))
                .replacingOccurrences(of: "+", with: "-")
                .replacingOccurrences(of: "/", with: "_").replacingOccurrences(of: "=", with: "")
            guard state.codes.remove(form["code"] ?? "") != nil, hash == state.challenge else {
                return .reply(400, #"{"error":"invalid_grant"}"#)
            }
        case "refresh_token":
            guard let refresh = state.refresh, form["refresh_token"] == refresh else {
                return .reply(400, #"{"error":"invalid_grant"}"#)
            }
        case "client_credentials":
            guard form["client_secret"] == "app-secret" else {
                return .reply(401, #"{"error":"invalid_client"}"#)
            }
            return tokens(&state, withRefresh: false)
        case "urn:ietf:params:oauth:grant-type:device_code":
            guard state.deviceIsDone else {
                return .reply(400, #"{"error":"authorization_pending"}"#)
            }
        default: return .reply(400, #"{"error":"unsupported_grant_type"}"#)
        }
        return tokens(&state, withRefresh: state.givesRefresh)
    }

    private static func tokens(
        _ state: inout State, withRefresh: Bool
    ) -> ScriptedServer.Step {
        let access = "access-\(UUID().uuidString)"
        state.opens[access] = state.person
        state.issued.append(access)
        var body = #"{"access_token":"\#(access)","expires_in":\#(state.lifeSeconds)"#
        if withRefresh {
            let refresh = "refresh-\(UUID().uuidString)"
            state.refresh = refresh
            state.issued.append(refresh)
            body += #","refresh_token":"\#(refresh)""#
        }
        return .reply(200, body + "}")
    }

    private static func fields(_ query: String) -> [String: String] {
        var fields: [String: String] = [:]
        for pair in query.split(separator: "&") {
            let parts = pair.split(separator: "=", maxSplits: 1).map(String.init)
            fields[parts[0]] = parts.count > 1 ? parts[1].removingPercentEncoding : ""
        }
        return fields
    }
}
