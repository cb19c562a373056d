// SPDX-License-Identifier: Apache-2.0

internal import Cryptography
package import Domain
package import FoundationEssentials
internal import GRDB

/// A person, or all of them in a temporary ledger, with the key that seals what is personal.
struct Subject: Sendable {
    let id: Int64
    let key: SubjectKey
}

extension LedgerTransaction {
    /// A new person with a new random key, written down wrapped.
    func makeSubject() throws -> Subject {
        let subject: Subject
        if let everybody {
            subject = everybody
        } else {
            let key = try SealingKey.random()
            try run("INSERT INTO subject (wrapped_key) VALUES (?)", [try keyring.wrap(key).blob])
            subject = Subject(id: db.lastInsertedRowID, key: SubjectKey(key: key))
        }
        notes.lastSubject = subject
        return subject
    }

    /// The key of a person, or nil when it was destroyed.
    func key(ofSubject id: Int64) throws -> SubjectKey? {
        if let everybody, everybody.id == id { return everybody.key }
        if let last = notes.lastSubject, last.id == id { return last.key }
        var wrapped: [UInt8]?
        try each("SELECT wrapped_key FROM subject WHERE id = ?", [id]) { wrapped = $0.bytes(0) }
        guard let wrapped else { return nil }
        let key = try keyring.unwrap(wrapped)
        notes.lastSubject = Subject(id: id, key: key)
        return key
    }

    /// The fields of a row's `personal` column, all nil when the person was forgotten.
    func openPersonal(
        _ sealed: [UInt8]?, of subject: Int64, in column: String, row id: String, count: Int
    ) throws -> [String?] {
        try openPersonal(
            sealed, with: try key(ofSubject: subject), in: column, row: id, count: count)
    }

    /// The same where the key is known already.
    func openPersonal(
        _ sealed: [UInt8]?, with key: SubjectKey?, in column: String, row id: String, count: Int
    ) throws -> [String?] {
        guard let key, let sealed else { return Array(repeating: nil, count: count) }
        let plain = try key.open(sealed, in: column, row: id)
        guard let fields = SealedFields.decode(plain), fields.count == count else {
            throw LedgerError(operation: "seal", subject: column, cause: .seal)
        }
        return fields
    }

    /// Destroys the keys of a registrant and of the mails whose money was booked to the
    /// registration, and the look-up hashes: names, addresses and raw mail cannot be read again.
    /// Amounts, times, states and bookings stay.
    ///
    /// - Returns: how many keys were destroyed.
    package func forget(_ registration: RegistrationID, at now: Date) throws(LedgerError) -> Int {
        try attempt("subjects.forget", registration.text) {
            let account = Account.registration(registration).name
            let subjects = try rows(
                """
                SELECT id FROM subject WHERE wrapped_key IS NOT NULL AND id IN (
                    SELECT subject FROM registration WHERE id = ?1
                    UNION SELECT payment.subject FROM payment
                        JOIN booking ON booking.payment = payment.id
                        WHERE booking.credit = ?2 AND booking.credit GLOB 'registration:?*')
                """, [registration.text, account]
            ).map { $0["id"] as Int64 }
            for subject in subjects {
                try run(
                    "UPDATE subject SET wrapped_key = NULL, destroyed_at = ? WHERE id = ?",
                    [now.milliseconds, subject])
                try run(
                    """
                    UPDATE payment SET transaction_hash = NULL, payer_hash = NULL
                    WHERE subject = ?
                    """, [subject])
                try run(
                    "DELETE FROM mail_raw WHERE mail IN (SELECT id FROM mail WHERE subject = ?)",
                    [subject])
            }
            try forgetPayers(of: registration)
            try run(
                """
                UPDATE registration SET email_hash = NULL, phone_hash = NULL, name_hash = NULL,
                    given_hash = NULL, surname_hash = NULL, initials_hash = NULL
                WHERE id = ?
                """, [registration.text])
            notes.lastSubject = nil
            return subjects.count
        }
    }
}

/// Optional texts one behind the other, so that a row needs one seal only: per field a byte 0
/// (nil) or 1, then the length in UTF-8 as four bytes, lowest first, then the text.
enum SealedFields {
    static func encode(_ fields: [String?]) -> [UInt8] {
        var bytes: [UInt8] = []
        for field in fields {
            guard let field else {
                bytes.append(0)
                continue
            }
            bytes.append(1)
            let length = UInt32(clamping: field.utf8.count)
            for shift in stride(from: UInt32(0), to: 32, by: 8) {
                bytes.append(UInt8(truncatingIfNeeded: length >> shift))
            }
            bytes.append(contentsOf: field.utf8)
        }
        return bytes
    }

    static func decode(_ bytes: [UInt8]) -> [String?]? {
        var fields: [String?] = []
        var rest = bytes[...]
        while let mark = rest.popFirst() {
            if mark == 0 {
                fields.append(nil)
                continue
            }
            guard mark == 1, rest.count >= 4 else { return nil }
            let length = rest.prefix(4).reversed().reduce(0) { $0 << 8 | Int($1) }
            rest = rest.dropFirst(4)
            guard rest.count >= length else { return nil }
            fields.append(String(decoding: rest.prefix(length), as: UTF8.self))
            rest = rest.dropFirst(length)
        }
        return fields
    }
}
