// SPDX-License-Identifier: Apache-2.0

internal import Cryptography
internal import Dispatch
internal import Domain
internal import FoundationEssentials
internal import Ledger
internal import Mail
internal import Mailbox
internal import Synchronization

/// The way of every mail through the agent.
///
///     fetch ────► store ─────────► read ─────────► settle
///     the network a commit for     bytes, keys,    a commit for a lot: payments,
///     loop        all that came    rules           bookings, effects, questions
///
/// Mails are stored as fast as the network brings them, and read behind that. The ledger is the
/// queue between the two: memory does not grow with what waits, and after a crash at any line what
/// was stored and not read is read at the start. The same loop reads mails whose key could not be
/// had before, and those that other rules did not understand: they are in the ledger as well, and
/// all that differs is why it is their turn.
///
/// Each mail is a step of its own: all of what it changes is written, or nothing.
final class MailLane: Sendable {
    private let world: World
    private let reader: MailReader
    private let pipeline: PaymentPipeline
    private let keys: KeyRing
    private let afterCare: AfterCareDesk
    /// Rung when there is something to read: mails were stored, or other rules are in force.
    private let wakeUp: WakeUp
    /// Reading waits for keys and for the disk, and uses all processors: it leaves the few threads
    /// of tasks alone, and fetching comes first.
    private let queue = DispatchQueue(label: "mutabik.mails", qos: .utility)
    /// Lots that were fetched and wait for the ledger.
    private let arrivals = Atomic(0)
    private let isStopping = Atomic(false)

    /// Mails of one lot, and about how many bytes of them are in memory at once. A lot shares the
    /// commits that the disk is waited for.
    private static let lotMax = 64
    private static let lotBytesMax = 8 << 20
    /// For some mails DNS is asked, for up to ten seconds each: mails that come meanwhile wait for
    /// no more than these.
    private static let askingMax = 4

    init(
        world: World, reader: MailReader, pipeline: PaymentPipeline, keys: KeyRing,
        afterCare: AfterCareDesk, wakeUp: WakeUp
    ) {
        self.world = world
        self.reader = reader
        self.pipeline = pipeline
        self.keys = keys
        self.afterCare = afterCare
        self.wakeUp = wakeUp
    }

    // MARK: - Store

    /// Keeps mails as they came, in one commit; returns after it. Then they need not be fetched
    /// again, whatever happens.
    func store(_ mails: [FetchedMail]) throws {
        let now = world.now()
        arrivals.add(1, ordering: .relaxed)
        defer { arrivals.subtract(1, ordering: .relaxed) }
        let digests = mails.map { Digest.sha256($0.raw) }
        try world.ledger.write { books in
            for (mail, sha256) in zip(mails, digests) {
                try books.store(
                    mail.raw, sha256: sha256, isTruncated: mail.isTruncated,
                    sizeBytes: mail.sizeBytes, at: mail.place,
                    receivedAt: mail.internalDate ?? now, now: now)
            }
        }
        wakeUp.ring()
    }

    /// Mails are in the ledger that need not be fetched.
    func ring() { wakeUp.ring() }

    // MARK: - The loop

    /// Reads whatever there is to be read, until the task is cancelled.
    func run() async {
        var tried: [UInt8]?
        await withTaskCancellationHandler {
            while !Task.isCancelled {
                do {
                    tried = try await onQueue { [tried] in try self.readAll(triedWith: tried) }
                    let next = try world.ledger.read { try $0.nextHeldMailAt() }
                    await wakeUp.wait(
                        atMost: next.map { .seconds(max(1, $0.timeIntervalSince(world.now()))) })
                } catch {
                    world.report(.trouble("mails: \(error)"))
                    await world.rest(EffectLane.troubleGap)
                }
            }
        } onCancel: {
            isStopping.store(true, ordering: .relaxed)
        }
    }

    private func onQueue<Value: Sendable>(
        _ body: @escaping @Sendable () throws -> Value
    ) async throws -> Value {
        try await withCheckedThrowingContinuation { continuation in
            queue.async { continuation.resume(with: Result(catching: body)) }
        }
    }

    /// Reads and settles lot after lot until nothing is left.
    ///
    /// - Parameter tried: the digest of the rules with which every mail was tried that others did
    ///   not understand; nil when that is not known.
    /// - Returns: the same as it is now.
    @discardableResult
    func readAll(triedWith tried: [UInt8]? = nil) throws -> [UInt8]? {
        var (new, changed) = (0, 0)
        defer {
            if new > 0 { world.report(.allRead(mails: new)) }
            if changed > 0 { world.report(.readAgain(mails: changed)) }
        }
        while !isStopping.load(ordering: .relaxed) {
            let rules = reader.ruleDigest
            let lot = try world.ledger.read { books in
                try books.mailsToRead(
                    dueAt: world.now(), ruleDigest: tried == rules ? nil : rules,
                    limit: Self.lotMax)
            }
            guard !lot.isEmpty else { return rules }
            for settled in try settle(read(Self.first(of: lot))) {
                if settled.mail.reading.isFinal {
                    changed += settled.isChanged ? 1 : 0
                } else {
                    new += settled.waits ? 0 : 1
                }
            }
        }
        return tried
    }

