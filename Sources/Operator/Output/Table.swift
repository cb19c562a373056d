// SPDX-License-Identifier: Apache-2.0

/// Rows under headings, each column as wide as its widest cell.
struct Table {
    let headings: [String]
    private(set) var rows: [[String]] = []

    init(_ headings: [String]) { self.headings = headings }

    mutating func add(_ cells: [String]) { rows.append(cells) }

    var text: String {
        var widths = headings.map(\.count)
        for row in rows {
            for (index, cell) in row.enumerated() where index < widths.count {
                widths[index] = max(widths[index], cell.count)
            }
        }
        func line(_ cells: [String]) -> String {
            var parts: [String] = []
            for (index, cell) in cells.enumerated() {
                let padding = index == cells.count - 1 ? 0 : widths[index] - cell.count
                parts.append(cell + String(repeating: " ", count: max(0, padding)))
            }
            return parts.joined(separator: "  ")
        }
        return ([Terminal.painted(line(headings), .bold)] + rows.map(line)).joined(separator: "\n")
    }
}
