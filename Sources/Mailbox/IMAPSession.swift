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
        case askPosition(uidValidity: UInt32, uidNext: UInt32?)
        /// Ask the intake, then call `compared`.
        case askRecorded(FolderEpoch, ClosedRange<UInt32>)
        /// Ask the intake which of these names it knows, then call `recognized`.
        case askKnown(FolderEpoch, [UInt32: String])
        /// Ask the intake which mails the server is to be asked for once more, then call
        /// `recalled`.
        case askOverdue(FolderEpoch)
        case deliver(FetchedMail)
        case vanished(FolderEpoch, uid: UInt32)
        case advance(FolderEpoch, FolderProgress)
        case report(MailboxEvent)
        /// Drop the connection and try again later.
        case disconnect(reason: String, trouble: Trouble)
        /// The server has been told; the connection may go.
        case finish
    }

    /// How long is too long.
    struct Patience: Sendable {
        /// From a command to the first byte of its answer.
        var firstByte = Duration.seconds(30)
        /// Between two bytes of an answer: a stopped server still has a living TCP connection.
        var silence = Duration.seconds(60)
        /// Without an answer, however often the server says that it is still there. Together with
        /// a round trip less than two minutes.
        var stall = Duration.seconds(100)
        /// In that time so much has to come of a mail that takes longer: 330 bytes a second, a
        /// tenth of what the slowest telephone brings. Who sends less keeps us busy with nothing.
        var contentBytes = 32 << 10
        /// For the server's good-bye.
        var goodbye = Duration.seconds(2)
        /// For a mail that the server does not hand out.
        var mail = MailTrouble.Patience()
        /// The age at which a settled mail lifts the floor.
        var settledAge = Duration.seconds(600)
        /// While polling: some servers show new mail only after the folder is opened again.
        var reopen = Duration.seconds(300)
        /// Between two looks below the floor.
        var overlapGap = Duration.seconds(900)
        var recentGap = Duration.seconds(86_400)
        var fullGap = Duration.seconds(7 * 86_400)
        /// A folder that was out of sight for longer is compared at once.
        var outage = Duration.seconds(3600)
        /// Between two looks into the folder for junk.
        var junkGap = Duration.seconds(3600)
    }

    enum Mode: Equatable, Sendable {
        case disconnected
        case opening
        case positioning
        case syncing
        /// Waits for the intake's word about what a scan listed.
        case comparing(FolderScan, [UInt32])
        /// Waits for the intake's word about mails that were given up.
        case recalling
        /// Looks into the folder for junk; another folder may be open meanwhile.
        case aside
        /// IDLE sent; `since` is set by the server's `+`.
        case idling(since: Duration?)
        case polling(since: Duration)
        case leaving(by: Duration)
    }

    enum Command: Equatable, Sendable {
        case capability, identify, examine, search, lookBack, idle, logout
        case list, examineJunk, searchJunk
        case scan(FolderScan)
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
    /// An unchanged position is told again after this long: one small commit a minute at most.
    static let tellingGap = Duration.seconds(60)
    /// Mails in a row that were not announced, or IDLEs that ended at once, after which we poll.
    static let idleFailuresMax = 3

    let account: MailboxAccount
    let folder: String
    let patience: Patience
    /// Mails of one list that are looked at; the rest has its turn when they are settled.
    let uidsMax: Int

    // MARK: What outlives the connection
    var view = FolderView()
    var idleFailures = 0
    var scans = ScanSchedule()
    var junk = JunkLook()
    var lastAlert: String?

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
    /// When something last came that a command waits for.
    var lastProgress = Duration.zero
    /// Bytes of mails and lists that had come by then.
    var contentSeen = 0
    var openedAt = Duration.zero
    var renewAt = Duration.zero
    var uidValidity: UInt32?
    var uidNext: UInt32?
    /// The intake has said where we are since the connection stands.
    var isPositioned = false
    /// A scan whose end the intake has to be told of.
    var finishedScan: FolderScan?
    /// The intake was asked for mails that were given up, since the last waiting.
    var hasRecalled = false
    /// Mail was announced since the last search began.
    var isDirty = false
    var wasRenewal = false
    var fruitless = 0
    /// When the position was last told, so that a person can see how fresh it is.
    var lastTold: Duration?
    /// Mails taken in during this round of search and fetch, and since the last waiting.
    var takenInRound = 0
    var takenIn = 0
    var found: UIDList
    var pending: [UInt32] = []
    /// Mails that were in trouble; each is asked for alone when all others are here.
    var apart: [UInt32] = []
    /// Mails that were refused, each asked for alone, since the last one that came.
    var refusedInTurn = 0
    /// How many mails the server had handed out when this round began.
    var givenBefore = 0
    var plans: [FetchPlan] = []
    var sizes: [UInt32: Int] = [:]
    var lastingNames: [UInt32: String] = [:]
    /// The intake is asked about the lasting names of these.
    var recognizing: Set<UInt32> = []
    var wanted: [UInt32: FetchPlan.Shape] = [:]
    var gathered: [UInt32: FetchItems] = [:]
    /// Asked for and not returned; a search tells whether they are gone.
    var missing: [UInt32] = []
    /// Did not come in this round; the next look asks again.
    var postponed: Set<UInt32> = []

    var actions: [Action] = []

    init(
        account: MailboxAccount, folder: String, patience: Patience = Patience(),
        uidsMax: Int = UIDList.countMax
    ) {
        self.account = account
        self.folder = folder
        self.patience = patience
        self.uidsMax = uidsMax
        found = UIDList(countMax: uidsMax)
        parser = IMAPParser(literalBytesMax: account.mailBytesMax)
    }

    /// When `timePassed` is due; nil while there is nothing to wait for.
    var deadline: Duration? {
        switch mode {
        case .disconnected, .positioning, .comparing, .recalling: nil
        case .leaving(let by): by
        case .polling(let since): since + account.pollInterval
        case .idling(.some): renewAt
        case .opening, .syncing, .aside, .idling(nil):
            min(
                lastHeard.map { $0 + patience.silence } ?? lastSent + patience.firstByte,
                lastProgress + patience.stall)
        }
    }
}

