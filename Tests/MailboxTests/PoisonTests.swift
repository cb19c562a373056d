// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import Mailbox

/// Servers that cannot hand out one mail, each time it is asked for.
@Suite struct PoisonTests {
    typealias Poison = ScriptedServer.Poison

    static let cut = "* 2 FETCH (UID 2 RFC822.SIZE 500 BODY[] {500}\r\nH: "

    static let refusals = [
        Poison(testDescription: "NO", words: { "\($0) NO cannot be read\r\n" }, comesInTurn: false),
        Poison(
            testDescription: "NO behind the mails before it",
            words: { "\($0) NO cannot be read\r\n" }),
        Poison(testDescription: "BAD", words: { "\($0) BAD cannot\r\n" }, comesInTurn: false),
        Poison(
            testDescription: "NO [SERVERBUG], as Dovecot says of a damaged mail",
            words: { "\($0) NO [SERVERBUG] Internal error occurred.\r\n" }),
        Poison(
            testDescription: "NO, even when asked for the size",
            words: { "\($0) NO [SERVERBUG] Internal error occurred.\r\n" }, strikesSizes: true),
        Poison(
            testDescription: "BAD, even when asked for the size",
            words: { "\($0) BAD cannot\r\n" }, comesInTurn: false, strikesSizes: true),
    ]

    static let breaks = [
        Poison(testDescription: "it ends within the mail", words: { _ in cut }, hangsUp: true),
        Poison(
            testDescription: "it ends before the first mail", words: { _ in "" },
            comesInTurn: false, hangsUp: true),
        Poison(
            testDescription: "it ends when asked for the size", words: { _ in "" },
            comesInTurn: false, strikesSizes: true, hangsUp: true),
        Poison(testDescription: "it stops within the mail", words: { _ in cut }),
        Poison(
            testDescription: "it stops before the first mail", words: { _ in "" },
            comesInTurn: false),
        Poison(testDescription: "BYE", words: { _ in "* BYE internal error\r\n" }, hangsUp: true),
        Poison(testDescription: "what is no IMAP", words: { _ in "* 2 FETCH (UID 2 ((((\r\n" }),
    ]

    func rig(_ poison: Poison?, _ uids: some Sequence<UInt32>) -> SessionRig {
        var rig = SessionRig()
        rig.server.poison = poison
        for uid in uids { rig.server.mails[uid] = Array("H: \(uid)\r\n\r\n".utf8) }
        return rig
    }

    /// Lets the rig talk, connect again, go silent or renew: whatever comes next.
    func go(_ rig: inout SessionRig, turns: Int) {
        for _ in 0..<turns {
            if rig.ending != nil || rig.session.mode == .disconnected { rig.connect() }
            _ = rig.run()
            guard rig.ending == nil else { continue }
            switch rig.session.mode {
            case .idling, .polling: rig.pass(.seconds(270))
            case _ where rig.server.poison?.hangsUp == true: rig.close(.network)
            default: rig.pass(.seconds(60))
            }
        }
    }

    /// Each mail once; the poisoned ones without content.
    func expectEachOnce(_ rig: SessionRig, _ uids: some Sequence<UInt32>, poisoned: Set<UInt32>) {
        #expect(rig.receivedUIDs.sorted() == Array(uids).sorted())
        for mail in rig.received {
            #expect(mail.raw.isEmpty == poisoned.contains(mail.uid), "mail \(mail.uid)")
            #expect(mail.isTruncated == poisoned.contains(mail.uid), "mail \(mail.uid)")
        }
        let named = rig.events.compactMap {
            if case .quarantined(let uid) = $0 { uid } else { nil }
        }
        #expect(named.sorted() == poisoned.sorted())
        // What was given up is not asked for again.
        #expect(rig.ending == nil)
    }

