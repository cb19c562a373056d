// SPDX-License-Identifier: Apache-2.0

internal import Domain
internal import FoundationEssentials
internal import Ledger
internal import Mail

/// Reads mails again that were put aside because their key could not be had: DNS was down, not the
/// bank. After a day without an answer they go to a person as unverified.
struct HeldMail: Sendable {
    let world: World
    let reader: MailReader
    let pipeline: PaymentPipeline
    let keys: KeyRing
    let wakeUp: WakeUp
    let afterCare: AfterCareDesk

    /// Held mails that are read in one go; the rest come right after.
    private static let batch = 100

    func run() async {
        while !Task.isCancelled {
            do {
                let due = try world.ledger.read {
                    try $0.heldMails(dueAt: world.now(), limit: Self.batch)
                }
                for mail in due { try readAgain(mail) }
                guard due.isEmpty else { continue }
                let next = try world.ledger.read { try $0.nextHeldMailAt() }
                await wakeUp.wait(
                    atMost: next.map { .seconds(max(1, $0.timeIntervalSince(world.now()))) })
            } catch {
                world.report(.trouble("held mail: \(error)"))
                await world.rest(EffectLane.troubleGap)
            }
        }
    }

    private func readAgain(_ mail: MailRecord) throws {
        let now = world.now()
        guard let raw = try world.ledger.read({ try $0.rawMail(mail.id) }) else { return }
        let answers = try keys.answers(
            to: reader.keyNames(raw), arrivedAt: mail.receivedAt, ledger: world.ledger, now: now)
        var findings = reader.read(
            raw, receivedAt: mail.receivedAt, isTruncated: false,
            keys: { answers[$0] ?? .absent })
        if now.timeIntervalSince(mail.recordedAt) > MailFindings.heldAtMost {
            findings.stopWaiting()
        }
        let source = mail.place.source
        let reports = try world.ledger.write { books in
            let reports = try pipeline.resettle(
                findings, mail: mail.id, place: mail.place, now: now, in: books)
            try afterCare.note(findings, at: mail.place, now: now, in: books)
            return reports
        }
        afterCare.ring(for: mail.place.account)
        if findings.isHeld {
            world.report(.held(source: source, explanation: "its key cannot be had yet"))
        }
        world.tell(reports)
    }
}
