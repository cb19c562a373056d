// SPDX-License-Identifier: Apache-2.0

/// The course of an IMAP session without any I/O: events go in, actions come out.
///
///     connected → CAPABILITY? → EXAMINE → position → ┌► SEARCH → FETCH … ─┐ data or dirty: again
///                                                    │                    ▼
///                                                    └── EXISTS, renewal, IDLE or poll
///                                                        wake, next look
///
/// The truth is the enumeration of everything above the floor minus what is settled; an
/// announcement only says when to enumerate. The value outlives its connections: what it knows of
/// the folder stays, everything else begins anew with `connected`. `now` is a monotonic time.
///
/// - Source: RFC 9051, RFC 2177 (IDLE), RFC 4731 (ESEARCH), RFC 2971 (ID).
struct IMAPSession: Sendable {
    /// What the caller has to do, in this order.
    enum Action: Equatable, Sendable {
        case send([UInt8])
        /// Ask the intake, then call `positioned`.
        case askPosition(uidValidity: UInt32)
        case deliver(FetchedMail)
        case vanished(uidValidity: UInt32, uid: UInt32)
        case advance(uidValidity: UInt32, floor: UInt32)
        case report(MailboxEvent)
        /// Drop the connection and try again later.
        case disconnect(reason: String)
        /// The server has been told; the connection may go.
        case finish
    }

    /// How long is too long.
    struct Patience: Sendable {
        /// From a command to the first byte of its answer.
        var firstByte = Duration.seconds(30)
        /// Between two bytes of an answer: a stopped server still has a living TCP connection.
        var silence = Duration.seconds(60)
        /// For the server's good-bye.
        var goodbye = Duration.seconds(2)
        /// The age at which a settled mail lifts the floor.
        var settledAge = Duration.seconds(600)
        /// While polling: some servers show new mail only after the folder is opened again.
        var reopen = Duration.seconds(300)
    }

    enum Mode: Equatable, Sendable {
        case disconnected
        case opening
        case positioning
        case syncing
        /// IDLE sent; `since` is set by the server's `+`.
        case idling(since: Duration?)
        case polling(since: Duration)
        case leaving(by: Duration)
    }

    enum Command: Equatable, Sendable {
        case capability, identify, examine, search, idle, logout
        case probe([UInt32])
        case fetch(FetchPlan)
        case check([UInt32])
    }

    struct InFlight: Equatable, Sendable {
        var tag: String
        var command: Command
    }

    /// Two commands keep the line busy while an answer is under way.
    static let inFlightMax = 2
    /// Up to here bodies are asked for at once, without a round trip for the sizes.
    static let unprobedMax = 32
    /// Searches in a row without anything new after which announcements no longer hurry us.
    static let fruitlessMax = 5
    /// Mails in a row that were not announced, or IDLEs that ended at once, after which we poll.
    static let idleFailuresMax = 3

    let account: MailboxAccount
    let folder: String
    let patience: Patience

    // MARK: What outlives the connection
    var view = FolderView()
    var idleFailures = 0

    // MARK: What does not
    var mode = Mode.disconnected
    var parser: IMAPParser
    var capabilities: Set<String> = []
    var inFlight: [InFlight] = []
    var lastTag = 0
    var lastSent = Duration.zero
    /// When the server last completed a command.
    var lastProof = Duration.zero
    /// When the last byte came since the last command was sent.
    var lastHeard: Duration?
    var openedAt = Duration.zero
    var renewAt = Duration.zero
    var uidValidity: UInt32?
    /// Mail was announced since the last search began.
    var isDirty = false
    var wasRenewal = false
    var fruitless = 0
    /// Mails taken in during this round of search and fetch, and since the last waiting.
    var takenInRound = 0
    var takenIn = 0
    var found = UIDList()
    var pending: [UInt32] = []
    var plans: [FetchPlan] = []
    var sizes: [UInt32: Int] = [:]
    var wanted: [UInt32: FetchPlan.Shape] = [:]
    var gathered: [UInt32: FetchItems] = [:]
    /// Asked for and not returned; a search tells whether they are gone.
    var missing: [UInt32] = []
    /// Did not come in this round; the next look asks again.
    var postponed: Set<UInt32> = []

    var actions: [Action] = []

