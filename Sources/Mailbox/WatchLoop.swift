// SPDX-License-Identifier: Apache-2.0

import Domain
import Glibc
import Synchronization
import Wire

/// The watcher's thread: connects, drives a session over the stream, waits, begins again.
final class WatchLoop: Sendable {
    private struct Vitals {
        var isConnected = false
        var lastProof: Duration?
        var failures = 0
    }

    private let account: MailboxAccount
    private let intake: any MailIntake
    private let tuning: MailboxWatcher.Tuning
    private let events: @Sendable (MailboxEvent) -> Void
    private let signal = WakeSignal()
    private let stopping = CancelFlag()
    private let vitals = Mutex(Vitals())
    /// Stands still while the machine sleeps, as deadlines should.
    private let began = SuspendingClock.now
    /// One large read beats many small ones; TLS gives 16 KiB at a time anyway.
    private static let bufferBytes = 256 << 10
    /// After a longer sleep of the machine the connection is taken for dead.
    private static let sleepMax = Duration.seconds(30)

    init(
        account: MailboxAccount, intake: any MailIntake, tuning: MailboxWatcher.Tuning,
        events: @escaping @Sendable (MailboxEvent) -> Void
    ) {
        self.account = account
        self.intake = intake
        self.tuning = tuning
        self.events = events
    }

    var health: MailboxWatcher.Health {
        let now = now
        return vitals.withLock { vitals in
            MailboxWatcher.Health(
                isConnected: vitals.isConnected,
                sinceProofOfLife: vitals.lastProof.map { now - $0 }, failures: vitals.failures)
        }
    }

    func wake() { signal?.raise() }

    func stop() {
        stopping.raise()
        signal?.raise()
    }

    private var now: Duration { SuspendingClock.now - began }

    // MARK: - Attempts

    /// How an attempt ended, other than well.
    private enum Ending: Error {
        case finished
        case disconnected(String)
        case intakeFailed(String)
    }

    func run() {
        defer { report(.stopped) }
        guard let signal else { return report(.misconfigured(reason: "out of file descriptors")) }
        guard let folder = account.folders.first, MailboxName.isSendable(folder) else {
            return report(.misconfigured(reason: "the folder's name is empty or not ASCII"))
        }
        var session = IMAPSession(account: account, folder: folder, patience: tuning.patience)
        var backoff = Backoff(first: tuning.firstGap, limit: tuning.longestGap)
        var busy = Backoff(first: tuning.busyGap, limit: tuning.busyLongestGap)
        var mechanism: StreamEndpoint.Mechanism?

        while !stopping.isRaised {
            let connectedAt: Duration
            let gap: Duration
            do {
                let stream = try open(&mechanism)
                connectedAt = now
                gap = serve(stream, &session, signal, since: connectedAt, &backoff)
                busy.reset()
            } catch {
                guard let wait = report(error, &backoff, &busy) else { return }
                gap = wait
                if error.kind == .mechanism { mechanism = nil }
            }
            pause(gap, signal, mayBeCutShort: gap < tuning.credentialsGap)
        }
    }

    private func open(
        _ mechanism: inout StreamEndpoint.Mechanism?
    ) throws(StreamError) -> ByteStream {
        let security: StreamEndpoint.Security =
            switch account.security {
            case .tls: .tls
            case .startTLS: .startTLS
            case .none: .none
            }
        var endpoint = StreamEndpoint(
            host: account.host, port: account.port, security: security, user: account.user,
            credentials: .password(account.password), caFile: account.caFile)
        endpoint.connectTimeout = tuning.connectTimeout
        endpoint.responseTimeout = tuning.responseTimeout
        endpoint.knownMechanism = mechanism
        let stream = try ByteStream.open(endpoint, cancel: stopping)
        mechanism = stream.mechanism
        return stream
    }

    /// The gap before the next attempt; nil when there is no sense in another.
    private func report(
        _ error: StreamError, _ backoff: inout Backoff, _ busy: inout Backoff
    ) -> Duration? {
        let reason = error.description
        let gap: Duration
        switch error.kind {
        case .cancelled: return .zero
        case .configuration:
            report(.misconfigured(reason: reason))
            return nil
        case .credentials:
            gap = tuning.credentialsGap
            report(.credentialsRefused(reason: reason, retryIn: gap))
        case .certificate, .tlsMissing:
            gap = tuning.certificateGap
            report(.certificateRefused(reason: reason, retryIn: gap))
        case .temporary, .mechanism:
            gap = busy.next(draw: .random(in: 0.5...1))
            report(.disconnected(reason: reason, retryIn: gap))
        case .network, .violation:
            gap = backoff.next(draw: .random(in: 0...1))
            report(.disconnected(reason: reason, retryIn: gap))
        }
        return gap
    }

    /// Drives the session until it ends; returns the gap before the next attempt.
    private func serve(
        _ stream: ByteStream, _ session: inout IMAPSession, _ signal: WakeSignal,
        since connectedAt: Duration, _ backoff: inout Backoff
    ) -> Duration {
        var ending = Ending.finished
        do {
            try drive(stream, &session, signal)
        } catch let error as Ending {
            ending = error
        } catch {
            ending = .disconnected("\(error)")
        }
        session.closed()
        if now - connectedAt >= tuning.healthyAfter { backoff.reset() }
        guard !stopping.isRaised else { return .zero }
        let gap = backoff.next(draw: .random(in: 0...1))
        switch ending {
        case .finished: report(.disconnected(reason: "logged out", retryIn: gap))
        case .disconnected(let reason): report(.disconnected(reason: reason, retryIn: gap))
        case .intakeFailed(let reason): report(.intakeFailed(reason: reason, retryIn: gap))
        }
        return gap
    }

