// SPDX-License-Identifier: Apache-2.0

extension PatternCost {
    /// Reads what RE2 has read before: nothing here can be wrong, only unknown.
    struct Parser {
        let text: [UInt8]
        private var index = 0
        private var branch = 0
        /// Groups within groups; RE2 itself takes a thousand.
        private var depth = 0
        /// Larger patterns are refused for their size.
        private static let atomsMax = 4000

        init(text: [UInt8]) { self.text = text }

        private func peek(_ ahead: Int = 0) -> UInt8? {
            index + ahead < text.count ? text[index + ahead] : nil
        }

        /// Up to the end of the group that is open, or of the pattern.
        mutating func alternatives(_ branches: [Int]) -> [Atom] {
            var all: [[Atom]] = [[]]
            branch += 1
            var own = branches + [branch]
            while let byte = peek(), byte != 0x29 {
                if byte == 0x7C {
                    index += 1
                    branch += 1
                    own = branches + [branch]
                    all.append([])
                } else {
                    all[all.count - 1] += item(own)
                }
                if all[all.count - 1].count > Self.atomsMax { break }
            }
            guard all.count > 1 else {
                // No choice: what stands here always stands.
                var only = all[0]
                for place in only.indices { only[place].branches.remove(at: branches.count) }
                return only
            }
            // Words to choose from: each of them is as good as one sign.
            if all.joined().allSatisfy({ $0.rounds == 1 && !$0.isLoop && $0.signs.isOne }) {
                var word = Atom(signs: .none, branches: branches)
                for atom in all.joined() { word.signs.add(atom.signs) }
                word.isOptional = all.contains { $0.allSatisfy(\.isOptional) }
                return [word]
            }
            return all.flatMap(\.self)
        }

        private mutating func item(_ branches: [Int]) -> [Atom] {
            guard let byte = peek() else { return [] }
            var atoms: [Atom]
            switch byte {
            case 0x28: atoms = group(branches)
            case 0x5B: atoms = [Atom(signs: set(), branches: branches)]
            case 0x5C:
                let (signs, isPlace) = escape()
                atoms = isPlace ? [Atom(signs: signs, branches: branches)] : []
            case 0x5E, 0x24:
                index += 1
                atoms = []
            case 0x2E:
                index += 1
                var end = Signs.none
                end.add(10)
                atoms = [Atom(signs: end.inverted, branches: branches)]
            default:
                index += 1
                var signs = Signs.none
                signs.add(byte)
                // One sign of UTF-8, not four.
                while byte >= 0xC0, let next = peek(), next & 0xC0 == 0x80 { index += 1 }
                atoms = [Atom(signs: signs, branches: branches)]
            }
            while let (least, most) = repetition() { times(&atoms, least, most, branches) }
            return atoms
        }

        private mutating func times(
            _ atoms: inout [Atom], _ least: Int, _ most: Int?, _ branches: [Int]
        ) {
            branch += 1
            let isRepeated = most.map { $0 > 1 } ?? true
            let isGroup = atoms.count > 1 || atoms.contains { $0.isVariable || $0.rounds > 1 }
            // A counted round that may be long or short makes many sets, wherever it is cut.
            let isLoose =
                isRepeated && isGroup
                && (!Self.isCutInOneWay(atoms, branches.count)
                    || most != nil
                        && atoms.contains { $0.isLoop || $0.rounds > 1 && $0.isVariable })
            for place in atoms.indices {
                atoms[place].isLoose = atoms[place].isLoose || isLoose
                if isGroup, isRepeated { atoms[place].isInRepeatedGroup = true }
                if isGroup, let most {
                    let rounds = atoms[place].groupRounds
                    atoms[place].groupRounds = min(rounds * min(max(most, 1), 1000), 1000)
                }
                if least != most { atoms[place].isVariable = true }
                if least == 0 {
                    if atoms.count == 1 {
                        atoms[place].isOptional = true
                    } else {
                        atoms[place].branches.insert(branch, at: branches.count)
                    }
                }
                if let most {
                    let rounds = atoms[place].rounds.multipliedReportingOverflow(by: max(most, 1))
                    atoms[place].rounds = rounds.overflow ? .max : rounds.partialValue
                } else if atoms[place].rounds == 1 {
                    atoms[place].isLoop = true
                }
            }
        }

