// SPDX-License-Identifier: Apache-2.0

import CCurl
import Glibc
import Synchronization

/// A flag that another thread raises to end a connection attempt.
package final class CancelFlag: Sendable {
    private let value = Atomic<Bool>(false)

    package init() {}
    package var isRaised: Bool { value.load(ordering: .acquiring) }
    /// Asks for the end. It cannot be taken back.
    package func raise() { value.store(true, ordering: .releasing) }
}

/// An authenticated byte stream to an IMAP server.
///
/// libcurl resolves, connects, negotiates TLS and logs in (`CURLOPT_CONNECT_ONLY`); from then on
/// the bytes are the caller's. One connection, one owner thread at a time, never reused. Closing
/// sends nothing: say LOGOUT first.
///
/// - Source: curl 7.88.1, `CURLOPT_CONNECT_ONLY`, `curl_easy_recv`, `curl_easy_send`.
package final class ByteStream {
    /// What one `receive` found.
    package enum Received: Sendable, Equatable {
        case bytes(Int)
        /// Nothing now: only after this may the caller wait on `fileDescriptor`.
        case nothingNow
        /// The server closed in good order.
        case closed
    }

    /// The method that logged in; worth remembering for the next connection.
    package let mechanism: StreamEndpoint.Mechanism
    /// The names of the server's CAPABILITY list after the log-in, upper case; nil if it gave none.
    package let capabilities: Set<String>?
    /// The socket to wait on. Only to wait: reading or closing it breaks the TLS session.
    package let fileDescriptor: Int32

    private let handle: UnsafeMutableRawPointer
    private let transcript: StreamTranscript
    private let subject: String
    /// Bytes accepted by `send` that the socket has not taken yet.
    private var outbox: [UInt8] = []
    /// The part on its way. TLS must be offered the same address again after a refusal.
    private let chunk: UnsafeMutableRawBufferPointer
    private var chunkStart = 0
    private var chunkEnd = 0

    /// One TLS record: more at a time would only be cut up again.
    private static let chunkBytesMax = 16 << 10

    /// Opens a connection and logs in; blocks up to the endpoint's connect time-out.
    ///
    /// A server without AUTH=PLAIN is tried again with AUTH=LOGIN and then, inside TLS only, with
    /// the LOGIN command, each on a fresh connection.
    package static func open(
        _ endpoint: StreamEndpoint, cancel: CancelFlag
    ) throws(StreamError) -> ByteStream {
        try endpoint.check()
        var attempts = endpoint.mechanisms
        while true {
            let mechanism = attempts.removeFirst()
            do {
                return try ByteStream(endpoint, by: mechanism, cancel: cancel)
            } catch {
                guard error.kind == .mechanism, !attempts.isEmpty else { throw error }
            }
        }
    }

    private init(
        _ endpoint: StreamEndpoint, by mechanism: StreamEndpoint.Mechanism, cancel: CancelFlag
    ) throws(StreamError) {
        guard curlIsReady, let handle = curl_easy_init() else {
            throw endpoint.error(.configuration, "connect", "libcurl does not start")
        }
        Self.blockBrokenPipes()
        let transcript = StreamTranscript(cancel: cancel)
        var ended = false
        defer { if !ended { curl_easy_cleanup(handle) } }

        let options = endpoint.apply(to: handle, by: mechanism, transcript: transcript)
        guard options == CURLE_OK else {
            throw endpoint.error(.configuration, "connect", curlText(options))
        }
        let result = withExtendedLifetime(transcript) { curl_easy_perform(handle) }
        guard result == CURLE_OK else { throw endpoint.classify(result, transcript) }
        guard !transcript.isPreauthenticated else {
            throw endpoint.error(.violation, "log in", "the server skipped the log-in (PREAUTH)")
        }
        let socket = mutabik_stream_socket(handle)
        guard socket >= 0 else { throw endpoint.error(.network, "connect", "no socket") }
        // Four probes 15 s apart, and 30 s for bytes we sent: a dead path shows within 2 minutes.
        mutabik_stream_keepalive(socket, 4, 30_000)

        self.mechanism = mechanism
        self.capabilities = transcript.capabilities
        self.fileDescriptor = socket
        self.handle = handle
        self.transcript = transcript
        self.subject = endpoint.subject
        self.chunk = .allocate(byteCount: Self.chunkBytesMax, alignment: 1)
        ended = true
    }

    deinit {
        curl_easy_cleanup(handle)
        chunk.deallocate()
    }

    /// Reads into `buffer`. Call it until `.nothingNow` before waiting: TLS may hold bytes that
    /// `poll` cannot see.
    package func receive(
        into buffer: UnsafeMutableRawBufferPointer
    ) throws(StreamError) -> Received {
        var count = 0
        switch curl_easy_recv(handle, buffer.baseAddress, buffer.count, &count) {
        case CURLE_OK: return count == 0 ? .closed : .bytes(count)
        case CURLE_AGAIN: return .nothingNow
        case let code: throw broken("receive", code)
        }
    }

    /// Accepts bytes to send and sends what the socket takes.
    ///
    /// - Returns: false when some are left: wait for room *and* for input, then call `flush`.
    @discardableResult
    package func send(_ bytes: [UInt8]) throws(StreamError) -> Bool {
        outbox.append(contentsOf: bytes)
        return try flush()
    }

    /// Sends what is left of earlier `send` calls; false when some still is.
    @discardableResult
    package func flush() throws(StreamError) -> Bool {
        while true {
            if chunkStart == chunkEnd { loadChunk() }
            if chunkStart == chunkEnd { return true }
            var count = 0
            let rest = UnsafeMutableRawBufferPointer(rebasing: chunk[chunkStart..<chunkEnd])
            switch curl_easy_send(handle, rest.baseAddress, rest.count, &count) {
            case CURLE_OK: chunkStart += count
            case CURLE_AGAIN: return false
            case let code: throw broken("send", code)
            }
        }
    }

    /// TLS writes without MSG_NOSIGNAL, and libcurl leaves SIGPIPE alone when told to use no
    /// signals: a peer that hangs up would end the process. The owner's thread blocks it.
    private static func blockBrokenPipes() {
        var signals = sigset_t()
        sigemptyset(&signals)
        sigaddset(&signals, SIGPIPE)
        pthread_sigmask(SIG_BLOCK, &signals, nil)
    }

    private func loadChunk() {
        let count = min(outbox.count, Self.chunkBytesMax)
        chunk.copyBytes(from: outbox[..<count])
        outbox.removeFirst(count)
        (chunkStart, chunkEnd) = (0, count)
    }

    private func broken(_ operation: String, _ code: CURLcode) -> StreamError {
        StreamError(
            kind: .network, operation: operation, subject: subject, cause: curlText(code),
            serverText: nil)
    }
}

/// Set up once, before any connection; libcurl guards it against other callers since 7.84.
private let curlIsReady = curl_global_init(Int(CURL_GLOBAL_DEFAULT)) == CURLE_OK

/// `the text (the number)`.
func curlText(_ code: CURLcode) -> String {
    "\(String(cString: curl_easy_strerror(code))) (\(code.rawValue))"
}
