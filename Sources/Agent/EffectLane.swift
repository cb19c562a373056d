// SPDX-License-Identifier: Apache-2.0

internal import Connectors
internal import Domain
internal import FoundationEssentials
internal import Ledger
internal import Workflow

/// The effects of one connector, one after the other.
///
///     ready ──► running ──► done
///       ▲          │ ├────► waiting (later) ──► running
///       │          │ ├────► refused, dead
///       │          ▼ │
///       └──── unknown ┘   looked up until somebody knows; repeated only when it is not there
///
/// *running* is committed before the call and its outcome after it, so that a crash in between is
/// found as *running* at the next start and becomes *unknown*.
struct EffectLane: Sendable {
    private let world: World
    private let connector: any EffectConnector
    private let targets: EffectTargets
    private let wakeUp: WakeUp
    /// Another lane may have waited for this.
    private let effectDone: @Sendable () -> Void

    /// A payer waits; a provider that was down for longer is a matter for people.
    static let givingUpAfter: TimeInterval = 20 * 86_400
    /// The first gap between tries; it doubles up to `gapMax`.
    static let gapFirst: TimeInterval = 5
    static let gapMax: TimeInterval = 6 * 3600
    /// A command in another process (an import that finds its money) cannot ring: the outbox is
    /// looked at this often in any case. Who gave the command watches; a look costs microseconds.
    static let lookGap: TimeInterval = 20
    /// How long a lane rests that cannot work until a person has set something right.
    static let pause: Duration = .seconds(60)
    private static let leftBehind = "It takes the next channel."
    /// How long it rests when the ledger itself cannot be written, as with a full disk.
    static let troubleGap: Duration = .seconds(5)

    init(
        world: World, connector: any EffectConnector, targets: EffectTargets,
        wakeUp: WakeUp, effectDone: @escaping @Sendable () -> Void
    ) {
        self.world = world
        self.connector = connector
        self.targets = targets
        self.wakeUp = wakeUp
        self.effectDone = effectDone
    }

    func run() async {
        var gate = PaceGate(pace: connector.pace)
        var isInDoubt = false
        while !Task.isCancelled {
            do {
                if isInDoubt {
                    // An outcome may not have been written: as after a crash, it is looked up.
                    try world.ledger.write {
                        _ = try $0.recoverRunning(connector.kinds, at: world.now())
                    }
                    isInDoubt = false
                }
                guard let row = try next() else {
                    await wakeUp.wait(atMost: try untilNextDue())
                    continue
                }
                await gate.pass()
                if Task.isCancelled { return }
                if let rest = try await carryOut(row) { await world.rest(rest) }
            } catch {
                isInDoubt = true
                world.report(.trouble("\(connector.lane): \(error)"))
                await world.rest(Self.troubleGap)
            }
        }
    }

    // MARK: - One effect

    private func next() throws -> EffectRecord? {
        try world.ledger.read { books in
            for kind in connector.kinds {
                if let first = try books.runnableEffects(kind, at: world.now(), limit: 1).first {
                    return first
                }
            }
            return nil
        }
    }

    private func untilNextDue() throws -> Duration {
        let due = try world.ledger.read { books in
            try connector.kinds.compactMap { try books.nextEffectAt($0) }.min()
        }
        let wait = due.map { $0.timeIntervalSince(world.now()) } ?? Self.lookGap
        return .seconds(min(max(0.01, wait), Self.lookGap))
    }

