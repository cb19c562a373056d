// SPDX-License-Identifier: Apache-2.0

package import Domain
package import FoundationEssentials
internal import Ledger

/// All that one mail says, before anything is decided: what the bytes, the rules and the keys give.
package struct MailFindings: Sendable {
    /// What the ledger does with the mail.
    package enum Disposition: Hashable, Sendable {
        case settle
        /// The key that would prove it could not be had: keep the mail, read it again later.
        case hold
        /// It cannot be read at all: keep it, show it to a person, go on with the next.
        case quarantine
    }

    package var disposition: Disposition
    /// Of the raw bytes as they were fetched.
    package var sha256: [UInt8]
    /// The same for every copy of the mail, and for nothing that a stranger can write.
    package var identity: [UInt8]
    package var sizeBytes: Int
    package var receivedAt: Date
    package var messageID: String?
    package var outcome: MailOutcome
    package var rule: RuleID?
    package var ruleIsDraft: Bool
    package var trust: TrustVerdict
    package var notices: [PaymentNotice]
    package var reasons: [Reason]
    /// One English sentence without personal data.
    package var explanation: String
    /// No rule is for the sender, yet the mail looks like a bank's: a person has to see it.
    package var imitates: RuleID?
}

extension MailFindings {
    /// How long a held mail waits before its key is asked for again, and for how long in all.
    static let retryGap: TimeInterval = 120
    static let heldAtMost: TimeInterval = 86_400

    /// The row of the mail.
    func reading(now: Date) -> MailReading {
        let state: MailState =
            switch disposition {
            case .settle: .settled
            case .hold: .held(until: now + Self.retryGap)
            case .quarantine: .quarantined
            }
        return MailReading(
            outcome: outcome, state: state, rule: rule, trust: trust, identity: identity,
            reasons: reasons, explanation: explanation)
    }

    /// The same mail, set aside for a person because the ledger would not take what it says.
    func quarantined(because label: String) -> MailFindings {
        var findings = self
        findings.disposition = .quarantine
        findings.outcome = .unclear
        findings.notices = []
        findings.reasons = [.mailBroken]
        findings.explanation = "the ledger refused what the mail says (\(label))"
        return findings
    }
}

extension MailReading {
    /// A second copy of a mail that is settled: recorded, and nothing more.
    mutating func becomeCopy(of original: MailID) {
        state = .settled
        reasons = [.seenBefore]
        copyOf = original
    }
}
