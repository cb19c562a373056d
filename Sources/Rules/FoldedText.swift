// SPDX-License-Identifier: Apache-2.0

import CRE2
import Domain

/// A text as rules see it, with the way back to what was written.
///
/// Letters are folded (`String.turkishFolded`), blanks are one, empty lines are gone; line ends
/// (`\n`) and cell borders (`\t`) between texts stay. Every folded byte knows where in the written
/// text it comes from, so that a value found in the folded text is taken from the written one.
///
/// Empty cells at the ends of a line, with which pages keep their margins, disturb neither `^` nor
/// a sentence that goes on: they stand in the written text only, where `cells(of:atMost:)` finds
/// them.
struct FoldedText {
    private let written: [UInt8]
    /// The folded text in UTF-8.
    let bytes: [UInt8]
    /// Per folded byte the offset in `written`, and one more for the end.
    private let origins: [UInt32]

    init(_ text: String) {
        written = Array(text.utf8)
        var writer = FoldWriter(written)
        written.withUnsafeBufferPointer { written in
            var index = 0
            while index < written.count {
                let byte = written[index]
                // Most of a text is ASCII; this is what the fold does with it.
                if byte &- 0x21 < 0x5E {
                    writer.put(byte &- 65 < 26 ? byte | 32 : byte, from: index)
                    index &+= 1
                } else if byte == 32 {
                    writer.blank(at: index)
                    index &+= 1
                } else if byte == 10 || byte == 9 {
                    writer.border(byte, at: index)
                    index &+= 1
                } else {
                    let (scalar, length) = Unicode.Scalar.decoded(written, at: index)
                    switch scalar.turkishFold {
                    case .blank: writer.blank(at: index)
                    case .letter(let byte): writer.put(byte, from: index)
                    case .nothing: break
                    case .other:
                        for byte in String(scalar).lowercased().utf8 {
                            writer.put(byte, from: index)
                        }
                    }
                    index &+= length
                }
            }
        }
        (bytes, origins) = writer.finish(at: written.count)
    }

