// SPDX-License-Identifier: Apache-2.0

import Domain
import Wire

/// What a watcher asks of the loop.
struct WatchOrder: Sendable {
    var account: MailboxAccount
    var folders: [String]
    var intake: any MailIntake
    var tuning: MailboxWatcher.Tuning
    /// Called for each folder; after the last event never again for it.
    var report: @Sendable (_ folder: String, MailboxEvent) -> Void
    /// The server completed a command now.
    var proved: @Sendable (_ folder: String) -> Void
}

/// One folder on the loop: rests, logs in, drives its session over the stream, begins again.
final class FolderWatch {
    enum Phase {
        case resting(until: Duration, mayBeCutShort: Bool)
        /// Waits for an access token.
        case awaitingToken(Task<Void, Never>)
        /// Waits for somebody to sign in.
        case signedOut(SignInWait)
        /// Waits for its turn to log in.
        case queued
        case loggingIn(StreamLogIn, timer: Duration?)
        case serving(ByteStream, since: Duration)
        case ended
    }

    /// How a session ended, other than well.
    private enum Ending: Error {
        case finished
        case disconnected(reason: String, Trouble)
        case slept
        case intakeFailed(String)

        /// What the server did wrong.
        var trouble: Trouble? {
            if case .disconnected(_, let trouble) = self { trouble } else { nil }
        }

        func event(awaiting uid: UInt32?, retryIn gap: Duration) -> MailboxEvent {
            func disconnected(_ reason: String, _ trouble: Trouble) -> MailboxEvent {
                .disconnected(reason: reason, trouble: trouble, retryIn: gap)
            }
            switch self {
            case .finished: return disconnected("logged out", .network)
            case .slept: return disconnected("the machine was asleep", .network)
            case .disconnected(let reason, let trouble):
                let mail = uid.map { " while mail \($0) was awaited" } ?? ""
                return disconnected(reason + mail, trouble)
            case .intakeFailed(let reason): return .intakeFailed(reason: reason, retryIn: gap)
            }
        }
    }

    let id: UInt32
    let gate: AccountGate
    /// When the loop's timers call, at the latest; kept by the loop.
    var queuedAt: Duration?
    /// The last turn ended before everything was read.
    private(set) var hasUnread = false

    private let folder: String
    let order: WatchOrder
    let queue: LogInQueue
    let tools: LoopTools
    var phase = Phase.queued
    private var session: IMAPSession
    var backoff: Backoff
    var busy: Backoff
    private var isStopping = false
    private var awaitsRoom = false
    private var lastProof: Duration?
    /// What is shown at the next log-in.
    var proof: StreamEndpoint.Credentials
    /// How many tokens were asked for: an answer to an earlier question is dropped.
    var tokenRequests = 0
    /// The source's stamp at that time: a sign-in that comes after it is noticed.
    var stampAtRequest: UInt64 = 0
    /// The server refused a token, and another was asked for.
    var isSecondToken = false
    /// Fetched, and not yet with the intake.
    private var fetched: [FetchedMail] = []
    private var fetchedBytes = 0

    /// So many mails, and about so many bytes, are committed together at most: the disk waits once
    /// for all of them, and little is fetched again when it cannot take them.
    private static let togetherMax = 256
    private static let togetherBytesMax = 4 << 20

    /// Then the others have their turn: 4 MiB, or 256 KiB of TLS records.
    private static let readsMax = 16

    init(
        _ id: UInt32, _ folder: String, of order: WatchOrder, gate: AccountGate, queue: LogInQueue,
        tools: LoopTools
    ) {
        self.id = id
        self.folder = folder
        self.order = order
        self.gate = gate
        self.queue = queue
        self.tools = tools
        let tuning = order.tuning
        session = IMAPSession(account: order.account, folder: folder, patience: tuning.patience)
        backoff = Backoff(first: tuning.firstGap, limit: tuning.longestGap)
        // A token is put in its place before the first log-in.
        proof =
            if case .password(let password) = order.account.credentials {
                .password(password)
            } else {
                .bearer(Secret(""))
            }
        busy = Backoff(first: tuning.busyGap, limit: tuning.busyLongestGap)
    }

