// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials

// What the session does next.

extension IMAPSession {
    mutating func open(at now: Duration) {
        if capabilities.contains("ID") {
            send("ID (\"name\" \"mutabik\")", .identify, at: now)
        }
        examine(at: now)
    }

    /// EXAMINE, not SELECT: it never changes a flag.
    mutating func examine(at now: Duration) {
        mode = .opening
        (uidValidity, uidNext) = (nil, nil)
        openedAt = now
        send("EXAMINE \(MailboxName.quoted(folder))", .examine, at: now)
    }

    /// Lists everything above the floor. The upper bound is a number: `n:*` would always name the
    /// last mail, even below n (RFC 9051 §6.4.9).
    mutating func search(at now: Duration) {
        mode = .syncing
        isDirty = false
        found.removeAll()
        takenInRound = 0
        (refusedInTurn, givenBefore) = (0, view.given)
        guard view.floor < UInt32.max else { return wait(at: now) }
        search(for: "UID \(view.floor + 1):4294967295", .search, at: now)
    }

    mutating func search(for what: String, _ command: Command, at now: Duration) {
        let answer = capabilities.contains("ESEARCH") ? "RETURN (ALL) " : ""
        send("UID SEARCH \(answer)\(what)", command, at: now)
    }

    /// The next look of a server without announcements.
    mutating func look(at now: Duration) {
        postponed = []
        let staleView = idleFailures >= Self.idleFailuresMax
        if staleView || now - openedAt >= patience.reopen {
            examine(at: now)
        } else {
            search(at: now)
        }
    }

    /// DONE and the search travel together; one round trip later the bodies can be asked for.
    mutating func endIdle(at now: Duration) {
        postponed = []
        actions.append(.send(Array("DONE\r\n".utf8)))
        search(at: now)
    }

    /// Keeps the line busy until all is fetched, then ends the round.
    mutating func pump(at now: Duration) {
        guard mode == .syncing else { return }
        while inFlight.count < lineMax {
            if !plans.isEmpty {
                fetch(plans.removeFirst(), at: now)
            } else if !pending.isEmpty {
                takeWindow(at: now)
            } else if !apart.isEmpty, inFlight.isEmpty, recognizing.isEmpty {
                plan([apart.removeFirst()])
            } else {
                break
            }
        }
        guard inFlight.isEmpty, recognizing.isEmpty else { return }
        if missing.isEmpty { return endRound(at: now) }
        let asked = FetchPlan.window(missing.sorted())
        missing.removeAll(where: Set(asked).contains)
        found.removeAll()
        send("UID SEARCH UID \(FetchPlan.set(asked))", .check(asked), at: now)
    }

    /// How many commands may be under way. A mail that is asked for alone must be alone, or nobody
    /// could tell which one broke the connection.
    private var lineMax: Int {
        let asksSuspect = inFlight.contains { flight in
            if case .fetch(let plan) = flight.command {
                plan.uids.contains(where: view.isSuspect)
            } else {
                false
            }
        }
        return asksSuspect || view.togetherMax == 1 ? 1 : Self.inFlightMax
    }

    /// Sizes first when there are many, so that no batch grows beyond measure.
    private mutating func takeWindow(at now: Duration) {
        let window = FetchPlan.window(pending, mailsMax: view.togetherMax)
        if pending.count <= Self.unprobedMax || !view.asksSizes
            || window.allSatisfy({ sizes[$0] != nil })
        {
            plan(window)
            pending.removeFirst(window.count)
        } else {
            pending.removeFirst(window.count)
            send(
                "UID FETCH \(FetchPlan.set(window)) (UID RFC822.SIZE\(lastingNameItem))",
                .probe(window), at: now)
        }
    }

    /// What the server calls its lasting name for a mail, with a space before it.
    private var lastingNameItem: String {
        if capabilities.contains("X-GM-EXT-1") { return " X-GM-MSGID" }
        return capabilities.contains("OBJECTID") ? " EMAILID" : ""
    }

    /// Sizes and names are known. A mail that was taken in elsewhere need not be fetched.
    mutating func probed(_ uids: [UInt32]) {
        var names: [UInt32: String] = [:]
        for uid in uids { names[uid] = lastingNames[uid] }
        guard let epoch, !names.isEmpty else { return plan(uids) }
        plan(uids.filter { names[$0] == nil })
        recognizing.formUnion(names.keys)
        actions.append(.askKnown(epoch, names))
    }

    mutating func plan(_ uids: [UInt32]) {
        plans += FetchPlan.batches(
            of: uids, sizes: sizes, mailBytesMax: account.mailBytesMax,
            mailsMax: view.togetherMax)
    }

    private mutating func fetch(_ plan: FetchPlan, at now: Duration) {
        for uid in plan.uids { wanted[uid] = plan.shape }
        let what =
            switch plan.shape {
            case .whole: "BODY.PEEK[]"
            case .beginning: "BODY.PEEK[HEADER] BODY.PEEK[TEXT]<0.262144>"
            }
        send(
            "UID FETCH \(FetchPlan.set(plan.uids)) (UID INTERNALDATE RFC822.SIZE"
                + "\(lastingNameItem) \(what))",
            .fetch(plan), at: now)
    }

    /// After data one more look, for mail that came between the search and the end of the fetch.
    private mutating func endRound(at now: Duration) {
        fruitless = takenInRound > 0 ? 0 : fruitless + 1
        if takenInRound > 0 || (isDirty && fruitless < Self.fruitlessMax) { return search(at: now) }
        if !hasRecalled, let epoch {
            (hasRecalled, mode) = (true, .recalling)
            actions.append(.askOverdue(epoch))
            return
        }
        if let scan = scans.due(at: now, floor: view.floor, base: view.base) {
            return begin(scan, at: now)
        }
        if isJunkLookDue(at: now) { return lookForJunk(at: now) }
        let raised = view.raiseFloor(at: now, age: patience.settledAge) != nil
        if raised || finishedScan != nil || lastTold.map({ now - $0 >= Self.tellingGap }) ?? true {
            tell(at: now)
        }
        actions.append(.report(.caughtUp(count: takenIn)))
        takenIn = 0
        wait(at: now)
    }

    /// Tells the intake how far the folder is read.
    mutating func tell(base: UInt32? = nil, at now: Duration) {
        guard let epoch else { return }
        lastTold = now
        let next = [uidNext, view.highest.map { $0 &+ 1 }].compactMap(\.self).max()
        actions.append(
            .advance(
                epoch,
                FolderProgress(floor: view.floor, base: base, uidNext: next, scan: finishedScan)))
        finishedScan = nil
    }

    mutating func wait(at now: Duration) {
        (wasRenewal, hasRecalled) = (false, false)
        view.asksSizes = true
        (sizes, lastingNames) = ([:], [:])
        if capabilities.contains("IDLE"), idleFailures < Self.idleFailuresMax {
            send("IDLE", .idle, at: now)
            mode = .idling(since: nil)
        } else {
            mode = .polling(since: now)
            actions.append(.report(.polling))
        }
    }

    mutating func send(_ text: String, _ command: Command, at now: Duration) {
        lastTag += 1
        let tag = "m\(lastTag)"
        inFlight.append(InFlight(tag: tag, command: command))
        (lastSent, lastHeard) = (now, nil)
        progressed(at: now)
        actions.append(.send(Array("\(tag) \(text)\r\n".utf8)))
    }

    mutating func end(_ action: Action) {
        mode = .disconnected
        actions.append(action)
    }
}
