// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials

// Mails: which are asked for, what comes of it, and what becomes of those that do not come.

extension IMAPSession {
    /// Mails to be had: those without trouble together, the others after them and alone.
    mutating func seek(_ uids: [UInt32]) {
        pending += uids.filter { !view.isSuspect($0) }
        let suspects = uids.filter(view.isSuspect)
        let hopeless = suspects.filter { view.isHopeless($0, patience.mail) }
        apart = view.byTrouble(apart + suspects.filter { !hopeless.contains($0) })
        for uid in hopeless { giveUp(uid) }
    }

    /// The connection broke while mails were awaited. The first of those that did not come may be
    /// to blame; it is, when it was asked for alone.
    ///
    /// - Returns: that mail.
    mutating func blame(_ kind: MailTrouble.Kind, at now: Duration) -> UInt32? {
        let awaited = inFlight.compactMap { flight -> FetchPlan? in
            switch flight.command {
            case .probe(let uids): FetchPlan(uids: uids)
            case .fetch(let plan) where plan.uids.contains { wanted[$0] != nil }: plan
            default: nil
            }
        }
        guard let first = awaited.first else { return nil }
        guard let uid = first.uids.first(where: { wanted[$0] != nil }) else {
            view.asksSizes = false
            return nil
        }
        if awaited.count == 1, first.uids.count == 1 {
            view.failed(uid, kind, givenBefore: givenBefore, at: now)
        } else {
            view.suspect(uid, givenBefore: givenBefore, at: now)
            view.askForFewer(than: first.uids.count)
        }
        return uid
    }

    /// Items come in any order and on several lines; other clients' flag changes come between.
    /// Only the UID says which mail they belong to.
    mutating func gather(_ items: FetchItems) {
        guard let uid = items.uid else { return }
        if let name = items.lastingName, lastingNames.count < uidsMax {
            lastingNames[uid] = name
        }
        guard let shape = wanted[uid] else {
            if let size = items.sizeBytes, !items.hasContent, sizes.count < uidsMax {
                sizes[uid] = size
            }
            return
        }
        var all = gathered[uid] ?? FetchItems()
        all.merge(items)
        guard all.isComplete(for: shape) || (all.hasBytes && gathered.count >= Self.gatheredMax)
        else {
            gathered[uid] = all
            return
        }
        gathered[uid] = nil
        wanted[uid] = nil
        deliver(uid, all, shape)
    }

    /// Mails that wait for their date on another line; beyond, they go without it.
    private static let gatheredMax = 16

    mutating func fetched(_ plan: FetchPlan, at now: Duration) {
        view.askForMore()
        for uid in plan.uids where wanted.removeValue(forKey: uid) != nil {
            let items = gathered.removeValue(forKey: uid) ?? FetchItems()
            if takes(uid, items, plan.shape) { continue }
            if items.hasContent { failed(uid, .absent, at: now) } else { missing.append(uid) }
        }
    }

    /// The server said NO or BAD. One mail among many may be why, so they are asked for in smaller
    /// parts, down to each alone.
    mutating func refused(_ plan: FetchPlan, at now: Duration) {
        let left = plan.uids.filter { uid in
            guard wanted.removeValue(forKey: uid) != nil else { return false }
            return !takes(uid, gathered.removeValue(forKey: uid) ?? FetchItems(), plan.shape)
        }
        guard plan.uids == left, let uid = left.first, left.count == 1 else {
            return plans.insert(contentsOf: plan.parts(left), at: 0)
        }
        failed(uid, .refused, at: now)
        refusedInTurn += 1
        guard refusedInTurn >= Self.refusedInTurnMax else { return }
        postponed.formUnion(pending + apart + plans.flatMap(\.uids))
        (pending, apart, plans) = ([], [], [])
    }

    /// A server that refuses so many mails one after the other is ill, and not to be flooded: the
    /// others are left to the next look, where they come first.
    private static let refusedInTurnMax = 16

    /// True when the mail's bytes came after all, or are now asked for in another way.
    private mutating func takes(
        _ uid: UInt32, _ items: FetchItems, _ shape: FetchPlan.Shape
    ) -> Bool {
        if items.hasBytes {
            deliver(uid, items, shape)
        } else if shape == .whole, case .tooLarge(let size)? = items.body {
            sizes[uid] = size
            plans.insert(FetchPlan(uids: [uid], shape: .beginning), at: 0)
        } else {
            return false
        }
        return true
    }

