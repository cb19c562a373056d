// SPDX-License-Identifier: Apache-2.0

internal import Domain

/// A table of movements, its columns found by their headings.
struct CSVStatementReader {
    private let mapping: StatementMapping
    /// Where each column stands, once the headings are found.
    private var places: [StatementMapping.Column: Int] = [:]

    /// Name, address and account stand above the table; nobody prints more.
    private static let preambleRowsMax = 100

    static func read(
        _ bytes: [UInt8], _ mapping: StatementMapping?
    ) throws(StatementError) -> [Statement] {
        guard let mapping else {
            throw StatementError(
                "csv", "a CSV needs a mapping: its columns have no common names",
                hint: "name one with --mapping; docs/reconcile.md shows how to write it")
        }
        if let gap = mapping.gap {
            throw StatementError(
                "csv", "the mapping \(mapping.name) cannot read a CSV", hint: gap)
        }
        let text = StatementText.decode(bytes, mapping.charset)
        let delimiters: [Character] = mapping.delimiter.map { [$0] } ?? [";", ",", "\t"]
        for delimiter in delimiters {
            let rows = try DelimitedRows.read(text, delimiter: delimiter)
            var reader = CSVStatementReader(mapping: mapping)
            if let heading = reader.findHeadings(rows) {
                return [try reader.statement(rows[(heading + 1)...], rows[..<heading])]
            }
        }
        throw StatementError(
            "csv", "no row has all the headings of the mapping \(mapping.name)",
            hint: "compare its columns with the first rows of the file; large and small letters do "
                + "not count")
    }

    private mutating func findHeadings(_ rows: [DelimitedRows.Row]) -> Int? {
        for (index, row) in rows.prefix(Self.preambleRowsMax).enumerated() {
            let cells = row.cells.map { StatementText.filled($0)?.turkishFolded() }
            let found = mapping.columns.compactMapValues { name in
                cells.firstIndex { $0 != nil && $0 == StatementText.filled(name)?.turkishFolded() }
            }
            if found.count == mapping.columns.count {
                places = found
                return index
            }
        }
        return nil
    }

    private func statement(
        _ rows: ArraySlice<DelimitedRows.Row>, _ preamble: ArraySlice<DelimitedRows.Row>
    ) throws(StatementError) -> Statement {
        var lines: [StatementLine] = []
        var balances: [(row: Int, balance: Int64, amount: Int64)] = []
        for row in rows {
            let first = row.cells.lazy.compactMap { StatementText.filled($0) }.first ?? ""
            if mapping.footer.contains(where: { first.hasPrefix($0) }) { break }
            let line = try line(row, index: lines.count + 1)
            if let text = cell(.balance, row) {
                guard let units = NumberText.minorUnits(text, style: mapping.numbers) else {
                    throw refusal(row, .balance, "the balance cannot be read")
                }
                balances.append((row.line, units, line.amount.minorUnits))
            }
            lines.append(line)
        }
        var statement = Statement(
            format: .csv, account: account(in: preamble)?.text, currency: mapping.currency,
            lines: lines)
        if balances.count == lines.count { take(balances, into: &statement) }
        return statement
    }

    /// Some IBAN above the table, if there is exactly one.
    private func account(in preamble: ArraySlice<DelimitedRows.Row>) -> IBAN? {
        let found = Set(
            preamble.flatMap { row in
                row.cells.compactMap { cell in
                    IBAN(cell)
                        ?? cell.firstRange(of: "TR").flatMap {
                            IBAN(String(cell[$0.lowerBound...].filter { $0 != " " }.prefix(26)))
                        }
                }
            })
        return found.count == 1 ? found.first : nil
    }

    /// Each balance is the one before it and the amount, downwards or upwards; the ends are opening
    /// and closing balance.
    private func take(
        _ rows: [(row: Int, balance: Int64, amount: Int64)], into statement: inout Statement
    ) {
        guard let first = rows.first, let last = rows.last else { return }
        func firstBreak(_ rows: [(row: Int, balance: Int64, amount: Int64)]) -> Int? {
            zip(rows, rows.dropFirst()).first { $0.balance + $1.amount != $1.balance }?.1.row
        }
        let down = firstBreak(rows)
        let up = down == nil ? nil : firstBreak(rows.reversed())
        if let down, up != nil {
            statement.warnings.append(.runningBalanceDiffers(row: down))
            return
        }
        let (start, end) = down == nil ? (first, last) : (last, first)
        func money(_ units: Int64) -> Money {
            Money(minorUnits: units, currency: mapping.currency)
        }
        statement.opening = money(start.balance - start.amount)
        statement.closing = money(end.balance)
    }

