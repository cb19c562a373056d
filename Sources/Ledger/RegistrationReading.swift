// SPDX-License-Identifier: Apache-2.0

package import Domain
package import FoundationEssentials
internal import GRDB

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

    /// The same for those that came until `moment`, the last ones first. Of many that owe the sum
    /// only the last few hundred are looked at.
    package func registrations(
        stillToPay amount: Money, until moment: Date, limit: Int
    ) throws(LedgerError) -> [Registration] {
        try registrations(
            """
            WHERE number IN (
                SELECT number FROM registration
                WHERE due_minor > paid_minor AND currency = ? AND due_minor - paid_minor = ?
                ORDER BY number DESC LIMIT \(Self.lastMax))
            AND state IN ('awaitingPayment', 'underpaid', 'offered') AND registered_at <= ?
            ORDER BY number DESC LIMIT ?
            """, [amount.currency.code, amount.minorUnits, moment.milliseconds, limit])
    }

    /// As many as register for one price while a question waits for a person.
    private static let lastMax = 500

    /// Registrations in any state whose sum, with a kuruş of their own, is exactly this.
    package func registrations(
        ownAmount amount: Money, limit: Int
    ) throws(LedgerError) -> [Registration] {
        try registrations(
            "WHERE own_minor > 0 AND due_minor = ? AND currency = ? LIMIT ?",
            [amount.minorUnits, amount.currency.code, limit])
    }

    /// In which currencies an event's registrations are due; none while it has no registration.
    package func currencies(of event: EventID) throws(LedgerError) -> Set<Currency> {
        try attempt("registrations.currencies", event.text) {
            Set(
                try rows(
                    "SELECT DISTINCT currency FROM registration WHERE event = ?", [event.text]
                ).compactMap { Currency($0["currency"] as String) })
        }
    }

    /// The own kuruş, 1 to 99, with which this price would be a sum that some registration was
    /// given: of any event and price, for a transfer shows the sum alone, and whatever became of
    /// it, for a late transfer must not meet a younger registration.
    package func ownMinorUnits(takenAt price: Money) throws(LedgerError) -> Set<Int64> {
        try attempt("registrations.own", "\(price)") {
            Set(
                try rows(
                    """
                    SELECT due_minor - ?1 AS own FROM registration
                    WHERE own_minor > 0 AND due_minor > ?1 AND due_minor <= ?1 + 99
                        AND currency = ?2
                    """, [price.minorUnits, price.currency.code]
                ).map { $0["own"] })
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

    /// Registrations of an event that are in one of these states since a moment in `since` and have
    /// no effect of these kinds and this round, and a number or an address that one of the channels
    /// could send to.
    package func waitingWithout(
        _ kinds: [Effect.Kind], round: Int, event: EventID, in states: [RegistrationState],
        since: ClosedRange<Date>, reachedBy channels: [Channel], limit: Int
    ) throws(LedgerError) -> [RegistrationID] {
        try attempt("registrations.waitingWithout", event.text) {
            try rows(
                """
                SELECT id FROM registration
                WHERE event = ? AND state IN (\(states.map { _ in "?" }.joined(separator: ", ")))
                    AND state_since BETWEEN ? AND ?
                    AND (? AND phone_hash IS NOT NULL OR ? AND email_hash IS NOT NULL)
                    AND NOT EXISTS (
                        SELECT 1 FROM effect
                        WHERE registration = registration.id AND round = ?
                            AND kind IN (\(kinds.map { _ in "?" }.joined(separator: ", "))))
                ORDER BY state_since LIMIT ?
                """,
                [event.text] + states.map(\.rawValue)
                    + ([
                        since.lowerBound.milliseconds, since.upperBound.milliseconds,
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