    var now: Duration { tools.now }

    // MARK: - What the loop calls

    var isEnded: Bool { if case .ended = phase { true } else { false } }

    /// When `timePassed` is due; nil while only a socket or a call matters.
    var due: Duration? {
        switch phase {
        case .resting(let until, _): until
        case .loggingIn(_, let timer): timer
        case .signedOut(let wait): min(wait.nextLook, wait.until ?? wait.nextLook)
        case .serving: session.deadline
        case .awaitingToken, .queued, .ended: nil
        }
    }

    func begin() {
        guard MailboxName.isSendable(folder) else {
            return end(.misconfigured(reason: "the folder's name cannot be sent"))
        }
        stand()
    }

    func ready(_ socket: Int32, for readiness: Poller.Readiness) {
        switch phase {
        case .loggingIn(let logIn, _): advance(logIn, logIn.ready(socket, for: readiness))
        case .serving(let stream, _) where socket == stream.fileDescriptor: turn { _, _ in [] }
        case .serving, .resting, .signedOut, .awaitingToken, .queued, .ended: break
        }
    }

    func readOn() { turn { _, _ in [] } }

    func timePassed() {
        switch phase {
        case .resting: stand()
        case .signedOut(let wait): lookForSignIn(wait)
        case .loggingIn(let logIn, _): advance(logIn, logIn.timePassed())
        case .serving: turn { session, now in session.timePassed(at: now) }
        case .awaitingToken, .queued, .ended: break
        }
    }

    /// Somebody wants mail now.
    func wake() {
        switch phase {
        case .resting(_, mayBeCutShort: true): stand()
        case .serving: turn { session, now in session.wake(at: now) }
        case .resting, .signedOut, .awaitingToken, .queued, .loggingIn, .ended: break
        }
    }

    func stop() {
        isStopping = true
        switch phase {
        case .serving: turn { session, now in session.stop(at: now) }
        case .loggingIn: giveUpLogIn()
        case .queued:
            queue.remove(self)
            end()
        case .awaitingToken(let task):
            task.cancel()
            end()
        case .resting, .signedOut: end()
        case .ended: break
        }
    }

    /// The machine was asleep, and its connections are dead.
    func slept() {
        switch phase {
        case .serving: close(.slept)
        case .loggingIn(let logIn, _): advance(logIn, logIn.timePassed())
        case .resting, .signedOut, .awaitingToken, .queued, .ended: break
        }
    }

    // MARK: - Between sessions

    func end(_ event: MailboxEvent = .stopped) {
        phase = .ended
        report(event)
    }

    func rest(_ gap: Duration, _ event: MailboxEvent, mayBeCutShort: Bool = true) {
        phase = .resting(until: now + gap, mayBeCutShort: mayBeCutShort)
        report(event)
    }

    // MARK: - A session

    func serve(_ stream: ByteStream) {
        tools.poller.watch(stream.fileDescriptor, for: .reading, owner: id)
        awaitsRoom = false
        phase = .serving(stream, since: now)
        turn { session, now in session.connected(capabilities: stream.capabilities, at: now) }
    }

    /// Calls the session and reads what the server has said. TLS may hold bytes that the poller
    /// cannot see, so nothing waits before all is read.
    private func turn(_ call: (inout IMAPSession, Duration) -> [IMAPSession.Action]) {
        guard case .serving(let stream, _) = phase else { return }
        do {
            try perform(call(&session, now), stream)
            hasUnread = try read(stream)
            try flush(stream)
            // With more at hand, one commit may take in more.
            if !hasUnread { try handOver() }
        } catch let ending as Ending {
            close(ending)
        } catch {
            close(.disconnected(reason: "\(error)", .network))
        }
    }

