// SPDX-License-Identifier: Apache-2.0

import Domain
import Testing

@testable import Agent
@testable import Ledger

@Suite("An effect that is to be tried again")
struct RetryTests {
    private let approve = "luma.approve:g1"

    private func retry(_ key: String, _ till: Till) throws {
        try till.ledger.write { try till.desk.retry(key, now: till.now, in: $0) }
    }

    private func state(_ key: String, _ till: Till) throws -> EffectState? {
        try till.ledger.read { try $0.effect(key)?.state }
    }

    @Test("stays held back while its money is gone, and what would release it is said")
    func withheld() throws {
        let till = try Till()
        let guest = try till.guest(1)
        try till.pay(125_000, "\(try code(1))", id: "7")
        try till.takeBack(30_000, id: "7")
        let decision = try till.lastDecision()
        let before = try till.picture()
        let refused = refusal { try retry(approve, till) }
        #expect(
            refused
                == .withheld(
                    Effect(.lumaApprove, registration: guest.id), .suspended, by: decision))
        #expect(
            refused?.english == "It stays held back: g1 is suspended. It goes out as soon as the "
                + "guest counts as paid again, or with review undo --decision \(decision).")
        #expect(refused?.isTooLate ?? false)
        #expect(try till.picture() == before)
        // Both are true.
        try till.undo(decision)
        #expect(try state(approve, till) == .ready)
        try till.takeBack(60_000, id: "7")
        try till.answer(.ignore)
        try till.pay(60_000, "\(try code(1))")
        try till.answer(.accept(nil))
        #expect(try state("luma.approve#2:g1", till) == .ready)
        #expect(refusal { try retry(approve, till) } == .replaced(by: "luma.approve#2:g1"))
        try till.expectSound()
    }

    @Test("is, when a platform refused it or nobody knows what became of it")
    func tried() throws {
        for end in [EffectResult.refused, .dead, .unknown(until: noon)] {
            let till = try Till()
            try till.guest(1)
            try till.pay(125_000, "\(try code(1))")
            try till.carryOut { end }
            try retry(approve, till)
            #expect(try state(approve, till) == .ready)
            #expect(throws: LedgerError.self) { try retry(approve, till) }
        }
        let till = try Till()
        #expect(throws: LedgerError.self) { try retry(approve, till) }
    }
}
