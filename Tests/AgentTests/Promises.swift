// SPDX-License-Identifier: Apache-2.0

import Domain
import Ledger
import Sandbox
import Testing

/// What must hold whatever happened.
extension Site {
    /// Exactly these guests paid, were approved once and got one message; the books agree.
    func expectServed(
        _ guests: [Int], location: SourceLocation = #_sourceLocation
    ) async throws {
        let state = try await sandbox.look()
        let paid = Set(guests)
        for (index, entry) in season.entries.enumerated() {
            let once = paid.contains(index) ? 1 : 0
            let guest = state.guests[entry.registration.id.text]
            let messages = state.messages[entry.registration.phone?.digits ?? ""] ?? []
            #expect(guest?.approvals == once, "guest \(index)", sourceLocation: location)
            #expect(guest?.updateCalls == once, "guest \(index)", sourceLocation: location)
            #expect(messages.count == once, "guest \(index)", sourceLocation: location)
        }
        #expect(state.effects["phones_texted"] == paid.count, sourceLocation: location)
        try read { books in
            let counts = try books.counts()
            #expect(
                counts.registrations[.confirmed, default: 0] == paid.count,
                sourceLocation: location)
            #expect(
                counts.payments[.allocated, default: 0] == paid.count, sourceLocation: location)
            #expect(
                counts.effects.filter { $0.value > 0 }
                    == (paid.isEmpty ? [:] : [.done: 2 * paid.count]),
                sourceLocation: location)
            #expect(try books.imbalances().isEmpty, sourceLocation: location)
        }
    }
}
