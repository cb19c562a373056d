// SPDX-License-Identifier: Apache-2.0

/// A pattern with named groups that fills several fields at once.
struct Sentence: Sendable {
    let pattern: Pattern
    /// The same pattern with greedy and sparing repetitions exchanged. Where the two differ, the
    /// sentence can be read in two ways: somebody may have written a second one into the first.
    let exchanged: Pattern
    /// What each group fills.
    let groups: [Group?]

    /// The names that groups may have.
    enum Group: Hashable, Sendable {
        case field(Field)
        /// The currency that belongs to `amount`.
        case currency
        /// Day and hour of `occurred_at`, when they stand apart.
        case date, time
        /// What became of a row.
        case status

        init?(_ name: String) {
            switch name {
            case "currency": self = .currency
            case "date": self = .date
            case "time": self = .time
            case "status": self = .status
            default:
                guard let field = Field(rawValue: name) else { return nil }
                self = .field(field)
            }
        }

        static let names = Field.allCases.map(\.rawValue) + ["currency", "date", "time", "status"]

        var field: Field? {
            switch self {
            case .field(let field): field
            case .currency: .amount
            case .date, .time: .occurredAt
            case .status: nil
            }
        }
    }

    var fields: Set<Field> { Set(groups.compactMap { $0?.field }) }
}

/// A table with a movement per row.
struct TableRule: Sendable {
    enum Column: Sendable {
        /// From 0.
        case number(Int)
        /// One of these stands over it; folded.
        case heading([[UInt8]])
    }

    /// How many cells a row may have; columns are counted in it.
    static let cells = 1...40

    /// What became of a movement.
    enum Status: String, CaseIterable, Sendable {
        case cameIn = "in"
        case wentOut = "out"
        case reversed
        case nothing

        var meaning: String {
            switch self {
            case .cameIn: "Money came in."
            case .wentOut: "Money went out."
            case .reversed: "A movement was taken back."
            case .nothing: "Nothing moved: refused, waiting."
            }
        }
    }

    var columns: [Field: Column]
    /// The cells of a row, where no heading says how many there are.
    var cells: Int?
    var amountOut: Column?
    var statusColumn: Column?
    /// Of the hour, where the day stands in another column or over the table.
    var timeColumn: Column?
    /// Instead of columns: patterns of one line.
    var sentences: [Sentence]
    var isSigned: Bool
    /// Folded words and what they say.
    var statuses: [String: Status]
    var skip: [TextTest]
    var end: [TextTest]

    var fields: Set<Field> {
        let own = timeColumn == nil ? Set(columns.keys) : Set(columns.keys).union([.occurredAt])
        return sentences.reduce(into: own) { $0.formUnion($1.fields) }
    }

    /// Some column is found by its heading, so the table has a heading row.
    var hasHeading: Bool {
        allColumns.contains {
            if case .heading = $0 { return true }
            return false
        }
    }

    /// The last of the columns that have a number, from 1; zero without any.
    var lastNumber: Int {
        allColumns.reduce(0) {
            if case .number(let number) = $1 { max($0, number + 1) } else { $0 }
        }
    }

    private var allColumns: [Column] {
        Array(columns.values) + [amountOut, statusColumn, timeColumn].compactMap(\.self)
    }
}
