// SPDX-License-Identifier: Apache-2.0

/// Rows of comma-separated values (RFC 4180) with the place of each field.
///
/// Semicolons are taken as separators when the first line has no comma, as spreadsheets in Turkey
/// write them. Quoted fields may hold separators, doubled quotes and line ends.
///
/// Works on bytes: all signs that mean something here are ASCII.
struct CSVReader {
    struct Field: Equatable {
        let text: String
        let line: Int
        /// 1-based, counted in characters (Unicode scalars).
        let column: Int
    }

    /// Longer than any address; more is a lost quote that swallowed the file.
    private static let fieldBytesMax = 4096

    private static let quote = UInt8(ascii: "\"")
    private static let lineFeed = UInt8(ascii: "\n")
    private static let carriageReturn = UInt8(ascii: "\r")
    private static let byteOrderMark: [UInt8] = [0xEF, 0xBB, 0xBF]

    private let bytes: [UInt8]
    private let separator: UInt8
    private var index: Int
    private var line = 1
    private var column = 1
    /// Fields of the row before.
    private var width = 0

    static func rows(_ text: String) throws(CSVError) -> [[Field]] {
        var reader = CSVReader(text)
        var rows: [[Field]] = []
        while let row = try reader.next() { rows.append(row) }
        return rows
    }

    init(_ text: String) {
        bytes = Array(text.utf8)
        index = bytes.starts(with: Self.byteOrderMark) ? Self.byteOrderMark.count : 0
        let head = bytes[index...].prefix { !Self.isLineEnd($0) }
        let comma = UInt8(ascii: ",")
        let semicolon = UInt8(ascii: ";")
        separator = !head.contains(comma) && head.contains(semicolon) ? semicolon : comma
    }

    /// The next row that has anything on it; nil at the end.
    mutating func next() throws(CSVError) -> [Field]? {
        while index < bytes.count {
            var row: [Field] = []
            row.reserveCapacity(width)
            repeat { row.append(try field()) } while takeSeparator()
            takeLineEnd()
            width = row.count
            if row.count > 1 || !row[0].text.isEmpty { return row }
        }
        return nil
    }

    // MARK: - One field

    /// Reads up to the separator or line end that closes the field.
    private mutating func field() throws(CSVError) -> Field {
        let start = (line: line, column: column, index: index)
        while index < bytes.count, bytes[index] != separator, !Self.isLineEnd(bytes[index]) {
            if bytes[index] == Self.quote { return try quotedField(after: start.index) }
            advance()
            try checkLength(from: start.index, (start.line, start.column))
        }
        let text = Self.trimmed(bytes[start.index..<index])
        return Field(
            text: String(decoding: text, as: UTF8.self), line: start.line, column: start.column)
    }

    /// `start` is where the field begins; between it and the quote nothing but blanks may stand.
    private mutating func quotedField(after start: Int) throws(CSVError) -> Field {
        guard Self.trimmed(bytes[start..<index]).isEmpty else { throw strayQuote() }
        let place = (line: line, column: column)
        advance()
        let begin = index
        var value: [UInt8] = []
        while true {
            guard index < bytes.count else {
                throw CSVError(
                    line: place.line, column: place.column, message: "the quote is never closed")
            }
            let from = index
            advance()
            if bytes[from] == Self.quote {
                guard index < bytes.count, bytes[index] == Self.quote else { break }
                index += 1
                column += 1
                value.append(Self.quote)
            } else {
                value += bytes[from..<index]
            }
            try checkLength(from: begin, place)
        }
        while index < bytes.count, bytes[index] != separator, !Self.isLineEnd(bytes[index]) {
            if bytes[index] == Self.quote { throw strayQuote() }
            guard Self.isBlank(bytes[index]) else {
                throw CSVError(
                    line: line, column: column,
                    message: "text after a closing quote; is a "
                        + "\(Character(Unicode.Scalar(separator))) missing?")
            }
            advance()
        }
        return Field(
            text: String(decoding: value, as: UTF8.self), line: place.line, column: place.column)
    }

    private func checkLength(
        from start: Int, _ place: (line: Int, column: Int)
    ) throws(CSVError) {
        guard index - start > Self.fieldBytesMax else { return }
        throw CSVError(
            line: place.line, column: place.column,
            message: "the field is longer than \(Self.fieldBytesMax) bytes; is a quote open?")
    }

    private func strayQuote() -> CSVError {
        CSVError(
            line: line, column: column,
            message: "a quote inside a field; put the whole field in quotes and "
                + "write the quote twice")
    }

    // MARK: - Bytes

    private mutating func takeSeparator() -> Bool {
        guard index < bytes.count, bytes[index] == separator else { return false }
        advance()
        return true
    }

    private mutating func takeLineEnd() {
        if index < bytes.count { advance() }
    }

    /// One byte on, or two for CR LF. Bytes that continue a character are no column of their own.
    private mutating func advance() {
        let byte = bytes[index]
        index += 1
        if byte == Self.carriageReturn, index < bytes.count, bytes[index] == Self.lineFeed {
            index += 1
        }
        if Self.isLineEnd(byte) {
            line += 1
            column = 1
        } else if byte & 0xC0 != 0x80 {
            column += 1
        }
    }

    private static func isLineEnd(_ byte: UInt8) -> Bool {
        byte == lineFeed || byte == carriageReturn
    }

    private static func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x09 }

    private static func trimmed(_ bytes: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
        let tail = bytes.drop(while: isBlank)
        guard let last = tail.lastIndex(where: { !isBlank($0) }) else { return tail.prefix(0) }
        return tail[...last]
    }
}

/// A place in a file of registrations that cannot be read, and what to write there.
struct CSVError: Error, Hashable {
    let line: Int
    let column: Int
    let message: String
}
