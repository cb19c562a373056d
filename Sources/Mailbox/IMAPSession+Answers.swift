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
            let command = inFlight[index].command
            if command.isPutOff(condition, words) {
                return refused(command, condition, words, .busy)
            }
            inFlight.remove(at: index)
            complete(command, condition, words, at: now)
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
        case .unreadable(let reason): violated("unreadable: \(reason)")
        }
    }

    /// Whether a command comes nearer to its end by it. What a server says by the way, of new mail
    /// or of itself, is no answer, nor is what it says twice.
    func isProgress(_ response: IMAPResponse) -> Bool {
        switch response {
        case .tagged, .goOn: true
        case .search(let runs): !runs.isEmpty && found.uids.isEmpty
        case .fetch(let items): items.uid.map { isProgress(items, of: $0) } ?? false
        case .capability, .list, .condition, .bye, .exists, .recent, .expunge, .other, .unreadable:
            false
        }
    }

    private func isProgress(_ items: FetchItems, of uid: UInt32) -> Bool {
        if items.hasContent { return wanted[uid] != nil && gathered[uid]?.hasContent != true }
        guard items.sizeBytes != nil, sizes[uid] == nil else { return false }
        return inFlight.contains { flight in
            if case .probe(let uids) = flight.command { uids.contains(uid) } else { false }
        }
    }

    mutating func progressed(at now: Duration) {
        lastProgress = now
        contentSeen = parser.contentBytes
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
        case (.identify, _), (.logout, _): break
        case (.capability, .ok): open(at: now)
        case (.examine, .ok): opened(at: now)
        case (.search, .ok): enumerated(at: now)
        case (.lookBack, _): lookedBack(completely: condition == .ok, at: now)
        case (.scan(let scan), _): scanned(scan, completely: condition == .ok, at: now)
        case (.probe(let uids), _): probed(uids)
        case (.fetch(let plan), .ok): fetched(plan, at: now)
        case (.fetch(let plan), _): refused(plan, at: now)
        case (.check(let uids), .ok), (.check(let uids), .no):
            checked(uids, completely: condition == .ok, at: now)
        case (.idle, .ok): idleEnded(at: now)
        case (.idle, _): idleRefused(at: now)
        case (.examine, .no): refused(command, condition, words, .notOpened)
        case (.capability, _), (.examine, _), (.search, _), (.check, _):
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
        seek(unsettled)
        // A mail that is asked for again was announced long ago.
        if wasRenewal, !isDirty, !pending.isEmpty {
            idleFailures += 1
            actions.append(.report(.unannounced(count: pending.count)))
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

extension IMAPSession.Command {
    /// Whether the server asks for patience. SERVERBUG is what Dovecot says of a mail that it finds
    /// damaged: waiting mends nothing there.
    func isPutOff(_ condition: IMAPResponse.Condition, _ words: IMAPResponse.Words) -> Bool {
        guard condition != .ok, words.asksForPatience else { return false }
        return switch self {
        case .logout, .list, .examineJunk, .searchJunk: false
        case .probe, .fetch: words.code != "SERVERBUG"
        case .capability, .identify, .examine, .search, .lookBack, .idle, .scan, .check: true
        }
    }

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
