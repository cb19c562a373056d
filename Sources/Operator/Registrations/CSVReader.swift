// SPDX-License-Identifier: Apache-2.0

/// Rows of comma-separated values (RFC 4180) with the place of each field.
///
/// Semicolons are taken as separators when the first line has no comma, as spreadsheets in Turkey
/// write them. Quoted fields may hold separators, doubled quotes and line ends.
struct CSVReader {
    struct Field: Equatable {
        let text: String
        let line: Int
        /// 1-based, counted in characters.
        let column: Int
    }

    /// Longer than any address; more is a lost quote that swallowed the file.
    private static let fieldBytesMax = 4096

    static func rows(_ text: String) throws(CSVError) -> [[Field]] {
        let text = text.hasPrefix("\u{FEFF}") ? String(text.dropFirst()) : text
        let head = text.prefix { !$0.isNewline }
        let separator: Character = !head.contains(",") && head.contains(";") ? ";" : ","
        var rows: [[Field]] = []
        var row: [Field] = []
        var value = ""
        var line = 1
        var column = 1
        var start = (line: 1, column: 1)
        var isQuoted = false
        var wasQuoted = false
        var characters = text.makeIterator()
        var ahead = characters.next()

        func close() {
            let text = wasQuoted ? value : value.trimmed
            row.append(Field(text: text, line: start.line, column: start.column))
            value = ""
            wasQuoted = false
        }
        while let character = ahead {
            ahead = characters.next()
            if isQuoted {
                if character == "\"" {
                    if ahead == "\"" {
                        value.append("\"")
                        ahead = characters.next()
                        column += 1
                    } else {
                        isQuoted = false
                    }
                } else {
                    value.append(character)
                }
            } else if character == "\"" {
                guard value.trimmed.isEmpty, !wasQuoted else {
                    throw CSVError(
                        line: line, column: column,
                        message: "a quote inside a field; put the whole field in quotes and "
                            + "write the quote twice")
                }
                value = ""
                isQuoted = true
                wasQuoted = true
                start = (line, column)
            } else if character == separator {
                close()
                start = (line, column + 1)
            } else if character.isNewline {
                close()
                if row.count > 1 || row[0].text.isEmpty == false { rows.append(row) }
                row = []
                start = (line + 1, 1)
            } else if wasQuoted {
                guard character.isWhitespace else {
                    throw CSVError(
                        line: line, column: column,
                        message: "text after a closing quote; is a \(separator) missing?")
                }
            } else {
                value.append(character)
            }
            guard value.utf8.count <= fieldBytesMax else {
                throw CSVError(
                    line: start.line, column: start.column,
                    message: "the field is longer than \(fieldBytesMax) bytes; is a quote open?")
            }
            if character.isNewline {
                line += 1
                column = 1
            } else {
                column += 1
            }
        }
        guard !isQuoted else {
            throw CSVError(
                line: start.line, column: start.column, message: "the quote is never closed")
        }
        if !row.isEmpty || !value.isEmpty || wasQuoted {
            close()
            rows.append(row)
        }
        return rows
    }
}

/// A place in a file of registrations that cannot be read, and what to write there.
struct CSVError: Error, Hashable {
    let line: Int
    let column: Int
    let message: String
}

extension String {
    /// Without blanks at either end.
    var trimmed: String {
        String(drop(while: \.isWhitespace).reversed().drop(while: \.isWhitespace).reversed())
    }
}
