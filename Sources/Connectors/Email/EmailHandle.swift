// SPDX-License-Identifier: Apache-2.0

import Domain
import FoundationEssentials

/// What the ledger keeps about a mail: its Message-ID, and whether a copy may be out already.
///
///     mtb-9f86d081884c7d65               the first
///     mtb-9f86d081884c7d65@1795689600    handed over at that second, and the answer was lost
///     mtb-9f86d081884c7d65@1795689600#2  the one repetition: the same mail, dated as the first
///
/// All attempts of an effect share the Message-ID, so that a mailbox, or its owner, can tell a
/// second copy as one.
struct EmailHandle: Hashable, Sendable {
    /// The local part of the Message-ID.
    let id: String
    /// When the attempt began whose end nobody knows; nil while there is none.
    let lostAt: Int64?
    let isRepetition: Bool

    /// The handle of a new attempt.
    ///
    /// The Message-ID depends on the registration as well as on the effect's key: ids of
    /// registrations begin anew with each event, and a mailbox must not take this year's ticket for
    /// last year's.
    init(task: EffectTask) {
        let earlier = task.handle.flatMap { EmailHandle($0) }
        let registration = task.registration
        id =
            earlier?.id
            ?? "mtb-"
            + StableHash.hex(
                [
                    task.key, registration.event.text, registration.reference.text,
                    "\(Int64(registration.registeredAt.timeIntervalSince1970))",
                ].joined(separator: "\u{0}"))
        lostAt = earlier?.lostAt
        isRepetition = earlier?.lostAt != nil
    }

    private init(id: String, lostAt: Int64?, isRepetition: Bool) {
        self.id = id
        self.lostAt = lostAt
        self.isRepetition = isRepetition
    }

    /// Reads a stored handle; nil for anything that is not one, such as a server's receipt.
    init?(_ text: String) {
        let parts = text.split(separator: "@", maxSplits: 1, omittingEmptySubsequences: false)
        guard let first = parts.first, first.hasPrefix("mtb-") else { return nil }
        id = String(first)
        guard parts.count == 2 else {
            (lostAt, isRepetition) = (nil, false)
            return
        }
        isRepetition = parts[1].hasSuffix("#2")
        // Up to the year 36812, so that no difference of two can overflow.
        guard let second = Int64(isRepetition ? parts[1].dropLast(2) : parts[1]),
            (0...(1 << 40)).contains(second)
        else { return nil }
        lostAt = second
    }

    /// The attempt that began then was lost.
    func lost(at second: Int64) -> EmailHandle {
        EmailHandle(id: id, lostAt: second, isRepetition: false)
    }

    var text: String {
        id + (lostAt.map { "@\($0)" } ?? "") + (isRepetition ? "#2" : "")
    }
}
