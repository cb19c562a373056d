// SPDX-License-Identifier: Apache-2.0

/// What is known of the folder: settled mails, listed mails, and trouble with single ones.
/// It outlives the connection.
struct FolderView: Sendable {
    /// Looks after which a mail that never comes is given up: an hour of renewals.
    static let looksMax = 12
    /// Unreadable answers in a row about one mail after which it is given up.
    static let unreadableMax = 3

    private(set) var position: FolderPosition?
    /// When each mail above the floor was first listed.
    private var firstSeen: [UInt32: Duration] = [:]
    /// The mails above the floor in the last enumeration, ascending.
    private var listed: [UInt32] = []
    /// Looks without success.
    private var looks: [UInt32: Int] = [:]
    /// Unreadable answers and broken connections while the mail was awaited.
    private var unreadable: [UInt32: Int] = [:]
    private var broken: [UInt32: Int] = [:]

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
        looks[uid] = nil
        unreadable[uid] = nil
        broken[uid] = nil
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

    /// True when the mail is to be given up.
    mutating func missedLook(_ uid: UInt32) -> Bool {
        looks[uid, default: 0] += 1
        return looks[uid, default: 0] >= Self.looksMax
    }

    func hasMissedLooks(_ uid: UInt32) -> Bool { looks[uid] != nil }

    mutating func wasUnreadable(_ uid: UInt32) { unreadable[uid, default: 0] += 1 }
    mutating func brokeConnection(_ uid: UInt32) { broken[uid, default: 0] += 1 }
    func isPoison(_ uid: UInt32) -> Bool { unreadable[uid, default: 0] >= Self.unreadableMax }

    /// Mails to fetch alone, after all others. One broken connection says nothing, two do.
    var suspects: Set<UInt32> {
        Set(unreadable.keys).union(broken.filter { $0.value >= 2 }.keys)
    }
}
