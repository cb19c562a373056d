// SPDX-License-Identifier: Apache-2.0

internal import Domain
internal import Rules

/// A table with a movement per row, found by its heading.
struct TableSketch {
    /// A column that a rule reads.
    struct Column: Hashable {
        /// As rule files call it: a field's name, `amount_out`, `time` or `status`.
        let name: String
        /// As the bank wrote it.
        let heading: String
        /// From 0.
        let place: Int
    }

    let columns: [Column]
    /// Lines of the heading and of all rows.
    let lines: Range<Int>
    /// The cells of each row.
    let rows: [[String]]
    /// The words of lines that hold an amount and are no row: totals and balances.
    let skip: [String]
    let headingText: String

    /// Nil when no line of `lines` is the heading of such a table.
    init?(_ lines: [String]) {
        for (index, line) in lines.enumerated() {
            let heading = Self.cells(line)
            guard let columns = Self.columns(heading), index + 1 < lines.count else { continue }
            var rows: [[String]] = []
            var skip: [String] = []
            var end = index + 1
            for next in (index + 1)..<lines.count {
                let cells = Self.cells(lines[next])
                if Self.isRow(cells, columns, heading.count) {
                    rows.append(cells)
                    end = next + 1
                } else if let word = Self.wordBeforeAmount(lines[next]) {
                    skip.append(word)
                }
            }
            guard !rows.isEmpty else { continue }
            self.columns = columns
            self.lines = index..<end
            self.rows = rows
            self.skip = skip.reduce(into: []) { if !$0.contains($1) { $0.append($1) } }
            headingText = heading.filter { !$0.isEmpty }.joined(separator: " ")
            return
        }
        return nil
    }

    func column(_ name: String) -> Column? { columns.first { $0.name == name } }

    func value(_ field: Field, in row: [String]) -> String? {
        guard let place = column(field.rawValue)?.place, place < row.count, !row[place].isEmpty
        else { return nil }
        return row[place]
    }

    var fields: [Field] { Field.allCases.filter { column($0.rawValue) != nil } }

    /// Of the words in the column of the status those that say that money came in, and the others.
    var statuses: (cameIn: [String], nothing: [String]) {
        guard let place = column("status")?.place else { return ([], []) }
        let words = rows.reduce(into: [String]()) { words, row in
            if place < row.count, !row[place].isEmpty, !words.contains(row[place]) {
                words.append(row[place])
            }
        }
        let good = words.filter { word in
            Self.goodStatuses.contains { word.turkishFolded().hasPrefix($0) }
        }
        return (good, words.filter { !good.contains($0) })
    }

    private static let goodStatuses = [
        "gerceklesti", "onaylandi", "tamamlandi", "basarili", "completed", "approved", "success",
        "booked", "settled",
    ]

    // MARK: - Cells

    static func cells(_ line: String) -> [String] {
        line.split(separator: "\t", omittingEmptySubsequences: false).map { NoticeSketch.trim($0) }
    }

    /// The columns of a heading row: three texts or more without a number, an amount among them.
    private static func columns(_ cells: [String]) -> [Column]? {
        guard cells.count <= 20, cells.count(where: { !$0.isEmpty }) >= 3, !cells.contains(":"),
            !cells.contains(where: { $0.unicodeScalars.contains(where: TextScanner.isDigit) })
        else { return nil }
        var columns: [Column] = []
        for (place, cell) in cells.enumerated() {
            guard let name = name(of: cell), !columns.contains(where: { $0.name == name }) else {
                continue
            }
            columns.append(Column(name: name, heading: cell, place: place))
        }
        // An hour alone is when it happened; beside a day it is the hour of that day.
        guard columns.contains(where: { $0.name == Field.amount.rawValue }), columns.count > 1
        else { return nil }
        return columns
    }

    private static func name(of heading: String) -> String? {
        let folded = heading.turkishFolded()
        for (name, words) in own where words.contains(folded) { return name }
        guard case .field(let field)? = LabelWords.meaning(heading), field != .amountInWords else {
            return nil
        }
        return field.rawValue
    }

    /// Headings that mean something only above a column; folded.
    private static let own: [(name: String, words: Set<String>)] = [
        (
            Field.amount.rawValue,
            ["alacak", "giren", "gelen", "yatan", "giris", "credit", "money in", "paid in"]
        ),
        ("amount_out", ["borc", "cikan", "giden", "cekilen", "cikis", "debit", "money out"]),
        ("time", ["saat", "hour", "time", "islem saati"]),
        ("status", ["durum", "durumu", "status", "islem durumu"]),
    ]

    private static func isRow(_ cells: [String], _ columns: [Column], _ count: Int) -> Bool {
        guard cells.count == count else { return false }
        let amounts = columns.filter { column in
            (column.name == Field.amount.rawValue || column.name == "amount_out")
                && cells[column.place].contains { "123456789".contains($0) }
                && !cells[column.place].contains { $0 == ":" || $0 == "/" }
        }
        // A total has a word for its date or none, neither with a number, or money in both columns.
        let day = columns.first { $0.name == Field.occurredAt.rawValue }.map { cells[$0.place] }
        let number =
            columns.first { $0.name == Field.transactionID.rawValue }
            .map { cells[$0.place] } ?? ""
        let isTotal =
            day.map { $0.isEmpty ? number.isEmpty : !$0.contains(where: \.isNumber) } ?? false
        return amounts.count == 1 && !isTotal
            && columns.contains { $0.name != Field.amount.rawValue && !cells[$0.place].isEmpty }
    }

    /// `Toplam` of `Toplam ¦ 1.250,00 TL`; nil for a line without an amount.
    private static func wordBeforeAmount(_ line: String) -> String? {
        let signs = Array(line.unicodeScalars)
        guard let amount = ValueShape.amounts(signs).first else { return nil }
        let before = String(String.UnicodeScalarView(signs[..<amount.range.lowerBound]))
        return DraftPlan.runs(before, lettersMin: 3).first
    }
}

extension TableSketch {
    /// How day and hour are written, put together where they stand in two columns.
    var dateForm: String? {
        let row = rows.first { value(.occurredAt, in: $0) != nil }
        guard let row, let written = value(.occurredAt, in: row) else { return nil }
        guard let place = column("time")?.place, !row[place].isEmpty else {
            return DateShape.pattern(written, hasRest: true)
        }
        return DateShape.pattern(written).map { "\($0) \(DateShape.hour(row[place]) ?? "HH:mm")" }
    }

    /// The text of a mail with its rows changed.
    static func changing(
        _ text: String, _ change: ([String], TableSketch) -> [String]
    ) -> String {
        let lines = text.split(separator: "\n").map(String.init)
        guard let table = TableSketch(lines) else { return text }
        return lines.enumerated().map { index, line in
            let cells = cells(line)
            guard index > table.lines.lowerBound, table.rows.contains(cells) else { return line }
            return change(cells, table).joined(separator: "\t")
        }.joined(separator: "\n")
    }

    /// The rows as money that went out.
    static func outgoing(_ text: String) -> String {
        changing(text) { cells, table in
            var cells = cells
            guard let amount = table.column(Field.amount.rawValue)?.place else { return cells }
            if let out = table.column("amount_out")?.place {
                if cells[out].isEmpty { cells.swapAt(amount, out) }
            } else {
                cells[amount] = "-" + cells[amount].drop { $0 == "+" || $0 == "-" }
            }
            return cells
        }
    }
}
