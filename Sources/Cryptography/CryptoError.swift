// SPDX-License-Identifier: Apache-2.0

/// What the crypto library would not do. No key, plain text or signature is ever part of it.
package struct CryptoError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The call that failed: `open`, `seal`, `read public key`.
    package let operation: String
    package let cause: String
    package let hint: String

    package init(operation: String, cause: String, hint: String) {
        self.operation = operation
        self.cause = cause
        self.hint = hint
    }

    package var description: String { "crypto: \(operation): \(cause). \(hint)" }
}
