// SPDX-License-Identifier: Apache-2.0

internal import Domain
package import FoundationEssentials
package import Ledger

extension ReviewDesk {
    /// A person lets an effect that was refused, given up or is unknown be tried once more. One
    /// that would only be held back again is refused with what would release it.
    ///
    /// - Throws: `ReviewRefusal.withheld`, `.replaced`; `LedgerError` when there is no such effect,
    ///   or it is in another state.
    package func retry(_ key: String, now: Date, in books: LedgerTransaction) throws {
        if let record = try books.effect(key), record.state != .done {
            let effect = record.effect
            let stands = try books.effects(of: effect.registration).last {
                $0.effect.kind == effect.kind && !$0.isRevoked && $0.key != key
            }
            if record.isRevoked, let stands { throw ReviewRefusal.replaced(by: stands.key) }
            if let guest = try books.registration(effect.registration),
                !guest.state.allows(effect.kind)
            {
                throw ReviewRefusal.withheld(effect, guest.state, by: record.withheldBy)
            }
            if record.isRevoked { try books.reinstate(key, at: now) }
        }
        try books.rearm(key, at: now)
    }
}
