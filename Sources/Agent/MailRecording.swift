// SPDX-License-Identifier: Apache-2.0

internal import Domain
internal import FoundationEssentials
internal import Ledger
internal import Mail

extension MailFindings {
    /// How long a held mail waits before its key is asked for again, and for how long in all.
    static let retryGap: TimeInterval = 120
    static let heldAtMost: TimeInterval = 86_400

    /// Whether the mail, or one attached to it, waits for a key.
    var isHeld: Bool {
        disposition == .hold || attached.contains { $0.findings.disposition == .hold }
    }

    /// Decides with the keys that are there.
    mutating func stopWaiting() {
        if disposition == .hold { disposition = .settle }
        for index in attached.indices { attached[index].findings.stopWaiting() }
    }

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
            reasons: reasons, explanation: explanation, policy: policy.text)
    }

    /// The same mail, set aside for a person because the ledger would not take what it says.
    func quarantined(because label: String) -> MailFindings {
        var findings = self
        findings.disposition = .quarantine
        findings.outcome = .unclear
        findings.notices = []
        findings.attached = []
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

extension MailPlace {
    /// The place of the n-th mail that came attached to the one here: `INBOX#2` with the same UID.
    func attached(_ number: Int) -> MailPlace {
        MailPlace(
            account: account, folder: "\(folder)#\(number)", uidvalidity: uidvalidity,
            epoch: epoch, uid: uid)
    }
}
