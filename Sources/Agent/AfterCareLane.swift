// SPDX-License-Identifier: Apache-2.0

internal import Domain
internal import FoundationEssentials
internal import Ledger
internal import Mailbox
internal import Synchronization

/// Flags and moves settled mails on their servers, over a short connection beside the watching
/// ones.
///
/// What is to be done stands in the ledger since the commit that settled the mail, and is struck
/// out when the server has done it. A crash in between has it done again, which changes nothing.
/// It never holds up the watching, and never gives up: the gaps between attempts grow.
final class AfterCareLane: Sendable {
    /// The gaps; tests shorten them.
    struct Pace: Sendable {
        /// Between two looks when nobody rings: a person may have answered a question meanwhile.
        var look = Duration.seconds(20)
        /// So long mails gather for one visit; also the least gap between two visits.
        var gather = Duration.seconds(3)
        var firstGap = 60.0
        var longestGap = 6 * 3600.0
        /// Trying refused credentials more often locks accounts and bans addresses.
        var credentialsGap = 1800.0
    }

    private struct Rest {
        var until: Date
        var failures: Int
    }

    private struct Accounts {
        var visited: Set<String> = []
        /// Accounts whose server could not be reached, or does not let us in.
        var resting: [String: Rest] = [:]
    }

    private let world: World
    private let accounts: [MailboxAccount]
    private let wakeUp: WakeUp
    private let pace: Pace
    private let state = Mutex(Accounts())

    /// Visits at the same time; each holds a thread.
    private static let visitsMax = 8
    /// Mails in one visit: a minute's work for a slow server. The rest comes with the next.
    private static let batch = 1000

    init(world: World, accounts: [MailboxAccount], wakeUp: WakeUp, pace: Pace = Pace()) {
        self.world = world
        self.accounts = accounts.filter { $0.afterCare != nil }
        self.wakeUp = wakeUp
        self.pace = pace
    }

    func run() async {
        forgetOthers()
        guard !accounts.isEmpty else { return }
        await withDiscardingTaskGroup { group in
            while !Task.isCancelled {
                for account in begin() {
                    group.addTask {
                        await self.visit(account)
                        self.state.withLock { _ = $0.visited.remove(account.name) }
                    }
                }
                await wakeUp.wait(atMost: pace.look)
                if !Task.isCancelled { await world.rest(pace.gather) }
            }
        }
    }

    /// The accounts whose turn it is.
    private func begin() -> [MailboxAccount] {
        let now = world.now()
        guard
            let due = telling({ try world.ledger.read { try $0.accountsWithAfterCare(dueAt: now) } }
            )
        else { return [] }
        return state.withLock { state in
            accounts.filter { account in
                guard due.contains(account.name), state.visited.count < Self.visitsMax,
                    state.resting[account.name].map({ $0.until <= now }) ?? true
                else { return false }
                return state.visited.insert(account.name).inserted
            }
        }
    }

    /// What was asked for accounts that are only read now.
    private func forgetOthers() {
        let named = Set(accounts.map(\.name))
        telling {
            let others = try world.ledger.read {
                Set(try $0.afterCareCounts().keys).subtracting(named)
            }
            guard !others.isEmpty else { return }
            try world.ledger.write { books in
                for account in others { try books.dropAfterCare(of: account) }
            }
        }
    }

    // MARK: - One visit

    /// What is asked of the server at once, and the rows behind it.
    private struct Errand {
        let order: CareOrder
        let mails: [MailID]
        let attempts: Int
    }

    /// Mails that have other numbers now.
    private struct Overtaken {
        let folder: FolderEpoch
        let mails: [MailID]
    }

    private func visit(_ account: MailboxAccount) async {
        guard let care = account.afterCare,
            let (errands, overtaken) = telling({
                try world.ledger.read { try plan(account, in: $0) }
            })
        else { return }
        for group in overtaken {
            trying { try overtake(group.mails, group.folder, in: $0) }
        }
        guard !errands.isEmpty else { return }
        do throws(MailboxVisit.Failure) {
            try await MailboxVisit(account).carryOut(errands.map(\.order), care) { index, result in
                self.note(result, of: errands[index])
            }
            state.withLock { $0.resting[account.name] = nil }
        } catch {
            // A visit that was broken off because the agent stops is begun again with it.
            if !Task.isCancelled { rest(account, error) }
        }
    }

