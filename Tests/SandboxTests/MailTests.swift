// SPDX-License-Identifier: Apache-2.0

import Domain
import Testing

@testable import Sandbox

@Suite("The mail server's stand-in")
struct MailTests {
    private static let mail = [
        "From: =?UTF-8?B?S2FodmUgQXTDtmx5ZXNp?=", " <bilet@etkinlik.example>",
        "To: <elif@example.org>", "Subject: =?UTF-8?B?xZ51?=", " =?UTF-8?B?YmF0?=",
        "Date: Sun, 22 Nov 2026 11:05:33 +0000", "Message-ID: <mtb-1@etkinlik.example>",
        "MIME-Version: 1.0", "Content-Type: multipart/alternative;", " boundary=\"=_x\"", "",
        "--=_x", "Content-Type: text/plain; charset=utf-8",
        "Content-Transfer-Encoding: quoted-printable", "", "Biletiniz haz=C4=B1r, l=",
        "ink altta.", "..nokta", "--=_x", "Content-Type: text/html", "", "<p>x</p>", "--=_x--",
    ]

    /// What the server says to each line, its whole answer; the stage decides in between.
    private func talk(
        _ lines: [String], with stage: Stage, to session: inout SMTPSession
    ) async -> [String] {
        var said: [String] = []
        for line in lines {
            switch session.take(ArraySlice(line.utf8)) {
            case .listen: continue
            case .say(let text), .end(let text): said.append(text)
            case .ask(let call):
                let (answer, _) = await stage.take(call, at: .now())
                session.decided(answer.status)
                said.append("\(answer.status) \(answer.body)")
            }
        }
        return said
    }

    private func stage() -> Stage {
        Stage(options: Fixture.options, record: nil, at: .now())
    }

    private static let envelope = [
        "EHLO x.example", "MAIL FROM:<bilet@etkinlik.example> SIZE=900",
        "RCPT TO:<elif@example.org>", "DATA",
    ]

    @Test("A mail is taken, read and shown beside its guest")
    func taken() async throws {
        let stage = stage()
        var session = SMTPSession()
        let said = await talk(
            Self.envelope + Self.mail + [".", "QUIT"], with: stage, to: &session)
        #expect(said.map { $0.prefix(3) } == ["250", "250", "250", "354", "250", "221"])
        let state = await stage.state(requests: 10, at: .now())
        let mail = try #require(state["mails"]?["elif@example.org"]?.array?.first)
        #expect(mail["subject"]?.string == "Şubat")
        #expect(mail["text"]?.string == "Biletiniz hazır, link altta.\n.nokta\n")
        #expect(state["requests"]?.array?.last?["subject"]?.string == "gst-1")
        let page = await stage.page(refreshSeconds: 0, at: .now())
        #expect(page.contains("Biletiniz hazır"))
    }

    @Test(
        "What a strict relay refuses is refused",
        arguments: [
            (["MAIL FROM:<a@b.example>"], "503"), (["EHLO"], "501"), (["HELP"], "502"),
            (["EHLO x", "MAIL FROM:a@b.example"], "501"), (["EHLO x", "MAIL FROM:<a>"], "501"),
            (["EHLO x", "RCPT TO:<a@b.example>"], "503"),
            (["EHLO x", "MAIL FROM:<a@b.example>", "DATA"], "503"),
            (["EHLO x", "MAIL FROM:<a@b.example>", "RCPT TO:<a b@c.example>"], "501"),
            (["EHLO x", "NOOP \u{e7}"], "500"),
            (["EHLO " + String(repeating: "x", count: 600)], "500"),
            (envelope + ["Subject: \u{11f}"], "500"),
            (envelope + [String(repeating: "x", count: 999)], "500"),
            (envelope + ["no header", "."], "554"),
            (envelope + mail.filter { !$0.hasPrefix("Date:") } + ["."], "554"),
            (envelope + ["From: <x@y.example>"] + mail + ["."], "554"),
            (
                envelope + ["From: <x@y.example>"] + mail.dropFirst(2) + ["."], "550"
            ),
        ] as [([String], String)])
    func refused(_ lines: [String], _ code: String) async {
        let stage = stage()
        var session = SMTPSession()
        let said = await talk(lines, with: stage, to: &session)
        #expect(said.last?.hasPrefix(code) == true, "\(said)")
        #expect(await stage.mail.mails.isEmpty)
    }

    @Test("A mail beyond the limit is refused after its end, and the next one is taken")
    func large() async {
        let stage = stage()
        var session = SMTPSession()
        let line = String(repeating: "x", count: 900)
        let lines = Array(repeating: line, count: SMTPSession.mailBytesMax / 900 + 10)
        let said = await talk(
            Self.envelope + lines + ["."] + Self.envelope.dropFirst() + Self.mail + ["."],
            with: stage, to: &session)
        #expect(said.contains { $0.hasPrefix("552 5.3.4") })
        #expect(said.last?.hasPrefix("250 2.0.0") == true)
        #expect(await stage.mail.mails.count == 1)
    }

    @Test("Faults strike mails as they strike calls, before or after the effect")
    func faults() async throws {
        let stage = stage()
        let greylisting = try Fault.read(["where": "mail.rcpt", "fault": "code_450"]).get()
        let lost = try Fault.read(["where": "mail.data", "fault": "reset_after_effect"]).get()
        for fault in [greylisting, lost] { #expect(await stage.arm(fault)) }
        var session = SMTPSession()
        let said = await talk(Self.envelope, with: stage, to: &session)
        #expect(said[2] == "450 fault" && said[3].hasPrefix("503"))
        let call = Call(
            method: "SMTP", target: "data",
            headers: ["from": "bilet@etkinlik.example", "to": "elif@example.org"],
            body: Array((Self.mail.joined(separator: "\r\n") + "\r\n").utf8))
        let (_, delivery) = await stage.take(call, at: .now())
        #expect(delivery == .reset)
        _ = await stage.take(call, at: .now())
        let effects = await stage.state(requests: 0, at: .now())["effects"]
        #expect(effects?["mails"]?.int == 2 && effects?["mail_copies"]?.int == 1)
    }
}
