// SPDX-License-Identifier: Apache-2.0

/// Why a byte stream could not be opened or broke.
package struct StreamError: Error, Sendable, Equatable, CustomStringConvertible {
    /// What the failure means for the next attempt.
    package enum Kind: String, Sendable {
        /// The network or the server is away: try again with growing gaps.
        case network
        /// The server is busy or says "not now": try again after minutes.
        case temporary
        /// The certificate is not to be trusted. Never answered by trusting it all the same.
        case certificate
        /// STARTTLS was demanded and is not offered. Never answered by clear text.
        case tlsMissing
        /// User, password or token refused: repeating it locks accounts.
        case credentials
        /// No log-in method that both sides know.
        case mechanism
        /// The server broke the protocol.
        case violation
        /// The settings can never work.
        case configuration
    }

    package var kind: Kind
    /// The step: `connect`, `log in`, `send`, `receive`.
    package var operation: String
    /// `host:port`.
    package var subject: String
    /// The library's words and number.
    package var cause: String
    /// The server's last words, in printable ASCII, without the user's name, at most 200 bytes.
    package var serverText: String?

    package init(
        kind: Kind, operation: String, subject: String, cause: String, serverText: String?
    ) {
        self.kind = kind
        self.operation = operation
        self.subject = subject
        self.cause = cause
        self.serverText = serverText
    }

    package var description: String {
        "stream: \(operation) \(subject): \(cause)"
            + (serverText.map { ": server said \($0)" } ?? "")
    }
}
