// SPDX-License-Identifier: Apache-2.0

import Connectors
import Domain
import Foundation
import ScriptedServer
import Synchronization
import Testing
import Wire

/// What every connector owes its caller, tried with one fault at every request in turn.
@Suite("Every connector")
struct ConformanceTests {
    enum Provider: String, CaseIterable, Sendable { case luma, netgsm }

    /// What goes wrong with one request.
    enum Fault: String, CaseIterable, Sendable {
        case lostBeforeEffect, lostAfterEffect, resetAfterEffect, cutReply, htmlAfterEffect
        case htmlBeforeEffect
    }

    @Test(
        "A fault at any request: the effect takes place exactly once", arguments: Provider.allCases)
    func exactlyOnce(provider: Provider) async throws {
        for fault in Fault.allCases {
            // A run has at most four requests that matter; two more show that late faults miss.
            for faulty in 0..<6 {
                let run = try Run(provider) { $0 == faulty ? fault : nil }
                defer { run.server.stop() }
                let last = await run.finish()
                #expect(run.effects == 1, "\(provider) \(fault) at request \(faulty): \(last)")
                guard case .done = last else {
                    Issue.record("\(provider) \(fault) at request \(faulty): \(last)")
                    continue
                }
            }
        }
    }

    @Test("Faults without end never bring a second effect", arguments: Provider.allCases)
    func neverTwice(provider: Provider) async throws {
        for fault in Fault.allCases {
            let run = try Run(provider) { _ in fault }
            defer { run.server.stop() }
            _ = await run.finish()
            #expect(run.effects <= 1, "\(provider) \(fault)")
        }
    }
}

/// One effect, carried out as a ledger would: handle first, look-ups after every unknown outcome.
private final class Run: Sendable {
    /// Enough for every single fault; endless faults stop here.
    private static let stepsMax = 12

    let server: ScriptedServer
    private let provider: ConformanceTests.Provider
    private let connector: any EffectConnector
    private let world: World

    /// The provider's own state.
    private final class World: Sendable {
        let references = Mutex<[String]>([])
    }

    init(
        _ provider: ConformanceTests.Provider,
        fault: @escaping @Sendable (Int) -> ConformanceTests.Fault?
    ) throws {
        let world = World()
        self.provider = provider
        self.world = world
        server = try ScriptedServer { request, index in
            Self.answer(provider, world, request, fault(index))
        }
        switch provider {
        case .luma:
            var settings = LumaConnector.Settings(apiKey: Secret("k"))
            settings.baseURL = server.baseURL
            connector = LumaConnector(settings: settings, http: try HTTPClient())
        case .netgsm:
            var settings = NetgsmConnector.Settings(
                usercode: "850", password: Secret("p"), header: "DERNEK")
            settings.baseURL = server.baseURL
            connector = NetgsmConnector(settings: settings, http: try HTTPClient())
        }
    }

    /// How often the provider acted.
    var effects: Int { world.references.withLock { $0.count } }

    func finish() async -> EffectOutcome {
        var (attempt, handle, startedAt) = (1, String?.none, Date?.none)
        var now = Date(timeIntervalSince1970: 1_795_344_127)
        var last = EffectOutcome.notThere
        for _ in 0..<Self.stepsMax {
            if case .unknown(let wait, let kept, _) = last {
                now += Double(wait.components.seconds) + 1
                handle = kept ?? handle
                guard let task = task(attempt, handle, startedAt) else { return last }
                last = await connector.reconcile(task, now: now)
                if last == .notThere { attempt += 1 }
            } else {
                guard let before = task(attempt, handle, nil) else { return last }
                handle = connector.attemptHandle(for: before) ?? handle
                startedAt = now
                guard let task = task(attempt, handle, nil) else { return last }
                last = await connector.perform(task)
                if case .retry = last { attempt += 1 }
            }
            switch last {
            case .done, .refused, .givenUp, .askOperator: return last
            case .retry, .unknown, .notThere: now += 1
            }
        }
        return last
    }

    private func task(_ attempt: Int, _ handle: String?, _ startedAt: Date?) -> EffectTask? {
        switch provider {
        case .luma: try? .luma(startedAt: startedAt, handle: handle)
        case .netgsm: try? .sms(attempt: attempt, handle: handle, startedAt: startedAt)
        }
    }

    // MARK: - The provider

    private static func answer(
        _ provider: ConformanceTests.Provider, _ world: World, _ request: ScriptedServer.Request,
        _ fault: ConformanceTests.Fault?
    ) -> [ScriptedServer.Step] {
        if fault == .lostBeforeEffect { return [.close] }
        if fault == .htmlBeforeEffect { return [.reply(502, "<html>")] }
        let body = provider == .luma ? luma(world, request) : netgsm(world, request)
        switch fault {
        case .lostAfterEffect: return [.close]
        case .resetAfterEffect: return [.reset]
        case .cutReply:
            return [.send(Array("HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\n{".utf8)), .close]
        case .htmlAfterEffect: return [.reply(504, "<html>")]
        case .lostBeforeEffect, .htmlBeforeEffect, nil: return [.reply(200, body)]
        }
    }

    private static func luma(_ world: World, _ request: ScriptedServer.Request) -> String {
        world.references.withLock { approvals in
            if request.method == "POST" {
                approvals.append("approved")
                return "{}"
            }
            let status = approvals.isEmpty ? "pending_approval" : "approved"
            return #"{"id":"gst-41","approval_status":"\#(status)"}"#
        }
    }

    private static func netgsm(_ world: World, _ request: ScriptedServer.Request) -> String {
        world.references.withLock { references in
            if request.path.hasSuffix("/send") {
                let reference = request.body.components(separatedBy: #""referansID":""#).last
                references.append(String((reference ?? "").prefix { $0 != "\"" }))
                return #"{"code":"00","jobid":"\#(references.count)"}"#
            }
            guard !references.isEmpty else { return #"{"code":"60"}"# }
            let rows = references.map {
                #"{"jobid":"7","number":"5","status":0,"referansID":"\#($0)"}"#
            }
            return #"{"code":"00","jobs":[\#(rows.joined(separator: ","))]}"#
        }
    }
}
