// SPDX-License-Identifier: Apache-2.0

import Domain
import Foundation
import MailServer
import Testing
import Wire

@Suite("Handing mail over to a real server", .serialized, .timeLimit(.minutes(10)))
struct SMTPClientTests {
    private static let mail = Array("Subject: x\r\n\r\nline\r\n.hidden dot\r\n.\r\nend\r\n".utf8)

    private func server(
        _ server: MailServer, _ security: SMTPServer.Security = .none, logIn: Bool = false,
        trusts: Bool = true
    ) -> SMTPServer {
        var settings = SMTPServer(
            host: "localhost", port: server.port, security: security,
            user: logIn ? server.user : nil, password: logIn ? Secret(server.password) : nil,
            caFile: trusts && security != .none ? server.caFile : nil,
            clientName: "etkinlik.example")
        settings.patience.reply = .seconds(20)
        return settings
    }

    private func send(_ server: SMTPServer) async throws -> Result<String, SMTPError> {
        let from = try #require(MailAddress("bilet@etkinlik.example"))
        let to = try #require(MailAddress("guest@example.org"))
        do throws(SMTPError) {
            let client = SMTPClient(server: server)
            return .success(try await client.send(Self.mail, from: from, to: to))
        } catch {
            return .failure(error)
        }
    }

    private func failure(_ server: SMTPServer) async throws -> SMTPError {
        let result = try await send(server)
        guard case .failure(let error) = result else {
            return try #require(nil, "the mail was taken")
        }
        return error
    }

    @Test("A mail arrives as it was written, dots and line ends included")
    func arrives() async throws {
        let server = try await MailServer.start()
        let receipt = try await send(self.server(server)).get()
        #expect(receipt == "2.0.0 Ok: queued as 4Rx1 for")
        #expect(server.mails == [Self.mail])
        #expect(server.heard.contains("ehlo etkinlik.example"))
        #expect(
            server.heard.last == "taken from bilet@etkinlik.example for guest@example.org")
    }

    @Test("Log-in takes place inside TLS", arguments: [SMTPServer.Security.tls, .startTLS])
    func logIn(_ security: SMTPServer.Security) async throws {
        let server = try await MailServer.start(security: security.rawValue, asksLogIn: true)
        _ = try await send(self.server(server, security, logIn: true)).get()
        #expect(server.mails.count == 1)
        #expect(server.heard.contains("auth PLAIN"))
    }

    @Test("A server that does not offer STARTTLS gets neither mail nor password")
    func stripped() async throws {
        let server = try await MailServer.start(security: "stripped", asksLogIn: true)
        let error = try await failure(self.server(server, .startTLS, logIn: true, trusts: false))
        #expect(error.cause == .tlsMissing)
        #expect(server.heard == ["ehlo etkinlik.example"])
    }

    @Test(
        "A certificate of a stranger, or for another host, is refused",
        arguments: [
            (.tls, "localhost", false), (.startTLS, "localhost", false),
            (.tls, "elsewhere.example", true), (.startTLS, "elsewhere.example", true),
        ] as [(SMTPServer.Security, String, Bool)])
    func certificate(_ security: SMTPServer.Security, _ name: String, _ trusts: Bool) async throws {
        let server = try await MailServer.start(
            security: security.rawValue, name: name, asksLogIn: true)
        let error = try await failure(self.server(server, security, logIn: true, trusts: trusts))
        #expect(error.cause == .certificate)
        #expect(!server.heard.contains { $0.hasPrefix("auth") || $0 == "mail" })
    }

    @Test("Clear text is for this machine alone")
    func clearText() async throws {
        for host in ["mail.example.org", "127.example.org", "localhost.example.org", ""] {
            let settings = SMTPServer(
                host: host, port: 25, security: .none, clientName: "etkinlik.example")
            #expect(try await failure(settings).cause == .configuration, "\(host)")
        }
    }

    @Test(
        "A refusal is told with its step and its codes",
        arguments: [
            (["mail": "451 4.3.0 not now"], .sender, SMTPReply(code: 451, enhanced: "4.3.0")),
            (["rcpt": "450 4.2.0 greylisted"], .recipient, SMTPReply(code: 450, enhanced: "4.2.0")),
            (["rcpt": "550 5.1.1 nobody"], .recipient, SMTPReply(code: 550, enhanced: "5.1.1")),
            (["rcpt": "550 no 5.1.1"], .recipient, SMTPReply(code: 550)),
            (["data": "554 5.7.1 spam"], .acceptance, SMTPReply(code: 554, enhanced: "5.7.1")),
            (["data": "452 4.3.1 full"], .acceptance, SMTPReply(code: 452, enhanced: "4.3.1")),
        ] as [([String: String], SMTPError.Step, SMTPReply)])
    func refusal(_ step: [String: String], _ at: SMTPError.Step, _ reply: SMTPReply) async throws {
        let server = try await MailServer.start(steps: [step])
        let error = try await failure(self.server(server))
        #expect(error.step == at)
        #expect(error.cause == .reply(reply))
        #expect(!error.isOutcomeUnknown)
        #expect(server.mails.isEmpty)
    }

    @Test("A wrong password is a refusal at the log-in; a busy one is temporary")
    func wrongPassword() async throws {
        for (answer, code) in [("535 5.7.8 no", 535), ("454 4.7.0 later", 454)] {
            let server = try await MailServer.start(
                security: "starttls", asksLogIn: true, logIn: answer)
            let error = try await failure(self.server(server, .startTLS, logIn: true))
            #expect(error.step == .logIn)
            guard case .reply(let reply) = error.cause else {
                Issue.record("\(error)")
                continue
            }
            #expect(reply.code == code)
            #expect(!"\(error)".contains(server.password))
        }
    }

    @Test("A connection that breaks before the final dot did not send; after it nobody knows")
    func cut() async throws {
        let early = try await MailServer.start(steps: [["cut": "rcpt"]])
        let first = try await failure(server(early))
        #expect(first.cause == .network && first.step == .recipient && !first.isOutcomeUnknown)

        for at in ["data", "taken"] {
            let late = try await MailServer.start(steps: [["cut": at]])
            let second = try await failure(server(late))
            #expect(second.cause == .network && second.step == .acceptance, "\(at)")
            #expect(second.isOutcomeUnknown)
            #expect(late.mails.count == (at == "taken" ? 1 : 0))
        }
    }

    @Test("Patience ends early before the final dot, and lasts after it")
    func slow() async throws {
        let early = try await MailServer.start(steps: [["wait": "rcpt", "for": "300"]])
        var impatient = server(early)
        impatient.patience.reply = .seconds(1)
        let error = try await failure(impatient)
        #expect(error.cause == .network && error.step == .recipient)

        // Three times the limit of other answers.
        let late = try await MailServer.start(steps: [["wait": "data", "for": "3"]])
        impatient = server(late)
        impatient.patience.reply = .seconds(1)
        _ = try await send(impatient).get()
        #expect(late.mails.count == 1)
    }

    @Test("No server is no harm")
    func nobody() async throws {
        var settings = SMTPServer(
            host: "127.0.0.1", port: 9, security: .none, clientName: "etkinlik.example")
        settings.patience.connect = .seconds(5)
        let error = try await failure(settings)
        #expect(error.cause == .network && error.step == .connect && !error.isOutcomeUnknown)
    }
}

