// SPDX-License-Identifier: Apache-2.0

/// Compares accounts that banks print in full or masked: `412-****567`, `1234XXXX5678`.
enum AccountMask {
    /// An IBAN has at most 34 signs; longer texts hold more than an account and are cut.
    private static let signsMax = 64

    /// Whether both may be the same account: what both show is equal. Stars and `X` hide any
    /// number of signs, because banks do not keep their number.
    static func fits(_ left: String, _ right: String) -> Bool {
        let (one, other) = (signs(left), signs(right))
        guard !one.isEmpty, !other.isEmpty else { return false }
        let (first, second) = (shown(one), shown(other))
        if !first.isMasked, !second.isMasked { return one == other }
        return (first.head.starts(with: second.head) || second.head.starts(with: first.head))
            && (first.tail.starts(with: second.tail) || second.tail.starts(with: first.tail))
    }

    /// Letters, digits and stars, in capitals; `X` is a star.
    private static func signs(_ text: String) -> [UInt8] {
        text.utf8.prefix(signsMax).compactMap { byte in
            switch byte {
            case 0x2A, 0x58, 0x78: 0x2A
            case 48...57, 65...90: byte
            case 97...122: byte - 32
            default: nil
            }
        }
    }

    /// What stands before the first and, backwards, after the last hidden sign.
    private static func shown(_ signs: [UInt8]) -> (head: [UInt8], tail: [UInt8], isMasked: Bool) {
        let head = Array(signs.prefix { $0 != 0x2A })
        let tail = Array(signs.reversed().prefix { $0 != 0x2A })
        return (head, tail, signs.contains(0x2A))
    }
}
