// SPDX-License-Identifier: Apache-2.0

/// What a mail server answered: `550 5.1.1 …`.
package struct SMTPReply: Hashable, Sendable {
    /// 200 to 599.
    package let code: Int
    /// The finer code (RFC 3463), `5.1.1`; nil when there is none.
    package let enhanced: String?

    package init(code: Int, enhanced: String? = nil) {
        self.code = code
        self.enhanced = enhanced
    }

    /// The server's sentence may quote the guest's address and is not kept.
    package var text: String { "\(code)" + (enhanced.map { " " + $0 } ?? "") }
}

/// Why a mail was not handed over, or why nobody knows.
package struct SMTPError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The last thing that was begun.
    package enum Step: String, Sendable {
        /// Name, TCP, TLS from the first byte, the server's greeting.
        case connect
        case hello
        case startTLS = "starttls"
        case logIn = "login"
        /// MAIL FROM.
        case sender
        /// RCPT TO.
        case recipient
        /// DATA, up to the last byte but for the final dot.
        case content
        /// The final dot is sent or about to be: the server decides whether it takes the mail.
        case acceptance
    }

    /// Why it was not handed over.
    package enum Cause: Hashable, Sendable {
        /// The server said no, for now (4xx) or for good (5xx). The mail was not taken.
        case reply(SMTPReply)
        /// No connection, or it broke, or no answer came in time.
        case network
        /// The certificate is not to be trusted.
        case certificate
        /// STARTTLS was demanded and is not offered. Never answered by clear text.
        case tlsMissing
        /// No log-in method that both sides know; PLAIN and LOGIN are known here.
        case mechanism
        /// The settings can never work.
        case configuration
    }

    package let step: Step
    package let cause: Cause
    /// `host:port`.
    package let subject: String
    /// The library's words and number.
    package let detail: String

    package init(step: Step, cause: Cause, subject: String, detail: String) {
        self.step = step
        self.cause = cause
        self.subject = subject
        self.detail = detail
    }

    /// Whether the server may have taken the mail although its answer did not arrive (RFC 1047).
    package var isOutcomeUnknown: Bool {
        if case .reply = cause { return false }
        return step == .acceptance
    }

    package var description: String {
        if case .reply(let reply) = cause {
            return "smtp: \(step.rawValue) \(subject): server said \(reply.text)"
        }
        return "smtp: \(step.rawValue) \(subject): \(detail)"
    }
}
