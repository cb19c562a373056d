// SPDX-License-Identifier: Apache-2.0

internal import Domain

/// Compares accounts that banks print in full or masked: `412-****567`, `1234XXXX5678`.
package enum AccountMask {
    /// What two prints of accounts say about each other, the weakest first.
    enum Likeness: Comparable {
        /// They show different signs.
        case different
        /// What both show is equal, and too little to tell one customer from another.
        case perhaps
        case same
    }

    /// Digits that both must show. Five fit a stranger of the same bank once in 100,000 times;
    /// `3`, `5001` and `7***3` are the account of many of its customers.
    package static let digitsMin = 5
    /// An IBAN has at most 34 signs; longer texts hold more than an account and are cut.
    private static let signsMax = 64
    /// Country, check digits and bank: all that these signs of a masked IBAN tell is the bank.
    private static let bankSigns = 10
    private static let ibanSignsMin = 15

    /// Compares what both show. Stars and `X` hide any number of signs, because banks do not keep
    /// their number.
    static func compare(_ left: String, _ right: String) -> Likeness {
        let (one, other) = (Shown(left), Shown(right))
        guard !one.isEmpty, !other.isEmpty else { return .different }
        guard one.isMasked || other.isMasked else {
            guard one.head == other.head else { return .different }
            return digits(one.head.drop { $0 == 0x30 }) < digitsMin ? .perhaps : .same
        }
        let head = one.head.prefix(other.head.count)
        let tail = one.tail.prefix(other.tail.count)
        guard other.head.starts(with: head), other.tail.starts(with: tail),
            one.hasRoom(for: other), other.hasRoom(for: one)
        else { return .different }
        let isIBAN = head.count > 1 && head.prefix(2).allSatisfy { $0 > 57 }
        let own = head.dropFirst(isIBAN ? bankSigns : 0).drop { $0 == 0x30 }
        return digits(own) + digits(tail) < digitsMin ? .perhaps : .same
    }

    /// Why a text cannot be one of the organizer's accounts, to be put behind "one of them"; nil
    /// when it can.
    package static func flaw(of text: String) -> String? {
        let shown = Shown(text)
        guard digits(shown.head[...]) + digits(shown.tail[...]) > 0 else { return "shows no digit" }
        guard !shown.isMasked, shown.head.count > 3, shown.head[..<2].allSatisfy({ $0 > 57 }),
            shown.head[2...3].allSatisfy({ $0 < 58 }),
            shown.head.count >= ibanSignsMin || shown.head.starts(with: Array("TR".utf8)),
            IBAN(String(decoding: shown.head, as: UTF8.self)) == nil
        else { return nil }
        return "is no IBAN: a sign is wrong or missing; Turkish ones have 26, and * stands for "
            + "what the bank hides"
    }

    private static func digits(_ signs: ArraySlice<UInt8>) -> Int { signs.count { $0 < 58 } }

    /// Letters and digits of an account, in capitals.
    private struct Shown {
        /// What stands before the first hidden sign.
        let head: [UInt8]
        /// What stands after the last hidden sign, backwards.
        let tail: [UInt8]
        let isMasked: Bool

        /// `X` is a star, 0x2A.
        init(_ text: String) {
            let signs: [UInt8] = text.utf8.prefix(signsMax).compactMap { byte in
                switch byte {
                case 0x2A, 0x58, 0x78: 0x2A
                case 48...57, 65...90: byte
                case 97...122: byte - 32
                default: nil
                }
            }
            head = Array(signs.prefix { $0 != 0x2A })
            tail = Array(signs.reversed().prefix { $0 != 0x2A })
            isMasked = signs.contains(0x2A)
        }

        var isEmpty: Bool { head.isEmpty && !isMasked }

        /// A whole number is at least as long as what a mask shows of it.
        func hasRoom(for mask: Shown) -> Bool {
            isMasked || mask.head.count + mask.tail.count <= head.count
        }
    }
}
