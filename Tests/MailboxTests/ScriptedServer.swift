// SPDX-License-Identifier: Apache-2.0

import Domain
import Foundation
import Testing

@testable import Mailbox

/// An IMAP server without a network: command lines in, bytes out. `answer` may replace what it
/// says to a command.
struct ScriptedServer {
    var mails: [UInt32: [UInt8]] = [:]
    var uidValidity: UInt32 = 7
    /// Nil tells the UID after the highest one.
    var uidNext: UInt32?
    /// UIDs that are not listed yet.
    var hidden: Set<UInt32> = []
    /// What SINCE finds; nil finds all.
    var recent: ClosedRange<UInt32>?
    var capabilities = "IMAP4rev1 IDLE ESEARCH ID"
    /// What EXAMINE tells of UIDVALIDITY and UIDNEXT.
    var tells: Set<String> = ["UIDVALIDITY", "UIDNEXT"]
    /// The item with the lasting name of each mail, such as `X-GM-MSGID 17`.
    var lastingNames: [UInt32: String] = [:]
    /// The UIDs of bank mail in the folder that LIST marks as `\Junk`; nil without such a folder.
    var junk: [UInt32]?
    /// Called with the command without its tag, and the tag; nil leaves it to the server.
    var answer: (_ command: String, _ tag: String) -> [UInt8]? = { _, _ in nil }

    /// Mails that it cannot hand out.
    var poison: Poison?

    /// What becomes of a FETCH that names one of these mails.
    struct Poison: CustomTestStringConvertible, Sendable {
        var testDescription: String
        var uids: Set<UInt32> = [2]
        /// What is said in the mail's place. The answer ends with it.
        var words: @Sendable (_ tag: String) -> String
        /// The mails before it come.
        var comesInTurn = true
        /// Asking for the size is enough.
        var strikesSizes = false
        /// The connection ends there.
        var hangsUp = false

        func strikes(_ uid: UInt32, _ words: [String]) -> Bool {
            uids.contains(uid) && (strikesSizes || words.contains { $0.contains("BODY.PEEK[") })
        }
    }

    var greeting = "* OK ready\r\n"
    /// The connection ends behind the answer to such a command.
    var hangsUp: (_ command: String) -> Bool = { _ in false }

    /// The connection ends once so many bytes were said.
    var bytesMax = Int.max
    /// How many bytes are sent at a time.
    var writeBytes = Int.max

    /// DONE is never answered.
    var isDeafToDone = false

    private(set) var hasHungUp = false
    private(set) var commands: [String] = []
    private var input: [UInt8] = []
    private var idleTag: String?

    init(mails: [UInt32: [UInt8]] = [:]) { self.mails = mails }

    mutating func receive(_ bytes: [UInt8]) -> [UInt8] {
        input += bytes
        var output: [UInt8] = []
        while let end = input.firstIndex(of: 0x0a) {
            let line = String(decoding: input[..<end].dropLast(), as: UTF8.self)
            input.removeSubrange(...end)
            output += reply(line)
        }
        return output
    }

