// SPDX-License-Identifier: Apache-2.0

internal import CGMime

/// The bytes that mail syntax is made of.
enum ASCII {
    static let tab: UInt8 = 9
    static let lineFeed: UInt8 = 10
    static let carriageReturn: UInt8 = 13
    /// The border of two cells of a page, until `TextNormalizer` writes a tab for it.
    static let cellBorder: UInt8 = 31
    static let blank: UInt8 = 32
    static let colon: UInt8 = 58
    static let semicolon: UInt8 = 59
    static let equals: UInt8 = 61

    /// Blank or tab: what may begin a folded line.
    @inline(__always)
    static func isBlank(_ byte: UInt8) -> Bool { byte == 32 || byte == 9 }

    /// Blank, tab or a line end: folding white space.
    @inline(__always)
    static func isFolding(_ byte: UInt8) -> Bool {
        byte == 32 || byte == 9 || byte == 13 || byte == 10
    }

    @inline(__always)
    static func lower(_ byte: UInt8) -> UInt8 { byte &- 65 < 26 ? byte | 32 : byte }

    /// Whether two stretches of `bytes` hold the same letters, whatever their case.
    static func equal(_ bytes: [UInt8], _ left: Range<Int>, _ right: Range<Int>) -> Bool {
        guard left.count == right.count else { return false }
        for offset in 0..<left.count
        where lower(bytes[left.lowerBound + offset]) != lower(bytes[right.lowerBound + offset]) {
            return false
        }
        return true
    }

    /// Whether a stretch of `bytes` holds `name` (given in lower case), whatever its case.
    static func equal(_ bytes: [UInt8], _ range: Range<Int>, _ name: StaticString) -> Bool {
        let count = name.utf8CodeUnitCount
        guard range.count == count, range.upperBound <= bytes.count else { return false }
        return bytes.withUnsafeBufferPointer { bytes in
            for offset in 0..<count
            where lower(bytes[range.lowerBound &+ offset]) != name.utf8Start[offset] {
                return false
            }
            return true
        }
    }

    /// The first place of `byte` at or after `start`; `memchr` looks at many bytes at once.
    static func place(
        of byte: UInt8, in bytes: UnsafeBufferPointer<UInt8>, from start: Int
    ) -> Int? {
        guard let base = bytes.baseAddress, start < bytes.count,
            let hit = memchr(base + start, Int32(byte), bytes.count - start)
        else { return nil }
        return UnsafeRawPointer(hit) - UnsafeRawPointer(base)
    }

    /// `range` without the white space at both ends.
    static func trim(_ bytes: [UInt8], _ range: Range<Int>) -> Range<Int> {
        var low = range.lowerBound
        var high = range.upperBound
        while low < high, isFolding(bytes[low]) { low += 1 }
        while high > low, isFolding(bytes[high - 1]) { high -= 1 }
        return low..<high
    }
}

extension String {
    /// A–Z in lower case and nothing else touched: `K` (the Kelvin sign) must not become `k`.
    func asciiLowercased() -> String {
        guard utf8.contains(where: { $0 &- 65 < 26 }) else { return self }
        return String(decoding: utf8.map(ASCII.lower), as: UTF8.self)
    }
}
