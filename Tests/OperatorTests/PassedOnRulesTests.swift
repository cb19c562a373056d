// SPDX-License-Identifier: Apache-2.0

import Agent
import Foundation
import Testing

@testable import Operator

@Suite("commands on rules and mails that a person passed on")
struct PassedOnRulesTests {
    private static let notice = """
        From: Mari Bank <bildirim@maribank.example>
        Subject: Gelen para bildirimi
        Date: Mon, 23 Nov 2026 10:06:10 +0300
        Content-Type: text/plain; charset=utf-8

        Hesabınıza para transferi gerçekleşmiştir.
        Gönderen: BORA TANYEL
        Tutar: 1.250,00 TL
        Açıklama: Atölye KTF6HV349
        İşlem Tarihi: 23.11.2026 10:05
        """

    private static let attached = """
        From: Elif Karaca <elif.karaca@gmail.com>
        Subject: Fwd: para
        MIME-Version: 1.0
        Date: Mon, 23 Nov 2026 11:06:10 +0300
        Content-Type: multipart/mixed; boundary=x

        --x
        Content-Type: text/plain; charset=utf-8

        Bu ekte.
        --x
        Content-Type: message/rfc822

        \(notice)
        --x--
        """

    private static let inText = """
        From: Elif Karaca <elif.karaca@gmail.com>
        Subject: Fwd: Gelen para bildirimi
        Date: Mon, 23 Nov 2026 11:06:10 +0300
        Content-Type: text/plain; charset=utf-8

        ---------- Forwarded message ---------
        From: Mari Bank <bildirim@maribank.example>
        Date: Mon, Nov 23, 2026 at 10:06 AM
        Subject: Gelen para bildirimi
        To: <kasa@sahnekapisi.example>

        Hesabınıza para transferi gerçekleşmiştir.
        Gönderen: BORA TANYEL
        Tutar: 1.250,00 TL
        Açıklama: Atölye KTF6HV349
        İşlem Tarihi: 23.11.2026 10:05
        """

    private static func with<Result>(
        _ mail: String, _ body: (RuleFolders, String) throws -> Result
    ) throws -> Result {
        try RuleFolders.with { folders in
            // The rule that is drafted from the notice itself reads it.
            let notice = try folders.add("notice.eml", Self.notice)
            let draft = try folders.run(
                RulesCommand.New.self,
                [notice, "--out", folders.rules, "--id", "mari", "--seed", "3"])
            #expect(draft.failure == nil, "\(draft.output)")
            try FileManager.default.removeItem(atPath: folders.rules + "/maribank")
            return try body(folders, try folders.add("mail.eml", mail))
        }
    }

    @Test(
        "explain and try read the mail that the agent reads",
        arguments: [(attached, "attached"), (inText, "forwarded_by_hand")])
    func same(mail: String, way: String) throws {
        try Self.with(mail) { folders, path in
            let explained = try folders.run(
                RulesCommand.Explain.self, [path, "--rules", folders.rules])
            #expect(explained.failure == nil, "\(explained.output)")
            #expect(explained.output.contains("From bildirim@maribank.example"))
            #expect(explained.output.contains("Together: payment  mari/incoming: payment"))
            let tried = try folders.run(
                RulesCommand.Try.self, ["mari", path, "--rules", folders.rules, "--json"])
            #expect(tried.failure == nil)
            #expect(tried.output.contains(#""way":"\#(way)","for_sender":true"#))
            #expect(tried.output.contains(#""amount_minor":125000"#))
        }
    }

    @Test("a rule is drafted from the mail that came attached")
    func draftsAttached() throws {
        try RuleFolders.with { folders in
            let mail = try folders.add("mail.eml", Self.attached)
            let reply = try folders.run(
                RulesCommand.New.self, [mail, "--out", folders.local, "--seed", "3"])
            #expect(reply.failure == nil, "\(reply.output)")
            let text = try String(
                contentsOfFile: folders.local + "/maribank/rule.yaml", encoding: .utf8)
            #expect(text.contains("addresses: [bildirim@maribank.example]"))
            #expect(!text.contains("Karaca"))
        }
    }

    private static let fromPerson = """
        From: Elif Karaca <elif.karaca@gmail.com>
        Subject: Gelen para
        Date: Mon, 23 Nov 2026 11:06:10 +0300
        Content-Type: text/plain; charset=utf-8

        Hesabınıza para transferi gerçekleşmiştir.
        Gönderen: BORA TANYEL
        Tutar: 1.250,00 TL
        """

    @Test(
        "no rule is drafted for the one who forwarded a notice by hand",
        arguments: [
            inText, inText.replacingOccurrences(of: "gmail.com", with: "firma.example"),
            fromPerson,
        ])
    func refusesForwarded(mail: String) throws {
        try RuleFolders.with { folders in
            let path = try folders.add("mail.eml", mail)
            #expect {
                _ = try folders.run(RulesCommand.New.self, [path, "--out", folders.local])
            } throws: { error in
                let failure = error as? Failure
                return failure?.code == .data
                    && failure?.message.contains("forward it as an attachment") == true
            }
            #expect(
                try FileManager.default.contentsOfDirectory(atPath: folders.local) == ["mail.eml"])
        }
    }
}