    private mutating func reply(_ line: String) -> [UInt8] {
        if line == "DONE" {
            defer { idleTag = nil }
            commands.append(line)
            if isDeafToDone { return [] }
            return Array("\(idleTag ?? "x") OK Idle completed.\r\n".utf8)
        }
        let parts = line.split(separator: " ", maxSplits: 1).map(String.init)
        let (tag, command) = (parts[0], parts.count > 1 ? parts[1] : "")
        commands.append(command)
        hasHungUp = hasHungUp || hangsUp(command)
        if let answer = answer(command, tag) { return answer }
        let words = command.split(separator: " ").map(String.init)
        switch words.first {
        case "CAPABILITY":
            return text("* CAPABILITY \(capabilities) AUTH=PLAIN SASL-IR\r\n\(tag) OK done\r\n")
        case "ID": return text("* ID NIL\r\n\(tag) OK done\r\n")
        case "EXAMINE":
            let next = uidNext ?? (mails.keys.max() ?? 0) + 1
            let codes = [("UIDVALIDITY", uidValidity), ("UIDNEXT", next)]
                .filter { tells.contains($0.0) }.map { "* OK [\($0.0) \($0.1)] told\r\n" }
            return text(
                "* FLAGS (\\Seen)\r\n* \(mails.count) EXISTS\r\n* 0 RECENT\r\n"
                    + codes.joined() + "\(tag) OK [READ-ONLY] done\r\n")
        case "LIST":
            let marked = junk == nil ? "" : "* LIST (\\HasNoChildren \\Junk) \"/\" \"Gereksiz\"\r\n"
            return text(
                "* LIST (\\HasNoChildren) \"/\" INBOX\r\n\(marked)* LIST () NIL {4}\r\nBank\r\n"
                    + "\(tag) OK done\r\n")
        case "IDLE":
            idleTag = tag
            return text("+ idling\r\n")
        case "AUTHENTICATE": return text("\(tag) OK [CAPABILITY \(capabilities)] in\r\n")
        case "LOGOUT": return text("* BYE bye\r\n\(tag) OK done\r\n")
        case "UID" where words.count > 2:
            if words[1] == "FETCH", let poison, poison.hangsUp {
                hasHungUp = hasHungUp || select(words[2]).contains { poison.strikes($0, words) }
            }
            return uid(words, tag)
        default: return text("\(tag) BAD what\r\n")
        }
    }

    private func uid(_ words: [String], _ tag: String) -> [UInt8] {
        if words[1] == "SEARCH" {
            let listed = mails.keys.filter { !hidden.contains($0) }.sorted()
            let found =
                if words.contains("FROM") {
                    junk ?? []
                } else if words.contains("SINCE") {
                    listed.filter { recent?.contains($0) ?? true }
                } else if words.contains("ALL") && words.last == "ALL" {
                    listed
                } else {
                    select(words[words.count - 1]).filter { !hidden.contains($0) }
                }
            if words.contains("RETURN") {
                let all = found.isEmpty ? "" : " ALL \(FetchPlan.set(found))"
                return text("* ESEARCH (TAG \"\(tag)\") UID\(all)\r\n\(tag) OK done\r\n")
            }
            return text(
                "* SEARCH \(found.map(String.init).joined(separator: " "))\r\n\(tag) OK done\r\n")
        }
        var output: [UInt8] = []
        for uid in select(words[2]) {
            if let poison, poison.strikes(uid, words) {
                return (poison.comesInTurn ? output : []) + text(poison.words(tag))
            }
            let raw = mails[uid] ?? []
            output += text("* \(uid) FETCH (UID \(uid) RFC822.SIZE \(raw.count)")
            if let name = lastingNames[uid], words.contains(where: { name.hasPrefix($0.bare) }) {
                output += text(" \(name)")
            }
            if words.contains(where: { $0.hasPrefix("BODY.PEEK[]") }) {
                output +=
                    text(" INTERNALDATE \"22-Nov-2026 08:34:38 +0000\" BODY[] {\(raw.count)}\r\n")
                    + raw
            } else if words.contains(where: { $0.hasPrefix("BODY.PEEK[HEADER]") }) {
                output += text(" BODY[HEADER] {3}\r\nH: ") + text(" BODY[TEXT]<0> {4}\r\ntext")
            }
            output += text(")\r\n")
        }
        return output + text("\(tag) OK FETCH completed\r\n")
    }

    private func select(_ set: String) -> [UInt32] {
        let ranges = set.split(separator: ",").map { part in
            let ends = part.split(separator: ":").compactMap { UInt32($0) }
            return ends[0]...ends[ends.count - 1]
        }
        return mails.keys.filter { uid in ranges.contains { $0.contains(uid) } }.sorted()
    }

    func text(_ text: String) -> [UInt8] { Array(text.utf8) }
}