    init(account: MailboxAccount, folder: String, patience: Patience = Patience()) {
        self.account = account
        self.folder = folder
        self.patience = patience
        parser = IMAPParser(literalBytesMax: account.mailBytesMax)
    }

    /// When `timePassed` is due; nil while there is nothing to wait for.
    var deadline: Duration? {
        switch mode {
        case .disconnected, .positioning: nil
        case .leaving(let by): by
        case .polling(let since): since + account.pollInterval
        case .idling(.some): renewAt
        case .opening, .syncing, .idling(nil):
            lastHeard.map { $0 + patience.silence } ?? lastSent + patience.firstByte
        }
    }
}

// MARK: - Events

extension IMAPSession {
    /// A connection stands and is logged in.
    mutating func connected(capabilities: Set<String>?, at now: Duration) -> [Action] {
        let kept = (view, idleFailures)
        self = IMAPSession(account: account, folder: folder, patience: patience)
        (view, idleFailures) = kept
        mode = .opening
        lastProof = now
        if let capabilities {
            self.capabilities = capabilities
            open(at: now)
        } else {
            send("CAPABILITY", .capability, at: now)
        }
        return take()
    }

    /// Bytes came; any number, cut anywhere.
    mutating func received(_ bytes: UnsafeRawBufferPointer, at now: Duration) -> [Action] {
        lastHeard = now
        for response in parser.parse(bytes) where mode != .disconnected {
            handle(response, at: now)
        }
        return take()
    }

    /// The intake's answer to `askPosition`.
    mutating func positioned(_ position: FolderPosition, at now: Duration) -> [Action] {
        guard mode == .positioning else { return [] }
        if let old = view.position, old.uidValidity != position.uidValidity {
            actions.append(.report(.newEpoch(uidValidity: position.uidValidity)))
        }
        view.adopt(position)
        search(at: now)
        return take()
    }

    /// The deadline may have passed.
    mutating func timePassed(at now: Duration) -> [Action] {
        guard let deadline, deadline <= now else { return [] }
        switch mode {
        case .disconnected, .positioning: break
        case .leaving: end(.finish)
        case .polling: look(at: now)
        case .idling(.some):
            wasRenewal = true
            endIdle(at: now)
        case .opening, .syncing, .idling(nil): end(.disconnect(reason: "the server went silent"))
        }
        return take()
    }

    /// Somebody wants mail now.
    mutating func wake(at now: Duration) -> [Action] {
        switch mode {
        case .idling(.some): endIdle(at: now)
        case .polling: search(at: now)
        case .disconnected, .leaving: break
        case .opening, .positioning, .syncing, .idling(nil): isDirty = true
        }
        return take()
    }

    /// Say good-bye. What comes meanwhile is not taken in: it comes again.
    mutating func stop(at now: Duration) -> [Action] {
        switch mode {
        case .disconnected, .leaving: return []
        case .idling(nil): end(.finish)
        case .idling(.some):
            actions.append(.send(Array("DONE\r\n".utf8)))
            leave(at: now)
        case .opening, .positioning, .syncing, .polling: leave(at: now)
        }
        return take()
    }

    /// The connection is gone. Nothing of a mail that had not ended is kept.
    mutating func closed() {
        if let suspect = firstAwaited { view.brokeConnection(suspect) }
        mode = .disconnected
    }

    private mutating func leave(at now: Duration) {
        send("LOGOUT", .logout, at: now)
        mode = .leaving(by: now + patience.goodbye)
    }
}

// MARK: - Steps

extension IMAPSession {
    mutating func open(at now: Duration) {
        if capabilities.contains("ID") {
            send("ID (\"name\" \"mutabik\")", .identify, at: now)
        }
        examine(at: now)
    }

