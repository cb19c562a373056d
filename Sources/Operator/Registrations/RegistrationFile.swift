// SPDX-License-Identifier: Apache-2.0

internal import Cryptography
internal import Domain
internal import FoundationEssentials

/// Reads `id,event,name,email,phone,amount,currency,reference,registered_at`, and `remember_payer`
/// (yes or no: the guest agreed that who paid for them is remembered).
///
/// Columns may stand in any order; `id`, `event` and `amount` must be there. An empty currency is
/// TRY, an empty reference is given a fresh code. One bad field refuses the whole file.
struct RegistrationFile {
    /// A file of a whole season; more rows are a mistake.
    private static let rowsMax = 1_000_000
    private static let columns = [
        "id", "event", "name", "email", "phone", "amount", "currency", "reference",
        "registered_at", "remember_payer",
    ]

    let path: String
    /// The two letters that begin the codes of an event.
    let prefixes: [EventID: String]
    let now: Date

    /// A row. A code that was not given but made may give way to the one that the ledger knows.
    struct Entry {
        let registration: Registration
        let isReferenceGiven: Bool
        let isTimeGiven: Bool
        let line: Int

        /// Clocks and time zones differ by less than a day.
        private static let clockGap: TimeInterval = 86_400

        /// Whether it says that the guest registers tomorrow or later.
        func isAhead(of now: Date) -> Bool {
            registration.registeredAt > now + Self.clockGap
        }
    }

    /// - Throws: `Failure` with the place of what cannot be used.
    static func load(
        _ path: String, prefixes: [EventID: String], now: Date
    ) throws(Failure) -> [Entry] {
        do throws(ConfigurationError) {
            return try open(path, prefixes: prefixes, now: now)
        } catch {
            throw Failure(message: Language.ofProcess.text(of: error), code: .data)
        }
    }

    private static func open(
        _ path: String, prefixes: [EventID: String], now: Date
    ) throws(ConfigurationError) -> [Entry] {
        guard let data = FileManager.default.contents(atPath: path) else {
            throw ConfigurationError(
                path: path, line: 0, column: 0, message: "the file cannot be read")
        }
        guard let text = String(validating: data, as: UTF8.self) else {
            throw ConfigurationError(
                path: path, line: 0, column: 0,
                message: "the file is not UTF-8; save it as \"CSV UTF-8\"")
        }
        return try RegistrationFile(path: path, prefixes: prefixes, now: now).read(text)
    }

    func read(_ text: String) throws(ConfigurationError) -> [Entry] {
        var reader = CSVReader(text)
        guard let head = try row(&reader) else {
            throw ConfigurationError(
                path: path, line: 1, column: 1,
                message: "the file is empty; its first line names the columns: "
                    + Self.columns.joined(separator: ","))
        }
        let order = try order(head)
        var result: [Entry] = []
        var lines: [RegistrationID: Int] = [:]
        var codes: [ReferenceCode: Int] = [:]
        while let fields = try row(&reader) {
            guard result.count < Self.rowsMax else {
                throw refuse(fields[0], "more than \(Self.rowsMax) rows")
            }
            guard fields.count == head.count else {
                throw refuse(
                    fields[min(fields.count, head.count) - 1],
                    "\(fields.count) fields, but the first line names \(head.count) columns")
            }
            let row = Row(fields: fields, order: order)
            let registration = try registration(row, codes: codes)
            if let line = lines.updateValue(fields[0].line, forKey: registration.id) {
                throw refuse(fields[0], "the id stands on line \(line) already")
            }
            if let line = codes.updateValue(fields[0].line, forKey: registration.reference) {
                throw refuse(
                    row["reference"] ?? fields[0],
                    "the reference stands on line \(line) already; every registration needs its own"
                )
            }
            result.append(
                Entry(
                    registration: registration, isReferenceGiven: row["reference"] != nil,
                    isTimeGiven: row["registered_at"] != nil, line: fields[0].line))
        }
        return result
    }

    // MARK: - One row

    private func row(
        _ reader: inout CSVReader
    ) throws(ConfigurationError) -> [CSVReader.Field]? {
        do throws(CSVError) {
            return try reader.next()
        } catch {
            throw ConfigurationError(
                path: path, line: error.line, column: error.column, message: error.message)
        }
    }

    private struct Row {
        let fields: [CSVReader.Field]
        let order: [String: Int]

        subscript(_ column: String) -> CSVReader.Field? {
            order[column].map { fields[$0] }.flatMap { $0.text.isEmpty ? nil : $0 }
        }
    }

