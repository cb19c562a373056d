// SPDX-License-Identifier: Apache-2.0

internal import Domain
internal import FoundationEssentials
internal import Ledger
internal import Matching

/// Puts the rows of a registration file into the ledger, in the caller's transaction.
enum RegistrationImport {
    /// - Parameters:
    ///   - ownAmounts: events whose new registrations get a kuruş of their own.
    ///   - now: when the time to pay begins for new ones: nobody was told before. Nil in a replay,
    ///     where it began when they registered.
    static func insert(
        _ entries: [RegistrationFile.Entry], path: String, ownAmounts: Set<EventID> = [],
        now: Date? = nil, in books: LedgerTransaction
    ) throws -> ImportResult {
        try books.withLargeCache {
            try insertEach(entries, path: path, ownAmounts: ownAmounts, now: now, in: books)
        }
    }

    private static func insertEach(
        _ entries: [RegistrationFile.Entry], path: String, ownAmounts: Set<EventID>, now: Date?,
        in books: LedgerTransaction
    ) throws -> ImportResult {
        var result = ImportResult()
        for entry in entries {
            var registration = entry.registration
            if let known = try books.registration(registration.id) {
                // What the agent gave it stays: a code, the time of an earlier import, its kuruş.
                registration = registration.keeping(
                    entry.isReferenceGiven ? registration.reference : known.reference,
                    registeredAt: entry.isTimeGiven
                        ? registration.registeredAt : known.registeredAt,
                    ownMinorUnits: known.ownMinorUnits)
            } else if ownAmounts.contains(registration.event) {
                registration = registration.keeping(
                    registration.reference, registeredAt: registration.registeredAt,
                    ownMinorUnits: try ownMinorUnits(for: registration, in: books))
            }
            if let now { registration.stateSince = max(now, registration.registeredAt) }
            do {
                if try books.insert(registration) {
                    result.inserted += 1
                } else {
                    result.unchanged += 1
                }
            } catch {
                throw refusal(error, entry, path)
            }
        }
        return result
    }

    /// Refuses a new row for an event that the configuration does not name: its guest would never
    /// be approved or written to. Without any event in the configuration nothing is expected.
    static func expectEvents(
        of entries: [RegistrationFile.Entry], path: String, in configuration: Configuration,
        _ books: LedgerTransaction
    ) throws {
        let known = Set(configuration.matching.events.keys)
        guard !known.isEmpty else { return }
        for entry in entries {
            let event = entry.registration.event
            // A Luma id names its event by itself.
            guard !known.contains(event), !event.text.hasPrefix("evt-"),
                try books.registration(entry.registration.id) == nil
            else { continue }
            let names = known.map(\.text).sorted().joined(separator: ", ")
            throw Failure(
                place: "\(path):\(entry.line):1",
                message: "the event `\(event)` is not in the configuration, "
                    + "which names \(names); correct the row, or add the event under `events:`; "
                    + "nothing was imported", code: .data)
        }
    }

    /// New rows in a currency that their event does not have: a slip mostly, and never paid by
    /// money of the others' currency. Of an event without any registration its first row counts.
    static func strangeCurrencies(
        of entries: [RegistrationFile.Entry], in books: LedgerTransaction
    ) throws -> [RegistrationFile.Entry] {
        var known: [EventID: Set<Currency>] = [:]
        return try entries.filter { entry in
            let (event, currency) = (entry.registration.event, entry.registration.due.currency)
            if known[event] == nil { known[event] = try books.currencies(of: event) }
            if known[event]?.isEmpty ?? true { known[event] = [currency] }
            return known[event]?.contains(currency) != true
        }
    }

    /// A kuruş from 1 to 99 that makes a sum which no registration has or had; 0 when there is
    /// none left. Neighbours get sums that lie apart, so that a slip does not hit the next one.
    private static func ownMinorUnits(
        for registration: Registration, in books: LedgerTransaction
    ) throws -> Int64 {
        let taken = try books.ownMinorUnits(takenAt: registration.due)
        let step: Int64 = 37  // coprime to 99: every value comes once
        var value = (Int64(taken.count) * step) % 99 + 1
        for _ in 0..<99 {
            if !taken.contains(value) { return value }
            value = (value + step - 1) % 99 + 1
        }
        return 0
    }

    private static func refusal(
        _ error: LedgerError, _ entry: RegistrationFile.Entry, _ path: String
    ) -> any Error {
        let message: String
        switch error.cause {
        case .conflict:
            message =
                "registration \(entry.registration.id) is in the ledger with other contents; "
                + "nothing was imported"
        case .constraint:
            message =
                "the reference \(entry.registration.reference) belongs to another registration "
                + "already; nothing was imported"
        default: return error
        }
        return Failure(place: "\(path):\(entry.line):1", message: message, code: .data)
    }
}

extension Registration {
    /// The same with what the agent adds; `due` is the plain price before.
    fileprivate func keeping(
        _ reference: ReferenceCode, registeredAt: Date, ownMinorUnits: Int64
    ) -> Registration {
        let own = Money(minorUnits: ownMinorUnits, currency: due.currency)
        return Registration(
            id: id, event: event, name: name, email: email, phone: phone,
            due: due.adding(own) ?? due, reference: reference, registeredAt: registeredAt,
            state: state, ownMinorUnits: ownMinorUnits, remembersPayer: remembersPayer)
    }
}
