// SPDX-License-Identifier: Apache-2.0

package import Rules
internal import Synchronization

/// The rules that mails are read with, replaced as a whole while the agent works.
///
/// A mail is read with one rule book from its first line to its last, whatever happens meanwhile.
package final class RulesInForce: Sendable {
    private let current: Mutex<RuleBook>
    /// Rung when other rules come in force: mails are read again that the old ones did not
    /// understand.
    let changed = WakeUp()

    /// The rules at the start.
    package init(_ book: RuleBook) { current = Mutex(book) }

    /// The rules at this moment.
    package var book: RuleBook { current.withLock { $0 } }

    /// Puts other rules in force.
    package func replace(with book: RuleBook) {
        let isNew = current.withLock { current in
            defer { current = book }
            return current.digest != book.digest
        }
        if isNew { changed.ring() }
    }
}
