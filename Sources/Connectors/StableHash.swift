// SPDX-License-Identifier: Apache-2.0

/// A short name for a longer text, the same in every version. Nothing secret depends on it.
enum StableHash {
    /// FNV-1a, 64 bits, as 16 hexadecimal digits.
    static func hex(_ text: String) -> String {
        let hash = text.utf8.reduce(0xCBF2_9CE4_8422_2325 as UInt64) {
            ($0 ^ UInt64($1)) &* 0x100_0000_01B3
        }
        let digits = String(hash, radix: 16)
        return String(repeating: "0", count: 16 - digits.utf8.count) + digits
    }
}
