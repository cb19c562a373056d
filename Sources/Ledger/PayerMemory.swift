// SPDX-License-Identifier: Apache-2.0

package import Domain
package import FoundationEssentials
internal import GRDB

extension LedgerTransaction {
    /// Remembers that this payer paid for this guest, as two keyed hashes, if the guest agreed to
    /// it. It is evidence for a person and decides nothing. Inside a decision it is tied to that.
    ///
    /// - Returns: whether it is remembered now.
    @discardableResult
    package func remember(
        payer: PersonName, paidFor guest: Registration, at now: Date
    ) throws(LedgerError) -> Bool {
        try attempt("payers.remember", guest.id.text) {
            guard guest.remembersPayer, let hash = keyring.hash(guest: guest) else { return false }
            try run(
                """
                INSERT INTO payer_memory (payer, guest, decision, learned_at) VALUES (?, ?, ?, ?)
                ON CONFLICT (payer, guest, decision) DO NOTHING
                """,
                [
                    keyring.hash(payer: payer).blob, hash.blob, notes.decision ?? 0,
                    now.milliseconds,
                ])
            return true
        }
    }

    /// Whether this payer is remembered for this guest.
    package func isRemembered(
        payer: PersonName, for guest: Registration
    ) throws(LedgerError) -> Bool {
        try attempt("payers.read", guest.id.text) {
            guard guest.remembersPayer, let hash = keyring.hash(guest: guest) else { return false }
            return try number(
                "SELECT 1 FROM payer_memory WHERE payer = ? AND guest = ?",
                [keyring.hash(payer: payer).blob, hash.blob]) != nil
        }
    }

    /// Registrations of guests with an address for whom this payer is remembered, in any state.
    package func registrations(
        rememberedFor payer: PersonName, limit: Int
    ) throws(LedgerError) -> [Registration] {
        let hash = keyring.hash(payer: payer).blob
        // Nearly always nobody is remembered, and a replay has no index by address.
        let isKnown = try attempt("payers.read", "payer") {
            try number("SELECT 1 FROM payer_memory WHERE payer = ? LIMIT 1", [hash]) != nil
        }
        guard isKnown else { return [] }
        return try registrations(
            """
            WHERE remembers_payer = 1
                AND email_hash IN (SELECT guest FROM payer_memory WHERE payer = ?) LIMIT ?
            """, [hash, limit])
    }

    /// Forgets what was learned from a decision.
    func forgetPayers(learnedFrom decision: DecisionID) throws {
        try run("DELETE FROM payer_memory WHERE decision = ?", [decision.number])
    }

    /// Forgets who paid for the guest of a registration.
    func forgetPayers(of registration: RegistrationID) throws {
        guard let guest = try self.registration(registration),
            let hash = keyring.hash(guest: guest)
        else { return }
        try run("DELETE FROM payer_memory WHERE guest = ?", [hash.blob])
    }
}