    /// EXAMINE, not SELECT: it never changes a flag.
    mutating func examine(at now: Duration) {
        mode = .opening
        uidValidity = nil
        openedAt = now
        let quoted = folder.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"")
        send("EXAMINE \"\(quoted)\"", .examine, at: now)
    }

    /// Lists everything above the floor. The upper bound is a number: `n:*` would always name the
    /// last mail, even below n (RFC 9051 §6.4.9).
    mutating func search(at now: Duration) {
        mode = .syncing
        isDirty = false
        found = UIDList()
        takenInRound = 0
        guard view.floor < UInt32.max else { return wait(at: now) }
        let answer = capabilities.contains("ESEARCH") ? "RETURN (ALL) " : ""
        send("UID SEARCH \(answer)UID \(view.floor + 1):4294967295", .search, at: now)
    }

    /// The next look of a server without announcements.
    mutating func look(at now: Duration) {
        postponed = []
        let staleView = idleFailures >= Self.idleFailuresMax
        if staleView || now - openedAt >= patience.reopen {
            examine(at: now)
        } else {
            search(at: now)
        }
    }

    /// DONE and the search travel together; one round trip later the bodies can be asked for.
    mutating func endIdle(at now: Duration) {
        postponed = []
        actions.append(.send(Array("DONE\r\n".utf8)))
        search(at: now)
    }

    /// Keeps the line busy until all is fetched, then ends the round.
    mutating func pump(at now: Duration) {
        guard mode == .syncing else { return }
        while inFlight.count < Self.inFlightMax {
            if !plans.isEmpty {
                fetch(plans.removeFirst(), at: now)
            } else if !pending.isEmpty {
                takeWindow(at: now)
            } else {
                break
            }
        }
        guard inFlight.isEmpty else { return }
        if missing.isEmpty { return endRound(at: now) }
        let asked = FetchPlan.window(missing.sorted())
        missing.removeAll(where: Set(asked).contains)
        found = UIDList()
        send("UID SEARCH UID \(FetchPlan.set(asked))", .check(asked), at: now)
    }

    /// Sizes first when there are many, so that no batch grows beyond measure.
    private mutating func takeWindow(at now: Duration) {
        let window = FetchPlan.window(pending)
        if pending.count <= Self.unprobedMax || window.allSatisfy({ sizes[$0] != nil }) {
            plan(window)
            pending.removeFirst(window.count)
        } else {
            pending.removeFirst(window.count)
            send("UID FETCH \(FetchPlan.set(window)) (UID RFC822.SIZE)", .probe(window), at: now)
        }
    }

    mutating func plan(_ uids: [UInt32]) {
        plans += FetchPlan.batches(
            of: uids, sizes: sizes, mailBytesMax: account.mailBytesMax, apart: view.suspects)
    }

    private mutating func fetch(_ plan: FetchPlan, at now: Duration) {
        for uid in plan.uids { wanted[uid] = plan.shape }
        let what =
            switch plan.shape {
            case .whole: "BODY.PEEK[]"
            case .beginning: "BODY.PEEK[HEADER] BODY.PEEK[TEXT]<0.262144>"
            }
        send(
            "UID FETCH \(FetchPlan.set(plan.uids)) (UID INTERNALDATE RFC822.SIZE \(what))",
            .fetch(plan), at: now)
    }

    /// After data one more look, for mail that came between the search and the end of the fetch.
    private mutating func endRound(at now: Duration) {
        fruitless = takenInRound > 0 ? 0 : fruitless + 1
        if takenInRound > 0 || (isDirty && fruitless < Self.fruitlessMax) { return search(at: now) }
        if let position = view.position,
            let floor = view.raiseFloor(at: now, age: patience.settledAge)
        {
            actions.append(.advance(uidValidity: position.uidValidity, floor: floor))
        }
        actions.append(.report(.caughtUp(count: takenIn)))
        takenIn = 0
        wait(at: now)
    }

    mutating func wait(at now: Duration) {
        wasRenewal = false
        sizes = [:]
        if capabilities.contains("IDLE"), idleFailures < Self.idleFailuresMax {
            send("IDLE", .idle, at: now)
            mode = .idling(since: nil)
        } else {
            mode = .polling(since: now)
            actions.append(.report(.polling))
        }
    }

    mutating func send(_ text: String, _ command: Command, at now: Duration) {
        lastTag += 1
        let tag = "m\(lastTag)"
        inFlight.append(InFlight(tag: tag, command: command))
        (lastSent, lastHeard) = (now, nil)
        actions.append(.send(Array("\(tag) \(text)\r\n".utf8)))
    }

    mutating func end(_ action: Action) {
        mode = .disconnected
        actions.append(action)
    }

    private mutating func take() -> [Action] {
        defer { actions = [] }
        return actions
    }

    /// The oldest mail that was asked for and has not come.
    var firstAwaited: UInt32? {
        for flight in inFlight {
            guard case .fetch(let plan) = flight.command else { continue }
            if let uid = plan.uids.first(where: { wanted[$0] != nil }) { return uid }
        }
        return nil
    }
}
