// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import Sandbox

@Suite("Faults on demand")
struct FaultTests {
    /// Arms one fault, approves once, and returns the reply with the number of approvals.
    private func approve(
        with fault: String, seconds: JSONValue = 0
    ) async throws -> (reply: Reply, approvals: Int?, left: Int?) {
        try await Fixture.run { client in
            let armed = await client.post(
                "/sandbox/faults",
                [
                    "where": "luma.update-status", "fault": .string(fault), "count": 1,
                    "seconds": seconds,
                ])
            #expect(armed.status == 200)
            let reply = await client.post(
                Fixture.updatePath, Fixture.approval(), headers: Fixture.luma)
            let state = await client.get("/sandbox/state").json
            return (
                reply, state?["effects"]?["approvals"]?.int, state?["faults"]?.array?.count
            )
        }
    }

    @Test(
        "What keeps the effect from happening and what happens all the same",
        arguments: [
            ("timeout_before_effect", 0, 0), ("timeout_after_effect", 0, 1),
            ("reset_after_effect", 0, 1), ("status_429", 429, 0), ("status_500", 500, 0),
            ("status_500_after_effect", 500, 1), ("status_503_html", 503, 0),
            ("slow_body", 200, 1), ("garbage_json", 200, 1),
        ])
    func effect(fault: String, status: Int, approvals: Int) async throws {
        let outcome = try await approve(with: fault)
        #expect(outcome.reply.status == status)
        #expect(outcome.approvals == approvals)
        #expect(outcome.left == 0)
    }

    @Test("A reset is a reset, and a time-out ends without one")
    func endOfConnection() async throws {
        let reset = try await approve(with: "reset_after_effect").reply
        #expect(reset.wasReset)
        let silent = try await approve(with: "timeout_after_effect", seconds: .double(0.05)).reply
        #expect(silent.head.isEmpty)
        #expect(!silent.wasReset)
    }

    @Test("Garbage is no JSON, a slow body arrives whole, an error page is HTML")
    func bodies() async throws {
        #expect(try await approve(with: "garbage_json").reply.json == nil)
        let slow = try await approve(with: "slow_body", seconds: .double(0.05)).reply
        #expect(slow.body == "{}")
        let page = try await approve(with: "status_503_html").reply
        #expect(page.head.lowercased().contains("text/html"))
    }

    @Test("A fault strikes as often as it was told, and only at its place")
    func count() async throws {
        try await Fixture.run { client in
            let fault: JSONValue = ["where": "netgsm.*", "fault": "code_100", "count": 2]
            #expect(await client.post("/sandbox/faults", fault).status == 200)
            #expect(await client.get("/v1/users/get-self", headers: Fixture.luma).status == 200)
            var codes: [String?] = []
            for _ in 1...3 {
                let reply = await client.post(
                    Fixture.sendPath, Fixture.ticket(), headers: Fixture.netgsm)
                codes.append(reply.json?["code"]?.string)
            }
            #expect(codes == ["100", "100", "00"])
        }
    }

    @Test("The report of a message can be made to end badly")
    func deliveryStatus() async throws {
        try await Fixture.run { client in
            _ = await client.post(
                "/sandbox/faults", ["where": "netgsm.send", "fault": "delivery_14"])
            let sent = await client.post(
                Fixture.sendPath, Fixture.ticket(), headers: Fixture.netgsm)
            #expect(sent.json?["code"]?.string == "00")
            let report = await client.post(
                "/sms/rest/v2/report", ["jobids": [sent.json?["jobid"] ?? .null]],
                headers: Fixture.netgsm)
            #expect(report.json?["jobs"]?.array?.first?["status"]?.int == 14)
        }
    }

    @Test(
        "A fault that makes no sense is refused",
        arguments: [
            ["where": "luma.nowhere", "fault": "status_500"],
            ["where": "luma.get", "fault": "earthquake"],
            ["where": "luma.get", "fault": "status_500", "count": 0],
            ["where": "luma.get", "fault": "status_500", "seconds": 601],
            ["fault": "status_500"], ["where": "luma.get", "fault": "code_"], [],
        ] as [JSONValue])
    func nonsense(fault: JSONValue) async throws {
        try await Fixture.run { client in
            #expect(await client.post("/sandbox/faults", fault).status == 400)
        }
    }
}
