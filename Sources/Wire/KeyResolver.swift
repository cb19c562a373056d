// SPDX-License-Identifier: Apache-2.0

internal import CAres
internal import Glibc

/// What a look-up of TXT records brought.
package enum TXTAnswer: Hashable, Sendable {
    /// Each record with its pieces joined (RFC 6376 §3.6.2.2); how long the answer may be kept.
    case records([String], ttl: Duration)
    /// The server says that there is no such record.
    case absent
    /// Nobody could say: silence, a failing server, no network. Worth trying again later.
    case unavailable(String)
}

/// Looks up TXT records, such as DKIM keys, at the system's name servers.
package struct KeyResolver: Sendable {
    /// The first wait for a server; c-ares doubles it with each try. Three tries fit into the usual
    /// limit of five seconds.
    private static let firstWaitMilliseconds: Int32 = 1_000
    private static let triesMax: Int32 = 3
    /// A 4096-bit DKIM key fits; larger answers come by TCP. Below the size at which UDP is cut
    /// into fragments.
    private static let datagramBytesMax: Int32 = 1_232

    private let server: String?
    private let limit: Duration

    /// - Parameters:
    ///   - server: `address:port` to ask instead of the system's servers.
    ///   - limit: the longest that `records(of:)` blocks, for however many names.
    package init(server: String? = nil, limit: Duration = .seconds(5)) {
        self.server = server
        self.limit = limit
    }

    /// The TXT records of a name, as `records(of:)` has them for several.
    package func records(of name: String) -> TXTAnswer {
        records(of: [name])[name] ?? .unavailable("no answer")
    }

    /// The TXT records of names, all asked for at once. Blocks the calling thread, never longer
    /// than the limit; what has no answer by then is `.unavailable`. Home routers take up to 150
    /// questions at a time.
    ///
    /// The search list of the system is not used. A name that cannot exist is `.absent`.
    package func records(of names: [String]) -> [String: TXTAnswer] {
        guard Self.isReady, let channel = openChannel() else {
            return names.reduce(into: [:]) { $0[$1] = .unavailable("resolver not set up") }
        }
        let questions = Set(names).map(Question.init)
        withExtendedLifetime(questions) {
            for question in questions where question.answer == nil { ask(question, on: channel) }
            wait(on: channel) { questions.allSatisfy { $0.answer != nil } }
            // Calls back for a query that is still open, so the questions have to be alive here.
            ares_destroy(channel)
        }
        return questions.reduce(into: [:]) {
            $0[$1.name] = $1.answer ?? .unavailable("no answer")
        }
    }

    private func ask(_ question: Question, on channel: ares_channel) {
        ares_query(
            channel, question.name, Self.classInternet, TXTReader.typeTXT,
            { context, status, _, bytes, count in
                guard let context else { return }
                let question = Unmanaged<Question>.fromOpaque(context).takeUnretainedValue()
                let reply = UnsafeRawBufferPointer(
                    start: bytes, count: bytes == nil ? 0 : Int(count))
                question.answer = KeyResolver.answer(status, reply)
            }, Unmanaged.passUnretained(question).toOpaque())
    }

    private static let classInternet: Int32 = 1
    private static let isReady = ares_library_init(ARES_LIB_INIT_ALL) == ARES_SUCCESS

    /// One name, and what came of it.
    private final class Question {
        let name: String
        var answer: TXTAnswer?

        init(_ name: String) {
            self.name = name
            let isPossible = (1...253).contains(name.utf8.count) && !name.utf8.contains(0)
            if !isPossible { answer = .absent }
        }
    }

    private func openChannel() -> ares_channel? {
        var options = ares_options()
        options.timeout = Self.firstWaitMilliseconds
        options.tries = Self.triesMax
        options.flags = ARES_FLAG_EDNS
        options.ednspsz = Self.datagramBytesMax
        let mask = ARES_OPT_TIMEOUTMS | ARES_OPT_TRIES | ARES_OPT_FLAGS | ARES_OPT_EDNSPSZ
        var channel: ares_channel?
        guard ares_init_options(&channel, &options, mask) == ARES_SUCCESS, let channel
        else { return nil }
        if let server, ares_set_servers_ports_csv(channel, server) != ARES_SUCCESS {
            ares_destroy(channel)
            return nil
        }
        return channel
    }

    /// Serves the sockets of the channel until all is answered or the limit is reached.
    private func wait(on channel: ares_channel, until isDone: () -> Bool) {
        let clock = ContinuousClock()
        let deadline = clock.now + limit
        while !isDone() {
            let left = clock.now.duration(to: deadline)
            guard left > .zero else { return }
            var sockets = [ares_socket_t](repeating: -1, count: Int(ARES_GETSOCK_MAXNUM))
            let bits = UInt32(
                bitPattern: ares_getsock(channel, &sockets, Int32(ARES_GETSOCK_MAXNUM)))
            var polled: [pollfd] = []
            for (index, socket) in sockets.enumerated() {
                let reads = bits & (1 << UInt32(index)) != 0
                let writes = bits & (1 << UInt32(index + Int(ARES_GETSOCK_MAXNUM))) != 0
                guard reads || writes else { continue }
                let events = (reads ? POLLIN : 0) | (writes ? POLLOUT : 0)
                polled.append(pollfd(fd: socket, events: Int16(events), revents: 0))
            }
            // A short step, because c-ares looks at its own time-outs only when it is called.
            let step = min(left, .milliseconds(100)) / .milliseconds(1)
            let ready = poll(&polled, nfds_t(polled.count), Int32(step.rounded(.up)))
            let none = ares_socket_t(ARES_SOCKET_BAD)
            guard ready > 0 else {
                ares_process_fd(channel, none, none)
                continue
            }
            for one in polled where one.revents != 0 {
                let writable = one.revents & Int16(POLLOUT) != 0
                let readable = one.revents & ~Int16(POLLOUT) != 0
                ares_process_fd(channel, readable ? one.fd : none, writable ? one.fd : none)
            }
        }
    }

    private static func answer(_ status: Int32, _ reply: UnsafeRawBufferPointer) -> TXTAnswer {
        switch status {
        case ARES_SUCCESS: TXTReader.read(Array(reply)) ?? .unavailable("malformed answer")
        case ARES_ENOTFOUND, ARES_ENODATA, ARES_EBADNAME: .absent
        default: .unavailable(String(cString: ares_strerror(status)))
        }
    }
}
