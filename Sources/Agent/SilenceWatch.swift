// SPDX-License-Identifier: Apache-2.0

internal import FoundationEssentials
internal import Ledger
internal import Rules

/// Notices that no bank has written for longer than usual, and tells it once: a mailbox that is
/// read without a fault and stays empty looks like a quiet day.
struct SilenceWatch: Sendable {
    let world: World

    /// A silence lasts hours; ten minutes more do not matter.
    private static let gap = Duration.seconds(600)
    private static let lookBack = Double(NoticeRhythm.weeks * 7 * 86_400)

    func run() async {
        while !Task.isCancelled {
            do {
                try look()
            } catch {
                world.report(.trouble("\(error)"))
            }
            await world.rest(Self.gap)
        }
    }

    func look() throws {
        let now = world.now()
        let (notices, told) = try world.ledger.read { books in
            (try books.noticeTimes(since: now - Self.lookBack), try books.silence())
        }
        if let told, let last = notices.max(), last > told {
            try world.ledger.write { try $0.setSilence(since: nil, at: now) }
            world.report(.silenceOver(since: told))
        }
        guard let silence = NoticeRhythm(notices: notices, now: now).silence(at: now),
            silence.since != told
        else { return }
        try world.ledger.write { try $0.setSilence(since: silence.since, at: now) }
        world.report(.silence(since: silence.since, missed: silence.missed))
    }
}
