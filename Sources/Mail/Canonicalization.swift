// SPDX-License-Identifier: Apache-2.0

internal import Cryptography

/// How a signer wrote header and body down before hashing them. Source: RFC 6376 §3.4.
///
/// A line may end in CRLF or in a lone LF, as Maildir and mbox keep it; it is hashed as CRLF.
enum Canonicalization: Sendable {
    case simple
    case relaxed

    /// Appends one field without its last line break, leaving out the bytes of `gap`.
    func append(
        _ field: HeaderBlock.Field, of raw: [UInt8], without gap: Range<Int>? = nil,
        to out: inout [UInt8]
    ) {
        switch self {
        case .simple: Self.appendSimple(field.whole, raw, gap, &out)
        case .relaxed:
            for index in field.name { out.append(ASCII.lower(raw[index])) }
            out.append(ASCII.colon)
            Self.appendRelaxed(field.value, raw, gap, &out)
        }
    }

    /// SHA-256 of the body that begins at `start`. One pass, without a copy of the whole.
    func bodyDigest(_ raw: [UInt8], from start: Int) -> [UInt8] {
        raw.withUnsafeBufferPointer { bytes in
            withUnsafeTemporaryAllocation(of: UInt8.self, capacity: BodyWriter.pieceBytes) {
                var writer = BodyWriter($0)
                write(UnsafeBufferPointer(rebasing: bytes[start...]), to: &writer)
                return writer.finish()
            }
        }
    }

    // MARK: - Header

    private static func appendSimple(
        _ range: Range<Int>, _ raw: [UInt8], _ gap: Range<Int>?, _ out: inout [UInt8]
    ) {
        var index = range.lowerBound
        while index < range.upperBound {
            if let gap, gap.contains(index) {
                index = gap.upperBound
                continue
            }
            let byte = raw[index]
            if byte == ASCII.lineFeed, index == 0 || raw[index - 1] != ASCII.carriageReturn {
                out.append(ASCII.carriageReturn)
            }
            out.append(byte)
            index += 1
        }
    }

    private static func appendRelaxed(
        _ range: Range<Int>, _ raw: [UInt8], _ gap: Range<Int>?, _ out: inout [UInt8]
    ) {
        let begin = out.count
        var pendingBlank = false
        raw.withUnsafeBufferPointer { bytes in
            var index = range.lowerBound
            while index < range.upperBound {
                if let gap, gap.contains(index) {
                    index = gap.upperBound
                    continue
                }
                let byte = bytes[index]
                if ASCII.isFolding(byte) {
                    pendingBlank = true
                } else {
                    if pendingBlank, out.count > begin { out.append(ASCII.blank) }
                    pendingBlank = false
                    out.append(byte)
                }
                index &+= 1
            }
        }
    }

    // MARK: - Body

    /// Line by line, empty ones at the end cut off. An empty body is one line break when simple,
    /// nothing at all when relaxed.
    private func write(_ body: UnsafeBufferPointer<UInt8>, to writer: inout BodyWriter) {
        var emptyLines = 0
        var index = 0
        while index < body.count {
            let lineFeed = ASCII.place(of: ASCII.lineFeed, in: body, from: index)
            var end = lineFeed ?? body.count
            // The CR before a missing LF at the very end belongs to a break that was cut in two.
            if end > index, body[end - 1] == ASCII.carriageReturn { end -= 1 }
            let line = UnsafeBufferPointer(rebasing: body[index..<end])
            if isEmpty(line) {
                emptyLines += 1
            } else {
                writer.lineBreaks(emptyLines)
                emptyLines = 0
                switch self {
                case .simple: writer.put(line)
                case .relaxed: Self.writeRelaxed(line, to: &writer)
                }
                writer.lineBreaks(1)
            }
            index = lineFeed.map { $0 + 1 } ?? body.count
        }
        if case .simple = self, writer.isEmpty { writer.lineBreaks(1) }
    }

    private func isEmpty(_ line: UnsafeBufferPointer<UInt8>) -> Bool {
        switch self {
        case .simple: line.isEmpty
        case .relaxed: line.allSatisfy { ASCII.isBlank($0) }
        }
    }

    /// Blanks folded to one, none at the end. What lies between odd ones goes over in one piece.
    private static func writeRelaxed(
        _ line: UnsafeBufferPointer<UInt8>, to writer: inout BodyWriter
    ) {
        var from = 0
        var index = 0
        while index < line.count {
            // Eight bytes with neither a tab nor two blanks side by side stay as they are; the last
            // of them is looked at again, in front of what follows.
            if index + 8 < line.count, isRegular(line, at: index) {
                index &+= 7
                continue
            }
            guard ASCII.isBlank(line[index]) else {
                index &+= 1
                continue
            }
            let blank = index
            repeat { index &+= 1 } while index < line.count && ASCII.isBlank(line[index])
            if index == line.count {
                writer.put(UnsafeBufferPointer(rebasing: line[from..<blank]))
                return
            }
            if index == blank + 1, line[blank] == ASCII.blank { continue }
            writer.put(UnsafeBufferPointer(rebasing: line[from..<blank]))
            writer.put(ASCII.blank)
            from = index
        }
        writer.put(UnsafeBufferPointer(rebasing: line[from...]))
    }

    private static func isRegular(_ line: UnsafeBufferPointer<UInt8>, at index: Int) -> Bool {
        /// The high bit of each byte of `word` that is zero, and perhaps of some above one.
        func zeros(_ word: UInt64) -> UInt64 {
            (word &- 0x0101_0101_0101_0101) & ~word & 0x8080_8080_8080_8080
        }
        let word = UnsafeRawBufferPointer(line).loadUnaligned(
            fromByteOffset: index, as: UInt64.self)
        let blanks = zeros(word ^ 0x2020_2020_2020_2020)
        return blanks & blanks >> 8 == 0 && zeros(word ^ 0x0909_0909_0909_0909) == 0
    }
}

/// Feeds a digest in pieces, so that a large body is never held twice.
private struct BodyWriter: ~Copyable {
    /// One piece: large enough to make calls rare, small enough for the first-level cache.
    static let pieceBytes = 8192

    private var hasher = Digest.SHA256Hasher()
    private let piece: UnsafeMutableBufferPointer<UInt8>
    private var filled = 0
    private(set) var isEmpty = true

    /// - Parameter piece: room of `pieceBytes`, the writer's own while it lives.
    init(_ piece: UnsafeMutableBufferPointer<UInt8>) { self.piece = piece }

    mutating func put(_ bytes: UnsafeBufferPointer<UInt8>) {
        guard !bytes.isEmpty else { return }
        isEmpty = false
        if bytes.count > piece.count - filled {
            flush()
            if bytes.count > piece.count { return hasher.update(UnsafeRawBufferPointer(bytes)) }
        }
        _ = UnsafeMutableBufferPointer(rebasing: piece[filled...]).update(fromContentsOf: bytes)
        filled += bytes.count
    }

    mutating func put(_ byte: UInt8) {
        if filled == piece.count { flush() }
        piece[filled] = byte
        filled += 1
        isEmpty = false
    }

    mutating func lineBreaks(_ count: Int) {
        for _ in 0..<count {
            put(ASCII.carriageReturn)
            put(ASCII.lineFeed)
        }
    }

    consuming func finish() -> [UInt8] {
        flush()
        return hasher.finish()
    }

    private mutating func flush() {
        hasher.update(UnsafeRawBufferPointer(rebasing: UnsafeRawBufferPointer(piece)[..<filled]))
        filled = 0
    }
}
