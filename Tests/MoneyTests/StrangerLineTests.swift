// SPDX-License-Identifier: Apache-2.0

import Domain
import FoundationEssentials
import Statements
import Testing

@testable import Agent
@testable import Ledger

@Suite("A line of somebody else's money")
struct StrangerLineTests {
    @Test(
        "is not taken for the mail of another, where sum and day are all that they share",
        arguments: [
            ("bank/transfer", "Elif Karaca", nil, nil),
            ("bank/transfer", "E*** K***", nil, "ELIF KAYA"),
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

    @Test(
        "is money of its own where the mail is of another bank or account, whatever else fits",
        arguments: [
            ("papara/transfer", nil), ("garanti-bbva/transfer", "412-****567"),
            ("bank/transfer", "TR12 0006 2*** **** 1326"),
            ("bank/transfer", "TR560006200119000006672315"),
        ] as [(String, String?)], [nil, "N7"])
    func otherBank(mail: (rule: String, account: String?), number: String?) throws {
        let till = try Till()
        try till.guest(1, due: 250_000)
        try till.pay(
            125_000, "\(try code(1))", rule: mail.rule, id: number, account: mail.account)
        let result = try till.reconcile([Line(words: "\(try code(1))", number: number)])
        #expect(result.words == ["bank"])
        #expect(try till.received == 250_000 && till.state(1) == .paid)
        try till.expectSound()
    }

    @Test(
        "is money of its own where its words name another guest than the mail's payer",
        arguments: [
            ("Elif Karaca", "atölye bileti", "EMRE KAYA GELEN FAST", "bank"),
            ("Elif Karaca", "4412", "EMRE KAYA GELEN FAST", "uncertain"),
            ("Elif Karaca", nil, "EMRE KAYA GELEN FAST", "uncertain"),
            ("E*** K***", nil, "GELEN FAST EMRE KAYA", "uncertain"),
            ("Elif Karaca", "Emre Kaya bileti", "EMRE KAYA BILETI", "uncertain"),
            ("Elif Karaca", nil, "GELEN FAST CAN ADIVAR", "uncertain"),
            ("Elif Karaca", nil, "GELEN FAST ELIF KARACA", "both"),
            ("Elif Karaca", nil, "EMRE KAYA, ELIF KARACA ICIN", "uncertain"),
            ("Elif Karaca", "Emre Kaya", "ELIF KARACA EMRE KAYA", "both"),
        ] as [(String, String?, String, String)])
    func named(payer: String, told: String?, words: String, finding: String) throws {
        for isMailLate in [false, true] {
            let till = try Till()
            try till.guest(1)
            try till.guest(2, "Emre Kaya")
            let line = Line(payer: nil, words: words)
            if isMailLate {
                try till.reconcile([line])
                let asked = try till.pay(125_000, from: payer, told).verdict.reasons
                #expect(asked.contains(.perhapsSameTransfer) == (finding != "bank"))
            } else {
                try till.pay(125_000, from: payer, told)
                #expect(try till.reconcile([line]).words == [finding])
            }
            try till.expectSound()
        }
    }

    @Test("is the mail's by code or number, whomever its words name", arguments: [true, false])
    func evidence(isByCode: Bool) throws {
        let till = try Till()
        try till.guest(1)
        try till.guest(2, "Emre Kaya")
        let number = isByCode ? nil : "N7"
        let code = isByCode ? "\(try code(1)) " : ""
        try till.pay(125_000, from: "Elif Karaca", code, id: number)
        let line = Line(payer: nil, words: code + "EMRE KAYA", number: number)
        #expect(try till.reconcile([line]).words == ["both"])
        try till.expectSound()
    }

    @Test(
        "of which the mail prints no words is not counted again for the guest it names",
        arguments: [false, true])
    func counted(isMailLate: Bool) throws {
        let till = try Till()
        try till.guest(1)
        try till.guest(2, "Emre Kaya")
        let line = Line(payer: nil, words: "EMRE KAYA \(try code(2))")
        if isMailLate {
            try till.reconcile([line])
            let late = try till.pay(125_000, from: "Elif Karaca")
            #expect(late.verdict.reasons.contains(.perhapsSameTransfer))
        } else {
            try till.pay(125_000, from: "Elif Karaca")
            let result = try till.reconcile([line])
            #expect(result.words == ["uncertain"] && !result.isClear)
        }
        #expect(try till.received == 125_000)
        #expect(try [till.state(1), till.state(2)].count { $0 == .paid } == 1)
        try till.expectSound()
    }

    @Test(
        "is not the mail's by number where both have codes and none in common",
        arguments: [false, true])
    func otherCode(isMailLate: Bool) throws {
        let till = try Till()
        try till.guest(1)
        try till.guest(2, "Emre Kaya")
        let (mine, other) = (try code(1).text, try code(2).text)
        let line = Line(payer: nil, words: other, number: "3312345678")
        if isMailLate {
            try till.reconcile([line])
            let late = try till.pay(125_000, from: nil, mine, id: "3312345678")
            #expect(late.verdict.reasons.contains(.perhapsSameTransfer))
        } else {
            try till.pay(125_000, mine, id: "3312345678")
            #expect(try till.reconcile([line]).words == ["uncertain"])
        }
        try till.expectSound()
    }

    @Test("is not another file's by number where the codes differ")
    func otherFile() throws {
        let till = try Till()
        try till.guest(1)
        try till.guest(2, "Emre Kaya")
        try till.reconcile([Line(words: try code(1).text, number: "12")], .csv)
        let other = Line(payer: "EMRE KAYA", words: try code(2).text, number: "12")
        #expect(try till.reconcile([other], file: 2).words == ["uncertain"])
    }

    @Test("of another account is no other print of a line that was applied")
    func otherAccount() throws {
        let till = try Till()
        let other = "TR950006200001234000412567"
        func apply(_ account: String?, _ payer: String, _ file: UInt8) throws -> [String] {
            var statement = till.statement([Line(payer: payer)])
            statement.account = account
            return try StatementDesk(pipeline: till.pipeline).apply(
                StatementDesk.File([statement], sha256: [UInt8](repeating: file, count: 32)),
                by: "ayla", now: noon, in: till.ledger
            ).words
        }
        #expect(try apply(ownAccount, "ELIF KARACA", 1) == ["bank"])
        #expect(try apply(other, "EMRE KAYA", 2) == ["bank"])
        #expect(try apply(nil, "CAN ADIVAR", 3) == ["uncertain"])
        #expect(try apply(other, "DENIZ SU", 4) == ["uncertain"])
        try till.expectSound()
    }

    @Test("many such lines are asked about, though as many mails told of the sum")
    func order() throws {
        let till = try Till()
        for name in ["Elif Karaca", "Bora Tanyel"] { try till.pay(125_000, from: name) }
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
            ("bank/transfer", nil, false),
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
