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
            var writer = BodyWriter()
            switch self {
            case .simple: Self.writeSimple(bytes, start, &writer)
            case .relaxed: Self.writeRelaxed(bytes, start, &writer)
            }
            return writer.finish()
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
        var index = range.lowerBound
        while index < range.upperBound {
            if let gap, gap.contains(index) {
                index = gap.upperBound
                continue
            }
            let byte = raw[index]
            if ASCII.isFolding(byte) {
                pendingBlank = true
            } else {
                if pendingBlank, out.count > begin { out.append(ASCII.blank) }
                pendingBlank = false
                out.append(byte)
            }
            index += 1
        }
    }

    // MARK: - Body

    /// Lines as they are, empty ones at the end cut off; an empty body is one line break.
    private static func writeSimple(
        _ bytes: UnsafeBufferPointer<UInt8>, _ start: Int, _ writer: inout BodyWriter
    ) {
        var index = start
        var emptyLines = 0
        while index < bytes.count {
            var end = index
            while end < bytes.count, bytes[end] != ASCII.lineFeed { end += 1 }
            let next = end < bytes.count ? end + 1 : end
            // The CR before a missing LF at the very end belongs to a break that was cut in two.
            if end > index, bytes[end - 1] == ASCII.carriageReturn { end -= 1 }
            if end == index {
                emptyLines += 1
            } else {
                writer.lineBreaks(emptyLines)
                emptyLines = 0
                for place in index..<end { writer.put(bytes[place]) }
                writer.lineBreaks(1)
            }
            index = next
        }
        if writer.isEmpty { writer.lineBreaks(1) }
    }

    /// Blanks folded to one, none at a line's end; an empty body is nothing at all.
    private static func writeRelaxed(
        _ bytes: UnsafeBufferPointer<UInt8>, _ start: Int, _ writer: inout BodyWriter
    ) {
        var emptyLines = 0
        var pendingBlank = false
        var lineHasContent = false
        var index = start
        while index < bytes.count {
            let byte = bytes[index]
            index += 1
            if ASCII.isBlank(byte) {
                pendingBlank = true
            } else if byte == ASCII.lineFeed
                || byte == ASCII.carriageReturn
                    && (index == bytes.count || bytes[index] == ASCII.lineFeed)
            {
                if byte == ASCII.carriageReturn, index < bytes.count { index += 1 }
                if lineHasContent { writer.lineBreaks(1) } else { emptyLines += 1 }
                pendingBlank = false
                lineHasContent = false
            } else {
                if !lineHasContent {
                    writer.lineBreaks(emptyLines)
                    emptyLines = 0
                    lineHasContent = true
                }
                if pendingBlank { writer.put(ASCII.blank) }
                pendingBlank = false
                writer.put(byte)
            }
        }
        if lineHasContent { writer.lineBreaks(1) }
    }
}

/// Feeds a digest in pieces, so that a large body is never held twice.
private struct BodyWriter: ~Copyable {
    /// One piece: large enough to make calls rare, small enough for the first-level cache.
    private static let pieceBytes = 8192

    private var hasher = Digest.SHA256Hasher()
    private var piece = [UInt8](repeating: 0, count: pieceBytes)
    private var filled = 0
    private(set) var isEmpty = true

    @inline(__always)
    mutating func put(_ byte: UInt8) {
        if filled == Self.pieceBytes { flush() }
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
        piece.withUnsafeBytes { hasher.update(UnsafeRawBufferPointer(rebasing: $0[..<filled])) }
        filled = 0
    }
}
