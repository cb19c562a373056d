// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

@testable import Mailbox

/// Servers that number mails badly, show one mail in several folders, or put bank mail aside.
@Suite struct OddServerTests {
    func fill(_ rig: inout SessionRig, _ uids: some Sequence<UInt32>) {
        for uid in uids { rig.server.mails[uid] = Array("H: \(uid)\r\n\r\n".utf8) }
    }

    func connect(_ rig: inout SessionRig) {
        rig.connect()
        _ = rig.run()
    }

    // MARK: Numbers

    @Test("Without UIDVALIDITY every connection is an epoch of its own, and looks 30 days back")
    func noUIDValidity() {
        var rig = SessionRig()
        fill(&rig, [1, 2])
        rig.server.tells = ["UIDNEXT"]
        connect(&rig)
        #expect(rig.receivedUIDs == [1, 2])
        #expect(!rig.events.contains(.newEpoch(uidValidity: 0)))
        rig.close()
        rig.server.recent = 2...2
        connect(&rig)
        #expect(rig.receivedUIDs == [1, 2, 2])
        #expect(rig.received.map(\.epoch) == [0, 0, 1])
        #expect(rig.received.map(\.uidValidity) == [0, 0, 0])
        #expect(rig.events.contains(.newEpoch(uidValidity: 0)))
        #expect(rig.session.mode == .idling(since: .zero))
    }

    @Test("Without UIDVALIDITY a folder that is opened again on one connection goes on")
    func noUIDValidityWhilePolling() {
        var rig = SessionRig()
        fill(&rig, [1, 2])
        rig.server.tells = []
        rig.server.capabilities = "IMAP4rev1"
        connect(&rig)
        for _ in 0..<10 { rig.pass(.seconds(60)) }
        fill(&rig, [3])
        for _ in 0..<10 { rig.pass(.seconds(60)) }
        #expect(rig.server.commands.filter { $0.hasPrefix("EXAMINE") }.count >= 3)
        #expect(rig.receivedUIDs == [1, 2, 3])
        #expect(rig.ledger.epoch == 0)
    }

    @Test("UIDs that are listed in no order, twice, and answered backwards come once each")
    func outOfOrder() {
        var rig = SessionRig()
        fill(&rig, [3, 4, 9])
        rig.server.capabilities = "IMAP4rev1 IDLE"
        rig.server.answer = { command, tag in
            if command.hasPrefix("UID SEARCH UID 1:") {
                return Array("* SEARCH 9 3 9\r\n* SEARCH 4 3\r\n\(tag) OK x\r\n".utf8)
            }
            guard command.hasPrefix("UID FETCH 3:4,9") else { return nil }
            let mails = [9, 4, 3, 9].map {
                "* \($0) FETCH (BODY[] {1}\r\n\($0) INTERNALDATE NIL RFC822.SIZE 1 UID \($0))\r\n"
            }
            return Array((mails.joined() + "\(tag) OK x\r\n").utf8)
        }
        connect(&rig)
        #expect(rig.receivedUIDs.sorted() == [3, 4, 9])
        #expect(rig.received.allSatisfy { $0.raw == Array("\($0.uid)".utf8) })
        #expect(rig.session.mode == .idling(since: .zero))
    }

    @Test("UIDs given again under a higher UIDVALIDITY, and a lower UIDNEXT, are new mails")
    func reusedUIDs() {
        var rig = SessionRig()
        fill(&rig, [5, 6, 7])
        connect(&rig)
        rig.close()
        rig.server.mails = [5: Array("H: other\r\n\r\n".utf8)]
        rig.server.uidNext = 6
        connect(&rig)
        rig.close()
        rig.server.uidValidity = 8
        rig.server.uidNext = nil
        connect(&rig)
        #expect(rig.receivedUIDs == [5, 6, 7, 5, 5])
        #expect(rig.received.map(\.epoch) == [0, 0, 0, 1, 2])
    }

    // MARK: Names

