// SPDX-License-Identifier: Apache-2.0

internal import Agent
internal import ArgumentParser
internal import Domain
internal import FoundationEssentials
internal import Ledger

/// The options of a command that lists rows of the ledger.
struct ListOptions: ParsableArguments {
    @OptionGroup var config: ConfigurationOption

    @Flag(help: "One JSON object per line.")
    var json = false

    var language: Language { Language(environment: ProcessInfo.processInfo.environment) }

    func configuration() throws -> Configuration { try Configuration.load(config.path) }

    func ledger() throws -> LedgerDatabase {
        try LiveWorld(
            configuration: try configuration(),
            environment: ProcessInfo.processInfo.environment
        ).ledger()
    }

    /// Prints rows that come in pages, so that a list of any length needs little memory.
    ///
    /// - Parameters:
    ///   - page: the rows after the last one printed.
    ///   - object: a row as JSON.
    ///   - cells: a row as cells of a table under `headings`.
    func list<Row>(
        _ headings: [String], page: (LedgerTransaction, Row?, Int) throws -> [Row],
        object: (Row) -> JSONLine, cells: (Row) -> [String]
    ) throws {
        let ledger = try ledger()
        var table = Table(language.headings(headings))
        var last: Row?
        while true {
            let rows = try ledger.read { try page($0, last, Self.pageRows) }
            for row in rows {
                if json { Terminal.line(object(row).finished) } else { table.add(cells(row)) }
            }
            last = rows.last
            if rows.count < Self.pageRows { break }
        }
        if !json { Terminal.line(table.text) }
    }

    private static let pageRows = 500
}

extension JSONLine {
    mutating func put(_ key: String, _ date: Date?) {
        put(key, date.map { Timestamp.text($0) })
    }

    mutating func put(_ key: String, _ amount: Money) {
        put(key + "_minor", amount.minorUnits)
    }
}
