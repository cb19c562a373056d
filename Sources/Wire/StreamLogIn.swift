// SPDX-License-Identifier: Apache-2.0

import CCurl

/// A log-in under way, driven by a loop: nothing here waits.
///
/// A server without AUTH=PLAIN is tried again with AUTH=LOGIN and then, inside TLS only, with the
/// LOGIN command, each on a fresh connection. Dropping the object gives the log-in up.
package final class StreamLogIn {
    /// How far the log-in is.
    package enum Progress {
        case underway
        case connected(ByteStream)
        case failed(StreamError)
    }

    private let endpoint: StreamEndpoint
    private let poller: Poller
    private let owner: UInt32
    private let authorities: AuthorityStore
    private var mechanisms: ArraySlice<StreamEndpoint.Mechanism>
    private var connection: StreamConnection

    /// Begins to connect. The sockets are watched on `poller` in the name of `owner`.
    ///
    /// - Throws: `configuration` when the endpoint can never work, `certificate` when its file of
    ///   authorities cannot be read.
    package init(
        _ endpoint: StreamEndpoint, poller: Poller, owner: UInt32, authorities: AuthorityCache
    ) throws(StreamError) {
        try endpoint.check()
        self.authorities = try authorities.store(for: endpoint)
        self.endpoint = endpoint
        self.poller = poller
        self.owner = owner
        var mechanisms = endpoint.mechanisms[...]
        let first = mechanisms.removeFirst()
        self.mechanisms = mechanisms
        connection = try StreamConnection(
            endpoint, by: first, trusting: self.authorities, poller: poller, owner: owner)
    }

    /// How long until `timePassed` is due; nil when only sockets matter.
    package var timer: Duration? { connection.timer.map { $0 - .now } }

    /// A socket of this log-in is ready.
    package func ready(_ socket: Int32, for readiness: Poller.Readiness) -> Progress {
        connection.act(on: socket, readiness)
        return progress()
    }

    /// The time of `timer` has passed.
    package func timePassed() -> Progress {
        connection.act(on: CURL_SOCKET_TIMEOUT, [])
        return progress()
    }

    private func progress() -> Progress {
        guard let result = connection.result else { return .underway }
        do throws(StreamError) {
            return .connected(try ByteStream(connection, result, endpoint))
        } catch {
            guard error.kind == .mechanism, let next = mechanisms.popFirst() else {
                return .failed(error)
            }
            do throws(StreamError) {
                connection = try StreamConnection(
                    endpoint, by: next, trusting: authorities, poller: poller, owner: owner)
                return .underway
            } catch {
                return .failed(error)
            }
        }
    }
}

/// One connection of libcurl: the easy handle, and the multi handle that it must stay in as long
/// as it is used (removing it closes the connection since 7.85).
///
/// Every connection has a multi handle of its own: with a common one, a new log-in takes idle
/// connections for forgotten ones and closes them, by age or because a byte is waiting.
///
/// - Source: curl 7.88.1, `curl_multi_socket_action`, `CURLMOPT_SOCKETFUNCTION`, lib/multi.c.
final class StreamConnection {
    let handle: UnsafeMutableRawPointer
    let mechanism: StreamEndpoint.Mechanism
    let transcript = StreamTranscript()
    private(set) var timer: SuspendingClock.Instant?
    private let multi: UnsafeMutableRawPointer
    private let poller: Poller
    private let owner: UInt32
    /// OpenSSL asks it during the handshake.
    private let authorities: AuthorityStore

    init(
        _ endpoint: StreamEndpoint, by mechanism: StreamEndpoint.Mechanism,
        trusting authorities: AuthorityStore, poller: Poller, owner: UInt32
    ) throws(StreamError) {
        guard curlIsReady, let handle = curl_easy_init() else { throw endpoint.noLibrary }
        guard let multi = curl_multi_init() else {
            curl_easy_cleanup(handle)
            throw endpoint.noLibrary
        }
        self.handle = handle
        self.multi = multi
        self.mechanism = mechanism
        self.poller = poller
        self.owner = owner
        self.authorities = authorities
        let options = endpoint.apply(
            to: handle, by: mechanism, transcript: transcript, authorities: authorities)
        guard options == CURLE_OK else {
            throw endpoint.error(.configuration, "connect", curlText(options))
        }
        listen()
        guard curl_multi_add_handle(multi, handle) == CURLM_OK else { throw endpoint.noLibrary }
    }

    deinit {
        silence()
        curl_multi_remove_handle(multi, handle)
        curl_easy_cleanup(handle)
        curl_multi_cleanup(multi)
    }

    func act(on socket: Int32, _ readiness: Poller.Readiness) {
        var bits: Int32 = 0
        if readiness.contains(.reading) { bits |= CURL_CSELECT_IN }
        if readiness.contains(.writing) { bits |= CURL_CSELECT_OUT }
        // libcurl is silent about a timer that it finds not quite due.
        if socket == CURL_SOCKET_TIMEOUT { timer = .now + .seconds(1) }
        var running: Int32 = 0
        curl_multi_socket_action(multi, socket, bits, &running)
    }

    /// How the log-in ended; nil while it goes on.
    var result: CURLcode? {
        var code = CURLE_OK
        return http_next_finished(multi, &code) == nil ? nil : code
    }

    /// The log-in is over: from now on the socket belongs to the stream.
    func handOver() {
        silence()
        transcript.forget()
    }

    private func listen() {
        let onSocket: mutabik_loop_socket = { _, socket, what, user, _ in
            guard let user else { return 0 }
            let it = Unmanaged<StreamConnection>.fromOpaque(user).takeUnretainedValue()
            switch what {
            case CURL_POLL_REMOVE: it.poller.forget(socket)
            case CURL_POLL_IN: it.poller.watch(socket, for: .reading, owner: it.owner)
            case CURL_POLL_OUT: it.poller.watch(socket, for: .writing, owner: it.owner)
            default:
                it.poller.watch(socket, for: [.reading, .writing], owner: it.owner)
            }
            return 0
        }
        let onTimer: mutabik_loop_timer = { _, milliseconds, user in
            guard let user else { return 0 }
            let it = Unmanaged<StreamConnection>.fromOpaque(user).takeUnretainedValue()
            it.timer = milliseconds < 0 ? nil : .now + .milliseconds(milliseconds)
            return 0
        }
        _ = mutabik_loop_callbacks(
            multi, onSocket, onTimer, Unmanaged.passUnretained(self).toOpaque())
    }

    private func silence() { _ = mutabik_loop_callbacks(multi, nil, nil, nil) }
}

extension StreamEndpoint {
    var noLibrary: StreamError { error(.network, "connect", "libcurl does not start") }
}

/// Set up once, before any connection; libcurl guards it against other callers since 7.84.
let curlIsReady = curl_global_init(Int(CURL_GLOBAL_DEFAULT)) == CURLE_OK
