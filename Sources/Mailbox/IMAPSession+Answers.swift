// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials

// What the server's answers mean for the session.

extension IMAPSession {
    mutating func handle(_ response: IMAPResponse, at now: Duration) {
        if case .leaving = mode { return leaving(response) }
        switch response {
        case .tagged(let tag, let condition, let words):
            guard let index = inFlight.firstIndex(where: { $0.tag == tag }) else {
                return violated("the server answered a command never sent")
            }
            if condition == .ok { lastProof = now }
            noteAlert(words)
            complete(inFlight.remove(at: index).command, condition, words, at: now)
        case .condition(_, let words):
            noteAlert(words)
            note(words)
        case .bye(let words):
            end(
                .disconnect(
                    reason: "the server said BYE", trouble: words.asksForPatience ? .busy : .bye))
        case .goOn: goOn(at: now)
        case .capability(let names): capabilities = names
        case .exists(let count):
            guard mode != .opening, mode != .aside else { return }
            actions.append(.report(.announced(exists: count)))
            announced(at: now)
        case .recent:
            if mode != .opening, mode != .aside { announced(at: now) }
        case .fetch(let items): gather(items)
        case .list(let attributes, let name): junk.note(attributes, name)
        case .search(let runs): noteSearch(runs)
        case .expunge, .other: break
        case .unreadable(let reason):
            if let suspect = firstAwaited { view.wasUnreadable(suspect) }
            violated("unreadable: \(reason)")
        }
    }

    private mutating func leaving(_ response: IMAPResponse) {
        switch response {
        case .bye: end(.finish)
        case .tagged(let tag, _, _):
            if inFlight.contains(where: { $0.tag == tag && $0.command == .logout }) { end(.finish) }
        default: break
        }
    }

    // MARK: Untagged

    /// Shown once, however often the server repeats it.
    private mutating func noteAlert(_ words: IMAPResponse.Words) {
        guard words.code == "ALERT" else { return }
        let text = words.impersonalText
        guard text != lastAlert else { return }
        lastAlert = text
        actions.append(.report(.alert(text: text)))
    }

    /// `[UIDVALIDITY n]` while the folder opens; at any other time it must not change.
    private mutating func note(_ words: IMAPResponse.Words) {
        switch words.code {
        case "CAPABILITY":
            capabilities = Set(words.argument.uppercased().split(separator: " ").map(String.init))
        case "UIDVALIDITY":
            guard mode != .aside, let validity = UInt32(ascii: words.argument.utf8) else { return }
            if mode == .opening {
                uidValidity = validity
            } else if validity != view.position?.uidValidity {
                violated("the folder was renumbered")
            }
        case "UIDNEXT":
            if mode == .opening { uidNext = UInt32(ascii: words.argument.utf8) }
        default: break
        }
    }

    /// An EXISTS or RECENT, at any time, counts: after one mail more and one less the number is
    /// the same.
    private mutating func announced(at now: Duration) {
        isDirty = true
        guard case .idling(.some) = mode else { return }
        idleFailures = 0
        if fruitless < Self.fruitlessMax {
            endIdle(at: now)
        } else {
            renewAt = min(renewAt, now + account.pollInterval)
        }
    }

    private mutating func goOn(at now: Duration) {
        guard mode == .idling(since: nil) else { return }
        mode = .idling(since: now)
        renewAt = now + account.idleRenewal
        actions.append(.report(.idling))
        // Some servers announce mail before they accept IDLE.
        if isDirty { announced(at: now) }
    }

    private mutating func noteSearch(_ runs: [ClosedRange<UInt32>]) {
        let isAwaited = inFlight.contains { flight in
            switch flight.command {
            case .search, .lookBack, .scan, .check, .searchJunk: true
            default: false
            }
        }
        if isAwaited { found.append(runs) }
    }

    // MARK: Tagged

    private mutating func complete(
        _ command: Command, _ condition: IMAPResponse.Condition, _ words: IMAPResponse.Words,
        at now: Duration
    ) {
        switch (command, condition) {
        case (.list, _), (.examineJunk, _), (.searchJunk, _):
            lookedForJunk(command, completely: condition == .ok, at: now)
        case (_, .no) where words.asksForPatience && command != .logout,
            (_, .bad) where words.asksForPatience && command != .logout:
            refused(command, condition, words, .busy)
        case (.identify, _), (.logout, _): break
        case (.capability, .ok): open(at: now)
        case (.examine, .ok): opened(at: now)
        case (.search, .ok): enumerated(at: now)
        case (.lookBack, _): lookedBack(completely: condition == .ok, at: now)
        case (.scan(let scan), _): scanned(scan, completely: condition == .ok, at: now)
        case (.probe(let uids), .ok), (.probe(let uids), .no): probed(uids)
        case (.fetch(let plan), .ok), (.fetch(let plan), .no):
            fetched(plan, completely: condition == .ok)
        case (.check(let uids), .ok), (.check(let uids), .no):
            checked(uids, completely: condition == .ok)
        case (.idle, .ok): idleEnded(at: now)
        case (.idle, _): idleRefused(at: now)
        case (.capability, _), (.examine, _), (.search, _), (.probe, _), (.fetch, _), (.check, _):
            refused(command, condition, words, .refusal)
        }
        pump(at: now)
    }

