// SPDX-License-Identifier: Apache-2.0

import Domain

/// Who may be meant where no code says it.
extension Evidence {
    /// Who may be meant, without a code: whose own sum it is, those of the payer's name, those whom
    /// the payer names, near names, and some who owe exactly this. `isComplete` is false when the
    /// name may go on where the bank cut it, and not all who may be meant were looked at.
    ///
    /// - Parameters:
    ///   - owners: those who were given this sum as their own.
    ///   - others: who is not meant.
    func candidates(
        _ first: Reason, owners: [Registration], except others: Set<RegistrationID> = []
    ) throws -> (found: [Assessed], isComplete: Bool) {
        var seen = others.union(owners.map(\.id))
        var found = try owners.map { owner in
            try assess(owner, owners.count == 1 ? [first, .amountOwn] : [first])
        }
        func add(_ registrations: [Registration], if isWorthIt: (Assessed) -> Bool) throws {
            for registration in registrations where seen.insert(registration.id).inserted {
                let assessed = try assess(registration, [first])
                if isWorthIt(assessed) { found.append(assessed) }
            }
        }
        try add(try namesakes(of: payer)) { _ in true }
        try add(try named() + namesakes(of: who.beneficiary)) { $0.isNamed }
        if let payer {
            try add(try lookup.registrations(rememberedFor: payer)) {
                $0.registration.standing == .open
            }
        }
        // Who has the payer's name and owes this sum is meant, unless the name may be the beginning
        // of another's.
        if found.contains(where: fits) {
            guard let payer, NameAgreement.mayBeCut(payer) else { return (found, true) }
            let longer = try lookup.openRegistrations(
                continuing: payer, sum: notice.amount, limit: longerMax)
            try add(longer) { $0.agreement > .unknown }
            return (found, longer.count < longerMax)
        }
        // Who is named and owes this sum is meant, whoever pays. Else of the many who owe it the
        // near ones are worth a look, and where nobody better is known all: mothers and employers
        // pay under names of their own.
        if payer == nil || !found.contains(where: { $0.isNamed && $0.isAmountEqual }) {
            if let payer {
                let near = try lookup.openRegistrations(
                    near: payer, due: notice.amount, each: handleMax)
                try add(near) { $0.isNear(to: payer) }
            }
            let isAnybodyKnown = payer != nil && found.contains(where: \.isPointedAt)
            try add(
                try lookup.openRegistrations(
                    due: notice.amount, until: notice.occurredAt, limit: sameAmountMax)
            ) {
                $0.isNear(to: payer) || !isAnybodyKnown
            }
        }
        return (found, true)
    }

    /// Registrations of a name in any state, all of them that the sum concerns. Banks and guests do
    /// not agree which word comes first, so each may be the first and each other one the last.
    func namesakes(of name: PersonName?) throws -> [Registration] {
        guard let words = name?.bareWords, let first = words.first, let last = words.last else {
            return []
        }
        let pairs: Set<NameEnds> =
            words.count > permutedWordsMax || words.count == 1
            ? [NameEnds(first, last)]
            : Set(
                words.indices.flatMap { one in
                    words[..<one].map { NameEnds($0, words[one]) }
                })
        let found = try lookup.registrations(
            named: Array(pairs), sum: notice.amount, others: handleMax * pairs.count)
        return found.filter { NameAgreement(payer: name, guest: $0.name) > .unknown }
    }

    /// Registrations whose name stands in the description. Who is named counts whatever the sum.
    private func named() throws -> [Registration] {
        try lookup.registrations(named: written.ends(), sum: notice.amount, others: namedMax)
    }

    /// Who pays for somebody else often writes the name. Payer's words prove nothing, though.
    func isNamed(_ guest: PersonName?) -> Bool {
        if NameAgreement(payer: who.beneficiary, guest: guest) >= .agrees { return true }
        return guest.map(written.contains) ?? false
    }
}

extension Assessed {
    /// The sum, the payer's name or words, or a memory of the payer says that it may be this one.
    fileprivate var isPointedAt: Bool {
        isAmountEqual || isOwner || agreement > .unknown || isNamed || isKnown
    }

    /// Worth showing: the names are alike, share the surname, or the payer named or knows them.
    fileprivate func isNear(to payer: PersonName?) -> Bool {
        if agreement != .differs || isNamed || isKnown || similarity >= 40 { return true }
        guard let payer, let guest = registration.name, payer.words.count > 1 else { return false }
        return payer.lastWord == guest.lastWord
    }
}

/// Registrations read for one handle of a name: some ten microseconds each, for five proposals.
private let handleMax = 8
/// Registrations looked at whose names may go on where the payer's was cut; if there are more, a
/// person decides.
private let longerMax = 60
/// Four words are six look-ups. A name of more words is found by its ends alone.
private let permutedWordsMax = 4
/// A person looks at five candidates; who owes the sum is one reason among others, and a price is
/// owed by thousands.
private let sameAmountMax = 8
/// Registrations of another sum that are read because their names stand in the description; more
/// than a family or a company sends.
private let namedMax = 100
