// SPDX-License-Identifier: Apache-2.0

import Domain

/// What one notice and the registrations say together. It lives for one verdict.
struct Evidence<Lookup: RegistrationLookup> {
    let notice: PaymentNotice
    let policy: MatchingPolicy
    let lookup: Lookup
    let payer: PersonName?
    /// The folded words of the description.
    let words: [String]

    init(notice: PaymentNotice, policy: MatchingPolicy, lookup: Lookup) {
        self.notice = notice
        self.policy = policy
        self.lookup = lookup
        payer = notice.payer.flatMap { PersonName(String($0.prefix(payerLengthMax))) }
        words = Self.words(of: notice.description ?? "")
    }

    private static func words(of description: String) -> [String] {
        let text = String(description.prefix(namedTextMax))
        // ASCII and the letters up to U+017F: each is one character, and folded stays what it is,
        // a letter or none.
        let isPlain = text.utf8.allSatisfy { byte in
            byte < 0x80 ? byte != 0x0D : byte < 0xC0 || (0xC3...0xC5).contains(byte)
        }
        guard isPlain else {
            return text.split { !($0.isLetter || $0.isNumber) }
                .map { String($0).turkishFolded() }
        }
        return text.turkishFolded().foldedWords()
    }

    /// The rows of the table in their order: codes, one repaired code, name and amount, a person.
    func verdict() throws -> Verdict {
        guard let description = notice.description else { return try byName(.noCode) }
        let prefixes = try lookup.referencePrefixes()
        let found = ReferenceFinder.find(in: description, prefixes: prefixes)
        var codes: [ReferenceCode] = []
        var repaired: [ReferenceCode] = []
        for find in found {
            switch find {
            case .exact(let code): codes.append(code)
            case .repaired(let candidates): repaired += candidates
            }
        }
        if !codes.isEmpty { return try byCodes(codes) }
        return try byRepair(repaired) ?? byName(.noCode)
    }

    // MARK: - Codes

    private func byCodes(_ codes: [ReferenceCode]) throws -> Verdict {
        let owners = try codes.map { (code: $0, owner: try lookup.registration(reference: $0)) }
        let known = owners.compactMap(\.owner)
        if let only = known.first, owners.count == 1 {
            return byCode(only)
        }
        if known.isEmpty {
            // The payer meant a registration that is not there: a name must not overrule that.
            var verdict = try byName(.codeUnknown)
            verdict = Ranking.toPerson(verdict)
            verdict.reference = codes.count == 1 ? codes.first : nil
            return verdict
        }
        if known.count == owners.count, let split = split(known) { return split }
        let unknown: [Reason] = known.count < owners.count ? [.codeUnknown] : []
        return review([.codeAmbiguous] + unknown, known.map { assess($0, [.codeExact]) })
    }

    private func byCode(_ registration: Registration) -> Verdict {
        let assessed = assess(registration, [.codeExact])
        guard assessed.isSameCurrency else {
            return review(assessed.reasons, [assessed], reference: registration.reference)
        }
        switch registration.standing {
        case .open: return booking(assessed)
        case .settled:
            return Verdict(
                .duplicate, reasons: assessed.reasons, candidates: [assessed.candidate],
                reference: registration.reference)
        case .closed: return review(assessed.reasons, [assessed], reference: registration.reference)
        }
    }

    /// Money with the code of an open registration is booked, whatever the sum and whoever paid.
    private func booking(_ assessed: Assessed) -> Verdict {
        let registration = assessed.registration
        let open = registration.open
        let surplus = notice.amount.subtracting(open)
        let isEnough = notice.amount.minorUnits >= open.minorUnits
        let hasSurplus = notice.amount.minorUnits > open.minorUnits
        return Verdict(
            hasSurplus ? .overpaid : isEnough ? .approve : .underpaid,
            allocations: [
                .init(registration: registration.id, amount: isEnough ? open : notice.amount)
            ],
            surplus: hasSurplus ? surplus : nil, reasons: assessed.reasons,
            reference: registration.reference)
    }

    /// Several registrations whose open sums are exactly what came, or nil.
    private func split(_ registrations: [Registration]) -> Verdict? {
        var rest: Money? = notice.amount
        for registration in registrations {
            guard registration.standing == .open, registration.open.minorUnits > 0 else {
                return nil
            }
            rest = rest?.subtracting(registration.open)
        }
        guard rest?.minorUnits == 0 else { return nil }
        return Verdict(
            .split,
            allocations: registrations.map { .init(registration: $0.id, amount: $0.open) },
            reasons: [.codeExact, .amountsAddUp])
    }

    // MARK: - One slip

