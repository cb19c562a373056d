// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import Sandbox

@Suite("Luma's stand-in")
struct LumaTests {
    @Test("The key is checked before anything else")
    func keyIsChecked() async throws {
        try await Fixture.run { client in
            let refused = await client.get("/v1/users/get-self", headers: ["x-luma-api-key": "no"])
            #expect(refused.status == 401)
            #expect(refused.json?["code"] == .null)
            let own = await client.get("/v1/users/get-self", headers: Fixture.luma)
            #expect(own.status == 200)
            #expect(own.json?["email"]?.string == "ada@example.org")
        }
    }

    @Test("An unknown event answers 403, an unknown guest 404, an old route 404")
    func unknownThings() async throws {
        try await Fixture.run { client in
            let event = await client.get("/v1/events/get?event_id=evt-9", headers: Fixture.luma)
            #expect(event.status == 403)
            #expect(event.body == #"{"code":null,"message":"no access to this event"}"#)
            let guest = await client.get(
                "/v1/events/guests/get?event_id=evt-1&id=gst-9", headers: Fixture.luma)
            #expect(guest.status == 404)
            let old = await client.get("/v1/event/get?id=evt-1", headers: Fixture.luma)
            #expect(old.status == 404)
        }
    }

    @Test(
        "A guest is found by id, guest key, ticket key and e-mail address",
        arguments: ["gst-1", "g-1", "tkt-1", "elif%40example.org"])
    func guestIsFound(id: String) async throws {
        try await Fixture.run { client in
            let reply = await client.get(
                "/v1/events/guests/get?event_id=evt-1&id=\(id)", headers: Fixture.luma)
            #expect(reply.json?["id"]?.string == "gst-1")
            #expect(reply.json?["approval_status"]?.string == "pending_approval")
            #expect(reply.json?["event_ticket_orders"]?.array == [])
        }
    }

    @Test("Approving twice is one approval and two calls")
    func approvingTwice() async throws {
        try await Fixture.run { client in
            for _ in 1...2 {
                let reply = await client.post(
                    Fixture.updatePath, Fixture.approval(), headers: Fixture.luma)
                #expect(reply.status == 200)
                #expect(reply.body == "{}")
            }
            let state = await client.get("/sandbox/state").json
            #expect(state?["guests"]?["gst-1"]?["approvals"]?.int == 1)
            #expect(state?["guests"]?["gst-1"]?["update_calls"]?.int == 2)
            #expect(state?["guests"]?["gst-1"]?["mails"]?.int == 0)
            #expect(state?["effects"]?["guests_approved_twice"]?.int == 0)
            let event = await client.get("/v1/events/get?event_id=evt-1", headers: Fixture.luma)
            #expect(event.json?["guest_counts"]?["approved"]?["guests"]?.int == 1)
            #expect(event.json?["guest_counts"]?["waitlist"]?["guests"]?.int == 1)
        }
    }

    @Test(
        "A malformed update is refused and changes nothing",
        arguments: [
            ["status": "invited"], ["status": "session"], ["status": nil], ["event_id": nil],
            ["guest_id": 7], ["send_email": "no"], ["should_refund": "no"],
            ["message": "Yerin ayrıldı."], ["message": 1],
            ["send_email": true, "message": .string(String(repeating: "ş", count: 201))],
        ] as [[String: JSONValue?]])
    func malformedUpdate(changes: [String: JSONValue?]) async throws {
        try await Fixture.run { client in
            guard case .object(var body) = Fixture.approval() else { return }
            for (name, value) in changes { body[name] = value }
            let reply = await client.post(
                Fixture.updatePath, .object(body), headers: Fixture.luma)
            #expect(reply.status == 400)
            let state = await client.get("/sandbox/state").json
            #expect(state?["effects"]?["update_calls"]?.int == 0)
        }
    }

