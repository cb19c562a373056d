// SPDX-License-Identifier: Apache-2.0

import Domain
import Foundation
import Ledger
import Synchronization
import Testing

@Suite("The outbox")
struct OutboxTests {
    private let guest = RegistrationID("reg-1")
    private let approve = Effect(.lumaApprove, registration: RegistrationID("reg-1"))
    private let ticket = Effect(
        .message(.ticket, by: .sms), registration: RegistrationID("reg-1"), after: .lumaApprove)

    private func later(_ seconds: Double) -> Date { noon.addingTimeInterval(seconds) }

    private func ledger(_ hooks: LedgerHooks = LedgerHooks()) throws -> LedgerDatabase {
        let ledger = try LedgerDatabase.temporary(masterKey: masterKey(), hooks: hooks)
        try ledger.write { try $0.insert(registration(1)) }
        return ledger
    }

    private func runnable(
        _ kind: Effect.Kind, _ ledger: LedgerDatabase, _ now: Date = noon
    ) throws -> [String] {
        try ledger.read { try $0.runnableEffects(kind, at: now, limit: 9).map(\.key) }
    }

    @Test("holds an effect once, however often it is written")
    func idempotent() throws {
        let ledger = try ledger()
        #expect(try ledger.write { try $0.enqueue(approve, at: noon) })
        #expect(try !ledger.write { try $0.enqueue(approve, at: later(5)) })
        let record = try #require(try ledger.read { try $0.effect(approve.key) })
        #expect(record.effect == approve && record.state == .ready && record.createdAt == noon)
        #expect(try ledger.read { try $0.effects(of: guest).count } == 1)
        #expect(try ledger.read { try $0.effects(after: approve.key, limit: 9) }.isEmpty)
    }

