// SPDX-License-Identifier: Apache-2.0

import Domain
import Mail
import Testing

@testable import Agent

@Suite("A notice whose From was rewritten on the way")
struct RewrittenFromTests {
    private static let bank = "X-Original-From: Garanti BBVA <garantibbva@\(PassedOnMail.bank)>"

    private static func read(from: String, _ fields: [String]) throws -> MailFindings {
        let head = [
            "From: \(from)", "Subject: [Kasa] Gelen Para Transferi",
            "Date: Sun, 22 Nov 2026 11:05:33 +0300", "Content-Type: text/plain; charset=utf-8",
        ]
        let lines = head + fields + [""] + PassedOnMail.text() + [""]
        return try PassedOnMail.read(lines.joined(separator: "\r\n"))
    }

    @Test(
        "is read as the bank's, proves nothing, and is no forgery for that",
        arguments: [
            ("'Garanti BBVA' via Kasa <kasa@googlegroups.com>", [bank]),
            (
                "'Garanti BBVA' via Kasa <kasa@googlegroups.com>",
                ["X-Original-Sender: garantibbva@\(PassedOnMail.bank)", bank]
            ),
            ("\"Garanti BBVA\" <x.y@simplelogin.example>", [bank]),
            ("no-reply@forwarder.example", ["X-Original-Sender: GarantiBBVA@garantibbva.com.tr"]),
        ])
    func read(_ from: String, _ fields: [String]) throws {
        let findings = try Self.read(from: from, fields)
        #expect(findings.outcome == .payment, "\(findings.explanation)")
        #expect(findings.trust == TrustVerdict(.unverified, by: "From rewritten on the way"))
        #expect(findings.notices.first?.payer == "Elif Karaca")
        #expect(findings.imitates == nil && findings.disposition == .settle)
        #expect(findings.doubts.first == .senderUnverified)
    }

    @Test(
        "is nobody's where the fields differ, name a stranger, or stand under a sender with a rule",
        arguments: [
            ("kasa@googlegroups.com", [bank, "X-Original-Sender: else@strange.example"]),
            ("kasa@googlegroups.com", ["X-Original-From: else@strange.example"]),
            ("kasa@googlegroups.com", [bank, "X-Original-From: garanti@\(PassedOnMail.bank)"]),
            ("kasa@googlegroups.com", []),
        ])
    func nobody(_ from: String, _ fields: [String]) throws {
        let findings = try Self.read(from: from, fields)
        #expect(findings.outcome == .unread && findings.notices.isEmpty)
    }

    @Test("a bank's own mail is judged by its own From, whatever else it says")
    func ofTheBank() throws {
        let findings = try Self.read(
            from: "garantibbva@\(PassedOnMail.bank)", ["X-Original-From: a@strange.example"])
        #expect(findings.outcome == .payment)
        #expect(findings.trust.trust == .unverified && findings.trust.by == nil)
    }
}