/// A session, a scripted server and a ledger in memory, on a clock that only tests move.
struct SessionRig {
    var session: IMAPSession
    var server = ScriptedServer()
    var now = Duration.zero
    var ledger = MemoryLedger()
    var received: [FetchedMail] = []
    var vanished: [UInt32] = []
    var events: [MailboxEvent] = []
    var ending: IMAPSession.Action?
    /// What the server has said and the client has not read.
    var inbox: [UInt8] = []
    /// How often client and server took turns.
    var roundTrips = 0

    init(
        mailBytesMax: Int = 100_000, settledAge: Duration = .seconds(600),
        bankDomains: [String] = [], folders: [String] = ["INBOX"], ledger: MemoryLedger? = nil
    ) {
        var account = MailboxAccount(
            name: "inbox", host: "localhost", port: 993, security: .tls, user: "inbox",
            password: .init(""), folders: folders, idleRenewal: .seconds(270),
            mailBytesMax: mailBytesMax)
        account.bankDomains = bankDomains
        if let ledger { self.ledger = ledger }
        var patience = IMAPSession.Patience()
        patience.settledAge = settledAge
        session = IMAPSession(account: account, folder: folders[0], patience: patience)
    }

    mutating func connect() {
        ending = nil
        inbox = []
        perform(session.connected(capabilities: nil, at: now))
    }

    /// Lets both talk until they wait. `limit` cuts the server's bytes off there, as a broken
    /// connection does; `chunk` is the size of a read.
    mutating func run(chunk: Int = .max, limit: Int = .max) -> Int {
        var read = 0
        while !inbox.isEmpty, ending == nil, read < limit {
            let part = Array(inbox.prefix(min(chunk, limit - read)))
            if part.count == inbox.count { roundTrips += 1 }
            inbox.removeFirst(part.count)
            read += part.count
            perform(part.withUnsafeBytes { session.received($0, at: now) })
        }
        return read
    }

    mutating func say(_ text: String) {
        inbox += Array(text.utf8)
        _ = run()
    }

    mutating func pass(_ time: Duration) {
        now += time
        perform(session.timePassed(at: now))
        _ = run()
    }

    mutating func close(_ trouble: Trouble? = .network) {
        session.closed(trouble, at: now)
        ending = ending ?? .disconnect(reason: "closed", trouble: .network)
    }

    mutating func perform(_ first: [IMAPSession.Action]) {
        var actions = first[...]
        while let action = actions.popFirst() {
            switch action {
            case .send(let bytes): inbox += server.receive(bytes)
            case .report(let event): events.append(event)
            case .askPosition(let validity, let next):
                let position = ledger.position(
                    account: "inbox", folder: session.folder, uidValidity: validity, uidNext: next,
                    at: Date(timeIntervalSince1970: 1_795_332_878 + now / .seconds(1)))
                actions += session.positioned(position, at: now)
            case .askRecorded(let epoch, let range):
                actions += session.compared(
                    with: ledger.recorded(in: epoch, range), at: now)
            case .askKnown(let epoch, let names):
                let known = ledger.recognize(names, in: epoch)
                actions += session.recognized(known, of: names, at: now)
            case .askOverdue(let epoch):
                actions += session.recalled(ledger.overdue(in: epoch), at: now)
            case .deliver(let mail):
                received.append(mail)
                ledger.settle(mail)
            case .vanished(let epoch, let uid):
                vanished.append(uid)
                ledger.settle(uid, in: epoch)
            case .advance(let epoch, let progress):
                ledger.advance(epoch, to: progress, at: now / .seconds(1))
            case .disconnect(_, let trouble):
                ending = action
                session.closed(trouble, at: now)
            case .finish:
                ending = action
                session.closed(nil, at: now)
            }
        }
    }

    var receivedUIDs: [UInt32] { received.map(\.uid) }
}

extension String {
    /// Without parentheses.
    fileprivate var bare: String { filter { $0 != "(" && $0 != ")" } }
}