    private func order(_ head: [CSVReader.Field]) throws(ConfigurationError) -> [String: Int] {
        var order: [String: Int] = [:]
        for (index, field) in head.enumerated() {
            let name = field.text.lowercased()
            guard Self.columns.contains(name) else {
                throw refuse(
                    field, "unknown column; known are \(Self.columns.joined(separator: ", "))")
            }
            guard order.updateValue(index, forKey: name) == nil else {
                throw refuse(field, "the column stands twice")
            }
        }
        for needed in ["id", "event", "amount"] where order[needed] == nil {
            throw refuse(head[0], "the column `\(needed)` is missing")
        }
        return order
    }

    private func registration(
        _ row: Row, codes: [ReferenceCode: Int]
    ) throws(ConfigurationError) -> Registration {
        guard let id = row["id"] else { throw refuse(row.fields[0], "the id is empty") }
        guard let event = row["event"] else { throw refuse(row.fields[0], "the event is empty") }
        guard id.text.utf8.count <= 100, event.text.utf8.count <= 100 else {
            throw refuse(id, "id and event are at most 100 bytes long")
        }
        var currency = Currency.turkishLira
        if let field = row["currency"] {
            guard let named = Currency(field.text) else {
                throw refuse(field, "not a currency; write three letters such as TRY")
            }
            currency = named
        }
        guard let amountField = row["amount"],
            let due = Money(decimal: amountField.text, currency: currency), due.minorUnits > 0
        else {
            throw refuse(
                row["amount"] ?? row.fields[0],
                currency.hasMinorUnit
                    ? "not an amount; write it with a dot and two decimals, such as 1250.00"
                    : "not an amount; \(currency) has no decimals, write it such as 1250")
        }
        var phone: PhoneNumber?
        if let field = row["phone"] {
            guard let number = PhoneNumber(field.text) else {
                throw refuse(field, "not a phone number; write it as 5XXXXXXXXX or +90 5XX …")
            }
            phone = number
        }
        if let field = row["email"], !field.text.contains("@") {
            throw refuse(field, "not an e-mail address")
        }
        var registeredAt = now
        if let field = row["registered_at"] {
            guard let date = Timestamp.date(field.text) else {
                throw refuse(field, "not a time; write ISO 8601, such as 2026-11-20T09:12:00Z")
            }
            registeredAt = date
        }
        let eventID = EventID(event.text)
        return Registration(
            id: RegistrationID(id.text), event: eventID,
            name: row["name"].flatMap { PersonName($0.text) }, email: row["email"]?.text,
            phone: phone, due: due, reference: try reference(row, event: eventID, codes: codes),
            registeredAt: registeredAt, remembersPayer: try isAgreed(row["remember_payer"]))
    }

    private func isAgreed(_ field: CSVReader.Field?) throws(ConfigurationError) -> Bool {
        switch field?.text.turkishFolded() {
        case nil, "no", "hayir", "0": return false
        case "yes", "evet", "1": return true
        case .some:
            guard let field else { return false }
            throw refuse(field, "write yes or no")
        }
    }

    private func reference(
        _ row: Row, event: EventID, codes: [ReferenceCode: Int]
    ) throws(ConfigurationError) -> ReferenceCode {
        if let field = row["reference"] {
            guard let code = ReferenceCode(field.text.uppercased()) else {
                throw refuse(
                    field,
                    "not a reference code: two letters, six signs and a check sign that fits; "
                        + "leave the field empty to have one made")
            }
            return code
        }
        let prefix = prefixes[event] ?? Self.prefix(of: event)
        for _ in 0..<100 {
            if let code = ReferenceCode.random(prefix: prefix), codes[code] == nil { return code }
        }
        throw refuse(row.fields[0], "no reference code could be made for event \(event)")
    }

    /// Without a configured prefix: the first two consonants of the event's name.
    private static func prefix(of event: EventID) -> String {
        let letters = event.text.turkishFolded().uppercased().filter {
            "BCDFGHJKLMNPRSTVYZ".contains($0)
        }
        return letters.count >= 2 ? String(letters.prefix(2)) : "KT"
    }

    private func refuse(_ field: CSVReader.Field, _ message: String) -> ConfigurationError {
        ConfigurationError(
            path: path, line: field.line, column: field.column, message: message)
    }
}

extension ReferenceCode {
    /// A fresh code. Its payload has a letter and a digit, so that no query number looks like it.
    static func random(prefix: String) -> ReferenceCode? {
        guard let bytes = try? SecureRandom.bytes(count: payloadLength * 4) else { return nil }
        // 253 = 11 · 23: larger bytes are dropped, so that every sign is equally likely.
        let signs = bytes.filter { $0 < 253 }.prefix(payloadLength).map {
            alphabet[Int($0) % alphabet.count]
        }
        guard signs.contains(where: { $0 < 58 }), signs.contains(where: { $0 > 64 }) else {
            return nil
        }
        return ReferenceCode(prefix: prefix, payload: String(decoding: signs, as: UTF8.self))
    }
}
