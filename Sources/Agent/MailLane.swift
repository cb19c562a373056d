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
///     the network a commit for     bytes, rules    a commit for a lot: payments,
///     loop        all that came      │     ▲       bookings, effects, questions
///                                    ▼     │
///                                    ask: keys
///
/// Mails are stored as fast as the network brings them, and read behind that. The ledger is the
/// queue between the two: memory does not grow with what waits, and after a crash at any line what
/// was stored and not read is read at the start. The same loop reads those that other rules did not
/// understand: they are in the ledger as well, and all that differs is why it is their turn.
///
/// A mail whose key is not known is held, in the ledger too. A loop of its own asks for keys, and
/// settles what it asked for; reading never waits for it.
///
/// Each mail is a step of its own: all of what it changes is written, or nothing.
final class MailLane: Sendable {
    private typealias Finding = MailSettler.Finding
    private typealias Settled = MailSettler.Settled

    private let world: World
    private let reader: MailReader
    private let settler: MailSettler
    private let keys: KeyRing
    private let afterCare: AfterCareDesk
    /// Rung when there is something to read: mails were stored, or other rules are in force.
    private let wakeUp: WakeUp
    /// Rung when a mail waits for its key.
    private let keyWanted = WakeUp()
    /// Reading waits for the disk, asking for DNS: both leave the few threads of tasks alone, and
    /// fetching comes first.
    private let readQueue = DispatchQueue(label: "mutabik.mails", qos: .utility)
    private let askQueue = DispatchQueue(label: "mutabik.keys", qos: .utility)
    /// Lots that were fetched and wait for the ledger.
    private let arrivals = Atomic(0)
    private let isStopping = Atomic(false)

    /// Mails of one lot, and about how many bytes of them are in memory at once. A lot shares the
    /// commits that the disk is waited for.
    private static let lotMax = 64
    private static let lotBytesMax = 8 << 20