    /// Not returned is not gone: only a search that does not find the mail says so.
    mutating func checked(_ uids: [UInt32], completely: Bool, at now: Duration) {
        guard let epoch else { return }
        let present = Set(found.uids)
        for uid in uids {
            if completely, !found.isCut, !present.contains(uid) {
                view.settle(uid)
                actions.append(.vanished(epoch, uid: uid))
            } else {
                failed(uid, .absent, at: now)
            }
        }
    }

    private mutating func deliver(_ uid: UInt32, _ items: FetchItems, _ shape: FetchPlan.Shape) {
        let raw = items.bytes(of: shape)
        if shape == .beginning {
            let size = max(sizes[uid] ?? 0, items.sizeBytes ?? 0, raw.count)
            actions.append(.report(.tooLarge(uid: uid, sizeBytes: size)))
            hand(uid, items.internalDate, raw, isTruncated: true, sizeBytes: size)
        } else if isCutShort(raw, items), view.isFirstCut(uid) {
            plans.append(FetchPlan(uids: [uid]))
        } else {
            hand(uid, items.internalDate, raw, isTruncated: false, sizeBytes: raw.count)
        }
    }

    /// Whether less came than the server said there is. Some only estimate the size, and their word
    /// counts when they hand out the same once more.
    private func isCutShort(_ raw: [UInt8], _ items: FetchItems) -> Bool {
        guard let size = items.sizeBytes else { return false }
        return raw.count < size - size / Self.estimateShare
    }

    /// Estimates were seen to be a few percent off.
    private static let estimateShare = 8

    /// The next look asks again, unless it was the last time.
    private mutating func failed(_ uid: UInt32, _ kind: MailTrouble.Kind, at now: Duration) {
        view.failed(uid, kind, givenBefore: givenBefore, at: now)
        guard !view.isHopeless(uid, patience.mail) else { return giveUp(uid) }
        postponed.insert(uid)
        actions.append(.report(.unfetched(uid: uid)))
    }

    /// The mail goes in without content, so that a person sees it and those behind it move on.
    private mutating func giveUp(_ uid: UInt32) {
        actions.append(.report(.quarantined(uid: uid)))
        hand(uid, nil, [], isTruncated: true, sizeBytes: sizes[uid] ?? 0)
    }

    private mutating func hand(
        _ uid: UInt32, _ date: Date?, _ raw: [UInt8], isTruncated: Bool, sizeBytes: Int
    ) {
        // Not the position: while it is held, settling would copy the set of settled mails.
        guard let epoch else { return }
        view.settle(uid)
        if !raw.isEmpty {
            refusedInTurn = 0
            view.gave()
        }
        takenInRound += 1
        takenIn += 1
        let mail = FetchedMail(
            account: account.name, folder: folder, uidValidity: epoch.uidValidity,
            epoch: epoch.epoch, uid: uid, internalDate: date, raw: raw, isTruncated: isTruncated,
            sizeBytes: sizeBytes, lastingName: raw.isEmpty ? nil : lastingNames[uid])
        actions.append(.deliver(mail))
    }
}

extension FetchItems {
    mutating func merge(_ other: FetchItems) {
        lastingName = other.lastingName ?? lastingName
        uid = other.uid ?? uid
        sizeBytes = other.sizeBytes ?? sizeBytes
        internalDate = other.internalDate ?? internalDate
        body = other.body ?? body
        header = other.header ?? header
        text = other.text ?? text
    }

    var hasBytes: Bool {
        [body, header, text].contains { if case .bytes? = $0 { true } else { false } }
    }

    func isComplete(for shape: FetchPlan.Shape) -> Bool {
        guard sizeBytes != nil, internalDate != nil else { return false }
        return switch shape {
        case .whole: if case .bytes? = body { true } else { false }
        case .beginning: header != nil && text != nil && hasBytes
        }
    }

    func bytes(of shape: FetchPlan.Shape) -> [UInt8] {
        let parts =
            switch shape {
            case .whole: [body]
            case .beginning: [header, text]
            }
        return parts.reduce(into: []) { all, part in
            if case .bytes(let bytes)? = part { all = all.isEmpty ? bytes : all + bytes }
        }
    }
}
