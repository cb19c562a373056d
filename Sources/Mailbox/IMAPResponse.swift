// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials
import Wire

/// One answer of an IMAP server, as far as the watcher cares (RFC 9051 §7).
enum IMAPResponse: Equatable, Sendable {
    enum Condition: String, Sendable { case ok = "OK", no = "NO", bad = "BAD" }

    /// What a server says in words, with its `[CODE argument]` if it gave one.
    struct Words: Equatable, Sendable {
        /// Upper case: `UIDVALIDITY`, `READ-ONLY`.
        var code: String?
        var argument = ""
        /// Printable ASCII, at most 200 bytes.
        var text = ""

        /// The server is busy, not broken.
        var asksForPatience: Bool { ServerWords.askForPatience(code: code, text: text) }
    }

    /// The end of a command.
    case tagged(tag: String, Condition, Words)
    /// An untagged OK, NO or BAD.
    case condition(Condition, Words)
    case bye(Words)
    /// A `+` line.
    case goOn
    case capability(Set<String>)
    case exists(UInt32)
    case recent
    case expunge
    case fetch(FetchItems)
    /// A folder of LIST: its attributes in upper case (`\\JUNK`) and its name.
    case list(attributes: Set<String>, name: String)
    /// SEARCH, or the `ALL` part of ESEARCH; in the server's order, runs as runs: `1:4294967295` is
    /// a short line.
    case search([ClosedRange<UInt32>])
    /// A well-formed line of another kind.
    case other
    /// Not IMAP, or over a limit; nothing after it can be trusted.
    case unreadable(String)
}

/// The parts of a FETCH answer that the watcher asks for. Each may be missing.
struct FetchItems: Equatable, Sendable {
    enum Content: Equatable, Sendable {
        case bytes([UInt8])
        /// `NIL` or no byte at all: the server has the mail, but not now.
        case absent
        /// Over the limit; the bytes were thrown away.
        case tooLarge(sizeBytes: Int)
    }

    var uid: UInt32?
    var sizeBytes: Int?
    var internalDate: Date?
    /// The server's lasting name for the mail, see `FetchedMail.lastingName`.
    var lastingName: String?
    /// `BODY[]`
    var body: Content?
    /// `BODY[HEADER]`
    var header: Content?
    /// `BODY[TEXT]<0>`
    var text: Content?

    var hasContent: Bool { body != nil || header != nil || text != nil }
}

/// What a search found, mail by mail.
struct UIDList: Sendable {
    /// A mailbox of a million mails is a large one, and a hostile server can claim four billion.
    static let countMax = 1_000_000

    private let countMax: Int
    private(set) var uids: [UInt32] = []
    /// True when the list was cut off.
    private(set) var isCut = false

    init(countMax: Int = Self.countMax) { self.countMax = countMax }

    mutating func append(_ runs: [ClosedRange<UInt32>]) {
        for run in runs {
            let part = run.prefix(countMax - uids.count)
            uids.append(contentsOf: part)
            if part.count < run.count || uids.count == countMax { return isCut = true }
        }
    }

    mutating func removeAll() {
        uids = []
        isCut = false
    }
}
