// SPDX-License-Identifier: Apache-2.0

import Domain
import FoundationEssentials

/// What one notice and the registrations say together. It lives for one verdict.
struct Evidence<Lookup: RegistrationLookup> {
    let notice: PaymentNotice
    let policy: MatchingPolicy
    let lookup: Lookup
    let who: PayerText
    /// The names that may stand in the description.
    let written: WrittenNames

    init(notice: PaymentNotice, policy: MatchingPolicy, lookup: Lookup) {
        self.notice = notice
        self.policy = policy
        self.lookup = lookup
        who = PayerText(notice.payer, description: notice.description)
        written = WrittenNames(notice.description ?? "")
    }

    var payer: PersonName? { who.payer }

    /// The rows of the table in their order: codes, one repaired code, the own sum, name and
    /// amount, a person.
    func verdict() throws -> Verdict {
        guard let description = notice.description else { return try withoutCode(.noCode) }
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
        return try byRepair(repaired) ?? withoutCode(.noCode)
    }

    // MARK: - Codes

    private func byCodes(_ codes: [ReferenceCode]) throws -> Verdict {
        let owners = try codes.map { (code: $0, owner: try lookup.registration(reference: $0)) }
        let known = owners.compactMap(\.owner)
        if let only = known.first, owners.count == 1 {
            return try byCode(only)
        }
        if known.isEmpty {
            // The payer meant a registration that is not there: a name must not overrule that.
            var verdict = try withoutCode(.codeUnknown)
            verdict = try verdict.proposal(of: notice, lookup)
            verdict.reference = codes.count == 1 ? codes.first : nil
            let repaired = try repairedOwners().map { try assess($0, [.codeRepaired]) }
            verdict.propose(first: Ranking.best(of: repaired))
            return verdict
        }
        if known.count == owners.count, let split = try split(known) { return split }
        return try review(known, isAnyUnknown: known.count < owners.count)
    }

    /// Several codes of which not all are known, or whose sums are not what came; a further one
    /// with a slip may be what is missing.
    private func review(_ known: [Registration], isAnyUnknown: Bool) throws -> Verdict {
        let exact = try known.map { try assess($0, [.codeExact]) }
        let slipped = try repairedOwners().filter { owner in
            !known.contains { $0.id == owner.id }
        }
        let repaired = try slipped.map { try assess($0, [.codeRepaired]) }
        let unknown: [Reason] = isAnyUnknown ? [.codeUnknown] : []
        if let only = exact.first, exact.count == 1, only.isAmountEqual, repaired.isEmpty {
            return review(only.reasons + unknown, exact + repaired)
        }
        let sum = known + slipped
        let reasons: [Reason] =
            isSum(of: known) && (known.count > 1 || slipped.isEmpty)
            ? [.codeExact, .amountsAddUp]
            : isSum(of: sum) ? [.codeExact, .codeRepaired, .amountsAddUp] : [.codeAmbiguous]
        return review(reasons + unknown, exact + repaired)
    }

    private func byCode(_ registration: Registration) throws -> Verdict {
        let assessed = try assess(registration, [.codeExact])
        guard assessed.isSameCurrency else {
            return review(assessed.reasons, [assessed], reference: registration.reference)
        }
        switch registration.standing {
        case .open:
            let rivals = try rivals(of: assessed)
            guard rivals.isEmpty else {
                return review(
                    assessed.reasons + [.rivalNear], rivals + [assessed],
                    reference: registration.reference)
            }
            if let question = try second(besides: assessed) { return question }
            return try booking(assessed)
        case .settled:
            let slipped = try repairedOwners().map { try assess($0, [.codeRepaired]) }
            return secondPayment(
                assessed, rivals: try slipped.filter(\.isAmountEqual) + rivals(of: assessed))
        case .closed: return try late(assessed)
        }
    }

    /// A question, where a second code stands there with a slip: the money may be for that one.
    /// What cannot be repaired counts when it is not the owner who pays what is open: else nothing
    /// would speak for it. Of more than is open the rest is asked about anyway.
    private func second(besides owner: Assessed) throws -> Verdict? {
        let registration = owner.registration
        guard notice.amount.minorUnits <= registration.open.minorUnits else { return nil }
        let slipped = try repairedOwners().contains { $0.id != registration.id }
        if slipped { return try review([registration], isAnyUnknown: false) }
        guard owner.agreement < .agrees || !owner.isAmountEqual,
            try showsCodeOfAnother(than: registration, isPrefixed: true)
        else { return nil }
        return review(owner.reasons + [.otherNamed], [owner], reference: registration.reference)
    }

