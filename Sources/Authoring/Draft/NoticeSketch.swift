// SPDX-License-Identifier: Apache-2.0

internal import Domain
internal import Rules

/// What one text of a notice seems to say, found by labels and by the shape of values.
struct NoticeSketch {
    /// A value behind a label.
    struct Labelled: Hashable {
        let field: Field
        /// As the bank wrote it.
        let label: String
        /// `same_line` and the like, as in rule files.
        let place: String
        let value: String
    }

    /// Lines and letters that are looked at; notices are shorter.
    private static let linesMax = 400
    /// A longer line is none of labels that run together.
    private static let lineBytesMax = 8000
    private static let labelLettersMax = 45
    private static let labelWordsMax = 6

    /// A value and how much speaks for its field.
    private struct Candidate {
        let labelled: Labelled
        /// 0 a day on which money counts, 1 a guess, 2 a known label, 3 a code of a registration;
        /// nil for a label that fills nothing.
        let strength: Int?
    }

    let lines: [String]
    private(set) var labelled: [Labelled] = []
    /// Labels that fill nothing, in their order.
    private(set) var otherLabels: [String] = []
    /// Labels that fill nothing though a day or an IBAN stands behind them, with what it may be.
    private(set) var unread: [Labelled] = []
    private var candidates: [Candidate] = []
    private(set) var runTogether = false
    /// Lines that hold labels or their values.
    private(set) var usedLines: Set<Int> = []
    /// A movement per row.
    let table: TableSketch?

    init(_ text: String) {
        let written = text.split(separator: "\n").prefix(Self.linesMax).filter {
            !Self.trim($0).isEmpty
        }
        lines = written.map { Self.trim($0) }
        // Empty cells at the ends of a line are margins of the page, but columns of a table.
        table = TableSketch(written.map(String.init))
        if let table { usedLines.formUnion(table.lines) }
        for index in lines.indices where !(table?.lines.contains(index) ?? false) { read(index) }
        choose()
    }

    func first(_ field: Field) -> Labelled? { labelled.first { $0.field == field } }

    static func trim(_ text: some StringProtocol) -> String {
        var part = text[...]
        while let first = part.first, first.isWhitespace { part = part.dropFirst() }
        while let last = part.last, last.isWhitespace { part = part.dropLast() }
        return String(part)
    }

    // MARK: - Lines

    private mutating func read(_ index: Int) {
        let cells = lines[index].split(separator: "\t", omittingEmptySubsequences: false).map {
            Self.trim($0)
        }
        if cells.count > 1 {
            readCells(cells, index)
        } else {
            readLine(lines[index], index)
        }
    }

    private mutating func readCells(_ cells: [String], _ index: Int) {
        for (column, cell) in cells.enumerated() {
            guard let label = Self.label(cell) else { continue }
            let known = LabelWords.meaning(label)
            let rest = cells[(column + 1)...]
            // A colon, or an empty cell that keeps label and value apart.
            let gap = rest.prefix { $0 == ":" || $0.isEmpty }.count
            // An unknown word is a label only where a table has two columns.
            let isPair = rest.count - gap == 1 || rest.first == ":"
            guard known != nil || column == 0 && isPair else { continue }
            let value = rest.dropFirst(gap).first ?? ""
            // What follows an empty value is the next label.
            let isLabel = Self.label(value).map { LabelWords.meaning($0) != nil } ?? false
            let isEmpty = isLabel && rest.first?.isEmpty == true
            let place = ["next_cell", "third_cell"].dropFirst(gap).first ?? "same_line"
            note(label, isEmpty ? "next_cell" : place, isEmpty ? "" : value, index)
        }
    }

    private mutating func readLine(_ line: String, _ index: Int) {
        guard let colon = line.firstIndex(of: ":") else {
            // A known word alone on its line, its value on the next one.
            if LabelWords.meaning(line) != nil, index + 1 < lines.count,
                LabelWords.meaning(lines[index + 1]) == nil, !lines[index + 1].contains("\t")
            {
                note(line, "next_line", lines[index + 1], index, valueLine: index + 1)
            }
            return
        }
        if line.utf8.count <= Self.lineBytesMax, let pairs = Self.pairs(line) {
            runTogether = true
            for (label, value) in pairs { note(label, "same_line", value, index) }
            return
        }
        guard let label = Self.label(line[..<colon]) else { return }
        let value = Self.trim(line[line.index(after: colon)...])
        if !value.isEmpty {
            note(label, "same_line", value, index)
        } else if index + 1 < lines.count, !Self.startsWithLabel(lines[index + 1]) {
            note(label, "next_line", lines[index + 1], index, valueLine: index + 1)
        } else {
            note(label, "same_line", "", index)
        }
    }

