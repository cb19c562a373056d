// SPDX-License-Identifier: Apache-2.0

import Domain

/// Finds the movements of a table: a row each.
///
/// A table with one row that cannot be read is not read at all. A line that holds an amount and is
/// neither a row nor named as something else (`skip:`) counts as such a row: money must not get
/// lost because a bank changed the form of one line.
///
/// A row has as many cells as its heading or, without one, as the rule says. In another row a
/// number could stand in the wrong column: plain text and PDFs do not show their empty cells, and a
/// cell of a page may span several columns.
struct TableReader {
    /// Movements of one mail; a day of a busy account has some dozens.
    private static let rowsMax = 400
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
    let work: SearchWork

    private struct Line {
        let number: Int
        let range: Range<Int>
        let cells: [Range<Int>]
    }

    /// Where each column stands in the table at hand, from 0.
    private struct Layout: Equatable {
        var fields: [Field: Int] = [:]
        var amountOut: Int?
        var status: Int?
        var time: Int?
        /// Columns that the rule does not name and whose heading says what became of a movement.
        var unnamedStatus: [Int] = []
        /// Two columns have the heading of one field.
        var isDoubtful = false
        /// The cells of a row.
        var width = 0
        /// The last column that is read.
        var last: Int {
            (Array(fields.values) + [amountOut, status, time].compactMap(\.self)).max() ?? 0
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
        guard !layout.isDoubtful else { return .unclear("two columns have the heading of a field") }
        let top = (rest.first?.number ?? 1) - 1
        let title = self.title(above: top, in: lines)
        var others: Int?
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
            if rule.hasHeading, let again = self.layout(of: line) {
                // A heading that a page repeats; under another title begins another table.
                guard again == layout,
                    isGoingOn(at: line, from: rows.last?.line ?? top, title, in: lines)
                else { return .unclear("the table has two headings") }
                continue
            }
            switch attempt {
            case .success(let row, let own):
                if let others {
                    return .unclear("line \(others) of the text may be the title of other rows")
                }
                rows.append(row)
                payer += own
            case .failure(let why): return .unclear("row \(line.number) of the text: \(why)")
            case .noRow(let why?), .doubtful(let why):
                return .unclear("line \(line.number) of the text \(why)")
            case .noRow(nil):
                if StatusWords.isTitleOfOthers(text.bytes[line.range]) { others = line.number }
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
            // One more, so that a line with too many is as wide as no table.
            let cells = text.cells(of: start..<end, atMost: TableRule.cells.upperBound + 1)
            lines.append(Line(number: lines.count + 1, range: start..<end, cells: cells))
            start = end + 1
        }
        return lines
    }

    /// Where the columns stand, and the line behind the heading row.
    private func heading(in lines: [Line]) -> (layout: Layout, next: Int)? {
        guard rule.hasHeading else { return layout(of: nil).map { ($0, 0) } }
        for (index, line) in lines.enumerated() {
            if let layout = layout(of: line) { return (layout, index + 1) }
        }
        return nil
    }

    /// The text that stands above a line, without digits: pages are counted.
    private func title(above number: Int, in lines: [Line]) -> [UInt8] {
        let above = lines[..<max(0, number - 1)].last { line in
            text.bytes[line.range].contains { $0 > 32 }
        }
        return above.map { line in
            text.bytes[line.range].filter { $0 > 32 && !(48...57).contains($0) }
        } ?? []
    }

    /// Whether nothing but the title of the first heading stands between a line, the last row or
    /// the first heading, and this one, if anything.
    private func isGoingOn(
        at heading: Line, from last: Int, _ first: [UInt8], in lines: [Line]
    ) -> Bool {
        let between = lines[last..<(heading.number - 1)]
        guard between.contains(where: { line in text.bytes[line.range].contains { $0 > 32 } })
        else { return true }
        return title(above: heading.number, in: lines) == first
    }

    private func layout(of line: Line?) -> Layout? {
        var layout = Layout()
        layout.width = line?.cells.count ?? rule.cells ?? 0
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
        guard let line, rule.hasHeading else { return layout }
        let columns =
            Array(rule.columns.values)
            + [rule.amountOut, rule.statusColumn, rule.timeColumn].compactMap(\.self)
        layout.isDoubtful = columns.contains { places(of: $0, in: line).count > 1 }
        if layout.status == nil {
            let named = Set(layout.fields.values)
            layout.unnamedStatus = line.cells.indices.filter { place in
                !named.contains(place) && StatusWords.isHeading(text.bytes[line.cells[place]])
            }
        }
        return layout
    }

    private func place(of column: TableRule.Column, in line: Line?) -> Int? {
        switch column {
        case .number(let number): number
        case .heading: line.flatMap { places(of: column, in: $0).first }
        }
    }

    private func places(of column: TableRule.Column, in line: Line) -> [Int] {
        guard case .heading(let names) = column else { return [] }
        return line.cells.indices.filter { place in
            names.contains { $0.elementsEqual(text.bytes[line.cells[place]]) }
        }
    }

    // MARK: - Rows

    /// What of a line the bank wrote, for `skip` and `end`; nil when it is surely a movement.
    private func bankText(of line: Line, _ layout: Layout, _ attempt: Attempt) -> VisibleText? {
        switch attempt {
        case .success:
            // A movement is passed over by its first cell alone; who paid may be called Toplam.
            guard rule.sentences.isEmpty, let first = line.cells.first(where: { !$0.isEmpty }),
                !layout.fields.contains(where: { field, place in
                    line.cells[place] == first
                        && (field == .payer || variant.isPayerControlled(field))
                })
            else { return nil }
            return VisibleText(text, work, only: first)
        case .failure: return nil
        case .noRow: return VisibleText(text, work, only: line.range)
        case .doubtful:
            // A payer's words may stand in any cell but the first.
            return VisibleText(text, work, only: line.cells.first { !$0.isEmpty } ?? line.range)
        }
    }