    // MARK: - A session

    private func drive(
        _ stream: ByteStream, _ session: inout IMAPSession, _ signal: WakeSignal
    ) throws {
        let buffer = UnsafeMutableRawBufferPointer.allocate(
            byteCount: Self.bufferBytes, alignment: 16)
        defer { buffer.deallocate() }
        let slept = asleep
        var isLeaving = false

        try perform(session.connected(capabilities: stream.capabilities, at: now), &session, stream)
        while true {
            if stopping.isRaised, !isLeaving {
                isLeaving = true
                try perform(session.stop(at: now), &session, stream)
            }
            switch try stream.receive(into: buffer) {
            case .closed: throw Ending.disconnected("the server closed the connection")
            case .bytes(let count):
                let bytes = UnsafeRawBufferPointer(rebasing: buffer[..<count])
                try perform(session.received(bytes, at: now), &session, stream)
            case .nothingNow:
                let isFlushed = try stream.flush()
                wait(for: stream, flushed: isFlushed, until: session.deadline, signal)
                guard asleep - slept < Self.sleepMax else {
                    throw Ending.disconnected("the machine was asleep")
                }
                if signal.take(), !stopping.isRaised {
                    try perform(session.wake(at: now), &session, stream)
                }
            }
            try perform(session.timePassed(at: now), &session, stream)
        }
    }

    private func perform(
        _ first: [IMAPSession.Action], _ session: inout IMAPSession, _ stream: ByteStream
    ) throws {
        guard !first.isEmpty else { return }
        var actions = first[...]
        let (account, folder) = (account.name, session.folder)
        while let action = actions.popFirst() {
            switch action {
            case .send(let bytes): try stream.send(bytes)
            case .report(let event): report(event)
            case .disconnect(let reason): throw Ending.disconnected(reason)
            case .finish: throw Ending.finished
            case .askPosition(let validity):
                let position = try taking {
                    try intake.position(account: account, folder: folder, uidValidity: validity)
                }
                actions += session.positioned(position, at: now)
            case .deliver(let mail): try taking { try intake.receive(mail) }
            case .vanished(let validity, let uid):
                try taking {
                    try intake.vanished(
                        account: account, folder: folder, uidValidity: validity, uid: uid)
                }
            case .advance(let validity, let floor):
                try taking {
                    try intake.advance(
                        account: account, folder: folder, uidValidity: validity, floor: floor)
                }
            }
        }
        session.resumed(at: now)
        let proof = session.lastProof
        vitals.withLock { $0.lastProof = proof }
    }

    /// Only the kind of an intake's error is told: its text may speak of people.
    private func taking<Value>(_ call: () throws -> Value) throws(Ending) -> Value {
        do { return try call() } catch { throw .intakeFailed("\(type(of: error))") }
    }

    /// Brings the health up to date before anybody hears of the event.
    private func report(_ event: MailboxEvent) {
        vitals.withLock { vitals in
            switch event {
            case .connected:
                vitals.isConnected = true
                vitals.failures = 0
            case .disconnected, .credentialsRefused, .certificateRefused, .intakeFailed:
                vitals.isConnected = false
                vitals.failures += 1
            case .misconfigured, .stopped: vitals.isConnected = false
            case .announced, .idling, .polling, .caughtUp, .newEpoch, .tooLarge, .unfetched,
                .quarantined, .unannounced:
                break
            }
        }
        events(event)
    }

    // MARK: - Waiting

    private func wait(
        for stream: ByteStream, flushed: Bool, until deadline: Duration?, _ signal: WakeSignal
    ) {
        let interest = Int16(flushed ? POLLIN : POLLIN | POLLOUT)
        var sources = [
            pollfd(fd: stream.fileDescriptor, events: interest, revents: 0),
            pollfd(fd: signal.fileDescriptor, events: Int16(POLLIN), revents: 0),
        ]
        poll(&sources, nfds_t(sources.count), milliseconds(until: deadline))
    }

    /// Waits for the next attempt; `stop` always ends it, `wake` when it may.
    private func pause(_ gap: Duration, _ signal: WakeSignal, mayBeCutShort: Bool) {
        let end = now + gap
        while now < end, !stopping.isRaised {
            var source = pollfd(fd: signal.fileDescriptor, events: Int16(POLLIN), revents: 0)
            poll(&source, 1, milliseconds(until: end))
            if signal.take(), mayBeCutShort { return }
        }
    }

    /// Rounded up: rounding down would wake a little early, again and again.
    private func milliseconds(until deadline: Duration?) -> Int32 {
        guard let deadline else { return -1 }
        let left = (deadline - now) / Duration.milliseconds(1)
        return Int32(max(0, min(left.rounded(.up), 3_600_000)))
    }

    /// How long the machine has slept since it started.
    private var asleep: Duration {
        var (awake, all) = (timespec(), timespec())
        clock_gettime(CLOCK_MONOTONIC, &awake)
        clock_gettime(CLOCK_BOOTTIME, &all)
        return .seconds(all.tv_sec - awake.tv_sec) + .nanoseconds(all.tv_nsec - awake.tv_nsec)
    }
}

/// Names of folders.
enum MailboxName {
    /// True when the name can stand in quotes: printable ASCII (others in modified UTF-7), at most
    /// 1,000 bytes, so that a command stays a short line.
    static func isSendable(_ name: String) -> Bool {
        !name.isEmpty && name.utf8.count <= 1000 && name.utf8.allSatisfy { $0 >= 0x20 && $0 < 0x7f }
    }
}