        /// Whether each round of a group begins and ends at places that the signs themselves show:
        /// what may be longer or shorter stands between signs that it does not hold.
        private static func isCutInOneWay(_ atoms: [Atom], _ depth: Int) -> Bool {
            guard atoms.count <= 64 else { return false }
            return atoms.indices.allSatisfy { place in
                let own = atoms[place]
                guard own.branches.count == depth else { return false }
                guard own.isVariable else { return true }
                var isBounded = false
                for (other, atom) in atoms.enumerated() where other != place {
                    guard !atom.signs.meets(own.signs) else { return false }
                    isBounded = isBounded || !atom.isOptional
                }
                return isBounded
            }
        }

        /// `*`, `+`, `?` or `{n,m}`, with what follows it to make it sparing.
        private mutating func repetition() -> (least: Int, most: Int?)? {
            let result: (Int, Int?)
            switch peek() {
            case 0x2A: result = (0, nil)
            case 0x2B: result = (1, nil)
            case 0x3F: result = (0, 1)
            case 0x7B:
                guard let end = text[index...].firstIndex(of: 0x7D) else { return nil }
                let parts = text[(index + 1)..<end].split(
                    separator: 0x2C, omittingEmptySubsequences: false)
                let numbers = parts.map { Int(String(decoding: $0, as: UTF8.self)) }
                guard let least = numbers.first ?? nil, numbers.count <= 2 else { return nil }
                guard numbers.count == 1 || numbers[1] != nil || parts[1].isEmpty else {
                    return nil
                }
                result = (least, numbers.count == 1 ? least : numbers[1])
                index = end
            default: return nil
            }
            index += 1
            if peek() == 0x3F { index += 1 }
            return result
        }

        private mutating func group(_ branches: [Int]) -> [Atom] {
            index += 1
            if peek() == 0x3F {
                // (?P<name>, (?: or flags with or without a group of their own.
                while let byte = peek(), byte != 0x3E, byte != 0x3A, byte != 0x29 { index += 1 }
                if peek() == 0x29 {
                    index += 1
                    return []
                }
                index += 1
            }
            depth += 1
            defer { depth -= 1 }
            guard depth <= 200 else {
                index = text.count
                return [Atom(signs: .all, rounds: .max, branches: branches)]
            }
            let atoms = alternatives(branches)
            if peek() == 0x29 { index += 1 }
            return atoms
        }

        /// The signs of an escape outside of sets, and whether it stands for one at all.
        private mutating func escape() -> (Signs, Bool) {
            var signs = Signs.none
            let kind = peek(1) ?? 0x5C
            switch kind {
            case 0x64, 0x44: signs.add(48...57)
            case 0x73, 0x53: for byte: UInt8 in [9, 10, 12, 13, 32] { signs.add(byte) }
            case 0x70, 0x50, 0x78:
                // Classes of letters and numbers of signs: known to be something, no more.
                let end =
                    peek(2) == 0x7B
                    ? text[index...].firstIndex(of: 0x7D) ?? text.count - 1
                    : min(index + (kind == 0x78 ? 3 : 2), text.count - 1)
                let isLetter = kind == 0x70 && end > index + 2 && text[index...end].contains(0x4C)
                index = end + 1
                guard isLetter else { return (.all, true) }
                signs.add(97...122)
                signs.others = true
                return (signs, true)
            case 0x41, 0x7A, 0x62, 0x42:
                index += 2
                return (signs, false)
            case 0x6E: signs.add(10)
            case 0x74: signs.add(9)
            case 0x72, 0x66, 0x76, 0x61: signs = .all
            default: signs.add(kind)
            }
            index += 2
            return (kind == 0x44 || kind == 0x53 ? signs.inverted : signs, true)
        }

        private mutating func set() -> Signs {
            index += 1
            let isInverted = peek() == 0x5E
            if isInverted { index += 1 }
            var signs = Signs.none
            var isFirst = true
            while let byte = peek(), byte != 0x5D || isFirst {
                isFirst = false
                if byte == 0x5B, peek(1) == 0x3A {
                    // [:alpha:] and the like.
                    signs.add(Signs.all)
                    index = (text[index...].firstIndex(of: 0x5D) ?? text.count - 1) + 1
                } else if byte == 0x5C {
                    signs.add(escape().0)
                } else if peek(1) == 0x2D, let last = peek(2), last != 0x5D, last != 0x5C {
                    signs.add(byte < 128 && last < 128 && byte <= last ? byte...last : byte...255)
                    index += 3
                } else {
                    signs.add(byte)
                    index += 1
                }
            }
            index += 1
            return isInverted ? signs.inverted : signs
        }
    }
}
