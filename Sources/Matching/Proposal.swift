// SPDX-License-Identifier: Apache-2.0

package import Domain

extension Verdict {
    /// As many candidates as fit a screen and can be compared by eye.
    static let candidatesMax = 5

    /// Puts these before all others who are proposed.
    mutating func propose(first some: [Candidate]) {
        let others = candidates.filter { other in
            !some.contains { $0.registration == other.registration }
        }
        candidates = Array((some + others).prefix(Self.candidatesMax))
    }

    /// The verdict as a question: nothing is booked, what would have been stands first, with what
    /// speaks for it and how alike the names are.
    ///
    /// - Parameter doubts: why a person has to decide; they come before the other reasons, each
    ///   once.
    /// - Throws: what `lookup` throws.
    package func proposal(
        because doubts: [Reason] = [], of notice: PaymentNotice, _ lookup: some RegistrationLookup
    ) throws -> Verdict {
        let proposed = try allocations.map { allocation in
            Candidate(
                registration: allocation.registration, reasons: reasons,
                similarity: NameSimilarity.score(
                    notice, try lookup.registration(id: allocation.registration)?.name))
        }
        let others = candidates.filter { other in
            !proposed.contains { $0.registration == other.registration }
        }
        var seen: Set<Reason> = []
        return Verdict(
            .review, reasons: (doubts + reasons).filter { seen.insert($0).inserted },
            candidates: Array((proposed + others).prefix(max(proposed.count, Self.candidatesMax))),
            reference: reference)
    }
}

extension NameSimilarity {
    /// The likeness of a guest and of the payer whom a notice names.
    package static func score(_ notice: PaymentNotice, _ guest: PersonName?) -> Int {
        score(PayerText(notice.payer, description: nil).payer, guest)
    }
}
