// SPDX-License-Identifier: Apache-2.0

import Domain

/// A text as codes are looked for in it: folded, in capitals, cut into pieces of letters and
/// digits.
struct ReferenceText {
    /// Payers and banks break a code into pairs at most, so nine signs have four gaps at most.
    static let gapsMax = 4
    /// ` - ` is the widest gap that people write inside one thing.
    static let gapBytesMax = 3
    /// Who breaks a code does it in one way, or in two as in `Kt 97z-94rd`; the neighbours in a
    /// sentence of a bank are divided in many.
    static let gapKindsMax = 2

    let bytes: [UInt8]
    /// Runs of letters and digits, as ranges of `bytes`.
    let pieces: [Range<Int>]

    init(_ text: String, scalarsMax: Int) {
        var cut = String.UnicodeScalarView()
        cut.append(contentsOf: text.unicodeScalars.prefix(scalarsMax).lazy.map(Self.looksLike))
        bytes = String(cut).turkishFolded().utf8.map { (97...122).contains($0) ? $0 - 32 : $0 }
        var pieces: [Range<Int>] = []
        var start: Int?
        for (offset, byte) in bytes.enumerated() {
            if Self.isSign(byte) {
                start = start ?? offset
            } else if let begun = start {
                pieces.append(begun..<offset)
                start = nil
            }
        }
        if let start { pieces.append(start..<bytes.count) }
        self.pieces = pieces
    }

    /// Runs of neighbouring pieces, as ranges of `pieces`, that hold so many signs together.
    ///
    /// Every gap is short and of blanks and `- _ . / * :` only, of `gapKindsMax` kinds. There are
    /// at most `gapsMax` gaps, unless every sign stands alone.
    func windows(lengths: ClosedRange<Int>) -> [Range<Int>] {
        var windows: [Range<Int>] = []
        for first in pieces.indices {
            var count = 0
            var last = first
            var kinds: Set<ArraySlice<UInt8>> = []
            while last < pieces.count {
                if last > first {
                    guard let gap = gap(between: last - 1, and: last) else { break }
                    kinds.insert(gap)
                    if kinds.count > Self.gapKindsMax { break }
                }
                count += pieces[last].count
                last += 1
                if count > lengths.upperBound { break }
                let gaps = last - first - 1
                if lengths.contains(count), gaps <= Self.gapsMax || count == gaps + 1 {
                    windows.append(first..<last)
                }
            }
        }
        return windows
    }

    /// Where a window, which is not empty, stands among `bytes`.
    func range(of window: Range<Int>) -> Range<Int> {
        pieces[window.lowerBound].lowerBound..<pieces[window.upperBound - 1].upperBound
    }

    /// The signs of a window without its gaps.
    func signs(of window: Range<Int>) -> [UInt8] {
        pieces[window].flatMap { bytes[$0] }
    }

    /// What divides two pieces, or nil when it divides more than the parts of a code.
    private func gap(between left: Int, and right: Int) -> ArraySlice<UInt8>? {
        let gap = bytes[pieces[left].upperBound..<pieces[right].lowerBound]
        return gap.count <= Self.gapBytesMax && gap.allSatisfy(Self.isDivider) ? gap : nil
    }

    /// The Latin sign that a full-width one is, or a Cyrillic or Greek letter looks like: a phone
    /// writes them between others, and nobody sees the difference.
    private static func looksLike(_ scalar: Unicode.Scalar) -> Unicode.Scalar {
        guard scalar.value >= 0x370 else { return scalar }
        if (0xFF01...0xFF5E).contains(scalar.value) {
            return Unicode.Scalar(scalar.value - 0xFEE0) ?? scalar
        }
        if let twin = twins[scalar] { return twin }
        guard let digit = Character(scalar).wholeNumberValue, (0...9).contains(digit)
        else { return scalar }
        return Unicode.Scalar(UInt8(48 + digit))
    }

    private static let twins: [Unicode.Scalar: Unicode.Scalar] = Dictionary(
        uniqueKeysWithValues: zip(
            "АВЕКМНОРСТУХЈЅІаекморстухјѕіΑΒΕΖΗΙΚΜΝΟΡΤΥΧαικνορτυχ".unicodeScalars,
            "ABEKMHOPCTYXJSIaekmopctyxjsiABEZHIKMNOPTYXaiknoptyx".unicodeScalars))

    private static func isSign(_ byte: UInt8) -> Bool {
        (48...57).contains(byte) || (65...90).contains(byte)
    }

    private static func isDivider(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x20, 0x2D, 0x5F, 0x2E, 0x2F, 0x2A, 0x3A: true
        default: false
        }
    }
}
