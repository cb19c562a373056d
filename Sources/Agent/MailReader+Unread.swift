// SPDX-License-Identifier: Apache-2.0

internal import Domain
internal import Mail
internal import Rules

// What came along and could not be read.

extension MailReader {
    /// What came along and was not read.
    private struct Unread {
        var reason: Reason
        /// For the explanation: what it is, and what to do.
        var words: String
    }

    /// A person is told of a mail that may carry a notice in a form that is not read here. What is
    /// attached as a mail was passed on by somebody; what lies in `winmail.dat` or is encrypted may
    /// be anything, and counts where a bank wrote it or a person forwarded it.
    func tellOfUnread(_ message: Message, _ findings: inout MailFindings) {
        guard findings.imitates == nil, findings.movements.isEmpty, findings.outcome != .reversal
        else { return }
        let isBanks = findings.rule != nil || message.from.contains(where: rules.isFor)
        let unread =
            unread(in: message, isExpected: isBanks || Self.isForward(message))
            + leftOut(of: message, isExpected: isBanks || !findings.attached.isEmpty)
        guard !unread.isEmpty else { return }
        findings.outcome = .unclear
        findings.kind = nil
        for one in unread where !findings.reasons.contains(one.reason) {
            findings.reasons.append(one.reason)
            findings.explanation += "; \(one.words)"
        }
    }

    private func unread(in message: Message, isExpected: Bool) -> [Unread] {
        let own = message.attachments.compactMap { attachment -> Unread? in
            switch attachment.kind {
            case .closedMail:
                Unread(
                    reason: .attachedNotRead,
                    words: "a mail saved as .msg, or packed, is not read: forward it as .eml")
            case .winmail where isExpected:
                Unread(
                    reason: .attachedNotRead,
                    words: "winmail.dat is not read: forward the mail as .eml")
            case .encrypted where isExpected:
                Unread(
                    reason: .mailEncrypted,
                    words: "it is encrypted: ask the bank for plain mail")
            case .winmail, .encrypted, .text, .html, .pdf, .mail, .other: nil
            }
        }
        // Who attaches a mail passes it on.
        return own + message.inner.flatMap { unread(in: $0, isExpected: true) }
    }

    private func leftOut(of message: Message, isExpected: Bool) -> [Unread] {
        // Nobody can say what lies within others that deep.
        let counts = message.leftOut.contains { mail in
            isExpected || mail.isTooDeep || mail.sender.map(rules.isFor) ?? false
        }
        guard counts else { return [] }
        let isTooDeep = message.leftOut.contains(where: \.isTooDeep)
        return [
            Unread(
                reason: .attachedNotRead,
                words: isTooDeep
                    ? "a mail within too many others is not read: forward it alone"
                    : "some of the attached mails are not read: forward them alone")
        ]
    }

    private static func isForward(_ message: Message) -> Bool {
        ForwardedBlock.subject(ofForward: message.subject) != message.subject || quotes(message)
    }
}
