// SPDX-License-Identifier: Apache-2.0

/// Reads the pieces of one answer from left to right. It never recurses, so depth costs no stack.
struct IMAPReader {
    /// Deeper lists occur in no answer that the watcher asks for.
    static let depthMax = 32

    /// A value: what it says, if it says something.
    enum Value: Equatable {
        case word([UInt8])
        case string([UInt8])
        case drained(sizeBytes: Int)
        case null
        case list
    }

    /// Why an answer cannot be read. The session drops the connection.
    struct Unreadable: Error { var what: String }

    private let pieces: [IMAPParser.Piece]
    private var piece = 0
    private var line: [UInt8] = []
    private var position = 0

    init(_ pieces: [IMAPParser.Piece]) {
        self.pieces = pieces
        if case .text(let first)? = pieces.first { line = first }
    }

    var peek: UInt8? { position < line.count ? line[position] : nil }
    var isAtEnd: Bool { position >= line.count && piece + 1 >= pieces.count }

    mutating func take(_ byte: UInt8) -> Bool {
        guard peek == byte else { return false }
        position += 1
        return true
    }

    mutating func require(_ byte: UInt8) throws(Unreadable) {
        guard take(byte) else {
            throw Unreadable(what: "\(Character(UnicodeScalar(byte))) missing")
        }
    }

    /// Bytes up to a space, a parenthesis or the end.
    mutating func word() -> [UInt8] {
        let word = line[position...].prefix { $0 != space && $0 != listOpen && $0 != listClose }
        position = word.endIndex
        return Array(word)
    }

    /// A FETCH item's name, with spaces inside brackets: `BODY[HEADER.FIELDS (DATE)]<0>`.
    mutating func itemName() -> String {
        let start = position
        var isBracketed = false
        while let byte = peek {
            if byte == UInt8(ascii: "[") { isBracketed = true }
            if byte == UInt8(ascii: "]") { isBracketed = false }
            if !isBracketed, byte == space || byte == listOpen || byte == listClose { break }
            position += 1
        }
        return String(decoding: line[start..<position].map(upper), as: UTF8.self)
    }

    mutating func rest() -> [UInt8] {
        defer { position = line.count }
        return Array(line[min(position, line.count)...])
    }

    mutating func number() throws(Unreadable) -> UInt32 {
        guard let number = UInt32(ascii: word()) else { throw Unreadable(what: "a number missing") }
        return number
    }

    /// The next value; the inside of a list is skipped.
    mutating func value() throws(Unreadable) -> Value {
        var depth = 0
        repeat {
            let value = try simpleValue(depth: &depth)
            if depth == 0 { return value }
            _ = take(space)
        } while true
    }

    /// A value, or one bracket of a list.
    private mutating func simpleValue(depth: inout Int) throws(Unreadable) -> Value {
        switch peek {
        case listOpen?:
            position += 1
            depth += 1
            guard depth <= Self.depthMax else { throw Unreadable(what: "lists nested too deep") }
            return .list
        case listClose?:
            guard depth > 0 else { throw Unreadable(what: "a list that did not begin") }
            position += 1
            depth -= 1
            return .list
        case UInt8(ascii: "\"")?: return .string(try quoted())
        case UInt8(ascii: "{")?, UInt8(ascii: "~")?:
            if isLiteralNext { return try literal() }
        default: break
        }
        let word = word()
        guard !word.isEmpty else { throw Unreadable(what: "a value missing") }
        return word.map(upper).elementsEqual("NIL".utf8) ? .null : .word(word)
    }

    private var isLiteralNext: Bool {
        guard piece + 1 < pieces.count else { return false }
        return !line[position...].contains { $0 == space || $0 == listOpen || $0 == listClose }
    }

    private mutating func literal() throws(Unreadable) -> Value {
        defer {
            piece += 2
            position = 0
            line = []
            if piece < pieces.count, case .text(let next) = pieces[piece] { line = next }
        }
        switch pieces[piece + 1] {
        case .literal(let bytes): return .string(bytes)
        case .drained(let size): return .drained(sizeBytes: size)
        case .text: throw Unreadable(what: "a literal missing")
        }
    }

    private mutating func quoted() throws(Unreadable) -> [UInt8] {
        var bytes: [UInt8] = []
        position += 1
        while let byte = peek {
            position += 1
            if byte == UInt8(ascii: "\"") { return bytes }
            if byte == UInt8(ascii: "\\"), let escaped = peek {
                position += 1
                bytes.append(escaped)
            } else {
                bytes.append(byte)
            }
        }
        throw Unreadable(what: "a quoted string without end")
    }
}

private let space = UInt8(ascii: " ")
private let listOpen = UInt8(ascii: "(")
private let listClose = UInt8(ascii: ")")

extension UInt32 {
    /// A decimal number without sign; nil when it is none or too large.
    init?(ascii digits: some Collection<UInt8>) {
        guard !digits.isEmpty, digits.count <= 10, digits.allSatisfy(isDigit) else { return nil }
        self.init(exactly: digits.reduce(0) { $0 * 10 + UInt64($1 - 0x30) })
    }
}
