// SPDX-License-Identifier: Apache-2.0

import Domain
import FoundationEssentials
import Statements
import Testing

@testable import Agent
@testable import Ledger

@Suite("Several files of a bank")
struct StatementFilesTests {
    @Test("a line that two files show is counted in the first, as when they are applied")
    func overlapping() throws {
        let till = try Till()
        try till.pay(125_000, from: "Elif Karaca", timeFrom: .arrival)
        let first = [Line(), Line(payer: "BORA TANYEL", number: "N1")]
        let second = [Line(), Line(payer: "BORA TANYEL", number: "N1"), Line(payer: "CEM UYSAL")]
        let desk = StatementDesk(pipeline: till.pipeline)
        func findings(applies: Bool) throws -> [[String]] {
            var earlier = StatementDesk.Earlier()
            return try [first, second].enumerated().map { number, lines in
                let file = StatementDesk.File(
                    [till.statement(lines)], sha256: [UInt8](repeating: UInt8(number), count: 32))
                return applies
                    ? try desk.apply(file, by: "ayla", now: noon, in: till.ledger).words
                    : try till.ledger.read { try desk.compare(file, after: &earlier, in: $0) }
                        .words
            }
        }
        let told = try findings(applies: false)
        #expect(told == [["both", "bank"], ["known", "known", "bank"]])
        #expect(try findings(applies: true) == told)
        try till.expectSound()
    }
}

@Suite("A statement beside the mails")
struct StatementTests {
    @Test("both know: one payment, and the same file again changes nothing")
    func both() throws {
        let till = try Till()
        try till.guest(1)
        try till.pay(125_000, "\(try code(1))")
        let lines = [Line(words: "\(try code(1))", number: "8994")]
        #expect(try till.reconcile(lines, applies: false).words == ["both"])
        #expect(try till.received == 125_000)
        let first = try till.reconcile(lines)
        #expect(first.words == ["both"] && first.mailOnly.isEmpty)
        let before = try till.picture()
        for file in [UInt8(1), 2] {
            let again = try till.reconcile(lines, file: file)
            #expect(again.words == ["known"] && again.reports.isEmpty && again.isClear)
        }
        #expect(try till.picture() == before)
        #expect(try till.received == 125_000)
        try till.expectSound()
    }

    @Test("only the bank knows: matched, booked and approved; a late mail of it is no new money")
    func bankOnly() throws {
        let till = try Till()
        try till.guest(1)
        let result = try till.reconcile([Line(words: "\(try code(1))", number: "8994")])
        #expect(result.words == ["bank"] && result.reports.first?.verdict.kind == .approve)
        #expect(result.reports.first?.trust.trust == .vouched)
        #expect(try till.state(1) == .paid && till.received == 125_000)
        let late = try till.pay(125_000, after: 3_600, account: ownAccount)
        #expect(late.verdict.reasons == [.sameTransfer])
        #expect(try till.received == 125_000 && till.open.isEmpty)
        try till.expectSound()
        // The next one of the same person is another payment.
        let second = try till.pay(125_000, after: 7_200)
        #expect(second.verdict.kind != .duplicate)
        #expect(try till.received == 250_000)
        try till.expectSound()
    }

    @Test("the line brings the code that the mail left out")
    func enriched() throws {
        let till = try Till()
        try till.guest(1, "Bora Tanyel")
        try till.pay(125_000, from: "Elif Karaca")
        #expect(try till.open.count == 1)
        let result = try till.reconcile([Line(words: "\(try code(1))")])
        #expect(result.words == ["both"])
        #expect(try till.state(1) == .paid && till.open.isEmpty && till.received == 125_000)
        try till.expectSound()
    }

    @Test("an unproven mail is proven by the line, and booked once")
    func unproven() throws {
        let till = try Till()
        try till.guest(1)
        try till.pay(125_000, "\(try code(1))", trust: .unverified)
        #expect(try till.received == 0 && till.open.count == 1)
        let result = try till.reconcile([Line(words: "\(try code(1))")])
        #expect(result.words == ["both"])
        #expect(try till.state(1) == .paid && till.received == 125_000 && till.open.isEmpty)
        try till.expectSound()
        #expect(try till.reconcile([Line(words: "\(try code(1))")], file: 2).words == ["known"])
    }

    @Test("a forged mail stays what it is, and takes no line")
    func forged() throws {
        let till = try Till()
        try till.guest(1)
        try till.pay(125_000, "\(try code(1))", trust: .forged)
        let result = try till.reconcile([Line(words: "\(try code(1))")])
        #expect(result.words == ["bank"] && result.mailOnly.count == 1)
        #expect(try till.received == 125_000 && till.open.count == 1)
        try till.expectSound()
    }

