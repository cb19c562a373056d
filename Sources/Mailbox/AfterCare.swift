// SPDX-License-Identifier: Apache-2.0

/// What becomes of settled mails on the server. Nothing at all, unless the organizer asks for it:
/// then, and only then, a folder is opened to be written.
package struct AfterCare: Sendable, Equatable {
    /// Which mails are meant.
    package enum Mails: String, Sendable, CaseIterable {
        /// Those that tell of money.
        case payments
        /// Those that a rule reads.
        case known
        case all
    }

    package var mails: Mails
    /// As the protocol spells it: `\Seen`, `$Mutabik`.
    package var flag: String?
    /// See `MailboxName`.
    package var moveTo: String?

    package init(mails: Mails, flag: String?, moveTo: String?) {
        self.mails = mails
        self.flag = flag
        self.moveTo = moveTo
    }

    /// Whether a mail in this folder lies where it is to be moved to.
    package func isTarget(_ folder: String) -> Bool {
        guard let moveTo else { return false }
        return MailboxName.canonical(moveTo) == MailboxName.canonical(folder)
    }
}

/// Mails of one folder that are to be looked after.
package struct CareOrder: Sendable, Equatable {
    package var folder: FolderEpoch
    /// The UID after the highest one known. A server that would give it again numbers anew.
    package var knownNext: UInt32
    /// Ascending, at most `uidsMax`.
    package var uids: [UInt32]

    /// A command stays below 2 KB, and a server is done with it in seconds.
    package static let uidsMax = 100

    package init(folder: FolderEpoch, knownNext: UInt32, uids: [UInt32]) {
        self.folder = folder
        self.knownNext = knownNext
        self.uids = uids
    }
}

/// What came of an order.
package enum CareResult: Sendable, Equatable {
    case done
    /// The folder is numbered anew: the numbers may belong to other mails now. Nothing was done.
    case renumbered
    /// The server does not do it; why, in words without names.
    case refused(String)
}

extension MailboxVisit {
    /// Carries the orders out, one after the other, over a connection of its own.
    ///
    /// All of it may be done again after a crash: a flag stays set, and a mail that is gone from
    /// its place is not moved twice.
    ///
    /// - Parameter finished: called on the visit's thread with each order's place in the list and
    ///   its result, before the next one is begun.
    package func carryOut(
        _ orders: [CareOrder], _ care: AfterCare,
        finished: @escaping @Sendable (Int, CareResult) -> Void
    ) async throws(Failure) {
        try await talk { session throws(Failure) in
            let carer = Carer(session: session, care: care)
            for (index, order) in orders.enumerated() {
                finished(index, try carer.carryOut(order))
            }
        }
    }
}

/// Flags and moves over one session.
private final class Carer {
    private struct Folder {
        let name: String
        let validity: UInt32?
        let next: UInt32?
        let flags: Set<String>?
        let isReadOnly: Bool

        /// A server that tells no list may keep anything (RFC 9051 §7.1, PERMANENTFLAGS).
        func keeps(_ flag: String) -> Bool {
            guard let flags else { return true }
            return flags.contains(flag.uppercased())
                || (!flag.hasPrefix("\\") && flags.contains("\\*"))
        }
    }

    private let session: VisitSession
    private let care: AfterCare
    private var open: Folder?

    init(session: VisitSession, care: AfterCare) {
        self.session = session
        self.care = care
    }

    func carryOut(_ order: CareOrder) throws(MailboxVisit.Failure) -> CareResult {
        let name = order.folder.folder
        if open?.name != name {
            let answer = try session.ask("SELECT \(MailboxName.quoted(name))")
            guard answer.isOK else { return .refused(answer.refusal("SELECT").reason) }
            open = Self.folder(name, answer)
        }
        guard let folder = open, let validity = folder.validity,
            order.folder.goesOn(
                uidValidity: validity, uidNext: folder.next, knownNext: order.knownNext)
        else { return .renumbered }
        guard !folder.isReadOnly else { return .refused("SELECT: the folder may only be read") }
        let uids = FetchPlan.set(order.uids)
        if let flag = care.flag {
            guard folder.keeps(flag) else { return .refused("the folder keeps no flag \(flag)") }
            let answer = try session.ask("UID STORE \(uids) +FLAGS.SILENT (\(flag))")
            guard answer.isOK else { return .refused(answer.refusal("UID STORE").reason) }
        }
        guard let target = care.moveTo else { return .done }
        return try move(uids, to: target)
    }

    private static func folder(_ name: String, _ answer: VisitSession.Answer) -> Folder {
        Folder(
            name: name,
            validity: answer.argument(of: "UIDVALIDITY").flatMap { UInt32(ascii: $0.utf8) },
            next: answer.argument(of: "UIDNEXT").flatMap { UInt32(ascii: $0.utf8) },
            flags: answer.argument(of: "PERMANENTFLAGS").map(flags),
            isReadOnly: answer.words.code == "READ-ONLY")
    }

    /// `(\Answered \Seen \*)`
    private static func flags(_ list: String) -> Set<String> {
        Set(list.uppercased().split { $0 == " " || $0 == "(" || $0 == ")" }.map(String.init))
    }

    // MARK: - Moving

    /// MOVE (RFC 6851) is one step. Without it the mail is copied, marked and removed by its UID
    /// (UIDPLUS, RFC 4315); a plain EXPUNGE would remove what others have marked.
    private func move(
        _ uids: String, to target: String
    ) throws(MailboxVisit.Failure) -> CareResult {
        if session.capabilities.contains("MOVE") {
            return try bring("MOVE", uids, to: target) ?? .done
        }
        guard session.capabilities.contains("UIDPLUS") else {
            return .refused("the server can move no mails (neither MOVE nor UIDPLUS)")
        }
        if let refusal = try bring("COPY", uids, to: target) { return refusal }
        let marked = try session.ask("UID STORE \(uids) +FLAGS.SILENT (\\Deleted)")
        guard marked.isOK else { return .refused(marked.refusal("UID STORE").reason) }
        let removed = try session.ask("UID EXPUNGE \(uids)")
        guard removed.isOK else { return .refused(removed.refusal("UID EXPUNGE").reason) }
        return .done
    }

    /// Nil when it was done. A folder that is missing is made.
    private func bring(
        _ verb: String, _ uids: String, to target: String
    ) throws(MailboxVisit.Failure) -> CareResult? {
        let command = "UID \(verb) \(uids) \(MailboxName.quoted(target))"
        var answer = try session.ask(command)
        if !answer.isOK, ["TRYCREATE", "NONEXISTENT"].contains(answer.words.code) {
            let made = try session.ask("CREATE \(MailboxName.quoted(target))")
            guard made.isOK || made.words.code == "ALREADYEXISTS" else {
                return .refused(
                    "the folder to move to is missing, and "
                        + made.refusal("CREATE").reason)
            }
            answer = try session.ask(command)
        }
        return answer.isOK ? nil : .refused(answer.refusal("UID \(verb)").reason)
    }
}
