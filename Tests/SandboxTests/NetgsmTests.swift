// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import Sandbox

@Suite("Netgsm's stand-in")
struct NetgsmTests {
    @Test("A message is queued, reported as delivered, and its reference comes back")
    func messageIsDelivered() async throws {
        try await Fixture.run { client in
            let sent = await client.post(
                Fixture.sendPath, Fixture.ticket(), headers: Fixture.netgsm)
            #expect(sent.status == 200)
            #expect(sent.json?["code"]?.string == "00")
            let job = try #require(sent.json?["jobid"]?.string)
            let report = await client.post(
                "/sms/rest/v2/report", ["jobids": [.string(job)], "pagenumber": 0],
                headers: Fixture.netgsm)
            let row = try #require(report.json?["jobs"]?.array?.first)
            #expect(row["status"]?.int == 1)
            #expect(row["number"]?.string == "905321112233")
            #expect(row["referansID"]?.string == "mtb-gst-1-sms")
            let state = await client.get("/sandbox/state").json
            let messages = state?["messages"]?["5321112233"]?.array
            #expect(messages?.map { $0["text"]?.string } == ["Kaydınız onaylandı."])
        }
    }

    @Test("The report says pending until the delay is over")
    func reportWaits() {
        var options = Fixture.options
        options.deliveryDelay = .seconds(5)
        var desk = NetgsmDesk(options: options)
        func call(_ body: JSONValue) -> Call {
            Call(
                method: "POST", target: "/",
                headers: Fixture.netgsm.merging(["content-type": "application/json"]) { $1 },
                body: Array(body.text.utf8))
        }
        let sent = desk.answer(.netgsmSend, call(Fixture.ticket()), at: LumaTests.moment(0))
        let job = JSONValue(Array(sent.answer.body.utf8))?["jobid"] ?? .null
        func status(at seconds: Int) -> Int? {
            let reply = desk.answer(
                .netgsmReport, call(["jobids": [job]]), at: LumaTests.moment(seconds))
            return JSONValue(Array(reply.answer.body.utf8))?["jobs"]?.array?.first?["status"]?.int
        }
        #expect(status(at: 4) == 0)
        #expect(status(at: 5) == 1)
    }

    @Test(
        "A send is refused with the code of the contract",
        arguments: [
            (["msgheader": "BASKASI"], "40"), (["msgheader": "AB"], "70"),
            (["msgheader": "ON İKİ HARFLİ"], "70"), (["msgheader": nil], "70"),
            (["messages": []], "70"), (["messages": nil], "70"), (["messages": "metin"], "70"),
            (["messages": [["no": "905321112233", "msg": "a"]]], "70"),
            (["messages": [["no": "4321112233", "msg": "a"]]], "70"),
            (["messages": [["no": 5_321_112_233, "msg": "a"]]], "70"),
            (["messages": [["no": "5321112233"]]], "70"),
            (["messages": [["no": "5321112233", "msg": ""]]], "20"),
            (
                [
                    "messages": [
                        ["no": "5321112233", "msg": .string(String(repeating: "a", count: 918))]
                    ]
                ], "20"
            ),
            (["iysfilter": nil], "70"), (["iysfilter": 0], "70"), (["iysfilter": "11"], "50"),
            (["encoding": "UTF8"], "70"), (["referansID": "kisa"], "70"),
        ] as [([String: JSONValue?], String)])
    func sendIsRefused(changes: [String: JSONValue?], code: String) async throws {
        try await Fixture.run { client in
            let reply = await client.post(
                Fixture.sendPath, Fixture.ticket(changes), headers: Fixture.netgsm)
            #expect(reply.status == 406)
            #expect(reply.json?["code"]?.string == code)
            #expect(reply.json?["jobid"] == .null)
            let state = await client.get("/sandbox/state").json
            #expect(state?["effects"]?["messages"]?.int == 0)
        }
    }

    @Test("917 signs pass, and without encoding Turkish letters lose their marks")
    func longAndPlain() async throws {
        try await Fixture.run { client in
            let text = String(repeating: "ı", count: 917)
            let reply = await client.post(
                Fixture.sendPath,
                Fixture.ticket([
                    "encoding": nil,
                    "messages": [["no": "5321112233", "msg": .string(text)]],
                ]), headers: Fixture.netgsm)
            #expect(reply.status == 200)
            let state = await client.get("/sandbox/state").json
            let stored = state?["messages"]?["5321112233"]?.array?.first?["text"]?.string
            #expect(stored == String(repeating: "i", count: 917))
        }
    }

    @Test("Wrong credentials answer code 30 everywhere")
    func wrongCredentials() async throws {
        try await Fixture.run { client in
            let send = await client.post(
                Fixture.sendPath, Fixture.ticket(), headers: ["authorization": "Basic eDp5"])
            #expect(send.status == 406)
            #expect(send.json?["code"]?.string == "30")
            let header = await client.get("/sms/rest/v2/msgheader")
            #expect(header.json?["code"]?.string == "30")
            let balance = await client.post(
                "/balance", ["usercode": "8501234567", "password": "x", "stip": 2])
            #expect(balance.json?["code"]?.string == "30")
        }
    }