    /// Has the intake commit what was fetched.
    private func handOver() throws(Ending) {
        guard !fetched.isEmpty else { return }
        let (mails, began) = (fetched, now)
        (fetched, fetchedBytes) = ([], 0)
        try taking { try order.intake.receive(mails) }
        session.resumed(after: now - began, at: now)
    }

    /// - Returns: true when there may be more.
    private func read(_ stream: ByteStream) throws -> Bool {
        for _ in 0..<Self.readsMax {
            switch try stream.receive(into: tools.buffer) {
            case .closed:
                throw Ending.disconnected(
                    reason: "the server closed the connection", .network)
            case .bytes(let count):
                let bytes = UnsafeRawBufferPointer(rebasing: tools.buffer[..<count])
                try perform(session.received(bytes, at: now), stream)
            case .nothingNow: return false
            }
        }
        return true
    }

    private func flush(_ stream: ByteStream) throws {
        let isStuck = try !stream.flush()
        guard isStuck != awaitsRoom else { return }
        awaitsRoom = isStuck
        tools.poller.watch(
            stream.fileDescriptor, for: isStuck ? [.reading, .writing] : .reading, owner: id)
    }

    private func perform(_ first: [IMAPSession.Action], _ stream: ByteStream) throws {
        guard !first.isEmpty else { return }
        let began = now
        var actions = first[...]
        let intake = order.intake
        let account = order.account.name
        while let action = actions.popFirst() {
            switch action {
            case .deliver, .send: break
            // What is told or asked now builds on all that came before.
            default: try handOver()
            }
            switch action {
            case .send(let bytes): try stream.send(bytes)
            case .report(let event): report(event)
            case .disconnect(let reason, let trouble):
                throw Ending.disconnected(reason: reason, trouble)
            case .finish: throw Ending.finished
            case .askPosition(let validity, let next):
                let position = try taking {
                    try intake.position(
                        account: account, folder: folder, uidValidity: validity, uidNext: next)
                }
                actions += session.positioned(position, at: now)
            case .askRecorded(let epoch, let range):
                let uids = try taking { try intake.recorded(in: epoch, range) }
                actions += session.compared(with: uids, at: now)
            case .askKnown(let epoch, let names):
                let known = try taking { try intake.recognize(names, in: epoch) }
                actions += session.recognized(known, of: names, at: now)
            case .askOverdue(let epoch):
                let uids = try taking { try intake.overdue(in: epoch) }
                actions += session.recalled(uids, at: now)
            case .deliver(let mail):
                fetched.append(mail)
                fetchedBytes += mail.raw.count
                if fetched.count >= Self.togetherMax || fetchedBytes >= Self.togetherBytesMax {
                    try handOver()
                }
            case .vanished(let epoch, let uid):
                try taking { try intake.vanished(in: epoch, uid: uid) }
            case .advance(let epoch, let progress):
                try taking { try intake.advance(epoch, to: progress) }
            }
        }
        session.resumed(after: now - began, at: now)
        guard lastProof != session.lastProof else { return }
        lastProof = session.lastProof
        order.proved(folder)
    }

    /// Only the kind of an intake's error is told: its text may speak of people.
    private func taking<Value>(_ call: () throws -> Value) throws(Ending) -> Value {
        do { return try call() } catch { throw .intakeFailed("\(type(of: error))") }
    }

    private func close(_ first: Ending) {
        guard case .serving(let stream, let since) = phase else { return }
        var ending = first
        // A server that always breaks off would otherwise keep us from ever getting on.
        do { try handOver() } catch { ending = error }
        tools.poller.forget(stream.fileDescriptor)
        let awaited = session.closed(ending.trouble, at: now)
        hasUnread = false
        guard !isStopping else { return end() }
        if now - since >= order.tuning.healthyAfter {
            backoff.reset()
            busy.reset()
        }
        let gap =
            ending.trouble == .busy
            ? busy.next(draw: .random(in: 0.5...1)) : backoff.next(draw: .random(in: 0...1))
        rest(gap, ending.event(awaiting: awaited, retryIn: gap))
    }

    func report(_ event: MailboxEvent) { order.report(folder, event) }
}
