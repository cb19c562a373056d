// SPDX-License-Identifier: Apache-2.0

package import Domain
internal import GRDB

/// How registrations are found by names. Only what can matter is opened.
extension LedgerTransaction {
    /// Registrations whose name has some of these ends, in any state: all that were asked for `sum`
    /// or still owe it, and `others` of the rest; of each name by number.
    package func registrations(
        named names: [NameEnds], sum: Money, others: Int
    ) throws(LedgerError) -> [Registration] {
        guard !names.isEmpty else { return [] }
        var room = others
        // A few statements for any number of names: their places are a power of two.
        let places = 1 << (Int.bitWidth - (names.count - 1).leadingZeroBitCount)
        var hashes = names.map(keyring.number)
        hashes += repeatElement(hashes[0], count: places - hashes.count)
        return try registrations(
            "WHERE name_hash IN (\(repeatElement("?", count: places).joined(separator: ",")))",
            hashes
        ) { row in
            if row.concerns(sum) { return true }
            room -= 1
            return room >= 0
        }
    }

    /// Registrations that wait for money (`awaitingPayment`, `underpaid`, `offered`) and share a
    /// handle of this name; of each kind of handle at most `each`, those first that were asked for
    /// `due`.
    package func openRegistrations(
        near name: PersonName, due: Money, each: Int
    ) throws(LedgerError) -> [Registration] {
        let handles = name.handles
        let given = keyring.number(handles.given, for: .given)
        let surname = keyring.number(handles.surname, for: .surname)
        let initials = keyring.number(handles.initials, for: .initials)
        // By the initials within a surname: the given name shortened or with a slip.
        let searches: [(clause: String, hashes: [Int64?])] = [
            ("given_hash = ?", [given]),
            ("surname_hash = ? AND initials_hash = ?", [surname, initials]),
            ("surname_hash = ?", [surname]), ("initials_hash = ?", [initials]),
        ]
        var seen: Set<String> = []
        var found: [Registration] = []
        for search in searches where search.hashes.allSatisfy({ $0 != nil }) {
            var room = each
            for comparison in ["=", "<>"] where room > 0 {
                found += try registrations(
                    """
                    WHERE \(search.clause) AND due_minor \(comparison) ?
                        AND \(Self.isWaiting) AND due_minor > paid_minor LIMIT ?
                    """, search.hashes + [due.minorUnits, room]
                ) { row in
                    room -= 1
                    return seen.insert(row.id).inserted
                }
            }
        }
        return found
    }

    /// Registrations that owe exactly `sum`, and whose name has the first word of this one and the
    /// initial of its second: all whose names may go on where a bank cut this one, at most `limit`.
    package func openRegistrations(
        continuing name: PersonName, sum: Money, limit: Int
    ) throws(LedgerError) -> [Registration] {
        guard let given = keyring.number(name.handles.given, for: .given) else { return [] }
        return try registrations(
            """
            WHERE given_hash = ? AND due_minor - paid_minor = ? AND currency = ?
                AND \(Self.isWaiting) LIMIT ?
            """, [given, sum.minorUnits, sum.currency.code, limit])
    }

    /// Registrations that wait for exactly `sum` and whose name begins with one of these folded
    /// words; at most `limit`.
    package func openRegistrations(
        givenOneOf words: [String], sum: Money, limit: Int
    ) throws(LedgerError) -> [Registration] {
        guard !words.isEmpty else { return [] }
        // The handle bears the initial of what follows, and there are not many.
        let hashes = words.flatMap { word in
            (UInt8(ascii: "a")...UInt8(ascii: "z")).map { letter in
                keyring.number("\(word) \(Character(UnicodeScalar(letter)))", for: .given)
            }
        }
        let places = repeatElement("?", count: hashes.count).joined(separator: ",")
        return try registrations(
            """
            WHERE given_hash IN (\(places)) AND due_minor - paid_minor = ? AND currency = ?
                AND \(Self.isWaiting) LIMIT ?
            """, hashes + [sum.minorUnits, sum.currency.code, limit])
    }

    private static let isWaiting = Schema.isOneOf(
        [RegistrationState.awaitingPayment, .underpaid, .offered], "state")
}
