// SPDX-License-Identifier: Apache-2.0

import Domain
import Glibc
import Synchronization
import Wire

/// One thread that drives the connections of many mailboxes.
///
/// It sleeps in epoll until a socket is ready, a deadline has come or somebody calls; there is no
/// periodic wake-up and no thread per mailbox. Log-ins run on it as well. The intakes and events
/// of its watchers are called on it, one after the other: a slow intake holds up the other
/// mailboxes, which the ledger would do anyway, for its commits are serial.
///
/// The loop lives as long as one of its watchers, or its maker, holds it.
package final class NetworkLoop: Sendable {
    private let desk: LoopDesk

    /// - Throws: when the process has no file descriptor or thread left.
    package init() throws(MailboxError) {
        guard let poller = Poller() else { throw Self.cannotStart("out of file descriptors") }
        desk = LoopDesk(poller: poller)
        let context = Unmanaged.passRetained(desk)
        var thread = pthread_t()
        let failed = pthread_create(
            &thread, nil,
            { context in
                guard let context else { return nil }
                LoopThread(Unmanaged<LoopDesk>.fromOpaque(context).takeRetainedValue()).run()
                return nil
            }, context.toOpaque())
        guard failed == 0 else {
            context.release()
            throw Self.cannotStart("out of threads")
        }
        pthread_detach(thread)
    }

    deinit { desk.post(.end) }

    /// Begins to watch the folders of an account; they have consecutive numbers from `first` on.
    func add(_ order: WatchOrder) -> UInt32 { desk.add(order) }
    func wake(_ watches: Range<UInt32>) { desk.post(.wake(watches)) }
    func stop(_ watches: Range<UInt32>) { desk.post(.stop(watches)) }

    private static func cannotStart(_ cause: String) -> MailboxError {
        MailboxError(
            operation: "start", subject: "network loop", cause: cause,
            hint: "raise the limit of the process (LimitNOFILE=, TasksMax=)")
    }
}

/// What other threads leave for the loop.
final class LoopDesk: Sendable {
    enum Message: Sendable {
        case add(WatchOrder, first: UInt32)
        case wake(Range<UInt32>)
        case stop(Range<UInt32>)
        /// An access token that a watch had asked for.
        case token(UInt32, request: Int, Result<Secret, TokenFailure>)
        case end
    }

    let poller: Poller
    private let state = Mutex((messages: [Message](), nextWatch: UInt32(0)))

    init(poller: Poller) { self.poller = poller }

    func post(_ message: Message) {
        state.withLock { $0.messages.append(message) }
        poller.wake()
    }

    func add(_ order: WatchOrder) -> UInt32 {
        let first = state.withLock { state in
            defer { state.nextWatch += UInt32(order.folders.count) }
            state.messages.append(.add(order, first: state.nextWatch))
            return state.nextWatch
        }
        poller.wake()
        return first
    }

    func take() -> [Message] {
        state.withLock { state in
            defer { state.messages = [] }
            return state.messages
        }
    }
}

/// The state of the loop. Only its thread sees it.
private final class LoopThread {
    private let desk: LoopDesk
    private let tools: LoopTools
    private let queue = LogInQueue()
    private var watches: [UInt32: FolderWatch] = [:]
    private var timers = TimerHeap()
    /// Watches with bytes left to read.
    private var runnable: Set<UInt32> = []

    /// After a longer sleep of the machine its connections are taken for dead.
    private static let sleepMax = Duration.seconds(30)

    init(_ desk: LoopDesk) {
        self.desk = desk
        tools = LoopTools(desk: desk)
    }

    func run() {
        // Signals are for other threads. SIGPIPE above all: libcurl leaves it alone, and a peer
        // that hangs up would end the process.
        var all = sigset_t()
        sigfillset(&all)
        pthread_sigmask(SIG_BLOCK, &all, nil)
        Self.raiseDescriptorLimit()
        var slept = tools.asleep
        while takeMessages() {
            let limit = runnable.isEmpty ? timers.first.map { $0 - tools.now } : .zero
            let events = desk.poller.wait(atMost: limit)
            if tools.asleep - slept >= Self.sleepMax {
                for watch in watches.values { watch.slept() }
                for id in watches.keys { settle(id) }
            }
            slept = tools.asleep
            let unread = runnable
            runnable = []
            for id in unread {
                watches[id]?.readOn()
                settle(id)
            }
            for event in events {
                watches[event.owner]?.ready(event.socket, for: event.readiness)
                settle(event.owner)
            }
            timePassed()
            admit()
        }
    }

    private func takeMessages() -> Bool {
        for message in desk.take() {
            switch message {
            case .add(let order, let first): add(order, first)
            case .wake(let ids):
                for id in ids {
                    watches[id]?.wake()
                    settle(id)
                }
            case .stop(let ids):
                for id in ids {
                    watches[id]?.stop()
                    settle(id)
                }
            case .token(let id, let request, let result):
                watches[id]?.tokenCame(result, for: request)
                settle(id)
            case .end: return false
            }
        }
        admit()
        return true
    }

    private func add(_ order: WatchOrder, _ first: UInt32) {
        let gate = AccountGate()
        for (index, folder) in order.folders.enumerated() {
            let id = first + UInt32(index)
            let watch = FolderWatch(id, folder, of: order, gate: gate, queue: queue, tools: tools)
            watches[id] = watch
            watch.begin()
            settle(id)
        }
    }

    private func timePassed() {
        while let id = timers.popDue(at: tools.now) {
            guard let watch = watches[id] else { continue }
            watch.queuedAt = nil
            if let due = watch.due, due <= tools.now { watch.timePassed() }
            settle(id)
        }
    }

    /// Log-ins whose turn has come.
    private func admit() {
        while let watch = queue.next() {
            watch.logIn()
            settle(watch.id)
        }
    }

    /// After a watch was called: when it wants to be called again, if ever.
    private func settle(_ id: UInt32) {
        guard let watch = watches[id] else { return }
        if watch.isEnded {
            watches[id] = nil
            runnable.remove(id)
            return
        }
        if watch.hasUnread { runnable.insert(id) }
        guard let due = watch.due, watch.queuedAt.map({ due < $0 }) ?? true else { return }
        watch.queuedAt = due
        timers.push(due, id)
    }

    /// A mailbox holds three descriptors (the socket, and two of libcurl's). The soft limit of 1024
    /// exists for programs that use select(2); this one does not.
    private static func raiseDescriptorLimit() {
        var limit = rlimit()
        guard getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0,
            limit.rlim_cur < limit.rlim_max
        else { return }
        limit.rlim_cur = limit.rlim_max
        setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
    }
}

/// What all watches of a loop share.
final class LoopTools {
    let desk: LoopDesk
    /// One large read beats many small ones; TLS gives 16 KiB at a time anyway.
    let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 256 << 10, alignment: 16)
    let authorities = AuthorityCache()
    private let began = SuspendingClock.now

    init(desk: LoopDesk) { self.desk = desk }
    deinit { buffer.deallocate() }

    var poller: Poller { desk.poller }

    /// Stands still while the machine sleeps, as deadlines should.
    var now: Duration { SuspendingClock.now - began }

    /// How long the machine has slept since it started.
    var asleep: Duration {
        var (awake, all) = (timespec(), timespec())
        clock_gettime(CLOCK_MONOTONIC, &awake)
        clock_gettime(CLOCK_BOOTTIME, &all)
        return .seconds(all.tv_sec - awake.tv_sec) + .nanoseconds(all.tv_nsec - awake.tv_nsec)
    }
}