    @Test(
        "A folder is asked for in the protocol's spelling",
        arguments: [
            ("INBOX", "\"INBOX\""), ("Ödemeler", "\"&ANY-demeler\""),
            ("&ANY-demeler", "\"&ANY-demeler\""),
            ("Gelen/Ödeme & Çek", "\"Gelen/&ANY-deme &- &AMc-ek\""),
            ("İşler", "\"&ATABXw-ler\""), ("台北 😀", "\"&U,BTFw- &2D3eAA-\""),
            ("a\"b\\c", "\"a\\\"b\\\\c\""), ("R&D", "\"R&D\""),
        ])
    func spelling(name: String, spelled: String) {
        #expect(MailboxName.isSendable(name))
        var rig = SessionRig(folders: [name])
        connect(&rig)
        #expect(rig.server.commands.contains("EXAMINE \(spelled)"))
        #expect(rig.session.mode == .idling(since: .zero))
    }

    @Test(
        "What no server can be asked for is no name",
        arguments: [
            "", "a\r\nb", "\u{0}", "\u{7f}", String(repeating: "a", count: 1001),
            String(repeating: "Ö", count: 500),
        ])
    func noName(name: String) {
        #expect(!MailboxName.isSendable(name))
    }

    @Test("Two spellings of a folder are one folder")
    func canonicalNames() {
        #expect(MailboxName.canonical("inbox") == MailboxName.canonical("INBOX"))
        #expect(MailboxName.canonical("Ödemeler") == MailboxName.canonical("&ANY-demeler"))
        #expect(MailboxName.canonical("Bank") != MailboxName.canonical("bank"))
    }

    // MARK: One mail in several folders

    @Test(
        "A mail that another folder has given is recorded there too, and not fetched",
        arguments: [
            ("X-GM-EXT-1", "X-GM-MSGID 12789344000", "X-GM-MSGID"),
            ("OBJECTID", "EMAILID (M6d99-ac_3275)", "EMAILID"),
        ])
    func lastingNames(capability: String, name: String, item: String) {
        let uids = Array(UInt32(1)...40)
        var inbox = SessionRig()
        fill(&inbox, uids)
        inbox.server.capabilities += " \(capability)"
        for uid in uids {
            inbox.server.lastingNames[uid] = name.replacing(
                "2", with: "\(uid)2", maxReplacements: 1)
        }
        connect(&inbox)
        #expect(inbox.received.count == 40)
        #expect(Set(inbox.received.compactMap(\.lastingName)).count == 40)

        var all = SessionRig(folders: ["[Gmail]/All Mail"], ledger: inbox.ledger)
        all.server = inbox.server
        // Other numbers there; the last two were never in the inbox.
        all.server.mails = [:]
        all.server.lastingNames = [:]
        for uid in uids {
            all.server.mails[uid + 100] = inbox.server.mails[uid]
            all.server.lastingNames[uid + 100] = inbox.server.lastingNames[uid]
        }
        fill(&all, [141, 142])
        all.server.lastingNames[141] = name
        let before = all.server.commands.count
        connect(&all)
        let fetches = all.server.commands.dropFirst(before).filter { $0.hasPrefix("UID FETCH") }
        #expect(
            fetches == [
                "UID FETCH 101:142 (UID RFC822.SIZE \(item))",
                "UID FETCH 142 (UID INTERNALDATE RFC822.SIZE \(item) BODY.PEEK[])",
                "UID FETCH 141 (UID INTERNALDATE RFC822.SIZE \(item) BODY.PEEK[])",
            ])
        #expect(all.receivedUIDs == [142, 141])
        #expect(all.session.mode == .idling(since: .zero))

