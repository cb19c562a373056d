// SPDX-License-Identifier: Apache-2.0

internal import FoundationEssentials
internal import Ledger
internal import Rules

/// Notices that a bank has not written for longer than usual, and tells it once: a mailbox that is
/// read without a fault and stays empty looks like a quiet day, and so does one bank among several.
///
/// Each bank has a rhythm of its own: the notices of one do not hide the silence of another.
/// Banks that write too seldom for one are watched together, as long as no silence is told of one.
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
            (try books.noticeTimes(since: now - Self.lookBack), try books.silences())
        }
        var open = Set<String>()
        for bank in Set(notices.keys).union(told.keys).subtracting([Self.all]).sorted()
        where try look(at: notices[bank] ?? [], of: bank, told: told[bank], now) {
            open.insert(bank)
        }
        let together = notices.values.flatMap(\.self)
        _ = try look(
            at: together, of: Self.all, told: told[Self.all], now, isKnown: !open.isEmpty)
    }

    /// All banks together; no rule file is called so.
    private static let all = ""

    /// Whether the silence of a bank is told and not over.
    ///
    /// - Parameter isKnown: a new silence was told otherwise.
    private func look(
        at notices: [Date], of bank: String, told: Date?, _ now: Date, isKnown: Bool = false
    ) throws -> Bool {
        let name = bank.isEmpty ? nil : bank
        var told = told
        // With nothing in the window nobody waits for this bank any more.
        if let since = told, notices.max().map({ $0 > since }) ?? true {
            try world.ledger.write { try $0.setSilence(of: bank, since: nil, at: now) }
            if !notices.isEmpty { world.report(.silenceOver(bank: name, since: since)) }
            told = nil
        }
        guard !isKnown, let silence = NoticeRhythm(notices: notices, now: now).silence(at: now),
            silence.since != told
        else { return told != nil }
        try world.ledger.write { try $0.setSilence(of: bank, since: silence.since, at: now) }
        world.report(.silence(bank: name, since: silence.since, missed: silence.missed))
        return true
    }
}
