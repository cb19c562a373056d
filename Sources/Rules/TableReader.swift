// SPDX-License-Identifier: Apache-2.0

import Domain

/// Finds the movements of a table: a row each.
///
/// A table with one row that cannot be read is not read at all. A line that holds an amount and is
/// neither a row nor named as something else (`skip:`) counts as such a row: money must not get
/// lost because a bank changed the form of one line.
struct TableReader {
    /// Movements of one mail; a day of a busy account has some dozens.
    private static let rowsMax = 400
    /// Cells that are looked at in one line.
    private static let cellsMax = 40
    /// A line of a table; longer ones are no rows.
    private static let lineBytesMax = 4096

    struct Row {
        /// From 1, counted over the lines of the text.
        let line: Int
        let status: TableRule.Status
        let found: [FieldReader.Found]
    }

    enum Result {
        case rows([Row], area: Range<Int>, payer: [Range<Int>])
        /// There is no such table here.
        case missing(String)
        /// A line of the table cannot be read.
        case unclear(String)
    }

    let text: FoldedText
    let variant: Variant
    let rule: TableRule

    private struct Line {
        let number: Int
        let range: Range<Int>
        let cells: [Range<Int>]
    }

    /// Where each column stands in the table at hand, from 0.
    private struct Layout {
        var fields: [Field: Int] = [:]
        var amountOut: Int?
        var status: Int?
        var time: Int?
        /// Those of the heading row.
        var cellsMax: Int?
        /// The cells a row has at least.
        var cellCount: Int {
            ((Array(fields.values) + [amountOut, status, time].compactMap(\.self)).max() ?? 0) + 1
        }
    }

    func read() -> Result {
        let lines = self.lines()
        var rest = lines[...]
        var layout = Layout()
        if rule.sentences.isEmpty {
            guard let heading = self.heading(in: lines) else {
                return .missing("the heading row of the table is missing")
            }
            layout = heading.layout
            rest = lines[heading.next...]
        }
        var rows: [Row] = []
        var payer: [Range<Int>] = []
        let start = rest.first?.range.lowerBound ?? text.bytes.count
        var end = start
        for line in rest {
            let attempt = rule.sentences.isEmpty ? row(of: line, layout) : row(bySentence: line)
            // What a payer wrote neither ends the table nor takes a row out of it.
            if let own = bankText(of: line, layout, attempt) {
                if rule.end.contains(where: { $0.holds(in: own) }) { break }
                end = line.range.upperBound
                if rule.skip.contains(where: { $0.holds(in: own) }) { continue }
            }
            end = line.range.upperBound
            if rule.hasHeading, self.layout(of: line) != nil { continue }
            switch attempt {
            case .success(let row, let own):
                rows.append(row)
                payer += own
            case .failure(let why): return .unclear("row \(line.number) of the text: \(why)")
            case .noRow:
                guard !Self.holdsAmount(text.bytes[line.range]) else {
                    return .unclear(
                        "line \(line.number) of the text holds an amount and is no row of the table"
                    )
                }
            }
            guard rows.count <= Self.rowsMax else { return .unclear("the table is too long") }
        }
        guard !rows.isEmpty else { return .missing("the table has no row") }
        return .rows(rows, area: start..<end, payer: payer)
    }

    // MARK: - Lines

    private func lines() -> [Line] {
        var lines: [Line] = []
        var start = 0
        let bytes = text.bytes
        while start < bytes.count {
            let end = text.lineEnd(from: start)
            var cells: [Range<Int>] = []
            var from = start
            while cells.count < Self.cellsMax {
                let to = min(end, text.cellEnd(from: from))
                cells.append(text.trimmed(from..<to))
                guard to < end else { break }
                from = to + 1
            }
            lines.append(Line(number: lines.count + 1, range: start..<end, cells: cells))
            start = end + 1
        }
        return lines
    }

