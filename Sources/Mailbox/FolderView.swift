// SPDX-License-Identifier: Apache-2.0

/// What is known of the folder: settled mails, listed mails, and trouble with single ones.
/// It outlives the connection.
struct FolderView: Sendable {
    private(set) var position: FolderPosition?
    /// When each mail above the floor was first listed.
    private var firstSeen: [UInt32: Duration] = [:]
    /// The mails above the floor in the last enumeration, ascending.
    private var listed: [UInt32] = []
    private var troubles: [UInt32: MailTrouble] = [:]
    /// Mails of which less came than they are large; each is asked for once more.
    private var cut: Set<UInt32> = []
    /// How many mails the server has handed out.
    private(set) var given = 0
    /// At most so many mails are asked for together. After a connection that broke there are
    /// fewer, and as soon as some came there are more again: so a mail that breaks connections is
    /// soon alone, and takes no other with it.
    private(set) var togetherMax = FetchPlan.mailsMax
    /// False after a connection broke while sizes were told, until all that can be had is here.
    var asksSizes = true

    var floor: UInt32 { position?.floor ?? 0 }
    var base: UInt32 { position?.base ?? 0 }
    /// The highest UID ever listed in this epoch.
    private(set) var highest: UInt32?

    /// Takes over what the intake knows.
    mutating func adopt(_ position: FolderPosition) {
        let isSame = self.position.map {
            ($0.uidValidity, $0.epoch) == (position.uidValidity, position.epoch)
        }
        if isSame != true { self = FolderView() }
        self.position = position
    }

    /// The look-back of a new epoch begins behind `base`.
    mutating func begin(after base: UInt32) {
        position?.base = base
        position?.floor = base
    }

    mutating func list(_ found: [UInt32], at now: Duration) {
        let floor = floor
        listed = Set(found).filter { $0 > floor }.sorted()
        for uid in listed where firstSeen[uid] == nil { firstSeen[uid] = now }
        highest = [highest, listed.last].compactMap(\.self).max()
    }

    /// Listed and not settled, oldest first.
    var unsettled: [UInt32] {
        guard let position else { return [] }
        return listed.filter { !position.isSettled($0) }
    }

    mutating func settle(_ uid: UInt32) {
        if uid > floor { position?.settledAbove.insert(uid) }
        troubles[uid] = nil
        cut.remove(uid)
    }

    /// Rises to the highest mail below which all listed ones are settled and old enough: a server
    /// may show a lower UID late.
    ///
    /// - Returns: the new floor; nil when it stays.
    mutating func raiseFloor(at now: Duration, age: Duration) -> UInt32? {
        guard var position else { return nil }
        let old = position.floor
        for uid in listed {
            guard position.isSettled(uid), let seen = firstSeen[uid], now - seen >= age else {
                break
            }
            position.floor = uid
        }
        guard position.floor > old else { return nil }
        let floor = position.floor
        position.settledAbove = position.settledAbove.filter { $0 > floor }
        firstSeen = firstSeen.filter { $0.key > floor }
        listed.removeAll { $0 <= floor }
        self.position = position
        return floor
    }

    // MARK: Trouble

    /// Mails that were in trouble are asked for alone and after all others.
    func isSuspect(_ uid: UInt32) -> Bool { troubles[uid] != nil }

    /// Those with the least trouble first, so that in the end each of them has its turn.
    func byTrouble(_ uids: [UInt32]) -> [UInt32] {
        uids.sorted { (troubles[$0]?.tries ?? 0, $0) < (troubles[$1]?.tries ?? 0, $1) }
    }

    /// It may be this mail that breaks the connection.
    mutating func suspect(_ uid: UInt32, givenBefore: Int, at now: Duration) {
        guard troubles[uid] == nil else { return }
        troubles[uid] = MailTrouble(since: now, givenBefore: givenBefore)
    }

    /// The mail was given up, and gets one more chance: alone, as it may break connections.
    mutating func askOnceMore(_ uid: UInt32, at now: Duration) {
        guard troubles[uid] == nil else { return }
        troubles[uid] = MailTrouble(since: now, givenBefore: given, wasGivenUp: true)
    }

    /// The mail was asked for alone and did not come.
    mutating func failed(
        _ uid: UInt32, _ kind: MailTrouble.Kind, givenBefore: Int, at now: Duration
    ) {
        suspect(uid, givenBefore: givenBefore, at: now)
        troubles[uid]?.add(kind, at: now)
    }

    func isHopeless(_ uid: UInt32, _ patience: MailTrouble.Patience) -> Bool {
        troubles[uid]?.isHopeless(given: given, patience) ?? false
    }

    /// Remembers a mail of which too little came; true for the first time.
    mutating func isFirstCut(_ uid: UInt32) -> Bool { cut.insert(uid).inserted }

    /// A connection broke while so many mails were awaited.
    mutating func askForFewer(than count: Int) {
        togetherMax = max(1, count / FetchPlan.partsMax)
    }

    mutating func gave() { given += 1 }

    mutating func askForMore() {
        togetherMax = min(FetchPlan.mailsMax, togetherMax * FetchPlan.partsMax)
    }
}
