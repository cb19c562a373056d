// SPDX-License-Identifier: Apache-2.0

package import Domain
package import FoundationEssentials
internal import GRDB

/// What importing a list of registrations did.
package struct ImportResult: Hashable, Sendable {
    package var inserted = 0
    /// There already, with the same contents.
    package var unchanged = 0

    package init(inserted: Int = 0, unchanged: Int = 0) {
        self.inserted = inserted
        self.unchanged = unchanged
    }
}

// MARK: - Writing

extension LedgerTransaction {
    /// Adds a registration. The same one again changes nothing; `state` and `paid` of the argument
    /// count only for a new one, and only `state`: what is paid comes from bookings alone.
    ///
    /// - Returns: false when it was there already.
    /// - Throws: `conflict` naming the id when it is there with other contents, `constraint` when
    ///   another registration has the reference.
    @discardableResult
    package func insert(_ registration: Registration) throws(LedgerError) -> Bool {
        try attempt("registrations.insert", registration.id.text) {
            let content = keyring.hash(Self.content(of: registration), for: .content)
            var known: [UInt8]?
            try each(
                "SELECT content_hash FROM registration WHERE id = ?", [registration.id.text]
            ) { known = $0.bytes(0) }
            if let known {
                guard known == content else {
                    throw LedgerError(
                        operation: "registrations.insert", subject: registration.id.text,
                        cause: .conflict)
                }
                return false
            }
            notes.prefixes = nil
            let subject = try makeSubject()
            let handles = registration.name?.handles
            let personal = SealedFields.encode([
                registration.name?.text, registration.email, registration.phone?.digits,
            ])
            try run(
                """
                INSERT INTO registration (id, event, subject, due_minor, currency, reference,
                    state, state_since, registered_at, own_minor, remembers_payer, ticket_token,
                    content_hash, email_hash, phone_hash, name_hash, given_hash, surname_hash,
                    initials_hash, personal)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                """,
                [
                    registration.id.text, registration.event.text, subject.id,
                    registration.due.minorUnits, registration.due.currency.code,
                    registration.reference.text, registration.state.rawValue,
                    registration.stateSince.milliseconds, registration.registeredAt.milliseconds,
                    registration.ownMinorUnits, registration.remembersPayer ? 1 : 0,
                    keyring.ticketToken(of: registration.id), content.blob,
                    registration.email.map { keyring.hash(email: $0).blob },
                    registration.phone.map { keyring.hash($0.digits, for: .phone).blob },
                    registration.name?.ends.map(keyring.number),
                    keyring.number(handles?.given, for: .given),
                    keyring.number(handles?.surname, for: .surname),
                    keyring.number(handles?.initials, for: .initials),
                    try subject.key.seal(
                        personal, in: "registration/personal", row: registration.id.text
                    ).blob,
                ])
            return true
        }
    }

    /// Adds many; inside one `write` it is all of them or none.
    package func insert(
        contentsOf registrations: some Sequence<Registration>
    ) throws(LedgerError) -> ImportResult {
        try attempt("registrations.insert", "registration") {
            try withLargeCache {
                var result = ImportResult()
                for registration in registrations {
                    let isNew = try insert(registration)
                    if isNew { result.inserted += 1 } else { result.unchanged += 1 }
                }
                return result
            }
        }
    }

    /// Runs `body` with room for the pages that adding many registrations touches: hashes lie all
    /// over their indexes, and with a small cache each page would be written many times. The memory
    /// is given back afterwards.
    package func withLargeCache<T>(_ body: () throws -> T) throws -> T {
        let usual = try attempt("cache", "database") { try number("PRAGMA cache_size") ?? 0 }
        try resizeCache(to: -Self.largeCacheKiB)
        let result = try body()
        try resizeCache(to: usual)
        return result
    }

    /// - Parameter size: pages, or KiB when it is negative, as SQLite counts.
    private func resizeCache(to size: Int64) throws {
        // A pragma takes no parameters.
        try attempt("cache", "database") { try db.execute(sql: "PRAGMA cache_size = \(size)") }
    }

    /// What 100,000 registrations touch again and again; more was not faster.
    private static let largeCacheKiB: Int64 = 16 * 1024

    /// Inside a decision the old state is kept, so that it can be restored.
    ///
    /// - Parameter now: when it entered the state; nil leaves that time as it is.
    /// - Throws: `notFound`.
    package func setState(
        _ state: RegistrationState, of registration: RegistrationID, at now: Date? = nil
    ) throws(LedgerError) {
        try attempt("registrations.setState", registration.text) {
            try keepForUndo(registration, next: state)
            try run(
                """
                UPDATE registration SET state = ?1,
                    state_since = iif(state = ?1, state_since, coalesce(?2, state_since))
                WHERE id = ?3
                """,
                [state.rawValue, now?.milliseconds, registration.text])
            try expectChange("registrations.setState", registration.text)
        }
    }

    /// Lets go of the own kuruş of a registration, or of a part of it: that much less is due.
    ///
    /// - Throws: `constraint` when it has not that many, `notFound`.
    package func waive(
        _ minorUnits: Int64, of registration: RegistrationID
    ) throws(LedgerError) {
        try attempt("registrations.waive", registration.text) {
            try keepForUndo(registration, next: nil)
            try run(
                """
                UPDATE registration SET due_minor = due_minor - ?1, own_minor = own_minor - ?1
                WHERE id = ?2
                """, [minorUnits, registration.text])
            try expectChange("registrations.waive", registration.text)
        }
    }

    private func keepForUndo(_ registration: RegistrationID, next: RegistrationState?) throws {
        guard let decision = notes.decision else { return }
        try run(
            """
            INSERT INTO state_change (decision, registration, state_before, since_before,
                due_before, own_before, state_after)
            SELECT ?, id, state, state_since, due_minor, own_minor, coalesce(?, state)
            FROM registration WHERE id = ?
            """, [decision, next?.rawValue, registration.text])
    }

    /// Everything that came with the import; what the agent changes later is not part of it.
    private static func content(of registration: Registration) -> String {
        let price = registration.due.minorUnits &- registration.ownMinorUnits
        return """
            \(registration.event.text)\0\(registration.name?.text ?? "")\0\
            \(registration.email ?? "")\0\(registration.phone?.digits ?? "")\0\(price)\0\
            \(registration.due.currency.code)\0\(registration.reference.text)\0\
            \(registration.registeredAt.milliseconds)
            """
    }
}
