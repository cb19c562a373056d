// SPDX-License-Identifier: Apache-2.0

import Foundation
import Sandbox
import Wire

/// What the stand-ins for Luma and Netgsm have seen.
struct SandboxState: Decodable {
    struct Guest: Decodable {
        let status: String
        /// How often the guest became approved.
        let approvals: Int
        let updateCalls: Int
    }

    struct Message: Decodable {
        let text: String
        let reference: String?
    }

    struct Request: Decodable {
        let place: String?
        let status: Int
        let fault: String?
        let subject: String?
    }

    let guests: [String: Guest]
    /// By phone.
    let messages: [String: [Message]]
    let requests: [Request]
    let effects: [String: Int]

    /// The places of the requests, in their order: `luma.get`, `luma.update-status` …
    var places: [String] { requests.compactMap(\.place) }
}

extension RunningSandbox {
    func look() async throws -> SandboxState {
        let decoder = JSONDecoder()
        decoder.keyDecodingStrategy = .convertFromSnakeCase
        return try decoder.decode(SandboxState.self, from: Data(await server.state().utf8))
    }

    /// Lets the next calls of a place meet a misfortune.
    func arm(_ place: String, _ fault: String, count: Int = 1, seconds: Double = 0) async throws {
        let body = """
            {"where":"\(place)","fault":"\(fault)","count":\(count),"seconds":\(seconds)}
            """
        let request = HTTPRequest(
            .post, url + "/sandbox/faults", headers: [("Content-Type", "application/json")],
            body: Array(body.utf8))
        let reply = try await HTTPClient().send(request, timeout: .seconds(10))
        guard reply.status == 200 else {
            throw TooLate(description: String(decoding: reply.body, as: UTF8.self))
        }
    }
}