    @Test("A message of 200 signs goes with the mail, and the mail is counted")
    func messageGoesWithTheMail() async throws {
        try await Fixture.run { client in
            let body: JSONValue = [
                "event_id": "evt-1", "guest_id": "gst-1", "status": "approved",
                "message": .string(String(repeating: "ş", count: 200)), "send_email": nil,
            ]
            let reply = await client.post(Fixture.updatePath, body, headers: Fixture.luma)
            #expect(reply.status == 200)
            let state = await client.get("/sandbox/state").json
            #expect(state?["guests"]?["gst-1"]?["mails"]?.int == 1)
        }
    }

    @Test("A body that is not declared as JSON is refused")
    func otherContentType() async throws {
        try await Fixture.run { client in
            var headers = Fixture.luma
            headers["content-type"] = "text/plain"
            let reply = await client.post(
                Fixture.updatePath, Fixture.approval(), headers: headers)
            #expect(reply.status == 400)
        }
    }

    @Test("The list is walked page by page and filtered by status")
    func listIsWalked() async throws {
        var options = Fixture.options
        options.guests = (1...5).map {
            SandboxGuest(
                id: "gst-\($0)", event: "evt-1", name: "Konuk \($0)",
                email: "k\($0)@example.org", status: $0 == 3 ? .approved : .pendingApproval)
        }
        try await Fixture.run(options) { client in
            var seen: [String] = []
            var cursor = ""
            for _ in 1...5 {
                let page = await client.get(
                    "/v1/events/guests/list?event_id=evt-1&approval_status=pending_approval"
                        + "&sort_direction=asc%20nulls%20last&pagination_limit=3\(cursor)",
                    headers: Fixture.luma)
                seen += (page.json?["entries"]?.array ?? []).compactMap { $0["id"]?.string }
                guard page.json?["has_more"]?.bool == true else {
                    #expect(page.json?["next_cursor"] == nil)
                    break
                }
                cursor = "&pagination_cursor=" + (page.json?["next_cursor"]?.string ?? "")
            }
            #expect(seen == ["gst-1", "gst-2", "gst-4", "gst-5"])
        }
    }

    @Test(
        "A list with a bad parameter is refused",
        arguments: [
            "approval_status=paid", "sort_column=age", "sort_direction=up", "pagination_limit=0",
            "pagination_limit=x", "pagination_cursor=zz",
        ])
    func badListParameter(parameter: String) async throws {
        try await Fixture.run { client in
            let reply = await client.get(
                "/v1/events/guests/list?event_id=evt-1&\(parameter)", headers: Fixture.luma)
            #expect(reply.status == 400)
        }
    }

    @Test("The 201st request of a minute locks the calendar for a minute")
    func lockOut() {
        var desk = LumaDesk(options: Fixture.options, at: Self.moment(0))
        let call = Call(
            method: "GET", target: "/v1/users/get-self", headers: Fixture.luma, body: [])
        for _ in 1...200 {
            #expect(desk.answer(.lumaGetSelf, call, at: Self.moment(1)).answer.status == 200)
        }
        #expect(desk.answer(.lumaGetSelf, call, at: Self.moment(30)).answer.status == 429)
        #expect(desk.answer(.lumaGetSelf, call, at: Self.moment(89)).answer.status == 429)
        #expect(desk.answer(.lumaGetSelf, call, at: Self.moment(90)).answer.status == 200)
    }

    @Test("With automatic guests an unknown one of a demo event is pending, others stay unknown")
    func automaticGuests() async throws {
        var options = Fixture.options
        options.autoGuests = true
        try await Fixture.run(options) { client in
            let there = await client.get(
                "/v1/events/guests/get?event_id=evt-demo-1&id=gst-new", headers: Fixture.luma)
            #expect(there.json?["approval_status"]?.string == "pending_approval")
            let other = await client.get(
                "/v1/events/guests/get?event_id=evt-1&id=gst-new", headers: Fixture.luma)
            #expect(other.status == 404)
        }
    }

    static func moment(_ seconds: Int) -> Moment {
        Moment(
            wallMicroseconds: 1_795_000_000_000_000 + seconds * 1_000_000,
            monotonicMicroseconds: seconds * 1_000_000)
    }
}