    /// Guests of the payer's own name who owe exactly what came, when the owner of the code has
    /// another name and does not: the code may be one that was passed around.
    private func rivals(of owner: Assessed) throws -> [Assessed] {
        guard owner.agreement == .differs,
            !(owner.registration.standing == .open && (owner.isAmountEqual || owner.waivable > 0))
        else { return [] }
        return try namesakes(of: payer).map { try assess($0, [.codeExact]) }.filter(fits)
    }

    /// Money with the code of an open registration is booked, whatever the sum and whoever paid.
    private func booking(_ assessed: Assessed) throws -> Verdict {
        let registration = assessed.registration
        let open = registration.open
        if assessed.waivable > 0 {
            let verdict = Verdict(
                .approve,
                allocations: [
                    .init(
                        registration: registration.id, amount: notice.amount,
                        waivedMinorUnits: assessed.waivable)
                ],
                reasons: assessed.reasons + [.ownWaived], reference: registration.reference)
            return try allowed(verdict, for: registration, row(for: assessed, .code))
        }
        let surplus = notice.amount.subtracting(open)
        let isEnough = notice.amount.minorUnits >= open.minorUnits
        let hasSurplus = notice.amount.minorUnits > open.minorUnits
        let verdict = Verdict(
            hasSurplus ? .overpaid : isEnough ? .approve : .underpaid,
            allocations: [
                .init(registration: registration.id, amount: isEnough ? open : notice.amount)
            ],
            surplus: hasSurplus ? surplus : nil, reasons: assessed.reasons,
            reference: registration.reference)
        return try allowed(
            verdict, for: registration,
            row(for: assessed, hasSurplus ? .tooMuch : isEnough ? .code : .tooLittle))
    }

    /// The row of a payment by code: another payer's name is a row of its own where the sum fits.
    private func row(for assessed: Assessed, _ row: EvidenceRow) -> [EvidenceRow] {
        assessed.agreement == .differs ? [row, .otherPayer] : [row]
    }

    private func secondPayment(_ assessed: Assessed, rivals: [Assessed]) -> Verdict {
        let registration = assessed.registration
        if policy[registration.event][.secondPayment] == .approve, rivals.isEmpty {
            return Verdict(
                .credit, surplus: nil, reasons: assessed.reasons,
                candidates: [assessed.candidate], reference: registration.reference)
        }
        return Verdict(
            .duplicate, reasons: assessed.reasons,
            candidates: Ranking.best(of: rivals + [assessed]), reference: registration.reference)
    }

    /// The time to pay was over, or it was called off: revived within the grace period while there
    /// is a place, for the whole sum. Nothing is revived for less.
    private func late(_ assessed: Assessed) throws -> Verdict {
        let registration = assessed.registration
        let reference = registration.reference
        guard registration.state == .expired || registration.state == .cancelled,
            registration.paid.minorUnits == 0,
            notice.amount.minorUnits >= registration.due.minorUnits
        else { return review(assessed.reasons, [assessed], reference: reference) }
        let rules = policy[registration.event]
        let delay = notice.occurredAt.timeIntervalSince(registration.stateSince)
        guard delay <= rules.graceSeconds else {
            return review(assessed.reasons + [.graceOver], [assessed], reference: reference)
        }
        if let seats = rules.seats, try lookup.seatsTaken(event: registration.event) >= seats {
            return review(assessed.reasons + [.noSeatFree], [assessed], reference: reference)
        }
        let surplus = notice.amount.subtracting(registration.due)
        let hasSurplus = (surplus?.minorUnits ?? 0) > 0
        let verdict = Verdict(
            hasSurplus ? .overpaid : .approve,
            allocations: [
                .init(registration: registration.id, amount: registration.due, revives: true)
            ],
            surplus: hasSurplus ? surplus : nil, reasons: assessed.reasons + [.graceRevives],
            reference: reference)
        return try allowed(
            verdict, for: registration,
            [.latePayment] + row(for: assessed, hasSurplus ? .tooMuch : .code))
    }