    /// Returns how long the whole lane has to rest, if it has to.
    private func carryOut(_ record: EffectRecord) async throws -> Duration? {
        let effect = record.effect
        let (registration, token) = try world.ledger.read { books in
            (
                try books.registration(effect.registration),
                books.ticketToken(of: effect.registration)
            )
        }
        guard let registration else {
            throw LedgerError(operation: "dispatch", subject: record.key, cause: .notFound)
        }
        // The money may have gone back, or the guest left, since the effect was written. What may
        // already have been sent is still looked up.
        guard record.state == .unknown || registration.state.allows(effect.kind) else {
            let label = effect.kind.labelWhenPointless
            try world.ledger.write {
                try $0.withhold(record.key, label: label, at: world.now())
            }
            world.report(
                .effect(
                    key: record.key, state: .refused, label: label,
                    hint: "The registration is \(registration.state.rawValue)."))
            return nil
        }
        switch targets.target(of: effect.kind, for: registration, ticketToken: token) {
        case .missing(let label, let hint):
            try postpone(record, label: label, hint: hint)
            return nil
        case .unreachable(let label, let hint):
            guard record.state != .unknown, let next = next(after: record, for: registration) else {
                try postpone(record, label: label, hint: hint)
                return nil
            }
            try world.ledger.write {
                try $0.refuse(record.key, label: label, at: world.now())
                try $0.enqueue(next, inPlaceOf: record.key, at: world.now())
            }
            world.report(.effect(key: record.key, state: .refused, label: label, hint: hint))
            return nil
        case .target(let target):
            let task = record.task(registration, target)
            if record.state == .unknown {
                let now = world.now()
                return try await settle(
                    record, await finished { await connector.reconcile(task, now: now) })
            }
            let startedAt = world.now()
            let attempt = record.task(registration, target, attempt: record.attempts + 1)
            let handle = connector.attemptHandle(for: attempt)
            try world.ledger.write {
                _ = try $0.markRunning(record.key, handle: handle, at: startedAt)
            }
            let begun = record.task(
                registration, target, attempt: record.attempts + 1, handle: handle,
                startedAt: startedAt)
            return try await settle(record, await finished { await connector.perform(begun) })
        }
    }

    /// A setting or a number is missing, not a reply: this effect waits, the lane goes on with
    /// others.
    private func postpone(_ record: EffectRecord, label: String, hint: String) throws {
        let until = world.now() + Self.pause.seconds
        try world.ledger.write {
            try $0.postpone(record.key, until: until, label: label, at: world.now())
        }
        world.report(.effect(key: record.key, state: .waiting, label: label, hint: hint))
    }

    /// The same message by the next channel; nil for what is no message, and after the last one.
    private func next(after record: EffectRecord, for registration: Registration) -> Effect? {
        guard case .message(let content, let channel) = record.effect.kind,
            let next = targets.channels.next(after: channel, for: registration)
        else { return nil }
        return Effect(
            .message(content, by: next), registration: registration.id, after: record.effect.after,
            round: record.effect.round)
    }

    /// Whether a message that certainly was not sent has waited long enough for this channel.
    private func isLeftBehind(_ record: EffectRecord) throws -> Bool {
        guard case .message = record.effect.kind, !connector.mayBeOut(record.handle),
            world.now().timeIntervalSince(record.createdAt) >= targets.nextChannelAfter,
            let registration = try world.ledger.read({
                try $0.registration(record.effect.registration)
            })
        else { return false }
        return next(after: record, for: registration) != nil
    }

    /// A call that was begun is waited for also when the agent is asked to stop: cutting it off
    /// would turn an outcome that is about to be known into an unknown one. The connector's own
    /// time-out, half a minute a request, bounds it.
    private func finished(
        _ call: @escaping @Sendable () async -> EffectOutcome
    ) async -> EffectOutcome {
        await Task { await call() }.value
    }

    // MARK: - Outcomes