    @Test(
        "A mail that cannot be had goes to a person; all others come whole, and at once",
        arguments: refusals + breaks)
    func oneMail(poison: Poison) {
        var rig = rig(poison, 1...3)
        go(&rig, turns: 4)
        #expect(Set(rig.receivedUIDs).isSuperset(of: [1, 3]))
        rig.server.mails[4] = [0x41]
        go(&rig, turns: 8)
        expectEachOnce(rig, 1...4, poisoned: [2])
        #expect(rig.session.mode == .idling(since: rig.now))
    }

    @Test("The last of several mails is given up soon", arguments: refusals + breaks)
    func lastMail(poison: Poison) {
        var rig = rig(poison, 1...2)
        go(&rig, turns: 8)
        expectEachOnce(rig, 1...2, poisoned: [2])
    }

    @Test(
        "An only mail is given up late: a server that hands out nothing may be ill",
        arguments: refusals + breaks)
    func onlyMail(poison: Poison) {
        var rig = rig(poison, 2...2)
        go(&rig, turns: 35)
        #expect(rig.received.isEmpty)
        go(&rig, turns: 10)
        expectEachOnce(rig, 2...2, poisoned: [2])
    }

    @Test("Among a thousand they are found in few commands", arguments: refusals + breaks)
    func manyMails(poison: Poison) {
        var poison = poison
        poison.uids = [300, 301, 1170]
        if poison.strikesSizes, poison.hangsUp { poison.uids = [300] }
        var rig = rig(poison, 1...1200)
        let words = poison.words
        rig.server.poison?.words = { words($0).replacing(" 2 ", with: " 300 ") }
        go(&rig, turns: 40)
        expectEachOnce(rig, 1...1200, poisoned: poison.uids)
        let fetches = rig.server.commands.count { $0.hasPrefix("UID FETCH") }
        #expect(fetches < 250)
    }

    @Test("A server that refuses every mail loses none of them, and is not flooded")
    func refusesAll() {
        var rig = rig(nil, 1...400)
        rig.server.answer = { command, tag in
            command.hasPrefix("UID FETCH") ? Array("\(tag) NO backend error\r\n".utf8) : nil
        }
        go(&rig, turns: 5)
        #expect(rig.received.isEmpty)
        #expect(rig.server.commands.count { $0.hasPrefix("UID FETCH") } <= 5 * 30)
        rig.server.answer = { _, _ in nil }
        go(&rig, turns: 5)
        expectEachOnce(rig, 1...400, poisoned: [])
    }

    @Test(
        "A busy server is asked again for as long as it is busy",
        arguments: [
            "NO [LIMIT] enough for today", "NO [THROTTLED] later", "NO [UNAVAILABLE] backend down",
        ])
    func staysBusy(words: String) {
        var rig = rig(nil, 1...2)
        rig.server.answer = { command, tag in
            command.hasPrefix("UID FETCH") ? Array("\(tag) \(words)\r\n".utf8) : nil
        }
        go(&rig, turns: 90)
        #expect(rig.received.isEmpty)
        rig.server.answer = { _, _ in nil }
        go(&rig, turns: 2)
        expectEachOnce(rig, 1...2, poisoned: [])
    }

    @Test("A mail that the server is always busy about keeps no other back")
    func busyMail() {
        var rig = rig(Poison(testDescription: "", words: { "\($0) NO [UNAVAILABLE] x\r\n" }), 1...3)
        go(&rig, turns: 4)
        #expect(rig.receivedUIDs == [1, 3])
        go(&rig, turns: 150)
        expectEachOnce(rig, 1...3, poisoned: [2])
    }

    @Test("What our own side breaks off is no fault of the mail")
    func ownFault() {
        var rig = rig(nil, [2])
        rig.server.answer = { command, _ in command.hasPrefix("UID FETCH") ? [] : nil }
        for _ in 0..<40 {
            rig.connect()
            _ = rig.run()
            rig.close(nil)
        }
        rig.server.answer = { _, _ in nil }
        go(&rig, turns: 1)
        expectEachOnce(rig, [2], poisoned: [])
    }
}
