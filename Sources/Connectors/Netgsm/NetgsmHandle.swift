// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials

/// What the ledger keeps about an attempt whose outcome is unknown.
///
/// `mtb-9f86d081884c7d65-1` before the call; `mtb-9f86d081884c7d65-1@1795689600` after a look into
/// the report that found nothing, with the second since 1970 at which it did. The last number
/// counts how often a message was written off as never arrived, plus one.
struct NetgsmHandle: Hashable, Sendable {
    /// Sent as `referansID` (8 to 200 characters) and echoed in report rows.
    let reference: String
    /// When the first empty look took place; nil before that.
    let emptySince: Int64?

    /// The handle of a new attempt.
    ///
    /// An earlier handle that was looked up in vain makes this attempt the next generation. An
    /// attempt after the first whose handle was lost counts as one too: rather ask a person too
    /// early than send a third message.
    init(key: String, attempt: Int, earlier: NetgsmHandle?) {
        let generation: Int
        if let earlier {
            generation = earlier.generation + (earlier.emptySince == nil ? 0 : 1)
        } else {
            generation = attempt > 1 ? 2 : 1
        }
        reference = "mtb-\(StableHash.hex("\(key)#\(attempt)"))-\(generation)"
        emptySince = nil
    }

    /// Reads a stored handle; nil for anything that is not one.
    init?(_ text: String) {
        let parts = text.split(separator: "@", maxSplits: 1, omittingEmptySubsequences: false)
        guard let reference = parts.first, reference.hasPrefix("mtb-") else { return nil }
        self.reference = String(reference)
        if parts.count == 2 {
            // Up to the year 36812, so that no difference of two can overflow.
            guard let since = Int64(parts[1]), (0...(1 << 40)).contains(since) else { return nil }
            emptySince = since
        } else {
            emptySince = nil
        }
    }

    private init(reference: String, emptySince: Int64?) {
        self.reference = reference
        self.emptySince = emptySince
    }

    func foundNothing(at second: Int64) -> NetgsmHandle {
        NetgsmHandle(reference: reference, emptySince: second)
    }

    var text: String { emptySince.map { "\(reference)@\($0)" } ?? reference }

    /// 1 for the first message, 2 for the one new attempt that may follow it.
    var generation: Int {
        reference.split(separator: "-").last.flatMap { Int($0) } ?? Self.generationsMax
    }

    static let generationsMax = 2
}
