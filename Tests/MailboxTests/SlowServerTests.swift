// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

@testable import Mailbox

/// Servers that take their time, or only seem to answer.
@Suite struct SlowServerTests {
    private func rig(_ uids: [UInt32]) -> SessionRig {
        var rig = SessionRig()
        for uid in uids { rig.server.mails[uid] = Array("H: \(uid)\r\n\r\n".utf8) }
        return rig
    }

    @Test(
        "A server that says it is still there, and answers nothing, is dead within two minutes",
        arguments: [
            ("EXAMINE", ""), ("UID SEARCH", ""), ("UID FETCH", ""),
            ("UID FETCH", "* 1 FETCH (UID 1 RFC822.SIZE 9)\r\n"),
        ],
        [
            "* OK Still here\r\n", "* 1 EXISTS\r\n", "* 1 FETCH (FLAGS (\\Seen))\r\n",
            "* OK [ALERT] hold on\r\n",
        ])
    func stalls(command: (name: String, answer: String), words: String) {
        var rig = rig([1])
        rig.server.answer = { said, _ in
            said.hasPrefix(command.name) ? Array(command.answer.utf8) : nil
        }
        rig.connect()
        _ = rig.run()
        while rig.ending == nil, rig.now < .seconds(600) {
            rig.say(words)
            rig.session.resumed(after: .zero, at: rig.now)
            rig.pass(.seconds(5))
        }
        #expect(rig.ending == .disconnect(reason: "the server went silent", trouble: .silence))
        #expect(rig.now <= .seconds(120))
    }

    @Test("A mail on a slow line takes its time")
    func slowLine() {
        var rig = rig([1])
        rig.server.answer = { said, _ in
            said.hasPrefix("UID FETCH") ? Array("* 1 FETCH (UID 1 BODY[] {90000}\r\n".utf8) : nil
        }
        rig.connect()
        _ = rig.run()
        for _ in 0..<9 {
            rig.say(String(repeating: "x", count: 10_000))
            rig.pass(.seconds(20))
        }
        rig.say(" RFC822.SIZE 90000 INTERNALDATE NIL)\r\nm5 OK done\r\n")
        #expect(rig.receivedUIDs == [1])
    }

    /// What a server can say for hours without a mail, or a list, ever coming.
    static let trickles: [(String, String, String)] = [
        ("UID FETCH", "* 1 FETCH (UID 1 BODY[] {90000}\r\n", "x"),
        ("UID FETCH", "* 1 FETCH (UID 1 BODY[] {900000000}\r\n", "x"),
        ("UID FETCH", "", "* 1 FETCH (UID 1 RFC822.SIZE 9)\r\n"),
        ("UID FETCH", "", "* 1 FETCH (UID 1 BODY[] {1}\r\nx)\r\n"),
        ("UID FETCH", "", "* 1 FETCH (UID 9 BODY[] {1}\r\nx)\r\n"),
        ("UID SEARCH", "* SEARCH" + String(repeating: " 1", count: 300), " 1"),
        ("UID SEARCH", "", "* SEARCH\r\n"), ("UID SEARCH", "", "* SEARCH 1\r\n"),
        ("EXAMINE", "", "* CAPABILITY IMAP4rev1\r\n"), ("EXAMINE", "", "* LIST () NIL a\r\n"),
    ]

    @Test("A server that drips is dead within two minutes of its last step", arguments: trickles)
    func drips(command: String, answer: String, drop: String) {
        var rig = rig([1])
        rig.server.answer = { said, _ in said.hasPrefix(command) ? Array(answer.utf8) : nil }
        rig.connect()
        _ = rig.run()
        while rig.ending == nil, rig.now < .seconds(600) {
            rig.say(drop)
            rig.pass(.seconds(20))
        }
        #expect(rig.ending == .disconnect(reason: "the server went silent", trouble: .silence))
        #expect(rig.now <= .seconds(140))
    }

    @Test("A mail that comes shorter than it is said to be is asked for once more")
    func cutShort() {
        for comesWhole in [true, false] {
            var rig = rig([1, 2])
            var asked = 0
            rig.server.answer = { said, tag in
                guard said.hasPrefix("UID FETCH"), said.contains("BODY.PEEK[]") else { return nil }
                asked += 1
                let body = asked > 1 && comesWhole ? String(repeating: "y", count: 1000) : "yyy"
                let others =
                    asked > 1
                    ? ""
                    : "* 2 FETCH (UID 2 RFC822.SIZE 9 INTERNALDATE \"22-Nov-2026 08:34:38 +0000\" BODY[] {8}\r\nestimate)\r\n"
                return Array(
                    ("* 1 FETCH (UID 1 RFC822.SIZE 1000 INTERNALDATE \"22-Nov-2026 08:34:38 +0000\" "
                        + "BODY[] {\(body.utf8.count)}\r\n\(body))\r\n\(others)\(tag) OK done\r\n")
                        .utf8)
            }
            rig.connect()
            _ = rig.run()
            #expect(asked == 2)
            #expect(rig.receivedUIDs == [2, 1])
            #expect(rig.received.last?.raw.count == (comesWhole ? 1000 : 3))
            #expect(rig.session.mode == .idling(since: rig.now))
        }
    }
}
