// SPDX-License-Identifier: Apache-2.0

package import Domain
package import FoundationEssentials
import Synchronization
package import Wire

/// Sends mails to guests through a mail server that takes them for us, one recipient each.
///
/// SMTP has no way to ask what became of a mail. When the answer to the final dot is lost, the mail
/// is sent once more, a quarter of an hour later, under the same Message-ID: a second copy of a
/// ticket does no harm and is recognised by many mailboxes, a missing one does (RFC 1047). When
/// that answer is lost too, a person decides.
package struct EmailConnector: EffectConnector {
    /// What the organizer sets, and what tests shorten.
    package struct Settings: Sendable {
        package var server: SMTPServer
        package var from: MailAddress
        package var fromName: String?
        package var extraHeaders: [Header] = []
        package var pace = Pace(minGap: .zero, perMinute: 60)
        /// From a lost answer to the repetition: a server that checks mails for long is done then.
        package var repeatAfter: Duration = .seconds(900)
        /// After a refused log-in nothing is tried for so long: servers lock out who insists.
        package var lockOutPause: Duration = .seconds(1_800)

        package init(server: SMTPServer, from: MailAddress, fromName: String? = nil) {
            self.server = server
            self.from = from
            self.fromName = fromName
        }
    }

    package let lane = "smtp"
    package let kinds = Effect.Kind.messages(by: .email)
    package let repetition = Repetition.onceMoreRecognisable
    package var pace: Pace { settings.pace }

    private let settings: Settings
    private let client: SMTPClient
    private let lockOut = LockOut()

    package init(settings: Settings) {
        self.settings = settings
        client = SMTPClient(server: settings.server)
    }

    /// The local part of the Message-ID, and what became of an earlier attempt.
    package func attemptHandle(for task: EffectTask) -> String? { EmailHandle(task: task).text }

    /// `task.handle` is what `attemptHandle` gave for this attempt, `task.startedAt` when it began.
    package func perform(_ task: EffectTask) async -> EffectOutcome {
        guard case .email(let target) = task.target, let startedAt = task.startedAt,
            let handle = task.handle.flatMap({ EmailHandle($0) })
        else { return Self.wrongTask }
        guard let address = MailAddress(target.address) else {
            return .refused(
                label: "smtp_address_unusable",
                hint: "The guest's e-mail address is none; ask for another one.")
        }
        if let refusal = lockOut.standing { return refusal }
        let mail = compose(target, to: address, handle, startedAt)
        do {
            let receipt = try await client.send(mail.bytes, from: settings.from, to: address)
            return .done(handle: receipt.isEmpty ? nil : receipt)
        } catch {
            guard let outcome = SMTPMeaning.outcome(of: error, attempt: task.attempt) else {
                return lost(handle, startedAt, after: settings.repeatAfter)
            }
            switch outcome {
            case .askOperator where error.step == .logIn:
                lockOut.begin(outcome, for: settings.lockOutPause)
            case .refused(let label, let hint) where handle.isRepetition:
                // Only this copy was refused; the first may have arrived.
                return .givenUp(label: label, hint: hint)
            default: break
            }
            return outcome
        }
    }

    /// Nothing can be looked up: the wait alone tells that it may be sent once more.
    package func reconcile(_ task: EffectTask, now: Date) async -> EffectOutcome {
        guard let startedAt = task.startedAt else { return Self.wrongTask }
        let handle = task.handle.flatMap { EmailHandle($0) } ?? EmailHandle(task: task)
        guard !handle.isRepetition else {
            return .givenUp(
                label: "smtp_lost_twice",
                hint: "The mail was handed over twice and the server's answer was lost both "
                    + "times; ask the guest whether it arrived.")
        }
        // A clock that was set back must not turn the wait into years.
        let age = max(Duration.zero, .seconds(now.timeIntervalSince(startedAt)))
        let left = settings.repeatAfter - age
        guard handle.lostAt != nil, left <= .zero else {
            // That it may be out is written down before it is repeated.
            return lost(handle, startedAt, after: max(left, .seconds(1)))
        }
        return .notThere
    }

    package func mayBeOut(_ handle: String?) -> Bool {
        handle.flatMap { EmailHandle($0) }?.lostAt != nil
    }

    // MARK: - Parts

    private func lost(
        _ handle: EmailHandle, _ startedAt: Date, after wait: Duration
    ) -> EffectOutcome {
        let second = Int64(startedAt.timeIntervalSince1970)
        let kept = handle.lostAt == nil ? handle.lost(at: second) : handle
        return .unknown(lookAgainAfter: wait, handle: kept.text, label: "smtp_answer_lost")
    }

    private func compose(
        _ target: EmailTarget, to address: MailAddress, _ handle: EmailHandle, _ startedAt: Date
    ) -> ComposedMail {
        ComposedMail(
            from: settings.from, fromName: settings.fromName, to: address, toName: target.name,
            subject: target.subject, text: target.text, html: target.html, id: handle.id,
            date: handle.lostAt.map { Date(timeIntervalSince1970: Double($0)) } ?? startedAt,
            extraHeaders: settings.extraHeaders.map { ($0.name, $0.value(attempt: handle.id)) })
    }

    private static let wrongTask = EffectOutcome.refused(
        label: "smtp_wrong_target", hint: "The effect does not name a mailbox.")
}

extension EmailConnector.Settings {
    /// A header of the organizer's, as relays want them: `X-Mailgun-Track: no`. `{attempt}` in it
    /// becomes the name of the attempt, for relays that drop what they have seen.
    package struct Header: Hashable, Sendable {
        package let name: String
        private let template: String

        /// Written by the composer alone.
        private static let own: Set<String> = [
            "from", "to", "cc", "bcc", "subject", "date", "message-id", "auto-submitted", "sender",
            "mime-version", "return-path", "received", "reply-to",
        ]
        /// With its name in one line (RFC 5322 §2.1.1 allows 998).
        private static let bytesMax = 900

        /// Nil when it is not `Name: value` in printable ASCII, or a header of our own.
        package init?(_ line: String) {
            let parts = line.split(separator: ":", maxSplits: 1)
            guard parts.count == 2, line.utf8.count <= Self.bytesMax,
                parts[0].utf8.allSatisfy({ (0x21...0x7E).contains($0) }),
                line.utf8.allSatisfy({ (0x20...0x7E).contains($0) })
            else { return nil }
            let name = String(parts[0])
            guard !Self.own.contains(name.lowercased()),
                !name.lowercased().hasPrefix("content-")
            else { return nil }
            self.name = name
            template = String(parts[1].drop { $0 == " " })
        }

        func value(attempt: String) -> String {
            template.split(separator: "{attempt}", omittingEmptySubsequences: false)
                .joined(separator: attempt)
        }
    }
}

/// Remembers that the log-in was refused. A restart forgets it: then it is tried at once.
private final class LockOut: Sendable {
    private let state = Mutex<(outcome: EffectOutcome, until: ContinuousClock.Instant)?>(nil)

    /// What every attempt comes to for now; nil when it may be tried.
    var standing: EffectOutcome? {
        state.withLock { $0.flatMap { $0.until > .now ? $0.outcome : nil } }
    }

    func begin(_ outcome: EffectOutcome, for pause: Duration) {
        state.withLock { $0 = (outcome, .now + pause) }
    }
}
