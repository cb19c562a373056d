// SPDX-License-Identifier: Apache-2.0

import Connectors
import Domain
import Foundation
import ScriptedServer
import Testing
import Wire

@Suite("Netgsm")
struct NetgsmTests {
    /// 2026-11-22 10:42:07 UTC, 13:42:07 in Istanbul.
    private static let start = Date(timeIntervalSince1970: 1_795_344_127)

    private func connector(_ server: ScriptedServer) throws -> NetgsmConnector {
        var settings = NetgsmConnector.Settings(
            usercode: "8501234567", password: Secret("pw"), header: "DERNEKADI")
        settings.baseURL = server.baseURL
        settings.timeout = .seconds(20)
        return NetgsmConnector(settings: settings, http: try HTTPClient())
    }

    private func handle(_ connector: NetgsmConnector, attempt: Int = 1, after: String? = nil) throws
        -> String
    {
        try #require(connector.attemptHandle(for: .sms(attempt: attempt, handle: after)))
    }

    @Test("One recipient, Turkish letters, informational, with the reference of the ledger")
    func send() async throws {
        let server = try ScriptedServer(inOrder: [[try reply("netgsm/queued")]])
        defer { server.stop() }
        let connector = try connector(server)
        let handle = try handle(connector)
        #expect((8...200).contains(handle.utf8.count))
        let outcome = await connector.perform(try .sms(handle: handle))
        #expect(outcome == .done(handle: "31000000020261122104200077"))
        let request = try #require(server.requests.first)
        #expect(request.path == "/sms/rest/v2/send")
        #expect(request.headers["authorization"] == "Basic ODUwMTIzNDU2Nzpwdw==")
        #expect(
            request.body == #"{"appname":"mutabik","encoding":"TR","iysfilter":"0","#
                + #""messages":[{"msg":"Kaydınız onaylandı","no":"5321112233"}],"#
                + #""msgheader":"DERNEKADI","referansID":"\#(handle)"}"#)
    }

