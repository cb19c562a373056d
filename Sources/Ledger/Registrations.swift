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
                    registration.name.flatMap(nameHash),
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

    private func nameHash(_ name: PersonName) -> Int64? {
        guard let first = name.words.first, let last = name.words.last else { return nil }
        return keyring.number(first: first, last: last)
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
        [
            registration.event.text, registration.name?.text ?? "", registration.email ?? "",
            registration.phone?.digits ?? "",
            String(registration.due.minorUnits &- registration.ownMinorUnits),
            registration.due.currency.code, registration.reference.text,
            String(registration.registeredAt.milliseconds),
        ].joined(separator: "\u{0}")
    }
}

// MARK: - Reading

extension LedgerTransaction {
    /// The registration with this id, or nil.
    package func registration(_ id: RegistrationID) throws(LedgerError) -> Registration? {
        if let known = notes.registrations[id] { return known }
        return try registrations("WHERE id = ?", [id.text]).first
    }

    /// The registration with exactly this code, in any state, or nil.
    package func registration(reference: ReferenceCode) throws(LedgerError) -> Registration? {
        try registrations("WHERE reference = ?", [reference.text]).first
    }

    /// The registration whose ticket has this address.
    package func registration(ticketToken: String) throws(LedgerError) -> Registration? {
        try registrations("WHERE ticket_token = ?", [ticketToken]).first
    }

    /// Registrations with this address, however its letters are written, by id.
    package func registrations(email: String, limit: Int) throws(LedgerError) -> [Registration] {
        try registrations(
            "WHERE email_hash = ? ORDER BY id LIMIT ?", [keyring.hash(email: email).blob, limit])
    }

    /// Registrations with this number, by id.
    package func registrations(
        phone: PhoneNumber, limit: Int
    ) throws(LedgerError) -> [Registration] {
        try registrations(
            "WHERE phone_hash = ? ORDER BY id LIMIT ?",
            [keyring.hash(phone.digits, for: .phone).blob, limit])
    }

    /// Registrations that wait for money (`awaitingPayment`, `underpaid`, `offered`) and of which
    /// exactly `amount` is still to pay, in the order in which they came.
    package func registrations(
        stillToPay amount: Money, limit: Int
    ) throws(LedgerError) -> [Registration] {
        try registrations(
            """
            WHERE state IN ('awaitingPayment', 'underpaid', 'offered') AND due_minor > paid_minor
                AND currency = ? AND due_minor - paid_minor = ? ORDER BY number LIMIT ?
            """, [amount.currency.code, amount.minorUnits, limit])
    }

    /// Registrations in any state whose sum, with a kuruş of their own, is exactly this.
    package func registrations(
        ownAmount amount: Money, limit: Int
    ) throws(LedgerError) -> [Registration] {
        try registrations(
            "WHERE own_minor > 0 AND due_minor = ? AND currency = ? LIMIT ?",
            [amount.minorUnits, amount.currency.code, limit])
    }

    /// The own kuruş that registrations of an event with this price have or had, whatever became of
    /// them: a late transfer must not meet a younger registration.
    package func ownMinorUnits(
        event: EventID, price: Money
    ) throws(LedgerError) -> Set<Int64> {
        try attempt("registrations.own", event.text) {
            Set(
                try rows(
                    """
                    SELECT own_minor FROM registration
                    WHERE own_minor > 0 AND due_minor BETWEEN ?1 AND ?1 + 99
                        AND event = ?2 AND due_minor - own_minor = ?1 AND currency = ?3
                    """, [price.minorUnits, event.text, price.currency.code]
                ).map { $0["own_minor"] })
        }
    }

    /// How many registrations of an event hold a place: those that may pay, have paid, or whose
    /// place only a person may take away.
    package func seatsTaken(event: EventID) throws(LedgerError) -> Int {
        try attempt("registrations.seats", event.text) {
            Int(
                try number(
                    """
                    SELECT count(*) FROM registration WHERE event = ? AND state IN
                        ('awaitingPayment', 'underpaid', 'offered', 'paid', 'confirmed', 'suspended')
                    """, [event.text]) ?? 0)
        }
    }

    /// Registrations of an event that are in a state since `since` or longer, the longest first.
    package func registrations(
        event: EventID, in state: RegistrationState, since: Date, after: RegistrationID? = nil,
        limit: Int
    ) throws(LedgerError) -> [Registration] {
        try registrations(
            """
            WHERE event = ? AND state = ? AND state_since <= ? AND id > ? ORDER BY id LIMIT ?
            """,
            [event.text, state.rawValue, since.milliseconds, after?.text ?? "", limit])
    }

    /// Registrations of an event that wait for their first money since a moment in `since` and have
    /// no effect of these kinds and this round, and a number or an address that one of the channels
    /// could send to.
    package func waitingWithout(
        _ kinds: [Effect.Kind], round: Int, event: EventID, since: ClosedRange<Date>,
        reachedBy channels: [Channel], limit: Int
    ) throws(LedgerError) -> [RegistrationID] {
        try attempt("registrations.waitingWithout", event.text) {
            try rows(
                """
                SELECT id FROM registration
                WHERE event = ? AND state = 'awaitingPayment' AND state_since BETWEEN ? AND ?
                    AND (? AND phone_hash IS NOT NULL OR ? AND email_hash IS NOT NULL)
                    AND NOT EXISTS (
                        SELECT 1 FROM effect
                        WHERE registration = registration.id AND round = ?
                            AND kind IN (\(kinds.map { _ in "?" }.joined(separator: ", "))))
                ORDER BY state_since LIMIT ?
                """,
                ([
                    event.text, since.lowerBound.milliseconds, since.upperBound.milliseconds,
                    channels.contains(.sms) ? 1 : 0, channels.contains(.email) ? 1 : 0, round,
                ] as [(any Bindable)?]) + kinds.map(\.rawValue) + [limit]
            ).map { RegistrationID($0["id"]) }
        }
    }