@Suite("Mail addresses")
struct MailAddressTests {
    @Test(
        "are taken when they can stand in a command as they are",
        arguments: [
            ("elif@example.org", "elif@example.org"),
            (" elif.karaca+bilet@mail.example.org\t", "elif.karaca+bilet@mail.example.org"),
            ("elif@örnek.example", "elif@xn--rnek-4qa.example"),
            ("elif@kış.Bücher.example", "elif@xn--k-fka2l.xn--bcher-kva.example"),
            ("elif@他们为什么不说中文.example", "elif@xn--ihqwcrb4cv8a8dqg056pqjye.example"),
            ("elif@example", nil), ("elif", nil), ("@example.org", nil), ("elif@", nil),
            ("elif@@example.org", nil), ("e lif@example.org", nil),
            ("elif@example.org\r\nRCPT TO:<x@example.net>", nil),
            ("elif>@example.org", nil), ("elif@example.org>", nil), ("<elif@example.org>", nil),
            ("\"el if\"@example.org", nil), ("elif..k@example.org", nil),
            (".elif@example.org", nil), ("elif@-example.org", nil), ("elif@[127.0.0.1]", nil),
            ("şule@example.org", nil), ("elif@exa\u{0}mple.org", nil), ("elif@ör\u{0}nek.org", nil),
            (String(repeating: "a", count: 65) + "@example.org", nil), ("", nil),
        ] as [(String, String?)])
    func parsing(_ text: String, _ expected: String?) {
        #expect(MailAddress(text)?.text == expected)
    }
}
