// SPDX-License-Identifier: Apache-2.0

package import Domain
internal import FoundationEssentials
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
            let personal = SealedFields.encode([
                registration.name?.text, registration.email, registration.phone?.digits,
            ])
            try run(
                """
                INSERT INTO registration (id, event, subject, due_minor, currency, reference,
                    state, registered_at, ticket_token, content_hash, email_hash, phone_hash,
                    name_hash, personal)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                """,
                [
                    registration.id.text, registration.event.text, subject.id,
                    registration.due.minorUnits, registration.due.currency.code,
                    registration.reference.text, registration.state.rawValue,
                    registration.registeredAt.milliseconds,
                    keyring.ticketToken(of: registration.id), content.blob,
                    registration.email.map { keyring.hash(email: $0).blob },
                    registration.phone.map { keyring.hash($0.digits, for: .phone).blob },
                    registration.name.flatMap { keyring.hash(name: $0)?.blob },
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
        var result = ImportResult()
        for registration in registrations {
            if try insert(registration) { result.inserted += 1 } else { result.unchanged += 1 }
        }
        return result
    }

    /// - Throws: `notFound`.
    package func setState(
        _ state: RegistrationState, of registration: RegistrationID
    ) throws(LedgerError) {
        try attempt("registrations.setState", registration.text) {
            try run(
                "UPDATE registration SET state = ? WHERE id = ?",
                [state.rawValue, registration.text])
            try expectChange("registrations.setState", registration.text)
        }
    }

    /// Everything that came with the import; what the agent changes later is not part of it.
    private static func content(of registration: Registration) -> String {
        [
            registration.event.text, registration.name?.text ?? "", registration.email ?? "",
            registration.phone?.digits ?? "", String(registration.due.minorUnits),
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

    /// Registrations whose name begins and ends with these words (see `PersonName.words`), in any
    /// state, by id.
    package func registrations(
        firstWord: String, lastWord: String, limit: Int
    ) throws(LedgerError) -> [Registration] {
        try registrations(
            "WHERE name_hash = ? ORDER BY id LIMIT ?",
            [keyring.hash(first: firstWord, last: lastWord).blob, limit])
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
    /// exactly `amount` is still to pay, by id.
    package func registrations(
        stillToPay amount: Money, limit: Int
    ) throws(LedgerError) -> [Registration] {
        try registrations(
            """
            WHERE state IN ('awaitingPayment', 'underpaid', 'offered') AND due_minor > paid_minor
                AND currency = ? AND due_minor - paid_minor = ? ORDER BY id LIMIT ?
            """, [amount.currency.code, amount.minorUnits, limit])
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
            // must not grow with the registrations.
            var prefixes: Set<String> = []
            try each(
                """
                WITH RECURSIVE step (prefix) AS (
                    SELECT min(prefix) FROM registration
                    UNION ALL
                    SELECT (SELECT min(prefix) FROM registration WHERE prefix > step.prefix)
                    FROM step WHERE step.prefix IS NOT NULL)
                SELECT prefix FROM step WHERE prefix IS NOT NULL
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

    /// All codes that begin with a prefix, to search for a code with one wrong sign.
    package func references(prefix: String) throws(LedgerError) -> [ReferenceCode] {
        try attempt("registrations.references", "registration") {
            try rows("SELECT reference FROM registration WHERE prefix = ?", [prefix])
                .compactMap { ReferenceCode($0["reference"] as String) }
        }
    }

    /// The secret part of the address of a ticket: 16 signs A–Z, 2–7. The same for ever.
    package func ticketToken(of registration: RegistrationID) -> String {
        keyring.ticketToken(of: registration)
    }

    private func registrations(
        _ clause: String, _ arguments: [(any Bindable)?]
    ) throws(LedgerError) -> [Registration] {
        try attempt("registrations.read", "registration") {
            var found: [Registration] = []
            try each("\(Self.reading) \(clause)", arguments) { columns in
                found.append(try registration(from: columns))
            }
            for registration in found { notes.registrations[registration.id] = registration }
            return found
        }
    }

    /// The columns in the order in which `registration(from:)` takes them.
    private static let reading = """
        SELECT id, event, due_minor, currency, reference, state, registered_at, paid_minor,
            subject, personal
        FROM registration
        """

    private func registration(from row: Columns) throws -> Registration {
        let id = row.text(0)
        guard let currency = Currency(row.text(3)), let reference = ReferenceCode(row.text(4)),
            let state = RegistrationState(rawValue: row.text(5))
        else { throw LedgerError(operation: "registrations.read", subject: id, cause: .corrupt) }
        let personal = try openPersonal(
            row.bytes(9), of: row.number(8), in: "registration/personal", row: id, count: 3)
        return Registration(
            id: RegistrationID(id), event: EventID(row.text(1)),
            name: personal[0].flatMap(PersonName.init), email: personal[1],
            phone: personal[2].flatMap(PhoneNumber.init),
            due: Money(minorUnits: row.number(2), currency: currency), reference: reference,
            registeredAt: Date(milliseconds: row.number(6)), state: state,
            paid: Money(minorUnits: row.number(7), currency: currency))
    }
}