    private enum Attempt {
        case success(Row, payer: [Range<Int>])
        case failure(String)
        /// With what makes the table unclear, if nothing says that the line is to be passed over.
        case noRow(String?)
        /// The same of a line that may be a movement or a total.
        case doubtful(String)
    }

    private func noRow(_ line: Line) -> Attempt {
        .noRow(
            holdsSum(line)
                ? "holds an amount and is no row of the table" : nil)
    }

    /// With decimals, or beside a currency.
    private func holdsSum(_ line: Line) -> Bool {
        let bytes = text.bytes[line.range]
        return Self.holdsAmount(bytes) || !AmountPlaces.find(in: Array(bytes)).isEmpty
    }

    private func row(of line: Line, _ layout: Layout) -> Attempt {
        guard line.range.count <= Self.lineBytesMax else { return noRow(line) }
        if let attempt = oddWidth(line, layout) { return attempt }
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
        guard isIn || isOut || amountCell.map({ !$0.isEmpty }) ?? false else {
            return out == nil && namesPayment(line, layout)
                ? .failure("it has no amount") : noRow(line)
        }
        let isDone = layout.unnamedStatus.allSatisfy { place in
            StatusWords.isGood(text.bytes[line.cells[place]])
        }
        guard isDone else { return .failure("its status is not known; name the column `status`") }
        // A total bears neither a date nor a number.
        let others = layout.fields.filter { field, _ in
            field != .amount && field != .payer && !variant.isPayerControlled(field)
        }
        if !others.isEmpty, others.values.allSatisfy({ line.cells[$0].isEmpty }) {
            return .doubtful("has neither a date nor a number")
        }
        if let day = layout.fields[.occurredAt], line.cells[day].isEmpty {
            return .failure("its date is empty")
        }
        if isOut {
            // A total of both columns, or nobody knows.
            guard !isIn else { return .doubtful("has money going in and out at once") }
            let rest = found.filter { $0.field != .amount }
            return .success(
                Row(line: line.number, status: .wentOut, found: rest), payer: payer)
        }
        return finish(line, found, status, payer)
    }

    /// What a line with more or fewer cells than the table is; nil when it has as many.
    private func oddWidth(_ line: Line, _ layout: Layout) -> Attempt? {
        let (count, width) = (line.cells.count, layout.width)
        if count == width { return nil }
        if count > width {
            // Empty cells at the end shift nothing.
            let isWider = line.cells[width...].contains { !$0.isEmpty }
            return isWider ? .failure("it has \(count) cells instead of \(width)") : nil
        }
        guard count > 1 else { return noRow(line) }
        let holdsAmount = holdsSum(line)
        // A total has fewer cells as well, but begins with a word.
        let first = line.cells.first { !$0.isEmpty }
        if holdsAmount, let first, Self.isAmount(text.bytes[first]) {
            return .failure("it has \(count) cells instead of \(width)")
        }
        // Nobody can tell which cell is missing, nor how many a wide one stands for.
        let isLikeRow = count > layout.last || line.cells.count { !$0.isEmpty } > 2
        let holdsMoney = isLikeRow && line.cells.contains(where: isMoney)
        if holdsAmount || holdsMoney { return .doubtful("has \(count) cells instead of \(width)") }
        // Empty cells at the end of a line vanish.
        return layout.amountOut == nil && namesPayment(line, layout)
            ? .doubtful("has no amount") : .noRow(nil)
    }

    /// A day stands in its column, and who paid or what they wrote in theirs.
    private func namesPayment(_ line: Line, _ layout: Layout) -> Bool {
        func cell(_ place: Int) -> ArraySlice<UInt8> {
            line.cells.indices.contains(place) ? text.bytes[line.cells[place]] : []
        }
        guard let day = layout.fields[.occurredAt], Self.isAmount(cell(day)) else { return false }
        return layout.fields.contains { field, place in
            (field == .payer || variant.isPayerControlled(field)) && !cell(place).isEmpty
        }
    }

    private func row(bySentence line: Line) -> Attempt {
        guard line.range.count <= Self.lineBytesMax else { return noRow(line) }
        let (own, before) = text.row(line.range)
        for sentence in rule.sentences {
            let longest = Self.lineBytesMax
            guard work.allowsPattern(over: 2 * own.bytes.count),
                let groups = sentence.pattern.firstMatch(in: own.bytes, from: 0, atMost: longest)
            else { continue }
            guard
                sentence.exchanged.firstMatch(in: own.bytes, from: 0, atMost: longest) == groups
            else {
                return .failure("it is read in two ways")
            }
            let found = FieldReader.values(of: sentence, groups, in: own).map { found in
                var found = found
                found.range = found.range.map { range in
                    // The empty cells at its ends have no place in the whole text.
                    let shift = line.range.lowerBound - before
                    return (range.lowerBound + shift..<range.upperBound + shift)
                        .clamped(to: line.range)
                }
                return found
            }
            let status = zip(sentence.groups, groups).first { $0.0 == .status }?.1.map(own.value)
            let payer = found.filter { variant.isPayerControlled($0.field) }.compactMap(\.range)
            return finish(line, found, status, payer.filter { !$0.isEmpty })
        }
        return noRow(line)
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

    /// Whether the whole cell reads as an amount of this rule.
    private func isMoney(_ cell: Range<Int>) -> Bool {
        let field = variant.rule(of: .amount)
        guard
            case .money = AmountText.read(
                text.value(cell), style: field?.style, currency: field?.currency)
        else { return false }
        return true
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
