// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

@testable import Mailbox

/// Text that would end or fake an answer if a literal were read as lines.
private let trap =
    "H: 1\r\n\r\nm4 OK FETCH completed\r\n* 9 FETCH (UID 9 BODY[] {5}\r\n)\r\nm5 OK\r\n+ x\r\n"

@Suite struct IMAPSessionTests {
    func rig(_ uids: [UInt32] = [3, 4, 9], mailBytesMax: Int = 100_000) -> SessionRig {
        var rig = SessionRig(mailBytesMax: mailBytesMax)
        for uid in uids { rig.server.mails[uid] = Array("\(trap)\(uid)".utf8) }
        return rig
    }

    func idling(_ uids: [UInt32] = []) -> SessionRig {
        var rig = rig(uids)
        rig.connect()
        _ = rig.run()
        return rig
    }

    @Test("A session says exactly this")
    func transcript() {
        let rig = idling([3, 4, 9])
        #expect(
            rig.server.commands == [
                "CAPABILITY", "ID (\"name\" \"mutabik\")", "EXAMINE \"INBOX\"",
                "UID SEARCH RETURN (ALL) UID 1:4294967295",
                "UID FETCH 3:4,9 (UID INTERNALDATE RFC822.SIZE BODY.PEEK[])",
                "UID SEARCH RETURN (ALL) UID 1:4294967295", "IDLE",
            ])
        #expect(rig.receivedUIDs == [3, 4, 9])
        #expect(rig.received.map(\.raw) == [3, 4, 9].map { Array("\(trap)\($0)".utf8) })
        #expect(rig.events == [.connected, .caughtUp(count: 3), .idling])
    }

    @Test("However the bytes are cut, each mail comes once", arguments: [1, 2, 3, 5, 7, 64])
    func chunks(size: Int) {
        var rig = rig()
        rig.connect()
        _ = rig.run(chunk: size)
        #expect(rig.receivedUIDs == [3, 4, 9])
        #expect(rig.session.mode == .idling(since: .zero))
    }

    @Test("A connection that ends after any byte loses no mail and doubles none")
    func endsAnywhere() {
        var whole = rig()
        whole.connect()
        let length = whole.run()
        for cut in 0...length {
            var rig = rig()
            rig.connect()
            _ = rig.run(chunk: 11, limit: cut)
            rig.close()
            rig.connect()
            _ = rig.run()
            #expect(rig.receivedUIDs.sorted() == [3, 4, 9], "cut after \(cut) bytes")
            #expect(rig.received.allSatisfy { $0.raw.count == trap.utf8.count + 1 })
        }
    }

    @Test("Announced mail is there after two round trips")
    func latency() {
        var rig = idling([1])
        rig.server.mails[2] = Array("H: 2\r\n\r\n".utf8)
        rig.roundTrips = 0
        rig.inbox = Array("* 2 EXISTS\r\n".utf8)
        while rig.received.count < 2, !rig.inbox.isEmpty { _ = rig.run(limit: rig.inbox.count) }
        #expect(rig.received.count == 2)
        // The announcement itself, then SEARCH, then FETCH.
        #expect(rig.roundTrips <= 3)
        let commands = rig.server.commands
        #expect(
            commands.suffix(from: (commands.lastIndex(of: "DONE") ?? 0)).prefix(3) == [
                "DONE", "UID SEARCH RETURN (ALL) UID 1:4294967295",
                "UID FETCH 2 (UID INTERNALDATE RFC822.SIZE BODY.PEEK[])",
            ])
    }

    @Test("An announcement before IDLE is accepted is not lost")
    func announcedBeforeIdle() {
        var rig = rig([])
        rig.server.answer = { command, _ in
            command == "IDLE" ? Array("* 1 EXISTS\r\n+ idling\r\n".utf8) : nil
        }
        rig.server.mails[5] = nil
        rig.connect()
        rig.server.mails[5] = Array("H: 5\r\n".utf8)
        _ = rig.run(limit: 4000)
        #expect(rig.receivedUIDs == [5])
    }

    @Test("IDLE is renewed after 4 min 30 s by an enumeration, which finds unannounced mail")
    func renewal() {
        var rig = idling()
        rig.server.mails[6] = Array("H: 6\r\n".utf8)
        rig.pass(.seconds(269))
        #expect(rig.received.isEmpty)
        rig.pass(.seconds(1))
        #expect(rig.receivedUIDs == [6])
        #expect(rig.events.contains(.unannounced(count: 1)))
        #expect(rig.session.mode == .idling(since: .seconds(270)))
    }

    @Test("A server that announces nothing three times is polled, the folder opened anew")
    func distrustsIdle() {
        var rig = idling()
        for uid in UInt32(1)...3 {
            rig.server.mails[uid] = [0x41]
            rig.pass(.seconds(270))
        }
        #expect(rig.session.mode == .polling(since: .seconds(810)))
        rig.server.mails[4] = [0x41]
        rig.pass(.seconds(60))
        #expect(rig.receivedUIDs == [1, 2, 3, 4])
        #expect(rig.server.commands.contains { $0.hasPrefix("EXAMINE") })
    }

    @Test("A server without IDLE is asked every minute")
    func polls() {
        var rig = rig([1])
        rig.server.capabilities = "IMAP4rev1"
        rig.connect()
        _ = rig.run()
        #expect(rig.session.deadline == .seconds(60))
        #expect(rig.events.last == .polling)
        rig.server.mails[2] = [0x41]
        rig.pass(.seconds(60))
        #expect(rig.receivedUIDs == [1, 2])
        #expect(rig.server.commands.contains("UID SEARCH UID 1:4294967295"))
    }

    @Test("Silence ends the connection: 30 s before the first byte, 60 s within an answer")
    func deadlines() {
        var rig = rig([1])
        rig.server.answer = { command, _ in command.hasPrefix("UID FETCH") ? [] : nil }
        rig.connect()
        _ = rig.run()
        rig.pass(.seconds(29))
        #expect(rig.ending == nil)
        rig.say("* 1 FETCH (UID 1 BODY[] {100}\r\nabc")
        rig.pass(.seconds(59))
        #expect(rig.ending == nil)
        rig.pass(.seconds(1))
        #expect(rig.ending == .disconnect(reason: "the server went silent", trouble: .silence))
        #expect(rig.received.isEmpty)
    }

    @Test("DONE that is never answered ends the connection after 30 s")
    func deadDone() {
        var rig = idling()
        rig.perform(rig.session.wake(at: rig.now))
        rig.inbox = []
        rig.pass(.seconds(30))
        #expect(rig.ending == .disconnect(reason: "the server went silent", trouble: .silence))
    }

    @Test("The floor rises over settled mails of ten minutes, not before")
    func floorRises() {
        var rig = idling([3, 4, 9])
        #expect(rig.ledger.floor == 0)
        rig.server.mails[12] = [0x41]
        rig.pass(.seconds(270))
        rig.pass(.seconds(270))
        #expect(rig.ledger.floor == 0)
        rig.pass(.seconds(270))
        #expect(rig.ledger.floor == 9)
        rig.pass(.seconds(270))
        #expect(rig.server.commands.contains("UID SEARCH RETURN (ALL) UID 10:4294967295"))
    }

    @Test("A mail over the limit, found out while it comes, is fetched cut off")
    func drainsLargeMail() {
        var rig = rig([1, 2])
        rig = SessionRig(mailBytesMax: 1000)
        rig.server.mails = [1: Array(repeating: 0x41, count: 5000), 2: [0x42]]
        rig.connect()
        _ = rig.run()
        #expect(rig.receivedUIDs.sorted() == [1, 2])
        let large = rig.received.first { $0.uid == 1 }
        #expect(large?.isTruncated == true)
        #expect(large?.sizeBytes == 5000)
        #expect(large?.raw == Array("H: text".utf8))
        #expect(rig.events.contains(.tooLarge(uid: 1, sizeBytes: 5000)))
    }

    @Test("Many mails are measured first and fetched in batches of 8 MiB")
    func probes() {
        var rig = SessionRig(mailBytesMax: 3 << 20)
        for uid in UInt32(1)...40 { rig.server.mails[uid] = Array(repeating: 0x41, count: 1 << 20) }
        rig.server.mails[7] = Array(repeating: 0x41, count: 4 << 20)
        rig.connect()
        _ = rig.run(chunk: 1 << 20)
        #expect(rig.receivedUIDs.sorted() == Array(1...40))
        #expect(rig.received.filter(\.isTruncated).map(\.uid) == [7])
        let fetches = rig.server.commands.filter { $0.hasPrefix("UID FETCH") }
        #expect(fetches.first == "UID FETCH 1:40 (UID RFC822.SIZE)")
        #expect(fetches.count == 8)
    }

    @Test("A body that is NIL is not settled, and asked for again at the next look")
    func absentBody() {
        var rig = rig([1, 2])
        rig.server.answer = { command, tag in
            guard command.hasPrefix("UID FETCH 1:2 ") else { return nil }
            return Array(
                "* 1 FETCH (UID 1 BODY[] NIL)\r\n* 2 FETCH (UID 2 BODY[] \"a\")\r\n\(tag) OK x\r\n"
                    .utf8)
        }
        rig.connect()
        _ = rig.run()
        #expect(rig.receivedUIDs == [2])
        #expect(rig.events.contains(.unfetched(uid: 1)))
        rig.pass(.seconds(270))
        #expect(rig.receivedUIDs == [2, 1])
        // It is no sign that the server's announcements cannot be relied on.
        #expect(!rig.events.contains(.unannounced(count: 1)))
    }

    @Test(
        "A mail that was not returned is gone only when a search does not find it",
        arguments: [
            true, false,
        ])
    func notReturned(isGone: Bool) {
        var rig = rig([1])
        rig.server.answer = { command, tag in
            if command.hasPrefix("UID FETCH") { return Array("\(tag) OK nothing\r\n".utf8) }
            if command == "UID SEARCH UID 1" {
                return Array("* SEARCH\(isGone ? "" : " 1")\r\n\(tag) OK x\r\n".utf8)
            }
            return nil
        }
        rig.connect()
        _ = rig.run()
        #expect(rig.vanished == (isGone ? [1] : []))
        #expect(rig.events.contains(.unfetched(uid: 1)) == !isGone)
        #expect(rig.received.isEmpty)
    }

    @Test("A mail whose answers cannot be read, three times alone, is given up; the others come")
    func quarantine() {
        var rig = rig([1, 2, 3])
        rig.server.answer = { command, _ in
            let asksForTwo = ["UID FETCH 1:3 ", "UID FETCH 2 "].contains { command.hasPrefix($0) }
            guard asksForTwo else { return nil }
            let first =
                command.hasPrefix("UID FETCH 1:3 ")
                ? "* 1 FETCH (UID 1 RFC822.SIZE 1 INTERNALDATE \"22-Nov-2026 08:34:38 +0000\" BODY[] {1}\r\na)\r\n"
                : ""
            return Array((first + "* 2 FETCH (UID 2 ((((\r\n").utf8)
        }
        for _ in 0..<5 {
            rig.now += .seconds(60)
            rig.connect()
            _ = rig.run()
        }
        #expect(rig.receivedUIDs == [1, 3, 2])
        #expect(rig.received.last.map { $0.isTruncated && $0.raw.isEmpty } == true)
        #expect(rig.events.contains(.quarantined(uid: 2)))
        #expect(rig.ending == nil)
    }

    @Test("Items on several lines, in any order, without a UID or unasked find their mail")
    func scatteredItems() {
        var rig = rig([1])
        rig.server.answer = { command, tag in
            guard command.hasPrefix("UID FETCH") else { return nil }
            return Array(
                ("* 1 FETCH (FLAGS (\\Seen))\r\n* 1 FETCH (BODY[] {3}\r\nbad)\r\n"
                    + "* 1 FETCH (BODY[] {4}\r\ngood UID 1)\r\n* 5 FETCH (UID 77 BODY[] {1}\r\nx)\r\n"
                    + "* 2 EXPUNGE\r\n* 1 FETCH (UID 1 FLAGS () INTERNALDATE \"22-Nov-2026 08:34:38 +0100\" "
                    + "RFC822.SIZE 99)\r\n\(tag) OK x\r\n").utf8)
        }
        rig.connect()
        _ = rig.run()
        #expect(rig.received.map(\.raw) == [Array("good".utf8)])
        #expect(rig.received.first?.internalDate?.timeIntervalSince1970 == 1_795_332_878)
        #expect(rig.received.first?.sizeBytes == 4)
    }

    @Test("Another UIDVALIDITY begins a new epoch: everything comes again under it")
    func newEpoch() {
        var rig = idling([1, 2])
        rig.close()
        rig.server.uidValidity = 8
        rig.connect()
        _ = rig.run()
        #expect(rig.received.map(\.uidValidity) == [7, 7, 8, 8])
        #expect(rig.events.contains(.newEpoch(uidValidity: 8)))
    }

    @Test(
        "A broken rule ends the connection and names itself",
        arguments: [
            ("* BYE Too long idle\r\n", "the server said BYE", Trouble.bye),
            ("* BYE [UNAVAILABLE] Maintenance\r\n", "the server said BYE", .busy),
            ("* BYE Session is throttled\r\n", "the server said BYE", .busy),
            ("zz OK what\r\n", "the server answered a command never sent", .violation),
            ("* OK [UIDVALIDITY 99] changed\r\n", "the folder was renumbered", .violation),
            ("garbage\r\n", "unreadable:   missing", .violation),
        ])
    func brokenRules(line: String, reason: String, trouble: Trouble) {
        var rig = idling()
        rig.say(line)
        #expect(rig.ending == .disconnect(reason: reason, trouble: trouble))
    }

    @Test(
        "A refused command names itself without the server's words",
        arguments: [("EXAMINE", Trouble.notOpened), ("UID SEARCH", .refusal)])
    func refusedCommand(name: String, trouble: Trouble) {
        var rig = rig()
        rig.server.answer = { command, tag in
            command.hasPrefix(name) ? Array("\(tag) NO [NOPERM] elif@example.org\r\n".utf8) : nil
        }
        rig.connect()
        _ = rig.run()
        #expect(
            rig.ending
                == .disconnect(reason: "\(name): server said NO [NOPERM]", trouble: trouble))
    }

    @Test("Endless announcements of nothing do not keep the client busy")
    func endlessAnnouncements() {
        var rig = idling()
        for _ in 0..<100 { rig.say("* 1 EXISTS\r\n") }
        #expect(rig.server.commands.filter { $0.hasPrefix("UID SEARCH") }.count < 10)
        rig.server.mails[1] = [0x41]
        rig.pass(.seconds(60))
        #expect(rig.receivedUIDs == [1])
    }

    @Test("Stopping ends IDLE, logs out and waits for the good-bye")
    func stops() {
        var rig = idling()
        rig.perform(rig.session.stop(at: rig.now))
        _ = rig.run()
        #expect(rig.server.commands.suffix(2) == ["DONE", "LOGOUT"])
        #expect(rig.ending == .finish)
    }

    @Test("Arbitrary bytes in any state never trap", arguments: 0..<300)
    func takesAnything(seed: Int) {
        var random = SeededRandom(seed: UInt64(seed))
        let parts = [
            "* ", "1 FETCH (UID 1 ", "BODY[] ", "{3}\r\n", "{99999999999999999999}\r\n", "~{0}\r\n",
            "(", ")", "\"", "\\", "\r\n", "NIL", " ", "m3 OK ", "m4 OK\r\n", "m5 NO\r\n", "+ \r\n",
            "* 4294967296 EXISTS\r\n", "* SEARCH 1 2\r\n", "* ESEARCH UID ALL 1:4294967295\r\n",
            "}",
            "* 1 EXISTS\r\n", "[UIDVALIDITY 9", "INTERNALDATE \"99-Xxx-0000 99:99:99 +9999\"",
            "\u{0}",
        ]
        var rig = rig([1, 2])
        rig.connect()
        _ = rig.run(limit: Int.random(in: 0...900, using: &random))
        for _ in 0..<40 where rig.ending == nil {
            let part = Array((parts.randomElement(using: &random) ?? "").utf8)
            rig.perform(part.withUnsafeBytes { rig.session.received($0, at: rig.now) })
            rig.now += .seconds(Int.random(in: 0...30, using: &random))
            rig.perform(rig.session.timePassed(at: rig.now))
        }
        #expect(rig.inbox.count < 1 << 20)
    }
}
