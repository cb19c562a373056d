// SPDX-License-Identifier: Apache-2.0

/// One FETCH to come: which mails, and how much of each.
struct FetchPlan: Equatable, Sendable {
    enum Shape: Equatable, Sendable {
        case whole
        /// The header and the first 256 KiB of a mail over the limit.
        case beginning
    }

    var uids: [UInt32]
    var shape = Shape.whole

    /// Large enough that round trips do not count, small enough to be repeated after a failure.
    static let bytesMax = 8 << 20
    static let mailsMax = 1000
    /// A run is at most `4294967294:4294967295,`, 22 bytes; 350 keep the line below the 8,000
    /// bytes that servers are sure to take (RFC 7162 §4).
    static let runsMax = 350

    /// What was refused is asked for again in so many parts: a thousand mails come down to the one
    /// that the server cannot hand out in three steps.
    static let partsMax = 8

    /// Batches of `uids`, oldest first.
    static func batches(
        of uids: [UInt32], sizes: [UInt32: Int], mailBytesMax: Int, mailsMax: Int = mailsMax
    ) -> [FetchPlan] {
        var plans: [FetchPlan] = []
        var batch = FetchPlan(uids: [])
        var (bytes, runs) = (0, 0)
        func close() {
            if !batch.uids.isEmpty { plans.append(batch) }
            batch.uids = []
            (bytes, runs) = (0, 0)
        }
        for uid in uids {
            let size = sizes[uid] ?? 0
            guard size <= mailBytesMax else {
                close()
                plans.append(FetchPlan(uids: [uid], shape: .beginning))
                continue
            }
            let beginsRun = batch.uids.last.map { $0 &+ 1 != uid } ?? true
            if bytes + size > bytesMax || batch.uids.count == mailsMax
                || (beginsRun && runs == runsMax)
            {
                close()
            }
            runs += beginsRun || batch.uids.isEmpty ? 1 : 0
            bytes += size
            batch.uids.append(uid)
        }
        close()
        return plans
    }

    /// The plan for some of its mails, in several parts.
    func parts(_ uids: [UInt32]) -> [FetchPlan] {
        let size = (uids.count + Self.partsMax - 1) / Self.partsMax
        return stride(from: 0, to: uids.count, by: max(1, size)).map {
            FetchPlan(uids: Array(uids[$0..<min($0 + size, uids.count)]), shape: shape)
        }
    }

    /// As many of the first `uids` as fit into one command.
    static func window(_ uids: [UInt32], mailsMax: Int = mailsMax) -> [UInt32] {
        var (count, runs) = (0, 0)
        while count < min(uids.count, mailsMax) {
            runs += count > 0 && uids[count - 1] &+ 1 == uids[count] ? 0 : 1
            if runs > runsMax { break }
            count += 1
        }
        return Array(uids[..<count])
    }

    /// `5:9,12` of ascending UIDs (RFC 9051 §9, sequence-set).
    static func set(_ uids: [UInt32]) -> String {
        var parts: [String] = []
        var start = 0
        while start < uids.count {
            var end = start
            while end + 1 < uids.count, uids[end] &+ 1 == uids[end + 1] { end += 1 }
            parts.append(start == end ? "\(uids[start])" : "\(uids[start]):\(uids[end])")
            start = end + 1
        }
        return parts.joined(separator: ",")
    }
}
