// SPDX-License-Identifier: Apache-2.0

import Synchronization

/// Exchanges with HTTP servers over kept connections.
///
/// One background thread owns every connection; it sleeps until a request, a reply or a deadline of
/// a running request wakes it, and never while nothing is running. TLS 1.2 at least, certificates
/// verified, HTTP/1.1, no redirects, no cookies, no proxy from the environment.
///
/// A request is written **at most once**. libcurl by itself sends a request again when a kept
/// connection dies under it; here the second writing is refused and reported as
/// `.outcomeUnknown`, because the first may have been acted upon.
package final class HTTPClient: Sendable {
    /// What one client keeps to, whatever is asked of it.
    package struct Settings: Sendable {
        /// A PEM file that replaces the system's certificate authorities; nil keeps the system's.
        package var authorityFile: String?
        /// Whether `http://` may leave this machine. Loopback addresses are always allowed.
        package var allowsPlainHTTP = false
        /// A reply body beyond this is refused. The largest page we ask for, 100 guests with their
        /// answers, is about 200 KB.
        package var bodyBytesMax = 1 << 20

        package init() {}
    }

    private let loop: HTTPLoop

    /// - Throws: `WireError` when libcurl cannot be set up or the thread cannot be started.
    package init(settings: Settings = Settings()) throws(WireError) {
        loop = try HTTPLoop(settings: settings)
    }

    deinit { loop.stop() }

    /// The answer to a request, whatever its status.
    ///
    /// Cancelling the task closes the connection of this request and throws `.cancelled`.
    ///
    /// - Parameter timeout: for the whole exchange, name look-up and waiting for a free connection
    ///   included.
    /// - Throws: `WireError`; its `effect` says whether the request may have been acted upon.
    package func send(
        _ request: HTTPRequest, timeout: Duration
    ) async throws(WireError) -> HTTPResponse {
        let call = HTTPCall(request: request, timeout: timeout)
        let result = await withTaskCancellationHandler {
            await withCheckedContinuation { loop.submit(call, reply: $0) }
        } onCancel: {
            loop.cancel(call)
        }
        return try result.get()
    }
}

/// One request on its way to the loop. Its state is what submitting and cancelling race for.
final class HTTPCall: Sendable {
    enum State { case new, submitted, cancelled }

    let request: HTTPRequest
    let timeout: Duration
    let state = Mutex(State.new)

    init(request: HTTPRequest, timeout: Duration) {
        self.request = request
        self.timeout = timeout
    }
}
