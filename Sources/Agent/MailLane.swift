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
    private let look: MailLook
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
    /// Mails that prove nothing and wait for keys of strangers, which only say what to call them.
    /// More would be a queue of minutes, and its end is told to a person without them.
    private static let idleMax = 64

    init(
        world: World, reader: MailReader, pipeline: PaymentPipeline, keys: KeyRing,
        afterCare: AfterCareDesk, wakeUp: WakeUp
    ) {
        self.world = world
        self.reader = reader
        self.keys = keys
        look = MailLook(world: world, reader: reader, keys: keys)
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
            tally.add(try settle(read(Self.first(of: lot)) { try look.finding(in: $0) }))
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
            let (due, surplus) = try world.ledger.read { books in
                (
                    try books.heldMails(dueAt: now, limit: Self.lotMax),
                    try books.heldMails(
                        dueAt: now, rank: .idle, limit: Self.lotMax, offset: Self.idleMax)
                )
            }
            guard !due.isEmpty else { return }
            if !surplus.isEmpty {
                let lot = try read(Self.first(of: surplus)) {
                    try look.finding(in: $0, waitsOn: false)
                }
                tally.add(try settle(lot))
            }
            let seen = try read(Self.first(of: due)) { try look.finding(in: $0) }
            let (open, known) = Self.parted(seen)
            tally.add(try settle(known))
            guard !open.isEmpty else { continue }
            let round = KeyRound(of: open)
            let answers = try keys.ask(round.names, ledger: world.ledger, now: now)
            let lot = try read(round.mails[...]) { try look.finding(in: $0, asked: answers) }
            tally.add(try settle(lot))
        }
    }

    /// Those whose keys may be asked for now, and those of which something is to be written first:
    /// what they say, or that they have come to wait for somebody else.
    private static func parted(
        _ seen: [(MailRecord, Finding)]
    ) -> (open: [(MailRecord, KeyWant)], known: [(MailRecord, Finding)]) {
        var open: [(MailRecord, KeyWant)] = []
        var known: [(MailRecord, Finding)] = []
        for (mail, finding) in seen {
            let rank = mail.reading.keyWait?.rank ?? .new
            if case .needsKeys(_, let want) = finding, want.wait.rank.mayGo(with: rank) {
                open.append((mail, want))
            } else {
                known.append((mail, finding))
            }
        }
        return (open, known)
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
    /// - Parameter find: reads one of them.
    private func read(
        _ lot: ArraySlice<MailRecord>, _ find: @Sendable (MailRecord) throws -> Finding
    ) throws -> [(MailRecord, Finding)] {
        let mails = Array(lot)
        let results = Mutex([Int: Result<Finding, any Error>]())
        DispatchQueue.concurrentPerform(iterations: mails.count) { index in
            // Who stops does not wait for a whole lot.
            guard !isStopping.load(ordering: .relaxed) else { return }
            let result = Result { try find(mails[index]) }
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