    @Test("two equal payments stay two, however many of them mails told of", arguments: 0...2)
    func equal(mails: Int) throws {
        let till = try Till()
        try till.guest(1, due: 250_000)
        for number in 0..<mails {
            try till.pay(125_000, "\(try code(1))", after: Double(number) * 60)
        }
        let line = Line(words: "\(try code(1))")
        let result = try till.reconcile([line, line])
        #expect(
            result.words == Array(repeating: "both", count: mails)
                + Array(repeating: "bank", count: 2 - mails))
        #expect(try till.received == 250_000 && till.state(1) == .paid)
        #expect(try till.reconcile([line, line], file: 2).words == ["known", "known"])
        #expect(try till.received == 250_000)
        try till.expectSound()
    }

    @Test("numbers, codes and names find their own among equal sums, in any order")
    func oneToOne() throws {
        let mails: [(payer: String?, words: String?, id: String?)] = [
            (nil, nil, "N1"), ("Elif Karaca", "\(try code(2))", nil), ("Bora Tanyel", nil, nil),
            (nil, nil, nil),
        ]
        let lines = [
            Line(payer: "DENIZ AKSU"), Line(payer: "BORA TANYEL"),
            Line(payer: "ELIF KARACA", words: "\(try code(2))"),
            Line(payer: "CEM UYSAL", number: "N1"),
        ]
        let till = try Till()
        for mail in mails {
            try till.pay(125_000, from: mail.payer, mail.words, id: mail.id)
        }
        let result = try till.reconcile(lines, applies: false)
        let payments = try till.ledger.read { try $0.payments(limit: 10).map(\.id) }
        #expect(
            result.items.map(\.finding) == [
                .uncertain([payments[3]]), .both(payments[2]), .both(payments[1]),
                .both(payments[0]),
            ])
    }

    @Test("what may be two things is told and not made")
    func uncertain() throws {
        let till = try Till()
        try till.pay(125_000, from: nil)
        let result = try till.reconcile([
            Line(payer: "ELIF KARACA"), Line(payer: "BORA TANYEL"),
        ])
        #expect(result.words == ["uncertain", "uncertain"] && result.reports.isEmpty)
        #expect(!result.isClear && result.mailOnly.isEmpty)
        #expect(try till.received == 125_000)
        try till.expectSound()
    }

    @Test("only mails know: it is told")
    func mailOnly() throws {
        let till = try Till()
        try till.pay(125_000)
        let result = try till.reconcile([Line(minor: 90_000, payer: "BORA TANYEL")])
        #expect(result.words == ["bank"] && result.mailOnly.count == 1 && !result.isClear)
    }

    @Test("a weekend lies between mail and booking: joined by the code, asked by the name")
    func weekend() throws {
        for (words, expected) in [("\(try code(1))", "both"), (nil, "uncertain")] {
            let till = try Till()
            try till.pay(125_000, words)
            #expect(try till.reconcile([Line(words: words, day: 3)]).words == [expected])
        }
    }

    @Test("the same lines in another format are never counted again")
    func formats() throws {
        let till = try Till()
        try till.guest(1)
        try till.reconcile([Line(words: "\(try code(1))", number: "8994")])
        let other = try till.reconcile(
            [Line(payer: "Elif Karaca", words: "FAST \(try code(1))", number: "8994")], .camt,
            file: 2)
        #expect(other.words == ["known"])
        let third = try till.reconcile(
            [Line(payer: nil, words: "GELEN FAST", clock: 50_000)], .csv, file: 3)
        #expect(third.words == ["uncertain"])
        #expect(try till.received == 125_000)
        try till.expectSound()
    }

    @Test(
        "is sound and counts each transfer once, whatever the mails left out, the files overlap",
        arguments: 1...12)
    func property(seed: UInt64) throws {
        var random = SeededRandom(seed: seed)
        let till = try Till()
        let people = ["Elif Karaca", "Bora Tanyel", "Deniz Aksu", "Cem Uysal"]
        for number in 1...4 { try till.guest(number, people[number - 1]) }
        var lines: [Line] = []
        for number in 0..<12 {
            let guest = Int.random(in: 1...4, using: &random)
            let line = Line(
                minor: [125_000, 90_000].randomElement(using: &random) ?? 125_000,
                payer: people[guest - 1], words: "\(try code(guest))", number: "N\(number)",
                day: number / 3)
            lines.append(line)
            guard Bool.random(using: &random) else { continue }
            try till.pay(
                line.minor, from: line.payer, line.words, id: line.number,
                after: Double(line.day) * 86_400)
        }
        for file in UInt8(1)...4 {
            let end = file == 4 ? lines.count : Int.random(in: 1...lines.count, using: &random)
            let days = lines[end - 1].day
            try till.reconcile(lines.filter { $0.day <= days }, file: file)
        }
        #expect(try till.received == lines.map(\.minor).reduce(0, +), "seed \(seed)")
        try till.expectSound("seed \(seed)")
        let again = try till.reconcile(lines, .camt, file: 9)
        #expect(Set(again.words) == ["known"], "seed \(seed)")
    }
}