    /// Whether an open question proposes this registration: money may be on its way to it.
    package func isProposed(_ registration: RegistrationID) throws(LedgerError) -> Bool {
        try attempt("registrations.isProposed", registration.text) {
            try number(
                """
                SELECT 1 FROM review, json_each(review.candidates)
                WHERE closed_at IS NULL
                    AND json_extract(json_each.value, '$.registration') = ? LIMIT 1
                """, [registration.text]) != nil
        }
    }

    /// At most `limit` registrations after the id `after`, by id.
    package func registrations(
        after: RegistrationID? = nil, limit: Int
    ) throws(LedgerError) -> [Registration] {
        try registrations("WHERE id > ? ORDER BY id LIMIT ?", [after?.text ?? "", limit])
    }

    /// The first two letters of all reference codes.
    package func referencePrefixes() throws(LedgerError) -> Set<String> {
        if let known = notes.prefixes { return known }
        return try attempt("registrations.referencePrefixes", "registration") {
            // From one prefix to the next along the index: asked for every payment, so the cost
            // must not grow with the registrations. A tilde comes after all signs of a code.
            var prefixes: Set<String> = []
            try each(
                """
                WITH RECURSIVE step (code) AS (
                    SELECT min(reference) FROM registration
                    UNION ALL
                    SELECT (SELECT min(reference) FROM registration
                        WHERE reference > substr(step.code, 1, 2) || '~')
                    FROM step WHERE step.code IS NOT NULL)
                SELECT substr(code, 1, 2) FROM step WHERE code IS NOT NULL
                """, []
            ) { prefixes.insert($0.text(0)) }
            notes.prefixes = prefixes
            return prefixes
        }
    }

    /// Whether a code is taken; cheaper than reading the registration.
    package func hasReference(_ reference: ReferenceCode) throws(LedgerError) -> Bool {
        try attempt("registrations.hasReference", "registration") {
            try number(
                "SELECT 1 FROM registration WHERE reference = ?", [reference.text]) != nil
        }
    }

    /// The secret part of the address of a ticket: 16 signs A–Z, 2–7. The same for ever.
    package func ticketToken(of registration: RegistrationID) -> String {
        keyring.ticketToken(of: registration)
    }

    /// - Parameter isWanted: asked before a row's personal part is opened, which costs more than
    ///   to find the row.
    func registrations(
        _ clause: String, _ arguments: [(any Bindable)?],
        isWanted: (RegistrationRow) -> Bool = { _ in true }
    ) throws(LedgerError) -> [Registration] {
        try attempt("registrations.read", "registration") {
            var found: [Registration] = []
            try each("\(RegistrationRow.reading) \(clause)", arguments) { columns in
                let row = RegistrationRow(columns: columns)
                guard isWanted(row) else { return }
                let known = notes.registrations[RegistrationID(row.id)]
                found.append(try known ?? registration(from: row))
            }
            for registration in found { notes.registrations[registration.id] = registration }
            return found
        }
    }

    private func registration(from row: RegistrationRow) throws -> Registration {
        let (id, columns) = (row.id, row.columns)
        guard let currency = Currency(columns.text(3)),
            let reference = ReferenceCode(columns.text(4)),
            let state = RegistrationState(rawValue: columns.text(5))
        else { throw LedgerError(operation: "registrations.read", subject: id, cause: .corrupt) }
        let key = try everybody?.key ?? columns.bytes(8).map(keyring.unwrap)
        let personal = try openPersonal(
            columns.bytes(9), with: key, in: "registration/personal", row: id, count: 3)
        return Registration(
            id: RegistrationID(id), event: EventID(columns.text(1)),
            name: personal[0].flatMap(PersonName.init), email: personal[1],
            phone: personal[2].flatMap(PhoneNumber.init),
            due: Money(minorUnits: row.dueMinor, currency: currency), reference: reference,
            registeredAt: Date(milliseconds: columns.number(6)), state: state,
            stateSince: Date(milliseconds: columns.number(10)),
            paid: Money(minorUnits: row.paidMinor, currency: currency),
            ownMinorUnits: columns.number(11), remembersPayer: columns.number(12) == 1)
    }
}

/// A row of registrations that is not opened yet.
struct RegistrationRow {
    fileprivate let columns: Columns

    /// The columns in the order in which they are taken.
    fileprivate static let reading = """
        SELECT id, event, due_minor, currency, reference, state, registered_at, paid_minor,
            (SELECT wrapped_key FROM subject WHERE subject.id = registration.subject),
            personal, state_since, own_minor, remembers_payer
        FROM registration
        """

    var id: String { columns.text(0) }
    var dueMinor: Int64 { columns.number(2) }
    var paidMinor: Int64 { columns.number(7) }
    /// Whether it was asked for this sum, or this much of it is still to pay.
    func concerns(_ sum: Money) -> Bool {
        (dueMinor == sum.minorUnits || dueMinor - paidMinor == sum.minorUnits)
            && columns.text(3) == sum.currency.code
    }
}
