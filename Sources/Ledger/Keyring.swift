// SPDX-License-Identifier: Apache-2.0

internal import Cryptography
internal import Domain
internal import GRDB

/// The key of one person: seals the person's columns and raw mail. Destroyed, they are unreadable.
struct SubjectKey: Sendable {
    let key: SealingKey
}

/// Everything that is derived from the master key, so that the key itself is used for nothing else.
struct Keyring: Sendable {
    /// Wraps the subjects' keys.
    private let wrapping: SealingKey
    private let lookupKey: HMACKey
    private let ticketKey: HMACKey
    let auditKey: HMACKey
    /// Tells whether a database was made with this key.
    private let fingerprint: [UInt8]

    init(masterKey: SealingKey) throws(LedgerError) {
        do {
            wrapping = try SealingKey(bytes: masterKey.derive("ledger/wrap/1"))
        } catch {
            throw LedgerError(operation: "open", subject: "master key", cause: .seal)
        }
        lookupKey = HMACKey(masterKey.derive("ledger/lookup/1"))
        ticketKey = HMACKey(masterKey.derive("ledger/ticket/1"))
        auditKey = HMACKey(masterKey.derive("ledger/audit/1"))
        fingerprint = masterKey.derive("ledger/fingerprint/1")
    }

    /// Writes the fingerprint into a new database, and refuses one of another key.
    func check(in db: Database) throws {
        let row = try Row.fetchOne(
            db, sql: "SELECT value FROM setting WHERE name = 'key_fingerprint'")
        guard let found = row?.bytes("value") else {
            try db.execute(
                sql: "INSERT INTO setting (name, value) VALUES ('key_fingerprint', ?)",
                arguments: [fingerprint.blob])
            return
        }
        guard found == fingerprint else {
            throw LedgerError(operation: "open", subject: "master key", cause: .wrongMasterKey)
        }
    }
}

// MARK: - Look-ups

extension Keyring {
    /// What a look-up is for; the same text gives another hash for another purpose.
    enum Lookup: String {
        case email, phone, name, transaction, content, payer, guest
        case given, surname, initials
    }

    /// 16 bytes of a keyed hash: equal texts can be found, and without the key not guessed.
    func hash(_ text: String, for lookup: Lookup) -> [UInt8] {
        Array(code(of: text, for: lookup).prefix(16))
    }

    private func code(of text: String, for lookup: Lookup) -> [UInt8] {
        var message: [UInt8] = []
        message.reserveCapacity(lookup.rawValue.utf8.count + 1 + text.utf8.count)
        message.append(contentsOf: lookup.rawValue.utf8)
        message.append(0)
        message.append(contentsOf: text.utf8)
        return lookupKey.code(of: message)
    }

    /// 32 bytes for a line of a statement; it names a payer and must not be guessed.
    func identity(ofStatementLine text: String) -> [UInt8] {
        lookupKey.code(of: Array("statement\u{0}\(text)".utf8))
    }

    /// Half as much as a number, for one that only narrows a search down: what is found by it
    /// is opened and compared.
    func number(_ text: String, for lookup: Lookup) -> Int64 {
        code(of: text, for: lookup).prefix(8).reduce(0) { $0 << 8 | Int64($1) }
    }

    func number(_ text: String?, for lookup: Lookup) -> Int64? {
        text.map { number($0, for: lookup) }
    }

    func number(_ ends: NameEnds) -> Int64 {
        number(ends.words.joined(separator: "\u{0}"), for: .name)
    }

    /// A payer is known by the words of the name in any order.
    func hash(payer: PersonName) -> [UInt8] {
        hash(payer.words.sorted().joined(separator: "\u{0}"), for: .payer)
    }

    /// A guest is known by the address, as registrations are found by it, or by the name where
    /// there is none.
    func hash(guest: Registration) -> [UInt8]? {
        if let email = guest.email { return hash(email: email) }
        return guest.name.map { hash($0.words.joined(separator: "\u{0}"), for: .guest) }
    }

    func hash(email: String) -> [UInt8] { hash(email.turkishFolded(), for: .email) }

    /// The secret part of a ticket's address: 16 signs of base 32 (RFC 4648), 80 bits.
    func ticketToken(of registration: RegistrationID) -> String {
        let hash = ticketKey.code(of: Array(registration.text.utf8))
        var token: [UInt8] = []
        token.reserveCapacity(16)
        var bits: UInt32 = 0
        var count = 0
        for byte in hash.prefix(10) {
            bits = (bits & 0x1F) << 8 | UInt32(byte)
            count += 8
            while count >= 5 {
                count -= 5
                token.append(base32[Int(bits >> UInt32(count) & 31)])
            }
        }
        return String(decoding: token, as: UTF8.self)
    }
}

private let base32 = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".utf8)

// MARK: - Sealing

extension Keyring {
    /// A wrapped key moved to another subject opens, and then opens nothing of that subject.
    private static let wrapContext = Array("subject/wrapped_key".utf8)

    func wrap(_ key: SealingKey) throws -> [UInt8] {
        try sealing("subject") { try wrapping.seal(key.export(), context: Self.wrapContext) }
    }

    func unwrap(_ wrapped: [UInt8]) throws -> SubjectKey {
        try sealing("subject") {
            let bytes = try wrapping.open(wrapped, context: Self.wrapContext)
            return SubjectKey(key: try SealingKey(bytes: bytes))
        }
    }
}

extension SubjectKey {
    /// Bound to table, column and row: a sealed value copied into another row does not open.
    func seal(_ plain: [UInt8], in column: String, row: String) throws -> [UInt8] {
        try sealing(column) { try key.seal(plain, context: Array("\(column)/\(row)".utf8)) }
    }

    func open(_ sealed: [UInt8], in column: String, row: String) throws -> [UInt8] {
        try sealing(column) { try key.open(sealed, context: Array("\(column)/\(row)".utf8)) }
    }
}

private func sealing<T>(_ subject: String, _ body: () throws -> T) throws -> T {
    do {
        return try body()
    } catch {
        throw LedgerError(operation: "seal", subject: subject, cause: .seal)
    }
}