    /// Nil when no open registration has any of these codes.
    private func byRepair(_ codes: [ReferenceCode]) throws -> Verdict? {
        var owners: [RegistrationID: Registration] = [:]
        for code in codes.prefix(repairsMax) {
            guard let owner = try lookup.registration(reference: code), owner.standing == .open
            else { continue }
            owners[owner.id] = owner
        }
        let assessed = owners.values.map { assess($0, [.codeRepaired]) }
        guard let only = assessed.first else { return nil }
        guard assessed.count == 1 else {
            return review([.codeRepaired, .severalCandidates], assessed)
        }
        let reference = only.registration.reference
        guard policy.repairedCode == .approve, only.isAmountEqual, only.agreement >= .agrees else {
            return review(only.reasons, [only], reference: reference)
        }
        return Verdict(
            .approve,
            allocations: [.init(registration: only.registration.id, amount: notice.amount)],
            reasons: only.reasons, reference: reference)
    }

    // MARK: - Name and amount

    private func byName(_ first: Reason) throws -> Verdict {
        func fits(_ candidate: Assessed) -> Bool {
            candidate.registration.standing == .open && candidate.isAmountEqual
                && candidate.agreement >= .agrees
        }
        var candidates = try namesakes().map { assess($0, [first]) }
        // Who has the payer's name and owes this sum is meant; only without such a one, or when
        // the name may be the beginning of another, all who owe the sum are gone through.
        if !candidates.contains(where: fits) || NameAgreement.mayBeCut(payer) {
            let known = Set(candidates.map(\.registration.id))
            candidates += try openOnes().filter { !known.contains($0.id) }
                .map { assess($0, [first]) }
        }
        let fitting = candidates.filter(fits)
        guard let only = fitting.first, fitting.count == 1, only.agreement == .equal else {
            return review(undecided(first, candidates, fitting: fitting.count), candidates)
        }
        let reasons = only.reasons + [.onlyCandidate]
        guard policy.nameAndAmount == .approve else { return review(reasons, candidates) }
        return Verdict(
            .approve,
            allocations: [.init(registration: only.registration.id, amount: notice.amount)],
            reasons: reasons)
    }

    private func undecided(_ first: Reason, _ candidates: [Assessed], fitting: Int) -> [Reason] {
        if candidates.count == 1 { return candidates[0].reasons }
        var reasons = payer == nil ? [first, .nameMissing] : [first]
        if candidates.isEmpty { reasons.append(.noCandidate) }
        if fitting > 1 { reasons.append(.severalCandidates) }
        return reasons
    }

    /// Registrations of the payer's name in any state. Banks and guests do not agree which word
    /// comes first, so each may be the first and each other one the last.
    private func namesakes() throws -> [Registration] {
        guard let words = payer?.words, let first = words.first, let last = words.last else {
            return []
        }
        var found: [Registration] = []
        var asked: Set<[String]> = []
        let pairs =
            words.count > permutedWordsMax
            ? [[first, last], [last, first]]
            : words.indices.flatMap { one in
                words.indices.filter { $0 != one || words.count == 1 }.map {
                    [words[one], words[$0]]
                }
            }
        for pair in pairs where asked.insert(pair).inserted {
            found += try lookup.registrations(firstWord: pair[0], lastWord: pair[1])
        }
        var seen: Set<RegistrationID> = []
        return found.filter {
            NameAgreement(payer: payer, guest: $0.name) > .unknown && seen.insert($0.id).inserted
        }
    }

    /// Open registrations of that amount whose name is not plainly another's.
    private func openOnes() throws -> [Registration] {
        try lookup.openRegistrations(due: notice.amount, limit: sameAmountMax).filter {
            NameAgreement(payer: payer, guest: $0.name) != .differs || sharesSurname($0.name)
                || isNamed($0.name)
        }
    }

    /// A parent or partner often pays; that is worth a proposal, and no more.
    private func sharesSurname(_ guest: PersonName?) -> Bool {
        guard let payer, let guest, payer.words.count > 1 else { return false }
        return payer.words.last == guest.words.last
    }

    /// Who pays for somebody else often writes the name. Payer's words prove nothing, though.
    private func isNamed(_ guest: PersonName?) -> Bool {
        guard let name = guest?.words, name.count > 1, name.count <= words.count else {
            return false
        }
        return words.indices.contains { words[$0] == name[0] && words[$0...].starts(with: name) }
    }

    // MARK: - To a person

    private func assess(_ registration: Registration, _ first: [Reason]) -> Assessed {
        Assessed(
            registration, notice: notice, payer: payer, isNamed: isNamed(registration.name),
            first: first)
    }

    private func review(
        _ reasons: [Reason], _ candidates: [Assessed], reference: ReferenceCode? = nil
    ) -> Verdict {
        Verdict(
            .review, reasons: reasons, candidates: Ranking.best(of: candidates),
            reference: reference)
    }
}

/// The longest names that banks print have 70 signs; beyond this it is no name.
private let payerLengthMax = 200
/// Two damaged codes give fewer than 40 candidates; what is more is noise.
private let repairsMax = 64
/// Four words are twelve look-ups. A name of more words is found by its ends alone.
private let permutedWordsMax = 4
/// A person looks at five candidates; among so many of one amount the best are found.
private let sameAmountMax = 500
/// Descriptions end at 140 signs; the rest of a longer text names nobody.
private let namedTextMax = 500