    /// Several `label: value` in one line, when at least two of the labels are known and the first
    /// does not begin the line or its value holds the next.
    private static func pairs(_ line: String) -> [(String, String)]? {
        var found: [(label: String, from: String.Index, value: String.Index)] = []
        for colon in line.indices where line[colon] == ":" {
            // The longest known label that ends here.
            let before = line[..<colon].suffix(labelLettersMax)
            var best: String.Index?
            var start = before.endIndex
            var words = 0
            while words < labelWordsMax {
                guard let blank = before[..<start].lastIndex(of: " ") else {
                    if LabelWords.meaning(String(before)) != nil {
                        best = before.startIndex
                    }
                    break
                }
                let word = before.index(after: blank)
                if LabelWords.meaning(String(before[word...])) != nil { best = word }
                start = blank
                words += 1
            }
            if let best, best >= (found.last?.value ?? line.startIndex) {
                found.append((String(before[best...]), best, line.index(after: colon)))
            }
        }
        guard found.count > 1 else { return nil }
        // A payer may write a label of the bank: what begins a line and is the payer's ends there.
        if found[0].from == line.startIndex,
            LabelWords.meaning(found[0].label) == .field(.description)
        {
            return nil
        }
        return found.enumerated().map { index, pair in
            let end = index + 1 < found.count ? found[index + 1].from : line.endIndex
            return (pair.label, trim(line[pair.value..<end]))
        }
    }

    private static func startsWithLabel(_ line: String) -> Bool {
        let cell = line.prefix { $0 != "\t" && $0 != ":" }
        return LabelWords.meaning(trim(cell)) != nil || LabelGuess.field(trim(cell)) != nil
    }

    /// The text of a cell when it may be a label: few words, no number.
    private static func label(_ text: some StringProtocol) -> String? {
        var text = trim(text)
        if text.hasSuffix(":") { text = trim(text.dropLast()) }
        text = withoutLeader(text)
        guard !text.isEmpty, text.count <= labelLettersMax, text.first?.isLetter == true,
            text.split(separator: " ").count <= labelWordsMax,
            !text.unicodeScalars.contains(where: TextScanner.isDigit),
            !text.contains(where: { ".!?,;".contains($0) })
        else { return nil }
        return text
    }

    /// Without the dots that lead from a label to its colon: `Tutar........:`.
    private static func withoutLeader(_ text: String) -> String {
        let dots = text.reversed().prefix { ".…_".contains($0) }.count
        return dots > 1 || text.hasSuffix("…") ? trim(text.dropLast(dots)) : text
    }

    // MARK: - Values

    private mutating func note(
        _ label: String, _ place: String, _ value: String, _ line: Int, valueLine: Int? = nil
    ) {
        usedLines.insert(line)
        if let valueLine { usedLines.insert(valueLine) }
        let one = { Labelled(field: $0, label: label, place: place, value: value) }
        if let (field, strength) = Self.field(label, value), ValueShape.fits(value, field) {
            candidates.append(Candidate(labelled: one(field), strength: strength))
        } else {
            candidates.append(Candidate(labelled: one(.description), strength: nil))
        }
    }

    /// What a label means and how sure that is, of a value that is there or not.
    private static func field(_ label: String, _ value: String) -> (Field, strength: Int)? {
        switch LabelWords.meaning(label) {
        case .field(.transactionID)? where holdsCode(value): return (.description, 3)
        case .field(let field)?: return (field, 2)
        case .other?: return LabelGuess.isValueDate(label) ? (.occurredAt, 0) : nil
        case nil:
            guard let field = LabelGuess.field(label) else { return nil }
            if field == .transactionID, holdsCode(value) { return (.description, 3) }
            return (field, LabelGuess.isValueDate(label) ? 0 : 1)
        }
    }

    /// Banks call what the payer wrote a reference, too.
    private static func holdsCode(_ value: String) -> Bool {
        TextScanner(Array(value.unicodeScalars)).spans().contains { span in
            if case .code = span.kind { return true }
            return false
        }
    }

    /// Of several labels for a field the surest one fills it, of equal ones the first.
    private mutating func choose() {
        var best: [Field: (place: Int, strength: Int)] = [:]
        for (place, one) in candidates.enumerated() {
            guard let strength = one.strength else { continue }
            let rival = best[one.labelled.field]?.strength ?? -1
            if strength > rival { best[one.labelled.field] = (place, strength) }
        }
        for (place, one) in candidates.enumerated() {
            if one.strength != nil, best[one.labelled.field]?.place == place {
                labelled.append(one.labelled)
            } else {
                leave(one.labelled)
            }
        }
        let filled = Set(labelled.map(\.label))
        otherLabels.removeAll { filled.contains($0) }
    }

    private mutating func leave(_ one: Labelled) {
        if !otherLabels.contains(one.label) { otherLabels.append(one.label) }
        guard LabelWords.meaning(one.label) != .other else { return }
        for field in [Field.occurredAt, .senderIBAN] where ValueShape.stands(one.value, field) {
            unread.append(
                Labelled(field: field, label: one.label, place: one.place, value: one.value))
        }
    }
}
