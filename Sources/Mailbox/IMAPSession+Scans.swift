// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials

// Looking where nothing new should be. UIDs rise (RFC 9051 §2.3.1.1), yet servers were seen to show
// a mail late, below others that were already there. So what is listed below the floor is compared
// with what is recorded: the nearest 500 numbers often, the last days daily, everything weekly.

/// When each scan is due.
struct ScanSchedule: Sendable {
    /// Reckoned from the intake's time, which the session's clock goes on from.
    private var clock: (date: Date, at: Duration)?
    private var due: [FolderScan: Duration] = [:]

    /// Takes over when the scans were last made. The overlap scan is due with every new connection.
    mutating func plan(
        _ position: FolderPosition, _ patience: IMAPSession.Patience, at now: Duration
    ) {
        clock = (position.at, now)
        func next(_ last: Date?, _ gap: Duration) -> Duration {
            // A clock that was set back must not put a scan off for years.
            now
                + max(
                    .zero,
                    gap - .seconds(max(0, position.at.timeIntervalSince(last ?? position.at))))
        }
        due[.overlap] = due[.overlap] ?? now
        due[.recent] = next(position.recentScanAt, patience.recentGap)
        due[.full] = next(position.fullScanAt, patience.fullGap)
        if let seen = position.seenAt,
            .seconds(min(position.at.timeIntervalSince(seen), 1e9)) > patience.outage
        {
            due[.recent] = now
        }
    }

    /// The scan to make now. Without anything between base and floor there is nothing to compare.
    func due(at now: Duration, floor: UInt32, base: UInt32) -> FolderScan? {
        guard floor > base else { return nil }
        return [.full, .recent, .overlap].first { due[$0].map { $0 <= now } ?? false }
    }

    mutating func made(_ scan: FolderScan, _ patience: IMAPSession.Patience, at now: Duration) {
        // The wider look takes in the narrower one.
        due[.overlap] = now + patience.overlapGap
        if scan != .overlap { due[.recent] = now + patience.recentGap }
        if scan == .full { due[.full] = now + patience.fullGap }
    }

    /// The server would not do it; not so soon again.
    mutating func refused(
        _ scan: FolderScan, _ patience: IMAPSession.Patience, at now: Duration
    ) {
        due[scan] = now + patience.overlapGap
    }

    /// `22-Nov-2026`, so many days ago; nil before the time was told.
    func date(daysAgo days: Int, at now: Duration) -> String? {
        guard let clock else { return nil }
        let date = clock.date.addingTimeInterval((now - clock.at) / .seconds(1))
        return date.imapDay(daysAgo: days)
    }
}

extension IMAPSession {
    /// How far back a new epoch is read.
    static let lookBackDays = 30
    static let recentDays = 3
    /// The overlap scan's width in UIDs.
    static let overlapWidth: UInt32 = 500

    /// The folder in its present numbering; nil before the intake was asked.
    var epoch: FolderEpoch? {
        view.position.map {
            FolderEpoch(
                account: account.name, folder: folder, uidValidity: $0.uidValidity,
                epoch: $0.epoch)
        }
    }

    /// Finds the mail with which the look-back of a new epoch begins.
    mutating func lookBack(at now: Duration) {
        guard let date = scans.date(daysAgo: Self.lookBackDays, at: now) else {
            return lookedBack(completely: false, at: now)
        }
        mode = .syncing
        found.removeAll()
        search(for: "SINCE \(date)", .lookBack, at: now)
    }

    /// A server that cannot search by date has everything read.
    mutating func lookedBack(completely: Bool, at now: Duration) {
        var base: UInt32 = 0
        if completely { base = max(found.uids.min() ?? uidNext ?? 1, 1) - 1 }
        view.begin(after: base)
        tell(base: base, at: now)
        search(at: now)
    }

    mutating func begin(_ scan: FolderScan, at now: Duration) {
        mode = .syncing
        found.removeAll()
        let floor = view.floor
        switch scan {
        case .overlap:
            let first = floor > Self.overlapWidth ? floor - Self.overlapWidth : 1
            search(for: "UID \(first):\(floor)", .scan(scan), at: now)
        case .recent:
            guard let date = scans.date(daysAgo: Self.recentDays, at: now) else {
                return begin(.full, at: now)
            }
            search(for: "SINCE \(date)", .scan(scan), at: now)
        case .full: search(for: "ALL", .scan(scan), at: now)
        }
    }

    mutating func scanned(_ scan: FolderScan, completely: Bool, at now: Duration) {
        guard completely else { return scans.refused(scan, patience, at: now) }
        // What is above the floor is listed by every search anyway.
        let (base, floor) = (view.base, view.floor)
        let listed = found.uids.filter { $0 > base && $0 <= floor }
        found.removeAll()
        guard let epoch, let first = listed.min(), let last = listed.max() else {
            return finish(scan, late: [], at: now)
        }
        mode = .comparing(scan, listed)
        actions.append(.askRecorded(epoch, first...last))
    }

    mutating func finish(_ scan: FolderScan, late: [UInt32], at now: Duration) {
        mode = .syncing
        scans.made(scan, patience, at: now)
        finishedScan = scan
        let late = Set(late).subtracting(postponed).sorted()
        for uid in late { actions.append(.report(.lateUID(uid))) }
        seek(late)
        pump(at: now)
    }
}

extension Date {
    /// `22-Nov-2026` in UTC, as SEARCH takes it (RFC 9051 §6.4.4).
    func imapDay(daysAgo days: Int) -> String {
        let months = [
            "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
        ]
        // The bounds are the years 1970 and 9999, which a server may be asked for.
        let seconds = min(max(timeIntervalSince1970, 0), 253_402_300_799)
        let day = max(0, Int(seconds) / 86_400 - days)
        // The inverse of `daysSince1970`: years begin in March.
        let shifted = day + 719_468
        let era = shifted / 146_097
        let dayOfEra = shifted % 146_097
        let yearOfEra =
            (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let monthsSinceMarch = (5 * dayOfYear + 2) / 153
        let dayOfMonth = dayOfYear - (153 * monthsSinceMarch + 2) / 5 + 1
        let month = (monthsSinceMarch + 2) % 12
        let year = yearOfEra + era * 400 + (month < 2 ? 1 : 0)
        return "\(dayOfMonth)-\(months[month])-\(year)"
    }
}
