// SPDX-License-Identifier: Apache-2.0

import Wire

/// What a failed hand-over means for the effect: by step first, then by digit.
///
/// Source: RFC 5321 §4.2.1 and §4.3.2, RFC 4954 §6, RFC 3463.
enum SMTPMeaning {
    /// A server that is busy wants to be left alone for a while.
    private static let quietTime: Duration = .seconds(60)
    /// A full mailbox may be emptied; after so many tries nobody does.
    private static let triesOfFullMailbox = 5

    /// - Parameter attempt: 1 for the first.
    /// - Returns: nil when the mail may have been taken.
    static func outcome(of error: SMTPError, attempt: Int) -> EffectOutcome? {
        let step = error.step.rawValue
        switch error.cause {
        case .reply(let reply): return meaning(of: reply, at: error.step, attempt)
        case .network:
            return error.isOutcomeUnknown ? nil : .retry(after: nil, label: "smtp_lost_\(step)")
        case .certificate:
            return .askOperator(
                label: "smtp_certificate",
                hint: "The mail server's certificate is not trusted: check the clock, "
                    + "`email.host` and `email.ca_file`.")
        case .tlsMissing:
            return .askOperator(
                label: "smtp_tls_missing",
                hint: "The mail server offers no TLS. Nothing is sent in clear text: set "
                    + "`email.security` to tls, or ask whoever runs the server.")
        case .mechanism:
            return .askOperator(
                label: "smtp_mechanism",
                hint: "The mail server knows neither AUTH PLAIN nor AUTH LOGIN; use another port.")
        case .configuration:
            return .askOperator(
                label: "smtp_configuration", hint: "Check `email.host` and `email.security`.")
        }
    }

    private static func meaning(
        of reply: SMTPReply, at step: SMTPError.Step, _ attempt: Int
    ) -> EffectOutcome {
        let label = "smtp_\(step.rawValue)_\(reply.code)"
        guard reply.code >= 500 else {
            let isServerBusy = reply.code == 421 || step == .connect || step < .sender
            return .retry(after: isServerBusy ? quietTime : nil, label: label)
        }
        let said = "The mail server said \(reply.text). "
        switch step {
        case .connect, .hello, .startTLS:
            return .askOperator(
                label: label, hint: said + "It does not want mail from this machine.")
        case .logIn:
            return .askOperator(
                label: label,
                hint: said + "Check `email.user` and `email.password`; it is tried again after "
                    + "half an hour, or at a restart.")
        case .sender:
            let needsLogIn = reply.code == 530
            return .askOperator(
                label: label,
                hint: said
                    + (needsLogIn
                        ? "It wants a log-in: set `email.user` and `email.password`."
                        : "It takes no mail from `email.from`; verify that address there."))
        case .recipient, .content, .acceptance:
            if reply.enhanced == "5.2.2", attempt < triesOfFullMailbox {
                return .retry(after: nil, label: label)
            }
            return .refused(label: label, hint: said + advice(reply, step))
        }
    }

    private static func advice(_ reply: SMTPReply, _ step: SMTPError.Step) -> String {
        if reply.enhanced == "5.2.2" { return "The guest's mailbox is full." }
        if reply.enhanced?.hasPrefix("5.7.") == true || reply.code == 554 {
            return "It refuses the mail by its rules; when all are refused, verify `email.from`."
        }
        return step == .recipient
            ? "The address takes no mail; ask the guest for another one."
            : "It refuses what the mail holds; send it by hand."
    }
}

extension SMTPError.Step {
    /// In the order of a hand-over.
    fileprivate static func < (one: SMTPError.Step, other: SMTPError.Step) -> Bool {
        one.number < other.number
    }

    private var number: Int {
        switch self {
        case .connect: 0
        case .hello: 1
        case .startTLS: 2
        case .logIn: 3
        case .sender: 4
        case .recipient: 5
        case .content: 6
        case .acceptance: 7
        }
    }
}