    /// As many as may be in memory, and waited for, at once; at least one.
    private static func first(of lot: [MailRecord]) -> ArraySlice<MailRecord> {
        let asks = if case .held? = lot.first?.reading.state { true } else { false }
        var bytes = 0
        let fitting = lot.prefix(asks ? askingMax : lotMax).prefix { mail in
            bytes += mail.sizeBytes
            return bytes <= lotBytesMax
        }
        return fitting.isEmpty ? lot.prefix(1) : fitting
    }

    // MARK: - Read

    private enum Finding {
        case says(MailFindings)
        /// Rules understand it, and DNS has to be asked who signed it: it waits as a held mail
        /// does, so that new ones do not wait for the answer.
        case needsKeys(MailFindings)
        /// By its lasting name it is this mail, and was not even fetched.
        case copy(of: MailID)
        /// Other rules make nothing else of it.
        case same(ruleDigest: [UInt8])
    }

    /// What the mails say. Each is read by itself, so several are at once.
    private func read(_ lot: ArraySlice<MailRecord>) throws -> [(MailRecord, Finding)] {
        let mails = Array(lot)
        let results = Mutex([Int: Result<Finding, any Error>]())
        DispatchQueue.concurrentPerform(iterations: mails.count) { index in
            // Who stops does not wait for the keys of a whole lot.
            guard !isStopping.load(ordering: .relaxed) else { return }
            let result = Result { try read(mails[index]) }
            results.withLock { $0[index] = result }
        }
        return try results.withLock { results in
            var read: [(MailRecord, Finding)] = []
            for (index, mail) in mails.enumerated() {
                // In their order: behind one that was left out nothing is settled.
                guard let result = results[index] else { break }
                read.append((mail, try result.get()))
            }
            return read
        }
    }

    private func read(_ mail: MailRecord) throws -> Finding {
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
            let glance = reader.read(
                raw, receivedAt: mail.receivedAt, isTruncated: mail.isTruncated,
                keys: { _ in .absent })
            if glance.saysTheSame(as: mail.reading) {
                return .same(ruleDigest: glance.ruleDigest ?? reader.ruleDigest)
            }
        }
        return try finding(in: raw ?? [], of: mail)
    }

    private func finding(in raw: [UInt8], of mail: MailRecord) throws -> Finding {
        let now = world.now()
        let names = reader.keyNames(raw)
        func findings(_ answers: [String: KeyAnswer], unknown: KeyAnswer) -> MailFindings {
            reader.read(
                raw, receivedAt: mail.receivedAt, isTruncated: mail.isTruncated,
                keys: { answers[$0] ?? unknown })
        }
        guard case .held = mail.reading.state else {
            let known = try keys.known(
                names, arrivedAt: mail.receivedAt, ledger: world.ledger, now: now)
            let isComplete = names.allSatisfy { known[$0] != nil }
            let glance = findings(known, unknown: isComplete ? .absent : .unavailable)
            // Nobody is asked because of a mail that is no rule's anyway.
            let isNobodys =
                glance.outcome == .unread && glance.attached.isEmpty && !glance.isHeld
            return isComplete || isNobodys ? .says(glance) : .needsKeys(glance)
        }
        let answers = try keys.answers(
            to: names, arrivedAt: mail.receivedAt, ledger: world.ledger, now: now)
        var all = findings(answers, unknown: .absent)
        if now.timeIntervalSince(mail.recordedAt) > MailFindings.heldAtMost { all.stopWaiting() }
        return .says(all)
    }

    // MARK: - Settle

    /// What became of a mail.
    private struct Settled {
        let mail: MailRecord
        var isChanged = false
        /// Its turn comes again.
        var waits = false
        var isHeld = false
        var reports: [MailReport] = []
        var refusal: LedgerError?
    }

    /// Writes what was found, in one commit; but mails that were fetched meanwhile do not wait for
    /// it to be whole.
    private func settle(_ read: [(MailRecord, Finding)]) throws -> [Settled] {
        var all: [Settled] = []
        while all.count < read.count {
            let settled = try world.ledger.write { books in
                var settled: [Settled] = []
                for (mail, finding) in read[all.count...] {
                    if !settled.isEmpty, arrivals.load(ordering: .relaxed) > 0 { break }
                    settled.append(try settle(mail, finding, in: books))
                }
                return settled
            }
            settled.forEach(tell)
            for account in Set(settled.map(\.mail.place.account)) { afterCare.ring(for: account) }
            all += settled
        }
        return all
    }

    private func settle(
        _ mail: MailRecord, _ finding: Finding, in books: LedgerTransaction
    ) throws -> Settled {
        let now = world.now()
        var settled = Settled(mail: mail)
        switch finding {
        case .same(let ruleDigest): try books.stamp(mail.id, ruleDigest: ruleDigest)
        case .needsKeys(let findings):
            if mail.reading.isFinal {
                guard try reopen(mail, findings, now: now, in: books) else { break }
            }
            settled.isChanged = true
            settled.waits = true
            var reading = findings.reading(now: now)
            reading.state = .held(until: now)
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

    private func tell(_ settled: Settled) {
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
    fileprivate var isFinal: Bool {
        switch state {
        case .stored, .held: false
        case .settled, .quarantined: true
        }
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

extension FetchedMail {
    fileprivate var place: MailPlace {
        MailPlace(
            account: account, folder: folder, uidvalidity: uidValidity, epoch: epoch, uid: uid,
            lastingName: lastingName)
    }
}

extension MailPlace {
    /// Where a person finds the mail: `bank/INBOX;UID=79` (RFC 5092 writes it so).
    package var source: String { "\(account)/\(folder);UID=\(uid)" }
}
