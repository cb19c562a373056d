// SPDX-License-Identifier: Apache-2.0

package import Domain
package import FoundationEssentials
package import Ledger
internal import Mail

/// What became of one mail, or of one of the movements in it. One line of `mutabik replay --json`.
package struct MailReport: Sendable {
    /// Where the mail stands: `season.mbox#12` or `bank/INBOX;UID=79`.
    package var source: String
    package var messageID: String?
    package var receivedAt: Date
    package var outcome: MailOutcome
    package var rule: RuleID?
    package var trust: TrustVerdict
    /// What the sender's domain asks for, as `DMARCFinding.text`.
    package var policy: String?
    /// 1… when the mail tells of several movements.
    package var movement: Int?
    package var notice: PaymentNotice?
    package var verdict: Verdict
    package var effects: [Effect]
    package var explanation: String
    /// What was noticed while reading, by stable names: `hidden_text`, `charset_repaired`.
    package var notes: [String]
    /// The first mail of a form that nearly fits a rule.
    package var drift: DriftRecord?

    init(_ findings: MailFindings, source: String, verdict: Verdict) {
        self.source = source
        messageID = findings.messageID
        receivedAt = findings.receivedAt
        outcome = findings.outcome
        rule = findings.rule
        trust = findings.trust
        policy = findings.policy.text
        movement = nil
        notice = nil
        self.verdict = verdict
        effects = []
        explanation = findings.explanation
        notes = findings.noteNames
    }

    package var json: JSONLine {
        var line = JSONLine()
        line.put("source", source)
        line.put("message_id", messageID)
        line.put("received_at", Timestamp.text(receivedAt))
        line.put("outcome", outcome.rawValue)
        line.put("rule", rule?.text)
        line.put("trust", trust.trust.rawValue)
        line.put("trust_by", trust.by)
        line.put("dmarc", policy)
        if let movement { line.put("movement", movement) }
        line.put("payment", notice.map(payment))
        line.put("verdict", verdict.kind.rawValue)
        let registrations = verdict.allocations.map(\.registration.text)
        if registrations.count > 1 {
            line.put("registrations", registrations)
        } else {
            line.put("registration", registrations.first)
        }
        line.put("reasons", verdict.reasons.map(\.rawValue))
        line.put("effects", effects.map(\.kind.rawValue))
        if !verdict.candidates.isEmpty {
            line.put("candidates", verdict.candidates.map(\.registration.text))
        }
        line.put("explanation", explanation)
        if !notes.isEmpty { line.put("notes", notes) }
        return line
    }

    private func payment(_ notice: PaymentNotice) -> JSONLine {
        var line = JSONLine()
        line.put("amount_minor", notice.amount.minorUnits)
        line.put("currency", notice.amount.currency.code)
        line.put("payer", notice.payer)
        line.put("reference", verdict.reference?.text)
        line.put("description", notice.description)
        line.put("occurred_at", Timestamp.text(notice.occurredAt))
        line.put("time_from", notice.timeFrom.rawValue)
        line.put("transaction_id", notice.transactionID)
        line.put("id_from", notice.idFrom.rawValue)
        return line
    }
}
