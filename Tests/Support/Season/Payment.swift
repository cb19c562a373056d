// SPDX-License-Identifier: Apache-2.0

package import Domain
import FoundationEssentials
package import Sandbox

/// One mail of the season, and what only the generator knows about it.
package struct Payment: Sendable {
    package let way: Way
    package let transfer: SampleTransfer
    package var variant = SampleBank.Variant.genuine
    /// Whom the payer meant; nobody for money that is for no registration.
    package let meant: [RegistrationID]
    package let evidence: Evidence

    /// No mail tells of it.
    var isMailLost: Bool { way == .mailLost || way == .mailLostNoCode }
}

/// A season: registrations in the order in which they appear, mails in the order in which they
/// come.
package struct Season: Sendable {
    package let seed: UInt64
    package let pace: Pace
    package let registrations: [Registration]
    package let payments: [Payment]

    /// Who has not paid by then has lost the place.
    static let payWithin: TimeInterval = 10 * 86_400
    /// Who has not paid by then is reminded.
    static let remindAfter: TimeInterval = 7 * 86_400

    /// The same seed, count and pace give the same season.
    package init(seed: UInt64, count: Int, pace: Pace) {
        var writer = SeasonWriter(seed: seed, pace: pace)
        writer.write(count)
        self.seed = seed
        self.pace = pace
        registrations = writer.registrations.sorted {
            ($0.registeredAt, $0.id.text) < ($1.registeredAt, $1.id.text)
        }
        payments = writer.payments.enumerated().sorted {
            ($0.element.transfer.occurredAt, $0.offset) < (
                $1.element.transfer.occurredAt, $1.offset
            )
        }.map(\.element)
    }
}