    /// Where the columns stand, and the line behind the heading row.
    private func heading(in lines: [Line]) -> (layout: Layout, next: Int)? {
        guard rule.hasHeading else { return layout(of: nil).map { ($0, 0) } }
        for (index, line) in lines.enumerated() {
            if var layout = layout(of: line) {
                layout.cellsMax = line.cells.count
                return (layout, index + 1)
            }
        }
        return nil
    }

    private func layout(of line: Line?) -> Layout? {
        var layout = Layout()
        for (field, column) in rule.columns {
            guard let place = place(of: column, in: line) else { return nil }
            layout.fields[field] = place
        }
        if let column = rule.amountOut {
            guard let place = place(of: column, in: line) else { return nil }
            layout.amountOut = place
        }
        if let column = rule.statusColumn {
            guard let place = place(of: column, in: line) else { return nil }
            layout.status = place
        }
        if let column = rule.timeColumn {
            guard let place = place(of: column, in: line) else { return nil }
            layout.time = place
        }
        return layout
    }

    private func place(of column: TableRule.Column, in line: Line?) -> Int? {
        switch column {
        case .number(let number): number
        case .heading(let names):
            line?.cells.firstIndex { cell in
                names.contains { $0.elementsEqual(text.bytes[cell]) }
            }
        }
    }

    // MARK: - Rows

    /// What of a line the bank wrote, for `skip` and `end`; nil when it is surely a movement.
    private func bankText(of line: Line, _ layout: Layout, _ attempt: Attempt) -> VisibleText? {
        guard case .success(_, let payer) = attempt else {
            if case .failure = attempt { return nil }
            return VisibleText(text, only: line.range)
        }
        guard rule.sentences.isEmpty else { return nil }
        // A total bears neither a date nor a number.
        let others = layout.fields.filter { field, _ in
            field != .amount && !variant.isPayerControlled(field)
        }
        if !others.isEmpty, others.values.allSatisfy({ line.cells[$0].isEmpty }) {
            return VisibleText(text, only: line.range)
        }
        return VisibleText(text, only: line.range, hiding: payer)
    }

    private enum Attempt {
        case success(Row, payer: [Range<Int>])
        case failure(String)
        case noRow
    }

    private func row(of line: Line, _ layout: Layout) -> Attempt {
        // An empty cell leaves no trace in the text of a page: what stands behind it would be read
        // in the wrong column. A total, which has fewer cells as well, begins with a word.
        if let heading = layout.cellsMax, line.cells.count > 1, line.cells.count < heading,
            Self.isAmount(text.bytes[line.cells[0]]), Self.holdsAmount(text.bytes[line.range])
        {
            return .failure("it has fewer cells than the heading")
        }
        // That a total holds an amount is noticed by who asks.
        guard line.cells.count >= layout.cellCount, line.range.count <= Self.lineBytesMax else {
            return .noRow
        }
        if let heading = layout.cellsMax, line.cells.count != heading {
            if line.cells.count > heading { return .failure("it has more cells than the heading") }
            // Only an empty cell at the end, of a column that nobody reads, shifts nothing.
            if holdsAmount(besides: layout, in: line) {
                return .failure("it has fewer cells than the heading")
            }
        }
        var found: [FieldReader.Found] = []
        var payer: [Range<Int>] = []
        for field in Field.allCases {
            guard let place = layout.fields[field] else { continue }
            let cell = line.cells[place]
            found.append(.init(field: field, text: text.value(cell), range: cell))
            if variant.isPayerControlled(field), !cell.isEmpty { payer.append(cell) }
        }
        if let cell = layout.time.map({ line.cells[$0] }), !cell.isEmpty {
            found.append(
                .init(
                    field: .occurredAt, text: text.value(cell), range: cell, isClockOnly: true))
        }
        let out = layout.amountOut.map { line.cells[$0] }
        let status = layout.status.map { text.value(line.cells[$0]) }
        let amountCell = layout.fields[.amount].map { line.cells[$0] }
        let isIn = amountCell.map { Self.isAmount(text.bytes[$0]) } ?? false
        let isOut = out.map { Self.isAmount(text.bytes[$0]) } ?? false
        // A heading between the rows, or a remark over the whole line.
        guard isIn || isOut || amountCell.map({ !$0.isEmpty }) ?? false else { return .noRow }
        if isOut {
            guard !isIn else { return .failure("money goes in and out at once") }
            let rest = found.filter { $0.field != .amount }
            return .success(
                Row(line: line.number, status: .wentOut, found: rest), payer: payer)
        }
        return finish(line, found, status, payer)
    }