    @Test("lets an effect start only after the one before it is done")
    func order() throws {
        let ledger = try ledger()
        #expect(
            cause { try ledger.write { try $0.enqueue(ticket, at: noon) } }?.isConstraint == true)
        try ledger.write { db throws in
            try db.enqueue(approve, at: noon)
            try db.enqueue(ticket, at: noon)
        }
        #expect(try runnable(.message(.ticket, by: .sms), ledger) == [])
        #expect(try runnable(.lumaApprove, ledger) == [approve.key])
        let attempt = try ledger.write { try $0.markRunning(approve.key, handle: "a1", at: noon) }
        #expect(attempt == 1)
        #expect(try runnable(.lumaApprove, ledger) == [])
        try ledger.write { try $0.finish(approve.key, .done, handle: "job-7", at: later(1)) }
        #expect(try runnable(.message(.ticket, by: .sms), ledger) == [ticket.key])
        let done = try #require(try ledger.read { try $0.effect(approve.key) })
        #expect(done.state == .done && done.handle == "job-7" && done.attempts == 1)
        #expect(try ledger.read { try $0.effect(ticket.key)?.effect } == ticket)
        #expect(try ledger.read { try $0.effectCounts() } == [.done: 1, .ready: 1])
    }

    @Test("holds a waiting effect until its time")
    func waiting() throws {
        let ledger = try ledger()
        try ledger.write { db throws in
            try db.enqueue(approve, at: noon)
            _ = try db.markRunning(approve.key, at: noon)
            try db.finish(approve.key, .waiting(until: later(30)), label: "http_503", at: noon)
        }
        #expect(try runnable(.lumaApprove, ledger, later(29.9)) == [])
        #expect(try runnable(.lumaApprove, ledger, later(30)) == [approve.key])
        #expect(try ledger.read { try $0.nextEffectAt(.lumaApprove) } == later(30))
        #expect(try ledger.read { try $0.nextEffectAt(.message(.ticket, by: .sms)) } == nil)
        #expect(try ledger.read { try $0.effect(approve.key)?.lastError } == "http_503")
        #expect(try ledger.write { try $0.markRunning(approve.key, at: later(30)) } == 2)
    }

    @Test("turns what was running at a crash into unknown, and lets nobody repeat that blindly")
    func recover() throws {
        let ledger = try ledger()
        try ledger.write { db throws in
            try db.enqueue(approve, at: noon)
            _ = try db.markRunning(approve.key, handle: "a1", at: noon)
        }
        #expect(try ledger.write { try $0.recoverRunning(at: later(9)) } == 1)
        #expect(try ledger.write { try $0.recoverRunning(at: later(9)) } == 0)
        let record = try #require(try ledger.read { try $0.effect(approve.key) })
        #expect(record.state == .unknown && record.handle == "a1" && record.attempts == 1)
        #expect(try runnable(.lumaApprove, ledger, later(9)) == [approve.key])
        #expect(
            cause { try ledger.write { try $0.markRunning(approve.key, at: later(9)) } }
                == .wrongState("unknown"))
        for count in 1...3 {
            try ledger.write { db throws in
                try db.finish(approve.key, .unknown(until: later(60)), at: later(10))
            }
            #expect(try ledger.read { try $0.effect(approve.key)?.reconcileCount } == count)
        }
        try ledger.write { db throws in
            try db.finish(approve.key, .waiting(until: later(61)), at: later(60))
        }
        #expect(try ledger.write { try $0.markRunning(approve.key, at: later(61)) } == 2)
        #expect(try ledger.read { try $0.effect(approve.key)?.reconcileCount } == 0)
    }

    @Test("refuses a step that does not fit the state", arguments: EffectState.allCases)
    func steps(_ state: EffectState) throws {
        let ledger = try ledger()
        try ledger.write { db throws in
            try db.enqueue(approve, at: noon)
            if state != .ready { _ = try db.markRunning(approve.key, at: noon) }
            switch state {
            case .ready, .running: break
            case .done: try db.finish(approve.key, .done, at: noon)
            case .waiting: try db.finish(approve.key, .waiting(until: noon), at: noon)
            case .unknown: try db.finish(approve.key, .unknown(until: noon), at: noon)
            case .refused: try db.finish(approve.key, .refused, at: noon)
            case .dead: try db.finish(approve.key, .dead, at: noon)
            }
        }
        func allows(_ step: (LedgerTransaction) throws -> Void) throws -> Bool {
            struct Undone: Error {}
            do {
                try ledger.write { db throws in
                    try step(db)
                    throw Undone()
                }
            } catch is Undone { return true } catch let error as LedgerError {
                #expect(error.cause == .wrongState(state.rawValue))
            }
            return false
        }
        let mayRun = try allows { _ = try $0.markRunning(approve.key, at: noon) }
        let mayFinish = try allows { try $0.finish(approve.key, .done, at: noon) }
        let mayRearm = try allows { try $0.rearm(approve.key, at: noon) }
        #expect(mayRun == [.ready, .waiting].contains(state))
        #expect(mayFinish == [.running, .unknown].contains(state))
        #expect(mayRearm == [.refused, .dead, .unknown].contains(state))
        #expect(
            try ledger.write { try $0.withdraw(approve.key) } == (state == .ready))
    }

    @Test("takes back an effect that nobody began, with what waits for it")
    func withdraw() throws {
        let ledger = try ledger()
        try ledger.write { db throws in
            try db.enqueue(approve, at: noon)
            try db.enqueue(ticket, at: noon)
        }
        #expect(try ledger.write { try $0.withdraw(approve.key) })
        #expect(try ledger.read { try $0.effects(limit: 9) }.isEmpty)
        #expect(try !ledger.write { try $0.withdraw(approve.key) })
    }

    @Test("cuts a long label, and knows what is not there")
    func edges() throws {
        let ledger = try ledger()
        try ledger.write { db throws in
            try db.enqueue(approve, at: noon)
            _ = try db.markRunning(approve.key, at: noon)
            try db.setHandle("job-1", of: approve.key, at: noon)
            try db.finish(
                approve.key, .refused, label: String(repeating: "ğ", count: 500), at: noon)
        }
        let record = try #require(try ledger.read { try $0.effect(approve.key) })
        #expect(record.lastError == String(repeating: "ğ", count: 64))
        #expect(record.handle == "job-1")
        #expect(cause { try ledger.write { try $0.finish("x", .done, at: noon) } } == .notFound)
        #expect(try ledger.read { try $0.effects(in: [.refused], limit: 9).count } == 1)
        #expect(try ledger.read { try $0.effects(in: [.done, .dead], limit: 9) }.isEmpty)
    }

    @Test("wakes the dispatcher after a commit that enqueued, and only then")
    func wake() throws {
        let woken = Mutex(0)
        let hooks = LedgerHooks(effectsEnqueued: { woken.withLock { $0 += 1 } })
        let ledger = try ledger(hooks)
        struct Undone: Error {}
        #expect(throws: Undone.self) {
            try ledger.write { db throws in
                try db.enqueue(approve, at: noon)
                throw Undone()
            }
        }
        #expect(woken.withLock { $0 } == 0)
        try ledger.write { try $0.enqueue(approve, at: noon) }
        #expect(woken.withLock { $0 } == 1)
        try ledger.write { try $0.enqueue(approve, at: noon) }
        #expect(woken.withLock { $0 } == 1)
    }
}