        // And under another numbering none is fetched again.
        all.close()
        all.server.uidValidity = 9
        connect(&all)
        #expect(all.receivedUIDs == [142, 141, 142])
    }

    // MARK: Junk

    func guarded() -> SessionRig {
        var rig = SessionRig(bankDomains: ["a.example", "b.example", "c.example", "mail.b.example"])
        rig.server.capabilities += " SPECIAL-USE"
        return rig
    }

    @Test("The folder for junk is looked into once an hour, and bank mail there told once")
    func junk() {
        var rig = guarded()
        fill(&rig, [1])
        rig.server.junk = [7, 9]
        connect(&rig)
        #expect(
            rig.server.commands.suffix(7) == [
                "UID SEARCH RETURN (ALL) UID 1:4294967295",
                "LIST \"\" \"*\" RETURN (SPECIAL-USE)", "EXAMINE \"Gereksiz\"",
                "UID SEARCH RETURN (ALL) SINCE 19-Nov-2026 OR FROM \"a.example\" "
                    + "OR FROM \"b.example\" FROM \"c.example\"",
                "EXAMINE \"INBOX\"", "UID SEARCH RETURN (ALL) UID 1:4294967295", "IDLE",
            ])
        #expect(rig.receivedUIDs == [1])
        let told = MailboxEvent.bankMailInJunk(folder: "Gereksiz", count: 2)
        #expect(rig.events.filter { $0 == told }.count == 1)
        // Mail that came while the other folder was open is not overlooked.
        fill(&rig, [2])
        for _ in 0..<26 { rig.pass(.seconds(270)) }
        #expect(rig.receivedUIDs == [1, 2])
        #expect(rig.events.filter { $0 == told }.count == 1)
        #expect(rig.server.commands.filter { $0 == "EXAMINE \"Gereksiz\"" }.count == 2)
        #expect(rig.server.commands.filter { $0.hasPrefix("LIST") }.count == 1)
        rig.server.junk = [7, 9, 11]
        for _ in 0..<14 { rig.pass(.seconds(270)) }
        #expect(rig.events.contains(.bankMailInJunk(folder: "Gereksiz", count: 3)))
    }

    @Test("Without such a folder, with one that is watched, or without rules nobody looks")
    func noJunk() {
        var without = guarded()
        connect(&without)
        #expect(!without.server.commands.contains { $0.contains("Gereksiz") })
        #expect(without.session.mode == .idling(since: .zero))

        var watched = SessionRig(bankDomains: ["a.example"], folders: ["INBOX", "Gereksiz"])
        watched.server.junk = [1]
        connect(&watched)
        #expect(watched.server.commands.contains("LIST \"\" \"*\""))
        #expect(!watched.server.commands.contains("EXAMINE \"Gereksiz\""))

        var unasked = SessionRig()
        unasked.server.junk = [1]
        connect(&unasked)
        #expect(!unasked.server.commands.contains { $0.hasPrefix("LIST") })
    }

    @Test(
        "A server that refuses the look goes on being watched",
        arguments: ["LIST", "EXAMINE \"Gereksiz\"", "UID SEARCH RETURN (ALL) SINCE"],
        ["NO no", "BAD what", "NO [UNAVAILABLE] later"])
    func refusedJunk(command: String, answer: String) {
        var rig = guarded()
        rig.server.junk = [1]
        fill(&rig, [1])
        rig.server.answer = { said, tag in
            said.hasPrefix(command) ? Array("\(tag) \(answer)\r\n".utf8) : nil
        }
        connect(&rig)
        #expect(rig.ending == nil)
        #expect(rig.session.mode == .idling(since: .zero))
        fill(&rig, [2])
        rig.say("* 2 EXISTS\r\n")
        #expect(rig.receivedUIDs == [1, 2])
    }

    @Test("A connection that ends after any byte of the look loses no mail and doubles none")
    func endsAnywhere() {
        func rig() -> SessionRig {
            var rig = guarded()
            rig.server.junk = [1]
            fill(&rig, [1, 2])
            rig.connect()
            return rig
        }
        var whole = rig()
        for cut in 0...whole.run() {
            var rig = rig()
            _ = rig.run(chunk: 17, limit: cut)
            rig.close()
            connect(&rig)
            #expect(rig.receivedUIDs.sorted() == [1, 2], "cut after \(cut) bytes")
        }
    }

    // MARK: Words for people

    @Test("What the server wants a person to read is told once, without addresses")
    func alert() {
        var rig = SessionRig()
        connect(&rig)
        for _ in 0..<3 { rig.say("* OK [ALERT] Mailbox of elif@example.org is 95% full\r\n") }
        rig.close()
        connect(&rig)
        rig.say("* NO [ALERT] Mailbox of elif@example.org is 95% full\r\n")
        let alerts = rig.events.filter { if case .alert = $0 { true } else { false } }
        #expect(alerts == [.alert(text: "Mailbox of … is 95% full")])
        #expect(rig.ending == nil)
    }

    @Test("A command refused with an alert tells it before the connection ends")
    func alertInRefusal() {
        var rig = SessionRig()
        rig.server.answer = { command, tag in
            command.hasPrefix("EXAMINE")
                ? Array("\(tag) NO [ALERT] Please log in via https://example.org/x\r\n".utf8) : nil
        }
        connect(&rig)
        #expect(rig.events == [.alert(text: "Please log in via …")])
        #expect(
            rig.ending
                == .disconnect(reason: "EXAMINE: server said NO [ALERT]", trouble: .notOpened))
    }
}