    private func row(bySentence line: Line) -> Attempt {
        guard line.range.count <= Self.lineBytesMax else { return .noRow }
        let own = text.part(line.range)
        for sentence in rule.sentences {
            let longest = Self.lineBytesMax
            guard let groups = sentence.pattern.firstMatch(in: own.bytes, from: 0, atMost: longest)
            else { continue }
            guard
                sentence.exchanged.firstMatch(in: own.bytes, from: 0, atMost: longest) == groups
            else {
                return .failure("it is read in two ways")
            }
            let found = FieldReader.values(of: sentence, groups, in: own).map { found in
                var found = found
                let start = line.range.lowerBound
                found.range = found.range.map { ($0.lowerBound + start)..<($0.upperBound + start) }
                return found
            }
            let status = zip(sentence.groups, groups).first { $0.0 == .status }?.1.map(own.value)
            let payer = found.filter { variant.isPayerControlled($0.field) }.compactMap(\.range)
            return finish(line, found, status, payer.filter { !$0.isEmpty })
        }
        return .noRow
    }

    private func finish(
        _ line: Line, _ found: [FieldReader.Found], _ word: String?, _ payer: [Range<Int>]
    ) -> Attempt {
        var found = found
        var status = TableRule.Status.cameIn
        if let word {
            guard let known = rule.statuses[word.turkishFolded()] else {
                return .failure("its status is not known")
            }
            status = known
        }
        if rule.isSigned, let index = found.firstIndex(where: { $0.field == .amount }) {
            let amount = found[index]
            if let sign = amount.text.unicodeScalars.first, sign == "-" || sign == "−" {
                guard status != .reversed else { return .failure("its sign and status differ") }
                if rule.statuses.isEmpty || status != .nothing { status = .wentOut }
                found[index] = .init(
                    field: .amount, text: String(amount.text.dropFirst()), range: amount.range)
            }
        }
        return .success(Row(line: line.number, status: status, found: found), payer: payer)
    }

    // MARK: - Amounts

    /// Whether another cell than that of the amount reads like one: then nobody can tell which of
    /// them lost its column.
    private func holdsAmount(besides layout: Layout, in line: Line) -> Bool {
        let field = variant.rule(of: .amount)
        return line.cells.indices.contains { place in
            guard place != layout.fields[.amount], place != layout.fields[.transactionID] else {
                return false
            }
            let value = text.value(line.cells[place])
            if case .money = AmountText.read(
                value, style: field?.style, currency: field?.currency)
            {
                return true
            }
            return false
        }
    }

    private static func isAmount(_ bytes: ArraySlice<UInt8>) -> Bool {
        bytes.contains { (49...57).contains($0) }
    }

    /// Two decimals behind a comma or dot, and no further digit: `1.250,00`, not `22.11.2026`.
    private static func holdsAmount(_ bytes: ArraySlice<UInt8>) -> Bool {
        var digits = 0
        var isDecimal = false
        var hasWhole = false
        for byte in bytes + [0] {
            if (48...57).contains(byte) {
                digits += 1
                continue
            }
            if isDecimal, hasWhole, digits == 2, byte != 0x2E, byte != 0x2C, byte != 0x3A,
                byte != 0x2F
            {
                return true
            }
            isDecimal = (byte == 0x2C || byte == 0x2E) && digits > 0
            hasWhole = digits > 0
            digits = 0
        }
        return false
    }
}