// MARK: - Events

extension IMAPSession {
    /// A connection stands and is logged in.
    mutating func connected(capabilities: Set<String>?, at now: Duration) -> [Action] {
        let kept = (view, idleFailures, scans, junk, lastAlert)
        self = IMAPSession(
            account: account, folder: folder, patience: patience, uidsMax: uidsMax)
        (view, idleFailures, scans, junk, lastAlert) = kept
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
            if isProgress(response) { progressed(at: now) }
            handle(response, at: now)
        }
        if parser.contentBytes - contentSeen >= patience.contentBytes { progressed(at: now) }
        return take()
    }

    /// The intake's answer to `askPosition`.
    mutating func positioned(_ position: FolderPosition, at now: Duration) -> [Action] {
        guard mode == .positioning else { return [] }
        if position.isNewEpoch {
            actions.append(.report(.newEpoch(uidValidity: position.uidValidity)))
        }
        isPositioned = true
        view.adopt(position)
        scans.plan(position, patience, at: now)
        if position.base == nil { lookBack(at: now) } else { search(at: now) }
        return take()
    }

    /// The intake's answer to `askRecorded`.
    mutating func compared(with recorded: Set<UInt32>, at now: Duration) -> [Action] {
        guard case .comparing(let scan, let listed) = mode else { return [] }
        finish(scan, late: listed.filter { !recorded.contains($0) }, at: now)
        return take()
    }

    /// The intake's answer to `askKnown`.
    mutating func recognized(
        _ known: Set<UInt32>, of names: [UInt32: String], at now: Duration
    ) -> [Action] {
        recognizing.subtract(names.keys)
        for uid in known { view.settle(uid) }
        plan(names.keys.filter { !known.contains($0) }.sorted())
        pump(at: now)
        return take()
    }

    /// The intake's answer to `askOverdue`.
    mutating func recalled(_ uids: [UInt32], at now: Duration) -> [Action] {
        guard mode == .recalling else { return [] }
        mode = .syncing
        let uids = uids.filter { !postponed.contains($0) }
        for uid in uids { view.askOnceMore(uid, at: now) }
        seek(uids)
        pump(at: now)
        return take()
    }

    /// The deadline may have passed.
    mutating func timePassed(at now: Duration) -> [Action] {
        guard let deadline, deadline <= now else { return [] }
        switch mode {
        case .disconnected, .positioning, .comparing, .recalling: break
        case .leaving: end(.finish)
        case .polling: look(at: now)
        case .idling(.some):
            wasRenewal = true
            endIdle(at: now)
        case .opening, .syncing, .aside, .idling(nil):
            end(.disconnect(reason: "the server went silent", trouble: .silence))
        }
        return take()
    }

    /// Somebody wants mail now.
    mutating func wake(at now: Duration) -> [Action] {
        switch mode {
        case .idling(.some): endIdle(at: now)
        case .polling: search(at: now)
        case .disconnected, .leaving: break
        case .opening, .positioning, .syncing, .comparing, .recalling, .aside, .idling(nil):
            isDirty = true
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
        case .opening, .positioning, .syncing, .comparing, .recalling, .aside, .polling:
            leave(at: now)
        }
        return take()
    }

    /// The connection is gone. Nothing of a mail that had not ended is kept.
    ///
    /// - Parameter trouble: nil when the server is not to blame.
    /// - Returns: the mail that was awaited first.
    @discardableResult
    mutating func closed(_ trouble: Trouble?, at now: Duration) -> UInt32? {
        mode = .disconnected
        // The next connection has other things to do than what may have ended this one.
        for case .scan(let scan) in inFlight.map(\.command) where trouble != nil {
            scans.refused(scan, patience, at: now)
        }
        switch trouble {
        case .network, .bye, .silence, .refusal, .notOpened, .violation:
            return blame(.refused, at: now)
        case .busy: return blame(.busy, at: now)
        case nil, .credentials, .certificate, .configuration, .intake: return nil
        }
    }

    /// The intake took its time: the server is not to blame for it.
    mutating func resumed(after pause: Duration, at now: Duration) {
        func later(_ time: Duration) -> Duration { min(now, time + pause) }
        (lastSent, lastHeard) = (later(lastSent), lastHeard.map(later))
        lastProgress = later(lastProgress)
    }

    private mutating func take() -> [Action] {
        defer { actions = [] }
        return actions
    }

    private mutating func leave(at now: Duration) {
        send("LOGOUT", .logout, at: now)
        mode = .leaving(by: now + patience.goodbye)
    }
}
