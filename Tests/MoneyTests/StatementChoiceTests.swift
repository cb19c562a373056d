// SPDX-License-Identifier: Apache-2.0

import Cryptography
import Domain
import FoundationEssentials
import Matching
import Statements
import Synchronization
import Testing

@testable import Agent
@testable import Ledger

@Suite("Lines that a person places, and lines that are written")
struct StatementChoiceTests {
    @Test("a person says which belong together, and what is new; once more changes nothing")
    func chosen() throws {
        let till = try Till()
        try till.guest(1)
        try till.guest(2, "Bora Tanyel")
        try till.pay(125_000, from: nil)
        let lines = [
            Line(payer: "ELIF KARACA"), Line(payer: "BORA TANYEL", words: "\(try code(2))"),
        ]
        let first = try till.ledger.read { try $0.payments(limit: 1)[0].id }
        let choices: [StatementChoice] = [.same(line: 1, payment: first), .new(line: 2)]
        #expect(
            try till.reconcile(lines, applies: false, choices: choices).words == ["both", "bank"])
        #expect(try till.received == 125_000)
        let result = try till.reconcile(lines, choices: choices)
        #expect(result.words == ["both", "bank"] && result.isClear)
        // The line named the payer whom the mail did not.
        #expect(try till.received == 250_000)
        #expect(try till.state(1) == .paid && till.state(2) == .paid && till.open.isEmpty)
        let before = try till.picture()
        for file in [UInt8(1), 2] {
            #expect(
                try till.reconcile(lines, file: file, choices: choices).words == ["known", "known"])
        }
        #expect(try till.picture() == before)
        try till.expectSound()
    }

    @Test("what a person says is refused as a whole when it does not fit, or somebody was faster")
    func refused() throws {
        let till = try Till()
        try till.pay(125_000, from: nil)
        try till.pay(90_000, from: nil)
        let lines = [
            Line(payer: "ELIF KARACA"), Line(payer: "BORA TANYEL"),
            Line(minor: -5_000, payer: nil),
        ]
        let ids = try till.ledger.read { try $0.payments(limit: 9).map(\.id) }
        func refusal(_ choices: StatementChoice...) throws -> StatementRefusal? {
            let before = try till.picture()
            do {
                _ = try till.reconcile(lines, choices: choices)
                return nil
            } catch let refusal as StatementRefusal {
                #expect(try till.picture() == before)
                return refusal
            }
        }
        let missing = PaymentID(77)
        #expect(try refusal(.new(line: 3)) == .noLine(3))
        #expect(try refusal(.new(line: 9)) == .noLine(9))
        #expect(try refusal(.new(line: 1), .new(line: 1)) == .saidTwice(1))
        #expect(try refusal(.same(line: 1, payment: missing)) == .noPayment(missing))
        #expect(try refusal(.same(line: 1, payment: ids[1])) == .amountDiffers(1, ids[1]))
        #expect(
            try refusal(.same(line: 1, payment: ids[0]), .same(line: 2, payment: ids[0]))
                == .taken(ids[0]))
        #expect(try till.received == 215_000)
        try till.reconcile(lines, choices: [.same(line: 2, payment: ids[0])])
        // Line 1 had no other payment left: it became one of its own.
        let own = try #require(try till.ledger.read { try $0.payments(limit: 9).last?.id })
        #expect(try refusal(.new(line: 2)) == .applied(2, ids[0]))
        #expect(try refusal(.same(line: 1, payment: ids[0])) == .applied(1, own))
        #expect(StatementRefusal.applied(1, own).isTooLate && !StatementRefusal.noLine(1).isTooLate)
        #expect(try till.received == 340_000)
        try till.expectSound()
    }

    @Test("a line told in another format is the known one, or a new one, when a person says so")
    func otherFormat() throws {
        for isSame in [true, false] {
            let till = try Till()
            try till.reconcile([Line(words: "bilet")])
            let known = try till.ledger.read { try $0.payments(limit: 1)[0].id }
            let told = [Line(payer: nil, words: "GELEN FAST", clock: 50_000)]
            #expect(try till.reconcile(told, .csv, file: 2).words == ["uncertain"])
            try till.reconcile(
                told, .csv, file: 2,
                choices: [isSame ? .same(line: 1, payment: known) : .new(line: 1)])
            #expect(try till.received == (isSame ? 125_000 : 250_000))
            // Neither is asked about again.
            #expect(try till.reconcile(told, .csv, file: 2).words == ["known"])
            try till.expectSound()
        }
    }

    @Test("a line that was paired wrongly is taken out again, and its money is counted")
    func separated() throws {
        let till = try Till()
        try till.guest(1)
        try till.pay(125_000, from: nil)
        let first = try till.ledger.read { try $0.payments(limit: 1)[0].id }
        let lines = [Line(payer: "ELIF KARACA"), Line(payer: "BORA TANYEL")]
        try till.reconcile(lines, choices: [.same(line: 2, payment: first), .new(line: 1)])
        let line = try #require(
            try till.ledger.read { try $0.payments(limit: 9).first { $0.sameAs == first }?.id })
        func separate() throws -> ReviewID {
            try till.ledger.write {
                try till.desk.separate(
                    line, proposals: till.pipeline, by: "ayla", now: noon, in: $0
                ).review
            }
        }
        let before = try till.received
        let question = try separate()
        #expect(refusal { try separate() } == .notJoined(line))
        #expect(try till.received == before)
        try till.expectSound()
        try till.answer(.credit, question)
        #expect(try till.received == before + 125_000)
        #expect(try till.reconcile(lines, file: 2).words == ["known", "known"])
        try till.expectSound()
    }

    @Test("the question shows the payment that it may be, and accepts the first who is proposed")
    func separatedAnswer() throws {
        let till = try Till()
        try till.guest(1)
        try till.guest(2, "Bora Tanyel")
        try till.pay(125_000, "\(try code(1))")
        try till.reconcile([Line(payer: "BORA TANYEL", day: -1), Line()])
        let line = PaymentID(3)
        #expect(try till.ledger.read { try $0.payment(line)?.sameAs } == PaymentID(1))
        let question = try till.ledger.write {
            try till.desk.separate(
                line, proposals: till.pipeline, by: "ayla", now: noon, in: $0
            ).review
        }
        let (twin, answer) = try till.ledger.read { books in
            let payment = try #require(try books.payment(line))
            return (
                try Twin.payment(told: payment, in: books),
                try till.pipeline.meaning(of: .accept(nil), to: question, in: books)
            )
        }
        #expect(twin?.id == PaymentID(1) && answer == .accept(nil))
    }

    @Test("the question about a line that was joined wrongly is answered by its first proposal")
    func separatedStranger() throws {
        let till = try Till()
        till.now = noon - 86_400
        try till.guest(1)
        try till.guest(2, "Deniz Su")
        till.now = noon
        try till.pay(125_000, "\(try code(1))")
        let choice = StatementChoice.same(line: 1, payment: PaymentID(1))
        try till.reconcile([Line(payer: "DENIZ SU")], choices: [choice])
        let question = try till.ledger.write {
            try till.desk.separate(
                PaymentID(2), proposals: till.pipeline, by: "ayla", now: noon, in: $0
            ).review
        }
        let answer = try till.ledger.read {
            try till.pipeline.meaning(of: .accept(nil), to: question, in: $0)
        }
        try till.answer(answer, question)
        #expect(try till.state(2) == .paid && till.open.isEmpty)
        try till.expectSound()
    }

    @Test("whom an unproven mail names is not proposed for the line that took it over")
    func unprovenName() throws {
        let till = try Till()
        till.now = noon - 86_400
        try till.guest(1)
        try till.guest(2, "Bora Tanyel")
        till.now = noon
        try till.pay(125_000, from: "Elif Karaca", trust: .unverified)
        try till.reconcile([Line(payer: nil)], choices: [.same(line: 1, payment: PaymentID(1))])
        let question = try #require(try till.open.first)
        let proposed = try till.ledger.read {
            try till.pipeline.ranked(question, in: $0).candidates
        }
        #expect(Set(proposed.map(\.registration.text)) == ["g1", "g2"])
        #expect(proposed.allSatisfy { !$0.reasons.contains(.nameEqual) })
    }

    @Test("is named by its payment too, where it is the only notice of it")
    func separatedByPayment() throws {
        let till = try Till()
        try till.pay(125_000, rule: "bank/notice")
        try till.pay(125_000, rule: "bank/receipt", id: "F1", after: 20)
        try till.reconcile([Line(number: "F1")])
        func separate(_ id: Int64) throws -> PaymentID {
            try till.ledger.write {
                try till.desk.separate(
                    PaymentID(id), proposals: till.pipeline, by: "ayla", now: noon, in: $0
                ).payment
            }
        }
        let both = [PaymentID(2), PaymentID(3)]
        #expect(refusal { try separate(1) } == .severalNotices(both))
        #expect(try separate(3) == PaymentID(3))
        #expect(try separate(1) == PaymentID(2))
        #expect(refusal { try separate(1) } == .notJoined(PaymentID(1)))
        try till.expectSound()
    }

    @Test("a line proves a mail that a person had left aside for want of proof")
    func ignoredMail() throws {
        let till = try Till()
        try till.guest(1)
        try till.pay(125_000, "\(try code(1))", trust: .unverified)
        try till.answer(.ignore)
        #expect(try till.received == 0)
        try till.reconcile([Line(words: "\(try code(1))")])
        #expect(try till.received == 125_000 && till.state(1) == .paid)
        try till.expectSound()
    }

    @Test("a late mail without a name is not taken for a line that has one")
    func lateAndNameless() throws {
        let till = try Till()
        try till.guest(1)
        try till.reconcile([Line(words: "\(try code(1))")])
        let late = try till.pay(125_000, from: nil, after: 3_600)
        #expect(late.verdict.reasons.contains(.perhapsSameTransfer))
        #expect(try till.open.count == 1)
        try till.expectSound()
    }

    @Test("hundreds of lines are written some at a time, between what others write")
    func atOnce() throws {
        let till = try Till()
        try till.guest(1, due: 125_000 * 500)
        let words = "\(try code(1))"
        let statement = till.statement((0..<500).map { Line(words: words, number: "N\($0)") })
        let file = StatementDesk.File([statement], sha256: [UInt8](repeating: 1, count: 32))
        var steps: [Int] = []
        let desk = StatementDesk(pipeline: till.pipeline)
        let result = try desk.apply(file, by: "ayla", now: noon, in: till.ledger) { done, _ in
            steps.append(done)
            if steps.count == 1 { _ = try? till.pay(90_000, from: "Cem Uysal") }
        }
        #expect(steps == [200, 400, 500])
        #expect(result.words.allSatisfy { $0 == "bank" } && result.reports.count == 500)
        #expect(try till.received == 125_000 * 500 + 90_000 && till.state(1) == .paid)
        try till.expectSound()
    }

    @Test("a crash between two commits loses and doubles none: the same call goes on")
    func crash() throws {
        struct Crash: Error {}
        let commits = Mutex(0)
        let till = try Till(
            ledger: LedgerDatabase.temporary(
                masterKey: .random(),
                hooks: LedgerHooks(willCommit: {
                    let isLast = commits.withLock { count in
                        count += 1
                        return count == 4
                    }
                    if isLast { throw Crash() }
                })))
        try till.guest(1, due: 125_000 * 500)
        let words = "\(try code(1))"
        let lines = (0..<500).map { Line(words: words, number: "N\($0)") }
        #expect(throws: Crash.self) { try till.reconcile(lines) }
        #expect(try till.received == 125_000 * 400)
        try till.expectSound()
        #expect(try till.reconcile(lines).reports.count == 100)
        #expect(try till.received == 125_000 * 500 && till.state(1) == .paid)
        try till.expectSound()
    }

    @Test("two who apply the same statement at once count each line once")
    func race() async throws {
        let folder = "/tmp/mutabik-statement-\(UInt64.random(in: 0...UInt64.max))"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let key = try SealingKeyBox.make()
        let first = try LedgerDatabase(path: folder + "/ledger.sqlite", masterKey: key)
        let second = try LedgerDatabase(path: folder + "/ledger.sqlite", masterKey: key)
        let till = try Till(ledger: first)
        for _ in 0..<300 { try till.pay(125_000, from: nil) }
        let statement = till.statement(
            (0..<600).map { Line(payer: "Kisi\($0) Soyad", number: "N\($0)") })
        let ids = try first.read { try $0.payments(limit: 300).map(\.id) }
        let file = StatementDesk.File(
            [statement], sha256: [UInt8](repeating: 1, count: 32),
            choices: ids.enumerated().map { .same(line: 2 * $0 + 1, payment: $1) }
                + (0..<300).map { .new(line: 2 * $0 + 2) })
        @Sendable func apply(_ ledger: LedgerDatabase) -> String? {
            let desk = StatementDesk(
                pipeline: PaymentPipeline(
                    matcher: Matcher(policy: MatchingPolicy(ownAccounts: .any, ownAddresses: .any)))
            )
            // On a slow machine the other one may hold the ledger for long: asked again, as a
            // person would.
            for _ in 0..<50 {
                do {
                    _ = try desk.apply(file, by: "x", now: noon, in: ledger)
                    return nil
                } catch let error as LedgerError where error.cause == .busy {
                    continue
                } catch { return "\(error)" }
            }
            return "busy"
        }
        async let one = onThread { apply(first) }
        async let other = onThread { apply(second) }
        let (mine, theirs) = await (one, other)
        #expect(mine == nil && theirs == nil)
        #expect(try till.received == 600 * 125_000)
        try till.expectSound()
    }
}
