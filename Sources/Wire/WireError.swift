// SPDX-License-Identifier: Apache-2.0

/// An exchange that brought no answer.
package struct WireError: Error, Hashable, CustomStringConvertible {
    /// Whether the other side may have acted. Whoever moves money or seats must ask this first.
    package enum Effect: String, Sendable {
        /// Not a byte of the request left this machine: it may be sent anew.
        case notSent
        /// Sending had begun, so it may have been acted upon: look before repeating.
        case outcomeUnknown
    }

    /// What may help.
    package enum Retry: Hashable, Sendable {
        case later
        /// Something has to be set right here first, such as a certificate.
        case askOperator
        /// The same request will fail again.
        case never
    }

    /// Why, as a bounded set of words for counters.
    package enum Label: String, Sendable {
        case badRequest = "bad_request"
        case nameNotResolved = "name_not_resolved"
        case notConnected = "not_connected"
        case certificateRefused = "certificate_refused"
        case tlsFailed = "tls_failed"
        case timedOut = "timed_out"
        case connectionLost = "connection_lost"
        case replyTooLarge = "reply_too_large"
        case replyMalformed = "reply_malformed"
        case cancelled
        case overloaded
    }

    package let operation: String
    /// The address without its query, which may hold personal data.
    package let subject: String
    package let label: Label
    package let cause: String
    package let hint: String
    package let effect: Effect
    package let retry: Retry

    package var description: String {
        let sent = effect == .notSent ? "nothing was sent" : "the outcome is unknown"
        return "wire: \(operation) \(subject): \(cause); \(sent)"
    }
}