    /// Several registrations whose open sums are exactly what came, or nil.
    private func split(_ registrations: [Registration]) throws -> Verdict? {
        guard isSum(of: registrations) else { return nil }
        let verdict = Verdict(
            .split,
            allocations: registrations.map { .init(registration: $0.id, amount: $0.open) },
            reasons: [.codeExact, .amountsAddUp])
        let isAllowed = registrations.allSatisfy { policy[$0.event][.split] == .approve }
        return isAllowed
            ? verdict : try verdict.proposal(because: [.switchedOff], of: notice, lookup)
    }

    /// Whether they are all open, and owe together exactly what came.
    private func isSum(of registrations: [Registration]) -> Bool {
        var rest: Money? = notice.amount
        for registration in registrations {
            guard registration.standing == .open else { return false }
            rest = rest?.subtracting(registration.open)
        }
        return rest?.minorUnits == 0
    }

    // MARK: - One slip

    /// Nil when no open registration has any of these codes.
    private func byRepair(_ codes: [ReferenceCode]) throws -> Verdict? {
        let assessed = try openOwners(of: codes).map { try assess($0, [.codeRepaired]) }
        guard let only = assessed.first else { return nil }
        guard assessed.count == 1 else {
            return review([.codeRepaired, .severalCandidates], assessed)
        }
        let registration = only.registration
        let isOther = try isForAnother(than: registration) || !called(besides: registration).isEmpty
        let doubts: [Reason] = isOther ? [.otherNamed] : []
        guard doubts.isEmpty, only.isAmountEqual, only.agreement >= .agrees else {
            return review(only.reasons + doubts, [only], reference: registration.reference)
        }
        let verdict = Verdict(
            .approve,
            allocations: [.init(registration: registration.id, amount: notice.amount)],
            reasons: only.reasons, reference: registration.reference)
        return try allowed(verdict, for: registration, [.repairedCode])
    }

    // MARK: - No code

    private func withoutCode(_ first: Reason) throws -> Verdict {
        let owners = try lookup.registrations(ownAmount: notice.amount)
        let (known, isComplete) = try candidates(first, owners: owners)
        let byName = try byName(first, known, isComplete: isComplete)
        guard first == .noCode, byName.kind == .review else { return byName }
        return try byOwnAmount(owners, known, else: byName)
    }

    /// A sum that one registration alone was given, in an event whose registrations have such sums.
    /// A name that contradicts, a namesake who owes it too, or a second owner put it to a person.
    private func byOwnAmount(
        _ owners: [Registration], _ known: [Assessed], else question: Verdict
    ) throws -> Verdict {
        guard let owner = owners.first, owners.count == 1, owner.standing == .open,
            owner.open == notice.amount,
            let only = known.first(where: { $0.registration.id == owner.id })
        else { return question }
        let sameSum = try lookup.openRegistrations(due: notice.amount, limit: 2)
        let isRivalled = known.contains {
            $0.registration.id != owner.id && $0.isAmountEqual && $0.agreement >= .agrees
        }
        guard only.agreement != .differs, sameSum.count == 1, !isRivalled else { return question }
        let doubts = try doubts(about: owner)
        guard doubts.isEmpty else { return review(only.reasons + doubts, known) }
        guard policy[owner.event][.ownAmount] == .approve else {
            let reasons = question.reasons.filter { $0 != .switchedOff }
            return review([.switchedOff] + reasons, known)
        }
        return Verdict(
            .approve, allocations: [.init(registration: owner.id, amount: notice.amount)],
            reasons: only.reasons + [.onlyCandidate])
    }

