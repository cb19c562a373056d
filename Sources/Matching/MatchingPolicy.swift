// SPDX-License-Identifier: Apache-2.0

/// What the organizer lets the matcher decide without a person.
package struct MatchingPolicy: Sendable, Equatable {
    /// What happens when the evidence is complete.
    package enum Decision: String, Sendable, Codable { case approve, review }

    /// No code, but full name and amount fit exactly one open registration.
    package var nameAndAmount: Decision
    /// A code with one slip of the payer, an equal amount and an agreeing name.
    package var repairedCode: Decision
    /// The organizer's accounts, in full or as the bank masks them. A notice for another account
    /// goes to a person. Empty: accounts are not compared.
    package var ownAccounts: [String]

    package init(
        nameAndAmount: Decision = .approve, repairedCode: Decision = .approve,
        ownAccounts: [String] = []
    ) {
        self.nameAndAmount = nameAndAmount
        self.repairedCode = repairedCode
        self.ownAccounts = ownAccounts
    }
}
