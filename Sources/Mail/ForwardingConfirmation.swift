// SPDX-License-Identifier: Apache-2.0

/// The mail in which Gmail asks the new address whether it wants what a filter will forward to it.
///
///     From: Gmail Team <forwarding-noreply@google.com>
///     Subject: (#123456789) Gmail Forwarding Confirmation - Receive Mail from ayla@gmail.example
///
/// The rest of the subject is in the language of who asks. The code is taken and the link is not:
/// a code that is typed into the wrong settings does nothing.
///
/// Source: support.google.com/mail/answer/10957, "Automatically forward Gmail messages".
package struct ForwardingConfirmation: Hashable, Sendable {
    /// Whose signature such a mail must carry.
    package static let domain = "google.com"
    private static let address = "forwarding-noreply@google.com"

    /// The digits to type in, 6–12 of them.
    package let code: String

    /// Nil when the mail is none. Who sent it is for the caller to check.
    package init?(_ message: Message) {
        guard message.from.count == 1, message.from[0].address.asciiLowercased() == Self.address,
            let mark = message.subject.firstRange(of: "(#")
        else { return nil }
        let rest = message.subject[mark.upperBound...]
        let digits = rest.prefix { $0.isASCII && $0.isNumber }
        guard (6...12).contains(digits.count), rest.dropFirst(digits.count).first == ")"
        else { return nil }
        code = String(digits)
    }
}
