// SPDX-License-Identifier: Apache-2.0

internal import Domain

/// MT940, the customer statement of SWIFT, as banks hand it out in files:
///
///     :20:STARTUMS
///     :25:TR330006100519786457841326
///     :28C:1/1
///     :60F:C261122TRY1000,00
///     :61:2611221122C1250,00NTRFNONREF//8994
///     :86:ELIF KARACA*0062*KTF6HV349*8994*FAST
///     :62F:C261122TRY2250,00
///
/// Source: SWIFT MT940 field specifications; the subfields of `:86:` after the German banking
/// industry's DTA agreement, annex 3.
struct MT940Reader {
    private struct Field {
        let tag: String
        var value: [Substring]
        let row: Int
    }

    private var fields: ArraySlice<Field>

    static func read(_ lines: [Substring]) throws(StatementError) -> [Statement] {
        var reader = MT940Reader(fields: try fields(lines)[...])
        var statements: [Statement] = []
        while !reader.fields.isEmpty {
            statements.append(try reader.statement())
            guard statements.count <= StatementLimits.statementsMax else {
                throw StatementError(
                    "mt940", "the file has more than \(StatementLimits.statementsMax) statements",
                    hint: "export fewer days")
            }
        }
        return joined(statements)
    }

    // MARK: - Fields

    /// `:61:…` and the lines up to the next tag. What stands before the first tag, between `-` and
    /// the next `:20:`, and SWIFT's own blocks (`{1:…}`) say nothing about money.
    private static func fields(_ lines: [Substring]) throws(StatementError) -> [Field] {
        var fields: [Field] = []
        var isOpen = false
        for (index, line) in lines.enumerated() {
            var text = line
            if text.hasPrefix("{"), let start = text.firstRange(of: "{4:") {
                text = text[start.upperBound...]
            }
            guard text.utf8.count <= StatementLimits.fieldBytesMax else {
                throw StatementError(
                    "mt940", line: index + 1, "the line is too long for MT940",
                    hint: "export the statement again as text, with its line ends")
            }
            if let (tag, value) = tagged(text) {
                fields.append(Field(tag: tag, value: [value], row: index + 1))
                isOpen = true
            } else if text == "-" || text.hasPrefix("-}") {
                isOpen = false
            } else if isOpen, !text.isEmpty, let last = fields.indices.last {
                guard fields[last].value.count < linesOfFieldMax else {
                    throw StatementError(
                        "mt940", line: index + 1, "a field has more than \(linesOfFieldMax) lines",
                        hint: "is the file whole? export it again")
                }
                fields[last].value.append(text)
            }
            guard fields.count <= StatementLimits.linesMax * 2 else {
                throw StatementError(
                    "mt940", line: index + 1, "more than \(StatementLimits.linesMax) lines",
                    hint: "export fewer days")
            }
        }
        return fields
    }

    /// Six in the standard; some banks write more.
    private static let linesOfFieldMax = 40

    /// `:61:` is two digits and perhaps a letter between colons.
    private static func tagged(_ text: Substring) -> (tag: String, value: Substring)? {
        guard text.first == ":", let end = text.dropFirst().prefix(4).firstIndex(of: ":") else {
            return nil
        }
        let tag = text[text.index(after: text.startIndex)..<end]
        let digits = tag.prefix(2)
        guard digits.utf8.count == 2, digits.utf8.allSatisfy(NumberText.isDigit),
            tag.count == 2 || tag.last?.isLetter == true
        else { return nil }
        return (String(tag), text[text.index(after: end)...])
    }

    // MARK: - One statement

    private mutating func statement() throws(StatementError) -> Statement {
        let start = fields.first?.row ?? 0
        var account: String?
        var opening: Money?
        var closing: Money?
        var lines: [StatementLine] = []
        var isFirst = true
        while let field = fields.first, isFirst || field.tag != "20" {
            isFirst = false
            fields = fields.dropFirst()
            switch field.tag {
            case "25", "25P":
                account = Self.account(field.value[0])
            case "60F", "60M": opening = try Self.balance(field)
            case "62F", "62M": closing = try Self.balance(field)
            case "61":
                guard let currency = opening?.currency else {
                    throw StatementError(
                        "mt940", line: field.row, "a movement stands before the opening balance",
                        hint: "the file lacks its :60F:; export it again")
                }
                var line = try Self.movement(field, currency, index: lines.count + 1)
                if let words = fields.first, words.tag == "86" {
                    fields = fields.dropFirst()
                    MT940Words(words.value).tell(&line)
                }
                lines.append(line)
            default: break
            }
        }
        guard let opening else {
            throw StatementError(
                "mt940", line: start, "the statement has no opening balance (:60F:)",
                hint: "is the file whole? export it again")
        }
        guard let closing else {
            throw StatementError(
                "mt940", line: start, "the statement has no closing balance (:62F:)",
                hint: "the file was cut off; export it again")
        }
        guard closing.currency == opening.currency else {
            throw StatementError(
                "mt940", line: start, "opening and closing balance have different currencies",
                hint: "ask the bank")
        }
        return Statement(
            format: .mt940, account: account, currency: opening.currency, opening: opening,
            closing: closing, lines: lines)
    }

