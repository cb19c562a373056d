// SPDX-License-Identifier: Apache-2.0

/// Why no token could be had. Codes, verifiers and tokens are never part of it.
package struct OAuthError: Error, Hashable, Sendable, CustomStringConvertible {
    /// What may help.
    package enum Retry: Hashable, Sendable {
        /// The network or the provider; the same step may work later.
        case later
        /// The permission is gone or was never given: a person has to sign in.
        case signInAgain
        /// The application's settings are wrong.
        case never
    }

    /// The step: `exchange code`, `refresh`.
    package let operation: String
    /// The provider's own word (RFC 6749 §5.2), or what happened on the way.
    package let cause: String
    package let hint: String
    package let retry: Retry

    package init(operation: String, cause: String, hint: String, retry: Retry) {
        self.operation = operation
        self.cause = cause
        self.hint = hint
        self.retry = retry
    }

    package var description: String { "oauth: \(operation): \(cause). \(hint)" }
}
