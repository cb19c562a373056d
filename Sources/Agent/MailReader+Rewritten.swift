// SPDX-License-Identifier: Apache-2.0

internal import Domain
internal import Mail
internal import Rules

/// Groups and privacy forwarders write themselves into From where the bank's domain asks for strict
/// DMARC, and say in fields of their own whose mail it was.
extension MailReader {
    /// Reads such a mail as the bank's. The signed From is gone with it and anybody can write those
    /// fields, so it ends with a person, but with the right registration proposed.
    func readRewritten(
        _ message: Message, _ findings: inout MailFindings, _ opener: PDFOpener
    ) {
        guard let original = original(of: message, opener) else { return }
        let reading = rules.read(original, receivedAt: findings.receivedAt)
        guard reading.outcome != .unread else { return }
        findings.take(reading)
        findings.imitates = nil
        findings.nearMiss = nil
        findings.disposition = .settle
        findings.trust = TrustVerdict(.unverified, by: Self.rewritten)
        findings.explanation = "\(Self.rewritten): \(reading.explanation)"
        findings.explainNotes()
    }

    private static let rewritten = "From rewritten on the way"

    /// The mail as the one of whom it says that it was, when a rule is for that one and none for
    /// who sent it.
    func original(of message: Message, _ opener: PDFOpener) -> Message? {
        guard message.from.count == 1, message.fromFieldCount == 1, let sender = message.from.first,
            !rules.isFor(sender), let original = message.asOriginal,
            original.from.allSatisfy(rules.isFor)
        else { return nil }
        return opened(original, opener)
    }
}
