// SPDX-License-Identifier: Apache-2.0

internal import Domain
internal import FoundationEssentials
internal import Ledger

/// Puts the rows of a registration file into the ledger, in the caller's transaction.
enum RegistrationImport {
    static func insert(
        _ entries: [RegistrationFile.Entry], path: String, in books: LedgerTransaction
    ) throws -> ImportResult {
        var result = ImportResult()
        for entry in entries {
            var registration = entry.registration
            if !entry.isReferenceGiven, let known = try books.registration(registration.id) {
                // The code was made by an earlier import of this file; the time may have been too.
                registration = registration.keeping(
                    known.reference,
                    registeredAt: entry.isTimeGiven ? registration.registeredAt : known.registeredAt
                )
            } else if !entry.isTimeGiven, let known = try books.registration(registration.id) {
                registration = registration.keeping(
                    registration.reference, registeredAt: known.registeredAt)
            }
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
        return Failure(message: "\(path):\(entry.line):1: \(message)", code: .data)
    }
}

extension Registration {
    fileprivate func keeping(_ reference: ReferenceCode, registeredAt: Date) -> Registration {
        Registration(
            id: id, event: event, name: name, email: email, phone: phone, due: due,
            reference: reference, registeredAt: registeredAt, state: state, paid: paid)
    }
}