    private func plan(
        _ account: MailboxAccount, in books: LedgerTransaction
    ) throws -> ([Errand], [Overtaken]) {
        let rows = try books.afterCares(
            account: account.name, dueAt: world.now(), limit: Self.batch)
        let folders = Dictionary(grouping: rows) { row in
            FolderEpoch(
                account: account.name, folder: row.place.folder,
                uidValidity: row.place.uidvalidity, epoch: row.place.epoch)
        }
        var errands: [Errand] = []
        var overtaken: [Overtaken] = []
        for (folder, rows) in folders.sorted(by: { $0.key.folder < $1.key.folder }) {
            guard let next = try knownNext(folder, in: books) else {
                overtaken.append(Overtaken(folder: folder, mails: rows.map(\.mail)))
                continue
            }
            // Refused ones apart, so that they do not hold up those behind them.
            let tries = Dictionary(grouping: rows, by: \.attempts)
            for (attempts, rows) in tries.sorted(by: { $0.key < $1.key }) {
                for start in stride(from: 0, to: rows.count, by: CareOrder.uidsMax) {
                    let part = rows[start..<min(start + CareOrder.uidsMax, rows.count)]
                    errands.append(
                        Errand(
                            order: CareOrder(
                                folder: folder, knownNext: next, uids: part.map(\.place.uid)),
                            mails: part.map(\.mail), attempts: attempts))
                }
            }
        }
        return (errands, overtaken)
    }

    /// The UID after the highest one known; nil when the folder is numbered anew since.
    private func knownNext(
        _ folder: FolderEpoch, in books: LedgerTransaction
    ) throws -> UInt32? {
        guard let cursor = try books.cursor(account: folder.account, folder: folder.folder),
            cursor.uidvalidity == folder.uidValidity, cursor.epoch == folder.epoch
        else { return nil }
        let highest = try books.highestUID(
            account: folder.account, folder: folder.folder, uidvalidity: folder.uidValidity,
            epoch: folder.epoch)
        return max(cursor.uidNext ?? 0, highest.map { $0 &+ 1 } ?? 0)
    }

    // MARK: - What came of it

    private func note(_ result: CareResult, of errand: Errand) {
        let folder = errand.order.folder
        trying { books in
            switch result {
            case .done:
                try books.endAfterCare(of: errand.mails)
                tell(folder, .done(count: errand.mails.count))
            case .renumbered: try overtake(errand.mails, folder, in: books)
            case .refused(let reason):
                let gap = self.gap(after: errand.attempts)
                try books.postponeAfterCare(
                    of: errand.mails, until: world.now() + gap, reason: reason)
                tell(
                    folder,
                    .postponed(
                        count: errand.mails.count, reason: reason, retryIn: .seconds(gap)))
            }
        }
    }

    /// The mails have other numbers now. The watcher finds them under those, and they are noted
    /// again as copies.
    private func overtake(
        _ mails: [MailID], _ folder: FolderEpoch, in books: LedgerTransaction
    ) throws {
        try books.endAfterCare(of: mails)
        try books.audit(
            "after_care.renumbered",
            [
                "account": folder.account, "folder": folder.folder, "mails": String(mails.count),
            ], at: world.now())
        tell(folder, .renumbered(count: mails.count))
    }

    private func rest(_ account: MailboxAccount, _ failure: MailboxVisit.Failure) {
        let gap = state.withLock { state in
            let failures = state.resting[account.name]?.failures ?? 0
            let isRefused = failure.trouble == .credentials || failure.trouble == .certificate
            let gap = max(self.gap(after: failures), isRefused ? pace.credentialsGap : 0)
            state.resting[account.name] = Rest(
                until: world.now() + gap, failures: failures + 1)
            return gap
        }
        world.report(
            .afterCare(
                account: account.name, folder: nil,
                .postponed(count: nil, reason: failure.reason, retryIn: .seconds(gap))))
    }

    /// One minute, two, four … six hours.
    private func gap(after failures: Int) -> Double {
        min(pace.firstGap * Double(1 << min(failures, 20)), pace.longestGap)
    }

    private func tell(_ folder: FolderEpoch, _ event: AfterCareEvent) {
        world.report(.afterCare(account: folder.account, folder: folder.folder, event))
    }

    @discardableResult
    private func trying<Value>(_ body: (LedgerTransaction) throws -> Value) -> Value? {
        telling { try world.ledger.write(body) }
    }

    /// Nil when the ledger did not take it; what is to be done still stands there.
    @discardableResult
    private func telling<Value>(_ body: () throws -> Value) -> Value? {
        do {
            return try body()
        } catch {
            world.report(.trouble("after-care: \(error)"))
            return nil
        }
    }
}