    /// What was written where the folded bytes of `range` stand: invisible signs dropped, blanks
    /// as one, none around.
    func value(_ range: Range<Int>) -> String {
        guard range.upperBound < origins.count else { return "" }
        let from = Int(origins[range.lowerBound])
        let to = Int(origins[range.upperBound])
        var clean: [UInt8] = []
        clean.reserveCapacity(to - from)
        var blank = false
        written[from..<to].withUnsafeBufferPointer { part in
            var index = 0
            while index < part.count {
                let (scalar, length) = Unicode.Scalar.decoded(part, at: index)
                let start = index
                index &+= length
                switch scalar.turkishFold {
                case .blank: blank = true
                case .nothing where !(0x300...0x36F).contains(scalar.value): break
                case .nothing, .letter, .other:
                    if scalar.value < 32 || (0x7F...0x9F).contains(scalar.value) { continue }
                    if blank, !clean.isEmpty { clean.append(32) }
                    blank = false
                    clean.append(contentsOf: UnsafeBufferPointer(rebasing: part[start..<index]))
                }
            }
        }
        return String(decoding: clean, as: UTF8.self)
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

    /// The cells of a whole line, empty ones included; of more than `limit` the first ones.
    func cells(of line: Range<Int>, atMost limit: Int) -> [Range<Int>] {
        let (before, behind) = emptyCells(around: line)
        var cells = [Range<Int>](
            repeating: line.lowerBound..<line.lowerBound, count: min(before, limit))
        var start = line.lowerBound
        while cells.count < limit {
            let end = min(line.upperBound, cellEnd(from: start))
            cells.append(trimmed(start..<end))
            guard end < line.upperBound else { break }
            start = end + 1
        }
        let empty = line.upperBound..<line.upperBound
        cells += repeatElement(empty, count: min(behind, limit - cells.count))
        return cells
    }

    /// A whole line as a text of its own, and how many empty cells it begins with. Here they can be
    /// seen at both ends.
    func row(_ line: Range<Int>) -> (text: FoldedText, before: Int) {
        let (before, behind) = emptyCells(around: line)
        let own = part(line)
        guard let first = own.origins.first, let last = own.origins.last else { return (own, 0) }
        let row = FoldedText(
            written: written,
            bytes: [UInt8](repeating: 9, count: before) + own.bytes
                + [UInt8](repeating: 9, count: behind),
            origins: [UInt32](repeating: first, count: before) + own.origins
                + [UInt32](repeating: last, count: behind))
        return (row, before)
    }

    /// How many cells without text the line has before its first text, and behind its last.
    private func emptyCells(around line: Range<Int>) -> (before: Int, behind: Int) {
        guard !line.isEmpty, line.upperBound < origins.count else { return (0, 0) }
        let head = written[..<Int(origins[line.lowerBound])].reversed().prefix { $0 != 10 }
        // From the last folded sign on: no border stands inside of it.
        let tail = written[Int(origins[line.upperBound - 1])...].prefix { $0 != 10 }
        return (head.count { $0 == 9 }, tail.count { $0 == 9 })
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

/// The folded bytes under way, and the place of a blank that is written only before more text.
private struct FoldWriter: ~Copyable {
    private let bytes: UnsafeMutableBufferPointer<UInt8>
    private let origins: UnsafeMutableBufferPointer<UInt32>
    private var filled = 0
    private var blank: UInt32?
    /// Borders of cells since the last sign, and where the first of them stands: written only
    /// before more text of their line.
    private var borders = 0
    private var firstBorder: UInt32 = 0

    init(_ written: [UInt8]) {
        // Folded, no letter takes more than half as many bytes again, and no sign of ASCII more.
        let room = written.reduce(written.count) { $0 + ($1 < 0x80 ? 0 : 1) }
        bytes = .allocate(capacity: room)
        origins = .allocate(capacity: room)
    }

    deinit {
        bytes.deallocate()
        origins.deallocate()
    }

    @inline(__always)
    mutating func put(_ byte: UInt8, from origin: Int) {
        if let start = blank {
            blank = nil
            write(32, from: start)
        }
        if borders > 0 { writeBorders() }
        write(byte, from: UInt32(truncatingIfNeeded: origin))
    }

    private mutating func writeBorders() {
        for _ in 0..<borders { write(9, from: firstBorder) }
        borders = 0
    }

    @inline(__always)
    private mutating func write(_ byte: UInt8, from origin: UInt32) {
        guard filled < bytes.count else { return }
        bytes[filled] = byte
        origins[filled] = origin
        filled &+= 1
    }

    private var last: UInt8? { filled > 0 ? bytes[filled - 1] : nil }

    mutating func blank(at origin: Int) {
        guard blank == nil, borders == 0, let last, last != 10 else { return }
        blank = UInt32(truncatingIfNeeded: origin)
    }

    /// A line end or the border of a cell; no line is empty.
    mutating func border(_ byte: UInt8, at origin: Int) {
        blank = nil
        guard let last, last != 10 else { return }
        if byte == 10 {
            borders = 0
            write(10, from: UInt32(truncatingIfNeeded: origin))
        } else {
            if borders == 0 { firstBorder = UInt32(truncatingIfNeeded: origin) }
            borders += 1
        }
    }

    /// What was written, and for each byte where it comes from, with one more for the end.
    func finish(at end: Int) -> (bytes: [UInt8], origins: [UInt32]) {
        let all = [UInt32](unsafeUninitializedCapacity: filled + 1) { out, count in
            _ = out.update(fromContentsOf: origins[..<filled])
            out[filled] = UInt32(truncatingIfNeeded: end)
            count = filled + 1
        }
        return (Array(bytes[..<filled]), all)
    }
}

/// The folded text without what the payer wrote: where frames and denied words are looked for.
struct VisibleText {
    /// With line ends and cell borders, for patterns.
    private(set) var lines: [UInt8]
    /// With blanks in their place, for literal texts.
    private(set) var flat: [UInt8]
    private let work: SearchWork

    init(_ text: FoldedText, _ work: SearchWork, hiding ranges: [Range<Int>] = []) {
        self.work = work
        lines = text.bytes
        // A sign that no bank text holds, so that neither a word nor a number grows together.
        for range in ranges { for index in range { lines[index] = 1 } }
        flat = Self.flattened(lines)
    }

    /// One part of a text alone.
    init(
        _ text: FoldedText, _ work: SearchWork, only range: Range<Int>,
        hiding hidden: [Range<Int>] = []
    ) {
        self.work = work
        lines = Array(text.bytes[range])
        for part in hidden { for index in part { lines[index - range.lowerBound] = 1 } }
        flat = Self.flattened(lines)
    }

    /// However many empty cells stand between two texts, it is one blank.
    private static func flattened(_ lines: [UInt8]) -> [UInt8] {
        [UInt8](unsafeUninitializedCapacity: lines.count) { flat, count in
            for byte in lines {
                if byte != 9, byte != 10 {
                    flat[count] = byte
                } else if count == 0 || flat[count - 1] != 32 {
                    flat[count] = 32
                } else {
                    continue
                }
                count += 1
            }
        }
    }

    /// Whether `literal` stands in it; false when there was too much to search.
    func contains(_ literal: [UInt8]) -> Bool {
        work.allowsLiteral(over: flat.count) && isFound(literal)
    }

    /// Whether `pattern` is found in it; false when there was too much to search.
    func contains(_ pattern: Pattern) -> Bool {
        work.allowsPattern(over: lines.count) && pattern.isFound(in: lines)
    }

    /// Whether `literal` stands in it so often, one behind the other.
    func contains(_ literal: [UInt8], times count: Int) -> Bool {
        guard let first = literal.first, work.allowsPattern(over: flat.count) else { return false }
        var (found, index) = (0, 0)
        while found < count, index + literal.count <= flat.count {
            if flat[index] == first, flat[index..<index + literal.count].elementsEqual(literal) {
                found += 1
                index += literal.count
            } else {
                index += 1
            }
        }
        return found == count
    }

    private func isFound(_ literal: [UInt8]) -> Bool {
        flat.withUnsafeBytes { text in
            literal.withUnsafeBytes { part in
                cre2_contains(
                    text.bindMemory(to: CChar.self).baseAddress, text.count,
                    part.bindMemory(to: CChar.self).baseAddress, part.count) == 1
            }
        }
    }
}
