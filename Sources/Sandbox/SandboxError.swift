// SPDX-License-Identifier: Apache-2.0

/// Why the stand-in could not be set up or a sample could not be made.
package struct SandboxError: Error, Hashable, Sendable, CustomStringConvertible {
    /// What was tried: `listen`, `record`, `sign`, `options`.
    package let operation: String
    /// What it was tried on, without secrets: an address, a file name.
    package let subject: String
    package let cause: String
    /// What a person can do about it.
    package let hint: String

    package init(operation: String, subject: String, cause: String, hint: String) {
        self.operation = operation
        self.subject = subject
        self.cause = cause
        self.hint = hint
    }

    package var description: String { "sandbox: \(operation): \(subject): \(cause). \(hint)" }
}
