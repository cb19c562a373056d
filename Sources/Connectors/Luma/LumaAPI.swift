// SPDX-License-Identifier: Apache-2.0

import Domain
import FoundationEssentials
import Wire

/// The three calls of Luma's public API that approving needs, and what their failures mean.
///
/// Source: https://public-api.luma.com/openapi.json (routes of summer 2026).
struct LumaAPI: Sendable {
    /// Why a call brought no result, before it is known whether that call was a read or a write.
    enum Failure: Error {
        case wire(WireError)
        case status(Int, retryAfter: Duration)
        case malformed
    }

    struct Guest: Decodable {
        let id: String?
        let apiID: String?
        let userEmail: String?
        let approvalStatus: String?

        enum CodingKeys: String, CodingKey {
            case id
            case apiID = "api_id"
            case userEmail = "user_email"
            case approvalStatus = "approval_status"
        }

        var identifier: String? { id ?? apiID }
    }

    private struct Page: Decodable {
        let entries: [Guest]
        let hasMore: Bool?
        let nextCursor: String?

        enum CodingKeys: String, CodingKey {
            case entries
            case hasMore = "has_more"
            case nextCursor = "next_cursor"
        }
    }

    private struct StatusUpdate: Encodable {
        let eventID: String
        let guestID: String
        let status: String
        let sendEmail: Bool

        enum CodingKeys: String, CodingKey {
            case eventID = "event_id"
            case guestID = "guest_id"
            case status
            case sendEmail = "send_email"
        }
    }

    /// Luma locks out for about a minute; `Retry-After` is not documented but some see it.
    private static let lockOut: Duration = .seconds(60)
    private static let pageSize = 100
    /// 5,000 guests of one event. A list that goes on is a server that repeats itself.
    private static let pagesMax = 50

    let settings: LumaConnector.Settings
    let http: HTTPClient

    func guest(_ id: String, event: String) async throws(Failure) -> Guest {
        let query = "event_id=\(event.percentEncoded)&id=\(id.percentEncoded)"
        let guest = try await read(Guest.self, "/v1/events/guests/get?" + query)
        guard guest.approvalStatus != nil else { throw .malformed }
        return guest
    }

    /// The guest with this e-mail; nil when the whole list does not hold it.
    ///
    /// The list is searched here, because an e-mail in an address ends up in access logs.
    func findGuest(email: String, event: String) async throws(Failure) -> Guest? {
        let wanted = email.lowercased()
        var cursor: String?
        for _ in 0..<Self.pagesMax {
            var path =
                "/v1/events/guests/list?event_id=\(event.percentEncoded)"
                + "&sort_column=registered_at&sort_direction=asc&pagination_limit=\(Self.pageSize)"
            if let cursor { path += "&pagination_cursor=\(cursor.percentEncoded)" }
            let page = try await read(Page.self, path)
            if let found = page.entries.first(where: { $0.userEmail?.lowercased() == wanted }) {
                return found
            }
            guard page.hasMore == true else { return nil }
            // More without a new cursor would be the same page again: not a list to act on.
            guard let next = page.nextCursor, next != cursor else { throw .malformed }
            cursor = next
        }
        throw .malformed
    }

    /// The reply does not carry the new status; read the guest to see it.
    func approve(_ id: String, event: String) async throws(Failure) {
        try await set("approved", id, event: event, sendsEmail: settings.sendsEmail)
    }

    /// Puts an approved guest back among those who wait. Luma writes no mail about it: why, only
    /// the organizer can tell.
    func unapprove(_ id: String, event: String) async throws(Failure) {
        try await set("pending_approval", id, event: event, sendsEmail: false)
    }

    private func set(
        _ status: String, _ id: String, event: String, sendsEmail: Bool
    ) async throws(Failure) {
        let body = StatusUpdate(
            eventID: event, guestID: id, status: status, sendEmail: sendsEmail)
        _ = try await exchange(.post, "/v1/events/guests/update-status", encodeBody(body))
    }

    private func read<Reply: Decodable>(
        _ type: Reply.Type, _ path: String
    ) async throws(Failure) -> Reply {
        let response = try await exchange(.get, path, [])
        guard let reply = decodeReply(type, from: response.body) else { throw .malformed }
        return reply
    }

    private func exchange(
        _ method: HTTPRequest.Method, _ path: String, _ body: [UInt8]
    ) async throws(Failure) -> HTTPResponse {
        var headers = [
            (name: "x-luma-api-key", value: settings.apiKey.reveal()),
            (name: "Accept", value: "application/json"),
        ]
        if method == .post { headers.append(("Content-Type", "application/json")) }
        let request = HTTPRequest(method, settings.baseURL + path, headers: headers, body: body)
        let response: HTTPResponse
        do {
            response = try await http.send(request, timeout: settings.timeout)
        } catch {
            throw .wire(error)
        }
        guard (200...299).contains(response.status) else {
            throw .status(
                response.status, retryAfter: response.retryAfter(otherwise: Self.lockOut))
        }
        return response
    }
}