    @Test(
        "Every result code has its outcome",
        arguments: [
            (200, #"{"code":"00","jobid":"5"}"#, "done 5"),
            (200, #"{"code":0,"jobid":5}"#, "done 5"),
            (200, #"{"code":"00","jobid":"5,6"}"#, "done 5"),
            (200, #"{"code":"00","jobid":null}"#, "done -"),
            (
                200, #"{"code":"00","jobid":31000000020261122104200077}"#,
                "done 31000000020261122104200077"
            ),
            (200, #"{"code":"01","jobid":"5"}"#, "done 5"),
            (200, #"{"code":2,"jobid":"5"}"#, "done 5"),
            (406, #"{"code":"01","jobid":null}"#, "refused netgsm_01"),
            (406, #"{"code":"02"}"#, "refused netgsm_02"),
            (406, #"{"code":"20"}"#, "refused netgsm_20"), (406, #"{"code":30}"#, "ask netgsm_30"),
            (200, #"{"code":"30"}"#, "ask netgsm_30"), (406, #"{"code":"40"}"#, "ask netgsm_40"),
            (406, #"{"code":"41"}"#, "ask netgsm_41"), (406, #"{"code":"50"}"#, "ask netgsm_50"),
            (406, #"{"code":"51"}"#, "ask netgsm_51"),
            (406, #"{"code":"70"}"#, "refused netgsm_70"),
            (406, #"{"code":"80"}"#, "retry netgsm_80 60s"),
            (406, #"{"code":"85"}"#, "retry netgsm_85 60s"),
            (406, #"{"code":"100"}"#, "unknown netgsm_100"),
            (406, #"{"code":"101"}"#, "unknown netgsm_101"),
            (406, #"{"code":"60"}"#, "unknown netgsm_code_unknown"),
            (200, #"{"code":"777"}"#, "unknown netgsm_code_unknown"),
            (200, #"{"code":null}"#, "unknown netgsm_reply_unreadable"),
            (200, "[]", "unknown netgsm_reply_unreadable"),
            (200, "", "unknown netgsm_reply_unreadable"),
            (502, "<html>", "unknown netgsm_reply_unreadable"),
        ])
    func codes(status: Int, body: String, expected: String) async throws {
        let server = try ScriptedServer(inOrder: [[.reply(status, body)]])
        defer { server.stop() }
        let connector = try connector(server)
        let outcome = await connector.perform(try .sms(handle: try handle(connector)))
        #expect(outcome.summary == expected)
        #expect(server.requests.count == 1)
    }

    @Test("A number abroad and an attempt without reference are not sent")
    func notSent() async throws {
        let server = try ScriptedServer(inOrder: [])
        defer { server.stop() }
        let connector = try connector(server)
        let abroad = await connector.perform(
            try .sms(handle: try handle(connector), phone: "+49 170 1234567"))
        #expect(abroad.summary == "refused netgsm_number_abroad")
        let bare = await connector.perform(try .sms(handle: nil))
        #expect(bare.summary == "refused netgsm_no_reference")
        #expect(server.requests.isEmpty)
    }

    @Test("A lost reply is unknown and keeps its reference; nobody listening is a retry")
    func lost() async throws {
        let server = try ScriptedServer(inOrder: [[.close]])
        let connector = try connector(server)
        let handle = try handle(connector)
        let outcome = await connector.perform(try .sms(handle: handle))
        #expect(
            outcome
                == .unknown(
                    lookAgainAfter: .seconds(120), handle: handle, label: "netgsm_connection_lost"))
        server.stop()
        let down = await connector.perform(try .sms(handle: handle))
        #expect(down.summary == "retry netgsm_not_connected")
    }

    @Test(
        "The report finds the message by reference, else by number",
        arguments: [
            ("report-ours", "done 31000000020261122104200077"),
            ("report-without-reference", "done 88"),
            ("report-others", "unknown netgsm_not_in_report"),
            ("report-none", "unknown netgsm_not_in_report"),
            ("gateway", "unknown netgsm_report_unreadable"),
        ])
    func report(name: String, expected: String) async throws {
        let server = try ScriptedServer { _, _ in
            let handle = "mtb-0011223344556677-1"
            return (try? [reply("netgsm/\(name)", replacing: "REFERENCE", by: handle)]) ?? [.close]
        }
        defer { server.stop() }
        let outcome = try await connector(server).reconcile(
            try .sms(handle: "mtb-0011223344556677-1", startedAt: Self.start),
            now: Self.start.addingTimeInterval(120))
        #expect(outcome.summary == expected)
        let body = try #require(server.requests.first?.body)
        #expect(
            body.contains(#""startdate":"22.11.2026 13:40:07","stopdate":"22.11.2026 13:45:07""#))
    }

    @Test("Two empty looks ten minutes apart mean not there; a second loss goes to a person")
    func twoEmptyLooks() async throws {
        let none = try reply("netgsm/report-none")
        let server = try ScriptedServer { _, _ in [none] }
        defer { server.stop() }
        let connector = try connector(server)
        func look(_ handle: String?, _ attempt: Int, after seconds: Double) async throws
            -> EffectOutcome
        {
            await connector.reconcile(
                try .sms(attempt: attempt, handle: handle, startedAt: Self.start),
                now: Self.start.addingTimeInterval(seconds))
        }
        var attempt = 1
        var stored: String?
        for last in [EffectOutcome.notThere, .givenUp(label: "netgsm_lost_twice", hint: "")] {
            let first = try handle(connector, attempt: attempt, after: stored)
            #expect(first != stored)
            #expect(
                try await look(first, attempt, after: 30).summary
                    == "unknown netgsm_report_too_early")
            guard
                case .unknown(let wait, let marked?, _) = try await look(first, attempt, after: 120)
            else {
                Issue.record("not unknown")
                return
            }
            #expect(wait == .seconds(600))
            let early = try await look(marked, attempt, after: 719)
            #expect(
                early
                    == .unknown(
                        lookAgainAfter: .seconds(1), handle: marked, label: "netgsm_not_in_report"))
            #expect(try await look(marked, attempt, after: 720).summary == last.summary)
            stored = marked
            attempt += 1
        }
        #expect(server.requests.allSatisfy { $0.path == "/sms/rest/v2/report" })
    }

    @Test("A clock that was set back does not stretch the wait; an unknown start goes to a person")
    func clockSetBack() async throws {
        let server = try ScriptedServer(inOrder: [])
        defer { server.stop() }
        let connector = try connector(server)
        let handle = "mtb-0011223344556677-1"
        let back = await connector.reconcile(
            try .sms(handle: handle, startedAt: Self.start),
            now: Self.start.addingTimeInterval(-86_400))
        #expect(
            back
                == .unknown(
                    lookAgainAfter: .seconds(120), handle: handle, label: "netgsm_report_too_early")
        )
        let unknown = await connector.reconcile(try .sms(handle: handle), now: Self.start)
        #expect(unknown.summary == "given up netgsm_start_unknown")
        #expect(server.requests.isEmpty)
    }

    @Test("More than ten looks a minute are put off without asking")
    func lookLimit() async throws {
        let none = try reply("netgsm/report-none")
        let server = try ScriptedServer { _, _ in [none] }
        defer { server.stop() }
        let connector = try connector(server)
        let task = try EffectTask.sms(handle: "mtb-0011223344556677-1", startedAt: Self.start)
        for _ in 0..<11 {
            _ = await connector.reconcile(task, now: Self.start.addingTimeInterval(120))
        }
        #expect(server.requests.count == 10)
    }
}
