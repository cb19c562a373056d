// SPDX-License-Identifier: Apache-2.0

import Domain
import Foundation
import Synchronization
import Testing

@testable import Mailbox

/// A visit: what the server lists and says, and what comes of it.
struct VisitCase: CustomTestStringConvertible, Sendable {
    var testDescription: String
    var care = AfterCare(mails: .all, flag: nil, moveTo: "Biten")
    var capabilities = "IMAP4rev1 MOVE UIDPLUS"
    var validity = 7
    var next = 100
    var flags = #"(\Seen \Flagged \*)"#
    var mode = "READ-WRITE"
    /// To commands that begin so, in turn; OK to all others.
    var answers: [(command: String, answers: [String])] = []
    var result: CareResult?
    var trouble: Trouble?
    /// Those after SELECT.
    var commands: [String] = []
}

/// Notes what it is told, and answers from a script.
private final class VisitScript: Sendable {
    let said = Mutex<[String]>([])
    let sample: VisitCase

    init(_ sample: VisitCase) { self.sample = sample }

    func answer(_ line: String) -> String {
        let words = line.split(separator: " ", maxSplits: 1).map(String.init)
        guard words.count == 2 else { return "" }
        let (tag, command) = (words[0], words[1])
        switch command.split(separator: " ").first {
        case "CAPABILITY":
            return "* CAPABILITY \(sample.capabilities) AUTH=PLAIN SASL-IR\r\n\(tag) OK done\r\n"
        case "AUTHENTICATE": return "\(tag) OK [CAPABILITY \(sample.capabilities)] in\r\n"
        case "LOGOUT": return "* BYE bye\r\n\(tag) OK done\r\n"
        case "SELECT" where !sample.answers.contains { $0.command == "SELECT" }:
            return "* 3 EXISTS\r\n* OK [UIDVALIDITY \(sample.validity)] v\r\n"
                + "* OK [UIDNEXT \(sample.next)] n\r\n* OK [PERMANENTFLAGS \(sample.flags)] f\r\n"
                + "\(tag) OK [\(sample.mode)] open\r\n"
        default:
            let before = said.withLock { said in
                defer { said.append(command) }
                return said.count { $0 == command }
            }
            let script = sample.answers.first { command.hasPrefix($0.command) }?.answers ?? []
            return "\(tag) \(before < script.count ? script[before] : "OK done")\r\n"
        }
    }
}

