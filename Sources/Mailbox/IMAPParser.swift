// SPDX-License-Identifier: Apache-2.0

import Glibc

/// Cuts a server's bytes into answers, however they are chopped up on the way.
///
/// Input is bytes, not lines: a line that ends in `{n}` outside quotes is followed by n bytes that
/// may hold anything, even lines that look like answers. Only the count tells where they end.
///
/// - Source: RFC 9051 §2.2, §4.3; RFC 3516 §4.2 for `~{n}`; RFC 7888 §4 for `{n+}`.
struct IMAPParser {
    /// One answer without its literals. SEARCH answers are long: 1 MiB is about 150,000 UIDs.
    static let textBytesMax = 1 << 20
    /// So much room is kept for the next line; a thousand idle mailboxes keep no more.
    private static let keptBytesMax = 4 << 10
    /// Room beside one large literal for the small ones of the same answer.
    private static let literalMarginBytes = 1 << 20

    /// A stretch of an answer.
    enum Piece: Equatable {
        case text([UInt8])
        case literal([UInt8])
        case drained(sizeBytes: Int)
    }

    private enum State {
        case line
        case literal(missing: Int)
        case draining(missing: Int, sizeBytes: Int)
        /// Something unreadable came; where the next answer begins is unknown.
        case lost
    }

    private let literalBytesMax: Int
    private var state = State.line
    private var pieces: [Piece] = []
    private var text: [UInt8] = []
    private var literal: [UInt8] = []
    private var textBytes = 0
    private var literalBytes = 0

    init(literalBytesMax: Int) { self.literalBytesMax = literalBytesMax }

    /// True while an answer has begun and not ended.
    var isInside: Bool {
        if case .line = state { return !pieces.isEmpty || !text.isEmpty }
        return true
    }

    /// Bytes so far of literals, and of lines that are too long for a word in between, such as
    /// `* OK Still here`: those take their time on a slow connection.
    private(set) var contentBytes = 0
    private static let shortLineBytes = 512

    /// The answers that these bytes complete.
    mutating func parse(_ bytes: UnsafeRawBufferPointer) -> [IMAPResponse] {
        var responses: [IMAPResponse] = []
        var rest = bytes[...]
        while !rest.isEmpty {
            switch state {
            case .line:
                if let response = takeLine(from: &rest) { responses.append(response) }
            case .literal(let missing):
                let part = rest.prefix(missing)
                literal.append(contentsOf: UnsafeRawBufferPointer(rebasing: part))
                contentBytes += part.count
                rest = rest.dropFirst(part.count)
                continueLiteral(missing: missing - part.count)
            case .draining(let missing, let size):
                let count = min(missing, rest.count)
                rest = rest.dropFirst(count)
                contentBytes += count
                state = .draining(missing: missing - count, sizeBytes: size)
                if missing == count {
                    pieces.append(.drained(sizeBytes: size))
                    state = .line
                }
            case .lost:
                return responses
            }
        }
        return responses
    }

    /// Takes bytes up to the next LF; an answer only when they end one.
    private mutating func takeLine(from rest: inout Slice<UnsafeRawBufferPointer>) -> IMAPResponse?
    {
        let view = UnsafeRawBufferPointer(rebasing: rest)
        guard let start = view.baseAddress else { return nil }
        var count = view.count
        if let found = memchr(start, 0x0a, view.count) {
            count = found - UnsafeMutableRawPointer(mutating: start) + 1
        }
        text.append(contentsOf: UnsafeRawBufferPointer(rebasing: view[..<count]))
        rest = rest.dropFirst(count)
        if text.count > Self.shortLineBytes { contentBytes += count }
        guard textBytes + text.count <= Self.textBytesMax else {
            state = .lost
            return .unreadable("a line over 1 MiB")
        }
        // A bare LF is content: taking it for an end would let content pose as an answer.
        guard text.count >= 2, text[text.count - 1] == 0x0a, text[text.count - 2] == 0x0d else {
            return nil
        }
        text.removeLast(2)
        return endOfLine()
    }

    private mutating func endOfLine() -> IMAPResponse? {
        textBytes += text.count
        let announced = IMAPLine.literal(endOf: text, isFirst: pieces.isEmpty)
        pieces.append(.text(text))
        text.removeAll(keepingCapacity: text.capacity <= Self.keptBytesMax)
        switch announced {
        case .none:
            defer { reset() }
            let response = IMAPResponse(pieces)
            if case .unreadable = response { state = .lost }
            return response
        case .tooLong:
            state = .lost
            return .unreadable("a literal without a sensible length")
        case .bytes(let count):
            beginLiteral(count)
            return nil
        }
    }

    private mutating func beginLiteral(_ count: Int) {
        let room = literalBytesMax + Self.literalMarginBytes - literalBytes
        guard count <= literalBytesMax, count <= room else {
            state = .draining(missing: count, sizeBytes: count)
            return
        }
        literalBytes += count
        literal.reserveCapacity(count)
        continueLiteral(missing: count)
    }

    private mutating func continueLiteral(missing: Int) {
        state = .literal(missing: missing)
        guard missing == 0 else { return }
        pieces.append(.literal(literal))
        literal = []
        state = .line
    }

    private mutating func reset() {
        pieces.removeAll(keepingCapacity: true)
        (textBytes, literalBytes) = (0, 0)
    }
}

/// How a line announces a literal.
enum IMAPLine: Equatable {
    case none
    case bytes(Int)
    case tooLong

    /// Whether `{n}` at the end of the line announces a literal: not inside quotes, and not in
    /// the free text of a status answer, where a server may write what it likes.
    static func literal(endOf line: [UInt8], isFirst: Bool) -> IMAPLine {
        guard line.last == UInt8(ascii: "}"), let open = line.lastIndex(of: UInt8(ascii: "{"))
        else {
            return .none
        }
        var digits = line[(open + 1)..<(line.count - 1)]
        // A sign for servers (RFC 7888), which some of them send as well: the bytes follow anyway.
        if digits.last == UInt8(ascii: "+") { digits.removeLast() }
        guard !digits.isEmpty, digits.allSatisfy(isDigit) else { return .none }
        if isFirst, !mayHoldLiteral(line) || isQuoted(line, at: open) { return .none }
        if !isFirst, isQuoted(line, at: open) { return .none }
        // 15 digits are a petabyte, and far from overflow.
        guard digits.count <= 15 else { return .tooLong }
        return .bytes(digits.reduce(0) { $0 * 10 + Int($1 - 0x30) })
    }

    private static func mayHoldLiteral(_ line: [UInt8]) -> Bool {
        guard line.starts(with: [UInt8(ascii: "*"), UInt8(ascii: " ")]) else { return false }
        let word = line.dropFirst(2).prefix { $0 != UInt8(ascii: " ") }.map(upper)
        return !["OK", "NO", "BAD", "BYE", "PREAUTH"].contains { word.elementsEqual($0.utf8) }
    }

    private static func isQuoted(_ line: [UInt8], at index: Int) -> Bool {
        var inside = false
        var position = 0
        while position < index {
            let byte = line[position]
            if inside, byte == UInt8(ascii: "\\") {
                position += 1
            } else if byte == UInt8(ascii: "\"") {
                inside.toggle()
            }
            position += 1
        }
        return inside
    }
}

func isDigit(_ byte: UInt8) -> Bool { byte >= 0x30 && byte <= 0x39 }
func isLetter(_ byte: UInt8) -> Bool { (0x41...0x5a).contains(upper(byte)) }
func upper(_ byte: UInt8) -> UInt8 { byte >= 0x61 && byte <= 0x7a ? byte - 0x20 : byte }
