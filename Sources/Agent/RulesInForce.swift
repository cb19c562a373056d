// SPDX-License-Identifier: Apache-2.0

package import Rules
internal import Synchronization

/// The rules that mails are read with, replaced as a whole while the agent works.
///
/// A mail is read with one rule book from its first line to its last, whatever happens meanwhile.
package final class RulesInForce: Sendable {
    private let current: Mutex<RuleBook>
    private let changed: WakeUp

    /// The rules at the start.
    package init(_ book: RuleBook) {
        current = Mutex(book)
        changed = WakeUp()
        // Mails may be waiting since before the start for rules that came meanwhile.
        changed.ring()
    }

    /// The rules at this moment.
    package var book: RuleBook { current.withLock { $0 } }

    /// Puts other rules in force, and has mails read again that the old ones did not understand.
    package func replace(with book: RuleBook) {
        let isNew = current.withLock { current in
            defer { current = book }
            return current.digest != book.digest
        }
        if isNew { changed.ring() }
    }

    /// Has the mails looked at once more.
    func ringAgain() { changed.ring() }

    /// Returns when other rules have come in force since the last call.
    func waitForChange() async { await changed.wait(atMost: nil) }
}
