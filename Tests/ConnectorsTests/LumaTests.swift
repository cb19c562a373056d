// SPDX-License-Identifier: Apache-2.0

import Connectors
import Domain
import Foundation
import ScriptedServer
import Testing
import Wire

@Suite("Luma")
struct LumaTests {
    private func connector(_ server: ScriptedServer) throws -> LumaConnector {
        var settings = LumaConnector.Settings(apiKey: Secret("key-1"))
        settings.baseURL = server.baseURL
        settings.timeout = .seconds(20)
        return LumaConnector(settings: settings, http: try HTTPClient())
    }

    private func perform(
        _ task: EffectTask, _ replies: [String]
    ) async throws -> (String, [ScriptedServer.Request]) {
        let server = try ScriptedServer(
            inOrder: try replies.map { $0 == "lost" ? [.close] : [try reply("luma/\($0)")] })
        defer { server.stop() }
        let outcome = try await connector(server).perform(task)
        return (outcome.summary, server.requests)
    }

    @Test("A waiting guest is read, approved and read again")
    func approve() async throws {
        let (outcome, requests) = try await perform(
            .luma(), ["guest-pending", "ok", "guest-approved"])
        #expect(outcome == "done gst-41")
        #expect(
            requests.map { "\($0.method) \($0.target)" } == [
                "GET /v1/events/guests/get?event_id=evt-7Qp&id=gst-41",
                "POST /v1/events/guests/update-status",
                "GET /v1/events/guests/get?event_id=evt-7Qp&id=gst-41",
            ])
        #expect(requests.allSatisfy { $0.headers["x-luma-api-key"] == "key-1" })
        #expect(
            requests[1].body
                == #"{"event_id":"evt-7Qp","guest_id":"gst-41","send_email":true,"status":"approved"}"#
        )
    }

    @Test("Only an e-mail: the guest is found on the list, and no address holds the e-mail")
    func byEmail() async throws {
        let (outcome, requests) = try await perform(
            .luma(guest: "can@example.org", email: "can@EXAMPLE.org"),
            ["list-1", "list-2", "ok", "guest-approved"])
        #expect(outcome == "done gst-41")
        #expect(requests[1].target.hasSuffix("&pagination_cursor=c%202"))
        #expect(requests.allSatisfy { !$0.target.lowercased().contains("example") })
    }

    @Test(
        "What a read says decides whether anything is written",
        arguments: [
            ("guest-approved", "done gst-41"), ("guest-approved-old-id", "done gst-41"),
            ("guest-declined", "refused luma_declined"),
            ("guest-invited", "refused luma_only_invited"),
            ("guest-session", "refused luma_status_unclear"),
            ("forbidden", "refused luma_403"), ("bad-gateway", "retry luma_5xx"),
            ("challenge", "retry luma_reply_unreadable"), ("ok", "retry luma_reply_unreadable"),
            ("too-many", "retry luma_429 60s"), ("too-many-seconds", "retry luma_429 7s"),
            ("too-many-date", "retry luma_429 90s"), ("lost", "retry luma_connection_lost"),
        ])
    func firstRead(name: String, expected: String) async throws {
        let (outcome, requests) = try await perform(.luma(), [name])
        #expect(outcome == expected)
        #expect(requests.count == 1)
    }

    @Test(
        "Each class of status has its outcome, before the write and at the write",
        arguments: [
            (302, "ask luma_redirect", "ask luma_redirect"),
            (400, "refused luma_4xx", "refused luma_4xx"), (401, "ask luma_401", "ask luma_401"),
            (404, "refused luma_guest_missing", "refused luma_guest_missing"),
            (408, "retry luma_408", "unknown luma_408"),
            (409, "retry luma_409", "unknown luma_409"),
            (429, "retry luma_429 60s", "retry luma_429 60s"),
            (500, "retry luma_5xx", "unknown luma_5xx"),
            (503, "retry luma_5xx", "unknown luma_5xx"),
        ])
    func statuses(status: Int, atRead: String, atWrite: String) async throws {
        let read = try ScriptedServer(inOrder: [[.reply(status, "<html>")]])
        defer { read.stop() }
        #expect(try await connector(read).perform(.luma()).summary == atRead)
        let write = try ScriptedServer(inOrder: [
            [try reply("luma/guest-waitlist")], [.reply(status, "<html>")],
        ])
        defer { write.stop() }
        #expect(try await connector(write).perform(.luma()).summary == atWrite)
    }

    @Test(
        "After the write every doubt is an unknown outcome",
        arguments: [
            (["lost"], "unknown luma_connection_lost"),
            (["ok", "lost"], "unknown luma_connection_lost"),
            (["ok", "bad-gateway"], "unknown luma_5xx"), (["ok", "forbidden"], "unknown luma_403"),
            (["ok", "too-many"], "unknown luma_429"),
            (["ok", "guest-pending"], "unknown luma_not_yet_approved"),
        ])
    func afterWrite(replies: [String], expected: String) async throws {
        let (outcome, _) = try await perform(.luma(), ["guest-pending"] + replies)
        #expect(outcome == expected)
    }

    @Test(
        "Looking again tells done, not there, or nothing yet",
        arguments: [
            ("guest-approved", "done gst-41"), ("guest-pending", "not there"),
            ("guest-waitlist", "not there"), ("guest-declined", "refused luma_declined"),
            ("bad-gateway", "unknown luma_5xx"), ("forbidden", "unknown luma_403"),
            ("too-many", "unknown luma_429"), ("lost", "unknown luma_connection_lost"),
        ])
    func reconcile(name: String, expected: String) async throws {
        let server = try ScriptedServer(
            inOrder: [name == "lost" ? [.close] : [try reply("luma/\(name)")]])
        defer { server.stop() }
        let outcome = try await connector(server).reconcile(.luma(), now: Date())
        #expect(outcome.summary == expected)
        #expect(server.requests.allSatisfy { $0.method == "GET" })
    }

    @Test("A list that says there is more but not where is not acted upon")
    func brokenList() async throws {
        let (outcome, _) = try await perform(
            .luma(guest: nil, email: "can@example.org"), ["list-broken"])
        #expect(outcome == "retry luma_reply_unreadable")
    }

    @Test("Nobody listening is a plain retry")
    func down() async throws {
        let server = try ScriptedServer(inOrder: [])
        server.stop()
        #expect(try await connector(server).perform(.luma()).summary == "retry luma_not_connected")
    }
}
