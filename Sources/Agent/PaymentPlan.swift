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
        let transitions: [RegistrationMachine.Transition]
    }

    private var steps: [Step]

    /// Nothing to be done.
    static let nothing = PaymentPlan(steps: [])

    private init(steps: [Step]) { self.steps = steps }

    /// - Returns: nil when a registration is not there or the machine refuses.
    ///   A ticket takes the first of `channels` that reaches its guest.
    init?(
        _ allocations: [Verdict.Allocation], by channels: ChannelOrder,
        in books: LedgerTransaction
    ) throws {
        steps = []
        for allocation in allocations {
            guard let registration = try books.registration(allocation.registration),
                let transitions = Self.transitions(
                    registration, allocation,
                    facts: registration.facts(
                        isApproved: try books.isApproved(registration.id),
                        isTicketed: try books.isTicketed(registration.id),
                        ticketBy: channels.first(for: registration)))
            else { return nil }
            steps.append(Step(allocation: allocation, transitions: transitions))
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
                for effect in transition.effects { try books.enqueue(effect, at: now) }
            }
        }
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
    /// What the state machine has to know besides the state.
    ///
    /// - Parameters:
    ///   - isTicketed: like `ticketBy` needed only where money may complete the sum.
    func facts(
        isApproved: Bool, isTicketed: Bool = false, ticketBy: Channel? = nil
    ) -> RegistrationMachine.Facts {
        RegistrationMachine.Facts(
            registration: id, ticketBy: ticketBy, isApproved: isApproved, isTicketed: isTicketed)
    }
}
