// SPDX-License-Identifier: Apache-2.0

internal import Ledger
internal import Mailbox
internal import Synchronization

/// Keeps the ledger's word about how each folder is being watched up to date, for `status`.
///
/// Only a change is written: an attempt that fails like the one before it changes nothing, so a
/// server that is away costs one write, and a quiet mailbox none.
final class WatchJournal: Sendable {
    private struct Folder: Hashable { let account, name: String }
    private struct Word: Equatable { let state: WatchState, trouble: Trouble? }

    private let world: World
    private let written = Mutex<[Folder: Word]>([:])

    init(world: World) { self.world = world }

    func note(_ event: MailboxEvent, account: String, folder: String) {
        // Every attempt begins with it, and what comes of it is told at once.
        guard let state = event.state, state != .connecting else { return }
        let key = Folder(account: account, name: folder)
        let word = Word(state: state, trouble: event.trouble)
        guard written.withLock({ $0[key] != word }) else { return }
        do {
            try world.ledger.write { books in
                try books.setWatchState(
                    WatchStateRow(
                        state: state.rawValue, since: world.now(),
                        detail: event.trouble?.rawValue),
                    account: account, folder: folder)
            }
            written.withLock { $0[key] = word }
        } catch {
            world.report(.trouble("\(error)"))
        }
    }
}
