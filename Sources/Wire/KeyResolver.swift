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
    private let server: String?
    private let limit: Duration

    /// - Parameters:
    ///   - server: `address:port` to ask instead of the system's servers.
    ///   - limit: the longest that `records(of:)` may block.
    package init(server: String? = nil, limit: Duration = .seconds(5)) {
        self.server = server
        self.limit = limit
    }
}
