// SPDX-License-Identifier: Apache-2.0

import Domain
import FoundationEssentials

@testable import Mailbox

/// A server that says anything.
///
/// The input is what it says: 0xFF waits until the client has said something (or the clock has gone
/// on), 0xFE stands for the tag of the command it answers.
enum IMAPReplies {
    private static let turn: UInt8 = 0xff
    private static let tag: UInt8 = 0xfe
    private static let mailBytesMax = 4096
    /// A short line can claim four billion mails; a few teach as much.
    private static let uidsMax = 64

    static func check(_ input: [UInt8]) throws {
        try anyCutGivesTheSame(input)
        try sessionKeepsItsPromises(input)
    }

    /// Where the network cuts the bytes makes no difference.
    private static func anyCutGivesTheSame(_ input: [UInt8]) throws {
        var parser = IMAPParser(literalBytesMax: mailBytesMax)
        let whole = input.withUnsafeBytes { parser.parse($0) }
        var cutter = IMAPParser(literalBytesMax: mailBytesMax)
        var parts: [IMAPResponse] = []
        var rest = input[...]
        var size = 1
        while !rest.isEmpty {
            let part = Array(rest.prefix(size))
            rest = rest.dropFirst(size)
            size = size % 7 + 1
            parts += part.withUnsafeBytes { cutter.parse($0) }
        }
        try require(whole == parts, "cut bytes are read differently")
        try require(parser.isInside == cutter.isInside, "cut bytes end differently")
    }

    /// No mail twice, none over the limit, and the client does not talk without end.
    private static func sessionKeepsItsPromises(_ input: [UInt8]) throws {
        let account = MailboxAccount(
            name: "fuzz", host: "mail.example", port: 993, security: .tls, user: "u",
            credentials: .password(.init("p")), folders: ["INBOX"], caFile: nil,
            pollInterval: .seconds(60), idleRenewal: .seconds(85), mailBytesMax: mailBytesMax)
        var client = Client(
            session: IMAPSession(account: account, folder: "INBOX", uidsMax: uidsMax))
        client.perform(
            client.session.connected(
                capabilities: ["IMAP4REV1", "IDLE", "ESEARCH"], at: client.now)
        )
        for part in input.split(separator: turn, omittingEmptySubsequences: false) {
            guard !client.isOver else { break }
            let bytes = part.flatMap { $0 == tag ? client.tag : [$0] }
            client.perform(bytes.withUnsafeBytes { client.session.received($0, at: client.now) })
            client.now += .seconds(20)
            client.perform(client.session.timePassed(at: client.now))
        }
        let places = client.delivered.map { [$0.epoch, $0.uid] }
        try require(Set(places).count == places.count, "a mail was delivered twice")
        try require(client.largest <= mailBytesMax + 1024, "a mail over the limit was kept")
        // Each byte of an answer may at most bring about one command.
        try require(client.commands <= input.count + 16, "the client talks without end")
    }

    private struct Client {
        var session: IMAPSession
        var now = Duration.zero
        var tag: [UInt8] = Array("m1".utf8)
        var isOver = false
        /// The folder's numbering, as an intake would keep it.
        var epoch: FolderEpoch?
        var delivered: [FetchedMail] = []
        var largest = 0
        var commands = 0

        mutating func perform(_ actions: [IMAPSession.Action]) {
            for action in actions {
                switch action {
                case .send(let bytes):
                    commands += 1
                    if bytes.first == UInt8(ascii: "m") {
                        tag = Array(bytes.prefix { $0 != UInt8(ascii: " ") })
                    }
                case .askPosition(let uidValidity, let uidNext):
                    let position = position(uidValidity, uidNext)
                    perform(session.positioned(position, at: now))
                case .askRecorded(_, let range):
                    let recorded = taken.filter(range.contains)
                    perform(session.compared(with: recorded, at: now))
                case .askKnown(_, let names):
                    perform(session.recognized([], of: names, at: now))
                case .askOverdue:
                    perform(session.recalled([], at: now))
                case .deliver(let mail):
                    delivered.append(mail)
                    largest = max(largest, mail.raw.count)
                case .disconnect, .finish: isOver = true
                case .vanished, .advance, .report: break
                }
            }
        }

        /// What was delivered in this numbering.
        private var taken: Set<UInt32> {
            Set(delivered.lazy.filter { $0.epoch == epoch?.epoch }.map(\.uid))
        }

        /// A server may number the folder anew whenever it is opened; its mails come again then.
        private mutating func position(_ uidValidity: UInt32, _ uidNext: UInt32?) -> FolderPosition
        {
            let knownNext = taken.max().map { $0 &+ 1 } ?? 0
            if epoch?.goesOn(uidValidity: uidValidity, uidNext: uidNext, knownNext: knownNext)
                != true
            {
                epoch = FolderEpoch(
                    account: "fuzz", folder: "INBOX", uidValidity: uidValidity,
                    epoch: epoch.map { $0.epoch + 1 } ?? 0)
            }
            return FolderPosition(
                uidValidity: uidValidity, epoch: epoch?.epoch ?? 0, settledAbove: taken,
                at: Date(timeIntervalSince1970: 1_795_334_733))
        }
    }
}
