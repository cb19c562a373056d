// SPDX-License-Identifier: Apache-2.0

internal import Domain
internal import FoundationEssentials
internal import Ledger

extension RegistrationState {
    /// Whether an effect that was written earlier still makes sense.
    func allows(_ kind: Effect.Kind) -> Bool {
        switch kind {
        case .lumaApprove, .message(.ticket, _): self == .paid || self == .confirmed
        // Who has paid again meanwhile keeps the place.
        case .lumaUnapprove: self != .paid && self != .confirmed
        case .message(.instructions, _), .message(.reminder, _):
            self == .awaitingPayment || self == .underpaid || self == .offered
        }
    }
}

extension Effect.Kind {
    /// Why an effect is not begun any more.
    var labelWhenPointless: String {
        switch self {
        case .lumaApprove, .message(.ticket, _): "no_longer_paid"
        case .lumaUnapprove: "paid_again"
        case .message(.instructions, _), .message(.reminder, _): "no_longer_due"
        }
    }
}

extension LedgerTransaction {
    /// The money of a guest is gone: neither approval nor ticket is begun any more.
    func withholdApproval(of id: RegistrationID, now: Date) throws {
        try withhold(
            [.lumaApprove] + Channel.allCases.map { .message(.ticket, by: $0) }, of: id,
            label: Effect.Kind.lumaApprove.labelWhenPointless, at: now)
    }
}