    private func settle(
        _ record: EffectRecord, _ outcome: EffectOutcome
    ) async throws -> Duration? {
        let now = world.now()
        switch outcome {
        case .done(let handle):
            try await finish(record, .done, handle: handle)
        case .refused(let label, let hint):
            try await finish(record, .refused, label: label, hint: hint)
        case .givenUp(let label, let hint):
            try await finish(record, .dead, label: label, hint: hint)
        case .retry(_, let label) where try isLeftBehind(record):
            try await finish(record, .refused, label: label, hint: Self.leftBehind)
        case .askOperator(let label, let hint) where try isLeftBehind(record):
            try await finish(record, .refused, label: label, hint: hint + " " + Self.leftBehind)
        case .notThere:
            try await finish(record, .waiting(until: now), label: "not_there")
        case .unknown(let after, let handle, let label):
            try await finish(
                record, .unknown(until: now + after.seconds), handle: handle, label: label)
        case .retry(let after, let label):
            guard now.timeIntervalSince(record.createdAt) < Self.givingUpAfter else {
                try await finish(record, .dead, label: label, hint: "Given up after 20 days.")
                return nil
            }
            let gap = after?.seconds ?? Self.gap(afterAttempts: record.attempts + 1)
            try await finish(record, .waiting(until: now + gap), label: label)
            return after
        case .askOperator(let label, let hint):
            let until = now + Self.pause.seconds
            try await finish(record, .waiting(until: until), label: label, hint: hint)
            world.report(.lanePaused(lane: connector.lane, label: label, hint: hint))
            return Self.pause
        }
        return nil
    }

    /// Writes the outcome and what follows from it for the registration in one commit.
    ///
    /// The outcome is known only here, so it is written again and again while the ledger cannot
    /// take it (a full disk). Should the agent stop first, the effect is found *running* at the
    /// next start, and looked up.
    private func finish(
        _ record: EffectRecord, _ result: EffectResult, handle: String? = nil,
        label: String? = nil, hint: String? = nil
    ) async throws {
        while true {
            do {
                try world.ledger.write {
                    try write(record, result, handle: handle, label: label, in: $0)
                }
                break
            } catch let error as LedgerError where error.retry == .later && !Task.isCancelled {
                world.report(.trouble("\(record.key): \(error)"))
                await world.rest(Self.troubleGap)
            }
        }
        world.report(.effect(key: record.key, state: result.state, label: label, hint: hint))
        if result == .done { effectDone() }
    }

    private func write(
        _ record: EffectRecord, _ result: EffectResult, handle: String?, label: String?,
        in books: LedgerTransaction
    ) throws {
        try books.finish(record.key, result, label: label, handle: handle, at: world.now())
        guard let registration = try books.registration(record.effect.registration) else { return }
        // Only what certainly did not reach the guest is said by another channel.
        if result == .refused, let next = next(after: record, for: registration) {
            try books.enqueue(next, inPlaceOf: record.key, at: world.now())
        }
        guard let event = Self.event(record.effect.kind, result),
            let transition = try? RegistrationMachine.transition(
                from: registration.state, on: event,
                facts: registration.facts(isApproved: try books.isApproved(registration.id)))
        else { return }
        try books.setState(transition.state, of: registration.id, at: world.now())
        for effect in transition.effects { try books.enqueue(effect, at: world.now()) }
    }

    /// What the end of an effect means for its registration.
    private static func event(
        _ kind: Effect.Kind, _ result: EffectResult
    ) -> RegistrationMachine.Event? {
        switch (kind, result) {
        case (.lumaApprove, .done): .approvalDone
        case (.lumaApprove, .refused): .approvalRefused
        case (.lumaApprove, _), (.lumaUnapprove, _), (.message, _): nil
        }
    }

    /// 5 s, 10 s, 20 s … up to six hours.
    static func gap(afterAttempts attempts: Int) -> TimeInterval {
        min(gapMax, gapFirst * Double(UInt64(1) << UInt64(min(max(attempts - 1, 0), 20))))
    }
}

extension Duration {
    /// In seconds, with a fraction.
    var seconds: TimeInterval {
        Double(components.seconds) + Double(components.attoseconds) / 1e18
    }
}

extension EffectRecord {
    /// The effect as its connector gets it; what is not given is what the ledger holds.
    func task(
        _ registration: Registration, _ target: EffectTask.Target, attempt: Int? = nil,
        handle: String? = nil, startedAt: Date? = nil
    ) -> EffectTask {
        EffectTask(
            key: key, kind: effect.kind, attempt: attempt ?? attempts,
            handle: handle ?? self.handle, startedAt: startedAt ?? self.startedAt,
            reconcileCount: reconcileCount, registration: registration, target: target)
    }
}
