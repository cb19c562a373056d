// SPDX-License-Identifier: Apache-2.0

internal import Domain
internal import FoundationEssentials
internal import Ledger
internal import Workflow

/// What becomes of the registrations when a payment is allocated, reckoned before anything is
/// written: either the state machine knows a way for each of them, or nothing is done.
struct PaymentPlan {
    /// One allocation and the ways its registration goes.
    private struct Step {
        let allocation: Verdict.Allocation
        /// Before.
        let state: RegistrationState
        let transitions: [RegistrationMachine.Transition]
    }

    private var steps: [Step]

    /// Nothing to be done.
    static let nothing = PaymentPlan(steps: [])

    private init(steps: [Step]) { self.steps = steps }

    /// - Parameters:
    ///   - channels: a message takes the first that reaches its guest.
    ///   - instructed: events whose guests are told what is to pay.
    /// - Returns: nil when a registration is not there or the machine refuses.
    init?(
        _ allocations: [Verdict.Allocation], by channels: ChannelOrder,
        telling instructed: Set<EventID>, in books: LedgerTransaction
    ) throws {
        steps = []
        for allocation in allocations {
            guard let registration = try books.registration(allocation.registration) else {
                return nil
            }
            let channel = channels.first(for: registration)
            let facts = RegistrationMachine.Facts(
                registration: registration.id, ticketBy: channel,
                isApproved: try books.isApproved(registration.id),
                isTicketed: try books.isTicketed(registration.id),
                restBy: instructed.contains(registration.event) ? channel : nil)
            guard let transitions = Self.transitions(registration, allocation, facts: facts) else {
                return nil
            }
            steps.append(
                Step(
                    allocation: allocation, state: registration.state, transitions: transitions))
        }
    }

    var isEmpty: Bool { steps.isEmpty }

    /// What is to be done in the outside world.
    var effects: [Effect] { steps.flatMap { $0.transitions.flatMap(\.effects) } }

    /// Allocates the money, moves the registrations and writes their effects.
    func carryOut(of payment: PaymentID, now: Date, in books: LedgerTransaction) throws {
        for step in steps {
            let registration = step.allocation.registration
            if step.allocation.waivedMinorUnits > 0 {
                try books.waive(step.allocation.waivedMinorUnits, of: registration)
            }
            try books.allocate(step.allocation.amount, of: payment, to: registration, at: now)
            for transition in step.transitions {
                try books.setState(transition.state, of: registration, at: now)
                for effect in transition.effects { try write(effect, now: now, in: books) }
            }
            if step.state == .suspended {
                try PaymentReversal.answer(for: registration, "paid", now: now, in: books)
            }
        }
    }

    /// What is still to pay is said once for every decision, the other effects once. Its words are
    /// made when it is sent: where one has not begun yet, that one says it.
    private func write(_ effect: Effect, now: Date, in books: LedgerTransaction) throws {
        guard case .message(.instructions, _) = effect.kind else {
            try books.enqueue(effect, at: now)
            return
        }
        let isOnItsWay = try books.effects(of: effect.registration).contains {
            guard case .message(.instructions, _) = $0.effect.kind else { return false }
            return !$0.isRevoked && ($0.state == .ready || $0.state == .waiting)
        }
        guard !isOnItsWay else { return }
        try books.enqueueAnew(effect, at: now)
    }

    private static func transitions(
        _ registration: Registration, _ allocation: Verdict.Allocation,
        facts: RegistrationMachine.Facts
    ) -> [RegistrationMachine.Transition]? {
        let waived = Money(
            minorUnits: allocation.waivedMinorUnits, currency: registration.due.currency)
        guard let paid = registration.paid.adding(allocation.amount),
            let due = registration.due.subtracting(waived)
        else { return nil }
        let events: [RegistrationMachine.Event] =
            (allocation.revives ? [.revived] : []) + [.moneyAllocated(paid: paid, due: due)]
        var state = registration.state
        var transitions: [RegistrationMachine.Transition] = []
        for event in events {
            guard
                let next = try? RegistrationMachine.transition(from: state, on: event, facts: facts)
            else { return nil }
            transitions.append(next)
            state = next.state
        }
        return transitions
    }
}

extension Registration {
    /// What the state machine has to know besides the state where no money is allocated: nothing
    /// is said to the guest then.
    func facts(isApproved: Bool) -> RegistrationMachine.Facts {
        RegistrationMachine.Facts(registration: id, ticketBy: nil, isApproved: isApproved)
    }
}
