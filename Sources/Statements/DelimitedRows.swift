// SPDX-License-Identifier: Apache-2.0

/// Rows of text divided by a sign, with quoted fields (RFC 4180): a quoted field may hold the sign,
/// line ends and doubled quotes. A quote that does not begin a field is a sign like others.
struct DelimitedRows {
    struct Row {
        /// 1-based line of the text in which it begins.
        let line: Int
        var cells: [String] = []
    }

    /// Wider than any bank's table.
    private static let cellsMax = 200

    static func read(_ text: String, delimiter: Character) throws(StatementError) -> [Row] {
        let divider = delimiter.asciiValue ?? UInt8(ascii: ";")
        let quote = UInt8(ascii: "\"")
        let bytes = Array(text.utf8)
        var rows: [Row] = []
        var row = Row(line: 1)
        var cell: [UInt8] = []
        var line = 1
        var index = 0
        var quoteOpenedAt: Int?
        while index <= bytes.count {
            let byte = index < bytes.count ? bytes[index] : nil
            if let opened = quoteOpenedAt {
                guard let byte else {
                    throw StatementError(
                        "csv", line: opened, "a quote is opened here and never closed",
                        hint: "is the file whole? export it again")
                }
                if byte == quote {
                    if index + 1 < bytes.count, bytes[index + 1] == quote {
                        cell.append(quote)
                        index += 1
                    } else {
                        quoteOpenedAt = nil
                    }
                } else {
                    if byte == 10 { line += 1 }
                    cell.append(byte)
                }
            } else if byte == quote, cell.isEmpty {
                quoteOpenedAt = line
            } else if byte == divider {
                row.cells.append(String(decoding: cell, as: UTF8.self))
                cell.removeAll(keepingCapacity: true)
            } else if byte == nil || byte == 10 || byte == 13 {
                row.cells.append(String(decoding: cell, as: UTF8.self))
                cell.removeAll(keepingCapacity: true)
                if row.cells.contains(where: { StatementText.filled($0) != nil }) {
                    rows.append(row)
                }
                if byte == 13, index + 1 < bytes.count, bytes[index + 1] == 10 { index += 1 }
                line += 1
                row = Row(line: line)
            } else if let byte {
                cell.append(byte)
            }
            guard cell.count <= StatementLimits.fieldBytesMax, row.cells.count <= cellsMax else {
                throw StatementError(
                    "csv", line: quoteOpenedAt ?? line,
                    "a field or row is longer than any bank writes",
                    hint: "is a quote open, or the delimiter another one?")
            }
            guard rows.count <= StatementLimits.linesMax else {
                throw StatementError(
                    "csv", line: line, "more than \(StatementLimits.linesMax) lines",
                    hint: "export fewer days")
            }
            index += 1
        }
        return rows
    }
}
