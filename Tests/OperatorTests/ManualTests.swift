// SPDX-License-Identifier: Apache-2.0

import Domain
import FoundationEssentials
import Testing

@testable import Agent
@testable import Operator

/// What the manual lists is what the program says: every word, key, column and number.
@Suite("the manual")
struct ManualTests {
    @Test("explains every reason")
    func reasons() throws {
        let page = try repositoryFile("docs/operations.md")
        for reason in Reason.allCases {
            #expect(page.contains("`\(reason.rawValue)`"), "docs/operations.md: \(reason.rawValue)")
        }
    }

    @Test("lists every event of the log")
    func events() throws {
        let page = try repositoryFile("docs/operations.md")
        let source = try repositoryFile("Sources/Operator/Running/EventLog.swift")
        let names = source.split(separator: "put(\"event\", \"").dropFirst()
            .map { $0.prefix { $0 != "\"" } }
        #expect(names.count > 10)
        let rows = page.split(separator: "\n").filter { $0.hasPrefix("| `") }
            .compactMap { $0.split(separator: "|").first }
        for name in names {
            #expect(rows.contains { $0.contains("`\(name)`") }, "docs/operations.md: \(name)")
        }
    }

    @Test("explains every state of an effect")
    func effects() throws {
        let page = try repositoryFile("docs/operations.md")
        for state in EffectState.allCases {
            #expect(
                page.contains("| `\(state.rawValue)` |"), "docs/operations.md: \(state.rawValue)")
        }
    }

    @Test("lists every key of a replayed mail")
    func keys() throws {
        let page = try repositoryFile("docs/replay.md")
        let findings = MailFindings(
            disposition: .settle, sha256: [], identity: [], sizeBytes: 0,
            receivedAt: Date(timeIntervalSince1970: 0), messageID: nil, outcome: .payment,
            rule: nil,
            ruleIsDraft: false, trust: TrustVerdict(.verified), movements: [], reasons: [],
            explanation: "")
        var seen: Set<String> = []
        for guests in [["reg-1"], ["reg-1", "reg-2"]] {
            var report = MailReport(
                findings, source: "a.mbox#1", verdict: Verdict(.split, reasons: []))
            let amount = Money(minorUnits: 1, currency: .turkishLira)
            report.movement = 1
            report.notice = PaymentNotice(
                amount: amount, occurredAt: findings.receivedAt, timeFrom: .body)
            report.verdict.allocations = guests.map {
                .init(registration: RegistrationID($0), amount: amount)
            }
            report.verdict.candidates = [
                .init(registration: RegistrationID("reg-3"), reasons: [], similarity: 0)
            ]
            seen.formUnion(Self.keys(report.json.finished))
        }
        #expect(seen.isSuperset(of: ["source", "registrations", "candidates", "transaction_id"]))
        for key in seen.sorted() {
            #expect(page.contains("| `\(key)` |"), "docs/replay.md: \(key)")
        }
    }

    @Test("lists every outcome, trust and verdict")
    func words() throws {
        let page = try repositoryFile("docs/replay.md")
        var words: [String] = MailOutcome.allCases.map(\.rawValue)
        words += Trust.allCases.map(\.rawValue)
        words += Verdict.Kind.allCases.map(\.rawValue)
        words += Effect.Kind.allCases.map(\.rawValue)
        for word in words { #expect(page.contains("`\(word)`"), "docs/replay.md: \(word)") }
    }

    @Test("lists every exit code")
    func exitCodes() throws {
        let page = try repositoryFile("docs/operations.md")
        for code in [FailureCode.negative, .data, .temporary, .configuration] {
            #expect(page.contains("| \(code.rawValue) |"), "docs/operations.md: \(code.rawValue)")
        }
    }

    /// The names in a JSON text: whatever stands in quotes before a colon.
    private static func keys(_ json: String) -> [String] {
        let parts = json.split(separator: "\"", omittingEmptySubsequences: false)
        return parts.indices.dropFirst().filter { index in
            index % 2 == 1 && index + 1 < parts.count && parts[index + 1].hasPrefix(":")
        }.map { String(parts[$0]) }
    }
}