    @Test("Sender names, balance, totals and an unknown job")
    func smallCalls() async throws {
        try await Fixture.run { client in
            let headers = await client.get("/sms/rest/v2/msgheader", headers: Fixture.netgsm)
            #expect(headers.json?["msgheaders"] == ["DERNEKADI"])
            let balance = await client.post(
                "/balance",
                ["usercode": "8501234567", "password": .string(Fixture.password), "stip": 3])
            #expect(balance.json?["balance"]?.array?.count == 2)
            let sent = await client.post(
                Fixture.sendPath, Fixture.ticket(), headers: Fixture.netgsm)
            let job = sent.json?["jobid"] ?? .null
            let stats = await client.post(
                "/sms/rest/v2/stats", ["jobid": job], headers: Fixture.netgsm)
            #expect(stats.json?["stats"] == [["status": 1, "count": 1]])
            for path in ["stats", "cancel"] {
                let none = await client.post(
                    "/sms/rest/v2/\(path)", ["jobid": "1"], headers: Fixture.netgsm)
                #expect(none.json?["code"]?.string == "60")
            }
            let report = await client.post(
                "/sms/rest/v2/report", ["jobids": ["1"]], headers: Fixture.netgsm)
            #expect(report.json?["code"]?.string == "60")
            let empty = await client.post("/sms/rest/v2/report", [:], headers: Fixture.netgsm)
            #expect(empty.json?["code"]?.string == "70")
        }
    }

    @Test("A planned message may be cancelled once, a started one not")
    func cancelling() async throws {
        try await Fixture.run { client in
            let planned = await client.post(
                Fixture.sendPath, Fixture.ticket(["startdate": "010120991200"]),
                headers: Fixture.netgsm)
            let started = await client.post(
                Fixture.sendPath, Fixture.ticket(), headers: Fixture.netgsm)
            func cancel(_ sent: Reply) async -> String? {
                let job = sent.json?["jobid"] ?? .null
                let reply = await client.post(
                    "/sms/rest/v2/cancel", ["jobid": job], headers: Fixture.netgsm)
                return reply.json?["code"]?.string
            }
            #expect(await cancel(planned) == "00")
            #expect(await cancel(planned) == "60")
            #expect(await cancel(started) == "60")
        }
    }

    @Test("A bad date is replaced and said by the code")
    func badDates() async throws {
        try await Fixture.run { client in
            for (field, code) in [("startdate", "01"), ("stopdate", "02")] {
                let reply = await client.post(
                    Fixture.sendPath, Fixture.ticket([field: "310220261200"]),
                    headers: Fixture.netgsm)
                #expect(reply.status == 200)
                #expect(reply.json?["code"]?.string == code)
                #expect(reply.json?["jobid"]?.string != nil)
            }
        }
    }

    @Test("The report is searched by a window of Istanbul time")
    func reportByWindow() async throws {
        try await Fixture.run { client in
            _ = await client.post(Fixture.sendPath, Fixture.ticket(), headers: Fixture.netgsm)
            func codes(_ start: String, _ stop: String) async -> String? {
                await client.post(
                    "/sms/rest/v2/report",
                    ["startdate": .string(start), "stopdate": .string(stop), "pagesize": 100],
                    headers: Fixture.netgsm
                ).json?["code"]?.string
            }
            let now = Moment.now().wallMicroseconds / 1_000_000
            func text(_ seconds: Int) -> String {
                let civil = CivilTime(secondsSince1970: seconds)
                return "\(civil.date()) \(civil.clockWithSeconds)"
            }
            #expect(await codes(text(now - 60), text(now + 60)) == "00")
            #expect(await codes(text(now - 600), text(now - 300)) == "60")
            #expect(await codes("2026-11-22", "2026-11-23") == "70")
        }
    }

    @Test("The 101st send of a minute answers 80, the 21st to one number 85, the 11th report 80")
    func limits() {
        var desk = NetgsmDesk(options: Fixture.options)
        let headers = Fixture.netgsm.merging(["content-type": "application/json"]) { $1 }
        func code(_ place: Place, _ body: JSONValue, at second: Int) -> String? {
            let call = Call(
                method: "POST", target: "/", headers: headers, body: Array(body.text.utf8))
            let reply = desk.answer(place, call, at: LumaTests.moment(second)).answer
            return JSONValue(Array(reply.body.utf8))?["code"]?.string
        }
        for _ in 1...20 { #expect(code(.netgsmSend, Fixture.ticket(), at: 0) == "00") }
        #expect(code(.netgsmSend, Fixture.ticket(), at: 59) == "85")
        for number in 0..<80 {
            let phone = "53300000\(number + 10)"
            #expect(code(.netgsmSend, Fixture.ticket(to: phone), at: 1) == "00")
        }
        #expect(code(.netgsmSend, Fixture.ticket(to: "5340000000"), at: 2) == "80")
        #expect(code(.netgsmSend, Fixture.ticket(), at: 61) == "00")
        for _ in 1...10 { #expect(code(.netgsmReport, ["jobids": ["1"]], at: 61) == "60") }
        #expect(code(.netgsmReport, ["jobids": ["1"]], at: 61) == "80")
    }
}
