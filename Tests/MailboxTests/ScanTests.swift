// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

@testable import Mailbox

/// Mail that is shown late, or under numbers that were given before.
@Suite struct ScanTests {
    func rig(_ uids: some Sequence<UInt32>, hidden: Set<UInt32> = []) -> SessionRig {
        var rig = SessionRig()
        for uid in uids { rig.server.mails[uid] = Array("H: \(uid)\r\n\r\n".utf8) }
        rig.server.hidden = hidden
        rig.connect()
        _ = rig.run()
        return rig
    }

    /// Lets IDLE be renewed for so long.
    func pass(_ time: Duration, _ rig: inout SessionRig) {
        let end = rig.now + time
        while rig.now < end { rig.pass(.seconds(270)) }
    }

    @Test("A mail shown late, close below the floor, is taken in within a quarter of an hour")
    func overlap() {
        var rig = rig([3, 5, 9], hidden: [5])
        pass(.seconds(900), &rig)
        #expect(rig.ledger.floor == 9)
        rig.server.hidden = []
        pass(.seconds(1200), &rig)
        #expect(rig.receivedUIDs == [3, 9, 5])
        #expect(rig.events.filter { $0 == .lateUID(5) }.count == 1)
        pass(.seconds(86_400), &rig)
        #expect(rig.receivedUIDs == [3, 9, 5])
        #expect(rig.server.commands.contains("UID SEARCH RETURN (ALL) UID 1:9"))
        #expect(rig.ledger.floor == 9)
    }

    @Test("A mail shown late, far below the floor, is found by the day's scan")
    func recent() {
        var rig = rig(Array(1...1) + Array(600...700), hidden: [1])
        pass(.seconds(3600), &rig)
        rig.server.hidden = []
        pass(.seconds(3600), &rig)
        #expect(!rig.receivedUIDs.contains(1))
        pass(.seconds(86_400), &rig)
        #expect(rig.receivedUIDs.count == 102)
        #expect(rig.events.contains(.lateUID(1)))
        #expect(rig.server.commands.contains("UID SEARCH RETURN (ALL) SINCE 20-Nov-2026"))
        #expect(rig.ledger.scans.contains(.recent) && !rig.ledger.scans.contains(.full))
    }

    @Test("An old mail that was moved in late is found by the week's scan")
    func full() {
        var rig = rig([1, 600, 700], hidden: [1])
        rig.server.recent = 600...700
        pass(.seconds(3600), &rig)
        rig.server.hidden = []
        pass(.seconds(6 * 86_400), &rig)
        #expect(!rig.receivedUIDs.contains(1))
        pass(.seconds(2 * 86_400), &rig)
        #expect(rig.receivedUIDs == [600, 700, 1])
        #expect(rig.ledger.scans.filter { $0 == .full }.count == 1)
    }

    @Test("After an hour out of sight the last days are compared at once")
    func outage() {
        var rig = rig([1, 600], hidden: [1])
        pass(.seconds(900), &rig)
        rig.close()
        rig.server.hidden = []
        rig.ledger.forgetLooks(since: .distantPast)
        rig.connect()
        _ = rig.run()
        #expect(rig.receivedUIDs == [600, 1])
        #expect(rig.ledger.scans.last == .recent)
    }

    @Test("A late mail that does not come at once is asked for again by the next scan")
    func lateAndAbsent() {
        var rig = rig([3, 5, 9], hidden: [5])
        pass(.seconds(900), &rig)
        rig.server.hidden = []
        rig.server.answer = { command, tag in
            command.hasPrefix("UID FETCH 5 ")
                ? Array("* 2 FETCH (UID 5 BODY[] NIL)\r\n\(tag) OK x\r\n".utf8) : nil
        }
        pass(.seconds(1200), &rig)
        #expect(rig.receivedUIDs == [3, 9])
        #expect(rig.events.contains(.unfetched(uid: 5)))
        rig.server.answer = { _, _ in nil }
        pass(.seconds(1200), &rig)
        #expect(rig.receivedUIDs == [3, 9, 5])
    }

