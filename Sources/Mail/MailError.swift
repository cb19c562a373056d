// SPDX-License-Identifier: Apache-2.0

/// Why a mail could not be read. Never holds anything that stands in the mail.
package struct MailError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The reason, bounded for counters.
    package enum Label: String, Sendable, CaseIterable {
        /// A limit of `MailLimits` is passed.
        case tooLarge = "too_large"
        /// There is no header block, or the MIME tree cannot be read.
        case broken
    }

    /// For counters and for what is done next.
    package let label: Label
    /// What was being done.
    package let operation: String
    /// A size or a count, never content.
    package let subject: String
    /// What stood in the way.
    package let cause: String
    /// What a person may do.
    package let hint: String

    /// The four parts of the sentence.
    package init(
        _ label: Label, operation: String = "read mail", subject: String, cause: String,
        hint: String
    ) {
        self.label = label
        self.operation = operation
        self.subject = subject
        self.cause = cause
        self.hint = hint
    }

    /// `mail: operation: subject: cause. hint`.
    package var description: String { "mail: \(operation): \(subject): \(cause). \(hint)" }

    static func tooLarge(_ subject: String, _ cause: String) -> MailError {
        MailError(
            .tooLarge, subject: subject, cause: cause,
            hint: "Look at it in the mailbox; no notice of a bank is like that.")
    }

    static func broken(_ subject: String, _ cause: String) -> MailError {
        MailError(
            .broken, subject: subject, cause: cause,
            hint: "Look at it in the mailbox; it was kept as it is.")
    }
}
