// SPDX-License-Identifier: Apache-2.0

internal import Domain
internal import FoundationEssentials
internal import Ledger
internal import Mail
internal import Rules

/// Reads mails again that no rule understood, once for every rule book that comes in force.
///
/// What a person has decided about meanwhile stays as it is. Which rule book a mail was read with
/// stands in its row and is written in the same commit as what came of it: after a crash nothing is
/// read twice and nothing left out.
struct MailReread: Sendable {
    let world: World
    let reader: MailReader
    let rules: RulesInForce
    let pipeline: PaymentPipeline
    let keys: KeyRing
    let afterCare: AfterCareDesk

    /// Mails that are listed in one go.
    private static let batch = 100

    func run() async {
        while !Task.isCancelled {
            await rules.waitForChange()
            guard !Task.isCancelled else { return }
            do {
                try await readAll()
            } catch {
                world.report(.trouble("mails read again: \(error)"))
                await world.rest(EffectLane.troubleGap)
                rules.ringAgain()
            }
        }
    }

    /// Reads what the rules in force have not been tried on.
    func readAll() async throws {
        let digest = rules.book.digestBytes
        var last: MailID?
        var changed = 0
        while !Task.isCancelled {
            let mails = try world.ledger.read {
                try $0.mailsToReadAgain(
                    currentRuleDigests: [digest], after: last, limit: Self.batch)
            }
            guard !mails.isEmpty else { break }
            for mail in mails {
                // Other rules came in force meanwhile: they are all read with those.
                guard rules.book.digestBytes == digest, !Task.isCancelled else { break }
                if try readAgain(mail) { changed += 1 }
                await Task.yield()
            }
            guard rules.book.digestBytes == digest else { return rules.ringAgain() }
            last = mails.last?.id
        }
        if changed > 0 { world.report(.readAgain(mails: changed)) }
    }

    /// Whether the mail says something else now.
    private func readAgain(_ mail: MailRecord) throws -> Bool {
        if case .held = mail.reading.state { return false }
        let now = world.now()
        guard let raw = try world.ledger.read({ try $0.rawMail(mail.id) }) else {
            try stamp(mail)
            return false
        }
        // Without keys first: what is not understood either way needs no look-up.
        let glance = reader.read(
            raw, receivedAt: mail.receivedAt, isTruncated: false, keys: { _ in .absent })
        guard !glance.saysTheSame(as: mail.reading) else {
            try stamp(mail)
            return false
        }
        let answers = try keys.answers(
            to: reader.keyNames(raw), arrivedAt: mail.receivedAt, ledger: world.ledger, now: now)
        let findings = reader.read(
            raw, receivedAt: mail.receivedAt, isTruncated: false,
            keys: { answers[$0] ?? .absent })
        let reports = try world.ledger.write { books -> [MailReport]? in
            guard try books.canBeReadAgain(mail.id) else {
                try books.stamp(mail.id, ruleDigest: rules.book.digestBytes)
                return nil
            }
            if let open = try books.openReview(of: .mail(mail.id)) {
                try books.closeReview(open.id, decision: "read_again", at: now)
            }
            let reports = try pipeline.resettle(
                findings, mail: mail.id, place: mail.place, now: now, in: books)
            try afterCare.note(findings, at: mail.place, now: now, in: books)
            return reports
        }
        afterCare.ring(for: mail.place.account)
        world.tell(reports ?? [])
        return reports != nil
    }

    private func stamp(_ mail: MailRecord) throws {
        let digest = rules.book.digestBytes
        try world.ledger.write { try $0.stamp(mail.id, ruleDigest: digest) }
    }
}

extension MailFindings {
    /// Nothing came of it that the ledger does not know already. Trust is left out: it was not
    /// looked at.
    fileprivate func saysTheSame(as reading: MailReading) -> Bool {
        outcome == reading.outcome && rule == reading.rule && attached.isEmpty
            && movements.isEmpty && explanation == reading.explanation
    }
}