    /// An IBAN, or the bank's own number: behind the bank's code, before a currency that may follow
    /// (`10020030/1234567EUR`).
    private static func account(_ text: some StringProtocol) -> String? {
        let last = String(text.split(separator: "/").last ?? "").filter { $0 != " " }
        if let iban = IBAN(last) { return iban.text }
        let end = last.lastIndex { !$0.isASCII || !$0.isLetter }
        return end.map { String(last[...$0]) }
    }

    /// Pages of one account that follow from each other are one statement.
    private static func joined(_ pages: [Statement]) -> [Statement] {
        var statements: [Statement] = []
        for page in pages {
            guard let last = statements.last, last.account == page.account,
                last.closing == page.opening, !last.lines.isEmpty, !page.lines.isEmpty
            else {
                statements.append(page)
                continue
            }
            var whole = last
            whole.closing = page.closing
            for line in page.lines {
                var line = line
                line.index = whole.lines.count + 1
                whole.lines.append(line)
            }
            statements[statements.count - 1] = whole
        }
        return statements
    }

    /// `C261122TRY1234,56`.
    private static func balance(_ field: Field) throws(StatementError) -> Money {
        let text = field.value[0]
        let signs = Array(text.utf8)
        guard signs.count > 10, signs[0] == UInt8(ascii: "C") || signs[0] == UInt8(ascii: "D"),
            signs[1..<7].allSatisfy(NumberText.isDigit),
            let currency = Currency(String(decoding: signs[7..<10], as: UTF8.self)),
            let units = NumberText.minorUnits(
                String(decoding: signs[10...], as: UTF8.self).filter { !$0.isWhitespace },
                style: .plain), units >= 0
        else {
            throw StatementError(
                "mt940", line: field.row, column: 1, "the balance (:\(field.tag):) cannot be read",
                hint: "it is written like C261122TRY1234,56")
        }
        return Money(
            minorUnits: signs[0] == UInt8(ascii: "D") ? -units : units, currency: currency)
    }

    // MARK: - One movement

    /// `YYMMDD[MMDD](C|D|RC|RD)[letter]amount,Nxxx reference[//bank reference]`.
    private static func movement(
        _ field: Field, _ currency: Currency, index: Int
    ) throws(StatementError) -> StatementLine {
        let signs = Array(field.value[0].utf8)
        var place = 0
        func refuse(_ what: String) -> StatementError {
            StatementError(
                "mt940", line: field.row, column: ":61:".count + place + 1, what,
                hint: "a movement is written like 2611221122C1250,00NTRFNONREF//8994")
        }
        func digits(_ count: Int) -> Int? {
            let run = signs[min(place, signs.count)...].prefix(count)
            guard run.count == count, run.allSatisfy(NumberText.isDigit) else { return nil }
            return run.reduce(0) { $0 * 10 + Int($1 - 48) }
        }
        guard let date = digits(6),
            let value = BankDay(
                year: 2000 + date / 10_000, month: date / 100 % 100, day: date % 100)
        else { throw refuse("the value date cannot be read") }
        place += 6
        var booked = value
        if let entry = digits(4) {
            guard let day = Self.day(entry, near: value, year: 2000 + date / 10_000) else {
                throw refuse("the entry date is no day")
            }
            booked = day
            place += 4
        }
        var mark = String(
            decoding: signs[min(place, signs.count)...].prefix(2), as: UTF8.self)
        if !["RC", "RD", "EC", "ED"].contains(mark) { mark = String(mark.prefix(1)) }
        guard ["C", "D", "RC", "RD", "EC", "ED"].contains(mark) else {
            throw refuse("neither C nor D says which way the money went")
        }
        place += mark.utf8.count
        // The third letter of the currency may follow.
        if place < signs.count, (65...90).contains(signs[place]) { place += 1 }
        let amount = signs[min(place, signs.count)...].prefix {
            NumberText.isDigit($0) || $0 == UInt8(ascii: ",")
        }
        guard amount.contains(UInt8(ascii: ",")),
            let units = NumberText.minorUnits(
                String(decoding: amount, as: UTF8.self), style: .plain)
        else { throw refuse("the amount cannot be read") }
        place += amount.count
        let comesIn = mark == "C" || mark == "EC" || mark == "RD"
        var line = StatementLine(
            index: index, row: field.row, booked: booked,
            amount: Money(minorUnits: comesIn ? units : -units, currency: currency))
        line.value = value
        line.isReversal = mark.hasPrefix("R")
        line.reference = reference(String(decoding: signs[place...].dropFirst(4), as: UTF8.self))
        return line
    }

    /// The bank's own number after `//`, else the customer's, unless it says that there is none.
    private static func reference(_ text: String) -> String? {
        let parts = text.firstRange(of: "//")
        let own = parts.map { text[..<$0.lowerBound] } ?? text[...]
        let banks = parts.map { text[$0.upperBound...] }
        return [banks, own].compactMap(\.self).lazy
            .compactMap { StatementText.filled($0) }
            .first { !["NONREF", "NOREF", "NONE", "0"].contains($0.uppercased()) }
    }

    /// An entry date has no year: it is the one nearest to the value date.
    private static func day(_ entry: Int, near value: BankDay, year: Int) -> BankDay? {
        (year - 1...year + 1).compactMap {
            BankDay(year: $0, month: entry / 100, day: entry % 100)
        }.min { abs($0.number - value.number) < abs($1.number - value.number) }
    }
}
