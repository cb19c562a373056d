// SPDX-License-Identifier: Apache-2.0

import CRE2
import Domain

/// A text as rules see it, with the way back to what was written.
///
/// Letters are folded (`String.turkishFolded`), blanks are one, empty lines are gone; line ends
/// (`\n`) and cell borders (`\t`) stay. Every folded byte knows where in the written text it comes
/// from, so that a value found in the folded text is taken from the written one.
struct FoldedText {
    private let written: [UInt8]
    /// The folded text in UTF-8.
    private(set) var bytes: [UInt8] = []
    /// Per folded byte the offset in `written`, and one more for the end.
    private var origins: [UInt32] = []

    init(_ text: String) {
        written = Array(text.utf8)
        bytes.reserveCapacity(written.count)
        origins.reserveCapacity(written.count + 1)
        var offset: UInt32 = 0
        var blank: UInt32?
        for scalar in text.unicodeScalars {
            defer { offset += UInt32(truncatingIfNeeded: UTF8.width(scalar)) }
            switch scalar.value {
            case 10:
                blank = nil
                if let last = bytes.last, last != 10 { put(10, from: offset) }
                continue
            case 9:
                blank = nil
                put(9, from: offset)
                continue
            // Most of a text is ASCII; this is what the fold does with it.
            case 0x21...0x7E:
                if let start = blank { put(32, from: start) }
                blank = nil
                let byte = UInt8(truncatingIfNeeded: scalar.value)
                put((65...90).contains(byte) ? byte | 32 : byte, from: offset)
                continue
            default: break
            }
            switch scalar.turkishFold {
            case .blank:
                if blank == nil, let last = bytes.last, last != 10, last != 9 { blank = offset }
            case .letter(let byte):
                if let start = blank { put(32, from: start) }
                blank = nil
                put(byte, from: offset)
            case .nothing: break
            case .other:
                if let start = blank { put(32, from: start) }
                blank = nil
                for byte in String(scalar).lowercased().utf8 { put(byte, from: offset) }
            }
        }
        origins.append(offset)
    }

    private mutating func put(_ byte: UInt8, from origin: UInt32) {
        bytes.append(byte)
        origins.append(origin)
    }

    /// What was written where the folded bytes of `range` stand: invisible signs dropped, blanks
    /// as one, none around.
    func value(_ range: Range<Int>) -> String {
        guard range.upperBound < origins.count else { return "" }
        let from = Int(origins[range.lowerBound])
        let to = Int(origins[range.upperBound])
        var clean = String.UnicodeScalarView()
        var blank = false
        let part = written[from..<to].withUnsafeBufferPointer {
            String(decoding: $0, as: UTF8.self)
        }
        for scalar in part.unicodeScalars {
            switch scalar.turkishFold {
            case .blank: blank = true
            case .nothing where !(0x300...0x36F).contains(scalar.value): break
            case .nothing, .letter, .other:
                if scalar.value < 32 || (0x7F...0x9F).contains(scalar.value) { continue }
                if blank, !clean.isEmpty { clean.append(" ") }
                blank = false
                clean.append(scalar)
            }
        }
        return String(clean)
    }

    /// A part of the text, as a text of its own.
    func part(_ range: Range<Int>) -> FoldedText {
        FoldedText(
            written: written, bytes: Array(bytes[range]),
            origins: Array(origins[range.lowerBound...range.upperBound]))
    }

    private init(written: [UInt8], bytes: [UInt8], origins: [UInt32]) {
        self.written = written
        self.bytes = bytes
        self.origins = origins
    }

    /// Where in the written text, in bytes of UTF-8, the folded bytes of `range` stand.
    func writtenRange(_ range: Range<Int>) -> Range<Int> {
        guard range.upperBound < origins.count else { return 0..<0 }
        return Int(origins[range.lowerBound])..<Int(origins[range.upperBound])
    }

    /// Where the line that holds `offset` ends, `limit` bytes further on at the latest.
    func lineEnd(from offset: Int, atMost limit: Int = .max) -> Int {
        let end = limit < bytes.count - offset ? offset + limit : bytes.count
        return bytes[offset..<end].firstIndex(of: 10) ?? end
    }

    /// Where the cell that holds `offset` ends.
    func cellEnd(from offset: Int) -> Int {
        bytes[offset...].firstIndex { $0 == 9 || $0 == 10 } ?? bytes.count
    }

    /// `range` without blanks around it.
    func trimmed(_ range: Range<Int>) -> Range<Int> {
        var lower = range.lowerBound
        var upper = range.upperBound
        func isBlank(_ index: Int) -> Bool { [9, 10, 32].contains(bytes[index]) }
        while lower < upper, isBlank(lower) { lower += 1 }
        while upper > lower, isBlank(upper - 1) { upper -= 1 }
        return lower..<upper
    }
}

/// The folded text without what the payer wrote: where frames and denied words are looked for.
struct VisibleText {
    /// With line ends and cell borders, for patterns.
    private(set) var lines: [UInt8]
    /// With blanks in their place, for literal texts.
    private(set) var flat: [UInt8]

    init(_ text: FoldedText, hiding ranges: [Range<Int>] = []) {
        lines = text.bytes
        // A sign that no bank text holds, so that neither a word nor a number grows together.
        for range in ranges { for index in range { lines[index] = 1 } }
        flat = lines
        for index in flat.indices where flat[index] == 10 || flat[index] == 9 { flat[index] = 32 }
    }

    /// One part of a text alone.
    init(_ text: FoldedText, only range: Range<Int>, hiding hidden: [Range<Int>] = []) {
        lines = Array(text.bytes[range])
        for part in hidden { for index in part { lines[index - range.lowerBound] = 1 } }
        flat = lines
        for index in flat.indices where flat[index] == 9 { flat[index] = 32 }
    }

    func contains(_ literal: [UInt8]) -> Bool {
        flat.withUnsafeBytes { text in
            literal.withUnsafeBytes { part in
                cre2_contains(
                    text.bindMemory(to: CChar.self).baseAddress, text.count,
                    part.bindMemory(to: CChar.self).baseAddress, part.count) == 1
            }
        }
    }
}
