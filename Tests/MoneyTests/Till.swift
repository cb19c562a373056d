// SPDX-License-Identifier: Apache-2.0

import Cryptography
import Domain
import FoundationEssentials
import Matching
import Rules
import Testing
import Workflow

@testable import Agent
@testable import Ledger

/// 22 November 2026, 11:05:33 UTC; the tests never ask for the real time.
let noon = Date(timeIntervalSince1970: 1_795_345_533)
let gala = EventID("gala")

func lira(_ minorUnits: Int64) -> Money {
    Money(minorUnits: minorUnits, currency: .turkishLira)
}

func code(_ number: Int) throws -> ReferenceCode {
    var payload = [UInt8("2".utf8.first ?? 0), UInt8("C".utf8.first ?? 0)]
    var rest = number
    for _ in 0..<4 {
        payload.append(ReferenceCode.alphabet[rest % 23])
        rest /= 23
    }
    return try #require(
        ReferenceCode(prefix: "KT", payload: String(decoding: payload, as: UTF8.self)))
}

/// A ledger, the pipeline and the desk, with payments as their mails tell of them.
final class Till {
    let ledger: LedgerDatabase
    let pipeline: PaymentPipeline
    let desk: ReviewDesk
    var now = noon
    private var mails: UInt32 = 0

    init(
        _ policy: MatchingPolicy = MatchingPolicy(ownAccounts: .any, ownAddresses: .any),
        ledger: LedgerDatabase? = nil, instructed: Set<EventID> = []
    ) throws {
        desk = ReviewDesk(instructed: instructed)
        self.ledger = try ledger ?? LedgerDatabase.temporary(masterKey: .random())
        pipeline = PaymentPipeline(matcher: Matcher(policy: policy), instructed: instructed)
    }

    /// `g1`, `g2` … with the codes of their numbers.
    @discardableResult
    func guest(
        _ number: Int, _ name: String = "Elif Karaca", due: Int64 = 125_000, own: Int64 = 0,
        event: EventID = gala, remembers: Bool = false,
        _ state: RegistrationState = .awaitingPayment
    ) throws -> Registration {
        let registration = Registration(
            id: RegistrationID("g\(number)"), event: event, name: PersonName(name),
            email: "guest\(number)@example.org",
            phone: PhoneNumber("0532 000 \(1000 + number % 9000)"), due: lira(due + own),
            reference: try code(number), registeredAt: now, state: state,
            ownMinorUnits: own, remembersPayer: remembers)
        try ledger.write { books in
            try books.insert(registration)
            _ = try pipeline.matchWaitingMoney(now: now, in: books)
        }
        return registration
    }

    @discardableResult
    func pay(
        _ minor: Int64, from payer: String? = "ELİF KARACA", _ description: String? = nil,
        rule: String = "bank/transfer", id: String? = nil, after seconds: TimeInterval = 0,
        trust: Trust = .verified, outcome: MailOutcome = .payment, iban: String? = nil,
        to recipients: [String] = [], timeFrom: PaymentNotice.TimeSource = .body,
        kind: String? = nil, raw: [UInt8] = [1], account: String? = nil
    ) throws -> MailReport {
        let at = now + seconds
        let movement = Movement(
            index: 1, outcome: outcome,
            notice: PaymentNotice(
                amount: lira(minor), payer: payer, description: description, occurredAt: at,
                timeFrom: timeFrom, transactionID: id, senderIBAN: iban,
                receivingAccount: account))
        return try settle(
            movement, rule: rule, at: at, trust: trust, to: recipients, kind: kind, raw: raw)
    }

    /// A mail that tells of money that went back.
    ///
    /// - Parameters:
    ///   - minor: nil for a mail that prints no sum.
    ///   - kind: `whole` or `part`, where the words say it.
    @discardableResult
    func takeBack(
        _ minor: Int64?, from payer: String? = nil, _ description: String? = nil,
        rule: String = "bank/return", id: String? = nil, kind: String? = nil,
        trust: Trust = .verified, isDraft: Bool = false
    ) throws -> MailReport {
        let clue = PaymentClue(payer: payer, description: description, transactionID: id)
        let notice = minor.map {
            PaymentNotice(
                amount: lira($0), payer: payer, description: description, occurredAt: now,
                timeFrom: .arrival, transactionID: id)
        }
        return try settle(
            Movement(
                index: 1, outcome: .reversal, kind: kind, notice: notice,
                clue: notice == nil ? clue : nil),
            rule: rule, at: now, trust: trust, isDraft: isDraft)
    }

