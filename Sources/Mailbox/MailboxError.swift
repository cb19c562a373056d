// SPDX-License-Identifier: Apache-2.0

/// What went wrong while reading a saved mailbox or a server's folder.
package struct MailboxError: Error, Sendable, Equatable, CustomStringConvertible {
    /// The step that failed: `open`, `read`, `FETCH`.
    package var operation: String
    /// The file or account it was about. Never a person.
    package var subject: String
    package var cause: String
    /// What the reader can do about it.
    package var hint: String?

    package init(operation: String, subject: String, cause: String, hint: String? = nil) {
        self.operation = operation
        self.subject = subject
        self.cause = cause
        self.hint = hint
    }

    package var description: String {
        "mailbox: \(operation) \(subject): \(cause)" + (hint.map { ". \($0)" } ?? "")
    }
}