@Suite("A visit", .timeLimit(.minutes(10)))
struct VisitTests {
    static let cases: [VisitCase] = [
        VisitCase(
            testDescription: "moves in one step", result: .done,
            commands: [#"UID MOVE 5:7,9 "Biten""#]),
        VisitCase(
            testDescription: "flags, then moves",
            care: AfterCare(mails: .all, flag: "$Mutabik", moveTo: "Biten"), result: .done,
            commands: ["UID STORE 5:7,9 +FLAGS.SILENT ($Mutabik)", #"UID MOVE 5:7,9 "Biten""#]),
        VisitCase(
            testDescription: "copies and removes by UID without MOVE",
            capabilities: "IMAP4rev1 UIDPLUS", result: .done,
            commands: [
                #"UID COPY 5:7,9 "Biten""#, #"UID STORE 5:7,9 +FLAGS.SILENT (\Deleted)"#,
                "UID EXPUNGE 5:7,9",
            ]),
        VisitCase(
            testDescription: "copies nothing that it could not remove",
            capabilities: "IMAP4rev1",
            result: .refused("the server can move no mails (neither MOVE nor UIDPLUS)")),
        VisitCase(
            testDescription: "removes nothing whose copy failed", capabilities: "IMAP4rev1 UIDPLUS",
            answers: [("UID COPY", ["NO [OVERQUOTA] full"])],
            result: .refused("UID COPY: server said NO [OVERQUOTA]"),
            commands: [#"UID COPY 5:7,9 "Biten""#]),
        VisitCase(
            testDescription: "makes a folder that is missing",
            answers: [("UID MOVE", ["NO [TRYCREATE] no such folder"])], result: .done,
            commands: [
                #"UID MOVE 5:7,9 "Biten""#, #"CREATE "Biten""#, #"UID MOVE 5:7,9 "Biten""#,
            ]),
        VisitCase(
            testDescription: "says that the folder cannot be made",
            answers: [
                ("UID MOVE", ["NO [TRYCREATE] no such folder"]), ("CREATE", ["NO [NOPERM] no"]),
            ],
            result: .refused(
                "the folder to move to is missing, and CREATE: server said NO [NOPERM]"),
            commands: [#"UID MOVE 5:7,9 "Biten""#, #"CREATE "Biten""#]),
        VisitCase(
            testDescription: "touches nothing under another UIDVALIDITY", validity: 8,
            result: .renumbered),
        VisitCase(
            testDescription: "touches nothing when UIDs are given again", next: 9,
            result: .renumbered),
        VisitCase(
            testDescription: "touches nothing in a folder that may only be read", mode: "READ-ONLY",
            result: .refused("SELECT: the folder may only be read")),
        VisitCase(
            testDescription: "knows that a keyword would not be kept",
            care: AfterCare(mails: .all, flag: "$Mutabik", moveTo: nil), flags: #"(\Seen)"#,
            result: .refused("the folder keeps no flag $Mutabik")),
        VisitCase(
            testDescription: "leaves a busy server alone",
            answers: [("UID MOVE", ["NO [LIMIT] too many"])], trouble: .busy,
            commands: [#"UID MOVE 5:7,9 "Biten""#]),
        VisitCase(
            testDescription: "tells that the folder is gone",
            answers: [("SELECT", ["NO [NONEXISTENT] none"])],
            result: .refused("SELECT: server said NO [NONEXISTENT]"),
            commands: [#"SELECT "INBOX""#]),
    ]

    private func account(_ server: LoopbackServer) -> MailboxAccount {
        MailboxAccount(
            name: "bank", host: "127.0.0.1", port: server.port, security: .none, user: "elif",
            password: Secret("sesame"))
    }

    private let order = CareOrder(
        folder: FolderEpoch(account: "bank", folder: "INBOX", uidValidity: 7), knownNext: 10,
        uids: [5, 6, 7, 9])

    @Test("does what is asked and nothing else", arguments: cases)
    func carries(_ sample: VisitCase) async throws {
        let script = VisitScript(sample)
        let server = try #require(
            LoopbackServer { line in
                script.answer(line)
            } greeting: {
                "* OK ready\r\n"
            })
        defer { server.stop() }
        let results = Mutex<[CareResult]>([])
        var trouble: Trouble?
        do throws(MailboxVisit.Failure) {
            try await MailboxVisit(account(server)).carryOut([order], sample.care) { _, result in
                results.withLock { $0.append(result) }
            }
        } catch {
            trouble = error.trouble
        }
        #expect(trouble == sample.trouble)
        #expect(results.withLock { $0 } == (sample.result.map { [$0] } ?? []))
        #expect(script.said.withLock { $0 } == sample.commands)
    }

    @Test("ends at once when nobody waits for it any more")
    func cancelled() async throws {
        let server = try #require(
            LoopbackServer { line in
                let tag = line.prefix { $0 != " " }
                // Never an answer to SELECT.
                return line.contains("SELECT") ? "* 3 EXISTS\r\n" : "\(tag) OK done\r\n"
            } greeting: {
                "* OK [CAPABILITY IMAP4rev1 AUTH=PLAIN SASL-IR] ready\r\n"
            })
        defer { server.stop() }
        let (account, order) = (account(server), order)
        let visit = Task {
            try await MailboxVisit(account).carryOut(
                [order], AfterCare(mails: .all, flag: "\\Seen", moveTo: nil)
            ) { _, _ in }
        }
        visit.cancel()
        await #expect(throws: MailboxVisit.Failure.self) { try await visit.value }
    }

    /// Gives another token when one was refused.
    private final class Tokens: TokenSource {
        let asked = Mutex<[String?]>([])
        var stamp: UInt64 { 0 }
        func token(insteadOf refused: Secret?) async throws(TokenFailure) -> Secret {
            asked.withLock { $0.append(refused?.reveal()) }
            return Secret(refused == nil ? "old" : "new")
        }
    }

    @Test("asks for another token when one is refused, and only once", arguments: ["new", "none"])
    func tokens(good: String) async throws {
        // RFC 7628's example of a refusal, as Google words it.
        let refusal = Data(#"{"status":"400","schemes":"Bearer"}"#.utf8).base64EncodedString()
        let server = try #require(
            LoopbackServer { line in
                let words = line.split(separator: " ").map(String.init)
                guard words.count > 1 else { return "" }
                switch words[1] {
                case "CAPABILITY":
                    return "* CAPABILITY IMAP4rev1 AUTH=XOAUTH2 SASL-IR\r\n\(words[0]) OK done\r\n"
                case "AUTHENTICATE":
                    let shown = Data(base64Encoded: words[3]).map {
                        String(decoding: $0, as: UTF8.self)
                    }
                    let isGood = shown?.contains("Bearer \(good)\u{1}") ?? false
                    return isGood ? "\(words[0]) OK in\r\n" : "+ \(refusal)\r\n"
                case "EXAMINE": return "* 3 EXISTS\r\n\(words[0]) OK done\r\n"
                default: return "\(words[0]) OK done\r\n"
                }
            } greeting: {
                "* OK ready\r\n"
            })
        defer { server.stop() }
        let tokens = Tokens()
        var account = account(server)
        account.credentials = .tokens(tokens)
        do throws(MailboxVisit.Failure) {
            let count = try await MailboxVisit(account).tryOut()
            #expect(good == "new" && count == 3)
        } catch {
            #expect(good == "none" && error.trouble == .credentials)
            #expect(error.reason.hasSuffix("server said status 400"))
        }
        #expect(tokens.asked.withLock { $0 } == [nil, "old"])
    }
}
