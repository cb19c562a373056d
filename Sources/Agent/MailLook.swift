// SPDX-License-Identifier: Apache-2.0

internal import Domain
internal import FoundationEssentials
internal import Ledger
internal import Mail

/// What a mail of the ledger says with the keys that are known, or which keys it waits for.
///
///     known keys ─► proven? ─► settle
///        ▲           │ no: the sender's own name servers, and those of named forwarders
///        │           ▼
///        └───────── ask ─► proven? ─► settle
///        ▲                  │ no: those of others, for what they help
///        └──────────────────┘
///
/// So a mail that can be proven never waits for the name servers of whoever else put his name into
/// it. What the second step may still change, beside a chain of forwarders, is how a mail is called
/// that proves nothing.
struct MailLook: Sendable {
    typealias Finding = MailSettler.Finding

    let world: World
    let reader: MailReader
    let keys: KeyRing

    /// A bank's two signatures, the policies of its domain and of the one above, and a chain of
    /// three named forwarders. Who names more never seen keys of a bank waits longer.
    private static let newNamesMax = 8

    /// - Parameters:
    ///   - asked: what DNS answered in this round; nil when it was not asked.
    ///   - waitsOn: false when the mail has to be settled with what is known.
    func finding(
        in mail: MailRecord, asked: [String: KeyAnswer]? = nil, waitsOn: Bool = true
    ) throws -> Finding {
        if let original = mail.reading.copyOf { return .copy(of: original) }
        let raw: [UInt8]?
        do {
            raw = try world.ledger.read { try $0.rawMail(mail.id) }
        } catch let error as LedgerError where error.retry == .never {
            var nothing = MailFindings(of: [], receivedAt: mail.receivedAt)
            nothing.ruleDigest = reader.ruleDigest
            return .says(nothing.quarantined(because: error.label))
        }
        if mail.reading.isFinal {
            guard let raw else { return .same(ruleDigest: reader.ruleDigest) }
            // Without keys first: what is not understood either way needs no look-up.
            let glance = read(raw, of: mail, keys: { _ in .absent })
            if glance.saysTheSame(as: mail.reading) {
                return .same(ruleDigest: glance.ruleDigest ?? reader.ruleDigest)
            }
        }
        return try finding(in: raw ?? [], of: mail, asked, waitsOn: waitsOn)
    }

    private func read(
        _ raw: [UInt8], of mail: MailRecord, keys: (String) -> KeyAnswer
    ) -> MailFindings {
        reader.read(
            raw, receivedAt: mail.receivedAt, isTruncated: mail.isTruncated, keys: keys)
    }

    private func finding(
        in raw: [UInt8], of mail: MailRecord, _ asked: [String: KeyAnswer]?, waitsOn: Bool
    ) throws -> Finding {
        let now = world.now()
        let names = reader.keyNames(raw)
        var answers = try keys.known(
            names.all, arrivedAt: mail.receivedAt, ledger: world.ledger, now: now
        ).merging(asked ?? [:]) { known, _ in known }
        func read() -> MailFindings {
            let isComplete = names.all.allSatisfy { answers[$0] != nil }
            let unknown = isComplete || !waitsOn ? KeyAnswer.absent : .unavailable
            return self.read(raw, of: mail, keys: { answers[$0] ?? unknown })
        }
        var findings = read()
        guard waitsOn else {
            findings.stopWaiting()
            return .says(findings)
        }
        let doubted = findings.allDoubtedKeys.filter {
            keys.isWorthAsking($0, since: mail.recordedAt)
        }
        let silent = doubted.filter { asked?[$0]?.isUnavailable == true }
        if !silent.isEmpty {
            for name in silent { answers[name] = .unavailable }
            findings = read()
        }
        let open = Open(
            own: names.own.filter { answers[$0] == nil } + doubted.filter { asked?[$0] == nil },
            others: names.others.filter { answers[$0] == nil },
            failed: names.own.filter { answers[$0]?.isUnavailable == true })
        if let want = try want(mail, findings, open) { return .needsKeys(findings, want) }
        guard findings.isHeld else { return .says(findings) }
        if now.timeIntervalSince(mail.recordedAt) > MailFindings.heldAtMost {
            findings.stopWaiting()
        } else {
            findings.wait(for: try wait(open.failed) ?? mail.reading.keyWait ?? Self.distant)
        }
        return .says(findings)
    }

    /// Names of a mail of which it is not known what DNS says.
    private struct Open {
        /// They may prove the mail.
        var own: [String]
        var others: [String]
        /// Those of its own that were asked for in vain.
        var failed: [String]
    }

    private static let distant = KeyWait(rank: .distant, domain: "")

    /// What is still to be asked for; nil when nothing is.
    private func want(
        _ mail: MailRecord, _ findings: MailFindings, _ open: Open
    ) throws -> KeyWant? {
        let all = open.own + open.others
        // Nobody is asked because of a mail that is no rule's anyway.
        let isNobodys =
            findings.outcome == .unread && findings.attached.isEmpty && !findings.isHeld
            && findings.doubtedKeys.isEmpty
        guard !all.isEmpty, !isNobodys else { return nil }
        if let wait = mail.reading.keyWait, wait.rank >= .distant {
            // Its own were asked for before; those that do not exist are not kept.
            return KeyWant(names: all, wait: wait)
        }
        // Whether others hold decides if a vouched mail is the copy of another one.
        let first = findings.trust.trust == .vouched ? all : open.own
        if let wait = try wait(first) {
            return KeyWant(names: wait.rank < .distant ? first : all, wait: wait)
        }
        guard !findings.isProven, !findings.isHeld || open.failed.isEmpty else { return nil }
        let rank: KeyWait.Rank = findings.isHeld ? .distant : .idle
        return KeyWant(names: all, wait: KeyWait(rank: rank, domain: ""))
    }

    /// The turn of a mail that waits for names of its own; nil when it waits for none.
    private func wait(_ names: [String]) throws -> KeyWait? {
        guard let first = names.first else { return nil }
        let domain = KeyRing.organization(of: first)
        if try keys.haveAnswered(names, ledger: world.ledger) {
            return KeyWait(rank: .seen, domain: domain)
        }
        return KeyWait(rank: names.count > Self.newNamesMax ? .distant : .new, domain: domain)
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
