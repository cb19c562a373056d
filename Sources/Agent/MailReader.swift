// SPDX-License-Identifier: Apache-2.0

internal import Cryptography
internal import Domain
package import FoundationEssentials
package import Mail
package import Rules

/// The first half of a payment's life: from bytes to what they say. A pure function of bytes,
/// rules, keys and the time of arrival, so that it may run for many mails at once.
package struct MailReader: Sendable {
    private let rules: RuleBook
    private let authenticator: Authenticator

    package init(rules: RuleBook, authenticator: Authenticator) {
        self.rules = rules
        self.authenticator = authenticator
    }

    /// The DNS names of the keys that `read` will ask for.
    package func keyNames(_ raw: [UInt8]) -> [String] { authenticator.keyNames(raw) }

    /// What the mail says. Never fails: what cannot be read is said to be so.
    ///
    /// - Parameters:
    ///   - receivedAt: when the mail came, if the mailbox knows; else the mail's own date counts.
    ///   - isTruncated: the bytes are only the beginning of a mail that is too large.
    ///   - keys: answers for `keyNames`.
    package func read(
        _ raw: [UInt8], receivedAt: Date?, isTruncated: Bool, keys: (String) -> KeyAnswer
    ) -> MailFindings {
        var findings = MailFindings(
            disposition: .quarantine, sha256: Digest.sha256(raw), identity: [],
            sizeBytes: raw.count, receivedAt: receivedAt ?? Date(timeIntervalSince1970: 0),
            messageID: nil, outcome: .unclear, rule: nil, ruleIsDraft: false,
            trust: TrustVerdict(.unverified), notices: [], reasons: [], explanation: "")
        findings.identity = Digest.sha256(Array("raw:".utf8) + findings.sha256)
        let message: Message
        do throws(MailError) {
            message = try MessageParser.parse(raw)
        } catch {
            findings.reasons = [.mailBroken]
            findings.explanation = error.description
            return findings
        }
        findings.messageID = message.messageID
        if receivedAt == nil, let date = message.date { findings.receivedAt = date }
        guard !isTruncated else {
            findings.reasons = [.mailTooLarge]
            findings.explanation =
                "the mail is larger than the limit; only its beginning was fetched"
            return findings
        }

        let content = rules.read(message, receivedAt: findings.receivedAt)
        findings.outcome = content.outcome
        findings.rule = content.rule
        findings.ruleIsDraft = content.isDraft
        findings.notices = content.notices
        findings.reasons = content.reasons
        findings.explanation = content.explanation
        findings.imitates = content.imitates

        let authentication = authenticator.authenticate(raw, now: findings.receivedAt, keys: keys)
        findings.identity = authentication.identity
        findings.trust = authentication.trust(
            alignedWith: content.domains, from: message.from,
            fromFieldCount: message.fromFieldCount)
        if content.imitates != nil { findings.trust = TrustVerdict(.forged) }
        let isWorthWaiting = findings.outcome != .unread && findings.outcome != .notAPayment
        findings.disposition =
            authentication.needsKey && isWorthWaiting
                && !findings.trust.trust.allowsAutomaticApproval
            ? .hold : .settle
        return findings
    }
}
