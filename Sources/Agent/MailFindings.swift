// SPDX-License-Identifier: Apache-2.0

internal import Cryptography
package import Domain
package import FoundationEssentials
package import Ledger
package import Mail
package import Rules

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
    /// By what it is known again when it came another way, too. Nil when nothing proves it.
    package var copyMarks: CopyMarks?
    package var sizeBytes: Int
    package var receivedAt: Date
    package var messageID: String?
    package var outcome: MailOutcome
    /// What it is instead of a payment, as rules name it: `outgoing`, `returned`.
    package var kind: String?
    package var rule: RuleID?
    package var ruleIsDraft: Bool
    package var trust: TrustVerdict
    /// In the order of the mail; the agent settles each by itself.
    package var movements: [Movement]
    package var reasons: [Reason]
    /// The addresses in To, if the signature that proves the mail covers them.
    package var recipients: [String] = []
    /// One English sentence without personal data.
    package var explanation: String
    /// No rule is for the sender, yet the mail looks like a bank's: a person has to see it.
    package var imitates: RuleID?
    /// What the sender's domain asks others to do with mail that proves nothing. Only shown.
    package var policy: DMARCFinding = .unknown
    /// Notices that came attached to this mail. Each is a mail of its own: with its own proof, its
    /// own identity and its own row in the ledger.
    package var attached: [Attached] = []
    /// What was noticed while reading the mail.
    package var notes: Set<Message.Note> = []
    /// The rules that were used, for the ledger.
    package var ruleDigest: [UInt8]?
    /// The sender is right, and his rule does not know the mail.
    package var nearMiss: NearMiss?
    /// A near miss without anything of the people in it, to be shown; else empty.
    package var sample = ""

    /// The payments among the movements.
    package var notices: [PaymentNotice] { movements.compactMap(\.payment) }

    /// Keys with which a signature does not hold, so that the mail proves nothing. Their domain may
    /// have others by now.
    package var doubtedKeys: [String] = []
    /// What a held mail waits for.
    package var keyWait: KeyWait?

    /// A mail that came attached to another one.
    package struct Attached: Sendable {
        /// Its own untouched bytes.
        package var raw: [UInt8]
        /// What it says; nothing is attached to it in turn.
        package var findings: MailFindings
    }
}

extension MailFindings {
    /// The same for every proven mail that says the same.
    var contentMark: [UInt8]? { copyMarks?.content }

    /// By what the ledger knows the mail again.
    var marks: [[UInt8]] {
        [copyMarks?.content, copyMarks?.letter, copyMarks?.signed].compactMap { $0 }
    }

    /// The notes by their stable names.
    var noteNames: [String] { notes.map(\.rawValue).sorted() }

    /// Says in the explanation what a person should know about the text that rules read.
    mutating func explainNotes() {
        let told: [(Message.Note, String)] = [
            (.pdfEncrypted, "its PDF needs a password"),
            (.pdfWithoutText, "its PDF holds pictures, no text"),
            (.pdfUnreadable, "its PDF could not be read"),
            (.hiddenText, "text that nobody sees was left out"),
            (.perhapsHiddenText, "text that perhaps nobody sees was read"),
            (.invisibleCharacters, "invisible characters were taken out"),
            (.bidirectionalControls, "marks that turn the direction were taken out"),
            (.charsetRepaired, "its charset was put right"),
            (.attachedUnread, "something attached was not read"),
            (.mailsLeftOut, "attached mails were left out"),
            (.malformed, "the mail breaks the standards"),
            (.truncated, "what is over the limits was left out"),
            (.answer, "it answers another mail"),
        ]
        // Of a mail that is no rule's nobody asks why.
        guard outcome != .unread else { return }
        for (note, words) in told where notes.contains(note) { explanation += "; \(words)" }
    }

    /// What speaks against believing the mail: its sender, its rule, and what the reading found.
    /// Comes first wherever a person is asked about it.
    var doubts: [Reason] {
        var doubts: [Reason] =
            switch trust.trust {
            case .verified, .vouched: []
            case .unverified: [.senderUnverified]
            case .forged: [.senderForged]
            }
        for reason in (ruleIsDraft ? [.ruleIsDraft] : []) + reasons
        where !doubts.contains(reason) {
            doubts.append(reason)
        }
        return doubts
    }

    /// The sum that the mail tells, if it tells of one movement.
    var onlyAmount: Money? {
        let amounts = movements.compactMap(\.notice?.amount)
        return movements.count == 1 ? amounts.first : nil
    }

    /// A mail of which nothing is known yet.
    init(of raw: [UInt8], receivedAt: Date?) {
        let sha256 = Digest.sha256(raw)
        self.init(
            disposition: .quarantine, sha256: sha256,
            identity: Digest.sha256(Array("raw:".utf8) + sha256), sizeBytes: raw.count,
            receivedAt: receivedAt ?? Date(timeIntervalSince1970: 0), messageID: nil,
            outcome: .unclear, rule: nil, ruleIsDraft: false, trust: TrustVerdict(.unverified),
            movements: [], reasons: [], explanation: "")
    }

    /// Takes over what the rules made of the mail.
    mutating func take(_ reading: Reading) {
        outcome = reading.outcome
        kind = reading.notAPaymentKind
        rule = reading.rule
        ruleIsDraft = reading.isDraft
        movements = reading.movements
        nearMiss = reading.nearMiss
        sample = ""
        reasons = reading.reasons
        explanation = reading.explanation
        imitates = reading.imitates
    }
}