    private func byName(
        _ first: Reason, _ candidates: [Assessed], isComplete: Bool
    ) throws -> Verdict {
        let fitting = candidates.filter(fits)
        guard isComplete, let only = fitting.first, fitting.count == 1, only.agreement == .equal
        else {
            return review(undecided(first, candidates, fitting: fitting.count), candidates)
        }
        // Somebody of the same name had to pay the same and has: it may be a second payment of
        // theirs.
        let hasRival = candidates.contains { other in
            other.registration.standing != .open && other.agreement >= .agrees
                && other.registration.due == notice.amount
                && !other.registration.isSameGuest(as: only.registration)
        }
        guard !hasRival else { return review(only.reasons + [.rivalNear], candidates) }
        // Who names another guest may pay for that one.
        let namesAnother = candidates.contains {
            $0.isNamed && $0.registration.id != only.registration.id
        }
        let doubts = try doubts(about: only.registration, first, namesAnother: namesAnother)
        let called = try called(besides: only.registration)
        guard doubts.isEmpty, called.isEmpty else {
            let ids = Set(called.map(\.id))
            let others = try called.map { try assess($0, [first], isCalled: true) }
            let rest = candidates.filter { !ids.contains($0.registration.id) }
            return review(
                only.reasons + (doubts.isEmpty ? [.otherNamed] : doubts), others + rest)
        }
        let reasons = only.reasons + [.onlyCandidate]
        guard policy[only.registration.event][.nameAndAmount] == .approve else {
            return review([.switchedOff] + reasons, candidates)
        }
        return Verdict(
            .approve,
            allocations: [.init(registration: only.registration.id, amount: notice.amount)],
            reasons: reasons)
    }

    /// What the payer's words say against the guest whose name or sum it is.
    private func doubts(
        about guest: Registration, _ first: Reason = .noCode, namesAnother: Bool = false
    ) throws -> [Reason] {
        let isOther =
            try namesAnother || isForAnother(than: guest)
            || who.mayNameAnother(than: guest, title: title(of: guest.event))
            || first == .noCode && showsCodeOfAnother(than: guest)
        return (isOther ? [.otherNamed] : [])
            + (who.isForAnotherPurpose(guest.event, policy) ? [.otherPurpose] : [])
    }

    private func isForAnother(than guest: Registration) -> Bool {
        who.isForAnother(than: guest, title: title(of: guest.event))
    }

    /// What the event is called by its id and in mails: words that are no names.
    func title(of event: EventID) -> Set<String> {
        policy[event].title.union(event.text.turkishFolded().foldedWords())
    }

    /// Guests who owe exactly what came and whose given name stands in the description: mothers
    /// and fathers write no more.
    private func called(besides guest: Registration) throws -> [Registration] {
        let words = who.givenNames(besides: guest).prefix(wordsMax)
        guard !words.isEmpty else { return [] }
        let own = Set(guest.name?.words ?? [])
        return try lookup.openRegistrations(
            givenOneOf: words.flatMap { word in
                [word] + WrittenNames.stems(of: word).filter { !own.contains($0) }
            }, sum: notice.amount, limit: calledMax
        ).filter { $0.id != guest.id }
    }

    func fits(_ candidate: Assessed) -> Bool {
        candidate.registration.standing == .open && candidate.isAmountEqual
            && candidate.agreement >= .agrees
    }

    private func undecided(_ first: Reason, _ candidates: [Assessed], fitting: Int) -> [Reason] {
        if candidates.count == 1 { return candidates[0].reasons }
        var reasons = payer == nil ? [first, .nameMissing] : [first]
        if candidates.isEmpty { reasons.append(.noCandidate) }
        if fitting > 1 { reasons.append(.severalCandidates) }
        return reasons
    }

    // MARK: - To a person

    func assess(
        _ registration: Registration, _ first: [Reason], isCalled: Bool = false
    ) throws -> Assessed {
        let isKnown = try payer.map { try lookup.isRemembered(payer: $0, for: registration) }
        return Assessed(
            registration, notice: notice, who: who,
            isNamed: isCalled || isNamed(registration.name), isKnown: isKnown ?? false,
            first: first)
    }

    /// The verdict, if the switches of its event allow every row that it rests on.
    private func allowed(
        _ verdict: Verdict, for registration: Registration, _ rows: [EvidenceRow]
    ) throws -> Verdict {
        let isAllowed = rows.allSatisfy { policy[registration.event][$0] == .approve }
        return isAllowed
            ? verdict : try verdict.proposal(because: [.switchedOff], of: notice, lookup)
    }

    private func review(
        _ reasons: [Reason], _ candidates: [Assessed], reference: ReferenceCode? = nil
    ) -> Verdict {
        Verdict(
            .review, reasons: reasons, candidates: Ranking.best(of: candidates),
            reference: reference)
    }
}

/// Words that are looked up as given names, and guests so called that are proposed: some ten
/// microseconds each.
private let wordsMax = 16
private let calledMax = 6
