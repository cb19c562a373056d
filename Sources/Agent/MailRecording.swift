// SPDX-License-Identifier: Apache-2.0

internal import Domain
internal import FoundationEssentials
internal import Ledger
internal import Mail
internal import Rules

extension MailFindings {
    /// How long a held mail waits before its key is asked for again, and for how long in all.
    static let retryGap: TimeInterval = 120
    static let heldAtMost: TimeInterval = 86_400

    /// Whether the mail, or one attached to it, waits for a key.
    var isHeld: Bool {
        disposition == .hold || attached.contains { $0.findings.disposition == .hold }
    }

    /// Whether no key of others would make a difference: it is proven, or what is attached is.
    var isProven: Bool {
        attached.isEmpty
            ? trust.trust.allowsAutomaticApproval
            : attached.allSatisfy { $0.findings.outcome == .unread || $0.findings.isProven }
    }

    /// Of the mail and of those attached to it.
    var allDoubtedKeys: [String] { doubtedKeys + attached.flatMap(\.findings.doubtedKeys) }

    /// The mail, and those attached to it, wait for this.
    mutating func wait(for keyWait: KeyWait) {
        self.keyWait = keyWait
        for index in attached.indices { attached[index].findings.keyWait = keyWait }
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
            outcome: outcome, state: state, rule: rule, ruleDigest: ruleDigest, trust: trust,
            identity: identity, reasons: reasons, explanation: explanation, policy: policy.text,
            shape: nearMiss?.shape, notes: noteNames,
            keyWait: disposition == .hold ? keyWait : nil)
    }

    /// The same mail, set aside for a person because the ledger would not take what it says.
    func quarantined(because label: String) -> MailFindings {
        var findings = self
        findings.disposition = .quarantine
        findings.outcome = .unclear
        findings.movements = []
        findings.attached = []
        findings.reasons = [.mailBroken]
        findings.explanation = "the ledger refused what the mail says (\(label))"
        return findings
    }
}

extension MailReading {
    /// A second copy of a mail: recorded, and nothing more.
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

    /// Where the mail lies that this one would be attached to: `INBOX` for `INBOX#2`. A folder may
    /// be called so by itself; whether there is a mail tells.
    var carrier: MailPlace? {
        guard let mark = folder.lastIndex(of: "#"), mark != folder.startIndex,
            Int(folder[folder.index(after: mark)...]) != nil
        else { return nil }
        return MailPlace(
            account: account, folder: String(folder[..<mark]), uidvalidity: uidvalidity,
            epoch: epoch, uid: uid)
    }
}

extension MailFindings {
    /// The form of a mail that its bank's rule does not know any more.
    var drift: DriftRecord? {
        nearMiss.map {
            DriftRecord(
                shape: $0.shape, file: $0.file, rule: $0.rule, missing: $0.missing, sample: sample)
        }
    }
}
