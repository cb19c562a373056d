// SPDX-License-Identifier: Apache-2.0

/// What elements mean, by key. Asked for every tag, so that a general dictionary would be felt.
struct KindTable {
    /// Four times the names in it: a look-up ends at the first or second place.
    private static let bits: UInt64 = 8

    private var keys = [UInt64](repeating: 0, count: 1 << bits)
    private var kinds = [HTMLText.Kind](repeating: .inline, count: 1 << bits)

    /// - Parameter key: not zero, which means no key.
    mutating func add(_ key: UInt64, _ kind: HTMLText.Kind) {
        let place = place(of: key)
        keys[place] = key
        kinds[place] = kind
    }

    subscript(key: UInt64) -> HTMLText.Kind { kinds[place(of: key)] }

    /// Where the key stands, or the empty place where it would.
    private func place(of key: UInt64) -> Int {
        var place = Int(truncatingIfNeeded: (key &* 0x9E37_79B9_7F4A_7C15) >> (64 - Self.bits))
        while keys[place] != 0, keys[place] != key { place = (place + 1) & (keys.count - 1) }
        return place
    }
}
