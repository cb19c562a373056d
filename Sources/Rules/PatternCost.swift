// SPDX-License-Identifier: Apache-2.0

/// How hard a text can make a pattern work, found without running it.
///
/// RE2 takes one step per byte, whatever the pattern, but a step is cheap only while it leads to a
/// set of places in the pattern that was met before. `a[ab]{40}q` remembers which of the last 40
/// letters were an a: a text can make each step a new one, and 256 KB of it cost 40 ms and more.
/// What is counted here is how many places of one pattern can be taken by several beginnings at
/// once: each may double the sets. Behind a sign that such a place does not hold there is only
/// one beginning: `iban [a-z]{2}\d{2}` costs nothing.
struct PatternCost {
    /// 0 for nearly all patterns of banks.
    let places: Int

    /// `text` is what RE2 was given and found right.
    init(_ text: String) {
        var parser = Parser(text: Array(text.utf8))
        places = Self.places(of: parser.alternatives([]))
    }

    /// The signs that stand at one place: ASCII, and all others as one.
    struct Signs: Equatable {
        var low: UInt64 = 0
        var high: UInt64 = 0
        var others = false

        static let all = Signs(low: .max, high: .max, others: true)
        static let none = Signs()

        mutating func add(_ byte: UInt8) {
            if byte < 64 {
                low |= 1 << UInt64(byte)
            } else if byte < 128 {
                high |= 1 << UInt64(byte - 64)
            } else {
                others = true
            }
        }

        mutating func add(_ range: ClosedRange<UInt8>) { for byte in range { add(byte) } }

        mutating func add(_ other: Signs) {
            low |= other.low
            high |= other.high
            others = others || other.others
        }

        var inverted: Signs { Signs(low: ~low, high: ~high, others: true) }

        /// One sign only; a blank stands for the end of a line as well.
        var isOne: Bool {
            guard !others else { return false }
            let isBlank = high == 0 && low & ~(1 << 32 | 1 << 10) == 0
            return isBlank || low.nonzeroBitCount + high.nonzeroBitCount == 1
        }

        func meets(_ other: Signs) -> Bool {
            low & other.low != 0 || high & other.high != 0 || (others && other.others)
        }
    }

    /// One place of a pattern, with how often it may be taken.
    struct Atom {
        var signs: Signs
        /// The most rounds that are counted; a loop without an end is one place.
        var rounds = 1
        var isLoop = false
        /// The optional groups and branches that it stands in.
        var branches: [Int]
        var isOptional = false
        /// It may take more signs or fewer.
        var isVariable = false
        /// Part of a group that is repeated and that one text can be cut into in many ways.
        var isLoose = false
        /// Rounds of the groups that it stands in: a new beginning may be in an earlier one.
        var groupRounds = 1
        var isInRepeatedGroup = false

        /// Every line holds such signs to its end: who once came here stays.
        var isAnything: Bool {
            isLoop && signs.low | 1 << 10 == .max && signs.high == .max && signs.others
        }
    }

    // MARK: - Places

    /// Rounds beyond this are not told apart: the pattern is refused long before.
    private static let roundsMax = 1000

    private static func places(of atoms: [Atom]) -> Int {
        var known: [Int] = []
        var total = 0
        for (index, atom) in atoms.enumerated() {
            let most = atom.isLoop && !atom.isLoose ? atom.groupRounds : min(atom.rounds, roundsMax)
            // Every sign begins the pattern anew: its first place is taken whatever came before.
            let isFirst = index == 0 && most <= firstRoundsMax && !atom.isInRepeatedGroup
            let beginnings = isFirst ? 1 : self.beginnings(at: index, atoms, known)
            known.append(min(most, beginnings))
            guard !atom.isLoose else {
                total += most
                continue
            }
            // Where one sign only may stand, the last one of the text says all.
            let isTold = atom.signs.isOne && atom.groupRounds == 1
            guard beginnings > 1, !isTold, !atom.isAnything else { continue }
            total += min(most, beginnings)
        }
        return min(total, roundsMax)
    }

    /// How many beginnings can have come to place `index`: one behind a sign that always stands
    /// before it and that it does not hold, and those which that sign does not end on their way.
    private static func beginnings(at index: Int, _ atoms: [Atom], _ known: [Int]) -> Int {
        let own = atoms[index]
        var fewest = Int.max
        // The sign that ends the others stands near; looking on would cost more than it finds.
        for place in stride(from: index - 1, through: max(0, index - lookBackMax), by: -1) {
            let sign = atoms[place]
            guard !sign.isOptional, own.branches.starts(with: sign.branches),
                !sign.signs.meets(own.signs)
            else { continue }
            var count = sign.groupRounds
            for between in (place + 1)..<index
            where atoms[between].signs.meets(sign.signs) || !endsInOnePlace(between, atoms) {
                guard !atoms[between].isLoop else {
                    count = Int.max
                    break
                }
                let more = atoms[between].isVariable ? atoms[between].rounds : known[between]
                count = min(count + min(more, roundsMax), roundsMax)
            }
            fewest = min(fewest, count)
            if fewest == 1 { break }
        }
        return fewest
    }

    /// Whether what follows a place shows where it ends; else one beginning goes on in many ways.
    private static func endsInOnePlace(_ place: Int, _ atoms: [Atom]) -> Bool {
        guard atoms[place].isVariable else { return true }
        for next in atoms[(place + 1)...].prefix(lookBackMax) {
            if next.signs.meets(atoms[place].signs) { return false }
            if !next.isOptional { return true }
        }
        return true
    }

    /// More rounds make the sets of places themselves large.
    private static let firstRoundsMax = 64

    /// Signs before a place that are looked at.
    private static let lookBackMax = 64
}
