// SPDX-License-Identifier: Apache-2.0

internal import Domain
internal import FoundationEssentials

/// One `Stmt` of CAMT.053, while it is read.
///
/// Source: ISO 20022 camt.053.001.02 to .001.12; where versions differ (`Sts`, `Dbtr/Pty`) both are
/// looked for.
struct CAMTStatement {
    private let row: Int
    private var account: String?
    private var currency: Currency?
    private var opening: Money?
    private var closing: Money?
    private var lines: [StatementLine] = []
    private var pending = 0

    init(row: Int) { self.row = row }

    mutating func take(_ node: CAMTNode) throws(StatementError) {
        switch node.name {
        case "Acct":
            account =
                node.text("Id/IBAN").flatMap { IBAN($0)?.text } ?? node.text("Id/Othr/Id")
            currency = node.text("Ccy").flatMap { Currency($0) }
        case "Bal": try takeBalance(node)
        case "Ntry": try takeEntry(node)
        default: break
        }
    }

    func finished() throws(StatementError) -> Statement {
        guard let currency = opening?.currency ?? lines.first?.amount.currency ?? currency,
            lines.allSatisfy({ $0.amount.currency == currency })
        else {
            throw StatementError(
                "camt", line: row, "the statement has no currency, or several",
                hint: "ask the bank: an account has one")
        }
        return Statement(
            format: .camt, account: account, currency: currency, opening: opening,
            closing: closing, lines: lines, warnings: pending > 0 ? [.pending(pending)] : [])
    }

    /// `OPBD` or `PRCD` opens, `CLBD` closes; others (available, forward) are no booked balance.
    private mutating func takeBalance(_ node: CAMTNode) throws(StatementError) {
        guard let kind = node.text("Tp/CdOrPrtry/Cd"), ["OPBD", "PRCD", "CLBD"].contains(kind)
        else { return }
        let money = try amount(node)
        if kind == "CLBD" {
            closing = money
        } else {
            opening = opening ?? money
        }
    }

    private mutating func takeEntry(_ entry: CAMTNode) throws(StatementError) {
        let status = entry.text("Sts/Cd", "Sts") ?? "BOOK"
        guard status == "BOOK" else {
            pending += 1
            return
        }
        let whole = try amount(entry)
        let (booked, clock) = try day(entry, "BookgDt")
        var line = StatementLine(
            index: lines.count + 1, row: entry.row, booked: booked, amount: whole)
        line.clockSeconds = clock
        line.value = try? day(entry, "ValDt").day
        line.isReversal = ["true", "1"].contains(entry.text("RvslInd") ?? "")
        line.reference = entry.text("AcctSvcrRef").flatMap(Self.number)
        line.description = entry.text("AddtlNtryInf")
        let details = entry.all("NtryDtls").flatMap { $0.all("TxDtls") }
        for part in try parts(details, of: line) {
            lines.append(part)
            guard lines.count <= StatementLimits.linesMax else {
                throw StatementError(
                    "camt", line: entry.row, "more than \(StatementLimits.linesMax) lines",
                    hint: "export fewer days")
            }
        }
    }

    /// A batch is as many lines as it has transfers, if their amounts are told and add up.
    private func parts(
        _ details: [CAMTNode], of line: StatementLine
    ) throws(StatementError) -> [StatementLine] {
        guard details.count > 1 else {
            var line = line
            if let detail = details.first { tell(detail, &line) }
            return [line]
        }
        var parts: [StatementLine] = []
        var sum: Money? = Money(minorUnits: 0, currency: line.amount.currency)
        for detail in details {
            let node = ["Amt", "AmtDtls/TxAmt/Amt"].lazy.compactMap { detail.at($0) }.first
            guard let node, let money = Self.money(node),
                money.currency == line.amount.currency
            else { return [line] }
            let sign: Int64 = line.amount.minorUnits < 0 ? -1 : 1
            var part = line
            part.amount = Money(minorUnits: money.minorUnits * sign, currency: money.currency)
            part.index = lines.count + parts.count + 1
            part.row = detail.row
            part.reference = nil
            tell(detail, &part)
            sum = sum?.adding(part.amount)
            parts.append(part)
        }
        return sum == line.amount ? parts : [line]
    }

    private func tell(_ detail: CAMTNode, _ line: inout StatementLine) {
        let side = line.amount.minorUnits < 0 ? "Cdtr" : "Dbtr"
        line.counterparty = detail.text(
            "RltdPties/\(side)/Nm", "RltdPties/\(side)/Pty/Nm")
        line.counterpartyIBAN = detail.text("RltdPties/\(side)Acct/Id/IBAN")
            .flatMap { IBAN($0)?.text }
        let words = detail.at("RmtInf")?.all("Ustrd").map(\.text).joined(separator: " ")
        line.description =
            words.flatMap { StatementText.filled($0) }
            ?? detail.text("RmtInf/Strd/CdtrRefInf/Ref", "AddtlTxInf") ?? line.description
        let numbers = ["Refs/AcctSvcrRef", "Refs/TxId", "Refs/EndToEndId"]
        line.reference =
            numbers.lazy.compactMap { detail.text($0) }.compactMap(Self.number).first
            ?? line.reference
    }

    private static func number(_ text: String) -> String? {
        ["NOTPROVIDED", "NONREF"].contains(text.uppercased()) ? nil : text
    }

    private func amount(_ node: CAMTNode) throws(StatementError) -> Money {
        guard let money = node.at("Amt").flatMap(Self.money),
            let direction = node.text("CdtDbtInd"), ["CRDT", "DBIT"].contains(direction)
        else {
            throw StatementError(
                "camt", line: node.row, "an amount, its currency or its direction cannot be read",
                hint: "it is written like <Amt Ccy=\"TRY\">1250.00</Amt> with CRDT or DBIT")
        }
        return direction == "CRDT"
            ? money : Money(minorUnits: -money.minorUnits, currency: money.currency)
    }

    private static func money(_ node: CAMTNode) -> Money? {
        guard let currency = node.currency.flatMap({ Currency($0) }), !node.text.contains(","),
            let units = NumberText.minorUnits(
                node.text.filter { !$0.isWhitespace }, style: .plain, isStandard: true),
            units >= 0
        else { return nil }
        return Money(minorUnits: units, currency: currency)
    }

    private func day(
        _ entry: CAMTNode, _ name: String
    ) throws(StatementError) -> (day: BankDay, clockSeconds: Int?) {
        if let text = entry.text("\(name)/Dt"),
            let (day, _) = DayPattern("yyyy-MM-dd")?.read(String(text.prefix(10)))
        {
            return (day, nil)
        }
        guard let text = entry.text("\(name)/DtTm"), let date = Timestamp.date(text) else {
            throw StatementError(
                "camt", line: entry.row, "an entry has no day of booking (\(name))",
                hint: "ask the bank: CAMT.053 lists what is booked")
        }
        let day = BankDay(of: date)
        return (day, Int(date.timeIntervalSince(day.instant(0))))
    }
}
