// SPDX-License-Identifier: Apache-2.0

import Domain
import Foundation
import Sandbox
import Testing
import Wire

/// The real client and the stand-in over a real socket.
@Suite("Mail to the sandbox", .timeLimit(.minutes(5)))
struct SandboxMailTests {
    private func send(to sandbox: RunningSandbox) async throws -> Result<String, SMTPError> {
        let mail = """
            From: <bilet@etkinlik.example>
            To: <elif@example.org>
            Subject: Bilet
            Date: Sun, 22 Nov 2026 11:05:33 +0000
            Message-ID: <mtb-1@etkinlik.example>
            MIME-Version: 1.0

            .
            ..
            """ + "\n"
        let bytes = Array(mail.replacingOccurrences(of: "\n", with: "\r\n").utf8)
        let server = SMTPServer(
            host: "127.0.0.1", port: UInt16(sandbox.mailPort), security: .none,
            clientName: "etkinlik.example")
        let from = try #require(MailAddress("bilet@etkinlik.example"))
        let to = try #require(MailAddress("elif@example.org"))
        do throws(SMTPError) {
            return .success(try await SMTPClient(server: server).send(bytes, from: from, to: to))
        } catch {
            return .failure(error)
        }
    }

    @Test("is taken whole, refused and lost as the sandbox is told")
    func mail() async throws {
        let sandbox = try await SandboxServer.start(
            SandboxOptions(
                lumaKey: Secret("sandbox-luma-key"), netgsmUser: "850", netgsmPassword: Secret("p"),
                netgsmHeader: "MUTABIK"))
        #expect(try await send(to: sandbox).get() == "2.0.0 Ok: queued as SB1")

        try await sandbox.arm("mail.rcpt", "code_450")
        guard case .failure(let later) = try await send(to: sandbox) else {
            return try #require(nil, "greylisting was not felt")
        }
        #expect(later.step == .recipient && later.cause == .reply(SMTPReply(code: 450)))

        try await sandbox.arm("mail.data", "reset_after_effect")
        guard case .failure(let lost) = try await send(to: sandbox) else {
            return try #require(nil, "the answer was not lost")
        }
        #expect(lost.isOutcomeUnknown)

        let state = await sandbox.server.state()
        #expect(state.contains(#""text":".\r\n..\r\n""#) || state.contains(#""text":".\n..\n""#))
        let effects = try await sandbox.look().effects
        #expect(effects["mails"] == 2 && effects["mail_copies"] == 1)
        await sandbox.stop()
    }
}
