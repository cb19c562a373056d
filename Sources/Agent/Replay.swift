// SPDX-License-Identifier: Apache-2.0

internal import Domain
package import FoundationEssentials
package import Ledger
package import Mail
package import Mailbox

/// Runs saved mails through the agent's own pipeline, with a temporary ledger and nothing behind it
/// that could send.
///
/// Mails are read several at once, which is where the time goes, and settled one after the other in
/// their order, which is what the outcome depends on.
package actor Replay {
    private let reader: MailReader
    private let pipeline: PaymentPipeline
    private let ledger: LedgerDatabase
    private let keys: @Sendable (String) -> KeyAnswer
    private let now: Date
    private var settled: UInt32 = 0

    /// - Parameters:
    ///   - now: stands in the temporary ledger only; what is decided depends on the mails' own
    ///     dates.
    ///   - keys: answers at once or after a look-up; called from several threads.
    package init(
        reader: MailReader, pipeline: PaymentPipeline, ledger: LedgerDatabase, now: Date,
        keys: @escaping @Sendable (String) -> KeyAnswer
    ) {
        self.reader = reader
        self.pipeline = pipeline
        self.ledger = ledger
        self.now = now
        self.keys = keys
    }

    /// A saved mail and what it says.
    package struct ReadMail: Sendable {
        /// Where it stood.
        package let label: String
        fileprivate let raw: [UInt8]
        fileprivate let findings: MailFindings

        fileprivate var isProven: Bool { findings.trust.trust == .verified }
    }

    /// What is found in the mails, in their order. Nothing is decided yet: several lots may be read
    /// at once.
    package nonisolated func read(_ mails: [SavedMail]) -> [ReadMail] {
        mails.flatMap { mail in
            let whole = read(mail)
            if mail.asCut.isEmpty || whole.isProven { return [whole] }
            let pieces = mail.asCut.map(read)
            return pieces.contains(where: \.isProven) ? pieces : [whole]
        }
    }

    /// Of the ways in which the mail may have stood in its file, the one that its signature holds
    /// for.
    private nonisolated func read(_ mail: SavedMail) -> ReadMail {
        func read(_ raw: [UInt8]) -> ReadMail {
            let findings = reader.read(
                raw, receivedAt: nil, isTruncated: mail.isTruncated, keys: keys)
            return ReadMail(label: mail.label, raw: raw, findings: findings)
        }
        let unquoted = read(mail.raw)
        guard unquoted.findings.trust.trust == .forged, let asWritten = mail.asWritten
        else { return unquoted }
        for other in [asWritten] + mail.mixedReadings {
            let other = read(other)
            if other.isProven { return other }
        }
        return unquoted
    }

    /// Decides on the mails, one after the other; reports come in their order.
    ///
    /// They share one transaction: nothing has to outlive a replay mail by mail. When the ledger
    /// refuses one of them, all are undone and done again, each a step that can be undone by
    /// itself: what comes of it is the same, and only a lot with a refusal pays for the steps.
    package func settle(_ mails: [ReadMail]) throws -> [MailReport] {
        let first = settled + 1
        settled += UInt32(mails.count)
        do {
            return try settle(mails, from: first, inSteps: false)
        } catch is Refusal {
            return try settle(mails, from: first, inSteps: true)
        }
    }

    /// The ledger will not take one of the mails.
    private struct Refusal: Error {}

    private func settle(
        _ mails: [ReadMail], from first: UInt32, inSteps: Bool
    ) throws -> [MailReport] {
        try ledger.write { books in
            var reports: [MailReport] = []
            for (index, mail) in mails.enumerated() {
                // A replay has no UIDs: the number of the mail in the whole replay stands for it.
                let place = MailPlace(
                    account: "replay", folder: "saved", uidvalidity: 1,
                    uid: first + UInt32(index))
                // Nobody waits in a replay for a key that could not be had.
                var findings = mail.findings
                findings.stopWaiting()
                let settled = try pipeline.settleOrSetAside(findings) { findings in
                    func settle() throws -> [MailReport] {
                        try pipeline.settle(findings, at: place, raw: mail.raw, now: now, in: books)
                    }
                    if inSteps { return try books.step(settle) }
                    do {
                        return try settle()
                    } catch let error as LedgerError where error.retry == .never {
                        throw Refusal()
                    }
                }
                for var report in settled.reports {
                    report.source = mail.label
                    reports.append(report)
                }
            }
            return reports
        }
    }
}
