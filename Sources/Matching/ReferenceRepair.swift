// SPDX-License-Identifier: Apache-2.0

import Domain

/// The codes that a payer may have meant who made one slip.
///
/// The alphabet has no look-alikes: `O`, `0`, `I`, `1`, `L`, `B`, `S` and the vowels are wrong
/// signs as such, and the check sign says what must have stood there. So a misread sign has one
/// repair; a slip within the alphabet has a handful, of which at most one belongs to a
/// registration.
enum ReferenceRepair {
    /// How many signs a code with one slip has.
    static let lengths = 7...10

    /// Codes one wrong, missing or extra sign or one swap of neighbours away from these signs, or
    /// without all of their prefix.
    static func candidates(for signs: [UInt8], prefixes: Set<String>) -> [ReferenceCode] {
        var seen: Set<String> = []
        return texts(for: signs, prefixes: prefixes).compactMap { text in
            guard ReferenceCode.checkHolds(text[2...]), isMixed(text[2..<8]) else { return nil }
            let code = ReferenceCode(String(decoding: text, as: UTF8.self))
            return code.flatMap { seen.insert($0.text).inserted ? $0 : nil }
        }
    }

    private static func texts(for signs: [UInt8], prefixes: Set<String>) -> [[UInt8]] {
        let cut = withoutPrefix(signs, prefixes: prefixes)
        guard (8...10).contains(signs.count), signs.dropFirst(2).contains(where: { $0 > 57 })
        else { return cut }
        // Two strange signs are two slips; this also ends the work early for ordinary words, which
        // have vowels. The slip may have been the only digit.
        let strange = signs.dropFirst(2).count { !ReferenceCode.alphabet.contains($0) }
        guard strange <= 1 else { return cut }
        let head = String(decoding: signs.prefix(2), as: UTF8.self)
        guard prefixes.contains(head) else {
            return signs.count == 9 && isMixed(signs.dropFirst(2))
                ? withOtherPrefix(signs, prefixes: prefixes) : cut
        }
        switch signs.count {
        case 8: return cut + withOneMore(signs)
        case 9: return withOneOther(signs) + withSwap(signs)
        default: return withOneLess(signs)
        }
    }

    /// Whether letters and digits both occur, as in every payload: a query number is no code.
    static func isMixed(_ signs: ArraySlice<UInt8>) -> Bool {
        let digits = signs.count { (48...57).contains($0) }
        return digits > 0 && digits < signs.count
    }

    private static let body = 2..<ReferenceCode.length

    private static func withOneOther(_ signs: [UInt8]) -> [[UInt8]] {
        body.flatMap { position in
            ReferenceCode.alphabet.map { sign in
                var other = signs
                other[position] = sign
                return other
            }
        }
    }

    private static func withOneMore(_ signs: [UInt8]) -> [[UInt8]] {
        body.flatMap { position in
            ReferenceCode.alphabet.map { sign in
                var longer = signs
                longer.insert(sign, at: position)
                return longer
            }
        }
    }

    private static func withOneLess(_ signs: [UInt8]) -> [[UInt8]] {
        (2..<signs.count).map { position in
            var shorter = signs
            shorter.remove(at: position)
            return shorter
        }
    }

    private static func withSwap(_ signs: [UInt8]) -> [[UInt8]] {
        (2..<(signs.count - 1)).map { position in
            var swapped = signs
            swapped.swapAt(position, position + 1)
            return swapped
        }
    }

    /// The seven signs are right, and of the prefix there is one letter or none.
    private static func withoutPrefix(_ signs: [UInt8], prefixes: Set<String>) -> [[UInt8]] {
        guard (7...8).contains(signs.count), ReferenceCode.checkHolds(signs.suffix(7))
        else { return [] }
        return prefixes.sorted().filter { prefix in
            prefix.utf8.count == 2 && (signs.count == 7 || prefix.utf8.contains(signs[0]))
        }.map { Array($0.utf8) + signs.suffix(7) }
    }

    /// The seven signs are right and one letter of the prefix is not, or its two are swapped.
    private static func withOtherPrefix(_ signs: [UInt8], prefixes: Set<String>) -> [[UInt8]] {
        prefixes.sorted().compactMap { prefix in
            let letters = Array(prefix.utf8)
            guard letters.count == 2 else { return nil }
            let isNear =
                letters[0] == signs[0] || letters[1] == signs[1]
                || (letters[0] == signs[1] && letters[1] == signs[0])
            return isNear ? letters + signs.dropFirst(2) : nil
        }
    }
}
