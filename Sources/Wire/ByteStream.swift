// SPDX-License-Identifier: Apache-2.0

import CCurl

/// An authenticated byte stream to an IMAP server.
///
/// libcurl resolves, connects, negotiates TLS and logs in (`CURLOPT_CONNECT_ONLY`); from then on
/// the bytes are the caller's. One connection, one owner thread at a time, never reused. Closing
/// sends nothing: say LOGOUT first. That thread must block SIGPIPE: TLS writes without
/// MSG_NOSIGNAL, and a peer that hangs up would end the process.
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

    private let connection: StreamConnection
    private let subject: String
    /// Bytes accepted by `send` that the socket has not taken yet.
    private var outbox: [UInt8] = []
    /// The part on its way. TLS must be offered the same bytes at the same address again after a
    /// refusal, so it is no part of an array. Nil while nothing is on its way, which is nearly
    /// always: an idle connection holds no buffer.
    private var chunk: UnsafeMutableRawBufferPointer?
    private var chunkStart = 0

    /// One TLS record: more at a time would only be cut up again.
    private static let chunkBytesMax = 16 << 10

    /// Takes over a connection whose log-in ended.
    ///
    /// - Throws: what the result and the server's words mean, when it failed.
    init(
        _ connection: StreamConnection, _ result: CURLcode, _ endpoint: StreamEndpoint
    ) throws(StreamError) {
        let transcript = connection.transcript
        guard result == CURLE_OK else { throw endpoint.classify(result, transcript) }
        guard !transcript.isPreauthenticated else {
            throw endpoint.error(.violation, "log in", "the server skipped the log-in (PREAUTH)")
        }
        let socket = mutabik_stream_socket(connection.handle)
        guard socket >= 0 else { throw endpoint.error(.network, "connect", "no socket") }
        // Four probes 15 s apart, and 30 s for bytes we sent: a dead path shows within 2 minutes.
        mutabik_stream_keepalive(socket, 4, 30_000)
        mechanism = connection.mechanism
        capabilities = transcript.capabilities
        fileDescriptor = socket
        self.connection = connection
        subject = endpoint.subject
        connection.handOver()
    }

    deinit { dropChunk() }

    /// Reads into `buffer`. Call it until `.nothingNow` before waiting: TLS may hold bytes that
    /// `poll` cannot see.
    package func receive(
        into buffer: UnsafeMutableRawBufferPointer
    ) throws(StreamError) -> Received {
        var count = 0
        switch curl_easy_recv(connection.handle, buffer.baseAddress, buffer.count, &count) {
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
            guard let chunk = chunk ?? loadChunk() else { return true }
            var count = 0
            let rest = UnsafeMutableRawBufferPointer(rebasing: chunk[chunkStart...])
            switch curl_easy_send(connection.handle, rest.baseAddress, rest.count, &count) {
            case CURLE_OK: chunkStart += count
            case CURLE_AGAIN: return false
            case let code: throw broken("send", code)
            }
            if chunkStart == chunk.count { dropChunk() }
        }
    }

    private func loadChunk() -> UnsafeMutableRawBufferPointer? {
        let count = min(outbox.count, Self.chunkBytesMax)
        guard count > 0 else { return nil }
        let chunk = UnsafeMutableRawBufferPointer.allocate(byteCount: count, alignment: 1)
        chunk.copyBytes(from: outbox[..<count])
        outbox.removeFirst(count)
        (self.chunk, chunkStart) = (chunk, 0)
        return chunk
    }

    private func dropChunk() {
        chunk?.deallocate()
        chunk = nil
    }

    private func broken(_ operation: String, _ code: CURLcode) -> StreamError {
        StreamError(
            kind: .network, operation: operation, subject: subject, cause: curlText(code),
            serverText: nil)
    }
}

/// `the text (the number)`.
func curlText(_ code: CURLcode) -> String {
    "\(String(cString: curl_easy_strerror(code))) (\(code.rawValue))"
}
