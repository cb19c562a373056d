// SPDX-License-Identifier: Apache-2.0

import Domain
import FoundationEssentials
import Testing

@testable import Agent
@testable import Ledger

@Suite("A line of somebody else's money")
struct StrangerLineTests {
    @Test(
        "is not taken for the mail of another, where sum and day are all that they share",
        arguments: [
            ("papara/transfer", "Elif Karaca", nil, nil),
            ("bank/transfer", "Elif Karaca", nil, nil),
            ("bank/transfer", "E*** K***", nil, "ELIF KAYA"),
            ("garanti-bbva/transfer", nil, "412-****567", "EMRE KAYA"),
            ("bank/transfer", nil, ownAccount, "EMRE KAYA"),
        ] as [(String, String?, String?, String?)])
    func stranger(rule: String, payer: String?, account: String?, name: String?) throws {
        let till = try Till()
        try till.guest(1)
        try till.pay(125_000, from: payer, "\(try code(1))", rule: rule, account: account)
        let line = Line(payer: name, words: "EMRE KAYA GELEN FAST")
        let result = try till.reconcile([line])
        #expect(result.words == ["uncertain"] && !result.isClear)
        try till.reconcile([line], choices: [.new(line: 1)])
        #expect(try till.received == 250_000)
        try till.expectSound()
    }

    @Test("many such lines are asked about, though as many mails told of the sum")
    func order() throws {
        let till = try Till()
        for name in ["Elif Karaca", "Bora Tanyel"] {
            try till.pay(125_000, from: name, rule: "papara/transfer")
        }
        let lines = ["EMRE KAYA", "DENIZ SU"].map { Line(payer: nil, words: "GELEN FAST \($0)") }
        #expect(try till.reconcile(lines).words == ["uncertain", "uncertain"])
    }

    @Test("a name among the words joins a line to the mail of its account")
    func words() throws {
        let till = try Till()
        for name in ["Elif Karaca", "Bora Tanyel"] {
            try till.pay(125_000, from: name, account: "TR33 **** **** 1326")
        }
        let lines = ["BORA TANYEL", "ELİF KARACA"].map {
            Line(payer: nil, words: "GELEN FAST \($0) BILET")
        }
        let payments = try till.ledger.read { try $0.payments(limit: 10).map(\.id) }.sorted()
        #expect(
            try till.reconcile(lines).items.map(\.finding)
                == [.both(payments[1]), .both(payments[0])])
    }

    @Test(
        "a late mail is certainly the line's only when it is of the same account",
        arguments: [
            ("papara/transfer", nil, false), ("bank/transfer", nil, false),
            ("bank/transfer", "****9999", false), ("bank/transfer", ownAccount, true),
        ] as [(String, String?, Bool)])
    func late(rule: String, account: String?, isSame: Bool) throws {
        let till = try Till()
        try till.guest(1)
        try till.reconcile([Line(words: "\(try code(1))")])
        let late = try till.pay(125_000, rule: rule, after: 3_600, account: account)
        #expect(late.verdict.reasons.contains(.sameTransfer) == isSame)
        #expect(late.verdict.reasons.contains(.perhapsSameTransfer) == !isSame)
        #expect(try till.open.count == (isSame ? 0 : 1))
        try till.expectSound()
    }
}