    @Test("A mail that was given up is asked for at the next look, wherever it is in the folder")
    func givenUp() {
        var rig = rig(Array(1...1) + Array(2000...2003))
        pass(.seconds(3600), &rig)
        rig.server.mails[2004] = rig.server.mails[1]
        rig.pass(.seconds(270))
        #expect(rig.ledger.floor == 2003)
        let scans = rig.ledger.scans.count
        rig.received = []
        rig.ledger.missing = [1, 2004]
        rig.pass(.seconds(270))
        #expect(rig.receivedUIDs == [1, 2004])
        #expect(rig.ledger.scans.count <= scans + 1)
        #expect(!rig.events.contains(.lateUID(1)))
        rig.pass(.seconds(270))
        #expect(rig.receivedUIDs == [1, 2004])
    }

    @Test("A mail that was given up and does not come is asked for once, and alone")
    func givenUpAgain() {
        var rig = rig(1...3)
        pass(.seconds(3600), &rig)
        rig.received = []
        rig.server.poison = .init(
            testDescription: "NO", uids: [1, 3], words: { "\($0) NO cannot be read\r\n" })
        rig.ledger.missing = [1, 2, 3]
        let before = rig.server.commands.count
        rig.pass(.seconds(270))
        // The next try is the intake's to say.
        #expect(rig.receivedUIDs.sorted() == [1, 2, 3])
        #expect(rig.received.filter(\.raw.isEmpty).map(\.uid) == [1, 3])
        let fetches = rig.server.commands[before...].filter { $0.hasPrefix("UID FETCH") }
        #expect(fetches.count == 3)
        #expect(!fetches.contains { $0.contains(":") || $0.contains(",") })
    }

    @Test("A mail that was given up and breaks the connection takes no other with it")
    func givenUpBreaks() {
        var rig = rig(1...2)
        pass(.seconds(3600), &rig)
        rig.received = []
        rig.server.poison = .init(
            testDescription: "BYE", uids: [1], words: { _ in "* BYE internal error\r\n" },
            hangsUp: true)
        rig.server.mails[3] = rig.server.mails[2]
        rig.ledger.missing = [1]
        rig.pass(.seconds(270))
        #expect(rig.receivedUIDs == [3])
        rig.connect()
        _ = rig.run()
        #expect(rig.receivedUIDs == [3, 1])
        #expect(rig.ending == nil)
    }

    @Test("A mail that was given up and is gone is told as gone")
    func givenUpGone() {
        var rig = rig(1...2)
        pass(.seconds(3600), &rig)
        rig.server.mails[1] = nil
        rig.ledger.missing = [1]
        rig.pass(.seconds(270))
        #expect(rig.vanished == [1])
    }

    @Test("A scan that the server refuses does not end the session", arguments: ["NO", "BAD"])
    func refusedScan(condition: String) {
        var rig = rig([3, 9])
        rig.server.answer = { command, tag in
            command.contains("UID 1:9") ? Array("\(tag) \(condition) not today\r\n".utf8) : nil
        }
        pass(.seconds(7200), &rig)
        #expect(rig.ending == nil)
        #expect(rig.ledger.floor == 9)
        let scans = rig.server.commands.filter { $0.contains("UID 1:9") }.count
        #expect((4...8).contains(scans))
    }

    @Test("UIDs that are given again begin a new epoch, even under the same UIDVALIDITY")
    func rewind() {
        var rig = rig([5, 6])
        rig.close()
        rig.server.mails = [5: Array("H: new\r\n\r\n".utf8)]
        rig.connect()
        _ = rig.run()
        #expect(rig.received.map(\.uid) == [5, 6, 5])
        #expect(rig.received.map(\.epoch) == [0, 0, 1])
        #expect(rig.events.contains(.newEpoch(uidValidity: 7)))
        rig.close()
        rig.connect()
        _ = rig.run()
        #expect(rig.received.count == 3)
    }

