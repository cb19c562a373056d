// SPDX-License-Identifier: Apache-2.0

import Domain
import Foundation
import Ledger
import Mail
import Testing

@testable import Agent

@Suite struct NotedMailTests {
    @Test func `what was taken out of a notice is told to people and to programs`() throws {
        let site = try Lane(try Lane.book())
        defer { try? FileManager.default.removeItem(at: site.folder) }
        let hidden = "Gelen Para\u{200B} Transferi"
        try site.receive(
            try PassedOnMail.notice().replacing(
                "Gelen Para Transferi\r\nDeğ", with: hidden + "\r\nDeğ"),
            uid: 1)
        let mail = try #require(try site.mails().first)
        #expect(mail.reading.notes == ["invisible_characters"])
        #expect(
            mail.reading.explanation?.contains("; invisible characters were taken out") == true)
    }

    @Test func `a mail without anything odd has no notes, nor has one that nobody asks about`()
        throws
    {
        let findings = try PassedOnMail.read(try PassedOnMail.notice())
        #expect(findings.notes.isEmpty && !findings.explanation.contains("taken out"))
        let odd = try PassedOnMail.read(PassedOnMail.quoting("Merhaba\u{200B} Ayla"))
        #expect(odd.noteNames == ["invisible_characters"])
        #expect(odd.outcome == .unread && !odd.explanation.contains("taken out"))
        let report = MailReport(odd, source: "a", verdict: Verdict(.none, reasons: []))
        #expect(report.json.finished.contains(#""notes":["invisible_characters"]"#))
    }
}
