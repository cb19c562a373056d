// SPDX-License-Identifier: Apache-2.0

import Domain
import Foundation
import Testing

@testable import Sandbox

@Suite("Page, state, record and door")
struct PageTests {
    @Test("The page shows the approval and the message, and escapes what people wrote")
    func pageEscapes() async throws {
        try await Fixture.run { client in
            let guest: JSONValue = [
                "id": "gst-3", "event": "evt-1", "name": "<script>alert(1)</script>",
                "phone": "5331112233",
            ]
            #expect(
                await client.post("/sandbox/guests", ["guests": [guest]]).json?["added"]?.int == 1)
            _ = await client.post(
                Fixture.updatePath, Fixture.approval("gst-3"), headers: Fixture.luma)
            _ = await client.post(
                Fixture.sendPath,
                Fixture.ticket(
                    to: "5331112233",
                    ["messages": [["no": "5331112233", "msg": "Bilet <b>\"burada\"</b> & hazır"]]]),
                headers: Fixture.netgsm)
            let page = await client.get("/")
            #expect(page.status == 200)
            #expect(page.head.contains("text/html; charset=utf-8"))
            #expect(!page.body.contains("<script"))
            #expect(page.body.contains("&lt;script&gt;alert(1)&lt;/script&gt;"))
            #expect(
                page.body.contains("<q>Bilet &lt;b&gt;&quot;burada&quot;&lt;/b&gt; &amp; hazır</q>")
            )
            #expect(page.body.contains("onaylandı"))
            #expect(page.body.contains("http-equiv=\"refresh\""))
            let still = await client.get("/?refresh=0")
            #expect(!still.body.contains("http-equiv"))
        }
    }

    @Test("A message without the guest's phone finds the guest by its reference")
    func messageFindsGuest() async throws {
        try await Fixture.run { client in
            _ = await client.post(
                Fixture.sendPath,
                Fixture.ticket(to: "5399999999", ["referansID": "mutabik-gst-2-sms"]),
                headers: Fixture.netgsm)
            let state = await client.get("/sandbox/state?requests=1").json
            #expect(state?["requests"]?.array?.first?["subject"]?.string == "gst-2")
        }
    }

    @Test("The record holds every request as a line, and no secret")
    func recordHasNoSecret() async throws {
        let path = FileManager.default.temporaryDirectory
            .appendingPathComponent("record-\(UUID().uuidString)").path
        defer { try? FileManager.default.removeItem(atPath: path) }
        var options = Fixture.options
        options.recordFile = path
        let state = try await Fixture.run(options) { client in
            _ = await client.get(
                "/v1/users/get-self?key=\(Fixture.key)", headers: Fixture.luma)
            _ = await client.post(
                "/balance",
                ["usercode": "8501234567", "password": .string(Fixture.password), "stip": 3])
            _ = await client.post(
                "/balance", ["usercode": "x", "password": "mistyped", "stip": 3])
            _ = await client.post(
                Fixture.sendPath, Fixture.ticket(), headers: Fixture.netgsm)
            _ = await client.send(
                "POST", Fixture.sendPath, headers: Fixture.netgsm,
                body: "no json, \(Fixture.password)")
            return await client.get("/sandbox/state").body
        }
        let record = try String(contentsOfFile: path, encoding: .utf8)
        let lines = record.split(separator: "\n")
        #expect(lines.count == 5)
        for text in [record, state] {
            for secret in [Fixture.key, Fixture.password, "mistyped", "ODUwMTIzNDU2Nz"] {
                #expect(!text.contains(secret))
            }
            #expect(text.contains("•••"))
        }
        let first = try #require(JSONValue(Array(lines[0].utf8)))
        #expect(first["headers"]?["x-luma-api-key"]?.string == "•••")
        #expect(first["method"]?.string == "GET")
        #expect(first["status"]?.int == 200)
        #expect(JSONValue(Array(lines[3].utf8))?["body"]?["msgheader"]?.string == "DERNEKADI")
    }

    @Test("Each request carries its time of arrival to the microsecond")
    func arrivalTimes() async throws {
        try await Fixture.run { client in
            let before = Moment.now()
            _ = await client.get("/v1/users/get-self", headers: Fixture.luma)
            let state = await client.get("/sandbox/state").json
            let request = try #require(state?["requests"]?.array?.first)
            let wall = try #require(request["received_us"]?.int)
            let steady = try #require(request["monotonic_us"]?.int)
            #expect(wall >= before.wallMicroseconds)
            #expect(steady >= before.monotonicMicroseconds)
            #expect(request["received_at"]?.string?.utf8.count == 27)
        }
    }

    @Test("A reset forgets everything but the guests it began with")
    func reset() async throws {
        try await Fixture.run { client in
            _ = await client.post(
                Fixture.updatePath, Fixture.approval(), headers: Fixture.luma)
            _ = await client.post("/sandbox/reset", [:])
            let state = await client.get("/sandbox/state").json
            #expect(state?["requests_total"]?.int == 0)
            #expect(state?["guests"]?["gst-1"]?["status"]?.string == "pending_approval")
        }
    }

    @Test("Nothing but loopback is listened on", arguments: ["0.0.0.0", "::", "10.0.0.1", ""])
    func loopbackOnly(host: String) {
        var options = Fixture.options
        options.host = host
        #expect(throws: SandboxError.self) { try SandboxServer(options: options) }
    }

    @Test("A page elsewhere cannot steer the sandbox through a name of its own")
    func otherHost() async throws {
        try await Fixture.run { client in
            let reply = await client.get("/sandbox/state", headers: ["Host": "evil.example"])
            #expect(reply.status == 403)
        }
    }

    @Test("A taken port is an error with a hint, not a silence")
    func takenPort() async throws {
        try await Fixture.run { client in
            var options = Fixture.options
            options.port = client.port
            let error = await #expect(throws: SandboxError.self) {
                let second = try await SandboxServer.start(options)
                await second.stop()
            }
            #expect(error?.operation == "listen")
            #expect(error?.subject == "127.0.0.1:\(client.port)")
        }
    }

    @Test("The log keeps the last requests and counts all")
    func logIsBounded() {
        var log = RequestLog()
        for number in 1...RequestLog.kept + 3 {
            log.append(
                LoggedRequest(
                    number: number, receivedAt: LumaTests.moment(0), place: nil, method: "GET",
                    url: "/", headers: [:], body: .null, status: 404, fault: nil, subject: nil,
                    effect: nil, text: nil))
        }
        #expect(log.total == RequestLog.kept + 3)
        #expect(log.requests.first?.number == 4)
        #expect(log.requests.last?.number == RequestLog.kept + 3)
    }
}