    @Test("A server that tells no UIDNEXT, or a higher one, goes on in its epoch")
    func noRewind() {
        var rig = rig([5, 6])
        for next in [7, 99, 99] as [UInt32] {
            rig.close()
            rig.server.uidNext = next
            rig.connect()
            _ = rig.run()
        }
        rig.close()
        rig.server.answer = { command, tag in
            command.hasPrefix("EXAMINE")
                ? Array("* 2 EXISTS\r\n* OK [UIDVALIDITY 7] x\r\n\(tag) OK x\r\n".utf8) : nil
        }
        rig.connect()
        _ = rig.run()
        #expect(rig.received.count == 2)
        #expect(rig.ledger.epoch == 0)
    }

    @Test("A new epoch is read 30 days back, and what is older stays unread for good")
    func lookBack() {
        var rig = rig([1, 2])
        rig.close()
        rig.server.uidValidity = 8
        for uid in UInt32(1)...100 { rig.server.mails[uid] = Array("H: \(uid)\r\n".utf8) }
        rig.server.recent = 90...100
        rig.connect()
        _ = rig.run()
        #expect(rig.server.commands.contains("UID SEARCH RETURN (ALL) SINCE 23-Oct-2026"))
        #expect(rig.ledger.base == 89)
        pass(.seconds(8 * 86_400), &rig)
        #expect(rig.ledger.scans.contains(.full))
        #expect(rig.received.dropFirst(2).map(\.uid) == Array(90...100))
    }

    @Test("A new epoch without recent mail begins where the next mail will come")
    func emptyLookBack() {
        var rig = rig([1, 2])
        rig.close()
        rig.server.uidValidity = 8
        rig.server.recent = 50...60
        rig.connect()
        _ = rig.run()
        #expect(rig.ledger.base == 2)
        rig.server.mails[3] = [0x41]
        rig.say("* 3 EXISTS\r\n")
        #expect(rig.receivedUIDs == [1, 2, 3])
    }

    @Test("A server that cannot search by date has the new epoch read from its beginning")
    func refusedLookBack() {
        var rig = rig([1, 2])
        rig.close()
        rig.server.uidValidity = 8
        rig.server.answer = { command, tag in
            command.contains("SINCE") ? Array("\(tag) BAD what\r\n".utf8) : nil
        }
        rig.connect()
        _ = rig.run()
        #expect(rig.receivedUIDs == [1, 2, 1, 2])
        #expect(rig.ending == nil)
    }

    @Test("A connection that ends after any byte of a new epoch loses no mail and doubles none")
    func endsAnywhere() {
        func renumbered() -> SessionRig {
            var rig = rig([1, 2])
            rig.close()
            rig.received = []
            rig.server.uidValidity = 8
            for uid in UInt32(1)...20 { rig.server.mails[uid] = Array("H: \(uid)\r\n".utf8) }
            rig.server.recent = 15...20
            rig.connect()
            return rig
        }
        var whole = renumbered()
        for cut in 0...whole.run() {
            var rig = renumbered()
            _ = rig.run(chunk: 13, limit: cut)
            rig.close()
            rig.connect()
            _ = rig.run()
            #expect(rig.receivedUIDs.sorted() == Array(15...20), "cut after \(cut) bytes")
        }
    }

    @Test(
        "Days are written as SEARCH takes them",
        arguments: [
            (1_795_332_878, 0, "22-Nov-2026"), (1_795_332_878, 30, "23-Oct-2026"),
            (951_782_400, 0, "29-Feb-2000"), (951_868_800, 1, "29-Feb-2000"),
            (978_307_200, 1, "31-Dec-2000"), (0, 5, "1-Jan-1970"), (-1e300, 0, "1-Jan-1970"),
            (1e300, 0, "31-Dec-9999"), (4_107_542_400, 0, "1-Mar-2100"),
        ] as [(Double, Int, String)])
    func days(seconds: Double, ago: Int, text: String) {
        #expect(Date(timeIntervalSince1970: seconds).imapDay(daysAgo: ago) == text)
    }
}