    // MARK: - One row

    private func line(
        _ row: DelimitedRows.Row, index: Int
    ) throws(StatementError) -> StatementLine {
        guard let text = cell(.date, row), let (day, clock) = read(text) else {
            throw refusal(
                row, .date, "the day cannot be read",
                hint: "give dates its pattern, or footer the word with which the table ends")
        }
        if let written = cell(.currency, row), Currency(written) != mapping.currency {
            throw refusal(row, .currency, "the line has another currency than the account")
        }
        var line = StatementLine(
            index: index, row: row.line, booked: day,
            amount: Money(minorUnits: try units(row), currency: mapping.currency))
        line.clockSeconds = clock
        if let written = cell(.time, row) {
            guard let seconds = Self.clock(written) else {
                throw refusal(
                    row, .time, "the time cannot be read", hint: "it is HH:mm or HH:mm:ss")
            }
            line.clockSeconds = seconds
        }
        line.value = cell(.value, row).flatMap { read($0)?.day }
        line.counterparty = cell(.payer, row)
        line.counterpartyIBAN = cell(.payerIBAN, row).flatMap { IBAN($0)?.text }
        line.description = cell(.description, row)
        line.reference = cell(.reference, row)
        return line
    }

    private func units(_ row: DelimitedRows.Row) throws(StatementError) -> Int64 {
        if places[.amount] == nil {
            switch (try number(.credit, row) ?? 0, try number(.debit, row) ?? 0) {
            case (let credit, 0) where credit > 0: return credit
            case (0, let debit) where debit != 0: return -abs(debit)
            default:
                throw refusal(row, .credit, "the row has no amount, or one on either side")
            }
        }
        guard let units = try number(.amount, row), units != 0 else {
            throw refusal(row, .amount, "the row has no amount")
        }
        guard places[.direction] != nil else { return units }
        let word = cell(.direction, row) ?? ""
        if mapping.incoming.contains(word) { return abs(units) }
        if mapping.outgoing.contains(word) { return -abs(units) }
        throw refusal(
            row, .direction, "the direction is neither incoming nor outgoing",
            hint: "add its word to incoming or outgoing of the mapping")
    }

    private func number(
        _ column: StatementMapping.Column, _ row: DelimitedRows.Row
    ) throws(StatementError) -> Int64? {
        guard let text = cell(column, row) else { return nil }
        guard let units = NumberText.minorUnits(text, style: mapping.numbers) else {
            throw refusal(
                row, column, "the amount cannot be read",
                hint: "numbers of the mapping says \(mapping.numbers.rawValue): is it another?")
        }
        return units
    }

    private func read(_ text: String) -> (day: BankDay, clockSeconds: Int?)? {
        for pattern in mapping.dates {
            if let read = pattern.read(text) { return read }
        }
        return nil
    }

    /// `14:05` or `14:05:33`, also with dots.
    private static func clock(_ text: String) -> Int? {
        let parts = text.split(omittingEmptySubsequences: false) { $0 == ":" || $0 == "." }
        let numbers = parts.compactMap { $0.utf8.count == 2 ? UInt8($0).map(Int.init) : nil }
        guard (2...3).contains(parts.count), numbers.count == parts.count, numbers[0] < 24,
            numbers[1...].allSatisfy({ $0 < 60 })
        else { return nil }
        return numbers[0] * 3600 + numbers[1] * 60 + (numbers.count == 3 ? numbers[2] : 0)
    }

    private func cell(_ column: StatementMapping.Column, _ row: DelimitedRows.Row) -> String? {
        guard let place = places[column], place < row.cells.count else { return nil }
        return StatementText.filled(row.cells[place])
    }

    private func refusal(
        _ row: DelimitedRows.Row, _ column: StatementMapping.Column, _ cause: String,
        hint: String = "export the file again"
    ) -> StatementError {
        StatementError(
            "csv", line: row.line,
            "column “\(mapping.columns[column] ?? column.rawValue)”: \(cause)",
            hint: hint)
    }
}
