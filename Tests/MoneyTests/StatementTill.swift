// SPDX-License-Identifier: Apache-2.0

import Domain
import FoundationEssentials
import Statements

@testable import Agent
@testable import Ledger

/// A line of a statement: whole lira, who, what, number.
struct Line {
    var minor: Int64 = 125_000
    var payer: String? = "ELIF KARACA"
    var words: String?
    var number: String?
    var day = 0
    var clock: Int?
    var isReversal = false
}

/// That of the statements.
let ownAccount = "TR330006100519786457841326"

extension Till {
    func statement(_ lines: [Line], _ format: Statement.Format = .mt940) -> Statement {
        var statement = Statement(
            format: format, account: ownAccount, currency: .turkishLira,
            lines: [])
        for line in lines {
            var made = StatementLine(
                index: statement.lines.count + 1, row: 1,
                booked: BankDay(of: noon + Double(line.day) * 86_400), amount: lira(line.minor))
            made.counterparty = line.payer
            made.description = line.words
            made.reference = line.number
            made.clockSeconds = line.clock
            made.isReversal = line.isReversal
            statement.lines.append(made)
        }
        return statement
    }

    @discardableResult
    func reconcile(
        _ lines: [Line], _ format: Statement.Format = .mt940, file: UInt8 = 1,
        applies: Bool = true, choices: [StatementChoice] = []
    ) throws -> Reconciliation {
        let desk = StatementDesk(pipeline: pipeline)
        let file = StatementDesk.File(
            [statement(lines, format)], sha256: [UInt8](repeating: file, count: 32),
            choices: choices)
        return applies
            ? try desk.apply(file, by: "ayla", now: now, in: ledger)
            : try ledger.read { try desk.compare(file, in: $0) }
    }

    var received: Int64 {
        get throws {
            try ledger.read { try $0.accounts(of: .everything) }
                .first { $0.account == "bank" }.map { -$0.amount.minorUnits } ?? 0
        }
    }
}

extension Reconciliation {
    var words: [String] {
        items.map {
            switch $0.finding {
            case .known, .repeated: "known"
            case .both: "both"
            case .uncertain: "uncertain"
            case .bankOnly: "bank"
            }
        }
    }
}
