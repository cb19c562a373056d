// SPDX-License-Identifier: Apache-2.0

internal import FoundationEssentials
internal import Ledger

/// The last step of a mail: what was found in it becomes payments, questions and effects. Each mail
/// is a step of its own: all of what it changes is written, or nothing.
struct MailSettler: Sendable {
    let world: World
    let reader: MailReader
    let pipeline: PaymentPipeline
    let afterCare: AfterCareDesk

    /// What reading a mail gave.
    enum Finding {
        case says(MailFindings)
        /// Rules understand it, and DNS has to be asked who signed it: it waits as a held mail
        /// does, so that new ones do not wait for the answer.
        case needsKeys(MailFindings, KeyWant)
        /// By its lasting name it is this mail, and was not even fetched.
        case copy(of: MailID)
        /// Other rules make nothing else of it.
        case same(ruleDigest: [UInt8])
    }

    /// What became of a mail.
    struct Settled {
        let mail: MailRecord
        var isChanged = false
        /// Its turn comes again.
        var waits = false
        var isHeld = false
        var reports: [MailReport] = []
        var refusal: LedgerError?
    }

    /// Writes what was found in a mail. What the ledger refuses of it goes to a person.
    func settle(
        _ mail: MailRecord, _ finding: Finding, in books: LedgerTransaction
    ) throws -> Settled {
        let now = world.now()
        var settled = Settled(mail: mail)
        switch finding {
        case .same(let ruleDigest): try books.stamp(mail.id, ruleDigest: ruleDigest)
        case .needsKeys(let findings, let want):
            if mail.reading.isFinal {
                guard try reopen(mail, findings, now: now, in: books) else { break }
            }
            settled.isChanged = true
            settled.waits = true
            var reading = findings.reading(now: now)
            reading.state = .held(until: now)
            reading.keyWait = want.wait
            try books.update(mail.id, to: reading)
        case .copy(let original):
            var reading = try books.mail(original)?.reading ?? mail.reading
            reading.becomeCopy(of: original)
            try books.update(mail.id, to: reading)
        case .says(let findings):
            (settled.reports, settled.refusal) = try pipeline.settleOrSetAside(findings) {
                findings in
                try books.step {
                    if mail.reading.isFinal {
                        guard try reopen(mail, findings, now: now, in: books) else { return [] }
                    }
                    settled.isChanged = true
                    (settled.waits, settled.isHeld) = (findings.isHeld, findings.isHeld)
                    let reports = try pipeline.settle(
                        findings, of: mail.id, at: mail.place, now: now, in: books)
                    try afterCare.note(findings, at: mail.place, now: now, in: books)
                    return reports
                }
            }
        }
        return settled
    }

    /// Takes back what was asked about a mail, now that it says something else. What a person has
    /// decided about, or what was booked, stays as it is.
    private func reopen(
        _ mail: MailRecord, _ findings: MailFindings, now: Date, in books: LedgerTransaction
    ) throws -> Bool {
        guard try books.canBeReadAgain(mail.id) else {
            try books.stamp(mail.id, ruleDigest: findings.ruleDigest ?? reader.ruleDigest)
            return false
        }
        if let open = try books.openReview(of: .mail(mail.id)) {
            try books.closeReview(open.id, decision: "read_again", at: now)
        }
        return true
    }

    /// Reports what was settled, after its commit.
    func tell(_ settled: Settled) {
        let source = settled.mail.place.source
        if let refusal = settled.refusal { world.report(.trouble("\(source): \(refusal)")) }
        if settled.isHeld {
            world.report(.held(source: source, explanation: "its key cannot be had yet"))
        }
        for report in settled.reports {
            world.report(.mail(report))
            if let drift = report.drift { world.report(.drift(drift)) }
        }
    }
}

extension MailReading {
    /// Somebody has read it, and it waits for nothing: only other rules make it worth another look.
    var isFinal: Bool {
        switch state {
        case .stored, .held: false
        case .settled, .quarantined: true
        }
    }
}