    init(
        world: World, reader: MailReader, pipeline: PaymentPipeline, keys: KeyRing,
        afterCare: AfterCareDesk, wakeUp: WakeUp
    ) {
        self.world = world
        self.reader = reader
        self.keys = keys
        self.afterCare = afterCare
        settler = MailSettler(
            world: world, reader: reader, pipeline: pipeline, afterCare: afterCare)
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

    /// Reads and asks whatever there is, until the task is cancelled.
    func run() async {
        await withTaskCancellationHandler {
            await withTaskGroup { group in
                group.addTask { await self.keepReading() }
                group.addTask { await self.keepAsking() }
            }
        } onCancel: {
            isStopping.store(true, ordering: .relaxed)
        }
    }

    private func keepReading() async {
        var tried: [UInt8]?
        while !Task.isCancelled {
            do {
                tried = try await on(readQueue) { [tried] in try self.readAll(triedWith: tried) }
                await wakeUp.wait(atMost: nil)
            } catch {
                await rest(after: error)
            }
        }
    }

    private func keepAsking() async {
        while !Task.isCancelled {
            do {
                try await on(askQueue) { try self.askAll() }
                let next = try world.ledger.read { try $0.nextHeldMailAt() }
                await keyWanted.wait(
                    atMost: next.map { .seconds(max(1, $0.timeIntervalSince(world.now()))) })
            } catch {
                await rest(after: error)
            }
        }
    }

    private func rest(after error: any Error) async {
        world.report(.trouble("mails: \(error)"))
        await world.rest(EffectLane.troubleGap)
    }

    private func on<Value: Sendable>(
        _ queue: DispatchQueue, _ body: @escaping @Sendable () throws -> Value
    ) async throws -> Value {
        try await withCheckedThrowingContinuation { continuation in
            queue.async { continuation.resume(with: Result(catching: body)) }
        }
    }

    /// Reads and settles lot after lot until nothing is left, with the keys that are known.
    ///
    /// - Parameter tried: the digest of the rules with which every mail was tried that others did
    ///   not understand; nil when that is not known.
    /// - Returns: the same as it is now.
    @discardableResult
    func readAll(triedWith tried: [UInt8]? = nil) throws -> [UInt8]? {
        var tally = Tally()
        defer { report(tally) }
        while !isStopping.load(ordering: .relaxed) {
            let rules = reader.ruleDigest
            let lot = try world.ledger.read { books in
                try books.mailsToRead(
                    ruleDigest: tried == rules ? nil : rules, limit: Self.lotMax)
            }
            guard !lot.isEmpty else { return rules }
            tally.add(try settle(read(Self.first(of: lot))))
        }
        return tried
    }

    /// Asks for the keys of the mails that wait for one and are due, round after round, and settles
    /// those that were asked for.
    func askAll() throws {
        var tally = Tally()
        defer { report(tally) }
        while !isStopping.load(ordering: .relaxed) {
            let now = world.now()
            let due = try world.ledger.read {
                try $0.heldMails(dueAt: now, limit: Self.lotMax)
            }
            guard !due.isEmpty else { return }
            let round = KeyRound(
                of: try Self.first(of: due).map { ($0, try unknownNames(of: $0, now: now)) })
            let answers = try keys.ask(round.names, ledger: world.ledger, now: now)
            tally.add(try settle(read(round.mails[...], asked: answers)))
        }
    }

    /// As many as may be in memory at once; at least one.
    private static func first(of lot: [MailRecord]) -> ArraySlice<MailRecord> {
        var bytes = 0
        let fitting = lot.prefix { mail in
            bytes += mail.sizeBytes
            return bytes <= lotBytesMax
        }
        return fitting.isEmpty ? lot.prefix(1) : fitting
    }

    /// What has to be asked for before a mail can be settled. Nothing of one whose bytes are lost.
    private func unknownNames(of mail: MailRecord, now: Date) throws -> [String] {
        do {
            let raw = try world.ledger.read { try $0.rawMail(mail.id) } ?? []
            let names = reader.keyNames(raw)
            let known = try keys.known(
                names, arrivedAt: mail.receivedAt, ledger: world.ledger, now: now)
            return names.filter { known[$0] == nil }
        } catch let error as LedgerError where error.retry == .never {
            return []
        }
    }

    /// How many mails were read.
    private struct Tally {
        var new = 0
        var changed = 0

        mutating func add(_ all: [Settled]) {
            for settled in all {
                if settled.mail.reading.isFinal {
                    changed += settled.isChanged ? 1 : 0
                } else {
                    new += settled.waits ? 0 : 1
                }
            }
        }
    }

    private func report(_ tally: Tally) {
        if tally.new > 0 { world.report(.allRead(mails: tally.new)) }
        if tally.changed > 0 { world.report(.readAgain(mails: tally.changed)) }
    }

    // MARK: - Read

    /// What the mails say. Each is read by itself, so several are at once.
    ///
    /// - Parameter asked: what DNS answered for them; nil when it was not asked.
    private func read(
        _ lot: ArraySlice<MailRecord>, asked: [String: KeyAnswer]? = nil
    ) throws -> [(MailRecord, Finding)] {
        let mails = Array(lot)
        let results = Mutex([Int: Result<Finding, any Error>]())
        DispatchQueue.concurrentPerform(iterations: mails.count) { index in
            // Who stops does not wait for a whole lot.
            guard !isStopping.load(ordering: .relaxed) else { return }
            let result = Result { try read(mails[index], asked) }
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

    private func read(_ mail: MailRecord, _ asked: [String: KeyAnswer]?) throws
        -> Finding
    {
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
        return try finding(in: raw ?? [], of: mail, asked)
    }

    private func finding(
        in raw: [UInt8], of mail: MailRecord, _ asked: [String: KeyAnswer]?
    ) throws -> Finding {
        let now = world.now()
        let names = reader.keyNames(raw)
        let answers = try keys.known(
            names, arrivedAt: mail.receivedAt, ledger: world.ledger, now: now
        ).merging(asked ?? [:]) { known, _ in known }
        let isComplete = names.allSatisfy { answers[$0] != nil }
        let unknown = isComplete ? KeyAnswer.absent : .unavailable
        var findings = reader.read(
            raw, receivedAt: mail.receivedAt, isTruncated: mail.isTruncated,
            keys: { answers[$0] ?? unknown })
        guard asked == nil else {
            let wait = now.timeIntervalSince(mail.recordedAt)
            if wait > MailFindings.heldAtMost { findings.stopWaiting() }
            return .says(findings)
        }
        // Nobody is asked because of a mail that is no rule's anyway.
        let isNobodys =
            findings.outcome == .unread && findings.attached.isEmpty && !findings.isHeld
        return isComplete || isNobodys ? .says(findings) : .needsKeys(findings)
    }

    // MARK: - Settle

    /// Writes what was found, in one commit; but mails that were fetched meanwhile do not wait for
    /// it to be whole.
    private func settle(_ read: [(MailRecord, Finding)]) throws -> [Settled] {
        var all: [Settled] = []
        while all.count < read.count {
            let settled = try world.ledger.write { books in
                var settled: [Settled] = []
                for (mail, finding) in read[all.count...] {
                    if !settled.isEmpty, arrivals.load(ordering: .relaxed) > 0 { break }
                    settled.append(try settler.settle(mail, finding, in: books))
                }
                return settled
            }
            settled.forEach(settler.tell)
            if settled.contains(where: \.waits) { keyWanted.ring() }
            for account in Set(settled.map(\.mail.place.account)) { afterCare.ring(for: account) }
            all += settled
        }
        return all
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