    private func settle(
        _ movement: Movement, rule: String, at: Date, trust: Trust, isDraft: Bool = false,
        to recipients: [String] = [], kind: String? = nil, raw: [UInt8] = [1]
    ) throws -> MailReport {
        mails += 1
        var findings = MailFindings(of: Array("mail \(mails)".utf8), receivedAt: at)
        findings.disposition = .settle
        findings.outcome = movement.outcome
        findings.ruleIsDraft = isDraft
        if isDraft { findings.reasons = [.ruleIsDraft] }
        findings.kind = kind
        findings.rule = RuleID(rule)
        findings.trust = TrustVerdict(trust)
        findings.explanation = rule
        findings.movements = [movement]
        findings.recipients = recipients
        let place = MailPlace(account: "box", folder: "INBOX", uidvalidity: 1, uid: mails)
        let reports = try ledger.write { books in
            try pipeline.settle(findings, at: place, raw: raw, now: at, in: books)
        }
        return try #require(reports.first)
    }

    @discardableResult
    func answer(_ answer: ReviewAnswer, _ review: ReviewID? = nil) throws -> AnswerReport {
        let id = try review ?? #require(try open.last).id
        return try ledger.write { books in
            try desk.answer(id, answer, by: "ayla", now: now, in: books)
        }
    }

    @discardableResult
    func undo(_ decision: DecisionID) throws -> UndoReport {
        try ledger.write { try desk.undo(decision, by: "ayla", now: now, in: $0) }
    }

    /// The last decision about the payment that was recorded last.
    func lastDecision() throws -> DecisionID {
        try ledger.read { books in
            let payment = try #require(try books.payments(limit: 10_000).last)
            return try desk.lastDecision(about: payment.id, in: books)
        }
    }

    var open: [ReviewRecord] {
        get throws { try ledger.read { try $0.openReviews(limit: 1_000) } }
    }

    func registration(_ number: Int) throws -> Registration {
        try #require(try ledger.read { try $0.registration(RegistrationID("g\(number)")) })
    }

    func state(_ number: Int) throws -> RegistrationState { try registration(number).state }

    /// As when the lanes have carried out what they may begin, or some of it: what makes no sense
    /// any more is held back, what is unknown looked up first.
    ///
    /// - Parameter outcome: how an attempt or a look-up ends; nil leaves it under way.
    func carryOut(_ outcome: () -> EffectResult? = { .done }) throws {
        try ledger.write { books in
            _ = try books.recoverRunning(at: now)
            for kind in Effect.Kind.allCases {
                for effect in try books.runnableEffects(kind, at: now, limit: 1_000) {
                    try carryOut(effect, outcome(), in: books)
                }
            }
        }
    }

    private func carryOut(
        _ effect: EffectRecord, _ outcome: EffectResult?, in books: LedgerTransaction
    ) throws {
        let guest = try #require(try books.registration(effect.effect.registration))
        if effect.state != .unknown {
            guard guest.state.allows(effect.effect.kind) else {
                try books.withhold(
                    effect.key, label: effect.effect.kind.labelWhenPointless, at: now)
                return
            }
            _ = try books.markRunning(effect.key, at: now)
        }
        guard let outcome else { return }
        try books.finish(effect.key, outcome, at: now)
        guard effect.effect.kind == .lumaApprove, outcome == .done, guest.state == .paid
        else { return }
        try books.setState(.confirmed, of: guest.id, at: now)
    }

    /// Nothing is broken, and every payment is somewhere.
    func expectSound(_ comment: Comment? = nil, _ location: SourceLocation = #_sourceLocation)
        throws
    {
        let broken = try ledger.read { try $0.brokenInvariants() }
        #expect(broken.isEmpty, comment, sourceLocation: location)
    }

    /// Everything that an undoing has to restore, as text.
    func picture() throws -> [String] {
        try ledger.read { books in
            var lines: [String] = []
            for guest in try books.registrations(limit: 10_000) {
                lines.append(
                    "\(guest.id) \(guest.state) \(guest.stateSince.timeIntervalSince1970) "
                        + "\(guest.due) \(guest.ownMinorUnits) \(guest.paid)")
            }
            for payment in try books.payments(limit: 10_000) {
                let lies = try books.holdings(of: payment.id).map {
                    "\($0.account) \($0.about?.text ?? "–") \($0.amount)"
                }
                lines.append("payment \(payment.id): " + lies.joined(separator: ", "))
            }
            for effect in try books.effects(limit: 10_000) {
                lines.append("\(effect.key) \(effect.state)\(effect.isRevoked ? " revoked" : "")")
            }
            return lines
        }
    }
}

/// What an answer was refused with, or nil.
func refusal<Value>(_ body: () throws -> Value) -> ReviewRefusal? {
    do {
        _ = try body()
        return nil
    } catch {
        return error as? ReviewRefusal
    }
}

/// The same numbers for the same seed (xorshift64*); the seed stands in every failure.
struct SeededRandom: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed == 0 ? 0x9E37_79B9_7F4A_7C15 : seed }

    mutating func next() -> UInt64 {
        state ^= state >> 12
        state ^= state << 25
        state ^= state >> 27
        return state &* 0x2545_F491_4F6C_DD1D
    }
}