    private mutating func refused(
        _ command: Command, _ condition: IMAPResponse.Condition, _ words: IMAPResponse.Words,
        _ trouble: Trouble
    ) {
        let code = words.code.map { " [\($0)]" } ?? ""
        let reason = "\(command.label): server said \(condition.rawValue)\(code)"
        end(.disconnect(reason: reason, trouble: trouble))
    }

    private mutating func violated(_ reason: String) {
        end(.disconnect(reason: reason, trouble: .violation))
    }

    private mutating func opened(at now: Duration) {
        actions.append(.report(.connected))
        if uidValidity == nil, keepsNumbers { return search(at: now) }
        mode = .positioning
        actions.append(.askPosition(uidValidity: uidValidity ?? 0, uidNext: uidNext))
    }

    /// Whether a server without UIDVALIDITY may have opened the folder again with the same UIDs:
    /// within one session they hold.
    private var keepsNumbers: Bool {
        guard isPositioned, view.position?.uidValidity == 0, view.position?.base != nil else {
            return false
        }
        return uidNext.map { $0 > view.highest ?? 0 } ?? true
    }

    private mutating func enumerated(at now: Duration) {
        view.list(found.uids, at: now)
        if found.isCut { isDirty = true }
        let unsettled = view.unsettled.filter { !postponed.contains($0) }
        pending = unsettled.filter { !view.isPoison($0) }
        for uid in unsettled where view.isPoison(uid) { giveUp(uid) }
        // A mail that is asked for again was announced long ago.
        let unannounced = pending.count { !view.hasMissedLooks($0) }
        if wasRenewal, !isDirty, unannounced > 0 {
            idleFailures += 1
            actions.append(.report(.unannounced(count: unannounced)))
        }
        wasRenewal = false
    }

    /// The server ended IDLE by itself. One that does so at once is no help.
    private mutating func idleEnded(at now: Duration) {
        guard case .idling(let since) = mode else { return }
        if now - (since ?? now) < .seconds(1) { idleFailures += 1 }
        search(at: now)
    }

    private mutating func idleRefused(at now: Duration) {
        idleFailures = Self.idleFailuresMax
        guard case .idling = mode else { return }
        if isDirty { search(at: now) } else { wait(at: now) }
    }
}

// MARK: - Mails

extension IMAPSession {
    /// Items come in any order and on several lines; other clients' flag changes come between.
    /// Only the UID says which mail they belong to.
    private mutating func gather(_ items: FetchItems) {
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

    private mutating func fetched(_ plan: FetchPlan, completely: Bool) {
        for uid in plan.uids where wanted.removeValue(forKey: uid) != nil {
            let items = gathered.removeValue(forKey: uid) ?? FetchItems()
            if items.hasBytes {
                deliver(uid, items, plan.shape)
            } else if plan.shape == .whole, case .tooLarge(let size)? = items.body {
                sizes[uid] = size
                plans.insert(FetchPlan(uids: [uid], shape: .beginning), at: 0)
            } else if items.hasContent || !completely {
                unfetched(uid)
            } else {
                missing.append(uid)
            }
        }
    }

    /// Not returned is not gone: only a search that does not find the mail says so.
    private mutating func checked(_ uids: [UInt32], completely: Bool) {
        guard let epoch else { return }
        let present = Set(found.uids)
        for uid in uids {
            if completely, !found.isCut, !present.contains(uid) {
                view.settle(uid)
                actions.append(.vanished(epoch, uid: uid))
            } else {
                unfetched(uid)
            }
        }
    }

    private mutating func deliver(_ uid: UInt32, _ items: FetchItems, _ shape: FetchPlan.Shape) {
        let raw = items.bytes(of: shape)
        if shape == .beginning {
            let size = max(sizes[uid] ?? 0, items.sizeBytes ?? 0, raw.count)
            actions.append(.report(.tooLarge(uid: uid, sizeBytes: size)))
            hand(uid, items.internalDate, raw, isTruncated: true, sizeBytes: size)
        } else {
            hand(uid, items.internalDate, raw, isTruncated: false, sizeBytes: raw.count)
        }
    }

    private mutating func unfetched(_ uid: UInt32) {
        guard !view.missedLook(uid) else { return giveUp(uid) }
        postponed.insert(uid)
        actions.append(.report(.unfetched(uid: uid)))
    }

    /// The mail goes in without content, so that a person sees it and those behind it move on.
    mutating func giveUp(_ uid: UInt32) {
        actions.append(.report(.quarantined(uid: uid)))
        hand(uid, nil, [], isTruncated: true, sizeBytes: sizes[uid] ?? 0)
    }

    private mutating func hand(
        _ uid: UInt32, _ date: Date?, _ raw: [UInt8], isTruncated: Bool, sizeBytes: Int
    ) {
        // Not the position: while it is held, settling would copy the set of settled mails.
        guard let epoch else { return }
        view.settle(uid)
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

extension IMAPSession.Command {
    /// The command's name for an error.
    var label: String {
        switch self {
        case .capability: "CAPABILITY"
        case .identify: "ID"
        case .examine: "EXAMINE"
        case .search, .lookBack, .scan, .check, .searchJunk: "UID SEARCH"
        case .list: "LIST"
        case .examineJunk: "EXAMINE"
        case .idle: "IDLE"
        case .logout: "LOGOUT"
        case .probe, .fetch: "UID FETCH"
        }
    }
}
